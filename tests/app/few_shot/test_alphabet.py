"""Drawing an alphabet as a script: canvases do not run here, so that their ink is put in place."""

import re

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.paths import PROJECT
from pages.parts.components.canvas.canvas import _Kept, encode_painted
from pages.parts.few_shot import alphabet_address
from pages.parts.few_shot.alphabet_cards import MOST, PAPER, QUERY, Alphabet, Card

DEMO = PROJECT / "tests" / "browser" / "components" / "alphabet_demo.py"
ROWS, COLUMNS = np.mgrid[: PAPER[0], : PAPER[1]]
RING = np.abs(np.hypot(ROWS - 50, COLUMNS - 50) - 30) < 3
SLASH = (np.abs(ROWS - COLUMNS) < 4) & (ROWS > 15) & (ROWS < 90)
CORNER = ((np.abs(ROWS - 20) < 3) & (np.abs(COLUMNS - 50) < 30)) | (
    (np.abs(COLUMNS - 20) < 3) & (np.abs(ROWS - 50) < 30)
)
CRUMBS = (ROWS == 50) & (np.abs(COLUMNS - 50) < 30)


@pytest.fixture
def first_view() -> AppTest:
    return AppTest.from_file(str(DEMO), default_timeout=60).run()


@pytest.fixture
def page(first_view: AppTest) -> AppTest:
    """With all that the switch shows beside the boxes."""
    return switch_more(first_view, True)


def switch_more(page: AppTest, on: bool) -> AppTest:
    page.toggle(key="drawn_more").set_value(on).run()
    assert not page.exception
    return page


def alphabet(page: AppTest) -> Alphabet:
    kept: Alphabet = page.session_state["alphabet"]
    return kept


def card(page: AppTest, number: int) -> Card:
    found = {card.number: card for card in (*alphabet(page).symbols, alphabet(page).query)}
    return found[number]


def draw(page: AppTest, number: int, ink: np.ndarray) -> None:
    """As the canvas would have it once the pen is lifted."""
    sheet = card(page, number).sheet
    page.session_state[f"alphabet-{number}.kept"] = _Kept(sheet, encode_painted(ink))
    page.run()
    assert not page.exception


def press(page: AppTest, label: str) -> None:
    next(box for box in page.button if box.label == label).click().run()
    assert not page.exception


def complaints(page: AppTest) -> list[str]:
    """The sentences at the cards, then the one at the bars."""
    texts = [re.sub(r":\w+\[|\]", "", box.value) for box in page.markdown]
    return [text for text in texts if "has no drawing" in text] + [box.value for box in page.info]


def letters(page: AppTest) -> list[str]:
    return [box.label.split()[1] for box in page.button if box.label.startswith("Remove ")]


def answer(page: AppTest) -> str:
    """The large line in plain text; empty where there is none."""
    return " ".join(re.sub("<[^>]+>", " ", box.proto.body) for box in page.get("html"))


def test_the_first_view_has_boxes_an_answer_and_one_button(first_view: AppTest) -> None:
    assert not first_view.exception
    assert [box.label for box in first_view.button] == ["Clear all"]
    assert not first_view.slider
    assert not first_view.caption
    assert not list(first_view.query_params)
    assert re.search(r"It is +A *: \d+&nbsp;% +the likeliest of A, B and C", answer(first_view))
    press(first_view, "Clear all")
    assert complaints(first_view) == [
        "There is nothing to tell apart yet: draw at least two symbols."
    ]
    assert answer(first_view) == ""
    for number, ink in ((0, RING), (1, SLASH), (QUERY, SLASH)):
        draw(first_view, number, ink)
    assert re.search(r"B *: .* the likeliest of A and B", answer(first_view))


def test_the_switch_is_in_the_address(first_view: AppTest) -> None:
    shown = answer(first_view)
    page = switch_more(first_view, True)
    assert page.query_params["drawn_more"] == "true"
    assert page.slider
    assert answer(page) == shown
    again = reopened(page)
    assert again.toggle(key="drawn_more").value
    assert "drawn_more" not in switch_more(again, False).query_params
    assert not again.slider


def test_the_step_chosen_with_more_is_not_that_of_the_first_view(page: AppTest) -> None:
    shown = answer(page)
    page.slider(key="alphabet-step").set_value(0).run()
    assert "It may be any" in answer(page)
    assert answer(switch_more(page, False)) == shown


@pytest.mark.parametrize("change", ["Add a symbol", "Remove B", "Add an example"])
def test_a_link_to_more_than_the_first_view_has_shows_it(page: AppTest, change: str) -> None:
    """Also one from before there was the switch, which says nothing of it."""
    draw(page, 0, RING)
    press(page, change)
    del page.query_params["drawn_more"]
    old_link = reopened(page)
    assert old_link.toggle(key="drawn_more").value
    assert seen(old_link) == seen(page)
    assert not reopened(switch_more(old_link, False)).toggle(key="drawn_more").value
    assert seen(old_link) == seen(page), "hidden, not lost"


def test_a_link_to_three_drawings_and_a_query_opens_the_first_view(first_view: AppTest) -> None:
    for number, ink in ((0, RING), (1, SLASH), (2, CORNER), (QUERY, RING)):
        draw(first_view, number, ink)
    assert list(first_view.query_params) == ["drawn"]
    again = reopened(first_view)
    assert not again.toggle(key="drawn_more").value
    assert answer(again) == answer(first_view) != ""


def test_a_sample_is_learnt_without_a_click(page: AppTest) -> None:
    assert not page.exception
    assert letters(page) == ["A", "B", "C"]
    assert complaints(page) == []
    assert page.slider(key="alphabet-step").value in range(6)
    assert any("*inductive*" in box.value for box in page.caption)


def test_what_is_drawn_over_a_sample_replaces_it_and_the_query_it_was_of(page: AppTest) -> None:
    sampled = alphabet(page).sampled
    other = next(c.number for c in alphabet(page).symbols if c.number != sampled)
    draw(page, other, RING)
    assert card(page, other).sample is None
    assert card(page, QUERY).sample is not None
    draw(page, sampled, SLASH)
    assert card(page, QUERY).sample is None
    assert [box.value for box in page.info] == [
        "There is no query to answer: draw one of the symbols once more."
    ]
    draw(page, QUERY, SLASH)
    assert complaints(page) == []


def test_a_symbol_that_is_erased_is_asked_for_in_a_sentence_and_the_others_stay(
    page: AppTest,
) -> None:
    draw(page, 1, RING)
    draw(page, 1, np.zeros(PAPER, bool))
    assert "B has no drawing yet: draw it, or remove it." in complaints(page)
    draw(page, 1, CRUMBS)  # of the eraser
    assert any("B has no drawing" in text for text in complaints(page))
    assert card(page, 0).sample is not None


def test_five_ways_of_which_three_are_drawn_are_answered_with_the_three(page: AppTest) -> None:
    press(page, "Add a symbol")
    press(page, "Add a symbol")
    assert letters(page) == ["A", "B", "C", "D", "E"]
    assert next(box for box in page.button if box.label == "Add a symbol").disabled
    assert [text[0] for text in complaints(page)] == ["D", "E"]
    assert not page.info


def test_everything_cleared_asks_for_symbols_first(page: AppTest) -> None:
    press(page, "Clear all")
    assert [box.value for box in page.info] == [
        "There is nothing to tell apart yet: draw at least two symbols."
    ]
    assert len(complaints(page)) == 4
    for number, ink in enumerate((RING, SLASH, CORNER)):
        draw(page, number, ink)
    draw(page, QUERY, np.roll(RING, (10, 15), (0, 1)))
    assert complaints(page) == []


def test_examples_are_kept_and_counted(page: AppTest) -> None:
    for shift in range(4):
        draw(page, 0, np.roll(SLASH, shift, 1))
        page.button(key="alphabet-0-add").click().run()
    assert not page.exception
    assert len(card(page, 0).examples) == 4
    assert page.button(key="alphabet-0-add").disabled  # a blank sheet is no example
    assert complaints(page) == ["There is no query to answer: draw one of the symbols once more."]
    draw(page, 0, SLASH)
    assert page.button(key="alphabet-0-add").disabled  # five are the most
    draw(page, QUERY, SLASH)
    assert complaints(page) == []


def test_letters_stay_when_a_symbol_goes_and_come_back_blank(page: AppTest) -> None:
    draw(page, 1, RING)
    page.button(key="alphabet-1-remove").click().run()
    assert letters(page) == ["A", "C"]
    assert all(box.disabled for box in page.button if box.label.startswith("Remove "))
    press(page, "Add a symbol")
    assert letters(page) == ["A", "B", "C"]
    assert any("B has no drawing" in text for text in complaints(page))


def test_show_me_fills_in_as_many_symbols_as_there_are(page: AppTest) -> None:
    press(page, "Clear all")
    for _ in range(MOST - 3):
        press(page, "Add a symbol")
    press(page, "Show me")
    assert complaints(page) == []
    samples = [card.sample for card in alphabet(page).symbols]
    assert len({sample.tobytes() for sample in samples if sample is not None}) == MOST
    draw(page, 0, RING)
    press(page, "Show me")
    assert card(page, 0).sample is not None


def test_a_query_that_is_no_symbol_is_said_to_be_far_off(page: AppTest) -> None:
    """The network has to choose one of them all the same."""

    def verdict() -> str:
        (said,) = [box.value for box in page.markdown if "none of these" in box.value]
        return str(said)

    assert "must choose one of the 3 symbols" in verdict()
    press(page, "Remove C")
    for number, ink in ((0, RING), (1, SLASH), (QUERY, SLASH)):
        draw(page, number, ink)
    assert "from B, the nearest" in verdict() and "may be none" not in verdict()
    draw(page, QUERY, CORNER)
    assert "may be none of these" in verdict()
    headline = answer(switch_more(page, False))
    assert "Perhaps none of these" in headline and "It is" not in headline


def reopened(page: AppTest) -> AppTest:
    """As after a reload, which leaves only the address."""
    again = AppTest.from_file(str(DEMO), default_timeout=60)
    for name, texts in page.query_params.items():
        again.query_params[name] = texts
    again.run()
    assert not again.exception
    return again


def seen(page: AppTest) -> list[tuple[int, list[bytes], bytes | None]]:
    """Of each card its number, its examples, and what is drawn on it or the sample there."""
    kept = page.session_state
    return [
        (
            each.number,
            [example.tobytes() for example in each.examples],
            kept[f"alphabet-{each.number}.kept"].bits
            if each.sample is None
            else each.sample.tobytes(),
        )
        for each in (*alphabet(page).symbols, alphabet(page).query)
    ]


def test_a_reload_keeps_what_is_drawn(page: AppTest) -> None:
    assert "drawn" not in page.query_params, "nothing is drawn yet"
    draw(page, 0, RING)
    page.button(key="alphabet-0-add").click().run()
    draw(page, 0, SLASH)
    press(page, "Add a symbol")
    draw(page, 3, CORNER)
    draw(page, QUERY, RING)
    press(page, "Remove B")
    again = reopened(page)
    assert letters(again) == ["A", "C", "D"]
    assert seen(again) == seen(page)
    press(again, "Show me")
    assert seen(reopened(again)) == seen(again)
    press(again, "Clear all")
    assert seen(reopened(again)) == seen(again)


def test_an_address_that_cannot_hold_all_examples_says_so(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alphabet_address, "LONGEST", 500)
    for shape in (RING, SLASH, CORNER, RING):
        draw(page, 0, shape)
        page.button(key="alphabet-0-add").click().run()
    assert any("no room for" in box.value for box in page.caption)
    text = page.query_params["drawn"]
    assert len(text) <= 500
    kept = len(card(reopened(page), 0).examples)
    assert 0 < kept < 4


@pytest.mark.parametrize(
    "nonsense", ["", "x", "0.0", "0.0~0..~1..", "9999.9~0s0.~1s1.~5s0.", "0.0~0.AAAA~1.~5.",
                 "0.0~0.~0.~5.", "0.0~0.~1.~7.", "0.0~0.~1.~5." + ".eJwDAAAAAAE" * 9, "é" * 999],
)  # fmt: skip
def test_nonsense_in_the_address_shows_the_samples(nonsense: str) -> None:
    page = AppTest.from_file(str(DEMO), default_timeout=60)
    page.query_params["drawn"] = nonsense
    page.run()
    assert not page.exception
    assert any("is no drawing" in box.value for box in page.warning)
    assert [each.number for each in alphabet(page).symbols] == [0, 1, 2]
