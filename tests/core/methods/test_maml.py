"""MAML as a method: what it learns, what it remembers, how batch norm sees a task."""

from typing import Any

import pytest
import torch

from core.data.episodes import Episodes
from core.errors import GlimpseError
from core.methods.maml import Maml, MamlConfig, cosine
from core.models.conv4 import BatchNorm, Conv4
from core.seeding import generator

SMALL = {"filters": 32, "meta_batch": 4, "eval_tasks": 20, "device": "cpu"}
SINUSOIDS = SMALL | {"source": "sinusoids", "k_shot": 10, "n_query": 10, "inner_lr": 0.01}


def maml(**settings: Any) -> Maml:
    return Maml(MamlConfig(**(SMALL | settings)))


@pytest.mark.parametrize("settings", [SMALL, SINUSOIDS])
def test_a_restored_run_takes_the_steps_of_the_uninterrupted_one(settings: dict[str, Any]) -> None:
    whole, restored = maml(**settings), maml(**settings)
    for step in (1, 2):
        whole.step(step)
    restored.load_state({name: value.clone() for name, value in whole.state().items()})
    restored.evaluate(2)
    assert whole.step(3) == restored.step(3)
    for name, value in whole.state().items():
        assert torch.equal(value, restored.state()[name]), name


def test_evaluating_and_drawing_change_no_later_step() -> None:
    quiet, watched = maml(), maml()
    for step in (1, 2):
        watched.evaluate(step)
        watched.snapshot(step)
        torch.rand(3)
        assert quiet.step(step) == watched.step(step)


def test_five_ways_are_learnt_beyond_chance_in_thirty_steps() -> None:
    method = maml(steps=30)
    before = method.evaluate(0)
    for step in range(1, 31):
        method.step(step)
    after = method.evaluate(30)
    assert before["accuracy_before"] == pytest.approx(0.2)  # the head starts at zero
    assert after["accuracy_after"] > before["accuracy_after"] + 0.1
    assert after["accuracy_after"] - after["accuracy_interval"] > 0.4


def test_sinusoids_are_learnt() -> None:
    method = maml(**(SINUSOIDS | {"meta_batch": 25, "lr": 1e-2, "steps": 100, "eval_tasks": 100}))
    before = method.evaluate(0)["error_after"]
    for step in range(1, 101):
        method.step(step)
    assert method.evaluate(100)["error_after"] < 0.7 * before
    assert method.key_figure == "error_after"


def test_inductive_answers_do_not_depend_on_the_other_queries() -> None:
    method = maml()
    method.step(1)
    tasks = method.draw("test", 1, generator(0, "task"))
    first = Episodes(tasks.support_x, tasks.support_y, tasks.query_x[:, :1], tasks.query_y[:, :1])
    alone = method.film(first, 2, transductive=False).outputs[0, :, 0]
    assert torch.allclose(
        method.film(tasks, 2, transductive=False).outputs[0, :, 0], alone, atol=1e-5
    )
    together = method.film(tasks, 2, transductive=True).outputs[0, :, 0]
    assert not torch.allclose(together, alone, atol=1e-2)


def test_film_ends_where_training_adapts_to() -> None:
    method = maml(inner_steps=2)
    method.step(1)
    tasks = method.draw("validation", 3, generator(0, "task"))
    loss, outputs = method.meta_loss(tasks)
    film = method.film(tasks, 2)
    assert torch.allclose(film.outputs[:, -1], outputs, atol=1e-5)
    assert film.support_loss.shape == (3, 3)
    assert (film.support_loss[:, 0] > film.support_loss[:, -1]).all()
    assert loss.requires_grad


def test_batch_norm_is_that_of_torch_and_takes_statistics_from_its_reference() -> None:
    x = torch.randn(6, 3, 4, 4, generator=generator(0))
    norm = BatchNorm(3)
    everything = torch.nn.functional.batch_norm(x, None, None, norm.weight, norm.bias, True)
    assert torch.allclose(norm(x), everything, atol=1e-6)
    assert torch.allclose(norm(x, 2)[:2], norm(x[:2]), atol=1e-6)
    changed = torch.cat([x[:3], 10 * x[3:]])
    assert torch.equal(norm(changed, 2)[:3], norm(x, 2)[:3])


@pytest.mark.parametrize("layout", ["conv4", "folded"])
def test_conv4_gives_a_logit_a_way(layout: Any) -> None:
    assert Conv4(7, 32, layout)(torch.rand(3, 1, 28, 28)).shape == (3, 7)


def test_inner_rates_stay_positive_and_are_learnt_only_when_asked() -> None:
    learnt, fixed = maml(), maml(learn_inner_lr=False)
    for method in (learnt, fixed):
        method.step(1)
    assert torch.allclose(fixed.learner.log_rates.exp(), torch.tensor(0.4))
    assert not torch.allclose(learnt.learner.log_rates.exp(), torch.tensor(0.4), atol=1e-6)


def test_snapshot_is_small_and_holds_one_task() -> None:
    arrays = maml().snapshot(0)
    assert arrays["support"].shape == (5, 28, 28)
    assert arrays["probability"].shape == (6, 25, 5)
    assert sum(array.nbytes for array in arrays.values()) < 100_000
    curve = maml(**SINUSOIDS).snapshot(0)
    assert curve["prediction"].shape == (6, *curve["curve_y"].shape)


def test_rate_falls_along_half_a_cosine() -> None:
    assert cosine(0.1, 1, 100) == 0.1
    assert cosine(0.1, 51, 100) == pytest.approx(0.05)
    assert 0 < cosine(0.1, 100, 100) < 1e-4


def test_weights_of_another_task_are_refused_in_a_sentence() -> None:
    with pytest.raises(GlimpseError, match="do not fit"):
        maml(n_way=3).load_weights(maml().weights())
