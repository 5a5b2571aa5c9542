"""The race by the clock: what is shipped is what would be measured again."""

import json

import pytest

from core.methods.few_shot.config import FewShotConfig
from core.methods.few_shot.method import FewShot
from core.methods.few_shot.task_sources import Shape
from core.paths import ASSETS
from core.seeding import generator
from core.studies.race_by_the_clock import COMMAND, N_WAY, SECONDS, TRAINED, train_for
from core.studies.task_averages import K_SHOT, N_QUERY, STEPS, tasks_of
from core.zoo.weights import load_shipped

SHIPPED = json.loads((ASSETS / "clock.json").read_text())


def test_the_shipped_file_has_every_algorithm_after_every_time() -> None:
    assert SHIPPED["command"] == COMMAND
    assert tuple(SHIPPED["seconds"]) == SECONDS
    assert (SHIPPED["n_way"], SHIPPED["k_shot"]) == (N_WAY, K_SHOT)
    assert (SHIPPED["inner_steps"], SHIPPED["tasks"]) == (STEPS, tasks_of(N_WAY))
    assert SHIPPED["hardware"].startswith("1 thread of")
    assert tuple(SHIPPED["reached"]) == TRAINED
    for reached in SHIPPED["reached"].values():
        for each, seconds in zip(reached, SECONDS, strict=True):
            assert each["seconds"] == pytest.approx(seconds, rel=0.25)
            assert 0 < each["interval"] < 0.02


def test_more_time_makes_more_updates_and_better_networks() -> None:
    for name, reached in SHIPPED["reached"].items():
        steps = [each["steps"] for each in reached]
        assert steps == sorted(steps), name
        gain = reached[-1]["mean"] - reached[0]["mean"]
        assert gain > reached[-1]["interval"] + reached[0]["interval"], name


def test_what_is_reported_is_the_accuracy_of_the_network_that_was_trained(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Against a network trained here for as many steps, on the first of the tasks."""
    monkeypatch.setattr("core.studies.race_by_the_clock.tasks_of", lambda _: 20)
    config = load_shipped("race-protonet").config
    assert isinstance(config, FewShotConfig)
    found = train_for(0.5, config)
    method = FewShot(config.model_copy(update={"steps": found["steps"], "device": "cpu"}))
    for step in range(1, int(found["steps"]) + 1):
        method.step(step)
    shape, random = Shape(N_WAY, K_SHOT, N_QUERY), generator("task averages", "omniglot", 0)
    tasks = method.source.draw("test", 20, shape, random)
    right = method.adapt(tasks, STEPS).outputs[:, -1].argmax(-1) == tasks.query_y
    assert found["mean"] == pytest.approx(right.float().mean().item(), abs=1e-4)
    assert 0.2 < found["mean"] < 0.99
