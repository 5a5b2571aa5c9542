"""The figures of a task say what the arrays say, to the eye and to a screen reader."""

import base64
from io import BytesIO

import numpy as np
import plotly.graph_objects as go
import pytest
from PIL import Image

from core.figures.few_shot import (
    TaskFrames,
    learning_curves,
    panel_shape,
    task_panel,
    task_panel_alt,
)
from core.figures.panel_layout import CAPTION, SEPARATION, PanelLayout, panel_layout
from core.figures.pictures import CLASS_COLOURS, FINE, GREY, SIDE, WRONG, class_name, rgb

N_WAY, N_QUERY = 3, 2


def arrays() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Three classes, two queries each; the very last query is predicted as the first class."""
    support = np.zeros((N_WAY, 28, 28), np.uint8)
    support[:, 10:20, 10:20] = 255
    query = np.repeat(support, N_QUERY, axis=0)
    probability = np.repeat(np.eye(N_WAY) * 0.7 + 0.1, N_QUERY, axis=0)
    probability[-1] = [0.55, 0.25, 0.2]
    return support, query, probability


def picture(figure: go.Figure) -> np.ndarray:
    """The pictures of a panel RGBA, as the browser decodes them."""
    png = base64.b64decode(figure.data[0].source.partition(",")[2])
    return np.asarray(Image.open(BytesIO(png)))


def at(figure: go.Figure, x: float, y: float) -> list[int]:
    """The pixel at (x, y) units of a panel, where its axes put it."""
    image = figure.data[0]
    column, row = round((x - image.x0) / image.dx), round((y - image.y0) / image.dy)
    return [int(value) for value in picture(figure)[row, column]]


def texts(figure: go.Figure) -> list[str]:
    return [text for trace in figure.data if trace.type == "scatter" for text in trace.text or ()]


def test_a_wrong_answer_is_marked_by_word_and_frame() -> None:
    figure = task_panel(*arrays())
    answers = [text for text in texts(figure) if "%" in text]
    assert answers == [
        "✓ A 80%", "✓ A 80%", "✓ B 80%", "✓ B 80%", "✓ C 80%", "<b>✗ A</b> 55%",
    ]  # fmt: skip
    layout = panel_layout(N_WAY, 1, N_QUERY)
    red = (picture(figure) == [*rgb(WRONG), 255]).all(-1)
    rows, columns = np.nonzero(red)
    x, y = layout.query(2, 1)
    around = FINE * np.array([x - 2, x + SIDE + 2, CAPTION + y - 2, CAPTION + y + SIDE + 2])
    assert [columns.min(), columns.max() + 1, rows.min(), rows.max() + 1] == around.tolist()
    assert red.sum() < 0.7 * 4 * FINE * 2 * FINE * (SIDE + 4)  # dashes, with gaps


def test_ink_has_the_colour_of_the_predicted_class() -> None:
    figure = task_panel(*arrays())
    layout = panel_layout(N_WAY, 1, N_QUERY)
    for (x, y), colour in (
        (layout.shot(2, 0), CLASS_COLOURS[2]),
        (layout.query(1, 1), CLASS_COLOURS[1]),
        (layout.query(2, 1), CLASS_COLOURS[0]),
    ):
        assert at(figure, x + 15, y + 15) == [*rgb(colour), 255]


def test_where_all_classes_are_equally_likely_there_is_no_answer() -> None:
    support, query, probability = arrays()
    figure = task_panel(support, query, np.full_like(probability, 1 / N_WAY))
    assert [text for text in texts(figure) if "%" in text] == ["? 33%"] * 6
    x, y = panel_layout(N_WAY, 1, N_QUERY).query(0, 0)
    assert at(figure, x + 15, y + 15) == [*rgb(GREY), 255]
    frames = TaskFrames(support, query, np.full((1, 6, N_WAY), 1 / N_WAY), np.zeros(1))
    assert frames.accuracy.tolist() == [pytest.approx(1 / 3)]


def test_the_eleventh_class_is_told_from_the_first() -> None:
    pictures = np.zeros((11, 28, 28), np.uint8)
    pictures[:, 10:20, 10:20] = 255
    figure = task_panel(pictures, pictures, np.eye(11))
    layout = panel_layout(11, 1, 1)
    colour = [*rgb(CLASS_COLOURS[0]), 255]
    for label, ink, paper in ((0, colour, None), (10, [255, 255, 255, 255], colour)):
        x, y = layout.query(label, 0)
        assert at(figure, x + 15, y + 15) == ink
        assert paper is None or at(figure, x + 3, y + 3) == paper


@pytest.mark.parametrize("n_way", range(2, 21))
@pytest.mark.parametrize("k_shot", [1, 2, 5, 10])
def test_no_two_pictures_of_a_layout_overlap(n_way: int, k_shot: int) -> None:
    layout = panel_layout(n_way, k_shot, 5)
    taken = np.zeros((layout.height, layout.width), int)
    for label in range(n_way):
        for index in range(k_shot):
            x, y = layout.shot(label, index)
            taken[y : y + layout.shot_side, x : x + layout.shot_side] += 1
        for index in range(layout.n_query):
            x, y = layout.query(label, index)
            taken[y : y + SIDE, x : x + SIDE] += 1
    area = n_way * (k_shot * layout.shot_side**2 + layout.n_query * SIDE**2)
    assert taken.max() == 1
    assert taken.sum() == area  # none sticks out


def test_many_ways_stand_in_blocks_and_show_fewer_queries() -> None:
    assert PanelLayout(20, 1, 3) == panel_layout(20, 1, 5)
    assert (panel_layout(20, 1, 5).blocks, panel_layout(20, 1, 5).rows) == (4, 5)
    assert (panel_layout(5, 1, 5).blocks, panel_layout(5, 1, 5).n_query) == (1, 5)
    large = panel_layout(20, 10, 5)
    assert large.corner(7) == (large.block_width + SEPARATION, 0)
    assert panel_shape(5, 1, 5) > panel_shape(20, 1, 5)
    figure = task_panel(np.zeros((20, 28, 28), np.uint8), np.zeros((100, 28, 28), np.uint8),
                        np.repeat(np.eye(20), 5, axis=0))  # fmt: skip
    assert "<b>T</b>" in texts(figure)
    assert sum("✓" in text for text in texts(figure)) == 60
    assert class_name(19) == "T"


def test_the_pointer_shows_the_likeliest_classes() -> None:
    figure = task_panel(*arrays())
    assert figure.data[-1].hovertext[-1] == (
        "A query of class <b>C</b>, predicted as<br>A 55.0%<br>B 25.0%<br>C 20.0%"
    )


def test_a_screen_reader_hears_how_many_are_right() -> None:
    assert task_panel_alt(arrays()[2]) == (
        "3 classes, 6 queries: 5 classified correctly, with a mean confidence of 76%."
    )
    undecided = np.full((6, 3), 1 / 3)
    assert task_panel_alt(undecided).endswith("6 queries: all are guesses, of which 33% are right.")


def test_curves_mark_the_chosen_step() -> None:
    figure = learning_curves(np.array([1.6, 0.2, 0.1]), np.array([0.2, 0.9, 1.0]), 1, "Accuracy")
    marked = [trace for trace in figure.data if trace.marker.symbol == "circle-open"]
    assert [(trace.x[0], trace.y[0]) for trace in marked] == [(1, 0.9), (1, 0.2)]
    assert figure.layout.yaxis.tickformat == ".0%"


def test_without_a_step_the_curves_have_one_tick() -> None:
    layout = learning_curves(np.array([1.6]), np.array([0.2]), 0, "Accuracy").layout
    assert layout.xaxis.tickvals == layout.xaxis2.tickvals == (0,)


def test_figures_leave_paper_and_ink_of_the_page_to_the_theme() -> None:
    for figure in (
        task_panel(*arrays()),
        learning_curves(np.ones(2), np.ones(2), 0, "Accuracy"),
    ):
        assert figure.layout.paper_bgcolor is None
        assert figure.layout.font.color is None


def test_accuracy_counts_right_answers_at_each_step() -> None:
    support, query, probability = arrays()
    frames = TaskFrames(support, query, np.stack([probability, probability[::-1]]), np.zeros(2))
    np.testing.assert_allclose(frames.accuracy, [5 / 6, 3 / 6])
