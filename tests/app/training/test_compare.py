"""Two runs side by side, against run folders written by hand."""

import json

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Selectbox

from core.methods.inpainting.config import InpaintingConfig
from pages.parts.training.compare import differences
from tests.helpers.pages import texts
from tests.helpers.run_folders import run_of


def _page() -> None:
    import streamlit as st
    from pydantic import Field

    from pages.parts.training.live_view import Moment, Panel, live_view
    from tests.helpers.toy import NoSettings

    class Toy(NoSettings):
        inner_lr: float = Field(0.01, title="Inner learning rate")

    def draw(moment: Moment) -> None:
        moments = [moment] if moment.rival is None else [moment, moment.rival]
        st.session_state["drawn"] = [
            (each.name, each.step, round(float(each.arrays["picture"][0]), 2)) for each in moments
        ]

    live_view("maml", Toy, draw, panels=[Panel("Loss", ["loss"])])


@pytest.fixture
def page() -> AppTest:
    return AppTest.from_function(_page, default_timeout=30)


def menus(page: AppTest) -> list[Selectbox[str]]:
    """Of runs, not of settings."""
    return [menu for menu in page.selectbox if menu.label in ("Run", "Compare with")]


def test_a_single_run_has_nothing_to_be_compared_with(page: AppTest) -> None:
    run_of("maml", "finished")
    page.run()
    assert not page.exception
    assert not menus(page)
    assert page.session_state["drawn"] == [("", 30, 0.3)]


def test_a_run_of_today_is_as_one_from_before_a_setting_of_several_was_there() -> None:
    today = json.loads(InpaintingConfig().model_dump_json())
    older = {name: value for name, value in today.items() if name != "kinds"}
    assert differences(older, today, InpaintingConfig) == []
    (found,) = differences(older, today | {"kinds": ["box", "half"]}, InpaintingConfig)
    assert found.setting == "kinds in the mixture"
    assert (found.first, found.second) == ("random box strokes half", "box half")


def test_two_runs_of_the_address_are_shown_with_what_tells_them_apart(page: AppTest) -> None:
    first = run_of("maml", "finished", step=50, inner_lr=0.4, seed=1)
    second = run_of("maml", "paused", step=30)
    page.query_params["run"], page.query_params["against"] = first.id, second.id
    shown = texts(page.run())
    assert (
        "They differ in **inner learning rate**: 0.4 against 0.01 · **seed**: 1 against 0" in shown
    )
    assert "Step 50 of 100" in shown
    assert "Step 30 of 100" in shown
    assert page.button(key=f"{second.id}-Resume")
    assert page.session_state["drawn"] == [
        ("inner learning rate 0.4 …", 50, 0.5),
        ("inner learning rate 0.01 …", 30, 0.3),
    ]


def test_the_rival_is_shown_at_the_step_that_is_looked_at(page: AppTest) -> None:
    first, second = run_of("maml", "finished", seed=1), run_of("maml", "finished", seed=2)
    page.query_params["run"], page.query_params["against"] = first.id, second.id
    page.run()
    page.select_slider(key=f"{first.id}-step").set_value(20).run()
    assert page.session_state["drawn"] == [("seed 1", 20, 0.2), ("seed 2", 20, 0.2)]
    (second.path / "snapshots/00000020.safetensors").unlink()
    page.run()
    assert page.session_state["drawn"][1] == ("seed 2", 10, 0.1)


def test_menus_say_what_a_run_set_otherwise_than_usual(page: AppTest) -> None:
    short = run_of("maml", "finished")
    other = run_of("maml", "finished", step=50, inner_lr=0.4, seed=1)
    damaged = run_of("maml", "finished", inner_lr="quick")
    run_menu, rival_menu = menus(page.run())
    labels = {label.split(" · ")[1]: label.split(" · ")[2:] for label in run_menu.options}
    assert labels == {
        short.id[-4:]: ["steps 100"],
        other.id[-4:]: ["inner learning rate 0.4, steps 100, …"],
        damaged.id[-4:]: [],
    }
    assert rival_menu.options[0] == "nothing"


def test_the_menu_compares_swaps_and_lets_go(page: AppTest) -> None:
    first, second = run_of("maml", "finished", step=20), run_of("maml", "finished", step=90)
    page.query_params["run"] = second.id
    page.run()
    _, rival_menu = menus(page)
    assert rival_menu.label == "Compare with"
    assert rival_menu.value == ""
    rival_menu.select_index(1).run()
    assert page.query_params["against"] == first.id
    assert "Both runs have the same settings" in texts(page)
    assert [name for name, *_ in page.session_state["drawn"]] == [second.id[-4:], first.id[-4:]]

    run_menu, _ = menus(page)
    run_menu.set_value(first.id).run()
    assert page.query_params["run"] == first.id
    assert page.query_params["against"] == second.id
    menus(page)[1].select_index(0).run()
    assert "against" not in page.query_params
    assert len(page.session_state["drawn"]) == 1


def test_an_address_that_compares_nonsense_is_one_sentence(page: AppTest) -> None:
    run, other = run_of("maml", "finished"), run_of("simclr", "finished")
    run_of("maml", "finished")
    page.query_params["run"] = run.id
    for wrong, reason in (
        ("../x", "no run '../x'"),
        (other.id, "belongs to the page Embeddings"),
        (run.id, "cannot be compared with itself"),
    ):
        page.query_params["against"] = wrong
        assert reason in texts(page.run())
        assert len(page.warning) == 1
        assert len(page.session_state["drawn"]) == 1


def test_a_rival_without_its_picture_costs_that_picture_alone(page: AppTest) -> None:
    first, second = run_of("maml", "finished", seed=1), run_of("maml", "finished", seed=2)
    (second.path / "snapshots/00000030.safetensors").write_bytes(b"torn")
    page.query_params["run"], page.query_params["against"] = first.id, second.id
    assert "seed 2: The picture of step 30 is missing or damaged" in texts(page.run())
    assert page.session_state["drawn"] == [("seed 1", 30, 0.3)]


def test_a_rival_that_waits_in_line_is_shown_as_such(page: AppTest) -> None:
    first, second = run_of("maml", "finished"), run_of("maml", "starting", step=0)
    page.query_params["run"], page.query_params["against"] = first.id, second.id
    (second.path / "metrics.jsonl").unlink()
    assert "Step 0 of 100" in texts(page.run())
