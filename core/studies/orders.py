"""What each learner knows at the end of one stream, by the order in which its examples came.

`python -m core evaluate orders > assets/orders.json` repeats the measurement.
"""

import time
from collections.abc import Callable
from typing import Any

import torch

from core.methods.lifelong.config import LifelongConfig
from core.methods.lifelong.method import Lifelong
from core.training.provenance import provenance

COMMAND = "python -m core evaluate orders > assets/orders.json"
CLASSES = 200
SORTEDNESS = [round(0.1 * place, 1) for place in range(11)]
TICKS = len(SORTEDNESS)  # calls of `tick`


def measure(tick: Callable[[], object]) -> dict[str, Any]:
    """`right` (orders, learners, classes): right answers of five, as in `Lifelong.snapshot`."""
    began = time.process_time()
    right = []
    for sortedness in SORTEDNESS:
        right.append(at_the_end(LifelongConfig(steps=CLASSES, sortedness=sortedness)))
        tick()
    return {
        "command": COMMAND,
        "minutes": round((time.process_time() - began) / 60, 1),
        **provenance(torch.device("cpu")),
        "config": LifelongConfig(steps=CLASSES).model_dump(exclude={"sortedness"}),
        "sortedness": SORTEDNESS,
        "right": right,
    }


def at_the_end(config: LifelongConfig) -> list[list[int]]:
    """What every learner knows of each class after the whole stream."""
    method = Lifelong(config)
    method.prepare()
    for step in range(1, config.steps + 1):
        method.step(step)
    right: list[list[int]] = method.snapshot(config.steps)["right"].tolist()
    return right
