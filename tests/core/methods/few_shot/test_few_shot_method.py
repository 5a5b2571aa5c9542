"""Few-shot learning as a method: what is learnt, what is restored, what batch norm sees."""

from typing import Any, get_args

import pytest
import torch

from core.data.episodes import Episodes
from core.errors import GlimpseError
from core.methods.few_shot.config import Algorithm, FewShotConfig
from core.methods.few_shot.method import FewShot
from core.methods.few_shot.objectives.maml import Maml, step_weights
from core.methods.few_shot.task_sources import Shape
from core.models.conv4 import batch_norm
from core.seeding import generator

SMALL = {"filters": 32, "meta_batch": 2, "train_way": 10, "eval_tasks": 20, "device": "cpu"}
SINUSOIDS = SMALL | {"source": "sinusoids", "k_shot": 10, "n_query": 10, "inner_lr": 0.01}


def maml(**settings: Any) -> FewShot:
    return FewShot(FewShotConfig(**(SMALL | settings)))


ALGORITHMS = get_args(Algorithm)
UNLABELLED = {"source": "unlabelled", "algorithm": "protonet", "rotations": True}
EVERY_KIND = [{"algorithm": name} for name in ALGORITHMS] + [SINUSOIDS, UNLABELLED]


@pytest.mark.parametrize("settings", EVERY_KIND, ids=str)
def test_a_restored_run_takes_the_steps_of_the_uninterrupted_one(settings: dict[str, Any]) -> None:
    whole, restored = maml(**settings), maml(**settings)
    for step in (1, 2):
        whole.step(step)
    restored.load_state({name: value.clone() for name, value in whole.state().items()})
    restored.validate(2)
    assert whole.step(3) == restored.step(3)
    for name, value in whole.state().items():
        assert torch.equal(value, restored.state()[name]), name


def test_evaluating_and_drawing_change_no_later_step() -> None:
    quiet, observed = maml(), maml()
    for step in (1, 2):
        observed.validate(step)
        observed.snapshot(step)
        torch.rand(3)
        assert quiet.step(step) == observed.step(step)


def test_five_ways_are_learnt_beyond_chance_in_thirty_steps() -> None:
    method = maml(steps=30)
    before = method.validate(0)
    for step in range(1, 31):
        method.step(step)
    after = method.validate(30)
    assert before["accuracy_before"] == pytest.approx(0.2)  # the head starts at zero
    assert after["accuracy_after"] > before["accuracy_after"] + 0.1
    assert after["accuracy_after"] - after["accuracy_interval"] > 0.4


def test_sinusoids_are_learnt() -> None:
    method = maml(**(SINUSOIDS | {"meta_batch": 25, "lr": 1e-2, "steps": 100, "eval_tasks": 100}))
    before = method.validate(0)["error_after"]
    for step in range(1, 101):
        method.step(step)
    assert method.validate(100)["error_after"] < 0.7 * before
    assert method.key_figure == "error_after"


def test_inductive_answers_do_not_depend_on_the_other_queries() -> None:
    method = maml(inner_steps=2)
    method.step(1)
    tasks = drawn(method, 1)
    first = Episodes(tasks.support_x, tasks.support_y, tasks.query_x[:, :1], tasks.query_y[:, :1])
    alone = method.adapt(first, 2, "inductive").outputs[0, :, 0]
    assert torch.allclose(method.adapt(tasks, 2, "inductive").outputs[0, :, 0], alone, atol=1e-5)
    together = method.adapt(tasks, 2, "transductive").outputs[0, :, 0]
    assert not torch.allclose(together, alone, atol=1e-2)


@pytest.mark.parametrize("algorithm", ["maml", "anil"])
@pytest.mark.parametrize("statistics", ["transductive", "inductive"])
def test_adapting_ends_at_the_loss_that_training_minimises(algorithm: str, statistics: str) -> None:
    method = maml(algorithm=algorithm, inner_steps=2, batch_norm=statistics)
    method.step(1)
    tasks = drawn(method, 3)
    adaptation = method.adapt(tasks, 2, method.config.batch_norm)
    loss = method.learner.losses(adaptation.outputs[:, -1], tasks.query_y).mean()
    assert isinstance(method.objective, Maml)
    trained_on, _ = method.objective.meta_loss(tasks)
    assert trained_on.item() == pytest.approx(loss.item(), rel=1e-4)
    assert adaptation.support_loss.shape == (3, 3)
    assert (adaptation.support_loss[:, 0] > adaptation.support_loss[:, -1]).all()


def test_one_learner_takes_tasks_of_any_number_of_classes() -> None:
    method = maml(algorithm="maml", inner_steps=2)
    for n_way in (2, 7, 20):
        tasks = method.source.draw("test", 1, Shape(n_way, 2, 3), generator(0, "task"))
        assert method.adapt(tasks, 3).outputs.shape == (1, 4, 3 * n_way, n_way)


def test_anil_keeps_the_body_and_maml_moves_it() -> None:
    for algorithm, moves in (("anil", False), ("maml", True)):
        method = maml(algorithm=algorithm, inner_steps=2)
        tasks = drawn(method, 2)
        support = method.learner.prepare(tasks.support_x)
        initial = theta = method.learner.initial_parameters(tasks.n_way)
        for step in range(2):
            theta, _ = method.learner.inner_step(theta, support, tasks.support_y, step, "first")
        assert (
            not torch.equal(theta["kernels.0"], initial["kernels.0"].expand_as(theta["kernels.0"]))
        ) == moves
        assert not torch.equal(theta["head.weight"][0], initial["head.weight"][0])


@pytest.mark.parametrize("n_way", [2, 5, 15])
def test_the_first_step_puts_class_means_into_the_head_alike_for_any_ways(n_way: int) -> None:
    """By hand: the gradient of the mean cross-entropy at zero logits, times the rate."""
    method = maml(train_way=10)
    tasks = method.source.draw("validation", 1, Shape(n_way, 2, 1), generator(0))
    support = method.learner.prepare(tasks.support_x)
    theta, _ = method.learner.inner_step(
        method.learner.initial_parameters(n_way), support, tasks.support_y, 0, "second"
    )
    means = method.learner.network(tasks.support_x[0]).view(n_way, 2, -1).mean(1)
    expected = 0.4 / 10 * (means - means.mean(0)).T
    assert torch.allclose(theta["head.weight"][0], expected, atol=1e-5)


def test_scaled_rates_take_proportionally_longer_first_steps() -> None:
    method = maml()
    tasks = drawn(method, 1)
    support = method.learner.prepare(tasks.support_x)
    theta = method.learner.initial_parameters(tasks.n_way)
    once, twice = (
        method.learner.inner_step(theta, support, tasks.support_y, 0, "first", scale)[0]
        for scale in (1.0, 2.0)
    )
    assert torch.allclose(2 * once["head.weight"], twice["head.weight"], atol=1e-6)


@pytest.mark.parametrize("multi_step", [False, True])
def test_step_weights_sum_to_one_and_end_on_the_last_step(multi_step: bool) -> None:
    for progress in (0.0, 0.1, 0.3, 0.5, 1.0):
        weights = step_weights(4, progress, multi_step)
        assert len(weights) == 5 and sum(weights) == pytest.approx(1) and weights[0] == 0
    assert step_weights(4, 1.0, multi_step) == [0, 0, 0, 0, 1]
    assert step_weights(4, 0.0, True) == [0] + [0.25] * 4  # alike at first: 1 / S


def test_a_running_average_would_fall_to_chance_where_batch_statistics_do_not() -> None:
    """What `eval()` does to `nn.BatchNorm2d`: a pitfall that `batch_norm` avoids."""
    method = maml()
    tasks = drawn(method, 1)
    method.learner.eval()
    evaluated = method.adapt(tasks, 1).outputs
    method.learner.train()
    assert torch.equal(evaluated, method.adapt(tasks, 1).outputs)


def test_the_tasks_of_a_run_do_not_depend_on_the_global_seed() -> None:
    first, second = maml(), maml()
    torch.manual_seed(1)
    a = first.step(1)
    torch.manual_seed(2)
    assert a == second.step(1)


def test_batch_norm_is_that_of_torch_and_takes_statistics_from_its_reference() -> None:
    random = generator(0)
    x, scale, shift = (torch.randn(rows, 3, generator=random) for rows in (6, 1, 1))

    def normal(x: torch.Tensor, reference: int | None = None) -> torch.Tensor:
        return batch_norm(x, scale, shift, reference)

    by_torch = torch.nn.functional.batch_norm(x, None, None, scale[0], shift[0], training=True)
    assert torch.allclose(normal(x), by_torch, atol=1e-5)
    assert torch.allclose(normal(x, 2)[:2], normal(x[:2]), atol=1e-6)
    changed = torch.cat([x[:3], 10 * x[3:]])
    assert torch.equal(normal(changed, 2)[:3], normal(x, 2)[:3])
    two = torch.stack([x, 3 * x + 1])  # two tasks: each by its own statistics
    assert torch.allclose(normal(two)[1], normal(x), atol=1e-4)


def test_inner_rates_stay_positive_and_are_learnt_only_when_asked() -> None:
    learnt, fixed = maml(), maml(learn_inner_lr=False)
    for method in (learnt, fixed):
        method.step(1)
    assert torch.allclose(fixed.learner.log_rates.exp(), torch.tensor(0.4))
    learnt.learner.log_rates.data.fill_(-50.0)
    assert all(rate > 0 for rate in learnt.learner.rates(0, n_way=5).values())
    assert not torch.allclose(learnt.learner.log_rates.exp(), torch.tensor(0.4), atol=1e-6)


def test_snapshot_is_small_and_holds_one_task() -> None:
    arrays = maml().snapshot(0)
    assert arrays["support"].shape == (5, 28, 28)
    assert arrays["probability"].shape == (6, 25, 5)
    assert sum(array.nbytes for array in arrays.values()) < 100_000
    curve = maml(**SINUSOIDS).snapshot(0)
    assert curve["prediction"].shape == (6, *curve["curve_y"].shape)


def test_rate_falls_along_half_a_cosine() -> None:
    method = maml(lr=0.1, steps=100)
    rates = []
    for step in (1, 51, 100):
        method.step(step)
        rates.append(method.optimizer.param_groups[0]["lr"])
    assert rates[:2] == [0.1, pytest.approx(0.05)]
    assert 0 < rates[2] < 1e-4


def test_weights_of_another_network_are_refused_in_a_sentence() -> None:
    with pytest.raises(GlimpseError, match="do not fit"):
        maml(filters=64).load_weights(maml().weights())


def drawn(method: FewShot, n_tasks: int) -> Episodes:
    return method.source.draw("validation", n_tasks, Shape(5, 1, 5), generator(0, "task"))
