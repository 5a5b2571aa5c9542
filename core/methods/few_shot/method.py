"""MAML: learn a start from which a few gradient steps learn a task.

Finn, Abbeel and Levine, "Model-Agnostic Meta-Learning for Fast Adaptation of Deep Networks" (2017).
Line numbers in comments are those of its algorithm 2. Those that it is compared with learn the same
network for the same tasks, each by an objective in a file beside this one: `reptile`, `protonet`,
`supervised`; first order and ANIL are options of the inner loop.
"""

import math
from typing import ClassVar

import torch
from torch import Tensor, nn

from core import distributed
from core.data.episodes import Episodes, augmented
from core.data.omniglot import Split
from core.data.views import Augmentation
from core.evaluation.few_shot import Adaptation, accuracy, evaluate_tasks, squared_error
from core.methods.base import Arrays, Method, Scalars
from core.methods.few_shot import protonet, reptile, supervised
from core.methods.few_shot.config import FewShotConfig
from core.methods.few_shot.inner_loop import Learner, Order, Statistics
from core.methods.few_shot.task_sources import Shape, TaskSource, curve_task
from core.methods.state import load_weights, pack, unpack
from core.models.conv4 import Conv4
from core.models.mlp import Mlp
from core.seeding import generator, seeded

TEST_TASKS = 1000
TEST_QUERIES = 15  # a class, as is usual: Omniglot's 20 drawings less 5 shots
# What another hand might do to a character.
DRAWING_JITTER = Augmentation(
    crop=0.2, rotation=10, shear=10, brightness=0, contrast=0, blur=0, erase=0
)
FILM_QUERIES = 5
FILM_STEPS = 5  # inner steps that a snapshot shows, however many training takes


class FewShot(Method[FewShotConfig]):
    """MAML, first or second order, and those that it is compared with."""

    Config: ClassVar[type[FewShotConfig]] = FewShotConfig
    remedy: ClassVar[str] = "a lower inner learning rate first, then a lower meta learning rate"

    def __init__(self, config: FewShotConfig) -> None:
        super().__init__(config)
        self.regression = config.regression
        self.key_figure = "error_after" if self.regression else "accuracy_after"
        self.order: Order = "first" if config.algorithm == "first-order" else "second"
        self.source = TaskSource(config.source, config.protocol, config.rotations, self.device)
        with seeded(config.seed, "model"):
            network = Mlp() if self.regression else Conv4(config.filters, config.layout)
            self.learner = Learner(
                network, config.inner_lr, config.inner_steps, config.learn_inner_lr,
                frozen_body=config.algorithm == "anil", train_way=config.train_way,
            ).to(self.device)  # fmt: skip
            self.trained = nn.ModuleDict({"learner": self.learner})
            if config.algorithm == "supervised" and not self.regression:
                self.classes = supervised.TrainingClasses(self.source, network.width)
                self.trained["classes"] = self.classes.to(self.device)
        weights = [weight for weight in self.trained.parameters() if weight.requires_grad]
        self.optimizer = (
            torch.optim.SGD(weights, lr=config.lr)
            if config.algorithm == "reptile"
            else torch.optim.Adam(weights, lr=config.lr, fused=True)
        )

    def step(self, step: int) -> Scalars:
        """One meta-update: algorithm 2, lines 3 to 10."""
        config = self.config
        random = generator(config.seed, "tasks", step)
        loss, scalars = self._objective(step, random)
        self.optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        scalars = distributed.average(self.trained.parameters(), scalars, config.meta_batch)
        for group in self.optimizer.param_groups:
            group["lr"] = cosine(config.lr, step, config.steps)
        self.optimizer.step()  # line 10
        return scalars

    def _objective(self, step: int, random: torch.Generator) -> tuple[Tensor, Scalars]:
        """What this step descends on, and what is told of it: `loss`, of the queries, first."""
        config = self.config
        if config.algorithm == "supervised" and not self.regression:
            return self.classes.loss(self.learner, self._pictures_a_step(), random)
        tasks = self.source.draw("train", config.meta_batch, config.training_shape, random)
        if config.augment and not self.regression:
            tasks = augmented(tasks, DRAWING_JITTER, random)
        tasks = tasks.part(distributed.share(config.meta_batch))
        match config.algorithm:
            case "protonet":
                return protonet.loss(self.learner, tasks, config.batch_norm)
            case "reptile":
                return reptile.loss(self.learner, tasks, config.inner_steps)
            case "supervised":
                return supervised.regression_loss(self.learner, tasks)
        weights = step_weights(config.inner_steps, step / config.steps, config.multi_step_loss)
        return self._meta_loss(tasks, weights)

    def _pictures_a_step(self) -> int:
        """As many for those that know of no tasks as for those that do."""
        shape = self.config.training_shape
        return self.config.meta_batch * shape.n_way * (shape.k_shot + shape.n_query)

    def meta_loss(self, tasks: Episodes) -> Tensor:
        """Mean query loss over tasks after adaptation: lines 5 to 8, and the sum of line 10."""
        return self._meta_loss(tasks, [0.0] * self.config.inner_steps + [1.0])[0]

    def _meta_loss(self, tasks: Episodes, weights: list[float]) -> tuple[Tensor, Scalars]:
        """The query losses after each inner step, from before the first, in a weighted sum."""
        learner, config = self.learner, self.config
        support, query = learner.prepare(tasks.support_x), learner.prepare(tasks.query_x)
        theta = learner.start(tasks.n_way)
        total, support_loss = torch.zeros((), device=self.device), torch.zeros(())
        for step, weight in enumerate(weights):
            if weight:
                outputs = learner.answer_queries(theta, support, query, config.batch_norm)
                total = total + weight * learner.losses(outputs, tasks.query_y).mean()
            if step < config.inner_steps:
                theta, losses = learner.inner_step(
                    theta, support, tasks.support_y, step, self.order
                )
                support_loss = losses.mean()
        scalars = {"loss": total.item(), "support_loss": support_loss.item()}
        if not self.regression:
            right = outputs.argmax(-1) == tasks.query_y
            scalars["train_accuracy"] = right.float().mean().item()
        return total, scalars

    @torch.no_grad()
    def adapt(
        self, tasks: Episodes, steps: int, statistics: Statistics = "transductive",
        scale: float = 1.0,
    ) -> Adaptation:  # fmt: skip
        """Learns tasks in `steps` inner steps, keeping support loss and query outputs at each.

        `statistics` says how batch norm sees the queries, `scale` multiplies the inner rates.
        ProtoNet's answer stands before the first step, and no step changes it.
        """
        learner = self.learner
        support, query = learner.prepare(tasks.support_x), learner.prepare(tasks.query_x)
        if self.config.algorithm == "protonet":
            return protonet.adapt(learner, support, tasks.support_y, query, steps, statistics)
        theta, losses, outputs = learner.start(tasks.n_way), [], []
        for step in range(steps + 1):
            answer = learner.answer_queries(theta, support, query, statistics)
            outputs.append(answer.expand(len(support), -1, -1))
            if step == steps:
                losses.append(learner.losses(learner.answer(theta, support), tasks.support_y))
                break
            theta, loss = learner.inner_step(theta, support, tasks.support_y, step, "first", scale)
            losses.append(loss)
        return Adaptation(torch.stack(losses, 1), torch.stack(outputs, 1))

    def validate(self, step: int) -> Scalars:
        """Before and after adaptation on validation tasks, transductively and inductively."""
        scores = self.scores(self.source, "validation", self.config.eval_tasks)
        if self.regression:
            return scores
        alone = self.scores(
            self.source, "validation", self.config.eval_tasks, statistics="inductive"
        )
        return scores | {"inductive_accuracy_after": alone["accuracy_after"]}

    def test(self) -> Scalars:
        """Before and after adaptation on 1,000 test tasks, transductively and inductively."""
        scores = self.scores(self.source, "test", TEST_TASKS)
        if not self.regression:
            alone = self.scores(self.source, "test", TEST_TASKS, statistics="inductive")
            scores |= {f"inductive_{name}": value for name, value in alone.items()}
        return scores | {"test_tasks": float(TEST_TASKS)}

    def scores(
        self, source: TaskSource, split: Split, n_tasks: int, shape: Shape | None = None,
        statistics: Statistics = "transductive",
    ) -> Scalars:  # fmt: skip
        """Accuracy (or squared error) before and after `inner_steps` steps, with its interval.

        `shape` is by default that of the config with 15 queries a class. The tasks depend on the
        seed, the split and the shape alone.
        """
        config = self.config
        shape = shape or Shape(config.n_way, config.k_shot, self._test_queries())
        score, name = (squared_error, "error") if self.regression else (accuracy, "accuracy")

        def learn(tasks: Episodes) -> Adaptation:
            return self.adapt(tasks, config.inner_steps, statistics)

        random = generator(config.seed, "held out", split)
        tasks = source.draw(split, n_tasks, shape, random)
        steps = evaluate_tasks(learn, tasks, score)
        return {
            f"{name}_before": steps[0].mean,
            f"{name}_after": steps[-1].mean,
            f"{name}_interval": steps[-1].interval,
        }

    def _film_shape(self) -> Shape:
        return Shape(self.config.n_way, self.config.k_shot, FILM_QUERIES)

    def _test_queries(self) -> int:
        return (
            self.config.n_query if self.regression else min(TEST_QUERIES, 20 - self.config.k_shot)
        )

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
            task = self.source.draw("validation", 1, self._film_shape(), random)
        film = self.adapt(task, max(FILM_STEPS, self.config.inner_steps))
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
        return pack(self.trained, self.optimizer)

    def load_state(self, state: dict[str, Tensor]) -> None:
        unpack(state, self.trained, self.optimizer)

    def weights(self) -> dict[str, Tensor]:
        return dict(self.learner.state_dict())

    def load_weights(self, weights: dict[str, Tensor]) -> None:
        load_weights(self.learner, weights)


def cosine(lr: float, step: int, steps: int) -> float:
    """The rate at `step` of `steps`: from lr to zero along half a cosine."""
    return lr * 0.5 * (1 + math.cos(math.pi * (step - 1) / steps))


def to_bytes(pictures: Tensor) -> Tensor:
    """float32 (B, 1, 28, 28) in [0, 1] to uint8 (B, 28, 28)."""
    return (255 * pictures[:, 0]).round().to(torch.uint8)


def step_weights(inner_steps: int, progress: float, multi_step: bool) -> list[float]:
    """How much the query loss before the first and after each inner step counts: S + 1, sum 1.

    Without `multi_step` the last alone. With it (Antoniou et al. 2019, section 4, MSL) all steps
    count alike at first, and the last one gains on the others over the first third of training.
    """
    if not multi_step:
        return [0.0] * inner_steps + [1.0]
    early = max(0.0, 1 - 3 * progress) / inner_steps
    return [0.0] + [early] * (inner_steps - 1) + [1 - early * (inner_steps - 1)]
