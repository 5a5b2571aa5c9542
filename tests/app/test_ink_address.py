"""A drawing in the address is the drawing, or a sentence."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.parts.components.canvas.ink_address import ink_from_text, ink_to_text, short_text

SHAPE = (9, 7)


def test_a_drawing_survives_the_address() -> None:
    for share in (0, 0.1, 0.5, 1):
        ink = np.random.default_rng(0).random(SHAPE) < share
        read = ink_from_text(ink_to_text(ink), SHAPE)
        assert read is not None and np.array_equal(read, ink)
    assert ink_to_text(np.zeros(SHAPE, bool)) == ""


@pytest.mark.parametrize(
    "text",
    ["x", "AAAA", "é", "eJwDAAAAAAE", short_text(bytes(7)), short_text(bytes(9)),
     short_text(bytes([255] * 8)), short_text(bytes(10**7))],
)  # fmt: skip
def test_any_other_text_is_no_drawing(text: str) -> None:
    assert ink_from_text(text, SHAPE) is None


def _page() -> None:
    from pages.parts.components.digit_input.digit_input import drawn_digit

    drawn_digit("sheet")


def test_nonsense_in_the_address_is_an_empty_sheet_and_a_sentence() -> None:
    page = AppTest.from_function(_page)
    page.query_params["own_digit"] = "nonsense"
    page.run()
    assert not page.exception
    assert "is no drawing" in page.warning[0].value
    assert "own_digit" not in page.query_params
