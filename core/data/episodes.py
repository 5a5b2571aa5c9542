"""Few-shot tasks: N classes, K support and Q query pictures of each, drawn from a pool."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from core.data.images import to_unit
from core.errors import GlimpseError

N_ROTATIONS = 4  # of a training character, each a class


@dataclass(frozen=True)
class Episodes:
    """T tasks, N-way K-shot with Q queries a class; rows are sorted by class.

    Pictures are float32 (T, N*K, 1, 28, 28) and (T, N*Q, 1, 28, 28) in [0, 1]; labels are int64
    (T, N*K) and (T, N*Q) in 0..N-1, numbered anew in each task. Sinusoids have float32 x and y,
    (T, K, 1) and (T, Q, 1).
    """

    support_x: Tensor
    support_y: Tensor
    query_x: Tensor
    query_y: Tensor

    @property
    def n_way(self) -> int:
        """Classes in a task; 1 for a regression, which has none."""
        return 1 if self.support_y.is_floating_point() else int(self.support_y.max()) + 1

    def part(self, tasks: slice) -> "Episodes":
        """Some of the tasks."""
        return Episodes(
            self.support_x[tasks], self.support_y[tasks], self.query_x[tasks], self.query_y[tasks]
        )


def sample_episodes(
    pool: Tensor, n_tasks: int, n_way: int, k_shot: int, n_query: int,
    generator: torch.Generator, same_drawers: bool = False,
) -> Episodes:  # fmt: skip
    """Draws tasks from a pool uint8 (C, M, 28, 28) of C classes with M pictures each.

    Within a task the classes are distinct, and no picture is both support and query. The generator
    is on the CPU, so that it draws the same tasks whatever device the pool is on. With
    `same_drawers` all classes of a task have the pictures of the same numbers, as where picture m
    of every class is by person m. Raises GlimpseError where the pool has too few classes or
    pictures.
    """
    n_classes, n_images = pool.shape[:2]
    n_drawn = k_shot + n_query
    if n_way > n_classes:
        raise GlimpseError(
            f"A task of {n_way} classes needs {n_way}, and this pool has {n_classes}: "
            "choose a smaller n_way."
        )
    if n_drawn > n_images:
        raise GlimpseError(
            f"{k_shot} support and {n_query} query pictures of a class make {n_drawn}, and there "
            f"are {n_images} of each: choose a smaller k_shot or n_query."
        )
    classes = _choose(n_way, n_classes, (n_tasks,), generator)  # (T, N)
    choices = 1 if same_drawers else n_way
    images = _choose(n_drawn, n_images, (n_tasks, choices), generator)  # (T, N or 1, K + Q)
    drawn = pool[classes[:, :, None].to(pool.device), images.to(pool.device)]
    pixels = to_unit(drawn)  # (T, N, K + Q, 1, 28, 28)
    return Episodes(
        support_x=pixels[:, :, :k_shot].flatten(1, 2),
        support_y=_labels(n_tasks, n_way, k_shot, pool.device),
        query_x=pixels[:, :, k_shot:].flatten(1, 2),
        query_y=_labels(n_tasks, n_way, n_query, pool.device),
    )


def redrawn(tasks: Episodes, draw: Callable[[Tensor], Tensor]) -> Episodes:
    """The same tasks with every picture, support and query, changed by `draw`: (B, 1, 28, 28)."""
    pictures = torch.cat([tasks.support_x, tasks.query_x], 1)  # (T, B, 1, 28, 28)
    changed = draw(pictures.flatten(0, 1)).view_as(pictures)
    known = tasks.support_x.shape[1]
    return replace(tasks, support_x=changed[:, :known], query_x=changed[:, known:])


def with_rotations(pool: Tensor) -> Tensor:
    """Each class rotated by 0, 90, 180 and 270 degrees as four classes: (C, ...) to (4 * C, ...).

    Santoro et al., "Meta-Learning with Memory-Augmented Neural Networks" (2016). The
    rotations of class c are the classes c, C + c, 2C + c and 3C + c. Split the classes before
    rotating them: else one class is in several splits.
    """
    return torch.cat([torch.rot90(pool, turns, dims=(-2, -1)) for turns in range(N_ROTATIONS)])


def _choose(k: int, n: int, batch: tuple[int, ...], generator: torch.Generator) -> Tensor:
    """k distinct numbers below n for each item of a batch, all ordered choices equally likely."""
    return torch.rand(*batch, n, generator=generator).topk(k).indices


def _labels(n_tasks: int, n_way: int, repeats: int, device: torch.device) -> Tensor:
    return torch.arange(n_way, device=device).repeat_interleave(repeats).expand(n_tasks, -1)
