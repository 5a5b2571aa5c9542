"""The characters of a stream, and in which order their examples arrive."""

from typing import Literal

import torch
from torch import Tensor

from core.data.digits import load_digits
from core.data.omniglot import characters, load_omniglot
from core.data.strokes import render_strokes, stroke_classes
from core.methods.lifelong.snapshot import ASKED
from core.seeding import generator

StreamSource = Literal["omniglot", "strokes", "digits"]
DRAWINGS = 20  # of each class: as many as Omniglot has
MOST_SHOTS = DRAWINGS - ASKED  # nothing is learnt from the last five
MOST_CLASSES: dict[StreamSource, int] = {"omniglot": 659, "strokes": 1000, "digits": 10}


def stream_pictures(source: StreamSource, n_classes: int, seed: int) -> Tensor:
    """Pictures uint8 (n_classes, 20, 28, 28), ink = 255, of classes in a random order.

    No network of `features` was trained on them: they are the characters of Omniglot's evaluation
    alphabets, strokes with seeds of their own, or the sample's held-out digits.
    """
    if source == "strokes":  # only those that are chosen are drawn
        places, _ = shuffled(MOST_CLASSES[source], DRAWINGS, n_classes, seed)
        seeds = stroke_classes("test", MOST_CLASSES[source])[places[:, 0]]
        return render_strokes(seeds, torch.arange(DRAWINGS))
    pictures = held_out_digits() if source == "digits" else evaluation_characters()
    return pictures[shuffled(pictures.shape[0], pictures.shape[1], n_classes, seed)]


def shuffled(n_all: int, n_drawings: int, n_classes: int, seed: int) -> tuple[Tensor, Tensor]:
    """The places (n_classes, 1) of a stream's classes among all, and (n_classes, 20) of their
    drawings, both in a random order.
    """
    random = generator("stream", seed)
    chosen = torch.randperm(n_all, generator=random)[:n_classes]
    drawings = [torch.randperm(n_drawings, generator=random)[:DRAWINGS] for _ in chosen]
    return chosen[:, None], torch.stack(drawings)


def evaluation_characters() -> Tensor:
    """Pictures (659, 20, 28, 28) of the characters of Omniglot's evaluation alphabets."""
    return load_omniglot().images[characters("test", "alphabet")]


def held_out_digits() -> Tensor:
    """Pictures (10, 100, 28, 28) of the sample's held-out digits."""
    digits = load_digits("sample", "held_out")  # the ten in turn
    return digits.images.view(-1, 10, *digits.images.shape[1:]).transpose(0, 1)


def stream_alphabets(source: StreamSource, n_classes: int, seed: int) -> tuple[str, ...]:
    """The alphabet of each class of `stream_pictures`; empty texts where a source has none."""
    if source != "omniglot":
        return ("",) * n_classes
    of_test = characters("test", "alphabet")
    chosen = torch.randperm(len(of_test), generator=generator("stream", seed))[:n_classes]
    alphabets = load_omniglot().alphabets
    return tuple(alphabets[number].replace("_", " ") for number in of_test[chosen].tolist())


def arrivals(
    n_classes: int, k_shot: int, sortedness: float, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """The classes int64 (E,) of all E = n_classes * k_shot examples as they arrive, and their
    numbers int64 (E,) within their class.

    Args:
        sortedness: 1 for class after class, 0 for a random order. In between, each example comes
            at its place in the sorted order, moved at random by up to that share of the stream
            which is missing to 1.
    """
    classes = torch.arange(n_classes).repeat_interleave(k_shot)
    numbers = torch.arange(k_shot).repeat(n_classes)
    place = torch.linspace(0, 1, len(classes), dtype=torch.float64)
    drawn = torch.rand(len(classes), generator=generator, dtype=torch.float64)
    order = (sortedness * place + (1 - sortedness) * drawn).argsort(stable=True)
    return classes[order], numbers[order]
