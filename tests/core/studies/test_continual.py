"""The study of streams, on a small one: against the method that trains on them step by step."""

import pytest
import torch

from core.methods.lifelong.config import LifelongConfig
from core.methods.lifelong.learners import make_learners
from core.methods.lifelong.method import Lifelong
from core.methods.lifelong.stream import arrivals
from core.seeding import generator
from core.studies import continual, orders

MET, K_SHOT = (3, 7), 15
SMALL = LifelongConfig(
    steps=MET[-1], k_shot=K_SHOT, source="digits", features="untrained", replay=2, eval_every=1
)


@pytest.fixture
def method(monkeypatch: pytest.MonkeyPatch) -> Lifelong:
    monkeypatch.setattr(continual, "MET", MET)
    return Lifelong(SMALL)


def test_the_study_judges_as_the_method_does(method: Lifelong) -> None:
    stream = arrivals(MET[-1], K_SHOT, 1.0, generator(0, "arrivals"))
    width = method.features.shape[-1]
    learners = make_learners(SMALL.features, width, MET[-1], SMALL.replay, SMALL.seed)
    followed = {
        name: continual.follow(learner, learner.sees(method.drawings), stream)
        for name, learner in learners.items()
    }
    for step in range(1, MET[-1] + 1):
        method.step(step)
        if step in MET:
            scalars = method.validate(step)
            for name, (held_out, _, _) in followed.items():
                assert held_out[MET.index(step)] == pytest.approx(scalars[f"{name}_accuracy"])
    for held_out, learnt, seconds in followed.values():
        assert len(held_out) == len(learnt) == len(MET) and seconds > 0
    _, learnt, _ = followed["ridge"]
    assert learnt[-1] == 1.0, "2,000 random features tell 105 drawings apart"


def test_a_race_has_fine_tuning_in_both_orders(method: Lifelong) -> None:
    found = continual.race(method.drawings, SMALL.features, order=0, without=("lda",))
    both = {
        "tuning", "tuning_shuffled", "replay", "maml", "means", "ridge",
    }  # fmt: skip
    assert found.held_out.keys() == found.learnt.keys() == found.seconds.keys() == both
    summary = continual._summary([found, found])
    for name in both:
        for (mean, interval), value in zip(
            summary[name]["held_out"], found.held_out[name], strict=True
        ):
            assert mean == pytest.approx(value, abs=1e-4) and interval == 0


def test_the_end_of_an_order_is_that_of_the_method(method: Lifelong) -> None:
    for step in range(1, MET[-1] + 1):
        method.step(step)
    assert orders.at_the_end(SMALL) == method.snapshot(MET[-1])["right"].tolist()


def test_intervals_are_of_the_mean_over_orders() -> None:
    values = torch.tensor([0.5, 0.6, 0.7, 0.8])
    ((mean, interval),) = continual._intervals([[v] for v in values.tolist()])
    assert mean == pytest.approx(0.65)
    assert interval == pytest.approx(1.96 * values.std().item() / 2, abs=0.01)
