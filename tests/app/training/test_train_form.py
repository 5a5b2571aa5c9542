"""The form that starts runs, two at once for a lesson, and the menu of the runs that are shown."""

import json
from typing import Any

import pytest
import torch
from streamlit.testing.v1 import AppTest

from core.errors import GlimpseError
from core.training import launcher
from core.training.run_folder import RunFolder, open_run
from tests.helpers.pages import texts
from tests.helpers.run_folders import run_of
from tests.helpers.train_form_page import choose, labels, open_form, press

pytestmark = pytest.mark.usefixtures("launched", "timed")


@pytest.fixture
def page() -> AppTest:
    return open_form()


def test_a_lesson_that_compares_trains_both_and_shows_both(
    page: AppTest, launched: list[dict[str, Any]]
) -> None:
    page.run()
    assert "Train both" not in labels(page)
    choose(page, "preset", "High rate")
    page.number_input(key="maml_seed").set_value(4).run()
    press(page, "Train both")
    assert [(each["rate"], each["seed"]) for each in launched] == [(0.5, 4), (0.01, 4)]
    first, second = (open_run(page.query_params[name]) for name in ("run", "against"))
    assert (first.config["rate"], second.config["rate"]) == (0.5, 0.01)
    assert "**rate**: 0.5 against 0.01" in texts(page)
    assert page.session_state["drawn"] is True

    press(page, "Train")
    assert len(launched) == 3
    assert "against" not in page.query_params, "one run is shown alone"


def test_nothing_is_left_to_compare_where_the_settings_became_the_same(page: AppTest) -> None:
    page.run()
    choose(page, "preset", "High rate")
    page.number_input(key="maml_rate").set_value(0.01).run()
    assert "Train both" not in labels(page)


def test_a_rival_that_cannot_be_is_one_sentence(page: AppTest) -> None:
    page.run()
    choose(page, "preset", "Broken")
    assert "There is nothing to compare with: rate 7 cannot be used" in texts(page)
    assert "Train both" not in labels(page)
    assert "Train" in labels(page)


def test_what_could_never_train_here_is_said_before_it_is_started(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 0)
    page.query_params["maml_device"] = "cuda"
    assert "This run needs 1 GPU(s) on this machine, and there are 0" in texts(page.run())
    assert next(button for button in page.button if button.label == "Train").disabled


def test_a_refusal_to_start_the_second_run_leaves_the_first_at_the_address(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def launch(method: str, config: Any) -> RunFolder:
        if config.rate == 0.01:
            raise GlimpseError("The disk is full: free some space.")
        return run_of(method, "finished", **config.model_dump())

    monkeypatch.setattr(launcher, "launch", launch)
    page.run()
    choose(page, "preset", "High rate")
    press(page, "Train both")
    assert "The disk is full" in page.error[0].value
    assert open_run(page.query_params["run"]).config["rate"] == 0.5


def test_a_request_with_the_address_from_before_takes_nothing_back(page: AppTest) -> None:
    before, other = run_of("maml", "finished"), run_of("maml", "finished")
    page.query_params["run"], page.query_params["against"] = before.id, other.id
    page.run()
    press(page, "Train")
    shown = page.query_params["run"]
    assert shown not in (before.id, other.id)
    # As a browser that looks at the run shown before, and does not know of the new one yet.
    page.query_params["run"], page.query_params["against"] = before.id, other.id
    page.run()
    assert page.query_params["run"] == shown and "against" not in page.query_params
    # A link to the run shown before is no such request.
    page.query_params["run"], page.query_params["against"] = before.id, other.id
    page.query_params["look"] = "run"
    page.run()
    assert page.query_params["run"] == before.id


def test_a_run_that_was_started_is_brought_into_view(page: AppTest) -> None:
    page.run()
    press(page, "Train")
    protos = [box.proto for box in page.get("bidi_component")]
    (found,) = [each for each in protos if each.component_name == "into_view"]
    assert json.loads(found.json) == {"asked": "run 1", "pressed": True}


def test_a_menu_from_before_chooses_nothing(page: AppTest) -> None:
    before = [run_of("maml", "finished").id for _ in range(2)]
    page.query_params["run"] = before[0]
    page.run()
    menus = page._tree.get_widget_states()  # as the browser sends them until it knows of new ones
    press(page, "Train")
    shown = page.query_params["run"]
    assert shown not in before
    page._run(menus)
    assert page.query_params["run"] == shown and "against" not in page.query_params
