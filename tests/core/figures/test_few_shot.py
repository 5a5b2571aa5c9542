"""The figures of a task say what the arrays say, to the eye and to a screen reader."""

import base64
from io import BytesIO

import numpy as np
from PIL import Image

from core.figures.few_shot import (
    CLASS_COLOURS,
    GAP,
    LEFT,
    SEPARATION,
    SIDE,
    TaskFilm,
    class_name,
    learning_curves,
    panel_shape,
    sinusoid_fit,
    task_panel,
    task_panel_alt,
)

N_WAY, N_QUERY = 3, 2


def arrays() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Three classes, two queries each; the last query of the last class is taken for the first."""
    support = np.zeros((N_WAY, 28, 28), np.uint8)
    support[:, 10:20, 10:20] = 255
    query = np.repeat(support, N_QUERY, axis=0)
    probability = np.repeat(np.eye(N_WAY) * 0.7 + 0.1, N_QUERY, axis=0)
    probability[-1] = [0.55, 0.25, 0.2]
    return support, query, probability


def test_a_wrong_answer_is_marked_by_word_and_frame() -> None:
    figure = task_panel(*arrays())
    texts = [text for trace in figure.data if trace.type == "scatter" for text in trace.text]
    assert [text for text in texts if "✓" in text] == [
        "✓ A 80%", "✓ A 80%", "✓ B 80%", "✓ B 80%", "✓ C 80%",
    ]  # fmt: skip
    assert [text for text in texts if "✗" in text] == ["<b>✗ A</b> 55%"]
    assert len(figure.layout.shapes) == 1
    assert figure.layout.shapes[0].line.dash == "dash"


def test_ink_has_the_colour_of_the_class_a_picture_is_taken_for() -> None:
    figure = task_panel(*arrays())
    png = base64.b64decode(figure.data[0].source.partition(",")[2])
    picture = np.asarray(Image.open(BytesIO(png)))
    row = 2 * (SIDE + 11) + 15
    support_x = LEFT + 15
    wrong_x = LEFT + 2 * (SIDE + GAP) + SEPARATION + 15
    assert picture[row, support_x].tolist() == [*bytes.fromhex(CLASS_COLOURS[2][1:]), 255]
    assert picture[row, wrong_x].tolist() == [*bytes.fromhex(CLASS_COLOURS[0][1:]), 255]


def test_panel_of_twenty_ways_has_a_letter_a_row() -> None:
    pictures = np.zeros((20, 28, 28), np.uint8)
    figure = task_panel(pictures, pictures, np.eye(20))
    assert "<b>T</b>" in figure.data[1].text
    assert panel_shape(20, 1, 1) > panel_shape(5, 1, 1) > panel_shape(5, 5, 5)
    assert class_name(19) == "T"


def test_a_screen_reader_hears_how_many_are_right() -> None:
    assert task_panel_alt(arrays()[2]) == (
        "3 classes, 6 queries: 5 answered rightly, with a mean confidence of 76%."
    )


def test_curves_mark_the_step_looked_at() -> None:
    figure = learning_curves(np.array([1.6, 0.2, 0.1]), np.array([0.2, 0.9, 1.0]), 1, "Accuracy")
    marked = [trace for trace in figure.data if trace.marker.symbol == "circle-open"]
    assert [(trace.x[0], trace.y[0]) for trace in marked] == [(1, 0.9), (1, 0.2)]
    assert figure.layout.yaxis.tickformat == ".0%"


def test_sinusoid_shows_every_step_so_far() -> None:
    x = np.linspace(-5, 5, 11)
    figure = sinusoid_fit((x, np.sin(x)), (x[:3], np.sin(x[:3])), np.zeros((4, 11)), step=2)
    assert [trace.name for trace in figure.data if trace.name] == [
        "true curve", "after 2 steps", "support points",
    ]  # fmt: skip
    assert len(figure.data) == 5


def test_figures_leave_paper_and_ink_of_the_page_to_the_theme() -> None:
    x = np.linspace(-5, 5, 11)
    for figure in (
        task_panel(*arrays()),
        learning_curves(np.ones(2), np.ones(2), 0, "Accuracy"),
        sinusoid_fit((x, x), (x, x), np.zeros((2, 11)), 1),
    ):
        assert figure.layout.paper_bgcolor is None
        assert figure.layout.font.color is None


def test_accuracy_of_a_film_counts_right_answers_at_each_step() -> None:
    support, query, probability = arrays()
    film = TaskFilm(support, query, np.stack([probability, probability[::-1]]), np.zeros(2))
    np.testing.assert_allclose(film.accuracy, [5 / 6, 3 / 6])
