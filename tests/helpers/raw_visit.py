"""A visit to a really started server without a browser: Streamlit's own messages, byte for byte."""

import http.client
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from tests.helpers.server import Server

AGAIN = ForwardMsg.FINISHED_EARLY_FOR_RERUN
PATIENCE_S = 120.0
LARGEST_MESSAGE = 64 * 2**20


class RawVisit:
    """An open session of a server."""

    def __init__(self, server: Server, connection: ClientConnection) -> None:
        self._server = server
        self._connection = connection
        self.session = ""

    def run(self, path: str = "", query: str = "") -> str:
        """Runs a page, and returns all texts of its messages once it is finished."""
        message = BackMsg()
        message.rerun_script.query_string = query
        message.rerun_script.page_name = path
        self._connection.send(message.SerializeToString())
        texts = []
        while True:
            answer = ForwardMsg()
            answer.ParseFromString(self._connection.recv(timeout=PATIENCE_S, decode=False))
            kind = answer.WhichOneof("type")
            if kind == "new_session":
                self.session = answer.new_session.initialize.session_id
            elif kind == "delta":
                texts.append(str(answer.delta))
            elif kind == "script_finished" and answer.script_finished != AGAIN:
                return "\n".join(texts)

    def upload(self, content: bytes, name: str = "a.zip") -> int:
        """Sends a file to the server's endpoint as a widget does; returns the HTTP status."""
        connection = http.client.HTTPConnection("127.0.0.1", self._server.port, timeout=PATIENCE_S)
        try:
            connection.request("GET", "/_stcore/health")
            answer = connection.getresponse()
            answer.read()
            cookie = str(answer.getheader("set-cookie")).split(";")[0]
            border = uuid.uuid4().hex
            head = (
                f'--{border}\r\nContent-Disposition: form-data; name="f"; filename="{name}"\r\n\r\n'
            )
            connection.request(
                "PUT", f"/_stcore/upload_file/{self.session}/{uuid.uuid4()}",
                body=head.encode() + content + f"\r\n--{border}--\r\n".encode(),
                headers={
                    "Content-Type": f"multipart/form-data; boundary={border}",
                    "Cookie": cookie,
                    "X-Xsrftoken": cookie.partition("=")[2],
                },
            )  # fmt: skip
            return connection.getresponse().status
        finally:
            connection.close()


@contextmanager
def raw_visit(server: Server, origin: str | None = None) -> Iterator[RawVisit]:
    """Connects to a server, as a page of `origin` would.

    Raises websockets.InvalidStatus where the server refuses.
    """
    address = f"ws://127.0.0.1:{server.port}/_stcore/stream"
    with connect(address, additional_headers={"Origin": origin} if origin else None,
                 max_size=LARGEST_MESSAGE) as connection:  # fmt: skip
        yield RawVisit(server, connection)
