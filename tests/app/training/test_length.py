"""How long a run trains: in steps, in minutes that are timed first, or in epochs."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.errors import GlimpseError
from core.training import launcher
from core.training.pace import Pace
from tests.helpers.pages import texts
from tests.helpers.train_form_page import PACE, choose, choose_minutes, command, open_form, press

pytestmark = pytest.mark.usefixtures("launched", "timed")


@pytest.fixture
def page() -> AppTest:
    return open_form()


def test_minutes_become_the_steps_that_fit(
    page: AppTest, launched: list[dict[str, Any]], timed: list[dict[str, Any]]
) -> None:
    page.run()
    assert command(page) == "python -m core train maml"
    choose_minutes(page, "1 min")
    # 50 ms each, with 1 s every 100 and 0.2 s every 50 of them: 900 steps take 58.8 s.
    assert "**900 steps**" in texts(page)
    assert command(page) == "python -m core train maml --steps 900"
    assert page.number_input(key="maml_steps").disabled
    press(page, "Train")
    assert launched[-1]["steps"] == 900

    choose_minutes(page, "3 min")
    assert len(timed) == 1, "what a step takes is known"
    page.number_input(key="maml_rate").set_value(0.2).run()
    assert [each["rate"] for each in timed] == [0.01, 0.2]
    choose(page, "length", "Steps")
    assert command(page) == "python -m core train maml --rate 0.2"


def test_a_number_of_steps_that_is_refused_does_not_matter_to_minutes(
    page: AppTest, launched: list[dict[str, Any]]
) -> None:
    page.run()
    page.number_input(key="maml_steps").set_value(60_000).run()
    assert "50,000 steps: ask" in texts(page)
    choose_minutes(page, "1 min")
    assert "50,000 steps: ask" not in texts(page)
    press(page, "Train")
    assert launched[-1]["steps"] == 900
    choose(page, "length", "Steps")
    assert "50,000 steps: ask" in texts(page)


def test_both_runs_of_a_lesson_are_equally_long(
    page: AppTest, launched: list[dict[str, Any]]
) -> None:
    page.run()
    choose(page, "preset", "High rate")
    choose_minutes(page, "1 min")
    press(page, "Train both")
    assert [each["steps"] for each in launched] == [900, 900]


def test_any_number_of_minutes_can_be_given(page: AppTest) -> None:
    page.query_params["maml-length"], page.query_params["maml-minutes"] = "Other", "99999"
    page.run()
    assert "Minutes '99999' in the address became 1440" in texts(page)
    page.number_input(key="maml-minutes").set_value(0.1).run()
    assert "**68 steps**" in texts(page)


def test_a_length_that_is_none_is_one_sentence(page: AppTest) -> None:
    page.query_params["maml-length"] = "forever"
    page.run()
    assert "Length 'forever' in the address became Steps." in texts(page)
    assert not page.number_input(key="maml_steps").disabled


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """Nothing is timed before this is set."""
    go = Event()

    def pace(_method: str, _config: Any) -> Pace:
        go.wait()
        return PACE

    monkeypatch.setattr(launcher, "pace", pace)
    yield go
    go.set()


def test_the_page_waits_for_no_timing(page: AppTest, slow: Event) -> None:
    page.run()
    choose(page, "length", "1 min")
    assert "Timing a few steps" in texts(page)
    assert next(button for button in page.button if button.label == "Train").disabled
    page.number_input(key="maml_rate").set_value(0.2).run()
    assert command(page) == "python -m core train maml --rate 0.2 --minutes 1"
    slow.set()
    while "Timing" in texts(page):
        page.run()
    assert "--steps 900" in command(page)


def test_what_cannot_be_timed_is_one_sentence_and_is_tried_again(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[str] = []

    def pace(method: str, _config: Any) -> Pace:
        tries.append(method)
        raise GlimpseError("Omniglot is not there: download it.")

    monkeypatch.setattr(launcher, "pace", pace)
    page.run()
    choose(page, "length", "1 min")
    assert [box.value for box in page.error] == ["Omniglot is not there: download it."]
    assert next(button for button in page.button if button.label == "Train").disabled
    page.run()
    assert len(tries) == 2


def _embeddings() -> None:
    from core.methods.simclr.config import SimClrConfig
    from pages.parts.training.train_form import train_form

    train_form("simclr", SimClrConfig)


@pytest.fixture
def embeddings() -> AppTest:
    return AppTest.from_function(_embeddings, default_timeout=30)


def train_button(page: AppTest) -> Any:
    return next(button for button in page.button if button.label == "Train")


def test_epochs_become_steps_that_are_counted(
    embeddings: AppTest, launched: list[dict[str, Any]], timed: list[dict[str, Any]]
) -> None:
    page = embeddings.run()
    page.segmented_control(key="simclr-length").set_value("Epochs").run()
    assert (
        "**150 steps**: 10 epochs of 15. Each uses 3,840 of the 4,000 pictures once and leaves "
        "out a random 160, too few for a batch." in texts(page)
    )
    assert command(page) == "python -m core train simclr --steps 150"
    assert page.number_input(key="simclr_steps").disabled

    page.number_input(key="simclr_batch_size").set_value(500).run()
    page.number_input(key="simclr-epochs").set_value(1).run()
    assert "**8 steps**: one epoch. It uses all 4,000 pictures once." in texts(page)
    train_button(page).click().run()
    assert not page.exception and not timed
    assert [each["steps"] for each in launched] == [8]

    page.segmented_control(key="simclr-length").set_value("Steps").run()
    assert command(page) == "python -m core train simclr --batch-size 500"
    assert not page.number_input(key="simclr_steps").disabled


def test_an_address_that_says_epochs_is_a_form_that_does(embeddings: AppTest) -> None:
    embeddings.query_params["simclr-length"] = "Epochs"
    embeddings.query_params["simclr-epochs"] = "2000000"
    page = embeddings.run()
    assert "Epochs '2000000' in the address became 1000000" in texts(page)
    assert [box.value for box in page.error] == [
        "epochs 1000000 cannot be used: choose 1 to 66,666, since an epoch has 15 steps here "
        "and a run at most 1,000,000."
    ]
    assert train_button(page).disabled
    page.number_input(key="simclr-epochs").set_value(66_666).run()
    assert "**999,990 steps**" in texts(page) and not page.error


def test_pictures_that_cannot_be_counted_are_one_sentence(
    embeddings: AppTest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GLIMPSE_DATA", str(tmp_path))
    embeddings.query_params["simclr-length"] = "Epochs"
    embeddings.query_params["simclr_source"] = "mnist"
    page = embeddings.run()
    (box,) = page.error
    assert box.value.startswith("MNIST is not here yet: download it on the Start page")
    assert train_button(page).disabled and not page.code
    page.selectbox(key="simclr_source").set_value("sample").run()
    assert not page.error and not train_button(page).disabled


def test_a_method_without_epochs_offers_none(page: AppTest) -> None:
    page.query_params["maml-length"] = "Epochs"
    page.run()
    control = page.segmented_control(key="maml-length")
    assert "Epochs" not in control.options
    assert "Length 'Epochs' in the address became Steps." in texts(page)
    assert not page.number_input(key="maml_steps").disabled, "as many as are set are trained"
    assert "poch" not in control.help
