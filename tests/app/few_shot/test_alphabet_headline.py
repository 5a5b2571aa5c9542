"""The large line that answers a drawn query."""

import re

import numpy as np
import pytest

from core.figures.pictures import CLASS_COLOURS
from pages.parts.few_shot.alphabet_headline import headline

NUMBERS = [0, 1, 3]  # the third symbol was removed


@pytest.mark.parametrize(
    ("probability", "words"),
    [
        ([0.01, 0.01, 0.98], "It is D: 98 % the likeliest of A, B and D"),
        ([0.3, 0.5, 0.2], "Perhaps it is B: 50 % the likeliest of A, B and D"),
        ([1 / 3, 1 / 3, 1 / 3], "It may be any of A, B and D: nothing is learnt yet"),
    ],
)
def test_it_says_what_the_query_is_and_how_surely(probability: list[float], words: str) -> None:
    html = headline(np.array(probability, np.float32), NUMBERS)
    text = re.sub("<[^>]+>", " ", html.replace("</span>", "")).replace("&nbsp;", " ")
    assert " ".join(text.split()) == words


def test_the_letter_has_the_colour_of_its_bar() -> None:
    assert CLASS_COLOURS[3] in headline(np.array([0.0, 0.0, 1.0]), NUMBERS)
