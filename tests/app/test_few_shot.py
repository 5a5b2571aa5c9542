"""The Few-shot page: a task adapted without a click, and an address that cannot break it."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from core.paths import PROJECT

PAGE = "pages/few_shot.py"


@pytest.fixture
def open_page() -> Callable[..., AppTest]:
    def open_with(**query: str) -> AppTest:
        app = AppTest.from_file(PROJECT / "app.py", default_timeout=60).run()
        for name, value in query.items():
            app.query_params[name] = value
        return app.switch_page(PAGE).run()

    return open_with


def test_a_task_is_adapted_without_a_click(open_page: Callable[..., AppTest]) -> None:
    app = open_page()
    assert not app.exception
    assert app.title[0].value == "Few-shot"
    assert app.slider(key="inner_step").value == 1
    assert any("Over 1,000 such tasks" in caption.value for caption in app.caption)


def test_another_task_changes_the_number_in_the_address(open_page: Callable[..., AppTest]) -> None:
    app = open_page(task="3")
    assert app.number_input(key="task").value == 3
    button = next(button for button in app.button if button.label == "Another task")
    button.click().run()
    assert not app.exception
    assert app.query_params["task"] == str(app.number_input(key="task").value)


def test_steps_and_statistics_can_be_changed(open_page: Callable[..., AppTest]) -> None:
    app = open_page()
    app.slider(key="inner_step").set_value(10).run()
    assert not app.exception
    app.segmented_control(key="statistics").set_value("inductive").run()
    assert not app.exception
    assert any("*Inductive*" in caption.value for caption in app.caption)


@pytest.mark.parametrize("nonsense", ["-1", "99999999999999999999", "nan", "²", "1e3", "<b>"])
def test_nonsense_in_the_address_is_clamped(
    open_page: Callable[..., AppTest], nonsense: str
) -> None:
    app = open_page(task=nonsense, inner_step=nonsense, statistics=nonsense, tasks_from=nonsense)
    assert not app.exception
    assert app.number_input(key="task").value in range(10_000)
    assert app.slider(key="inner_step").value in range(11)
    assert app.segmented_control(key="statistics").value == "transductive"


def test_without_omniglot_the_page_shows_strokes_and_says_so(
    open_page: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setenv("GLIMPSE_DATA", str(tmp_path))
    app = open_page()
    assert not app.exception
    assert app.segmented_control(key="tasks_from").options == ["Strokes, unseen"]
    assert any("Omniglot is not on this machine" in caption.value for caption in app.caption)
