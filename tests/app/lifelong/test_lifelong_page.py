"""The Lifelong page: what it says is what the recording and the studies have."""

import json
from base64 import b64decode
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from core.figures.curves import training_curves
from core.figures.lifelong import stream_curves
from core.methods.lifelong.snapshot import LEARNER_NAMES, NOT_MET
from core.paths import ASSETS, PROJECT
from core.training.recording import open_recording
from core.training.series import Series
from pages.parts.lifelong.downloads import features_file, gif_file, html_file, table_file
from pages.parts.lifelong.frames import LEARNERS, accuracies, recorded_stream, stream_of
from pages.parts.lifelong.training import PANELS
from tests.helpers.html import data_of

SUMMED = [LEARNER_NAMES.index(name) for name in ("means", "lda", "ridge")]


@pytest.fixture(scope="module")
def page() -> AppTest:
    app = AppTest.from_file(str(PROJECT / "pages/lifelong.py"), default_timeout=240).run()
    assert not app.exception
    return app


def test_the_table_has_the_recorded_figures(page: AppTest) -> None:
    run = open_recording("lifelong")
    series = Series(run)
    series.update()
    table = page.table[0].value
    named = [cell.split("**")[1] for cell in table["Learner"]]
    assert named == LEARNERS
    for place, name in enumerate(LEARNER_NAMES):
        accuracy = series.curve(f"{name}_accuracy")[1][-1]
        assert table["Right at the end"][place] == f"{100 * accuracy:.1f}\u00a0%"
        memory = series.curve(f"{name}_memory")[1][-1]
        assert table["Numbers kept"][place] == f"{memory:,.0f}"


def test_the_film_s_accuracies_are_those_of_the_metrics() -> None:
    run = open_recording("lifelong")
    series, frames = Series(run), recorded_stream()
    series.update()
    for place, name in enumerate(LEARNER_NAMES):
        steps, values = series.curve(f"{name}_accuracy")
        measured = dict(zip(steps.tolist(), values.tolist(), strict=True))
        for step, accuracy in zip(frames.steps[1:], frames.accuracy[1:, place], strict=True):
            assert accuracy == pytest.approx(measured[step])
    assert np.isnan(frames.accuracy[0]).all()
    assert frames.notes()[-1] == "600 of 600 classes, 9,000 labels spent"


def test_a_learner_has_the_same_colour_in_the_charts_of_film_and_run() -> None:
    curve = np.arange(2), np.arange(2)
    film = stream_curves(dict.fromkeys(LEARNERS, curve))
    of_run = training_curves(
        dict.fromkeys(LEARNERS, curve),
        "",
        colours=dict(zip(LEARNERS, PANELS[0].colours.values(), strict=True)),
    )
    assert list(PANELS[0].colours) == [f"{name}_accuracy" for name in LEARNER_NAMES]
    colours = [[line.line.color for line in figure.data] for figure in (film, of_run)]
    assert colours[0] == colours[1] and len(set(colours[0])) == len(LEARNERS)


def test_features_of_each_learner_come_from_the_study(page: AppTest) -> None:
    study = json.loads((ASSETS / "continual.json").read_text())
    page.selectbox(key="features_by").set_value("Streaming LDA").run()
    assert not page.exception
    last = study["curves"]["pixels"]["lda"]["held_out"][-1][0]
    table = page.table[1].value
    row = table[table["Features"] == "Pixels"].iloc[0]
    assert row["Right"] == f"{100 * last:.1f}\u00a0%"


def test_only_gradient_steps_depend_on_the_order() -> None:
    right = np.array(json.loads((ASSETS / "orders.json").read_text())["right"], np.uint8)
    assert not (right == NOT_MET).any(), "all classes have come at the end"
    for place in SUMMED:
        assert (right[:, place] == right[0, place]).all()
    tuning = accuracies(right)[:, LEARNER_NAMES.index("tuning")]
    assert tuning[0] > 0.25 and tuning[-1] < 0.02


def test_files_of_the_stream() -> None:
    frames = recorded_stream()
    rows = table_file().decode().splitlines()
    assert len(rows) == 1 + int((frames.right != NOT_MET).sum())
    assert rows[0] == "classes_met,learner,label,class,right,asked"
    assert rows[1].startswith("2,tuning,Fine-tuning,1,")
    from safetensors.numpy import load

    arrays = load(features_file())
    assert arrays["features"].shape == (600, 20, 512)
    assert np.array_equal(arrays["pictures"][:, 0], frames.pictures)


def test_films_of_the_stream() -> None:
    """Both begin with the learners of the page, and are small enough to be sent."""
    frames, gif, html = recorded_stream(), gif_file(), html_file()
    with Image.open(BytesIO(gif)) as film:
        assert film.size == (1280, 720)
        assert film.n_frames == 40  # type: ignore[attr-defined]
    assert len(gif) < 3_000_000 and len(html) < 1_500_000
    data: Any = data_of(html)
    right = np.frombuffer(b64decode(data["right"]), np.uint8).reshape(frames.right.shape)
    assert np.array_equal(right, frames.right)
    assert [data["learners"][place] for place in data["usual"]] == ["Fine-tuning", "Class means"]
    assert data["notes"][-1] == "600 of 600 classes, 9,000 labels spent"
    assert data["accuracy"][0] == [None] * len(LEARNERS)


def test_a_long_run_shows_a_hundred_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    run = open_recording("lifelong")
    frames = stream_of(run)
    assert frames.steps == run.snapshot_steps()
    monkeypatch.setattr("pages.parts.lifelong.frames.LIVE_FRAMES", 10)
    assert len(stream_of(run).steps) == 10


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"matrix": "Nobody"}, "Nobody"),
        ({"features_by": "x"}, "x"),
        ({"lifelong_k_shot": "99"}, "15"),
        ({"lifelong_sortedness": "nan"}, "Sorted by class"),
    ],
)
def test_nonsense_in_the_address_is_one_sentence(query: dict[str, str], sentence: str) -> None:
    app = AppTest.from_file(str(PROJECT / "pages/lifelong.py"), default_timeout=240)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    assert any(sentence in warning.value for warning in app.warning), app.warning


def test_more_characters_than_there_are_is_said_at_the_form(page: AppTest) -> None:
    page.number_input(key="lifelong_steps").set_value(700).run()
    assert not page.exception
    assert any("659 characters, not 700" in error.value for error in page.error)
