"""The inner steps of a curve are played, held, and played again."""

from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

from tests.helpers.sinusoid_section import open_section, texts


def play_button(app: AppTest) -> Button:
    return app.button(key="sine-play")


def test_play_shows_every_step_to_the_end_and_then_begins_again() -> None:
    """A run of the page stands for the timer, which runs the fragment."""
    app = open_section()
    assert play_button(app).label == "Play"
    play_button(app).click().run()
    reached = [app.slider(key="sine_step").value]
    while play_button(app).label == "Hold":
        reached.append(app.run().slider(key="sine_step").value)
        assert not app.exception
    assert reached == list(range(1, 21))
    assert "After 20 steps, on the left half" in texts(app)
    play_button(app).click().run()
    assert app.slider(key="sine_step").value == 0 and play_button(app).label == "Hold"
    play_button(app).click().run()
    held = app.slider(key="sine_step").value
    assert play_button(app).label == "Play" and app.run().slider(key="sine_step").value == held


def test_a_curve_changes_while_it_plays() -> None:
    app = open_section()
    play_button(app).click().run()
    app.slider(key="sine_amplitude").set_value(1.0).run()
    assert not app.exception and play_button(app).label == "Hold"


def test_the_step_that_was_held_outlasts_what_the_browser_says_too_late() -> None:
    app = open_section()
    play_button(app).click().run()
    app.run()
    play_button(app).click().run()
    held: int = app.slider(key="sine_step").value  # type: ignore[assignment]
    assert held >= 2 and play_button(app).label == "Play"
    app.slider(key="sine_step").set_value(held - 1).run()  # sent before it heard of the press
    assert app.slider(key="sine_step").value == held
    assert f"After {held} steps, on the left half" in texts(app)
