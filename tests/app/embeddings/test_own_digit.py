"""One's own digit on the Embeddings page: where it is placed, and what bad files lead to."""

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from pages.parts.components.canvas.canvas import _Kept, encode_painted
from pages.parts.components.digit_input.digit_input import PAPER
from pages.parts.embeddings.own_digit import _place
from pages.parts.embeddings.recording import recorded_run
from pages.parts.embeddings.tracked_digits import tracked_digits
from pages.parts.plain_text import plain
from tests.helpers.own_pictures import png
from tests.helpers.pages import open_page_of_app


@pytest.fixture(scope="module")
def page() -> AppTest:
    return open_page_of_app("pages/embeddings.py")


@pytest.mark.parametrize("number", [0, 53, 708])
def test_a_digit_of_the_film_lands_on_itself(number: int) -> None:
    recording = recorded_run()
    placement = _place(tracked_digits()[number])
    assert placement.in_features[0] == placement.in_pixels[0] == number
    for name, layouts in recording.layouts.items():
        at = layouts[-1][number]
        np.testing.assert_allclose(placement.places[name], at, atol=5e-3)  # recorded in 16 bits


def test_what_is_drawn_is_said_to_lie_at_the_last_step(page: AppTest) -> None:
    assert not any("The star is your digit" in caption.value for caption in page.caption)
    ink = np.zeros(PAPER, bool)
    ink[8:48, 26:31] = True
    page.session_state["own-digit.kept"] = _Kept(0, encode_painted(ink))
    page.run()
    assert not page.exception
    assert any("The star is your digit" in caption.value for caption in page.caption)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"no picture", "not a readable picture"),
        (png(Image.fromarray(np.full((50, 50), 9, np.uint8))), "nearly uniform"),
    ],
)
def test_a_bad_file_gets_one_sentence_and_the_page_stays(
    page: AppTest, content: bytes, sentence: str
) -> None:
    page.segmented_control(key="own-digit-way").set_value("Choose a picture").run()
    page.file_uploader(key="own-digit-file").set_value(("digit.png", content, "image/png")).run()
    assert not page.exception
    assert [sentence in box.value for box in page.error] == [True]
    assert page.title[0].value == "Embeddings"


def test_the_name_of_a_file_is_shown_as_it_is(page: AppTest) -> None:
    page.segmented_control(key="own-digit-way").set_value("Choose a picture").run()
    name = "![x](http://evil.example/x.png) :material/home:.png"
    page.file_uploader(key="own-digit-file").set_value((name, b"", "image/png")).run()
    assert page.error[0].value.startswith(plain(name)) and "![" not in page.error[0].value
