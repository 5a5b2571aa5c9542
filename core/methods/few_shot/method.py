"""Few-shot learning as a method: a learner, trained by one of the algorithms in `objectives`.

What an algorithm minimises is in its file there (`objectives/maml.py` and its neighbours), what
pictures and sinusoids need is in `problems`, and the steps that learn one task are in `inner_loop`.
"""

from functools import cached_property
from typing import ClassVar

import torch
from torch import Tensor, nn

from core import distributed
from core.data.episodes import Episodes
from core.data.omniglot import Split
from core.evaluation.few_shot import Adaptation, evaluate_tasks
from core.evaluation.shifted_views import over_shifted_views
from core.methods.base import Arrays, Method, Scalars
from core.methods.few_shot.config import FewShotConfig
from core.methods.few_shot.inner_loop import Learner, Statistics
from core.methods.few_shot.task_sources import CPU, Shape, TaskSource
from core.methods.few_shot.unlabelled_tasks import UnlabelledSource, check_own_pictures
from core.methods.picture_sources import check_own, check_pictures, own_digest
from core.methods.schedule import cosine_decay
from core.methods.state import load_weights, pack, unpack, unpack_module
from core.seeding import generator, seeded

TEST_TASKS = 1000
SNAPSHOT_STEPS = 5  # inner steps that a snapshot shows at least, however many training takes


def task_source(config: FewShotConfig, device: torch.device = CPU) -> TaskSource:
    """Where the tasks of a run come from; no picture is read yet."""
    if config.source == "unlabelled":
        return UnlabelledSource(
            config.tested_on, config.protocol, config.rotations, device,
            views_of=config.views_of, place=config.pictures,
        )  # fmt: skip
    return TaskSource(config.source, config.protocol, config.rotations, device)


class FewShot(Method[FewShotConfig]):
    """A learner of tasks, trained by the algorithm that its config names."""

    Config: ClassVar[type[FewShotConfig]] = FewShotConfig
    remedy: ClassVar[str] = "a lower inner learning rate first, then a lower meta learning rate"

    def __init__(self, config: FewShotConfig) -> None:
        super().__init__(config)
        self.problem = config.problem
        self.key_figure = self.problem.key_figure
        self.source = task_source(config, self.device)
        with seeded(config.seed, "model"):
            self.learner = Learner(
                self.problem.network(config), config.inner_lr, config.inner_steps,
                config.learn_inner_lr, config.objective.frozen_body, config.train_way,
            ).to(self.device)  # fmt: skip
            self.objective = config.objective(config, self.problem, self.learner, self.source)
        modules = {"learner": self.learner, **self.objective.modules()}
        self.trained = nn.ModuleDict(modules).to(self.device)

    def prepare(self) -> None:
        if isinstance(self.source, UnlabelledSource):
            self.source.prepare(self.config.train_way)

    @classmethod
    def check(cls, config: FewShotConfig) -> None:
        super().check(config)
        if config.source == "unlabelled":
            check_pictures(config.views_of, config.pictures)
        if config.pictures:  # other sources have more than the most ways
            check_own_pictures(config.pictures, config.rotations, config.train_way)

    @cached_property
    def optimizer(self) -> torch.optim.Optimizer:
        """Made when training begins: the first one has torch import its compiler, for seconds."""
        weights = [weight for weight in self.trained.parameters() if weight.requires_grad]
        return self.objective.optimizer(weights)

    def step(self, step: int) -> Scalars:
        """One training step; for MAML, lines 3 to 10 of its algorithm 2."""
        config = self.config
        random = generator(config.seed, "tasks", step)
        loss, scalars = self.objective.loss(self.source, random, step / config.steps)
        self.optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        scalars = distributed.average(self.trained.parameters(), scalars, config.meta_batch)
        for group in self.optimizer.param_groups:
            group["lr"] = cosine_decay(config.lr, step - 1, config.steps)
        self.optimizer.step()  # line 10
        return scalars

    @torch.no_grad()
    def adapt(
        self, tasks: Episodes, steps: int, statistics: Statistics = "transductive",
        scale: float = 1.0,
    ) -> Adaptation:  # fmt: skip
        """Learns tasks in `steps` inner steps, and keeps support loss and query outputs of each.

        Args:
            statistics: whose mean and variance batch norm takes for the queries.
            scale: factor of the inner learning rates.
        """
        return self.objective.adapt(tasks, steps, statistics, scale)

    def validate(self, step: int) -> Scalars:
        """Scores before and after adaptation to validation tasks, transductive and inductive."""
        n_tasks = self.config.eval_tasks
        scores = self.scores(self.source, "validation", n_tasks)
        if self.problem.has_batch_norm:
            inductive = self.scores(self.source, "validation", n_tasks, statistics="inductive")
            key = self.key_figure
            scores |= {f"inductive_{key}": inductive[key]}
        return scores

    def test(self) -> Scalars:
        """Scores before and after adaptation to 1,000 test tasks, transductive and inductive."""
        scores = self.scores(self.source, "test", TEST_TASKS)
        if self.problem.has_batch_norm:
            inductive = self.scores(self.source, "test", TEST_TASKS, statistics="inductive")
            scores |= {f"inductive_{name}": value for name, value in inductive.items()}
        return scores | {"test_tasks": float(TEST_TASKS)}

    def scores(
        self, source: TaskSource, split: Split, n_tasks: int, shape: Shape | None = None,
        statistics: Statistics = "transductive", shifted_views: bool = False,
    ) -> Scalars:  # fmt: skip
        """Accuracy, or squared error, before and after `inner_steps` steps, with its interval.

        `shape` is by default that of the config, with 15 queries a class where pictures are
        classified. The tasks depend on the seed, the split and the shape alone. `shifted_views`
        averages each answer over five shifts of the task's pictures, which takes five times as
        long; see `core.evaluation.shifted_views`.
        """
        config, problem = self.config, self.problem
        shape = shape or Shape(config.n_way, config.k_shot, problem.test_queries(config))

        def learn(tasks: Episodes) -> Adaptation:
            return self.adapt(tasks, config.inner_steps, statistics)

        tasks = source.draw(split, n_tasks, shape, generator(config.seed, "held out", split))
        learn_tasks = over_shifted_views(learn) if shifted_views else learn
        steps = evaluate_tasks(learn_tasks, tasks, problem.score)
        return {
            f"{problem.score_name}_before": steps[0].mean,
            f"{problem.score_name}_after": steps[-1].mean,
            f"{problem.score_name}_interval": steps[-1].interval,
        }

    def snapshot(self, step: int) -> Arrays:
        """One held-out task, always the same, before and after each of at least five inner steps.

        Pictures: `support` and `query` uint8 (rows, 28, 28), `query_class` (Q,), `probability`
        (S + 1, Q, n_way). Sinusoids: `support_x` and `support_y` (k_shot,), `curve_x` and `curve_y`
        (101,), `prediction` (S + 1, 101). Both: `support_loss` (S + 1,).
        """
        random = generator(self.config.seed, "film")
        task = self.problem.snapshot_task(self.source, self.config, random)
        adaptation = self.adapt(task, max(SNAPSHOT_STEPS, self.config.inner_steps))
        arrays = {"support_loss": adaptation.support_loss[0]}
        arrays |= self.problem.snapshot_arrays(task, adaptation)
        return {name: value.cpu().numpy() for name, value in arrays.items()}

    def state(self) -> dict[str, Tensor]:
        state, source = pack(self.trained, self.optimizer), self.source
        if isinstance(source, UnlabelledSource):
            state |= own_digest(self.config, lambda: source.pictures)
        return state

    def load_state(self, state: dict[str, Tensor]) -> None:
        check_own(self.config, state)
        unpack(state, self.trained, self.optimizer)

    def load_network(self, state: dict[str, Tensor]) -> None:
        unpack_module(state, self.trained)

    def weights(self) -> dict[str, Tensor]:
        return dict(self.learner.state_dict())

    def load_weights(self, weights: dict[str, Tensor]) -> None:
        load_weights(self.learner, weights)

    def about_input(self) -> str:
        return self.problem.about_input
