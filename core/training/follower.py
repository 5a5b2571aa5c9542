"""What every process but the first does under torchrun: its share of each step, and no more.

The first process trains as it would alone (`core.training.loop`). It tells the others what to train
and from which state, and after each step whether to end. They write nothing to disk.
"""

import signal
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from core import distributed
from core.config import parse_config
from core.methods.base import Method
from core.registry import load_method
from core.training.run_folder import RunFolder
from core.training.slots import threads_per_worker


@dataclass(frozen=True)
class Orders:
    """What the first process trains: a method by its name and settings, and its state at `step`."""

    method: str
    config: dict[str, Any]
    step: int
    state: dict[str, Tensor]


def lead(run: RunFolder, method: Method[Any], step: int) -> None:
    """Tells the other processes, if there are any, what to train and from which state."""
    if distributed.world_size() > 1:
        state = {name: tensor.cpu() for name, tensor in method.state().items()}
        distributed.broadcast(Orders(run.method, run.config, step, state))


def follow() -> None:
    """Trains along until the run ends. Raises GlimpseError where another process has ended."""
    torch.set_num_threads(threads_per_worker())
    with distributed.together():
        for number in (signal.SIGINT, signal.SIGTERM):  # all get them, and the first ends them all
            signal.signal(number, signal.SIG_IGN)
        orders: Orders | None = distributed.broadcast(None)
        if orders is not None:
            _train_along(orders)


def _train_along(orders: Orders) -> None:
    kind = load_method(orders.method)
    config = parse_config(kind.Config, orders.config)
    method = kind(config)
    method.load_state(orders.state)
    for step in range(orders.step + 1, config.steps + 1):
        method.step(step)
        if distributed.broadcast(None) is not None:
            return
