"""What the server does once, behind the first page: import torch, keep a worker waiting."""

import gc
import threading

from core.registry import METHODS, load_method
from core.training import launcher

_begun = threading.Lock()


def begin() -> None:
    """Starts the warm-up in a thread, the first time it is called in this server."""
    if _begun.acquire(blocking=False):
        threading.Thread(target=_warm_up, name="warm-up", daemon=True).start()


def _warm_up() -> None:
    import torch

    # What a page computes is small: more threads than one gain nothing, and where other processes
    # want the cores too they wait for each other, ten times as long as the work takes.
    torch.set_num_threads(1)
    for name in METHODS:
        load_method(name)
    # What is imported stays: the collector need not look at it again.
    gc.freeze()
    launcher.keep_warm()  # last, since it imports the same once more and there may be two cores
