"""Several processes that train one run together: ranks, started and numbered by torchrun.

    torchrun --nproc-per-node 2 -m core train maml

Every rank holds the whole model and takes its share of a step's tasks or pictures; an all-reduce
per step gives every rank the gradient over all of them. Only the first rank writes the run folder.
With a single process nothing here has any effect, and torch.distributed is not imported.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from importlib import import_module
from typing import TYPE_CHECKING, TypeVar

from core.environment import number
from core.errors import GlimpseError

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Parameter

    from core.config import RunConfig  # a run that waits for a slot imports no more than it needs

VARIABLES = {"RANK", "WORLD_SIZE", "LOCAL_RANK", "LOCAL_WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT"}
PATIENCE = timedelta(days=30)  # the first rank may wait for hours to start, and evaluates alone
T = TypeVar("T")


def rank() -> int:
    """The number of this process, from 0."""
    return number("RANK") or 0


def world_size() -> int:
    """How many processes train this run, on all machines."""
    return number("WORLD_SIZE") or 1


def local_rank() -> int:
    """The number of this process among those on this machine, from 0: its GPU."""
    return number("LOCAL_RANK") or 0


def local_world_size() -> int:
    """How many of the processes are on this machine and share its cores."""
    return number("LOCAL_WORLD_SIZE") or 1


def is_first() -> bool:
    """Whether this is the process that decides, prints and writes to disk."""
    return rank() == 0


def check(config: "RunConfig") -> None:
    """Raises GlimpseError where this number of processes cannot share the steps of a config."""
    _check_variables()
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


def _check_variables() -> None:
    """Raises GlimpseError where several processes are asked for, but torchrun has started none."""
    missing = sorted(VARIABLES - set(os.environ))
    if world_size() > 1 and missing:
        raise GlimpseError(
            f"WORLD_SIZE is {world_size()}, but {missing[0]} is not set: start several processes "
            "with torchrun, which sets both, or unset WORLD_SIZE."
        )


@contextmanager
def together() -> Iterator[None]:
    """The process group of all ranks while the block runs: gloo, and NCCL between GPUs.

    Raises GlimpseError where the processes cannot find each other.
    """
    if world_size() == 1:
        yield
        return
    _check_variables()
    import torch
    from torch import distributed

    # Its functions have the group that exists at import as their default argument. Imported after
    # init_process_group (the first optimiser does so), they would keep the group and its threads
    # alive until the interpreter ends, which those threads may abort. So import it before.
    import_module("torch.distributed.nn.functional")
    backend = "cpu:gloo,cuda:nccl" if torch.cuda.is_available() else "gloo"
    try:
        distributed.init_process_group(backend, timeout=PATIENCE)
    except (RuntimeError, ValueError) as error:  # no such address, or another program's port
        reason = (str(error).splitlines() or ["no reason given"])[0][:200]
        raise GlimpseError(
            f"The processes of this run cannot reach each other ({reason}): start them with "
            "torchrun."
        ) from error
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
    with _lost_rank_error():
        distributed.broadcast_object_list(box, src=0)
    return box[0]


def share(n: int) -> slice:
    """The part of n tasks or pictures that this rank takes; parts differ by one at most."""
    return slice(n * rank() // world_size(), n * (rank() + 1) // world_size())


def average(
    parameters: Iterable["Parameter"], scalars: dict[str, float], n: int
) -> dict[str, float]:
    """Averages gradients and scalars over all n tasks, given their means over this rank's `share`.

    The gradients change in place, and the scalars are returned. Each rank is weighted by its share,
    so the shares need not be equal; n is at least the number of ranks.
    """
    if world_size() == 1:
        return scalars
    gradients = [weight.grad for weight in parameters if weight.grad is not None]
    values = gradients[0].new_tensor(list(scalars.values()))
    own = share(n)
    for part in (*gradients, values):
        part *= (own.stop - own.start) / n
    all_reduce([*gradients, values])
    return dict(zip(scalars, values.tolist(), strict=True))


def all_reduce(parts: "Iterable[Tensor]") -> None:
    """Replaces tensors in place by their sums over all ranks, in a single message."""
    if world_size() == 1:
        return
    import torch
    from torch import distributed

    parts = list(parts)
    message = torch.cat([part.flatten() for part in parts])
    with _lost_rank_error():
        distributed.all_reduce(message)
    sums = torch.split(message, [part.numel() for part in parts])
    for part, total in zip(parts, sums, strict=True):
        part.copy_(total.view_as(part))


def all_gather(rows: "Tensor", n: int) -> "Tensor":
    """All n rows (n, D), gathered from every rank's `share`; differentiable in the rank's own rows.

    torch's all_gather has no gradient and needs the same number of rows from every rank. Where each
    rank computes the same loss from the result, the gradients of the weights have to be summed over
    the ranks.
    """
    if world_size() == 1:
        return rows
    from torch.nn import functional

    part = share(n)
    own = functional.pad(rows, (0, 0, part.start, n - part.stop))  # zero outside this rank's part
    gathered = own.detach().clone()
    all_reduce([gathered])
    return own + (gathered - own.detach())


@contextmanager
def _lost_rank_error() -> Iterator[None]:
    """Turns torch's error about a process that has ended into a GlimpseError."""
    try:
        yield
    except RuntimeError as error:
        raise GlimpseError(
            "Another process of this run has ended, so it cannot go on: "
            "see in the terminal why, then resume from the last checkpoint."
        ) from error
