"""The large line that answers a drawn query."""

import re

import numpy as np
import pytest

from core.figures.pictures import CLASS_COLOURS
from pages.parts.few_shot.alphabet_headline import headline
from pages.parts.few_shot.none_of_these import Within

NUMBERS = [0, 1, 3]  # the third symbol was removed
WITHIN = Within(mean=0.7, most=0.9, made_of="600 characters")
NEAR = np.array([0.8, 1.1, 1.2])


def words_of(html: str) -> str:
    text = re.sub("<[^>]+>", " ", html.replace("</span>", "")).replace("&nbsp;", " ")
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("probability", "words"),
    [
        ([0.01, 0.01, 0.98], "It is D: 98 % the likeliest of A, B and D"),
        ([0.3, 0.5, 0.2], "Perhaps it is B: 50 % the likeliest of A, B and D"),
        ([1 / 3, 1 / 3, 1 / 3], "It may be any of A, B and D: nothing is learnt yet"),
    ],
)
def test_it_says_what_the_query_is_and_how_surely(probability: list[float], words: str) -> None:
    html = headline(np.array(probability, np.float32), NUMBERS, NEAR, WITHIN)
    assert words_of(html) == words


def test_a_query_far_from_all_symbols_is_not_called_one_of_them() -> None:
    """However sure the network is, which has to choose one."""
    sure, far = np.array([0.0, 0.0, 1.0]), np.array([1.1, 0.91, 1.2])
    assert words_of(headline(sure, NUMBERS, far, WITHIN)) == (
        "Perhaps none of these Nearest is B, but farther off than is usual"
    )
    assert words_of(headline(sure, NUMBERS, far - 0.02, WITHIN)).startswith("It is D: 100 %")
    undecided = np.full(3, 1 / 3)
    assert words_of(headline(undecided, NUMBERS, far, WITHIN)).startswith("It may be any")


def test_the_letter_has_the_colour_of_its_bar() -> None:
    assert CLASS_COLOURS[3] in headline(np.array([0.0, 0.0, 1.0]), NUMBERS, NEAR, WITHIN)
