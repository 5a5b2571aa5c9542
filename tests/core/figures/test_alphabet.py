"""The pictures of a drawn alphabet: symbols keep their letters and colours, bars their lengths."""

import base64
from io import BytesIO

import numpy as np
from PIL import Image

from core.figures.alphabet import (
    SAMPLE_BRIGHTNESS,
    sample_below_pen,
    symbol_bars,
    symbol_bars_alt,
    symbol_curves,
    symbol_png,
)
from core.figures.pictures import CLASS_COLOURS, GREY, UNDECIDED

NUMBERS = [0, 1, 3]  # the third symbol was removed
PROBABILITY = np.array([[1 / 3, 1 / 3, 1 / 3], [0.2, 0.7, 0.1], [0.05, 0.9, 0.05]])


def picture() -> np.ndarray:
    dot = np.zeros((28, 28), np.uint8)
    dot[10:20, 10:20] = 255
    return dot


def pixels(png: str) -> np.ndarray:
    return np.asarray(Image.open(BytesIO(base64.b64decode(png.partition(",")[2]))))


def test_a_picture_has_the_colour_of_its_symbol() -> None:
    for number, colour in ((3, CLASS_COLOURS[3]), (UNDECIDED, GREY)):
        shown = pixels(symbol_png(picture(), number))
        assert shown.shape == (56, 56, 4)
        assert shown[30, 30].tolist() == [*bytes.fromhex(colour[1:]), 255]
        assert 0 < shown[5, 5, 3] < 60  # the paper is tinted


def test_a_sample_is_enlarged_and_dimmed() -> None:
    below = sample_below_pen(picture(), 105)
    assert below.shape == (105, 105)
    assert below.dtype == np.uint8
    assert below[52, 56] == int(SAMPLE_BRIGHTNESS * 255)
    assert below[10, 10] == 0


def test_a_bar_is_as_long_as_its_symbol_is_likely() -> None:
    figure = symbol_bars(PROBABILITY[1], [picture()] * 3, NUMBERS)
    bars = figure.data[0]
    assert list(bars.x) == [0.2, 0.7, 0.1]
    assert list(bars.text) == ["<b>20%</b>", "<b>70%</b>", "<b>10%</b>"]
    assert list(bars.marker.color) == [CLASS_COLOURS[number] for number in NUMBERS]
    assert [letter[-12] for letter in figure.layout.yaxis.ticktext] == ["A", "B", "D"]
    assert [image.y for image in figure.layout.images] == [0, 1, 2]
    colours = [pixels(image.source)[30, 30, :3].tolist() for image in figure.layout.images]
    assert colours == [list(bytes.fromhex(CLASS_COLOURS[number][1:])) for number in NUMBERS]
    assert figure.layout.shapes[0].x0 == 1 / 3  # from where each of three starts
    assert figure.layout.yaxis.range[0] > figure.layout.yaxis.range[1]  # A is on top


def test_a_symbol_that_takes_no_part_keeps_its_row_without_a_bar() -> None:
    figure = symbol_bars(np.array([0.3, np.nan, 0.7]), [picture(), None, picture()], NUMBERS)
    bars = figure.data[0]
    assert list(bars.x) == [0.3, 0, 0.7]
    assert list(bars.text) == ["<b>30%</b>", "", "<b>70%</b>"]
    assert [image.y for image in figure.layout.images] == [0, 2]
    assert figure.layout.shapes[0].x0 == 1 / 2
    assert figure.layout.yaxis == symbol_bars(PROBABILITY[1], [picture()] * 3, NUMBERS).layout.yaxis
    unanswered = symbol_bars(np.full(3, np.nan), [None] * 3, NUMBERS)
    assert list(unanswered.data[0].text) == ["", "", ""]
    assert not unanswered.layout.shapes


def test_the_start_of_the_bars_is_marked_only_where_it_is_explained() -> None:
    figure = symbol_bars(PROBABILITY[1], [picture()] * 3, NUMBERS, marks_start=False)
    assert not figure.layout.shapes
    assert not figure.layout.annotations


def test_curves_go_through_all_steps_and_mark_the_one_looked_at() -> None:
    figure = symbol_curves(PROBABILITY, NUMBERS, step=1)
    named = {trace.name: trace for trace in figure.data if trace.name}
    assert list(named) == ["A", "B", "D"]
    assert list(named["B"].y) == [1 / 3, 0.7, 0.9]
    assert named["D"].line.color == CLASS_COLOURS[3]
    marked = [(trace.x[0], trace.y[0]) for trace in figure.data if not trace.name]
    assert marked == [(1, 0.2), (1, 0.7), (1, 0.1)]


def test_a_screen_reader_hears_every_bar() -> None:
    assert symbol_bars_alt(PROBABILITY[1], NUMBERS) == "A 20%, B 70%, D 10%"


def test_paper_and_ink_of_the_page_are_left_to_the_theme() -> None:
    for figure in (
        symbol_bars(PROBABILITY[1], [picture()] * 3, NUMBERS),
        symbol_curves(PROBABILITY, NUMBERS, 0),
    ):
        assert figure.layout.paper_bgcolor is None
        assert figure.layout.font.color is None
