"""The live view of a run, against run folders written by hand."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.training import launcher
from core.training.locks import FileLock
from core.training.run_folder import RunFolder, open_run
from pages.parts.training import live_view
from pages.parts.training.choose_run import address_of
from tests.helpers.pages import texts
from tests.helpers.run_folders import run_of


def _page() -> None:
    import streamlit as st

    from pages.parts.training.live_view import Moment, Panel, live_view
    from tests.helpers.toy import NoSettings

    def draw(moment: Moment) -> None:
        st.session_state["drawn"] = (moment.step, float(moment.arrays["picture"][0]))

    live_view("maml", NoSettings, draw, panels=[Panel("Loss", ["loss"])])


@pytest.fixture
def page() -> AppTest:
    return AppTest.from_function(_page, default_timeout=30)


def test_without_runs_the_page_says_what_to_do(page: AppTest) -> None:
    assert "Press Train" in texts(page.run())


def test_the_newest_run_of_the_method_is_shown_with_its_newest_moment(page: AppTest) -> None:
    run_of("simclr", "finished")
    run_of("maml", "finished")
    page.run()
    assert "Step 30 of 100" in texts(page)
    assert page.session_state["drawn"] == (30, pytest.approx(0.3))


def test_a_link_to_the_run_brings_it_into_view_once(page: AppTest) -> None:
    run = run_of("maml", "finished")
    for name, value in address_of(run).items():
        page.query_params[name] = value
    asked = [_asked(page.run()), _asked(page.run())]
    assert asked == ["run 1", "run 1"], "the browser does what it was asked before once"
    assert list(page.query_params) == ["run"]
    page.query_params["look"] = "run"
    assert _asked(page.run()) == "run 2"


def _asked(page: AppTest) -> str:
    """What the browser was asked to bring into view."""
    texts(page)
    protos = [box.proto for box in page.get("bidi_component")]
    (found,) = [each for each in protos if each.component_name == "into_view"]
    return str(json.loads(found.json)["asked"])


def test_what_pause_and_stop_do_is_said_at_their_buttons(page: AppTest) -> None:
    run = run_of("maml", "running")
    with FileLock(run.path / "lock") as lock:
        assert lock.acquire()
        texts(page.run())
        helps = {button.label: button.help for button in page.button}
    assert "as if it had never been paused" in helps["Pause"]
    assert "end the run" in helps["Stop"]


def test_history_is_scrubbed_by_the_slider(page: AppTest) -> None:
    run = run_of("maml", "finished")
    page.run()
    page.select_slider(key=f"{run.id}-step").set_value(10).run()
    assert page.session_state["drawn"] == (10, pytest.approx(0.1))
    page.run()
    assert page.session_state["drawn"][0] == 10


def test_a_run_at_the_address_is_shown_and_others_are_refused(page: AppTest) -> None:
    chosen = run_of("maml", "finished", step=20)
    newest = run_of("maml", "finished", step=90)
    other = run_of("simclr", "finished")
    page.query_params["run"] = chosen.id
    assert "Step 20 of 100" in texts(page.run())
    for wrong, reason in ((other.id, "belongs to the page Embeddings"), ("../x", "no run '../x'")):
        page.query_params["run"] = wrong
        shown = texts(page.run())
        assert reason in shown
        assert "Step 90 of 100" in shown
    assert newest.path.exists()


def test_resume_and_a_refusal_are_one_press_away(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = run_of("maml", "paused")
    resumed: list[str] = []
    monkeypatch.setattr(launcher, "resume", lambda run: resumed.append(run.id))
    page.run()
    page.button(key=f"{run.id}-Resume").click().run()
    assert resumed == [run.id]
    assert not page.exception


def test_train_launches_with_the_form_and_shows_the_new_run(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def launch(method: str, config: Any) -> RunFolder:
        run = run_of(method, "finished", step=10)
        run.write_status(replace(run.recorded_status(), steps=config.steps))
        return run

    monkeypatch.setattr(launcher, "launch", launch)
    page.run()
    page.number_input(key="maml_steps").set_value(70).run()
    next(button for button in page.button if button.label == "Train").click().run()
    assert "Step 10 of 70" in texts(page)
    assert page.query_params["run"].startswith("maml-")


@pytest.mark.parametrize("damage", ["snapshot", "metrics", "status", "folder gone"])
def test_a_damaged_run_is_one_sentence_and_the_form_still_works(
    page: AppTest, damage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = run_of("maml", "finished")
    if damage == "snapshot":
        (run.path / "snapshots/00000030.safetensors").write_bytes(b"torn")
    if damage == "metrics":
        (run.path / "metrics.jsonl").write_bytes(
            b'{"step": 1, "loss"\xff\xfe\n[1]\n{"step": "x"}\n'
        )
    if damage == "status":
        (run.path / "status.json").write_text("{")
    if damage == "folder gone":
        monkeypatch.setattr(RunFolder, "snapshot_steps", _gone)
    shown = texts(page.run())
    assert len(page.error) == (damage in ("snapshot", "folder gone"))
    if damage == "snapshot":
        assert "step 30 is missing or damaged" in shown
    assert next(button for button in page.button if button.label == "Train")
    assert open_run(run.id)


@pytest.mark.parametrize("compared", [False, True])
def test_of_a_run_that_is_deleted_while_it_is_shown_the_newest_takes_the_place(
    page: AppTest, compared: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A press of a button runs the fragment alone, on what the whole page has chosen before."""
    newest, shown = run_of("maml", "finished", step=90), run_of("maml", "stopped", step=20)
    if compared:
        page.query_params["run"], page.query_params["against"] = newest.id, shown.id

    def delete_in_another_tab(_runs: list[RunFolder]) -> None:
        if shown.path.exists():
            shown.delete()

    monkeypatch.setattr(live_view, "_interval", delete_in_another_tab)
    said = texts(page.run())
    assert f"There is no run {shown.id!r}, or it was deleted" in said
    assert ("Nothing is compared" if compared else "The newest run is shown") in said
    assert "Step 90 of 100" in said and "Step 20" not in said
    assert not any(button.label == "Resume" for button in page.button)


def _gone(run: RunFolder) -> list[int]:
    raise FileNotFoundError(run.path / "snapshots")


def test_a_reason_is_shown(page: AppTest, runs_folder: Path) -> None:
    run_of("maml", "failed", message="loss became nan at step 30: try a lower learning rate.")
    assert "try a lower learning rate" in texts(page.run())
    assert runs_folder.is_dir()
