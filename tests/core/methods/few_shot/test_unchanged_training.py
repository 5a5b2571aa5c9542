"""Every algorithm trains as it did when the recording beside this file was made.

`training_of_every_objective.safetensors` was recorded when the algorithms were still one class: for
each algorithm and problem (`strokes/maml/...`), with the settings below and one thread, the losses
of three steps, every 16th value of each weight after them, and the validation scores.

On the processor of the recording all of it is the same bit for bit. Other processors round
differently, and Adam's first steps have about the size of the learning rate whatever the size of
the gradient: where a gradient is nearly zero, rounding decides its sign. So the losses are compared
to a relative 1e-4, and at least 99 % of an algorithm's weights to within 1e-5.
"""

from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor

from core.methods.few_shot.config import FewShotConfig
from core.methods.few_shot.method import FewShot
from core.methods.few_shot.objectives import OBJECTIVES

RECORDING = load_file(Path(__file__).with_name("training_of_every_objective.safetensors"))
KEPT_EVERY = 16  # values of a weight tensor
N_STEPS = 3
SETTINGS: dict[str, dict[str, Any]] = {
    "strokes": {
        "filters": 32, "meta_batch": 2, "train_way": 5, "eval_tasks": 20, "inner_steps": 2,
        "multi_step_loss": True, "augment": True, "device": "cpu",
    },
}  # fmt: skip
SETTINGS["sinusoids"] = SETTINGS["strokes"] | {
    "source": "sinusoids", "k_shot": 10, "n_query": 10, "inner_lr": 0.01,
}  # fmt: skip
CASES = [
    (source, algorithm)
    for source in SETTINGS
    for algorithm in OBJECTIVES
    if (source, algorithm) != ("sinusoids", "protonet")  # which needs classes
]


@pytest.fixture(autouse=True)
def one_thread() -> Any:
    """Sums are then taken in one order."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def recorded(source: str, algorithm: str) -> dict[str, Tensor]:
    prefix = f"{source}/{algorithm}/"
    return {
        name.removeprefix(prefix): value
        for name, value in RECORDING.items()
        if name.startswith(prefix)
    }


def test_every_algorithm_was_recorded() -> None:
    names = {tuple(name.split("/")[:2]) for name in RECORDING}
    assert names == set(CASES)


@pytest.mark.parametrize(("source", "algorithm"), CASES)
def test_three_steps_are_those_that_were_recorded(source: str, algorithm: str) -> None:
    expected = recorded(source, algorithm)
    method = FewShot(FewShotConfig(**SETTINGS[source], algorithm=algorithm))
    losses = torch.tensor([method.step(step)["loss"] for step in range(1, N_STEPS + 1)])
    torch.testing.assert_close(losses, expected.pop("loss"), rtol=1e-4, atol=0)

    scores = method.validate(N_STEPS)
    expected_scores = {
        name: expected.pop(name).item() for name in list(expected) if name.startswith("evaluate.")
    }
    assert {f"evaluate.{name}" for name in scores} == expected_scores.keys()
    for name, value in scores.items():
        assert value == pytest.approx(expected_scores[f"evaluate.{name}"], rel=0.05), name

    weights = {name: value.flatten()[::KEPT_EVERY] for name, value in method.weights().items()}
    assert weights.keys() == expected.keys()
    differences = torch.cat([weights[name] - value for name, value in expected.items()]).abs()
    assert (differences < 1e-5).float().mean() >= 0.99
