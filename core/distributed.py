"""Several processes that train one run together: ranks, as torchrun starts and numbers them.

    torchrun --nproc-per-node 2 -m core train maml

Every rank holds the whole model and takes its share of a step's tasks or pictures; one message a
step gives all of them the gradient of all. The first alone writes the run's folder. Where there is
one process, nothing here does anything, and torch.distributed is not imported.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from importlib import import_module
from typing import TYPE_CHECKING, TypeVar

from core.config import RunConfig
from core.errors import GlimpseError

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Parameter

PATIENCE = timedelta(days=30)  # the first rank may wait in line for hours, and evaluates alone
T = TypeVar("T")


def rank() -> int:
    """The number of this process, from 0."""
    return int(os.environ.get("RANK", 0))


def world_size() -> int:
    """How many processes train this run, on all machines."""
    return int(os.environ.get("WORLD_SIZE", 1))


def local_rank() -> int:
    """The number of this process among those on this machine, from 0: its GPU."""
    return int(os.environ.get("LOCAL_RANK", 0))


def local_world_size() -> int:
    """How many of the processes are on this machine, and share its cores."""
    return int(os.environ.get("LOCAL_WORLD_SIZE", 1))


def is_first() -> bool:
    """Whether this is the process that decides, writes and speaks."""
    return rank() == 0


def check(config: RunConfig) -> None:
    """Raises GlimpseError where so many processes cannot share the steps of this config."""
    n_tasks = config.shardable_items
    if world_size() == 1 or n_tasks >= world_size():
        return
    if n_tasks == 0:
        raise GlimpseError(
            "Several processes cannot share the steps of this method: start it without torchrun."
        )
    raise GlimpseError(
        f"{world_size()} processes cannot share the {n_tasks} task(s) of a step: "
        "start fewer, or raise the (meta-)batch."
    )


@contextmanager
def together() -> Iterator[None]:
    """The group of all ranks, for as long as the block lasts: gloo, and NCCL between GPUs."""
    if world_size() == 1:
        yield
        return
    import torch
    from torch import distributed

    # Its functions take the group there is when it is imported as their default, and so keep it and
    # its threads past its end, until the interpreter's, which they may abort. The first optimiser
    # imports it: too late.
    import_module("torch.distributed.nn.functional")
    backend = "cpu:gloo,cuda:nccl" if torch.cuda.is_available() else "gloo"
    distributed.init_process_group(backend, timeout=PATIENCE)
    try:
        yield
    finally:
        distributed.destroy_process_group()


def broadcast(value: T) -> T:
    """The first rank's value, on every rank; the others wait for it."""
    if world_size() == 1:
        return value
    from torch import distributed

    box = [value]
    with _a_lost_rank_is_one_sentence():
        distributed.broadcast_object_list(box, src=0)
    return box[0]


def share(n: int) -> slice:
    """Which of n tasks or pictures this rank takes: as many as the others, or one more."""
    return slice(n * rank() // world_size(), n * (rank() + 1) // world_size())


def average(
    parameters: Iterable["Parameter"], scalars: dict[str, float], n: int
) -> dict[str, float]:
    """Makes gradients and scalars, means over this rank's `share` of n tasks, those over all n.

    The gradients change in place, and the scalars are returned. Each rank counts by its share, so
    that the shares need not be equal; n is at least the number of ranks.
    """
    if world_size() == 1:
        return scalars
    gradients = [weight.grad for weight in parameters if weight.grad is not None]
    told = gradients[0].new_tensor(list(scalars.values()))
    mine = share(n)
    for part in (*gradients, told):
        part *= (mine.stop - mine.start) / n
    all_reduce([*gradients, told])
    return dict(zip(scalars, told.tolist(), strict=True))


def all_reduce(parts: "Iterable[Tensor]") -> None:
    """Makes tensors in place their sums over all ranks, by one message."""
    if world_size() == 1:
        return
    import torch
    from torch import distributed

    parts = list(parts)
    message = torch.cat([part.flatten() for part in parts])
    with _a_lost_rank_is_one_sentence():
        distributed.all_reduce(message)
    sums = torch.split(message, [part.numel() for part in parts])
    for part, total in zip(parts, sums, strict=True):
        part.copy_(total.view_as(part))


def all_gather(rows: "Tensor", n: int) -> "Tensor":
    """All n rows (n, D), of which each rank gives its `share`, and gets the gradient by its own.

    torch's all_gather passes no gradient on, and wants as many rows of each rank. Of a loss that
    every rank finds from them, the gradients of all ranks' weights have to be added up.
    """
    if world_size() == 1:
        return rows
    from torch.nn import functional

    mine = share(n)
    own = functional.pad(rows, (0, 0, mine.start, n - mine.stop))
    everyones = own.detach().clone()
    all_reduce([everyones])
    return own + (everyones - own.detach())


@contextmanager
def _a_lost_rank_is_one_sentence() -> Iterator[None]:
    try:
        yield
    except RuntimeError as error:
        raise GlimpseError(
            "Another process of this run has ended, and without it there is no going on: "
            "see in the terminal why, then resume from the last checkpoint."
        ) from error
