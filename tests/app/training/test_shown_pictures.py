"""Before training a person sees the classes by name, and what was joined, changed or left out."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.data.picture_files import reading
from pages.parts.plain_text import plain
from tests.helpers.own_pictures import GOOD, INPUTS, as_zip


def _page(place: str) -> None:
    import streamlit as st

    from core.errors import GlimpseError
    from core.methods.simclr.config import SimClrConfig
    from pages.parts.plain_text import plain
    from pages.parts.training.own_pictures import show_pictures

    try:
        show_pictures(SimClrConfig(source="own", pictures=place))
    except GlimpseError as refusal:
        st.error(plain(refusal))


def shown(place: Path) -> AppTest:
    page = AppTest.from_function(_page, args=(str(place),), default_timeout=30).run()
    assert not page.exception
    return page


@pytest.mark.parametrize(
    ("case", "parts"),
    [
        ("train_test", ["2 classes: a (12), b (12).", "test and train are not classes"]),
        ("shiftjis_no_flag", ["2 classes: ソース (6), 表 (6).", "Japanese (cp932)"]),
        ("newline_first", ["2 classes: a␊b (6), c (6)."]),
        ("mixed_known_unknown", ["50 .heic files", "HEIC cannot be read here: save it as JPEG."]),
    ],
)
def test_classes_and_what_was_done_are_on_the_page(case: str, parts: list[str]) -> None:
    captions = " ".join(box.value for box in shown(INPUTS / f"{case}.zip").caption)
    for part in parts:
        assert plain(part) in captions


def test_names_are_shown_as_they_are(tmp_path: Path) -> None:
    """Not as a picture from another address, nor in bold or red."""
    names = {"a": "![x](q)", "b": "**b** :red[c]"}
    files = {f"{names[name[0]]}{name[1:]}": content for name, content in GOOD.items()}
    page = shown(as_zip(tmp_path / "own.zip", files))
    assert plain("![x](q)") + " (6), " + plain("**b** :red[c]") + " (6)" in page.caption[0].value

    broken = files | {"<b>/[1](x).png": b"no picture"}
    page = shown(as_zip(tmp_path / "broken.zip", broken))
    assert page.error[0].value.startswith(plain("<b>/[1](x).png is not a readable picture"))


def test_a_refusal_leaves_no_bar_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "TOLD_EVERY", 1)
    page = shown(as_zip(tmp_path / "own.zip", GOOD | {"b/99.png": b"no picture"}))
    assert page.error[0].value.startswith("b/99.png is not") and not page.get("progress")
    whole = shown(as_zip(tmp_path / "whole.zip", GOOD))
    assert not whole.error and not whole.get("progress")
