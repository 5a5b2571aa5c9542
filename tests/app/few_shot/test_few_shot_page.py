"""The Few-shot page: a task and its race without a click, every source, any address."""

import threading

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

from core.methods.few_shot.method import FewShot
from pages.parts import warmup
from pages.parts.card import load_card
from pages.parts.few_shot import next_task
from pages.parts.few_shot.adaptation import adapt
from pages.parts.few_shot.adaptation_sentences import (
    ABOUT_PICTURES,
)
from pages.parts.few_shot.task_choice import ORIGINS, TaskChoice
from tests.helpers.few_shot_page import Open, forget_warnings, race_cards, texts


def test_a_task_is_adapted_to_and_raced_without_a_click(open_page: Open) -> None:
    app = open_page()
    assert not app.exception
    assert app.title[0].value == "Few-shot"
    assert app.slider(key="inner_step").value == 0, "the film begins before the first step"
    assert app.metric[0].label == "Queries right"
    assert "before the first" in texts(app).lower()
    assert not app.warning


@pytest.mark.parametrize(
    ("source", "about"),
    [("Omniglot", "omniglot"), ("One alphabet", "one alphabet"), ("Strokes", "made-up"),
     ("Digits", "mnist digits")],
)  # fmt: skip
def test_every_source_is_shown_and_said(open_page: Open, source: str, about: str) -> None:
    app = open_page(tasks_from=source, inner_steps="1", inner_step="1")
    assert not app.exception
    assert app.segmented_control(key="tasks_from").value == source
    assert float(app.metric[0].value.rstrip("%")) > 20
    said = texts(app)
    (shown,) = [
        origin for origin, words in ABOUT_PICTURES.items() if words.removesuffix(".") in said
    ]
    assert shown == ORIGINS[source], "what the pictures are is said of this source alone"
    assert about in ABOUT_PICTURES[shown].lower()


def test_look_inside_says_that_it_is_not_of_the_curves(open_page: Open) -> None:
    app = open_page(tasks_from="Sinusoids")
    assert not app.exception
    (note,) = [info.value for info in app.info if "measurements" in info.value]
    assert "not of the one that fits the curves above" in note
    app.segmented_control(key="tasks_from").set_value("Strokes").run()
    assert not [info for info in app.info if "measurements" in info.value]


def test_the_first_line_promises_what_the_card_of_the_network_has(open_page: Open) -> None:
    app = open_page(tasks_from="Strokes", ways="3", inner_steps="1")
    assert "recognises most other drawings of them after *one* gradient step" in texts(app)
    card = load_card("maml")
    assert (card["config"]["k_shot"], card["config"]["inner_steps"]) == (1, 1)
    assert card["figures"]["accuracy_after"] > 0.5


def test_each_card_of_the_race_says_what_it_was_trained_for(open_page: Open) -> None:
    ideas = {card["title"]: card["idea"] for card in race_cards(open_page(ways="3"))}
    assert (ideas["MAML"], ideas["Random"]) == (
        "trained to be good after a few steps", "not trained",
    )  # fmt: skip
    assert all(idea.startswith(("trained to ", "like MAML, ", "not ")) for idea in ideas.values())


def test_another_task_is_another_one_before_its_first_step(open_page: Open) -> None:
    app = open_page(task="3", inner_step="5")
    assert app.number_input(key="task").value == 3
    another_task(app).click().run()
    assert not app.exception
    assert app.query_params["task"] == str(app.number_input(key="task").value) != "3"
    assert app.slider(key="inner_step").value == 0


def test_the_next_task_is_learnt_before_it_is_asked_for(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page(ways="3")
    monkeypatch.setattr(warmup, "has_begun", lambda: True)
    app.run()
    number = app.session_state[next_task.NEXT]
    for thread in threading.enumerate():
        if thread.name == next_task.THREAD:
            thread.join()
    with monkeypatch.context() as broken:
        broken.delattr(FewShot, "adapt")
        prepared = adapt(TaskChoice("omniglot", 3, 1, 5, 1.0, "transductive", number))
    assert prepared.probability.shape == (6, 15, 3)
    another_task(app).click().run()
    assert app.number_input(key="task").value == number
    assert app.session_state[next_task.NEXT] != number, "the one after it is another one"


def another_task(app: AppTest) -> Button:
    return next(button for button in app.button if button.label == "Another task")


def test_settings_can_be_changed(open_page: Open) -> None:
    app = open_page()
    app.slider(key="inner_step").set_value(5).run()
    assert "After 5 steps" in texts(app)
    app.slider(key="inner_steps").set_value(2).run()
    assert app.slider(key="inner_step").value == 2  # no more are taken
    app.segmented_control(key="statistics").set_value("Alone").run()
    assert "(inductive)" in texts(app)
    app.select_slider(key="rate").set_value("1/8").run()
    assert "here times 0.125" in texts(app)
    app.slider(key="inner_steps").set_value(0).run()
    assert "Before the first step" in texts(app)
    assert not app.exception


def test_more_ways_than_classes_is_one_sentence(open_page: Open) -> None:
    app = open_page(tasks_from="Digits", ways="15", inner_steps="1", inner_step="1")
    assert not app.exception
    assert not app.warning  # nobody asked for too much who only chose another source
    assert "10 ways: there are no more digits." in texts(app)
    assert "3 of the 5 queries" not in texts(app)  # ten ways have room for all


@pytest.mark.parametrize("nonsense", ["-1", "99999999999999999999", "nan", "²", "1e3", "<b>"])
def test_nonsense_in_the_address_is_clamped_and_said(open_page: Open, nonsense: str) -> None:
    keys = ("task", "ways", "shots", "inner_step", "statistics", "rate", "tasks_from")
    app = open_page(inner_steps="1", **dict.fromkeys(keys, nonsense))
    assert not app.exception
    assert app.number_input(key="task").value in range(10_000)
    assert app.slider(key="ways").value in range(2, 21)
    assert app.slider(key="shots").value in range(1, 11)
    assert app.slider(key="inner_step").value in (0, 1)
    assert app.segmented_control(key="statistics").value == "Together"
    assert app.select_slider(key="rate").value == "1"
    assert len(app.warning) == 1  # one sentence a value, in one place
    assert f"Ways {nonsense!r} in the address became" in app.warning[0].value
    ways = app.slider(key="ways").value
    forget_warnings(app)
    app.run()
    assert not app.warning
    assert app.query_params.get("ways", "20") == str(ways)  # a link reopens what is seen


def test_what_the_address_says_of_another_source_is_left_out_and_said(open_page: Open) -> None:
    app = open_page(tasks_from="Strokes", ways="3", sine_points="3", sine_at="1_2~3_4")
    assert not app.exception
    assert [warning.value for warning in app.warning] == [
        "Settings that tasks of Strokes do not have were removed from the address: sine_points, "
        "sine_at."
    ]
    assert {"sine_points", "sine_at"}.isdisjoint(app.query_params)
    assert app.slider(key="ways").value == 3
    app = open_page(tasks_from="Sinusoids", ways="3", race_of="This task", sine_points="4")
    assert not app.exception
    assert [warning.value for warning in app.warning] == [
        "Settings that tasks of Sinusoids do not have were removed from the address: ways, race_of."
    ]
    assert app.slider(key="sine_points").value == 4
    forget_warnings(app)
    app.segmented_control(key="tasks_from").set_value("Strokes").run()
    assert not app.warning  # a change made here is no mistake of the address
    assert "sine_points" not in app.query_params
    assert app.slider(key="ways").value == 20  # not the 3 that was left out


def test_numbers_that_overflow_leave_the_classes_alike() -> None:
    """No rate that the page offers is large enough for it, so that it is called by itself."""
    frames = adapt(TaskChoice("strokes", 5, 1, 3, 1e38, "transductive", 8))
    assert np.isfinite(frames.probability).all()
    np.testing.assert_allclose(frames.probability[-1], 0.2)
    assert not np.isfinite(frames.support_loss[-1])


def test_the_adaptation_can_be_downloaded_and_the_files_are_named(open_page: Open) -> None:
    app = open_page(task="3", tasks_from="Strokes")
    assert not app.exception
    labels = [button.label for button in app.download_button]
    assert labels == ["Film as GIF", "Film as HTML", "Table as CSV", "Weights"]
    for file in (".gif", ".html", ".csv"):
        assert f"few-shot-strokes-20way-1shot-3{file}" in texts(app)
    assert "glimpse-maml.zip" in texts(app)
    command = load_card("maml")["command"]
    assert command in [code.value for code in app.code]
