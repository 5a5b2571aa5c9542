"""What embeddings reach with each loss, in as many steps as fit into a minute.

`python -m core evaluate losses > assets/losses.json` repeats the measurement. It needs MNIST (see
`python -m core data`).
"""

import time
from collections.abc import Callable
from typing import Any, get_args

import torch

from core.methods.simclr.config import SimClrConfig
from core.methods.simclr.method import SimClr
from core.training.provenance import provenance

COMMAND = "python -m core evaluate losses > assets/losses.json"
STEPS = 500  # a minute on one core
SEEDS = range(5)
SOURCES = ("sample", "mnist")
LOSSES: tuple[str, ...] = get_args(SimClrConfig.model_fields["loss"].annotation)
FIGURES = ("knn_accuracy", "knn_accuracy_untrained", "knn_accuracy_pixels", "uniformity")
TICKS = len(SOURCES) * len(LOSSES) * len(SEEDS)  # calls of `tick`


def measure(tick: Callable[[], object]) -> dict[str, Any]:
    """`figures[source][loss]`: for each of FIGURES its values (seeds,) after the last step.

    All settings but loss, source and seed are the defaults, which were chosen for NT-Xent.
    """
    began = time.process_time()
    figures: dict[str, dict[str, dict[str, list[float]]]] = {}
    for source in SOURCES:
        figures[source] = {}
        for loss in LOSSES:
            scores = []
            for seed in SEEDS:
                config = SimClrConfig.model_validate(
                    {"steps": STEPS, "source": source, "loss": loss, "seed": seed}
                )
                scores.append(after_training(config))
                tick()
            figures[source][loss] = {
                name: [round(each[name], 4) for each in scores] for name in FIGURES
            }
    return {
        "command": COMMAND,
        "minutes": round((time.process_time() - began) / 60, 1),
        **provenance(torch.device("cpu")),
        "steps": STEPS,
        "seeds": list(SEEDS),
        "figures": figures,
    }


def after_training(config: SimClrConfig) -> dict[str, float]:
    """The evaluation after the last step: 1,000 digits that were never trained on."""
    method = SimClr(config)
    method.prepare()
    for step in range(1, config.steps + 1):
        method.step(step)
    return method.validate(config.steps)
