"""What the server does once, in the background: import torch, and keep a worker ready."""

import gc
import threading

from core.registry import METHODS, load_method
from core.training import launcher

_begun = threading.Lock()


def begin() -> None:
    """Starts the warm-up in a thread, the first time it is called in this server."""
    if _begun.acquire(blocking=False):
        threading.Thread(target=_warm_up, name="warm-up", daemon=True).start()


def has_begun() -> bool:
    """Whether a server runs, which may compute in the background; a test has none."""
    return _begun.locked()


def _warm_up() -> None:
    import torch

    # A page computes little: more threads gain nothing, and while other processes use the cores
    # they wait for each other, which takes ten times as long as the work itself.
    torch.set_num_threads(1)
    for name in METHODS:
        load_method(name)
    # Imported modules stay in memory, so the garbage collector need not look at them again.
    gc.freeze()
    launcher.keep_warm()  # last, since it imports the same again, and there may be only two cores
