"""The form that a config draws: values, bounds, address and command line."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.errors import GlimpseError
from pages.parts.training.form import Preset
from tests.helpers.toy import ToyConfig


def _page() -> None:
    from typing import Literal

    import streamlit as st

    from core.config import RunConfig, setting
    from core.flags import command_line
    from pages.parts.training.form import Preset, config_form

    class Toy(RunConfig):
        inner_lr: float = setting(0.01, gt=0, le=1, description="Step size of the inner loop.")
        ways: int = setting(5, ge=2, le=20, description="Classes in a task.")
        width: Literal[32, 64] = setting(32, description="Filters.")
        first_order: bool = setting(False, description="Leaves the second derivative out.")
        batch: int = setting(500, ge=1, le=5000, description="", unit="tasks")
        parts: tuple[Literal["a", "b", "c"], ...] = setting(("a", "b"), description="What of.")

    presets = {
        "Quick": Preset({"steps": 50, "ways": 3}, "Few steps learn little."),
        "Paper": Preset({"ways": 20}, "More ways are harder."),
        "Slow": Preset({"inner_lr": 0.001, "first_order": True}, "Slow is slow.", rival={}),
        "Parts": Preset({"parts": ("c",)}, "One part is less."),
    }
    config = config_form(Toy, "toy", presets)
    st.session_state["config"] = None if config is None else config.model_dump()
    if config is not None:
        st.code(command_line("toy", config))


@pytest.fixture
def page() -> AppTest:
    return AppTest.from_function(_page, default_timeout=30)


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


def test_a_number_s_help_says_its_range(page: AppTest) -> None:
    page.run()
    helps = {box.key: box.help for box in page.number_input}
    assert helps["toy_batch"] == "1 to 5,000."
    assert helps["toy_inner_lr"] == "Step size of the inner loop. More than 0, at most 1."
    assert helps["toy_steps"] == "Total number of optimisation steps. 1 to 1,000,000."
    assert helps["toy_eval_every"] == "Steps between two evaluations. At least 1."


def test_several_of_a_few_are_chosen_in_any_order(page: AppTest) -> None:
    page.run()
    assert _config(page)["parts"] == ("a", "b")
    page.pills(key="toy_parts").set_value(["c", "a"]).run()
    assert _config(page)["parts"] == ("a", "c")
    assert page.code[0].value.endswith("--parts a c")
    page.segmented_control(key="toy-preset").set_value("Parts").run()
    assert _config(page)["parts"] == ("c",)
    page.pills(key="toy_parts").set_value(["b", "a"]).run()
    assert "Changed since: parts a b (was c)" in _texts(page)


@pytest.mark.parametrize(
    ("given", "chosen", "warnings"),
    [
        (["c", "b"], ("b", "c"), []),
        (["b", "x"], ("b",), ["Parts 'b x' in the address became b."]),
        (["x"], ("a", "b"), ["Parts 'x' in the address became a b."]),
    ],
)
def test_several_in_the_address_are_those_that_there_are(
    page: AppTest, given: list[str], chosen: tuple[str, ...], warnings: list[str]
) -> None:
    page.query_params["toy_parts"] = given
    page.run()
    assert _config(page)["parts"] == chosen
    assert [box.value for box in page.warning] == warnings


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
    assert "Inner lr 0.0 cannot be used" in page.error[0].value
    page.number_input(key="toy_inner_lr").set_value(0.1).run()
    assert _config(page)["inner_lr"] == 0.1


def test_values_from_the_address_are_clamped_and_said(page: AppTest) -> None:
    page.query_params["toy_ways"] = "99"
    page.query_params["toy_batch"] = "12"
    page.run()
    config = _config(page)
    assert (config["ways"], config["batch"]) == (20, 12)
    assert [box.value for box in page.warning] == ["Ways '99' in the address became 20."]
    page.run()
    assert page.query_params["toy_ways"] == "20"  # a link reopens what is seen


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


def test_a_lesson_is_shown_and_what_was_changed_since(page: AppTest) -> None:
    page.run()
    assert "learn little" not in _texts(page)
    page.segmented_control(key="toy-preset").set_value("Quick").run()
    assert "Few steps learn little." in _texts(page)
    assert "Changed since" not in _texts(page)
    page.number_input(key="toy_batch").set_value(700)
    page.slider(key="toy_ways").set_value(9).run()
    assert "Changed since: ways 9 (was 3), batch (tasks) 700 (was 500)" in _texts(page)
    assert page.segmented_control(key="toy-preset").value == "Quick", "it is still chosen"
    next(button for button in page.button if button.label == "Undo").click().run()
    assert (_config(page)["ways"], _config(page)["batch"]) == (3, 500)
    assert "Changed since" not in _texts(page)


def test_a_preset_in_the_address_sets_what_the_address_leaves_open(page: AppTest) -> None:
    page.query_params["toy-preset"] = "Quick"
    page.query_params["toy_ways"] = "7"
    page.run()
    assert (_config(page)["steps"], _config(page)["ways"]) == (50, 7)
    assert "Changed since: ways 7 (was 3)" in _texts(page)


@pytest.mark.parametrize("nonsense", ["quick", "<b>", "Quick Paper"])
def test_a_preset_that_is_not_there_is_one_sentence(page: AppTest, nonsense: str) -> None:
    page.query_params["toy-preset"] = nonsense
    page.run()
    assert _config(page)["steps"] == 1000
    assert len(page.warning) == 1
    assert "in the address is none of Quick, Paper, Slow, Parts." in page.warning[0].value


def test_a_rival_differs_in_what_the_lesson_is_about_alone() -> None:
    preset = Preset({"steps": 500, "lr": 0.001}, "Slow is slow.", rival={"breaks_at": 5})
    rival = preset.rival_of(ToyConfig(steps=70, lr=0.001, seed=3))
    assert rival == ToyConfig(steps=70, lr=0.02, breaks_at=5, seed=3)
    assert Preset({"lr": 0.001}, "").rival_of(ToyConfig()) is None
    assert Preset({"lr": 0.001}, "", rival={}).rival_of(ToyConfig()) is None, "nothing is left"
    with pytest.raises(GlimpseError, match="lr 0 cannot be used"):
        Preset({}, "", rival={"lr": 0}).rival_of(ToyConfig())


def _texts(page: AppTest) -> str:
    assert not page.exception
    return "\n".join(str(box.value) for box in [*page.markdown, *page.caption])


def _simclr() -> None:
    import streamlit as st

    from core.flags import command_line
    from core.methods.simclr.config import SimClrConfig
    from pages.parts.training.form import config_form

    config = config_form(SimClrConfig, "simclr")
    if config is not None:
        st.code(command_line("simclr", config))


def test_a_setting_is_offered_only_with_what_it_goes_with() -> None:
    page = AppTest.from_function(_simclr, default_timeout=30).run()
    page.slider(key="simclr_width").set_value(32).run()
    assert page.code[0].value.endswith("--width 32")
    page.segmented_control(key="simclr_encoder").set_value("resnet18").run()
    assert not page.exception and "simclr_width" not in [each.key for each in page.slider]
    assert page.code[0].value.endswith("simclr --encoder resnet18")
