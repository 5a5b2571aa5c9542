"""A method small enough to train in a test: linear regression by gradient descent with momentum.

Written by hand: `torch.optim` would cost each of the many workers of these tests two seconds.
"""

import time
from typing import ClassVar

import numpy as np
import torch
from pydantic import Field
from torch import Tensor

from core.config import RunConfig
from core.methods.base import Method
from core.registry import Entry
from core.seeding import generator, seeded

ENTRY = Entry("toy", "tests.helpers.toy:Toy", "Toy", "toys", "Fits a line.")


class NoSettings(RunConfig):
    """Has no settings of its own, but what MAML asks for before a run is made."""

    source: ClassVar[str] = "strokes"
    pictures: ClassVar[str] = ""


class ToyConfig(RunConfig):
    steps: int = 40
    eval_every: int = 10
    snapshot_every: int = 10
    checkpoint_every: int = 10
    lr: float = Field(0.02, gt=0, description="Learning rate.")
    breaks_at: int = Field(0, ge=0, description="Step whose loss is not a number.")
    poisons_at: int = Field(0, ge=0, description="Step whose update is not a number.")
    sleep_ms: float = Field(0, ge=0, description="What a step takes at least.")


class Toy(Method[ToyConfig]):
    Config: ClassVar[type[RunConfig]] = ToyConfig
    key_figure = "error"

    def __init__(self, config: ToyConfig) -> None:
        super().__init__(config)
        with seeded(config.seed, "model"):
            self.weight = torch.randn(3)
        self.velocity = torch.zeros(3)

    def step(self, step: int) -> dict[str, float]:
        time.sleep(self.config.sleep_ms / 1000)
        x = torch.randn(8, 3, generator=generator(self.config.seed, "data", step))
        error = x @ (self.weight - 1)
        self.velocity = 0.9 * self.velocity + 2 * x.T @ error / len(x)
        self.weight = self.weight - self.config.lr * self.velocity
        if step == self.config.poisons_at:
            self.weight[0] = torch.inf
        loss = error.square().mean().item()
        return {"loss": float("nan") if step == self.config.breaks_at else loss}

    def validate(self, step: int) -> dict[str, float]:
        return {"error": float((self.weight - 1).abs().max())}

    def snapshot(self, step: int) -> dict[str, np.ndarray]:
        return {"weight": self.weight.numpy().copy()}

    def state(self) -> dict[str, Tensor]:
        return {"weight": self.weight, "velocity": self.velocity}

    def load_state(self, state: dict[str, Tensor]) -> None:
        self.weight, self.velocity = state["weight"], state["velocity"]

    def weights(self) -> dict[str, Tensor]:
        return {"weight": self.weight}

    def load_weights(self, weights: dict[str, Tensor]) -> None:
        self.weight = weights["weight"]

    def test(self) -> dict[str, float]:
        return self.validate(self.config.steps)
