"""The Embeddings page: a recorded film without a click, and what can be changed about it."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.errors import GlimpseError
from core.evaluation.umap_layout import umap_layout
from core.training.recording import open_recording
from pages.parts import url_state
from pages.parts.components.scatter_film.scatter_film import (
    Picks,
    ScatterFrames,
    parse_picks,
    scatter_film,
)
from pages.parts.embeddings import film as film_part
from pages.parts.embeddings import run_points, training, umap_at_step
from tests.helpers.pages import open_page_of_app
from tests.helpers.run_folders import run_of

PAGE = "pages/embeddings.py"


@pytest.fixture
def open_page() -> Callable[..., AppTest]:
    return partial(open_page_of_app, PAGE)


def test_scores_stand_beside_those_that_learned_nothing(open_page: Callable[..., AppTest]) -> None:
    app = open_page()
    assert not app.exception
    assert app.title[0].value == "Embeddings"
    scores = app.table[0].value
    assert list(scores["Features"]) == ["raw pixels", "before training", "SimCLR"]
    shares = [float(text.removesuffix(" %")) for text in scores["20-NN"]]
    assert shares[2] > max(shares[:2])


def test_the_projection_can_be_changed(open_page: Callable[..., AppTest]) -> None:
    app = open_page()
    assert app.segmented_control(key="projection").value == "t-SNE"
    app.segmented_control(key="projection").set_value("PCA").run()
    assert not app.exception
    assert any("Distances along them are true" in caption.value for caption in app.caption)


def test_picks_survive_another_projection(open_page: Callable[..., AppTest]) -> None:
    """Components do not run here: what the browser would say is put in its place."""
    app = open_page()
    assert len(app.session_state["embeddings-film.picks"].points) == 1
    app.session_state["embeddings-film.picks"] = Picks((3, 14), 14)
    app.segmented_control(key="projection").set_value("PCA").run()
    assert not app.exception
    assert app.session_state["embeddings-film.picks"] == Picks((3, 14), 14)


def test_points_of_a_run_are_picked_with_its_own_neighbours(
    open_page: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(0)
    run = run_of("simclr", "paused", key_figure="knn_accuracy")
    frames = rng.normal(size=(4, 1000, 16)).astype(np.float16)
    labels = (np.arange(1000) % 10).astype(np.uint8)
    for step, embedding in zip(range(0, 31, 10), frames, strict=True):
        layout = embedding[:, :2].copy()
        run.write_snapshot(step, {"embedding": embedding, "layout": layout, "labels": labels})
    shown: list[tuple[int | None, np.ndarray, tuple[int, np.ndarray]]] = []
    monkeypatch.setattr(
        training,
        "neighbours",
        lambda chosen, frames, *_, first, **__: shown.append((chosen, frames, first)),
    )
    app = open_page(run=run.id)
    assert not app.exception
    app.session_state[f"{run.id}-film.picks"] = Picks((3, 14), 14)
    app.run()
    chosen, given, (first_step, first_frame) = shown[-1]
    assert chosen == 14 and first_step == 0
    np.testing.assert_array_equal(first_frame, frames[0].astype(np.float32))
    np.testing.assert_array_equal(given, frames.astype(np.float32))


def test_a_run_on_photos_shows_its_classes_and_no_digits(
    open_page: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = run_of("simclr", "paused", key_figure="knn_accuracy", source="cifar10")
    rng = np.random.default_rng(0)
    labels = (np.arange(200) % 10).astype(np.uint8)
    for step in range(0, 31, 10):
        embedding = rng.normal(size=(200, 16)).astype(np.float16)
        layout = embedding[:, :2].copy()
        run.write_snapshot(step, {"embedding": embedding, "layout": layout, "labels": labels})
    films: list[tuple[ScatterFrames, dict[str, Any]]] = []

    def shown(film: ScatterFrames, **settings: Any) -> Picks:
        films.append((film, settings))
        return scatter_film(film, **settings)

    monkeypatch.setattr(training, "scatter_film", shown)
    app = open_page(run=run.id)
    assert not app.exception
    film, settings = films[-1]
    assert film.names is not None and film.names[3] == "cat" and film.pictures is None
    assert settings["picked"] is None and settings["alt"].startswith("200 photos as points")
    captions = [caption.value for caption in app.caption]
    assert run_points.NO_PHOTOS in captions
    assert any("exported from the terminal only" in caption for caption in captions)


@pytest.mark.parametrize(
    "message",
    [
        None,
        "picked",
        {},
        {"points": "12", "chosen": 1},
        {"points": [1, 5], "chosen": 5},
        {"points": [-1], "chosen": -1},
        {"points": [True], "chosen": True},
        {"points": [1], "chosen": 2},
        {"points": [0] * 6, "chosen": 0},
    ],
)
def test_picks_that_no_browser_would_send_are_left_alone(message: object) -> None:
    assert parse_picks(message, 5) is None


def test_picks_are_what_the_browser_says() -> None:
    assert parse_picks({"points": [4, 0], "chosen": 0}, 5) == Picks((4, 0), 0)
    assert parse_picks({"points": [], "chosen": None}, 5) == Picks((), None)


@pytest.mark.parametrize("given", ["PCA", "nonsense"])
def test_the_address_chooses_the_projection(open_page: Callable[..., AppTest], given: str) -> None:
    app = open_page(projection=given)
    assert not app.exception
    expected = "PCA" if given == "PCA" else "t-SNE"
    assert app.segmented_control(key="projection").value == expected


def test_the_address_begins_the_film_and_what_is_out_of_range_is_clamped(
    open_page: Callable[..., AppTest],
) -> None:
    app = open_page(film="digit_2000 step_400 zoom_0.1 yaw_inf colour_3 pitch_-14.5 class_12")
    assert not app.exception
    assert app.session_state["film.start"].numbers == {
        "digit": 1000, "step": 400, "zoom": 0.25, "pitch": -14.5, "class": 9
    }  # fmt: skip
    warnings = "\n".join(warning.value for warning in app.warning)
    for sentence in (
        "Digit '2000' in the address became 1000.",
        "Zoom '0.1' in the address became 0.25.",
        "Class '12' in the address became 9.",
        "'yaw_inf' in the address says nothing about the film",
        "'colour_3' in the address says nothing about the film",
    ):
        assert sentence in warnings
    del app.session_state[url_state.WARNINGS]  # as app.py does: here the page runs without it
    app.run()
    assert not app.warning
    assert app.session_state["film.start"].numbers["digit"] == 1000


@pytest.mark.parametrize(
    ("film", "picks"),
    [
        ("digit_0", Picks((), None)),
        ("digit_8", Picks((7,), 7)),
        ("group_gAI", Picks((7, 9), 7)),  # bits 7 and 9
        ("digit_10 group_gAI", Picks((9, 7), 9)),
        ("digit_3 group_gAI", Picks((7, 9), 7)),  # 3 is none of them
    ],
)
def test_the_address_picks_points(
    open_page: Callable[..., AppTest], film: str, picks: Picks
) -> None:
    app = open_page(film=film)
    assert not app.exception and not app.warning
    assert app.session_state["embeddings-film.picks"] == picks


@pytest.mark.parametrize("group", ["a", "%", "AAA", "é"])
def test_a_group_that_no_film_would_write_is_left_out(
    open_page: Callable[..., AppTest], group: str
) -> None:
    app = open_page(film=f"group_{group}")
    assert not app.exception
    assert len(app.session_state["embeddings-film.picks"].points) == 1
    assert "says nothing about the film" in app.warning[0].value


def test_bits_of_points_that_there_are_not_pick_none(open_page: Callable[..., AppTest]) -> None:
    app = open_page(film="group_" + "____" * 90)
    assert not app.exception
    points = app.session_state["embeddings-film.picks"].points
    assert sorted(points) == list(range(1000))


@pytest.mark.parametrize(
    ("message", "kept"),
    [
        ("digit_3 zoom_1.5", "digit_3 zoom_1.5"),
        ("digit_3 group_A-_9", "digit_3 group_A-_9"),
        ("group_é", None),
        ("", None),
        (None, None),
        (7, None),
        ("digit_3&run=x", None),
        ("a_1 " * 110 + "a_1", None),
    ],
)
def test_only_what_a_film_would_send_comes_into_the_address(message: object, kept: object) -> None:
    def page(message: object) -> None:
        import streamlit as st

        from pages.parts.components.scatter_film.address import keep_in_address

        keep_in_address("film", message)
        st.text(st.query_params.get("film"))

    app = AppTest.from_function(page, kwargs={"message": message}).run()
    assert not app.exception
    assert app.text[0].value == str(kept)
    app.query_params["film"] = "step_1"  # of a later moment: the browser writes it before it sends
    assert app.run().text[0].value == "step_1"


@pytest.mark.slow
def test_umap_is_of_the_step_at_which_the_film_rests(
    open_page: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    films: list[tuple[ScatterFrames, dict[str, Any]]] = []

    def shown(film: ScatterFrames, **settings: Any) -> Picks:
        films.append((film, settings))
        return scatter_film(film, **settings)

    monkeypatch.setattr(film_part, "scatter_film", shown)
    run = open_recording("simclr")
    steps = run.snapshot_steps()
    app = open_page(film=f"step_{steps[5]}")
    app.segmented_control(key="projection").set_value("UMAP").run()
    assert app.select_slider(key="umap_step").value == steps[5]
    film, settings = films[-1]
    if settings["layout"] == "t-SNE":  # till it is there
        assert any("UMAP is laying out" in caption.value for caption in app.caption)
        app.session_state[f"{run.key}-umap"][1].result(timeout=240)
        app.run()
    film, settings = films[-1]
    assert settings["layout"] == "UMAP" and film.steps == [steps[5]]
    snapshot = run.snapshot(steps[5])
    components, start = (snapshot[name].astype(np.float32) for name in ("embedding", "layout"))
    np.testing.assert_array_equal(film.frames, umap_layout(components, start)[None])
    app.segmented_control(key="projection").set_value("PCA").run()
    assert films[-1][0].steps == steps
    assert not app.exception


def test_umap_that_cannot_be_made_is_refused_in_a_sentence(
    open_page: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> np.ndarray:
        raise GlimpseError("UMAP needs the package umap-learn.")

    monkeypatch.setattr(umap_at_step, "umap_layout", refuse)
    app = open_page(projection="UMAP", umap_step="13")
    assert not app.exception
    assert [error.value for error in app.error] == ["UMAP needs the package umap-learn."]
    assert app.select_slider(key="umap_step").value == 15  # the nearest that the film has
    app.select_slider(key="umap_step").set_value(0).run()
    assert [error.value for error in app.error] == ["UMAP needs the package umap-learn."]
    assert not app.exception


def test_the_recording_is_a_short_film_of_the_shipped_run() -> None:
    run = open_recording("simclr")
    steps = run.snapshot_steps()
    assert run.status().state == "finished"
    assert 50 <= len(steps) <= 80
    assert steps[0] == 0
    assert steps[-1] == run.config["steps"]
    first = run.snapshot(0)
    assert first["layout"].shape == (1000, 2)
    size = sum(file.stat().st_size for file in run.path.rglob("*") if file.is_file())
    assert size < 3_000_000
