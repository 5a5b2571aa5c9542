"""A table read back by Python's own reader is what was written."""

import csv
from io import StringIO

import numpy as np
import pytest

from core.errors import GlimpseError
from core.export.table import Cell, csv_table, film_table
from core.figures.few_shot import TaskFrames
from tests.helpers.task_films import N_QUERY, N_WAY, STEPS, diverged, film, undecided_at_first


def read(table: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(table.decode(), newline=""), strict=True))


def test_a_film_has_a_row_for_each_step_and_query() -> None:
    task = film()
    rows = list(csv.DictReader(StringIO(film_table(task).decode(), newline="")))
    assert list(rows[0]) == [
        "step", "query", "true_class", "predicted_class", "confidence", "right", "support_loss",
    ]  # fmt: skip
    shape = STEPS + 1, N_WAY * N_QUERY
    assert len(rows) == shape[0] * shape[1]

    def column(name: str) -> np.ndarray:
        return np.array([row[name] for row in rows]).reshape(shape)

    np.testing.assert_array_equal(column("step").astype(int), np.indices(shape)[0])
    np.testing.assert_array_equal(column("query").astype(int), np.indices(shape)[1])
    assert "".join(column("true_class")[0]) == "AABBCC"
    predicted = np.vectorize("ABC".index)(column("predicted_class"))
    np.testing.assert_array_equal(predicted, task.probability.argmax(-1))
    confidence = column("confidence").astype(np.float32)
    np.testing.assert_array_equal(confidence, task.probability.max(-1))  # to the last bit
    np.testing.assert_array_equal(column("right").astype(float).mean(1), task.accuracy)
    np.testing.assert_array_equal(
        column("support_loss").astype(np.float32)[:, 0], task.support_loss
    )


def test_who_is_undecided_predicts_no_class() -> None:
    rows = read(film_table(undecided_at_first()))[1:]
    assert [row[3] for row in rows[: N_WAY * N_QUERY]] == ["?"] * (N_WAY * N_QUERY)
    assert {float(row[5]) for row in rows[: N_WAY * N_QUERY]} == {1 / N_WAY}, "as a guess"
    assert {row[5] for row in rows[N_WAY * N_QUERY :]} == {"0", "1"}
    assert "?" not in {row[3] for row in rows[N_WAY * N_QUERY :]}


@pytest.mark.parametrize("task", [film(), undecided_at_first(), film(n_way=5)])
def test_the_answers_of_a_step_average_to_the_accuracy_on_the_page(task: TaskFrames) -> None:
    rows = list(csv.DictReader(StringIO(film_table(task).decode(), newline="")))
    shape = len(task.support_loss), len(task.query)
    right = np.array([float(row["right"]) for row in rows]).reshape(shape)
    np.testing.assert_allclose(right.mean(1), task.accuracy)


def test_numbers_are_plain_decimals_that_read_back() -> None:
    numbers: list[Cell] = [
        0.1,
        1e-12,
        123456789012345680.0,
        np.float32(1) / 3,
        -2.5,
        np.int64(7),
        3,
        True,
    ]
    [_header, row] = read(csv_table([f"n{i}" for i in range(8)], [numbers]))
    assert not [text for text in row if "e" in text.lower()]
    assert [float(text) for text in row[:3]] == numbers[:3]
    assert np.float32(row[3]) == numbers[3]
    assert row[4:] == ["-2.5", "7", "3", "1"]


def test_what_is_no_number_says_so() -> None:
    [_header, row] = read(csv_table(["a", "b", "c"], [[np.nan, np.inf, -np.inf]]))
    assert row == ["nan", "inf", "-inf"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\r=1", "＝1"])
def test_a_text_is_never_a_formula(text: str) -> None:
    table = read(csv_table([text], [[text]]))
    assert table == [[f"'{text}"], [f"'{text}"]]


def test_texts_with_commas_quotes_and_lines_survive() -> None:
    texts = ["a,b", 'say "no"', "two\r\nlines", "", "Ω"]
    table = csv_table(["x"] * 5, [texts])
    assert read(table)[1] == texts
    assert table.startswith(b"x,x,x,x,x\r\n") and table.endswith(b"\r\n")


def test_a_film_that_diverged_is_one_sentence() -> None:
    with pytest.raises(GlimpseError, match="some values are not finite numbers"):
        film_table(diverged())
