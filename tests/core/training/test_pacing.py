"""Minutes as steps: what fits is what a run would take, and timing it leaves no trace."""

import random
import time

import pytest
import torch

from core.errors import GlimpseError
from core.methods.lifelong.config import LifelongConfig
from core.training import pacing
from core.training.pace import Pace
from core.training.pacing import measure, steps_in
from tests.helpers.toy import Toy, ToyConfig


def spent(pace: Pace, config: ToyConfig, steps: int) -> float:
    """What a run takes, added up step by step as the loop goes through them."""
    seconds = pace.evaluation + pace.snapshot
    for step in range(1, steps + 1):
        seconds += pace.step
        seconds += pace.evaluation * (step % config.eval_every == 0 or step == steps)
        seconds += pace.snapshot * (step % config.snapshot_every == 0 or step == steps)
    return seconds


def test_as_many_steps_as_the_loop_gets_through() -> None:
    chance = random.Random(0)
    for _ in range(50):
        pace = Pace(*(chance.uniform(0.001, 0.1) for _ in range(3)))
        config = ToyConfig(eval_every=chance.randint(1, 40), snapshot_every=chance.randint(1, 40))
        seconds = chance.uniform(1, 20)
        steps = pace.steps_in(config, seconds)
        assert spent(pace, config, steps) <= seconds < spent(pace, config, steps + 1)


def test_a_time_too_short_for_anything_is_one_step() -> None:
    assert Pace(step=5, evaluation=60, snapshot=1).steps_in(ToyConfig(), seconds=1) == 1


def test_half_of_the_time_is_for_steps_where_evaluations_would_fill_it() -> None:
    """Two evaluations of 30 s in a minute: a run takes longer, but not for a single step."""
    config = ToyConfig(eval_every=1000, snapshot_every=1000)
    pace = Pace(step=0.5, evaluation=30, snapshot=1)
    assert pace.steps_in(config, seconds=60) == 60  # half a minute of them
    assert Pace(0.5, 10, 1).steps_in(config, seconds=60) == 76  # in all that is left


def test_a_step_is_what_it_takes() -> None:
    """20 ms and next to nothing else: 150 fit into three seconds, fewer on a busy machine."""
    assert 50 < steps_in("toy", ToyConfig(sleep_ms=20), minutes=0.05) <= 150


def test_evaluations_and_pictures_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Toy, "validate", lambda _self, _step: time.sleep(0.2))
    monkeypatch.setattr(Toy, "snapshot", lambda _self, _step: time.sleep(0.1))
    pace = measure("toy", ToyConfig(sleep_ms=20))
    assert 0.02 <= pace.step < 0.06
    assert 0.2 <= pace.evaluation < 0.4
    assert 0.1 <= pace.snapshot < 0.3


def test_the_first_step_is_a_warm_up_and_one_that_stumbles_changes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        Toy, "step", lambda _self, step: time.sleep(0.5 if step in (1, 3) else 0.005)
    )
    assert measure("toy", ToyConfig()).step < 0.1


def test_no_schedule_ends_while_it_is_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Toy, "step", lambda self, step: 1 / (self.config.steps - step))
    assert measure("toy", ToyConfig(steps=3)).step > 0


def test_threads_are_those_of_a_worker_and_nothing_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    def step(_self: Toy, _step: int) -> None:
        torch.rand(1)
        seen.append(torch.get_num_threads())

    monkeypatch.setattr(Toy, "step", step)
    monkeypatch.setenv("GLIMPSE_THREADS", "2")
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        state = torch.get_rng_state()
        measure("toy", ToyConfig())
        assert set(seen) == {2}
        assert torch.get_num_threads() == 1
        assert torch.equal(torch.get_rng_state(), state)
    finally:
        torch.set_num_threads(threads)


@pytest.mark.parametrize("minutes", [0, -1, float("nan"), float("inf"), 1441])
def test_minutes_that_are_none_are_refused_before_anything_is_timed(
    minutes: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pacing, "measure", lambda *_: pytest.fail("timed all the same"))
    with pytest.raises(GlimpseError, match=r"minutes .* cannot be used: choose more than 0"):
        steps_in("toy", ToyConfig(), minutes)


def test_a_run_has_no_more_steps_than_its_settings_allow() -> None:
    config = LifelongConfig(steps=10, source="digits", features="pixels", k_shot=1)
    assert 1 <= steps_in("lifelong", config, 1.0) <= 10
    assert Pace(1e-9, 0, 0).steps_in(config, 60) == 10
