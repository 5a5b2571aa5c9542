"""Training on one's own pictures from the form: the place, the zip, and what cannot be used."""

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from streamlit.testing.v1 import AppTest

from tests.helpers.own_pictures import GOOD, as_zip


def _page() -> None:
    import streamlit as st

    from core.flags import command_line
    from core.methods.simclr.config import SimClrConfig
    from pages.parts.training.form import config_form

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
    captions = "".join(box.value for box in page.caption)
    assert "12 pictures" in captions and "2 classes: a (6), b (6)." in captions
    assert f"--source own --pictures '{place}'" in page.code[0].value

    page.text_input(key="simclr_pictures").set_value(str(tmp_path / "gone")).run()
    assert [box.value for box in page.error] == [
        f"There is no folder or zip {tmp_path / 'gone'}: check the path."
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
        "a/03.png is not a readable picture: replace or remove it."
    ]


def test_a_place_in_the_address_opens_with_it(tmp_path: Path) -> None:
    place = as_zip(tmp_path / "own.zip", GOOD)
    linked = AppTest.from_function(_page, default_timeout=30)
    linked.query_params["simclr_source"] = "own"
    linked.query_params["simclr_pictures"] = str(place)
    linked.run()
    assert not linked.error and linked.text_input(key="simclr_pictures").value == str(place)


def _form() -> None:
    from core.methods.simclr.config import SimClrConfig
    from pages.parts.training.train_form import train_form

    train_form("simclr", SimClrConfig)


def test_a_batch_larger_than_the_data_is_refused_in_the_form(page: AppTest, tmp_path: Path) -> None:
    refusal = (
        "batch_size {} is more than the {} pictures there are to train on: choose a smaller one."
    )
    page = AppTest.from_function(_form, default_timeout=60).run()
    page.number_input(key="simclr_batch_size").set_value(4001).run()
    assert [box.value for box in page.error] == [refusal.format(4001, "4,000")]
    page.selectbox(key="simclr_source").set_value("own").run()
    page.text_input(key="simclr_pictures").set_value(str(as_zip(tmp_path / "a.zip", GOOD)))
    page.number_input(key="simclr_batch_size").set_value(13).run()
    assert [box.value for box in page.error] == [refusal.format(13, 12)]
    assert page.button[-1].label == "Train" and page.button[-1].disabled
    assert any("a (6), b (6)" in box.value for box in page.caption), "nothing else is lost"
    page.number_input(key="simclr_batch_size").set_value(12).run()
    assert not page.error and not page.exception and not page.button[-1].disabled


def test_a_zip_that_was_brought_is_called_by_its_own_name(page: AppTest) -> None:
    page.selectbox(key="simclr_source").set_value("own").run()
    few = BytesIO()
    with ZipFile(few, "w") as archive:
        for name in list(GOOD)[:3]:
            archive.writestr(name, GOOD[name])
    page.file_uploader[0].set_value(("few.zip", few.getvalue(), "application/zip")).run()
    assert page.error[0].value.startswith("few.zip has 3 pictures")
