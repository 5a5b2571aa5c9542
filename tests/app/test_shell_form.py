"""The form that a config draws: values, bounds, address and command line."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest


def _page() -> None:
    from typing import Literal

    import streamlit as st
    from pydantic import Field

    from core.config import RunConfig
    from core.flags import command_line
    from pages.parts.form import config_form

    class Toy(RunConfig):
        inner_lr: float = Field(0.01, gt=0, le=1, description="Step size of the inner loop.")
        ways: int = Field(5, ge=2, le=20, description="Classes in a task.")
        width: Literal[32, 64] = Field(32, description="Filters.")
        first_order: bool = Field(False, description="Leaves the second derivative out.")
        batch: int = Field(500, ge=1, le=5000, json_schema_extra={"unit": "tasks"})

    config = config_form(Toy, "toy", {"Quick": {"steps": 50, "ways": 3}, "Paper": {"ways": 20}})
    st.session_state["config"] = None if config is None else config.model_dump()
    if config is not None:
        st.code(command_line("toy", config))


@pytest.fixture
def page() -> AppTest:
    return AppTest.from_function(_page)


def _config(page: AppTest) -> Any:
    assert not page.exception
    return page.session_state["config"]


def test_untouched_form_gives_the_defaults(page: AppTest) -> None:
    page.run()
    config = _config(page)
    assert (config["inner_lr"], config["ways"], config["width"]) == (0.01, 5, 32)
    assert config["first_order"] is False
    assert config["steps"] == 1000
    assert page.code[0].value == "python -m core train toy"


def test_widgets_carry_bounds_unit_and_help(page: AppTest) -> None:
    page.run()
    ways = page.slider(key="toy_ways")
    assert (ways.min, ways.max, ways.help) == (2, 20, "Classes in a task.")
    batch = page.number_input(key="toy_batch")
    assert batch.label == "Batch (tasks)"
    assert (batch.min, batch.max) == (1, 5000)


def test_changed_fields_reach_the_config_and_the_command_line(page: AppTest) -> None:
    page.run()
    page.slider(key="toy_ways").set_value(7)
    page.toggle(key="toy_first_order").set_value(True)
    page.number_input(key="toy_inner_lr").set_value(0.4).run()
    assert _config(page)["ways"] == 7
    command = page.code[0].value
    assert command.startswith("python -m core train toy ")
    for flag in ("--ways 7", "--inner-lr 0.4", "--first-order"):
        assert flag in command
    assert "--steps" not in command


def test_a_value_that_the_model_refuses_is_said_at_the_form(page: AppTest) -> None:
    page.run()
    page.number_input(key="toy_inner_lr").set_value(0.0).run()
    assert _config(page) is None
    assert "inner_lr 0.0 cannot be used" in page.error[0].value
    page.number_input(key="toy_inner_lr").set_value(0.1).run()
    assert _config(page)["inner_lr"] == 0.1


def test_values_from_the_address_are_clamped_and_said(page: AppTest) -> None:
    page.query_params["toy_ways"] = "99"
    page.query_params["toy_batch"] = "12"
    page.run()
    config = _config(page)
    assert (config["ways"], config["batch"]) == (20, 12)
    assert [box.value for box in page.warning] == ["Ways '99' in the address became 20."]


@pytest.mark.parametrize("nonsense", ["", "ten", "nan", "inf", "1e999", "[1]", "-0x5"])
def test_nonsense_in_the_address_leaves_a_usable_form(page: AppTest, nonsense: str) -> None:
    for field in ("ways", "inner_lr", "width", "first_order", "batch"):
        page.query_params[f"toy_{field}"] = nonsense
    page.run()
    assert _config(page) is not None


def test_a_preset_sets_its_fields_and_resets_the_others(page: AppTest) -> None:
    page.run()
    page.number_input(key="toy_batch").set_value(700).run()
    page.segmented_control(key="toy-preset").set_value("Quick").run()
    config = _config(page)
    assert (config["steps"], config["ways"], config["batch"]) == (50, 3, 500)
