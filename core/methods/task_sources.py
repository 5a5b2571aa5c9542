"""Where MAML's tasks come from: drawn characters, generated strokes, or sinusoids."""

from collections.abc import Callable
from functools import lru_cache
from typing import Literal

import torch
from torch import Tensor

from core.data.episodes import Episodes, sample_episodes, with_rotations
from core.data.omniglot import Split, characters, load_omniglot
from core.data.sinusoids import INPUT, sample_sinusoids, sinusoid
from core.data.strokes import render_strokes, stroke_classes

Source = Literal["strokes", "omniglot", "sinusoids"]
Draw = Callable[[Split, int, torch.Generator], Episodes]  # a split, how many tasks, randomness

INSTANCES = 20  # drawings of a character, as Omniglot has them
CURVE_POINTS = 101
STROKE_CLASSES = {"train": 100_000, "validation": 100, "test": 423}  # held out: as in Omniglot


def task_source(
    source: Source, n_way: int, k_shot: int, n_query: int, rotations: bool, device: torch.device
) -> Draw:
    """The function that draws tasks of this kind.

    `rotations` makes four classes of each of Omniglot's training characters. A sinusoid task has
    k_shot support points and n_query query points, whatever n_way. Raises GlimpseError where
    Omniglot is missing or a task cannot be made.
    """

    def draw_pictures(split: Split, n_tasks: int, generator: torch.Generator) -> Episodes:
        if source == "strokes" and split == "train":
            pool = _fresh_strokes(n_tasks * n_way, k_shot + n_query, generator, device)
        else:
            pool = _held_pool(source, split, rotations and split == "train", device)
        return sample_episodes(pool, n_tasks, n_way, k_shot, n_query, generator)

    def draw_sinusoids(_split: Split, n_tasks: int, generator: torch.Generator) -> Episodes:
        tasks = sample_sinusoids(n_tasks, k_shot + n_query, generator)
        x, y = tasks.x.to(device), tasks.y.to(device)
        return Episodes(x[:, :k_shot], y[:, :k_shot], x[:, k_shot:], y[:, k_shot:])

    return draw_sinusoids if source == "sinusoids" else draw_pictures


def curve_task(k_shot: int, generator: torch.Generator, device: torch.device) -> Episodes:
    """One sinusoid with k_shot support points; the queries are evenly spaced over the range."""
    task = sample_sinusoids(1, k_shot, generator)
    x = torch.linspace(*INPUT, CURVE_POINTS)[None, :, None]
    y = sinusoid(task.amplitude, task.phase, x)
    return Episodes(task.x.to(device), task.y.to(device), x.to(device), y.to(device))


def _fresh_strokes(
    n_classes: int, n_images: int, generator: torch.Generator, device: torch.device
) -> Tensor:
    """Pictures uint8 (C, M, 28, 28) of training classes that are drawn anew for every step."""
    seeds = stroke_classes("train", STROKE_CLASSES["train"])
    chosen = torch.randint(len(seeds), (n_classes,), generator=generator)
    instances = torch.randint(2**31, (n_images,), generator=generator)
    return render_strokes(seeds[chosen], instances).to(device)


@lru_cache(maxsize=4)
def _held_pool(source: Source, split: Split, rotations: bool, device: torch.device) -> Tensor:
    """Pictures uint8 (C, 20, 28, 28) of a split, kept in memory: treat them as read-only."""
    if source == "strokes":
        pool = render_strokes(stroke_classes(split, STROKE_CLASSES[split]), torch.arange(INSTANCES))
    else:
        pool = load_omniglot().images[characters(split, "random")]
    return (with_rotations(pool) if rotations else pool).to(device)
