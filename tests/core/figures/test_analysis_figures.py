"""The figures of adaptation say what the numbers say, true to scale, on paper of any colour."""

import math

import numpy as np
import plotly.graph_objects as go
import pytest

from core.figures.analysis import (
    ADAPTED_COLOUR,
    INITIALISATION_COLOUR,
    LOSS_FLOOR,
    Surface,
    gradient_triangle,
    layer_movement,
    loss_surface,
    similarity_bars,
)
from core.figures.numbers import distinct_digits, two_digits

LAYERS = ("layer 1", "layer 2", "head")


def movement_figure() -> go.Figure:
    relative = np.array([[0.0, 0.0, np.nan], [0.0021, 0.0046, np.nan]])
    share = np.array([0.002, 0.005, 0.993])
    return layer_movement(LAYERS, relative, relative / 10, share, top=0.01)


def surface_of(losses: np.ndarray) -> Surface:
    x, y = np.linspace(-2, 2, 5), np.linspace(-1, 1, 3)
    path = np.array([[-1.5, 0.2], [0.0, -0.2], [1.5, 0.1]])
    return Surface(x, y, losses, path, np.array([1.6, 0.8, 0.2]))


def test_movement_tells_each_layer_and_step_in_per_cent() -> None:
    figure = movement_figure()
    heat = figure.data[0]
    np.testing.assert_allclose(heat.z[1], [0, 0.46])
    assert (heat.zmin, heat.zmax) == (0, 1)
    written = [trace for trace in figure.data if trace.type == "scatter"]
    texts = {trace.y[0]: list(trace.text) for trace in written}
    assert texts == {
        "layer 1": ["0", "0.21"], "layer 2": ["0", "0.46"], "head": ["", ""],
    }  # fmt: skip
    notes = [note for note in figure.layout.annotations if "no ratio" in note.text]
    assert [note.y for note in notes] == ["head"]
    assert list(figure.data[-1].text) == ["0.20%", "0.50%", "99.30%"]


@pytest.mark.parametrize(
    ("value", "whole", "expected"),
    [(0, 100, "0.00"), (100, 100, "100.00"), (0.5, 100, "0.50"), (99.9999, 100, "99.9999"),
     (0.00004, 100, "0.00004"), (1e-9, 100, "0.00"), (0.99996, 1, "0.99996"),
     (1 - 1e-9, 1, "1.0000")],
)  # fmt: skip
def test_nearly_all_is_not_written_as_all(value: float, whole: float, expected: str) -> None:
    assert distinct_digits(value, whole, 2 if whole == 100 else 4) == expected


def test_small_distances_keep_two_digits() -> None:
    shown = [two_digits(value) for value in (0.0, 0.0000631, 0.00631, 0.664, 0.2, 12.3)]
    assert shown == ["0", "0.000063", "0.0063", "0.66", "0.2", "12"]


def test_similarity_has_a_bar_for_each_start_and_a_yardstick() -> None:
    value = np.array([0.9999, 0.9876])
    similar = {"MAML": (value, value / 100), "Random": (value - 0.1, value / 100)}
    figure = similarity_bars(LAYERS[:2], similar, unlike=np.array([0.9, 0.6]))
    bars = {trace.name: trace for trace in figure.data if trace.type == "bar"}
    assert list(bars["MAML"].text) == ["0.9999", "0.9876"]
    assert list(bars["Random"].x) == pytest.approx([0.8999, 0.8876])
    assert bars["MAML"].legendrank < bars["Random"].legendrank
    assert list(figure.data[-1].x) == [0.9, 0.6]


def test_surface_has_one_scale_and_the_path_from_theta() -> None:
    losses = np.geomspace(0.1, 10, 15).reshape(3, 5)
    figure = loss_surface(surface_of(losses), (0.05, 20), "Loss", INITIALISATION_COLOUR)
    contour = figure.data[0]
    np.testing.assert_allclose(contour.z, np.log10(losses))
    assert (contour.zmin, contour.zmax) == pytest.approx((math.log10(0.05), math.log10(20)))
    named = dict(zip(contour.colorbar.ticktext, contour.colorbar.tickvals, strict=True))
    assert named["0.5"] == pytest.approx(math.log10(0.5))
    assert set(named) == {"0.05", "0.1", "0.2", "0.5", "1", "2", "5", "10", "20"}
    assert figure.layout.yaxis.scaleanchor == "x"
    start, end = figure.data[2:]
    assert (start.x[0], start.y[0], start.marker.color) == (-1.5, 0.2, INITIALISATION_COLOUR)
    assert (end.x[0], end.y[0], end.marker.color) == (1.5, 0.1, ADAPTED_COLOUR)


def test_a_loss_of_zero_is_the_floor_of_the_surface() -> None:
    figure = loss_surface(surface_of(np.zeros((3, 5))), (0.0, 2.0), "Loss", INITIALISATION_COLOUR)
    assert np.all(figure.data[0].z == math.log10(LOSS_FLOOR))
    assert figure.data[0].zmin == math.log10(LOSS_FLOOR)


@pytest.mark.parametrize("angle", [47.0, 120.0])
def test_arrows_close_to_a_triangle_of_the_given_sides(angle: float) -> None:
    whole, first = 2.0, 1.5
    turn = math.radians(angle)
    second = math.sqrt(whole**2 + first**2 - 2 * whole * first * math.cos(turn))
    figure = gradient_triangle(whole, first, second, angle)
    arrows = figure.layout.annotations
    lengths = [math.hypot(arrow.x - arrow.ax, arrow.y - arrow.ay) for arrow in arrows]
    assert lengths == pytest.approx([whole, first, second])
    assert math.degrees(math.atan2(arrows[0].y, arrows[0].x)) == pytest.approx(angle)
    assert (arrows[2].x, arrows[2].y) == (arrows[0].x, arrows[0].y)
    low, high = figure.layout.xaxis.range
    assert all(low < end < high for arrow in arrows for end in (arrow.x, arrow.ax))
    assert figure.layout.yaxis.scaleanchor == "x"
    assert f"<b>{angle:.0f}°</b>" in [trace.text for trace in figure.data]


def test_figures_leave_paper_and_ink_of_the_page_to_the_theme() -> None:
    for figure in (
        movement_figure(),
        similarity_bars(LAYERS, {"MAML": (np.ones(3), np.zeros(3))}, np.ones(3)),
        loss_surface(surface_of(np.ones((3, 5))), (0.5, 2), "Loss", INITIALISATION_COLOUR),
        gradient_triangle(1, 1, 1, 60),
    ):
        assert figure.layout.paper_bgcolor is None
        assert figure.layout.font.color is None
