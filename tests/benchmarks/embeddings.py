"""What SimCLR learns from scratch in a given time on one core, over several seeds.

    python -m tests.benchmarks.embeddings [SEEDS]

20-NN accuracy and linear probe of held-out digits, the whole training set as their bank: mean and
standard deviation over SEEDS (5 unless given). Seconds are those of one thread's processor time, so
that what else the machine does counts little; how many steps fit is measured before each run, and
the rate falls to zero over just these steps. Needs the full MNIST.
"""

import sys

import numpy as np
import torch

from core.methods.picture_sources import PictureSource
from core.methods.simclr import SimClr
from core.methods.simclr_config import SimClrConfig
from tests.benchmarks.timing import TRIAL, processor_seconds, steps_in

RUNS: tuple[tuple[PictureSource, float], ...] = (("sample", 30), ("mnist", 60))
FIGURES = ("knn_accuracy", "probe_accuracy")
PEERS = ("_pixels", "_untrained")


def learned(source: PictureSource, seconds: float, seed: int) -> tuple[float, dict[str, float]]:
    """Processor seconds that it took, and the figures."""

    def begun(steps: int) -> SimClr:
        return SimClr(SimClrConfig(source=source, steps=steps, seed=seed, device="cpu"))

    steps = steps_in(seconds, begun(TRIAL).step)
    method = begun(steps)
    return sum(processor_seconds(method.step, 1, steps)), method.measure()


def main(seeds: int = 5) -> None:
    torch.set_num_threads(1)
    print("| digits | seconds | 20-NN, % | probe, % | raw pixels | untrained |")
    print("| --- | --- | --- | --- | --- | --- |", flush=True)
    for source, seconds in RUNS:
        took, measured = zip(
            *(learned(source, seconds, seed) for seed in range(seeds)), strict=True
        )
        cells = []
        for figure in FIGURES:
            values = [100 * each[figure] for each in measured]
            cells.append(f"{np.mean(values):.1f} ± {np.std(values):.1f}")
        for peer in PEERS:
            pair = [100 * np.mean([m[name + peer] for m in measured]) for name in FIGURES]
            cells.append(f"{pair[0]:.1f} / {pair[1]:.1f}")
        print(f"| {source} | {np.mean(took):.0f} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
