"""The Few-shot page: means over many tasks, and what is said of the race and the networks."""

import json
from collections import Counter

import numpy as np
import pytest

from core.data.omniglot import characters, load_omniglot
from core.figures.words import counted
from core.methods.few_shot.inner_loop import Statistics
from core.methods.few_shot.task_sources import Origin
from core.paths import ASSETS
from core.studies import task_averages
from core.zoo.initialisations import RACE
from pages.parts.card import load_card
from pages.parts.few_shot import many_tasks, race
from pages.parts.few_shot.adaptation import adapt, adapt_all
from pages.parts.few_shot.adaptation_sentences import ABOUT_PICTURES, deepest_fall
from pages.parts.few_shot.adaptation_view import MORE_OF_NETWORK
from pages.parts.few_shot.networks import SHIPPED
from pages.parts.few_shot.race_training import about_training, what_differs
from pages.parts.few_shot.task_choice import (
    ALPHABET_WAYS,
    FIRST_TASK,
    ORIGINS,
    WAYS,
    TaskChoice,
    ways_of,
)
from pages.parts.words import duration
from tests.helpers.few_shot_page import Open, race_cards, texts


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
    assert "better than random weights" not in texts(app)  # so few tasks show no such thing
    app.button(key="race-go-on").click().run()
    for _ in range(len(RACE)):
        app.run()
    assert found.done > done
    app.slider(key="ways").set_value(3).run()
    assert app.session_state[many_tasks.SLOT].kind.n_way == 3  # other tasks, begun anew


def test_the_caption_has_the_figures_of_the_card_or_says_that_there_are_none(
    open_page: Open,
) -> None:
    app = open_page(ways="5", inner_steps="1", inner_step="1")
    figures = load_card("maml")["figures"]
    after, interval = 100 * figures["accuracy_after"], 100 * figures["accuracy_interval"]
    assert f"reaches {after:.2f} ± {interval:.2f} % over 1,000 tasks after 1 step: all qu" in texts(
        app
    )
    assert "No average" not in texts(app)
    app.segmented_control(key="tasks_from").set_value("One alphabet").run()
    assert "No average" not in texts(app)
    assert "% over 400 tasks after 1 step: all queries judged together (transductive)." in texts(
        app
    )
    app.segmented_control(key="statistics").set_value("Alone").run()
    assert "after 1 step: each query judged alone (inductive)." in texts(app)
    app.slider(key="ways").set_value(4).run()
    assert "No average over tasks like this one is stored: choose *100 such tasks* below" in texts(
        app
    )
    assert f"{after:.2f}" not in texts(app)


def test_what_is_measured_in_the_features_is_folded_away(open_page: Open) -> None:
    """Before the race there is one grey line of two sentences, unless the accuracy falls."""
    app = open_page(tasks_from="Strokes", ways="3", inner_steps="1", inner_step="1")
    (fold,) = [each for each in app.expander if each.label == MORE_OF_NETWORK]
    folded = [each.value for each in fold.caption]
    captions = [each.value for each in app.caption]
    assert "must choose one of the 3 classes" in folded[0]
    assert folded[1].startswith("Its inner rates, one per weight tensor, ")
    timing = next(place for place, said in enumerate(captions) if ":material/timer:" in said)
    (before,) = [said for said in captions[:timing] if "swipe" not in said]
    assert before.startswith(ABOUT_PICTURES["strokes"]) and before.count(". ") == 1


def test_how_the_networks_were_made_is_said_below_the_race(open_page: Open) -> None:
    words = texts(open_page(tasks_from="Strokes", inner_steps="1", inner_step="1"))
    assert about_training() in words and what_differs() in words


def test_a_fall_is_spoken_of_where_there_is_one() -> None:
    sentence = deepest_fall(np.array([0.2, 0.99, 0.9, 0.77, 0.99]), trained_steps=1)
    assert sentence.startswith("Accuracy falls from 99% after 1 step to 77% after 3 steps: the ")
    assert "was trained for 1 step only" in sentence
    for steady in ([0.2, 0.96, 0.92, 0.96], [0.2, 0.3, 0.5], [0.2]):  # one query of 25 is no fall
        assert deepest_fall(np.array(steady), trained_steps=1) == ""
    assert deepest_fall(np.array([0.2, 0.99, 0.7, 0.8]), trained_steps=2) == ""


def test_steps_that_make_it_worse_are_spoken_of(open_page: Open) -> None:
    app = open_page(task="32", tasks_from="Omniglot", ways="20", shots="10", inner_steps="6")
    assert "Accuracy falls from" in texts(app)
    app.slider(key="shots").set_value(1).run()
    assert not app.exception
    assert "Accuracy falls from" not in texts(app)


def test_averages_stand_beside_the_task_at_the_chosen_step(open_page: Open) -> None:
    measured = json.loads((ASSETS / "tasks.json").read_text())
    curves = measured["accuracy"]["strokes"]["20"]["transductive"]
    app = open_page(tasks_from="Strokes", inner_step="2")
    for step in (2, 0):
        app.slider(key="inner_step").set_value(step).run()
        shown = race_cards(app)
        for card, initialisation in zip(shown, RACE, strict=True):
            curve = curves[initialisation.weights or "random"]
            mean, interval = (100 * curve[part][step] for part in ("mean", "interval"))
            assert card["note"] == f"{mean:.1f} ± {interval:.1f} % over 200 tasks"
        assert f"Over 200 tasks like this one, after {counted(max(step, 1))}: **MAML " in texts(app)


def test_other_tasks_have_no_averages(open_page: Open) -> None:
    app = open_page(tasks_from="Strokes", ways="4", inner_steps="1", inner_step="1")
    assert {card["note"] for card in race_cards(app)} == {""}
    assert "tasks like this one, after" not in texts(app)
    beyond = open_page(tasks_from="Strokes", inner_steps="6", inner_step="6")
    assert {card["note"] for card in race_cards(beyond)} == {""}


@pytest.mark.parametrize("statistics", ["transductive", "inductive"])
@pytest.mark.parametrize("origin", list(ORIGINS.values()))
def test_the_task_shown_at_first_is_near_the_average_of_its_kind(
    origin: Origin, statistics: Statistics
) -> None:
    """By 12 points at most, for each network that the page speaks of, at each step."""
    ways = ways_of(origin, int(WAYS.default))
    choice = TaskChoice(origin, ways, 1, 5, 1.0, statistics, FIRST_TASK)
    raced = adapt_all(choice).adaptations
    shown = {SHIPPED: adapt(choice), "race-maml": raced[0], "random": raced[-1]}
    measured = json.loads((ASSETS / "tasks.json").read_text())["accuracy"]
    averages = measured[origin][str(ways)][statistics]
    for name, frames in shown.items():
        assert np.abs(frames.accuracy - averages[name]["mean"]).max() <= 0.12, name
    assert raced[0].accuracy[1] > raced[-1].accuracy[1]  # MAML is ahead of random weights


def test_the_two_networks_called_maml_are_told_apart(open_page: Open) -> None:
    app = open_page(tasks_from="Strokes", inner_step="1")
    shown = adapt(TaskChoice("strokes", 20, 1, 5, 1.0, "transductive", FIRST_TASK))
    (raced, page) = (load_card(name) for name in ("race-maml", "maml"))
    assert raced["config"]["filters"] != page["config"]["filters"]
    assert f"not the network above, which has {shown.accuracy[1]:.0%} here: that one has " in (
        texts(app)
    )
    assert f"{page['steps']:,} meta-updates, not {raced['steps']:,}." in texts(app)
    app.slider(key="inner_step").set_value(0).run()
    assert "is not the network above: that one has" in texts(app)  # all of them only guess


def test_every_source_has_averages_for_its_first_task() -> None:
    for origin in ORIGINS.values():
        assert ways_of(origin, int(WAYS.default)) in task_averages.WAYS[origin]


def test_tasks_of_one_alphabet_are_not_all_of_the_same() -> None:
    sizes = Counter(load_omniglot().alphabets[i] for i in characters("test", "random").tolist())
    assert sum(size >= ALPHABET_WAYS for size in sizes.values()) == 10
