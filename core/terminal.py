"""How a command ends: Ctrl-C, and a reader that closes the pipe, are no errors of ours."""

import errno
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from io import TextIOWrapper
from types import FrameType
from typing import NoReturn

INTERRUPTED = 128 + 2  # as shells say it: ended by signal 2, which Ctrl-C sends
DISK_FULL = (errno.ENOSPC, errno.EDQUOT)
READER_GONE = 128 + 13  # by signal 13, which a closed pipe sends


def run(command: Callable[[], int]) -> int:
    """Runs a command and returns its exit status.

    After Ctrl-C, also in the middle of an import, the process ends without a trace. So it does
    where nobody reads its output any more, as after `| head`, and where a full disk takes none.
    """
    interrupts = _note_interrupts()
    for stream in _streams():
        stream.reconfigure(errors="replace")  # a terminal may not know every letter
    try:
        try:
            return command()
        finally:
            _flush()
    except BrokenPipeError:
        _end(READER_GONE)
    except OSError as error:
        if error.errno not in DISK_FULL:
            raise
        print(f"{error.strerror}: free some space, then try again.", file=sys.stderr)
        _end(1)
    except BaseException:  # an import that is interrupted may raise anything
        if not interrupts:
            raise
        _end(INTERRUPTED)


def _note_interrupts() -> list[int]:
    """A list to which a Ctrl-C adds, before it raises KeyboardInterrupt as ever."""
    interrupts: list[int] = []

    def interrupt(number: int, _frame: FrameType | None) -> None:
        interrupts.append(number)
        sys.unraisablehook = lambda _: None  # for what is torn down on the way out
        raise KeyboardInterrupt

    if signal.getsignal(signal.SIGINT) != signal.SIG_IGN:  # as for a job in the background
        signal.signal(signal.SIGINT, interrupt)
    return interrupts


def _end(status: int) -> NoReturn:
    """Ends at once, since the interpreter may print traces on its way out too."""
    with suppress(OSError, ValueError):
        _flush()
    os._exit(status)


def _flush() -> None:
    for stream in _streams():
        stream.flush()


def _streams() -> list[TextIOWrapper]:
    """Standard output and error, as far as they are open."""
    return [each for each in (sys.stdout, sys.stderr) if isinstance(each, TextIOWrapper)]
