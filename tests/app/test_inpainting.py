"""The Inpainting page as a script: what it shows at once, and what its buttons change."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.data.digits import load_digits
from core.paths import PROJECT
from tests.app.folders import run_of

NAMES = ["Truth", "U-Net", "Raw", "Seen", "Autoencoder"]


@pytest.fixture
def page() -> AppTest:
    """The page, not run yet."""
    return AppTest.from_file(str(PROJECT / "pages" / "inpainting.py"), default_timeout=60)


def texts(page: AppTest) -> str:
    assert not page.exception
    return "\n".join(str(box.value) for box in [*page.markdown, *page.caption])


def hidden_pixels(page: AppTest) -> int:
    """As the page says, out of 784."""
    said = next(box.value for box in page.caption if "pixels are hidden" in box.value)
    return int(said.split()[0])


def shown_digit(page: AppTest) -> int:
    return int(page.session_state["inpainting-digit"])


def test_a_masked_digit_is_completed_without_a_click(page: AppTest) -> None:
    said = texts(page.run())
    for name in NAMES:
        assert f"**{name}**" in said
    assert hidden_pixels(page) == 392
    assert said.count("SSIM 0.") == 2
    assert "(1 - m)" in page.latex[0].value


@pytest.mark.parametrize(("button", "hidden"), [("box", 196), ("random", 588), ("half", 392)])
def test_a_button_hides_what_it_says(page: AppTest, button: str, hidden: int) -> None:
    page.run().button(key=f"mask-{button}").click().run()
    assert hidden_pixels(page) == hidden
    assert button in page.query_params["mask"]


def test_the_same_button_gives_another_mask(page: AppTest) -> None:
    page.run().button(key="mask-random").click().run()
    first = [box.value for box in page.caption if "MSE" in box.value]
    page.button(key="mask-random").click().run()
    assert [box.value for box in page.caption if "MSE" in box.value] != first


def test_nothing_and_everything_hidden_are_answered_in_a_sentence(page: AppTest) -> None:
    page.run().button(key="mask-nothing").click().run()
    said = texts(page)
    assert "Nothing is hidden" in said
    assert "nan" not in said
    page.button(key="mask-everything").click().run()
    assert "Everything is hidden" in texts(page)


def test_digits_are_chosen_by_class_number_and_at_random(page: AppTest) -> None:
    labels = load_digits("sample", "held_out").labels.numpy()
    page.run()
    page.pills(key="digit-class").set_value(7).run()
    assert labels[shown_digit(page)] == 7
    before = shown_digit(page)
    next(box for box in page.button if box.label == "Next").click().run()
    assert shown_digit(page) > before
    assert labels[shown_digit(page)] == 7
    page.number_input(key="digit-number").set_value(999).run()
    assert shown_digit(page) == 999
    next(box for box in page.button if box.label == "Next").click().run()
    assert shown_digit(page) == np.flatnonzero(labels == labels[999])[0]
    next(box for box in page.button if box.label == "Random").click().run()
    assert 0 <= shown_digit(page) < 1000


@pytest.mark.parametrize(
    ("given", "digit", "mask"),
    [("12", 12, "box"), ("99999", 999, "half"), ("-1", 28, "half"), ("x", 28, "half")],
)
def test_the_address_is_taken_or_clamped(page: AppTest, given: str, digit: int, mask: str) -> None:
    page.query_params["digit"] = given
    page.query_params["mask"] = "box" if given == "12" else "../etc"
    texts(page.run())
    assert shown_digit(page) == digit
    assert page.session_state["inpainting-mask"][0] == mask
    assert str(digit) in page.query_params["digit"]


def test_each_weights_card_gives_the_commands(page: AppTest) -> None:
    commands = [box.value for box in page.run().code]
    for shipped in ("inpainting", "autoencoder"):
        assert f"python -m core evaluate {shipped}" in commands
    assert sum(command.startswith("python -m core train inpainting") for command in commands) == 3


def test_a_run_of_another_shape_is_refused_in_a_sentence(page: AppTest) -> None:
    run_of("inpainting", "finished")  # its snapshots have no masked digits
    page.run()
    assert not page.exception
    assert "cannot be drawn" in page.error[0].value
