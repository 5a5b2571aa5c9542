"""MAML: learn a start from which a few gradient steps learn a task.

Finn, Abbeel and Levine, "Model-Agnostic Meta-Learning for Fast Adaptation of Deep Networks" (2017).
Line numbers in comments are those of its algorithm 2.
"""

import math
from typing import ClassVar, Literal

import torch
from pydantic import Field, model_validator
from torch import Tensor
from torch.func import vmap

from core.config import RunConfig
from core.data.episodes import Episodes
from core.data.omniglot import Split
from core.evaluation.few_shot import (
    Film,
    accuracy,
    evaluate_tasks,
    squared_error,
)
from core.methods.base import Arrays, Method, Scalars
from core.methods.inner_loop import LOSSES, Learner, Parameters
from core.methods.state import load_weights, pack, unpack
from core.methods.task_sources import Draw, Source, curve_task, task_source
from core.models.conv4 import Conv4, Layout
from core.models.mlp import Mlp
from core.seeding import generator, seeded

TEST_TASKS = 1000
LARGEST_SINUSOID_RATE = 0.1  # above it the regression diverges in its first steps
FILM_STEPS = 5  # inner steps that a snapshot shows, however many training takes


class MamlConfig(RunConfig):
    """Settings of MAML. The defaults learn Omniglot and strokes fastest on one core."""

    steps: int = Field(500, ge=1, le=1_000_000, description="Meta-updates in all.")
    source: Source = Field("strokes", description="What the tasks are made of.")
    n_way: int = Field(5, ge=2, le=20, description="Classes in a task.", title="Ways")
    k_shot: int = Field(1, ge=1, le=10, description="Examples of each class.", title="Shots")
    n_query: int = Field(
        5, ge=1, le=10, description="Queries of each class (of each curve, for sinusoids).",
        title="Queries",
    )  # fmt: skip
    inner_steps: int = Field(1, ge=1, le=10, description="Gradient steps on the support set.")
    inner_lr: float = Field(
        0.4, gt=0, le=10, description="Rate of the inner steps: about 0.01 suits sinusoids.",
        title="Inner learning rate",
    )  # fmt: skip
    learn_inner_lr: bool = Field(
        True, description="Learn an inner rate for each layer, from the one given.",
        title="Learn the inner rate",
    )  # fmt: skip
    order: Literal["second", "first"] = Field(
        "second", description="First order takes the inner gradient as a constant: faster, rougher."
    )
    meta_batch: int = Field(8, ge=1, le=64, description="Tasks in a meta-update.")
    lr: float = Field(
        3e-3, gt=0, le=1, description="Adam's rate at the start; it falls to zero as a cosine.",
        title="Meta learning rate",
    )  # fmt: skip
    layout: Layout = Field(
        "folded",
        description="conv4 is the paper's network; folded puts 2x2 pixels into the channels in "
        "place of its first layer, and is several times faster.",
        title="Network",
    )
    filters: Literal[32, 64] = Field(64, description="Channels of each layer.")
    rotations: bool = Field(
        False,
        description="Omniglot's characters turned by 90, 180 and 270 degrees are new ones.",
        json_schema_extra={"rare": True},
    )
    eval_tasks: int = Field(
        100, ge=2, le=10_000, description="Validation tasks in an evaluation.",
        json_schema_extra={"rare": True},
    )  # fmt: skip

    @model_validator(mode="after")
    def _rate_suits_the_source(self) -> "MamlConfig":
        if self.source == "sinusoids" and self.inner_lr > LARGEST_SINUSOID_RATE:
            raise ValueError(
                f"sinusoids need an inner rate of at most {LARGEST_SINUSOID_RATE}, 0.01 suits them"
            )
        return self


class Maml(Method[MamlConfig]):
    """Second-order MAML (first order as an option) for classification and for regression."""

    Config: ClassVar[type[RunConfig]] = MamlConfig

    def __init__(self, config: MamlConfig) -> None:
        super().__init__(config)
        self.regression = config.source == "sinusoids"
        self.key_figure = "error_after" if self.regression else "accuracy_after"
        with seeded(config.seed, "model"):
            network = (
                Mlp() if self.regression else Conv4(config.n_way, config.filters, config.layout)
            )
        loss = LOSSES["regression" if self.regression else "classification"]
        learner = Learner(network, loss, config.inner_lr, config.learn_inner_lr)
        self.learner = learner.to(self.device)
        trained = [weight for weight in learner.parameters() if weight.requires_grad]
        self.optimizer = torch.optim.Adam(trained, lr=config.lr)
        self.draw = self.draw_from(config.source)

    def draw_from(self, source: Source) -> Draw:
        """The function that draws tasks of this shape from any source of pictures."""
        config = self.config
        shape = config.n_way, config.k_shot, config.n_query
        return task_source(source, *shape, config.rotations, self.device)

    def step(self, step: int) -> Scalars:
        """One meta-update: algorithm 2, lines 3 to 10."""
        config = self.config
        random = generator(config.seed, "tasks", step)
        tasks = self.draw("train", config.meta_batch, random)  # lines 3, 5 and 8
        loss, outputs = self.meta_loss(tasks)
        self.optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        for group in self.optimizer.param_groups:
            group["lr"] = cosine(config.lr, step, config.steps)
        self.optimizer.step()  # line 10
        scalars = {"loss": loss.item()}
        if not self.regression:
            right = outputs.argmax(-1) == tasks.query_y
            scalars["train_accuracy"] = right.float().mean().item()
        return scalars

    def meta_loss(self, tasks: Episodes) -> tuple[Tensor, Tensor]:
        """Mean query loss over tasks after adaptation, and the outputs (T, Q, n_way or 1) then."""
        # Measured on one core, folded with 64 filters, 8 tasks: 120 to 190 ms with vmap, 340 ms in
        # a loop over tasks; conv4: 330 against 430 ms.
        losses, outputs = vmap(self._query_loss, in_dims=(None, 0, 0, 0, 0))(
            self.learner.theta(), tasks.support_x, tasks.support_y, tasks.query_x, tasks.query_y
        )
        return losses.mean(), outputs.detach()

    def _query_loss(
        self, theta: Parameters, support_x: Tensor, support_y: Tensor, query_x: Tensor,
        query_y: Tensor,
    ) -> tuple[Tensor, Tensor]:  # fmt: skip
        config = self.config
        adapted = self.learner.adapt(
            theta, support_x, support_y, config.inner_steps, config.order == "first"
        )  # lines 6 and 7
        outputs = self.learner.predict(adapted, query_x)
        return self.learner.loss(outputs, query_y), outputs

    @torch.no_grad()
    def film(self, tasks: Episodes, steps: int, transductive: bool = True) -> Film:
        """Learns tasks in `steps` inner steps, keeping support loss and query outputs at each.

        Transductive: all queries of a task share their batch statistics, as in training and in the
        published figures. Otherwise (inductive) each query is answered alone, by the statistics of
        the support set.
        """

        def learn(support_x: Tensor, support_y: Tensor, query_x: Tensor) -> tuple[Tensor, Tensor]:
            theta, losses, outputs = self.learner.theta(), [], []
            for step in range(steps + 1):
                if transductive:
                    outputs.append(self.learner.predict(theta, query_x))
                else:
                    outputs.append(self.learner.predict_alone(theta, support_x, query_x))
                if step < steps:
                    theta, loss = self.learner.inner_step(theta, support_x, support_y)
                else:
                    loss = self.learner.support_loss(theta, support_x, support_y)
                losses.append(loss)
            return torch.stack(losses), torch.stack(outputs)

        return Film(*vmap(learn)(tasks.support_x, tasks.support_y, tasks.query_x))

    def evaluate(self, step: int) -> Scalars:
        """Before and after adaptation on validation tasks; accuracy is transductive."""
        return self._scores("validation", self.config.eval_tasks)

    def measure(self) -> Scalars:
        """Before and after adaptation on 1,000 test tasks.

        Pictures are answered transductively and, as `inductive_*`, each query alone. Where training
        saw no strokes, `strokes_*` are the same for unseen strokes.
        """
        scores = self._scores("test", TEST_TASKS) | {"test_tasks": float(TEST_TASKS)}
        if self.regression:
            return scores
        scores |= _prefixed("inductive", self._scores("test", TEST_TASKS, transductive=False))
        if self.config.source != "strokes":
            draw = self.draw_from("strokes")
            for name, transductive in (("strokes", True), ("strokes_inductive", False)):
                strokes = self._scores("test", TEST_TASKS, transductive, draw)
                scores |= _prefixed(name, strokes)
        return scores

    def _scores(
        self, split: Split, n_tasks: int, transductive: bool = True, draw: Draw | None = None
    ) -> Scalars:
        random = generator(self.config.seed, "held out", split)
        tasks = (draw or self.draw)(split, n_tasks, random)
        score, name = (squared_error, "error") if self.regression else (accuracy, "accuracy")
        steps = evaluate_tasks(
            lambda part: self.film(part, self.config.inner_steps, transductive), tasks, score
        )
        return {
            f"{name}_before": steps[0].mean,
            f"{name}_after": steps[-1].mean,
            f"{name}_interval": steps[-1].interval,
        }

    def snapshot(self, step: int) -> Arrays:
        """One task held out, always the same, before and after each of at least five inner steps.

        Pictures: `support` and `query` uint8 (rows, 28, 28), `query_class` (Q,), `probability`
        (S + 1, Q, n_way). Sinusoids: `support_x` and `support_y` (k_shot,), `curve_x` and `curve_y`
        (101,), `prediction` (S + 1, 101). Both: `support_loss` (S + 1,).
        """
        random = generator(self.config.seed, "film")
        if self.regression:
            task = curve_task(self.config.k_shot, random, self.device)
        else:
            task = self.draw("validation", 1, random)
        film = self.film(task, max(FILM_STEPS, self.config.inner_steps))
        arrays = {"support_loss": film.support_loss[0]}
        if self.regression:
            arrays |= {"support_x": task.support_x.flatten(), "support_y": task.support_y.flatten()}
            arrays |= {"curve_x": task.query_x.flatten(), "curve_y": task.query_y.flatten()}
            arrays["prediction"] = film.outputs[0, :, :, 0]
        else:
            arrays |= {"support": to_bytes(task.support_x[0]), "query": to_bytes(task.query_x[0])}
            arrays |= {"query_class": task.query_y[0], "probability": film.outputs[0].softmax(-1)}
        return {name: value.cpu().numpy() for name, value in arrays.items()}

    def state(self) -> dict[str, Tensor]:
        return pack(self.learner, self.optimizer)

    def load_state(self, state: dict[str, Tensor]) -> None:
        unpack(state, self.learner, self.optimizer)

    def weights(self) -> dict[str, Tensor]:
        return dict(self.learner.state_dict())

    def load_weights(self, weights: dict[str, Tensor]) -> None:
        load_weights(self.learner, weights)


def _prefixed(prefix: str, scalars: Scalars) -> Scalars:
    return {f"{prefix}_{name}": value for name, value in scalars.items()}


def cosine(lr: float, step: int, steps: int) -> float:
    """The rate at `step` of `steps`: from lr to zero along half a cosine."""
    return lr * 0.5 * (1 + math.cos(math.pi * (step - 1) / steps))


def to_bytes(pictures: Tensor) -> Tensor:
    """float32 (B, 1, 28, 28) in [0, 1] to uint8 (B, 28, 28)."""
    return (255 * pictures[:, 0]).round().to(torch.uint8)
