"""Which views of one picture serve best for learning without labels.

`python -m tests.benchmarks.hands [STEPS]` trains ProtoNet on Omniglot's training characters without
their labels, once for each kind of views, and measures it on validation characters.
"""

import sys
from dataclasses import fields, replace

import torch

from core.data.hands import USUAL, Hand
from core.methods.few_shot.config import FewShotConfig
from core.methods.few_shot.method import FewShot
from core.methods.few_shot.problems import TEST_QUERIES
from core.methods.few_shot.task_sources import Shape
from core.methods.few_shot.unlabelled_tasks import UnlabelledSource

STEPS, TASKS = 1000, 300
SHAPES = (Shape(5, 1, TEST_QUERIES), Shape(20, 1, TEST_QUERIES))


def scaled(factor: float) -> Hand:
    """All differences so many times as large."""
    return Hand(*(factor * getattr(USUAL, each.name) for each in fields(Hand)))


HANDS = {
    "as chosen": USUAL,
    "all differences 0.6 times as large": scaled(0.6),
    "all differences 1.6 times as large": scaled(1.6),
    "without bending": replace(USUAL, bend=0),
    "without other pens": replace(USUAL, thin=0, thick=0),
    "without turning and slanting": replace(USUAL, rotation=0, slant=0),
    "turning and slanting by up to 15 degrees": replace(USUAL, rotation=15, slant=15),
}


def measure(hand: Hand, steps: int) -> list[str]:
    """Accuracy with its interval on validation tasks of each shape, transductive, in per cent."""
    config = FewShotConfig(
        source="unlabelled", algorithm="protonet", train_way=60, n_query=3, meta_batch=1,
        rotations=True, steps=steps,
    )  # fmt: skip
    method = FewShot(config)
    assert isinstance(method.source, UnlabelledSource)
    method.source = replace(method.source, hand=hand)
    for step in range(1, steps + 1):
        method.step(step)
    scores = [method.scores(method.source, "validation", TASKS, shape) for shape in SHAPES]
    return [
        f"{100 * each['accuracy_after']:.1f} ± {100 * each['accuracy_interval']:.1f}"
        for each in scores
    ]


if __name__ == "__main__":
    torch.set_num_threads(1)
    n_steps = int(sys.argv[1]) if len(sys.argv) > 1 else STEPS
    print("| views | 5-way 1-shot | 20-way 1-shot |\n| --- | --- | --- |")
    for name, kind in HANDS.items():
        print(f"| {name} | {' | '.join(measure(kind, n_steps))} |", flush=True)
