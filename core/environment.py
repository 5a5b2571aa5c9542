"""What Glimpse needs of the machine: the system, its cores, and the variables that set folders and
numbers. All of it is checked once, at the start."""

import os
import stat
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from core.errors import GlimpseError

FOLDERS = {
    "GLIMPSE_DATA": "the datasets",
    "GLIMPSE_RUNS": "the runs",
}
NUMBERS = {  # the least of each; torchrun sets those without a prefix
    "GLIMPSE_SLOTS": 1,
    "GLIMPSE_THREADS": 1,
    "RANK": 0,
    "WORLD_SIZE": 1,
    "LOCAL_RANK": 0,
    "LOCAL_WORLD_SIZE": 1,
}
MOST = 1000


def check() -> None:
    """Raises GlimpseError where Glimpse cannot run here, or a variable cannot be used."""
    if find_spec("fcntl") is None:
        raise GlimpseError("Glimpse runs on Linux and macOS: on Windows, start it within WSL.")
    for name in FOLDERS:
        if os.environ.get(name):
            _check_folder(name, folder(name, Path.cwd))
    for name in NUMBERS:
        number(name)


def number(name: str) -> int | None:
    """A variable of `NUMBERS`; None where it is not set.

    Raises GlimpseError where it is not a whole number from its least to `MOST`.
    """
    text = os.environ.get(name, "").strip()
    if not text:
        return None
    least = NUMBERS[name]
    is_short = text.isdecimal() and len(text) <= len(str(MOST))
    if not is_short or not least <= int(text) <= MOST:
        raise GlimpseError(
            f"{name} is {text[:40]!r}: set it to a whole number from {least} to {MOST:,}, "
            "or unset it."
        )
    return int(text)


def folder(name: str, otherwise: Callable[[], Path]) -> Path:
    """A variable of `FOLDERS` as an absolute path, which need not exist; else what `otherwise` is.

    Raises GlimpseError where it names no possible path.
    """
    text = os.environ.get(name)
    try:
        return (Path(text) if text else otherwise()).expanduser().resolve()
    except (OSError, RuntimeError, ValueError) as error:  # an unknown ~user, a loop of links
        raise _refusal(name, text or "not set", str(error)) from error


def cores() -> int:
    """The processor cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):  # not on macOS
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _check_folder(name: str, path: Path) -> None:
    try:
        is_folder = stat.S_ISDIR(path.stat().st_mode)
    except FileNotFoundError:  # it is made when something is first written to it
        return
    except OSError as error:
        raise _refusal(name, str(path), error.strerror or str(error)) from error
    if not is_folder:
        raise _refusal(name, str(path), "not a folder")
    if not os.access(path, os.R_OK | os.X_OK):
        raise _refusal(name, str(path), "it may not be read")


def _refusal(name: str, value: str, reason: str) -> GlimpseError:
    short = value if len(value) <= 200 else f"{value[:200]}..."
    return GlimpseError(
        f"{name} is {short}, which cannot be used ({reason}): set it to a folder for "
        f"{FOLDERS[name]}, or unset it."
    )
