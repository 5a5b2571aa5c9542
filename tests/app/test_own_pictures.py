"""Training on one's own pictures from the form: the place, the zip, and what cannot be used."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.core.data.test_own_pictures import GOOD, as_zip


def _page() -> None:
    import streamlit as st

    from core.flags import command_line
    from core.methods.simclr_config import SimClrConfig
    from pages.parts.form import config_form

    config = config_form(SimClrConfig, "simclr")
    if config is not None:
        st.code(command_line("simclr", config))


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("GLIMPSE_DATA", str(tmp_path / "data"))
    return AppTest.from_function(_page, default_timeout=30).run()


def test_the_place_is_asked_for_with_the_source_own_alone(page: AppTest, tmp_path: Path) -> None:
    assert not page.text_input
    page.selectbox(key="simclr_source").set_value("own").run()
    assert [box.value for box in page.error] == [
        "The source own needs pictures: give a folder or a zip of them."
    ]
    place = as_zip(tmp_path / "my own.zip", GOOD)
    page.text_input(key="simclr_pictures").set_value(str(place)).run()
    assert not page.error and not page.exception
    assert "12 pictures in 2 classes" in "".join(box.value for box in page.caption)
    assert f"--source own --pictures '{place}'" in page.code[0].value

    page.text_input(key="simclr_pictures").set_value(str(tmp_path / "gone")).run()
    assert [box.value for box in page.error] == [
        f"There is no folder and no zip {tmp_path / 'gone'}: check where it lies."
    ]
    page.selectbox(key="simclr_source").set_value("sample").run()
    assert not page.error and "pictures" not in page.code[0].value


def test_a_zip_that_is_brought_becomes_the_place(page: AppTest, tmp_path: Path) -> None:
    page.selectbox(key="simclr_source").set_value("own").run()
    assert page.file_uploader[0].label.endswith("at most 200 MB")
    content = as_zip(tmp_path / "cats.zip", GOOD).read_bytes()
    page.file_uploader[0].set_value(("cats.zip", content, "application/zip")).run()
    assert not page.error and not page.exception
    place = Path(page.text_input(key="simclr_pictures").value or "")
    assert place.parent == tmp_path / "data" / "own" and place.read_bytes() == content

    page.text_input(key="simclr_pictures").set_value(str(tmp_path)).run()
    assert page.text_input(key="simclr_pictures").value == str(tmp_path), "the zip is taken once"

    broken = GOOD | {"a/03.png": b"<html>"}
    content = as_zip(tmp_path / "dogs.zip", broken).read_bytes()
    page.file_uploader[0].set_value(("dogs.zip", content, "application/zip")).run()
    assert [box.value for box in page.error] == [
        "a/03.png is not a picture that can be read: replace it, or take it away."
    ]


def test_a_place_in_the_address_opens_with_it(tmp_path: Path) -> None:
    place = as_zip(tmp_path / "own.zip", GOOD)
    linked = AppTest.from_function(_page, default_timeout=30)
    linked.query_params["simclr_source"] = "own"
    linked.query_params["simclr_pictures"] = str(place)
    linked.run()
    assert not linked.error and linked.text_input(key="simclr_pictures").value == str(place)
