"""Tests of the pages with a fourth method. `tests.app.test_a_fourth_method` runs them in a copy.

In the tree itself nothing collects them, since the toy is not a method there.
"""

from pathlib import Path

import pytest
import streamlit as st
from safetensors.numpy import load_file
from streamlit.testing.v1 import AppTest

from core.makers import films
from core.paths import PROJECT
from core.registry import METHODS
from core.training import launcher
from core.training.loop import train
from core.training.run_folder import RunFolder, create_run, list_runs
from pages.parts import warmup
from tests.helpers.fourth_method import NAME, PROMISE, TITLE
from tests.helpers.pages import texts
from tests.helpers.training import state, wait_until

ENDLESS = "1000000"  # steps
PATIENCE_S = 240  # a worker gives way to everything else on a busy machine


@pytest.fixture(autouse=True)
def no_worker_waits(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Runs of the test's own, and no process behind the page that nobody asked for."""
    monkeypatch.setenv("GLIMPSE_RUNS", str(tmp_path / "runs"))
    monkeypatch.setattr(warmup, "begin", lambda: None)
    monkeypatch.setattr(launcher, "keep_warm", lambda: None)


def open_page(name: str, **address: str) -> AppTest:
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60)
    app.run()
    for key, value in address.items():
        app.query_params[key] = value
    return app.switch_page(f"pages/{name}.py").run()


def start_page() -> AppTest:
    return AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60).run()


def n_films(page: AppTest) -> int:
    return len(page.get("bidi_component"))


def trained(steps: int = 6) -> RunFolder:
    """A finished run of the toy, trained in this process."""
    config = {"steps": steps, **METHODS[NAME].tiny_config}
    run = create_run(NAME, config, steps)
    assert train(run).state == "finished"
    return run


def test_start_has_a_card_for_it_before_it_has_a_film_and_after() -> None:
    page = start_page()
    assert TITLE in [heading.value for heading in page.subheader]
    assert PROMISE in texts(page)
    assert "Five ways to learn" in texts(page)
    assert n_films(page) == len(METHODS) - 1

    before = load_file(films.FILMS)
    films.main([trained().id])
    after = load_file(films.FILMS)
    assert {name for name in after if name not in before} == {
        f"{NAME}.points", f"{NAME}.hue", f"{NAME}.seconds",
    }  # fmt: skip
    st.cache_data.clear()  # as a server that starts again
    assert n_films(start_page()) == len(METHODS)


def test_its_page_has_a_form_and_shows_a_run() -> None:
    run = trained()
    page = open_page("toy_line")
    assert page.title[0].value == TITLE
    assert page.number_input(key="toy_lr").value == 0.02
    assert "finished" in texts(page) and "Step 6 of 6" in texts(page)
    assert "Weights at step 6" in texts(page)
    page.select_slider(key=f"{run.id}-step").set_value(2).run()
    assert "Weights at step 2" in texts(page)
    page.segmented_control(key="toy-preset").set_value("Fast").run()
    assert page.number_input(key="toy_lr").value == 0.05
    assert page.code[0].value == "python -m core train toy --lr 0.05"


def test_its_page_trains_pauses_and_resumes() -> None:
    page = open_page("toy_line", toy_steps=ENDLESS, toy_sleep_ms="5", toy_snapshot_every="20")
    next(button for button in page.button if button.label == "Train").click().run()
    (run,) = list_runs()
    try:
        assert page.query_params["run"] == run.id
        wait_until(lambda: run.status().step > 0, "the first step", PATIENCE_S)
        assert "running" in texts(page.run())
        page.button(key=f"{run.id}-Pause").click().run()
        wait_until(lambda: state(run) == "paused", "the pause")
        at = run.status().step
        page.run().button(key=f"{run.id}-Resume").click().run()
        wait_until(lambda: run.status().step > at, "a step after the pause", PATIENCE_S)
        assert "running" in texts(page.run())
    finally:
        run.request("stop")
        wait_until(lambda: state(run) == "stopped" and not run.is_held(), "the end")


def test_runs_lists_it_and_opens_it() -> None:
    run, newer = trained(), trained(8)
    error = f"Largest error {100 * (run.status().key_value or 0):.1f} %"
    page = open_page("runs")
    assert f"**{TITLE}**" in texts(page) and newer.id in texts(page)
    assert error in texts(page)
    assert "How far the worst weight is off." in [box.help for box in page.markdown]
    assert error in texts(start_page()), "among the latest runs"
    page.button(key=f"open-{run.id}").click().run()
    assert page.title[0].value == TITLE
    assert "Step 6 of 6" in texts(page)
