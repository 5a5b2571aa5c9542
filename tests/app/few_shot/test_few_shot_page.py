"""The Few-shot page: a task and its race without a click, every source, any address."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.figures.words import counted
from core.methods.few_shot.inner_loop import Statistics
from core.methods.few_shot.task_sources import Origin
from core.paths import ASSETS, PROJECT
from core.zoo.initialisations import RACE
from pages.parts.card import load_card
from pages.parts.few_shot import many_tasks, race
from pages.parts.few_shot.adaptation import SHIPPED, adapt_all, adapt_shipped
from pages.parts.few_shot.adaptation_sentences import (
    ABOUT_PICTURES,
    deepest_fall,
)
from pages.parts.few_shot.race_training import about_training, what_differs
from pages.parts.few_shot.task_choice import FIRST_TASK, ORIGINS, TaskChoice
from pages.parts.url_state import WARNINGS
from pages.parts.words import duration

PAGE = "pages/few_shot.py"
Open = Callable[..., AppTest]


@pytest.fixture
def open_page() -> Open:
    def open_with(**query: str) -> AppTest:
        app = AppTest.from_file(PROJECT / "app.py", default_timeout=120).run()
        for name, value in query.items():
            app.query_params[name] = value
        return app.switch_page(PAGE).run()

    return open_with


def texts(app: AppTest) -> str:
    """All that the page says in words."""
    return " ".join(element.value for element in [*app.markdown, *app.caption, *app.warning])


def forget_warnings(app: AppTest) -> None:
    """What `app.py` does after a page; `switch_page` of an AppTest runs the page without it."""
    del app.session_state[WARNINGS]


def race_cards(app: AppTest) -> list[dict[str, Any]]:
    """The cards of the race, as the browser is sent them."""
    elements = (box.proto for box in app.get("bidi_component"))
    (sent,) = (proto.json for proto in elements if proto.component_name == "picture_cards")
    cards: list[dict[str, Any]] = json.loads(sent)["cards"]
    return cards


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
def test_every_source_is_shown_and_said(
    open_page: Open, source: str, about: str, request: pytest.FixtureRequest
) -> None:
    if source in ("Omniglot", "One alphabet"):
        request.getfixturevalue("omniglot_root")
    app = open_page(tasks_from=source, inner_steps="1", inner_step="1")
    assert not app.exception
    assert app.segmented_control(key="tasks_from").value == source
    assert float(app.metric[0].value.rstrip("%")) > 20
    (shown,) = [origin for origin, sentence in ABOUT_PICTURES.items() if sentence in texts(app)]
    assert shown == ORIGINS[source], "what the pictures are is said of this source alone"
    assert about in ABOUT_PICTURES[shown].lower()


def test_look_inside_says_that_it_is_not_of_the_curves(open_page: Open) -> None:
    app = open_page(tasks_from="Sinusoids")
    assert not app.exception
    (note,) = [info.value for info in app.info if "measurements" in info.value]
    assert "not of the one that fits the curves above" in note
    app.segmented_control(key="tasks_from").set_value("Strokes").run()
    assert not [info for info in app.info if "measurements" in info.value]


def test_another_task_is_another_one(open_page: Open) -> None:
    app = open_page(task="3")
    assert app.number_input(key="task").value == 3
    next(button for button in app.button if button.label == "Another task").click().run()
    assert not app.exception
    assert app.query_params["task"] == str(app.number_input(key="task").value)


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
    assert [warning.value for warning in app.warning] == [
        "15 ways need 15 classes, and there are 10 here: the task has 10."
    ]
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
    assert app.query_params.get("ways", "5") == str(ways)  # a link reopens what is seen


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
    assert app.slider(key="ways").value == 5  # not the 3 that was left out


def test_without_omniglot_the_page_shows_strokes_and_offers_it(
    open_page: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GLIMPSE_DATA", str(tmp_path))
    app = open_page(tasks_from="Omniglot")
    assert not app.exception
    assert app.segmented_control(key="tasks_from").value == "Strokes"
    assert "Omniglot" not in app.segmented_control(key="tasks_from").options
    assert "Omniglot is not on this machine: the tasks are of strokes instead." in texts(app)
    assert any(button.label.startswith("Download") for button in app.button)


def test_the_mean_over_many_tasks_is_the_engine_s(monkeypatch: pytest.MonkeyPatch) -> None:
    """Against accuracies computed here, one task at a time."""
    monkeypatch.setattr(many_tasks, "MANY", 10)
    choice = TaskChoice("strokes", 3, 1, 2, 1.0, "transductive", 8)
    many = many_tasks.ManyTasks(choice)
    assert many.lanes() == []
    assert many.seconds_left(one_task=0.5) == 5
    many.learn(1e-9)  # the first chunk from one initialisation
    assert (len(many.scores), many.done, many.is_running) == (1, 0, True)
    many.learn(60)
    assert (len(many.scores), many.done, many.is_running) == (14, 10, False)
    assert many.seconds_left(one_task=0.5) == 0
    lanes = many.lanes()

    from core.zoo.initialisations import load_initialisation

    maml, scores = load_initialisation(RACE[0]), []
    for first in (0, 5):
        tasks = choice.tasks(5, "mean", first)
        for place in range(5):
            task = tasks.part(slice(place, place + 1))
            answers = maml.adapt(task, 2).outputs[0].argmax(-1)
            scores.append((answers == task.query_y[0]).double().mean(-1).numpy())
    expected = np.array(scores)
    np.testing.assert_allclose(lanes[0].accuracy, expected.mean(0), atol=1e-6)
    assert lanes[0].interval is not None
    np.testing.assert_allclose(
        lanes[0].interval, 1.96 * expected.std(0, ddof=1) / np.sqrt(10), atol=1e-6
    )


def test_tasks_that_are_kept_say_how_long_they_took(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not that they were learnt in no time, as the second visitor would read."""
    monkeypatch.setattr(many_tasks, "MANY", 5)
    choice = TaskChoice("strokes", 2, 1, 1, 1.0, "transductive", 4)
    first, second = many_tasks.ManyTasks(choice), many_tasks.ManyTasks(choice)
    for many in (first, second):
        many.learn(60)
        assert many.done == 5
    assert first.seconds > 0
    assert second.seconds == first.seconds


def test_many_tasks_say_how_long_they_take_and_stop_when_asked(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(race, "LEARN_S", 1e-9)  # one chunk from one initialisation at a time
    app = open_page(tasks_from="Strokes", ways="2", inner_steps="1", inner_step="1")
    seconds = adapt_all(TaskChoice("strokes", 2, 1, 1, 1.0, "transductive", FIRST_TASK)).seconds
    assert (
        f"take up to about {duration(max(1, 100 * seconds))} here: this one took {seconds:.2f} s"
        in (texts(app))
    )
    app.segmented_control(key="race_of").set_value("100 such tasks").run()
    for _ in range(2 * len(RACE)):
        app.run()
    assert not app.exception
    found = app.session_state[many_tasks.SLOT]
    assert 5 <= found.done < 100
    app.button(key="race-stop").click().run()
    done = found.done
    for _ in range(len(RACE)):
        app.run()
    assert (found.done, found.is_stopped) == (done, True)
    assert f"Stopped after {done} of 100 tasks: the curves show their means." in texts(app)
    assert f"Over {done} tasks: **MAML** starts at chance" in texts(app)  # what was found stays
    shown = race_cards(app)
    assert {card["basis"].partition("over")[2] for card in shown} == {f" {done} tasks"}
    mean = found.lanes()[0].accuracy[1]
    assert shown[0]["number"] == f"{mean:.1%}"  # as the curves: only the pictures are of this task
    assert {card["note"].partition(":")[0] for card in shown} == {"this task"}
    app.button(key="race-go-on").click().run()
    for _ in range(len(RACE)):
        app.run()
    assert found.done > done
    app.slider(key="ways").set_value(3).run()
    assert app.session_state[many_tasks.SLOT].kind.n_way == 3  # other tasks, begun anew


@pytest.mark.usefixtures("omniglot_root")
def test_the_caption_has_the_figures_of_the_card_or_says_that_there_are_none(
    open_page: Open,
) -> None:
    app = open_page(tasks_from="Omniglot", inner_steps="1", inner_step="1")
    figures = load_card("maml")["figures"]
    after, interval = 100 * figures["accuracy_after"], 100 * figures["accuracy_interval"]
    assert f"reaches {after:.2f} ± {interval:.2f} % over 1,000 tasks after 1 step (trans" in texts(
        app
    )
    assert "No average" not in texts(app)
    app.segmented_control(key="tasks_from").set_value("One alphabet").run()
    assert "No average" not in texts(app)
    assert "% over 400 tasks after 1 step (transductive)" in texts(app)
    app.slider(key="ways").set_value(4).run()
    assert "No average over tasks like this one is stored: choose *100 such tasks* below" in texts(
        app
    )
    assert f"{after:.2f}" not in texts(app)


def test_why_protonet_is_ahead_is_said_by_the_cards(open_page: Open) -> None:
    cards = [load_card(name) for name in ("race-protonet", "race-maml")]
    protonet, maml = (100 * card["figures"]["accuracy_after"] for card in cards)
    cost = [card["minutes"] / card["steps"] for card in cards]
    assert cost[0] < cost[1]  # or the sentence is wrong
    words = texts(open_page(tasks_from="Strokes", inner_steps="1", inner_step="1"))
    assert f"{cards[0]['steps']:,} of them took {cards[0]['minutes']:.1f} minutes, MAML's " in words
    assert f"reach {protonet:.1f} ± " in words and f"and {maml:.1f} ± " in words
    assert about_training() in words and what_differs() in words


def test_a_fall_is_spoken_of_where_there_is_one() -> None:
    sentence = deepest_fall(np.array([0.2, 0.99, 0.9, 0.77, 0.99]), trained_steps=1)
    assert sentence.startswith("Accuracy falls from 99% after 1 step to 77% after 3 steps: the ")
    assert "was trained for 1 step only" in sentence
    for steady in ([0.2, 0.96, 0.92, 0.96], [0.2, 0.3, 0.5], [0.2]):  # one query of 25 is no fall
        assert deepest_fall(np.array(steady), trained_steps=1) == ""
    assert deepest_fall(np.array([0.2, 0.99, 0.7, 0.8]), trained_steps=2) == ""


@pytest.mark.usefixtures("omniglot_root")
def test_steps_that_make_it_worse_are_spoken_of(open_page: Open) -> None:
    app = open_page(tasks_from="Omniglot", ways="20", shots="10", inner_steps="6")
    assert "Accuracy falls from" in texts(app)
    app.slider(key="shots").set_value(1).run()
    assert not app.exception
    assert "Accuracy falls from" not in texts(app)


def test_averages_stand_beside_the_task_at_the_chosen_step(open_page: Open) -> None:
    measured = json.loads((ASSETS / "tasks.json").read_text())
    curves = measured["accuracy"]["strokes"]["transductive"]
    app = open_page(tasks_from="Strokes", inner_step="2")
    for step in (2, 0):
        app.slider(key="inner_step").set_value(step).run()
        shown = race_cards(app)
        for card, initialisation in zip(shown, RACE, strict=True):
            curve = curves[initialisation.weights or "random"]
            mean, interval = (100 * curve[part][step] for part in ("mean", "interval"))
            assert card["note"] == f"{mean:.1f} ± {interval:.1f} % over 400 tasks"
        assert f"Over 400 tasks like this one, after {counted(max(step, 1))}: **MAML " in texts(app)


def test_other_tasks_have_no_averages(open_page: Open) -> None:
    app = open_page(tasks_from="Strokes", ways="4", inner_steps="1", inner_step="1")
    assert {card["note"] for card in race_cards(app)} == {""}
    assert "tasks like this one, after" not in texts(app)
    beyond = open_page(tasks_from="Strokes", inner_steps="6", inner_step="6")
    assert {card["note"] for card in race_cards(beyond)} == {""}


@pytest.mark.usefixtures("omniglot_root")
@pytest.mark.parametrize("statistics", ["transductive", "inductive"])
@pytest.mark.parametrize("origin", list(ORIGINS.values()))
def test_the_task_shown_at_first_is_near_the_average_of_its_kind(
    origin: Origin, statistics: Statistics
) -> None:
    """By three queries of 25 at most, for each network that the page speaks of, at each step."""
    choice = TaskChoice(origin, 5, 1, 5, 1.0, statistics, FIRST_TASK)
    raced = adapt_all(choice).adaptations
    shown = {SHIPPED: adapt_shipped(choice), "race-maml": raced[0], "random": raced[-1]}
    averages = json.loads((ASSETS / "tasks.json").read_text())["accuracy"][origin][statistics]
    for name, frames in shown.items():
        assert np.abs(frames.accuracy - averages[name]["mean"]).max() <= 3 / 25, name
    assert raced[0].accuracy[1] > raced[-1].accuracy[1]  # MAML is ahead of random weights


def test_the_two_networks_called_maml_are_told_apart(open_page: Open) -> None:
    app = open_page(tasks_from="Strokes", inner_step="1")
    shown = adapt_shipped(TaskChoice("strokes", 5, 1, 5, 1.0, "transductive", FIRST_TASK))
    (raced, page) = (load_card(name) for name in ("race-maml", "maml"))
    assert raced["config"]["filters"] != page["config"]["filters"]
    assert f"not the network above, which has {shown.accuracy[1]:.0%} here: that one has " in (
        texts(app)
    )
    assert f"{page['steps']:,} meta-updates, not {raced['steps']:,}." in texts(app)


def test_numbers_that_overflow_leave_the_classes_alike() -> None:
    """No rate that the page offers is large enough for it, so that it is called by itself."""
    frames = adapt_shipped(TaskChoice("strokes", 5, 1, 3, 1e38, "transductive", 8))
    assert np.isfinite(frames.probability).all()
    np.testing.assert_allclose(frames.probability[-1], 0.2)
    assert not np.isfinite(frames.support_loss[-1])


def test_the_adaptation_can_be_downloaded_and_the_files_are_named(open_page: Open) -> None:
    app = open_page(task="3", tasks_from="Strokes")
    assert not app.exception
    labels = [button.label for button in app.download_button]
    assert labels == ["Film as GIF", "Film as HTML", "Table as CSV", "Weights"]
    for file in (".gif", ".html", ".csv"):
        assert f"few-shot-strokes-5way-1shot-3{file}" in texts(app)
    assert "glimpse-maml.zip" in texts(app)
    command = load_card("maml")["command"]
    assert command in [code.value for code in app.code]
