"""Look inside: its sentences say what was measured, and its address cannot break it."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.errors import GlimpseError
from core.evaluation.few_shot import Estimate
from core.figures.numbers import distinct_digits
from pages.parts.few_shot.analysis_measures import (
    Movement,
    measure_gradient,
    measure_landscape,
    measure_movement,
    measure_similarity,
)
from pages.parts.few_shot.analysis_sentences import about_movement, about_similarity, percent
from pages.parts.few_shot.networks import Network, race_networks

SCRIPT = "from pages.parts.few_shot.analysis import show_analysis; show_analysis()"
Open = Callable[..., AppTest]


@pytest.fixture
def open_section(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Open:
    """The section alone, on a machine without downloads."""
    monkeypatch.setenv("GLIMPSE_DATA", str(tmp_path))

    def open_with(**query: str) -> AppTest:
        app = AppTest.from_string(SCRIPT, default_timeout=120)
        for name, value in query.items():
            app.query_params[name] = value
        return app.run()

    return open_with


def network(title: str) -> Network:
    """A network of the race."""
    return next(each for each in race_networks() if each.title == title)


def says(app: AppTest, words: str) -> bool:
    return any(words in text.value for text in [*app.markdown, *app.caption])


def test_what_moves_is_open_and_says_what_was_measured(open_section: Open) -> None:
    app = open_section()
    assert not app.exception
    for title in ("MAML", "Random"):
        moved = measure_movement(network(title))
        assert moved.layers == ("layer 1", "layer 2", "layer 3", "head")
        assert says(
            app, f"the head accounts for **{percent(moved.share[-1])}** of the squared distance"
        )
        assert says(app, f"{100 * moved.accuracy.mean:.1f} ± {100 * moved.accuracy.interval:.1f} %")
    assert says(app, "held-out Omniglot characters")
    assert not says(app, "the loss on the queries")  # a tab that is closed is not computed


def test_a_link_opens_a_tab_on_an_initialisation(open_section: Open) -> None:
    app = open_section(inside_start="Reptile", inside_tab="What stays")
    assert not app.exception
    similarity = measure_movement(network("Reptile")).similarity
    assert says(app, "**Reptile**: the features")
    assert says(app, f"has a CKA of **{distinct_digits(similarity.min(), 1, 4)}**")
    unlike = measure_similarity(network("Reptile"), network("Random"))[similarity.argmin()]
    assert says(app, f"Two networks with different weights have {unlike:.2f} there")
    assert [box.label for box in app.expander] == [
        "The network of this page: how it was made", "Reptile in the race: how it was made",
    ]  # fmt: skip


def test_random_weights_stand_beside_maml(open_section: Open) -> None:
    app = open_section(inside_start="Random", inside_tab="The path")
    assert not app.exception
    for title in ("MAML", "Random"):
        end = measure_landscape(network(title), 1, 1 / 10).query.path_loss[-1]
        assert says(app, f"**{title}**: the loss on the queries falls to **{end:.2f}**")
    app.number_input(key="inside_task").set_value(5).run()
    assert not app.exception
    end = measure_landscape(network("Random"), 5, 1 / 10).query.path_loss[-1]
    assert says(app, f"**Random**: the loss on the queries falls to **{end:.2f}**")


def test_the_meta_gradient_through_more_steps_is_another(open_section: Open) -> None:
    app = open_section(inside_tab="Meta-gradient")
    for steps in (1, 3):
        app.slider(key="inside_steps").set_value(steps).run()
        assert not app.exception
        angle = measure_gradient(network("MAML"), steps).angle
        assert says(app, f"**MAML**: the first-order gradient is off by **{angle:.0f}°**")
        assert says(app, f"Through {steps} inner step")


@pytest.mark.parametrize("nonsense", ["-1", "99999999999999999999", "nan", "<b>"])
def test_nonsense_in_the_address_is_ignored(open_section: Open, nonsense: str) -> None:
    names = ("start", "loss", "rate", "task", "steps")
    for tab in ("The path", "Meta-gradient", nonsense):
        app = open_section(inside_tab=tab, **{f"inside_{name}": nonsense for name in names})
        assert not app.exception
        assert app.selectbox(key="inside_start").value == "MAML"


def test_weights_that_are_missing_cost_a_sentence(
    open_section: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise GlimpseError("There are no usable weights here.")

    st.cache_data.clear()
    monkeypatch.setattr("core.zoo.initialisations.load_initialisation", refuse)
    app = open_section()
    assert [error.value for error in app.error] == ["There are no usable weights here."]
    assert says(app, "learning to learn from a few examples")


def moved_by(gain: float, interval: float, body: float = 0.01, similarity: float = 1.0) -> Movement:
    """A network of one layer and a head."""
    relative = np.array([[0.0, np.nan], [body, np.nan]])
    return Movement(
        ("layer 1", "head"), relative, relative, np.array([0.1, 0.9]),
        np.array([similarity]), np.zeros(1), Estimate(0.8, 0.02, 50), Estimate(gain, interval, 50),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("gain", "expected"),
    [(0.004, "−0.4 ± 1.0 points: no difference that 50 tasks can show"),
     (0.03, "−3.0 ± 1.0 points: the body's movement helped"),
     (-0.03, "+3.0 ± 1.0 points: the body's movement did harm")],
)  # fmt: skip
def test_what_the_body_adds_has_its_interval(gain: float, expected: str) -> None:
    finding = about_movement("MAML", moved_by(gain, 0.01))
    assert "the head accounts for **90.0 %** of the squared distance" in finding.headline
    assert "After 2 inner steps" in finding.detail
    assert expected in finding.detail
    assert "*" not in finding.alt


def test_a_frozen_body_is_said_to_be_one() -> None:
    frozen = moved_by(0, 0, body=0)
    assert "by design" in about_movement("ANIL", frozen).headline
    assert "by design" in about_similarity("ANIL", frozen, np.array([0.5])).headline


def test_features_that_change_are_not_said_to_stay() -> None:
    unlike = np.array([0.5])
    changed, kept = (
        about_similarity("MAML", moved_by(0, 1, similarity=cka), unlike).headline
        for cka in (0.8, 0.999)
    )
    assert "features change" in changed
    assert "features hardly change" in kept


def test_the_algorithm_has_every_line_of_the_paper(open_section: Open) -> None:
    texts = " ".join(element.value for element in open_section().markdown)
    assert re.findall(r":small\[(\d+)\]", texts) == [str(line) for line in range(1, 12)]
