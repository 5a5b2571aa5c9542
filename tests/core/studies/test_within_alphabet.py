"""One-shot classification within an alphabet: what is measured, and how it is written."""

import pytest

from core.methods.few_shot.inner_loop import Statistics
from core.methods.few_shot.method import FewShot
from core.seeding import generator
from core.studies.within_alphabet import (
    KINDS,
    NETWORKS,
    PUBLISHED,
    SHAPE,
    SOURCE,
    TICKS,
    Row,
    measure,
    table,
)
from core.zoo.weights import load_shipped_method


def test_every_network_is_measured_in_every_way_on_the_same_tasks() -> None:
    ticks: list[None] = []
    rows = measure(lambda: ticks.append(None), n_tasks=20)
    assert len(rows) == len(ticks) == TICKS
    assert len({(row.network, row.statistics, row.shifted_views) for row in rows}) == TICKS
    assert all(0.01 < row.error < 0.6 for row in rows), "chance is 0.95"


@pytest.mark.parametrize("statistics", ["transductive", "inductive"])
def test_an_error_is_the_share_of_wrong_answers(statistics: Statistics) -> None:
    method = load_shipped_method("strokes", FewShot)
    tasks = SOURCE.draw("test", 20, SHAPE, generator(method.config.seed, "held out", "test"))
    answers = method.adapt(tasks, method.config.inner_steps, statistics).outputs[:, -1].argmax(-1)
    wrong = (answers != tasks.query_y).double().mean().item()
    rows = measure(lambda: None, n_tasks=20)
    (row,) = [
        each
        for each in rows
        if (each.network.weights, *each[1:3]) == ("strokes", statistics, False)
    ]
    assert row.error == pytest.approx(wrong, abs=1e-6)


def test_the_table_has_measured_and_published_errors() -> None:
    rows = [Row(NETWORKS[0], *kind, error=0.1234, interval=0.0056) for kind in KINDS]
    text = table(rows)
    assert "| transductive | 1 | 12.3 ± 0.6 |" in text and "| inductive | 5 | 12.3 ± 0.6 |" in text
    assert all(f"*published: {title}* | {seen}" in text for title, seen, _ in PUBLISHED)
    assert len({line.count("|") for line in text.splitlines()}) == 1
