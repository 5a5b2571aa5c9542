"""The files of a curve, opened again, have what the arrays have."""

import csv
import re
from io import BytesIO, StringIO
from typing import Any

import numpy as np
from PIL import Image

from core.export.curve_gif import PANEL_HEIGHT, TOP, curve_frames, curve_gif
from core.export.curve_html import curve_html
from core.export.curve_table import curve_table
from core.export.film_gif import MARGIN
from core.figures.sinusoid import COLOURS, Fit, squared_errors
from tests.helpers.html import Page, data_of
from tests.helpers.sinusoid_fits import BAD, GOOD, MIDDLING, X, task
from tests.helpers.task_films import CAPTION

OWN = Fit("Your run", GOOD.prediction[::-1])
FITS = [GOOD, MIDDLING, BAD, OWN]
TASK = task([1.0, 2.0])
LOST = Fit("Random", np.stack([2 * X, np.full(11, np.nan)]))


def colour(index: int) -> np.ndarray:
    return np.frombuffer(bytes.fromhex(COLOURS[index][1:]), np.uint8)


def heights(frame: np.ndarray, index: int, panels: int, x: float) -> np.ndarray:
    """The heights, in the curve's units, at which a panel shows its colour at a place x."""
    width = (1280 - 2 * MARGIN + 20) / panels - 20
    across = round(MARGIN + index * (width + 20) + width * (x + 5) / 10)
    column = frame[TOP + 2 : TOP + PANEL_HEIGHT - 2, across].astype(int)
    rows = np.flatnonzero(np.abs(column - colour(index)).max(-1) <= 24)
    shown: np.ndarray = 6 * (1 - 2 * (rows + 2) / PANEL_HEIGHT)
    return shown


def test_the_table_has_every_prediction_and_error() -> None:
    rows = list(csv.DictReader(StringIO(curve_table(TASK, FITS).decode(), newline="")))
    assert list(rows[0]) == [
        "step", "x", "true_height",
        "prediction_maml", "prediction_pre_trained", "prediction_random", "prediction_your_run",
        "error_maml", "error_pre_trained", "error_random", "error_your_run",
    ]  # fmt: skip
    assert len(rows) == 2 * len(X)

    def column(name: str) -> np.ndarray:
        return np.array([float(row[name]) for row in rows]).reshape(2, len(X))

    np.testing.assert_array_equal(column("step")[:, 0], [0, 1])
    np.testing.assert_array_equal(column("x"), [X, X])
    np.testing.assert_array_equal(column("true_height"), [2 * X, 2 * X])
    np.testing.assert_array_equal(column("prediction_pre_trained"), MIDDLING.prediction)
    np.testing.assert_array_equal(column("prediction_your_run"), OWN.prediction)
    np.testing.assert_array_equal(column("error_random")[:, 3], squared_errors(TASK, BAD))


def test_a_table_of_diverged_steps_says_so() -> None:
    rows = list(csv.DictReader(StringIO(curve_table(TASK, [GOOD, LOST]).decode(), newline="")))
    assert rows[-1]["prediction_random"] == "nan" and rows[-1]["error_random"] == "inf"


def test_the_gif_has_a_frame_a_step_with_each_prediction_in_its_panel() -> None:
    with Image.open(BytesIO(curve_gif(TASK, FITS, CAPTION))) as file:
        assert file.size == (1280, 720)
        assert file.n_frames == 2  # type: ignore[attr-defined]
        frames = []
        for step in range(2):
            file.seek(step)
            frames.append(np.asarray(file.convert("RGB")))
    x = 1.5  # between two points; the prediction is linear there
    for step, frame in enumerate(frames):
        for index, fit in enumerate(FITS):
            expected = np.interp(x, X, fit.prediction[step])
            if abs(expected) < 5:
                seen = heights(frame, index, len(FITS), x)
                assert len(seen) and np.abs(seen - expected).min() < 0.15, (step, fit.title)


def test_frames_of_three_panels_and_of_diverged_steps_fit_their_sheet() -> None:
    for fits in ([GOOD, MIDDLING, BAD], [GOOD, LOST]):
        for frame in curve_frames(TASK, fits, CAPTION):
            assert frame.shape == (720, 1280, 3)
            border = [frame[:16], frame[:, :16], frame[:, -16:]]
            assert all((part == 255).all() for part in border)


def test_the_page_carries_the_curves_and_stands_alone() -> None:
    page = curve_html(TASK, FITS, CAPTION)
    data: Any = data_of(page)
    np.testing.assert_allclose(data["x"], X)
    np.testing.assert_allclose(data["truth"], 2 * X)
    np.testing.assert_allclose(data["support"], [[1, 2], [2, 4]])
    assert data["unseen"] == 0 and data["where"] == "on the left half" and data["last"] == 1
    for fit, shown in zip(FITS, data["fits"], strict=True):
        assert shown["title"] == fit.title
        np.testing.assert_allclose(shown["prediction"], fit.prediction, atol=5e-4)
    assert [fit["error"][1] for fit in data["fits"]][:3] == ["0.25", "4.00", "16.00"]
    text = page.decode()
    assert Page(page).links == []
    assert not re.search(r"https?:(?!//www\.w3\.org/2000/svg)|url\(|@import|fetch\(", text)
    assert len(Page(page).texts["script"]) == 2, "a caption breaks out of nothing"


def test_a_page_of_diverged_steps_is_still_one() -> None:
    data: Any = data_of(curve_html(TASK, [GOOD, LOST], CAPTION))
    shown = data["fits"][1]
    assert shown["error"][1] == "off the scale"
    assert shown["prediction"][1] == [0] * len(X)
