"""A really started `streamlit run`, for the tests and benchmarks that open it in a browser."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.paths import PROJECT

OUTPUT = PROJECT / "test-output"


@dataclass
class Server:
    """A running `streamlit run`."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        return self.process.pid

    def stop(self) -> None:
        """Ends the server as Ctrl+C in its terminal would."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """Ends the server as a power cut would: it gets no say."""
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start_server(
    app: Path,
    env: Mapping[str, str] | None = None,
    port: int = 0,
    patience: float = 60,
    streamlit: Sequence[str] = ("-m", "streamlit"),
    address: str = "127.0.0.1",
) -> Server:
    """Starts `streamlit run app` from the project's folder and waits until it is healthy.

    `env` is added to this process's environment; port 0 takes a free one; `streamlit` says to
    python how to run it; `address` is what it listens on. Raises RuntimeError with the end of the
    server's log where it dies or is not healthy after `patience` seconds.
    """
    port = port or _free_port()
    OUTPUT.mkdir(exist_ok=True)
    log = OUTPUT / f"server-{port}.log"
    command = [sys.executable, *streamlit, "run", str(app), "--server.headless=true"]
    command += [f"--server.address={address}", f"--server.port={port}"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=PROJECT,
            env={**os.environ, "PYTHONPATH": str(PROJECT), **(env or {})},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    server = Server(process, port, log)
    deadline = time.monotonic() + patience
    while not _is_healthy(port):
        if process.poll() is not None or time.monotonic() > deadline:
            server.kill()
            raise RuntimeError(f"The server did not start:\n{log.read_text()[-4000:]}")
        time.sleep(0.1)
    return server


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _is_healthy(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/_stcore/health")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
