"""One's own run on the Few-shot page: in film, drawing, race and Look inside."""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.methods.few_shot.method import FewShot
from core.training.run_folder import RunFolder, create_run, open_run
from core.training.worker import work
from core.zoo.weights import load_weights, restore_run
from pages.parts.few_shot import downloads, many_tasks
from pages.parts.few_shot.adaptation import adapt
from pages.parts.few_shot.networks import OWN, PAGE, own_network, race_networks
from pages.parts.few_shot.none_of_these import about_queries, task_distances, within_classes
from pages.parts.few_shot.own_sentences import trained_on, what_own_may_know
from pages.parts.few_shot.race_training import what_differs
from pages.parts.few_shot.task_choice import FIRST_TASK, TaskChoice
from tests.helpers.few_shot_page import Open, race_cards, texts

TINY: dict[str, Any] = {
    "steps": 2, "filters": 32, "train_way": 4, "n_query": 2, "eval_tasks": 2, "device": "cpu",
    "source": "strokes",
}  # fmt: skip
CHOICE = TaskChoice("strokes", 3, 1, 2, 1.0, "transductive", FIRST_TASK)
LINK = {"tasks_from": "Strokes", "ways": "3", "inner_steps": "2", "inner_step": "1"}
TASKS = "4-way 1-shot tasks of Strokes, measured on 5-way ones"  # as its settings call them
SHAPES: list[dict[str, Any]] = [
    {"algorithm": "protonet"},
    {"algorithm": "supervised", "learn_inner_lr": False},
    {"layout": "conv4", "inner_steps": 3},
    {"algorithm": "anil", "filters": 64},
    {"algorithm": "reptile", "inner_steps": 2},
]


def trained(**settings: Any) -> RunFolder:
    """A run of pictures that was trained for two updates."""
    config = TINY | settings
    run = create_run("maml", config, config["steps"])
    ended = work(run)
    assert ended.state == "finished", ended.message
    return run


def restored(run: RunFolder) -> FewShot:
    method = restore_run(run)
    assert isinstance(method, FewShot)
    return method


def accuracy(run: RunFolder, choice: TaskChoice = CHOICE) -> np.ndarray:
    """After each inner step (S + 1,), by the definition; before the first step all guess."""
    task = choice.task()
    answers = restored(run).adapt(task, choice.steps, choice.statistics).outputs[0].argmax(-1)
    return (answers == task.query_y[0]).double().mean(-1).numpy()


def choice_of_network(app: AppTest) -> list[str]:
    """The networks that can be chosen; empty where there is no choice."""
    return [name for box in app.segmented_control if box.key == "network" for name in box.options]


def test_without_a_run_of_pictures_there_is_no_choice(open_page: Open) -> None:
    app = open_page(**LINK)
    assert choice_of_network(app) == [] and OWN not in texts(app)
    assert app.subheader[0].value == "The race: seven networks learn one task"
    trained(source="sinusoids", inner_lr=0.01)
    app.run()
    assert not app.exception
    assert choice_of_network(app) == [] and len(race_cards(app)) == 7


def test_a_run_races_and_answers_where_it_is_chosen(open_page: Open) -> None:
    run = trained()
    app = open_page(**LINK)
    assert not app.exception
    assert choice_of_network(app) == ["Shipped", OWN]
    shipped, reached = app.metric[0].value, f"{accuracy(run)[1]:.0%}"
    assert shipped == f"{adapt(CHOICE).accuracy[1]:.0%}" != reached
    assert app.subheader[0].value == "The race: eight networks learn one task"
    assert what_differs(is_beside_own=True) in texts(app)
    cards = race_cards(app)
    assert [card["title"] for card in cards][::7] == ["MAML", "Random"]
    assert (cards[6]["title"], cards[6]["idea"]) == (OWN, "MAML, 2 updates")
    assert cards[6]["number"] == reached
    assert f"*{OWN}* answers" not in texts(app)

    app.segmented_control(key="network").set_value(OWN).run()
    assert not app.exception
    assert app.metric[0].value == reached
    said = texts(app)
    assert said.count(f"*{OWN}* answers: MAML on {TASKS}, after 2 of 2") == 2
    assert about_queries(task_distances(CHOICE, own_network() or PAGE)) in said
    assert "The network reaches" not in said and "not the network above" not in said
    assert "The network above had" not in said
    assert f"makes eight: MAML on {TASKS}, with 32 filters" in said
    assert f"glimpse-{run.id}.zip" in said and "glimpse-maml.zip" not in said
    command = "python -m core train maml --steps 2 --device cpu --n-query 2 --train-way 4 "
    assert any(code.value.startswith(command) for code in app.code)


@pytest.mark.parametrize("settings", SHAPES, ids=str)
def test_runs_of_every_shape_take_part(open_page: Open, settings: dict[str, Any]) -> None:
    run = trained(**settings)
    moves = settings.get("algorithm") != "protonet"
    inside = {"inside_start": OWN, "inside_tab": "What stays"} if moves else {}
    app = open_page(network=OWN, **LINK, **inside)
    assert not app.exception and not app.error and not app.warning
    assert app.metric[0].value == f"{accuracy(run)[1]:.0%}"
    assert race_cards(app)[6]["number"] == app.metric[0].value
    assert (OWN in app.selectbox(key="inside_start").options) == moves
    said = texts(app)
    assert ("It takes no inner steps: it compares each query" in said) == (not moves)
    if moves:
        assert app.selectbox(key="inside_start").value == OWN
        assert f"compare {OWN} with Random, neither adapted" in said
        assert any(code.value == f"python -m core evaluate {run.id}" for code in app.code)
        assert re.search(r"2 meta-updates, seed 0, in \d\.\d minutes on 1 thread", said)


def test_a_link_to_a_run_that_is_not_here_says_so(open_page: Open) -> None:
    app = open_page(network=OWN, inside_start=OWN, **LINK)
    assert not app.exception
    said = " ".join(box.value for box in app.warning)
    assert f"Network {OWN!r} in the address became Shipped." in said
    assert f"Initialisation {OWN!r} in the address became MAML." in said


def test_an_old_link_calls_the_run_by_another_name(open_page: Open) -> None:
    trained()
    app = open_page(network="Your run", inside_start="Your run", **LINK)
    assert not app.exception
    assert app.segmented_control(key="network").value == OWN
    assert app.selectbox(key="inside_start").value == OWN


def test_tasks_of_one_size_are_named_once() -> None:
    config = {"algorithm": "maml", "source": "strokes", "train_way": 5, "n_way": 5, "k_shot": 1}
    assert trained_on(config) == "5-way 1-shot tasks of Strokes"
    assert trained_on(config | {"train_way": 20}).endswith(
        "20-way 1-shot tasks of Strokes, measured on 5-way ones"
    )


def test_a_damaged_checkpoint_costs_a_sentence(open_page: Open) -> None:
    run = trained()
    for checkpoint in (run.path / "checkpoints").iterdir():
        checkpoint.write_bytes(b"torn")
    app = open_page(network=OWN, **LINK)
    assert not app.exception
    assert f"The run below cannot take part: Every checkpoint of run {run.id} is" in texts(app)
    assert choice_of_network(app) == [] and len(race_cards(app)) == 7
    assert app.metric[0].value == f"{adapt(CHOICE).accuracy[1]:.0%}"
    assert OWN not in app.selectbox(key="inside_start").options


def test_a_run_that_goes_away_leaves_the_shipped_network(open_page: Open) -> None:
    run = trained()
    app = open_page(network=OWN, inside_start=OWN, **LINK)
    assert choice_of_network(app) == ["Shipped", OWN]
    run.delete()
    for _ in range(3):
        app.run()
        assert not app.exception
        assert app.metric[0].value == f"{adapt(CHOICE).accuracy[1]:.0%}"
    assert len(race_cards(app)) == 7 and app.selectbox(key="inside_start").value == "MAML"


def test_a_checkpoint_is_read_once_and_the_next_one_when_it_is_there(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def opened(name: str) -> RunFolder:
        read.append(name)
        return open_run(name)

    monkeypatch.setattr("pages.parts.few_shot.networks.open_run", opened)
    run = trained()
    app = open_page(network=OWN, **LINK)
    app.run()
    assert read == [run.id]
    older = run.checkpoint_path(2).read_bytes()
    other = trained(seed=1, steps=3)
    run.checkpoint_path(3).write_bytes(other.checkpoint_path(3).read_bytes())
    other.delete()
    app.run()
    assert read == [run.id, run.id] and older != run.checkpoint_path(3).read_bytes()
    assert f"*{OWN}* answers: MAML on {TASKS}, after 3 of" in texts(app)
    assert app.metric[0].value == f"{accuracy(run)[1]:.0%}"


def test_many_tasks_are_learnt_by_the_run_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many_tasks, "MANY", 5)
    run = trained()
    own = own_network()
    many = many_tasks.ManyTasks(CHOICE, race_networks(own))
    many.learn(60)
    assert (len(many.scores), many.done, many.is_running) == (8, 5, False)
    lanes = {lane.title: lane for lane in many.lanes()}
    tasks = CHOICE.tasks(5, "mean", 0)
    answers = restored(run).adapt(tasks, CHOICE.steps).outputs.argmax(-1)
    expected = (answers == tasks.query_y[:, None]).double().mean((0, 2)).numpy()
    np.testing.assert_allclose(lanes[OWN].accuracy, expected, atol=1e-6)
    assert list(lanes)[::7] == ["MAML", "Random"]


def test_what_is_downloaded_is_the_run(
    open_page: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    run = trained(algorithm="supervised", learn_inner_lr=False)
    made: list[tuple[str, Callable[[], bytes]]] = []
    words: list[tuple[str, ...]] = []
    monkeypatch.setattr(downloads, "film_html", lambda _frames, caption: words.append(caption))
    monkeypatch.setattr(
        downloads,
        "offer_downloads",
        lambda offers, *_, **__: made.extend((each.label, each.make) for each in offers),
    )
    assert not open_page(network=OWN, **LINK).exception
    make = dict(made)
    zipfile.ZipFile(io.BytesIO(make["Weights"]())).extractall(tmp_path)
    weights = load_weights(tmp_path / f"glimpse-{run.id}")
    for name, value in restored(run).weights().items():
        assert (weights.tensors[name] == value).all()
    assert weights.card["figures"] == {} and weights.card["steps"] == 2
    make["Film as HTML"]()
    title, _, model, command = words[0]
    assert title == "Local run (Supervised) learns 3 characters from one drawing of each"
    assert model.startswith("A local run, trained on naming the training classes of Strokes")
    assert "2 of 2 meta-updates" in model and command.startswith("python -m core train maml ")


def test_characters_that_a_run_may_know_are_not_called_new(open_page: Open) -> None:
    run = trained(source="omniglot", protocol="alphabet")
    app = open_page(tasks_from="Omniglot", ways="3", inner_steps="1", inner_step="1")
    said = texts(app)
    assert "no shipped model was trained on them" in said and "no model here" not in said
    own = own_network()
    assert what_own_may_know(own, CHOICE) == ""
    known = TaskChoice("alphabet", 3, 1, 1, 1.0, "inductive", 1)
    assert "may know some of these characters" in what_own_may_know(own, known)
    assert what_own_may_know(None, known) == ""
    run.delete()
    trained(source="omniglot")
    st.cache_resource.clear()
    assert what_own_may_know(own_network(), known) == ""


def test_drawings_are_compared_with_what_is_usual_for_the_network_that_answers() -> None:
    trained()
    own = own_network()
    assert own is not None
    assert within_classes(3, 1, own) != within_classes(3, 1)
    assert within_classes(3, 1, own).made_of == within_classes(3, 1).made_of
