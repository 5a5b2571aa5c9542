"""The race: lines with their names, pictures with their answers, from arrays."""

import base64
from collections.abc import Sequence
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from skimage.color import rgb2lab

from core.figures.pictures import CLASS_COLOURS, FINE, GREY, SIDE, TIGHT, WRONG, rgb
from core.figures.race import (
    AXIS_TOP,
    LABEL_SHARE,
    LOOKS,
    OWN_LOOK,
    Lane,
    answer_picture,
    race_curves,
    spread,
)

CURVES = (  # of seven initialisations, at three steps
    (0.2, 0.96, 0.97), (0.2, 0.94, 0.97), (0.2, 0.9, 0.95), (0.2, 0.8, 0.97),
    (0.98, 0.98, 0.98), (0.2, 0.7, 0.72), (0.2, 0.4, 0.44),
)  # fmt: skip
TITLES = ("MAML", "First-order", "ANIL", "Reptile", "ProtoNet", "Supervised", "Random")


DICHROMACY = {
    "none": np.eye(3),
    "protan": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                        [-0.003882, -0.048116, 1.051998]]),
    "deutan": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                        [-0.011820, 0.042940, 0.968881]]),
    "tritan": np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                        [0.004733, 0.691367, 0.303900]]),
}  # fmt: skip
LUMINANCE = np.array([0.2126, 0.7152, 0.0722])


def linear(colour: Sequence[float]) -> np.ndarray:
    """sRGB from 0 to 255 as light from 0 to 1."""
    share = np.asarray(colour)[:3] / 255
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def lab(colour: Sequence[float], seen_as: np.ndarray) -> np.ndarray:
    """A colour in CIE Lab, as people see it whose sight `seen_as` (3, 3) says."""
    pair = np.stack([linear(colour), np.ones(3)])
    light = (pair @ seen_as.T).clip(0, 1)
    shown = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    found: np.ndarray = rgb2lab(shown)[0]
    return found


def lanes(interval: float | None = None) -> list[Lane]:
    half = None if interval is None else np.full(3, interval)
    return [Lane(title, np.array(curve), half) for title, curve in zip(TITLES, CURVES, strict=True)]


def test_every_line_is_named_at_its_end_in_its_own_look() -> None:
    figure = race_curves(lanes(), 1, 0.2)
    lines = {trace.name: trace for trace in figure.data}
    assert list(lines) == [*reversed(TITLES)]  # the first is drawn last, on top
    np.testing.assert_array_equal(lines["Reptile"].y, CURVES[3])
    names = [note for note in figure.layout.annotations if "<b>" in note.text]
    for note, title, curve, look in zip(names, TITLES, CURVES, LOOKS, strict=True):
        assert note.text == f"<b>{title}</b> {curve[-1]:.0%}"  # as where the line ends
        assert (note.x, note.y, note.font.color) == (2, curve[-1], look.colour)
        assert lines[title].line.color == look.colour
    assert len({(look.colour, look.dash) for look in LOOKS}) == len(LOOKS)
    assert len({look.dash for look in LOOKS}) > 3  # not told apart by colour alone


def test_a_network_of_one_s_own_is_told_apart_by_the_colour_blind_too() -> None:
    """Machado et al. 2009, complete dichromacy; a difference of 10 in Lab is seen at a glance."""
    own = rgb(OWN_LOOK.colour)
    for matrix in DICHROMACY.values():
        for look in LOOKS:
            assert np.linalg.norm(lab(own, matrix) - lab(rgb(look.colour), matrix)) > 20
            assert OWN_LOOK.dash != look.dash
    for page in ("#fdfdfc", "#0f1420"):  # light and dark
        low, high = sorted(float(LUMINANCE @ linear(rgb(each))) for each in (OWN_LOOK.colour, page))
        assert (high + 0.05) / (low + 0.05) > 3


def test_lines_have_the_looks_that_are_given() -> None:
    figure = race_curves(lanes()[:2], 1, 0.2, [LOOKS[0], OWN_LOOK])
    lines = {trace.name: trace.line for trace in figure.data}
    assert lines["First-order"].color == OWN_LOOK.colour
    (name,) = [note for note in figure.layout.annotations if "First-order" in note.text]
    assert name.font.color == OWN_LOOK.colour


def test_the_chosen_step_and_guessing_are_marked() -> None:
    shapes = race_curves(lanes(), 1, 0.2).layout.shapes
    assert [(line.x0, line.x1) for line in shapes if line.yref == "paper"] == [(1, 1)]
    assert [(line.y0, line.y1) for line in shapes if line.xref == "paper"] == [(0.2, 0.2)]
    figure = race_curves(lanes(), 2, 0.2)
    assert "after 2 steps" in [note.text for note in figure.layout.annotations]
    for trace in figure.data:
        first, second, third = trace.marker.size
        assert first == second < third


def test_without_a_step_the_axis_has_a_single_point_beside_its_names() -> None:
    points = [Lane(title, np.array([0.2])) for title in TITLES]
    figure = race_curves(points, 0, 0.2)
    assert figure.layout.xaxis.tickvals == (0,)
    assert figure.layout.xaxis.range == (-1, 0)  # at its right end, where the names are
    assert race_curves(lanes(), 0, 0.2).layout.xaxis.tickvals is None


def test_a_mean_has_the_band_of_its_interval() -> None:
    figure = race_curves(lanes(0.03), 1, 0.2)
    bands = [trace for trace in figure.data if trace.fill == "toself"]
    assert len(bands) == len(TITLES)
    maml = bands[-1]
    np.testing.assert_allclose(maml.y, [0.23, 0.99, 1.0, 0.94, 0.93, 0.17])
    np.testing.assert_array_equal(maml.x, [0, 1, 2, 2, 1, 0])
    line = next(trace for trace in figure.data if trace.name == "MAML")
    assert "±" in line.hovertemplate


@pytest.mark.parametrize("seed", range(20))
def test_names_are_spread_without_changing_their_order(seed: int) -> None:
    values = np.random.default_rng(seed).beta(5, 1, 7).round(2)
    places = spread(values, LABEL_SHARE, AXIS_TOP)
    order = np.argsort(-values, kind="stable")
    gaps = -np.diff(places[order])
    assert gaps.min() >= LABEL_SHARE - 1e-12
    assert places.max() <= AXIS_TOP - LABEL_SHARE / 2 + 1e-12
    assert places.min() >= LABEL_SHARE / 2 - 1e-12


def test_names_with_room_stay_where_they_are() -> None:
    values = np.array([0.9, 0.5, 0.2])
    np.testing.assert_array_equal(spread(values, 0.06, 1.05), values)


def test_seven_names_at_the_bottom_are_moved_up() -> None:
    places = spread(np.full(7, 0.05), 0.06, 1.05)
    np.testing.assert_allclose(places, 0.03 + 0.06 * np.arange(6, -1, -1))


def test_names_with_room_stay_where_they_are_above_a_crowd() -> None:
    places = spread(np.array([0.2] * 6 + [0.96]), LABEL_SHARE, AXIS_TOP)
    assert places[-1] == 0.96
    assert places[:-1].min() == LABEL_SHARE / 2


def test_a_picture_of_answers_has_a_row_a_class() -> None:
    query = np.zeros((4, 28, 28), np.uint8)
    query[:, 8:20, 8:20] = 255
    probability = np.array([[0.9, 0.1], [0.2, 0.8], [0.5, 0.5], [0.1, 0.9]])
    source, shape = answer_picture(query, probability)
    image = np.asarray(Image.open(BytesIO(base64.b64decode(source.partition(",")[2]))))
    assert image.shape[0] / image.shape[1] == shape

    def centre(row: int, column: int) -> list[int]:
        y, x = (FINE * (TIGHT + place * (SIDE + TIGHT) + 14) for place in (row, column))
        return [int(value) for value in image[y, x, :3]]

    blue, orange = (list(rgb(colour)) for colour in CLASS_COLOURS[:2])
    assert [centre(0, 0), centre(0, 1)] == [blue, orange]  # the second is wrong
    assert [centre(1, 0), centre(1, 1)] == [list(rgb(GREY)), orange]
    rows, columns = np.nonzero((image == [*rgb(WRONG), 255]).all(-1))
    assert len(rows)
    assert rows.max() < FINE * (SIDE + 2 * TIGHT)  # a frame around the wrong one alone
    assert columns.min() >= FINE * (SIDE + TIGHT)


def test_of_twenty_classes_three_queries_stand_in_two_columns() -> None:
    picture = answer_picture(np.zeros((100, 28, 28), np.uint8), np.repeat(np.eye(20), 5, axis=0))
    assert picture.shape == pytest.approx((10 * 31 + 3) / (6 * 31 + 6))


@pytest.mark.parametrize("step", range(3))
def test_the_value_at_a_line_s_end_is_that_of_the_end(step: int) -> None:
    """Whatever step is chosen, or a label would name a value beside another one's point."""
    notes = race_curves(lanes(), step, 0.2).layout.annotations
    assert "after 2 steps" in [note.text for note in notes]
    for note in notes:
        if "<b>" in note.text:
            shown = float(note.text.rpartition(" ")[2].rstrip("%")) / 100
            assert shown == pytest.approx(note.y, abs=0.005)


def test_a_mean_is_written_alike_wherever_it_stands() -> None:
    """Or a label would say 98 above a card that says 97.5."""
    lane = Lane("MAML", np.array([0.2, 0.9752]), np.array([0.0, 0.0041]))
    assert lane.score(1) == "97.5%"
    assert lane.score_with_interval(1) == "97.5 ± 0.4 %"
    lane = lane._replace(interval=None)
    assert (lane.score(1), lane.score_with_interval(1)) == ("98%", "98%")
    (name,) = (
        note.text
        for note in race_curves(lanes(0.03), 1, 0.2).layout.annotations
        if "MAML" in note.text
    )
    assert name.endswith(f" {100 * CURVES[0][-1]:.1f}%")
