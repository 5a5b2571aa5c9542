"""A page with the form of a toy method, in tests that run it as a script."""

from streamlit.testing.v1 import AppTest

from core.training.pace import Pace
from tests.helpers.pages import texts

PACE = Pace(step=0.05, evaluation=1.0, snapshot=0.2)  # of whatever is timed


def open_form() -> AppTest:
    return AppTest.from_function(_page, default_timeout=30)


def _page() -> None:
    import streamlit as st
    from pydantic import Field, model_validator

    from pages.parts.training.form import Preset
    from pages.parts.training.live_view import Moment, Panel, live_view
    from tests.helpers.toy import NoSettings

    class Toy(NoSettings):
        rate: float = Field(0.01, gt=0, le=1)

        @model_validator(mode="after")
        def _steps_are_there(self) -> "Toy":
            if self.steps > 50_000:
                raise ValueError("there are 50,000 steps: ask for fewer")
            return self

    presets = {
        "Plain": Preset({}, "Nothing to see."),
        "High rate": Preset({"rate": 0.5}, "It jumps.", rival={}),
        "Broken": Preset({"rate": 0.5}, "It cannot be.", rival={"rate": 7}),
    }

    def draw(moment: Moment) -> None:
        st.session_state["drawn"] = moment.rival is not None

    live_view("maml", Toy, draw, presets=presets, panels=[Panel("Loss", ["loss"])])


def press(page: AppTest, label: str) -> None:
    next(button for button in page.button if button.label == label).click().run()
    assert not page.exception


def choose(page: AppTest, what: str, value: str) -> None:
    page.segmented_control(key=f"maml-{what}").set_value(value).run()
    assert not page.exception


def choose_minutes(page: AppTest, value: str) -> None:
    """Chooses a length, and waits until the steps are timed."""
    choose(page, "length", value)
    while "Timing" in texts(page):
        page.run()


def command(page: AppTest) -> str:
    return str(page.code[0].value)


def labels(page: AppTest) -> list[str]:
    return [button.label for button in page.button]
