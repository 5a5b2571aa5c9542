"""Accuracy per minute: what MAML and ProtoNet reach from scratch in a given time on one core.

    GLIMPSE_DATA=... python -m tests.benchmarks.learning [SECONDS ...]

Omniglot's random split, 5-way 1-shot, 1,000 test tasks with 15 queries a class. Seconds are those
of one thread's processor time, so that what else the machine does counts little; how many steps fit
is measured before each run starts, and the rate falls to zero over just these steps.
"""

import sys

import torch

from core.methods.few_shot.config import Algorithm, FewShotConfig
from core.methods.few_shot.method import TEST_TASKS, FewShot
from core.studies.processor_time import TRIAL, seconds_of, steps_in

SECONDS = (60, 300, 600)
PROTONET_SECONDS = (20,)


def config(algorithm: Algorithm, steps: int) -> FewShotConfig:
    return FewShotConfig(
        algorithm=algorithm, source="omniglot", rotations=True, steps=steps, device="cpu"
    )


def row(algorithm: Algorithm, seconds: float) -> str:
    """Trains for about so many seconds and measures: a line of the table."""
    steps = steps_in(seconds, FewShot(config(algorithm, TRIAL)).step)
    method = FewShot(config(algorithm, steps))
    took = sum(seconds_of(method.step, 1, steps))
    cells = []
    for kind in ("transductive", "inductive"):
        scores = method.scores(method.source, "test", TEST_TASKS, statistics=kind)
        cells.append(
            f"{100 * scores['accuracy_after']:.1f} ± {100 * scores['accuracy_interval']:.1f}"
        )
    return f"| {algorithm} | {took:.0f} | {steps:,} | {' | '.join(cells)} |"


def main() -> None:
    torch.set_num_threads(1)
    print("| method | seconds | steps | transductive, % | inductive, % |")
    print("| --- | --- | --- | --- | --- |", flush=True)
    asked = [float(word) for word in sys.argv[1:]]
    for seconds in asked or PROTONET_SECONDS:
        print(row("protonet", seconds), flush=True)
    for seconds in asked or SECONDS:
        print(row("maml", seconds), flush=True)


if __name__ == "__main__":
    main()
