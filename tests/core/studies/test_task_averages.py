"""The averages over tasks: what is shipped is what would be measured again."""

import json

import pytest
import torch

from core.evaluation.few_shot import accuracy, estimate
from core.methods.few_shot.method import FewShot
from core.methods.few_shot.task_sources import Shape, TaskSource
from core.paths import ASSETS
from core.seeding import generator
from core.studies.task_averages import (
    COMMAND,
    K_SHOT,
    KINDS,
    PAGE,
    RANDOM,
    STEPS,
    WAYS,
    average,
    tasks_of,
)
from core.zoo.initialisations import RACE, load_initialisation
from core.zoo.weights import load_shipped_method

SHIPPED = json.loads((ASSETS / "tasks.json").read_text())


def test_the_shipped_file_has_every_kind_network_and_step() -> None:
    assert SHIPPED["command"] == COMMAND
    assert SHIPPED["tasks"] == {str(ways): tasks_of(ways) for ways in (5, 10, 12, 20)}
    assert SHIPPED["k_shot"] == K_SHOT
    measured = {origin: tuple(map(int, ways)) for origin, ways in SHIPPED["accuracy"].items()}
    assert measured == WAYS
    names = [PAGE, *(each.weights or RANDOM for each in RACE)]
    for kinds in (kinds for ways in SHIPPED["accuracy"].values() for kinds in ways.values()):
        assert list(kinds) == list(KINDS)
        for curves in kinds.values():
            assert list(curves) == names
            for curve in curves.values():
                assert len(curve["mean"]) == len(curve["interval"]) == STEPS + 1


@pytest.mark.parametrize("statistics", KINDS)
def test_fewer_tasks_have_about_the_shipped_average(statistics: str) -> None:
    network = load_shipped_method(PAGE, FewShot)
    for name, method in ((PAGE, network), (RANDOM, load_initialisation(RACE[-1]))):
        found = average(method, "strokes", 5, statistics, n_tasks=25)  # type: ignore[arg-type]
        shipped = SHIPPED["accuracy"]["strokes"]["5"][statistics][name]
        for mean, interval, expected in zip(
            found["mean"], found["interval"], shipped["mean"], strict=True
        ):
            assert abs(mean - expected) <= 2.5 * interval + 1e-4


def test_on_the_same_first_tasks_protonet_is_ahead_of_maml() -> None:
    """Their means are near each other; the difference on the same tasks has a smaller interval."""
    source, shape = TaskSource("omniglot"), Shape(20, K_SHOT, 5)
    networks = [load_initialisation(each) for each in RACE if each.title in ("MAML", "ProtoNet")]
    differences = []
    for part in range(10):
        tasks = source.draw("test", 20, shape, generator("paired", part))
        maml, protonet = (accuracy(each.adapt(tasks, STEPS), tasks)[:, -1] for each in networks)
        differences.append(protonet - maml)
    found = estimate(torch.cat(differences))
    assert found.n_tasks == tasks_of(20)
    assert found.mean > found.interval
