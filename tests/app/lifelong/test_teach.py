"""Teaching own symbols as a script: canvases do not run here, so that their ink is put in place."""

import json
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.methods.lifelong.own_symbols import read_alphabet
from core.methods.lifelong.taught import TaughtStream
from core.paths import PROJECT
from pages.parts.components.canvas.canvas import _Kept, encode_painted
from pages.parts.lifelong.teach_state import CANVAS, PAPER

DEMO = PROJECT / "tests" / "browser" / "components" / "teach_demo.py"
ROWS, COLUMNS = np.mgrid[: PAPER[0], : PAPER[1]]
RING = np.abs(np.hypot(ROWS - 50, COLUMNS - 50) - 30) < 3
OVAL = np.abs(np.hypot(ROWS - 50, (COLUMNS - 50) / 1.05) - 31) < 3
SLASH = (np.abs(ROWS - COLUMNS) < 4) & (ROWS > 15) & (ROWS < 90)
CRUMBS = (ROWS == 50) & (np.abs(COLUMNS - 50) < 30)


@pytest.fixture
def page() -> AppTest:
    return checked(AppTest.from_file(str(DEMO), default_timeout=120).run())


def checked(page: AppTest) -> AppTest:
    assert not page.exception
    return page


def draw(page: AppTest, ink: np.ndarray) -> None:
    """As the canvas would have it once the pen is lifted."""
    has_sheet = "teach-sheet" in page.session_state  # an AppTest's session has no `get`
    number = page.session_state["teach-sheet"] if has_sheet else 0
    page.session_state[f"{CANVAS}.kept"] = _Kept(number, encode_painted(ink))
    checked(page.run())


def press(page: AppTest, key: str) -> None:
    checked(page.button(key=key).click().run())


def teach(page: AppTest, ink: np.ndarray, name: str = "") -> None:
    draw(page, ink)
    page.text_input(key="teach-name").set_value(name)
    press(page, "teach-it")


def shown(page: AppTest) -> dict[str, Any]:
    """What the browser is sent of the answers."""
    (sent,) = (
        box.proto.json
        for box in page.get("bidi_component")
        if box.proto.component_name == "learner_answers"
    )
    found: dict[str, Any] = json.loads(sent)
    return found


def states(page: AppTest) -> list[str]:
    return [card["state"] for card in shown(page)["cards"]]


def taught(page: AppTest) -> TaughtStream:
    kept: TaughtStream = page.session_state["teach-taught"][1]
    return kept


def names(page: AppTest) -> list[str]:
    return [symbol.name for symbol in taught(page).symbols.values()]


def test_at_first_nothing_is_drawn_and_every_learner_has_a_card(page: AppTest) -> None:
    assert shown(page)["sentence"] == "Draw a symbol and teach it: one example is enough."
    assert states(page) == ["none"] * 7
    assert page.button(key="teach-undo").disabled
    assert any("20 characters met, 639 to come" in caption.value for caption in page.caption)


def test_means_know_a_ring_after_a_hundred_characters_and_fine_tuning_does_not(
    page: AppTest,
) -> None:
    teach(page, RING, "ring")
    assert "All learners have met your ring" in shown(page)["sentence"]
    press(page, "teach-pass")
    assert any("120 characters met" in caption.value for caption in page.caption)
    assert shown(page)["sentence"] == "Draw your ring again: do they still know it?"
    draw(page, OVAL)
    tuning, _, _, _, means, *_ = shown(page)["cards"]
    assert (tuning["state"], tuning["answer"]) == ("other", "character 120")
    assert (means["state"], means["answer"]) == ("own", "ring")
    page.pills(key="teach-mine").select(0).run()
    assert states(checked(page))[0] == "wrong"
    assert states(page)[4:] == ["right"] * 3
    sentence = shown(page)["sentence"]
    assert sentence.startswith("After 100 more characters, ")
    assert "class means, streaming LDA and ridge still know your ring; " in sentence
    assert "fine-tuning says character 120, the last that it met" in sentence
    press(page, "teach-add")
    assert len(taught(page).symbols[0].drawings) == 2
    assert states(page) == ["none"] * 7  # blank paper


@pytest.mark.parametrize("ink", [np.zeros(PAPER, bool), CRUMBS], ids=["nothing", "crumbs"])
def test_an_empty_drawing_is_refused(page: AppTest, ink: np.ndarray) -> None:
    teach(page, ink, "star")
    assert [box.value for box in page.error] == [
        "The drawing is empty: draw a symbol, then teach it."
    ]
    assert page.text_input(key="teach-name").value == "star"
    assert names(page) == []


def test_the_same_symbol_again_is_refused_and_can_be_added(page: AppTest) -> None:
    teach(page, RING, "ring")
    teach(page, OVAL, "oval")
    (error,) = page.error
    assert error.value.startswith("This is nearly the drawing of your ring: add it to ring")
    assert shown(page)["cards"][2]["answer"] == "ring"  # the drawing is still there
    press(page, "teach-add")
    assert not page.error
    assert names(page) == ["ring"]
    assert len(taught(page).symbols[0].drawings) == 2


def test_symbols_are_renamed_deleted_and_brought_back(page: AppTest) -> None:
    teach(page, RING)
    teach(page, SLASH, "*slash*")
    assert names(page) == ["symbol 1", "*slash*"]
    checked(page.text_input(key="teach-symbol-0").set_value("ring").run())
    assert names(page) == ["ring", "*slash*"]
    checked(page.text_input(key="teach-symbol-0").set_value("*slash*").run())
    assert "called \\*slash\\* already" in page.error[0].value
    assert page.text_input(key="teach-symbol-0").value == "ring"
    press(page, "teach-symbol-0-delete")
    assert names(page) == ["*slash*"]
    press(page, "teach-undo")
    press(page, "teach-undo")
    assert names(page) == ["symbol 1", "*slash*"]
    press(page, "teach-restart")
    assert names(page) == []
    press(page, "teach-undo")
    assert names(page) == ["symbol 1", "*slash*"]


def test_all_characters_can_pass(page: AppTest) -> None:
    stream = taught(page)
    stream.let_pass(600)
    checked(page.run())
    assert page.button(key="teach-pass").label == "Let 39 characters pass"
    press(page, "teach-pass")
    assert page.button(key="teach-pass").disabled


def test_an_alphabet_is_loaded_and_a_damaged_file_refused(page: AppTest) -> None:
    from core.methods.lifelong.own_symbols import alphabet_file

    teach(page, RING, "ring")
    teach(page, SLASH, "slash")
    file = alphabet_file(list(taught(page).symbols.values()))
    assert [symbol.name for symbol in read_alphabet(file)] == ["ring", "slash"]
    press(page, "teach-symbol-0-delete")
    upload(page, "mine.json", file[:-20])
    (error,) = page.error
    assert error.value.startswith("mine.json is no alphabet of Glimpse, or it is damaged")
    assert names(page) == ["slash"]
    upload(page, "mine.json", file)
    assert not page.error
    assert names(page) == ["slash", "ring"]
    said = [caption.value for caption in page.caption]
    assert (
        "1 symbol joined all learners. 1 symbol was left out: you have the same drawing already."
        in said
    )


def upload(page: AppTest, name: str, content: bytes) -> None:
    checked(
        page.file_uploader(key="teach-upload").set_value((name, content, "application/json")).run()
    )
