"""What SimCLR learns from scratch in a given time, over several seeds.

    python -m tests.benchmarks.embeddings [SEEDS] [CORES]

20-NN accuracy and linear probe of digits held out, all that it was trained on as their bank: mean
and standard deviation over SEEDS (5 unless given). Seconds are those of the clock on the wall, with
as many threads as CORES (2 unless given): let nothing else run meanwhile. How many steps fit is
measured before each run, and the rate falls to zero over just these steps. Needs the full MNIST.
"""

import sys
import time
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch

from core.data.digits import LabelledImages, load_digits
from core.methods.picture_sources import PictureSource
from core.methods.simclr.config import SimClrConfig
from core.methods.simclr.method import SimClr
from core.studies.processor_time import TRIAL, seconds_of, steps_in

FIGURES = ("knn_accuracy", "probe_accuracy")
PEERS = ("_pixels", "_untrained")


class Course(NamedTuple):
    """What is trained on and evaluated on, and for how long."""

    title: str
    source: PictureSource
    train: Callable[[int], LabelledImages]  # of a seed
    test: LabelledImages
    seconds: float


def courses() -> list[Course]:
    part, held_out = load_digits("sample", "train"), load_digits("sample", "held_out")
    sample = LabelledImages(
        torch.cat([part.images, held_out.images]), torch.cat([part.labels, held_out.labels])
    )
    mnist, test = load_digits("mnist", "train"), load_digits("mnist", "held_out")

    def drawn(seed: int) -> LabelledImages:
        places = torch.randperm(len(mnist), generator=torch.Generator().manual_seed(seed))
        return LabelledImages(mnist.images[places[:5000]], mnist.labels[places[:5000]])

    return [
        Course("4,000 of the sample, its other 1,000", "sample", lambda _: part, held_out, 30),
        Course("the sample's 5,000, MNIST's test digits", "sample", lambda _: sample, test, 30),
        Course("5,000 drawn from MNIST, its test digits", "sample", drawn, test, 30),
        Course("MNIST's 59,000, its test digits", "mnist", lambda _: mnist, test, 60),
    ]


def learned(course: Course, seed: int) -> tuple[float, dict[str, float]]:
    """Seconds that it took, and the figures."""

    digits = course.train(seed)

    def begun(steps: int) -> SimClr:
        method = SimClr(SimClrConfig(source=course.source, steps=steps, seed=seed, device="cpu"))
        method.pictures = digits
        return method

    steps = steps_in(course.seconds, begun(TRIAL).step, time.perf_counter)
    method = begun(steps)
    took = sum(seconds_of(method.step, 1, steps, time.perf_counter))
    return took, method.test_on(digits, course.test)


def main(seeds: int = 5, cores: int = 2) -> None:
    torch.set_num_threads(cores)
    print("| digits | seconds | 20-NN, % | probe, % | raw pixels | untrained |")
    print("| --- | --- | --- | --- | --- | --- |", flush=True)
    for course in courses():
        took, measured = zip(*(learned(course, seed) for seed in range(seeds)), strict=True)
        cells = []
        for figure in FIGURES:
            values = [100 * each[figure] for each in measured]
            cells.append(f"{np.mean(values):.2f} ± {np.std(values):.2f}")
        for peer in PEERS:
            pair = [100 * np.mean([m[name + peer] for m in measured]) for name in FIGURES]
            cells.append(f"{pair[0]:.1f} / {pair[1]:.1f}")
        print(f"| {course.title} | {np.mean(took):.0f} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
