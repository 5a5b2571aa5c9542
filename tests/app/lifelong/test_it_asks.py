"""The section It asks: the threshold in the address, the true answers, and what it says of them."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from core.methods.lifelong.asking import above, arriving, everything, run_course
from core.methods.lifelong.features import load_features
from core.methods.lifelong.stream import stream_pictures
from tests.helpers.pages import open_section, texts


def opened(**address: str) -> AppTest:
    return open_section("pages.parts.lifelong.it_asks:show_it_asks", **address)


def _come(page: AppTest) -> int:
    found = re.search(r"\*\*([\d,]+) of 1,500 drawings", texts(page))
    assert found is not None
    return int(found[1].replace(",", ""))


def test_it_begins_with_a_question_and_waits() -> None:
    page = opened()
    assert "**0 of 1,500 drawings**: 0 questions" in texts(page)
    assert page.button(key="it-asks-next").disabled
    assert page.button(key="it-asks-question").disabled
    assert page.button(key="it-asks-again").disabled
    assert page.slider[0].value == 0.64


@pytest.mark.parametrize("threshold", [0.64, 0.8])
def test_the_true_labels_run_it_to_the_end_with_the_numbers_of_the_core(threshold: float) -> None:
    drawings = arriving(stream_pictures("omniglot", 100, 0), load_features("alphabet"), 0)
    course, all_asked = (run_course(drawings, rule) for rule in (above(threshold), everything))
    labels, share = course.labels[-1], f"{100 * course.right[-1]:.1f} %"
    page = opened(asks_above=str(threshold), asks_truth="true")
    said = texts(page)
    assert f"**1,500 of 1,500 drawings**: {labels} questions" in said
    assert f"100 characters of 100 came; {share} of all held-out drawings" in said
    assert f"asks **{labels} times** for 1,500 drawings" in said and f"names **{share}**" in said
    assert f"costs 1,500 labels for {100 * all_asked.right[-1]:.1f} %" in said
    assert "not what Omniglot says" not in said


def test_without_the_true_labels_it_is_where_one_was() -> None:
    page = opened(asks_truth="true")
    assert _come(page) == 1500
    page.toggle[0].set_value(False).run()
    assert _come(page) == 0
    page.toggle[0].set_value(True).run()
    assert _come(page) == 1500
    before = texts(page)
    page.slider[0].set_value(0.9).run()
    assert _come(page) == 1500 and texts(page) != before


def test_nonsense_in_the_address_costs_nothing_else() -> None:
    page = opened(asks_above="7", asks_truth="perhaps")
    assert [str(box.value) for box in page.warning] == [
        "Threshold '7' in the address became 1.2. "
        "Let the true labels answer 'perhaps' in the address became false."
    ]
    assert _come(page) == 0
