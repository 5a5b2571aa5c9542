"""Training on one's own pictures from the form: the place, the zip, and what cannot be used."""

import os
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from streamlit.testing.v1 import AppTest

from core.data.stored_pictures import stored_zips
from pages.parts.plain_text import plain
from pages.parts.training import own_pictures
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
    assert not page.error and "Choose your pictures above" in page.info[0].value
    place = as_zip(tmp_path / "my own.zip", GOOD)
    page.text_input(key="simclr_pictures").set_value(str(place)).run()
    assert not page.error and not page.exception
    captions = "".join(box.value for box in page.caption)
    assert "12 pictures" in captions and "2 classes: a (6), b (6)." in captions
    assert f"--source own --pictures '{place}'" in page.code[0].value

    page.text_input(key="simclr_pictures").set_value(str(tmp_path / "gone")).run()
    assert [box.value for box in page.error] == [
        plain(f"There is no folder or zip {tmp_path / 'gone'}: check the path.")
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
    assert page.error[0].value == "a/03.png is not a readable picture: replace or remove it."
    assert page.text_input(key="simclr_pictures").value == str(tmp_path), "nothing is lost"
    assert [each.title for each in stored_zips()] == ["cats.zip"]


def linked(place: str) -> AppTest:
    """The page as a link opens it."""
    page = AppTest.from_function(_page, default_timeout=30)
    page.query_params["simclr_source"] = "own"
    page.query_params["simclr_pictures"] = place
    return page.run()


@pytest.mark.usefixtures("page")
def test_a_place_in_the_address_opens_with_it_where_it_was_uploaded(tmp_path: Path) -> None:
    stored = tmp_path / "data" / "own" / "mine.zip"
    stored.parent.mkdir(parents=True)
    as_zip(stored, GOOD)
    opened = linked(str(stored))
    assert not opened.error and not opened.warning
    assert opened.text_input(key="simclr_pictures").value == str(stored)


def test_a_place_that_was_typed_opens_again_on_a_reload(page: AppTest, tmp_path: Path) -> None:
    place = as_zip(tmp_path / "own.zip", GOOD)
    page.selectbox(key="simclr_source").set_value("own").run()
    page.text_input(key="simclr_pictures").set_value(os.path.relpath(place)).run()
    assert page.text_input(key="simclr_pictures").value == str(place), "it is made absolute"
    opened = linked(str(place))
    assert not opened.error and opened.text_input(key="simclr_pictures").value == str(place)


@pytest.mark.usefixtures("page")
def test_a_link_opens_no_other_place_and_tells_nothing_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same words for what is there and what is not, and the disk is not looked at."""

    def read(place: str) -> None:
        raise AssertionError(f"{place} was read")

    monkeypatch.setattr("core.data.own_pictures.load_own", read)
    own = tmp_path / "data" / "own"
    own.mkdir(parents=True)
    (own / "leads-out").symlink_to(tmp_path)
    as_zip(tmp_path / "secret.zip", GOOD)
    places = [tmp_path, tmp_path / "secret.zip", tmp_path / "missing", "/", "~", "~root", "~nobody",
              own, own / "..", own / "../../secret.zip", own / "leads-out/secret.zip", "own/a.zip",
              f"{own}/\0", f"{own}/{'a' * 5000}", "//", "."]  # fmt: skip
    said = set()
    for place in map(str, places):
        opened = linked(place)
        assert not opened.exception and not opened.text_input(key="simclr_pictures").value, place
        assert "simclr_pictures" not in opened.query_params
        said.add("\n".join(box.value for box in (*opened.warning, *opened.error)))
    (words,) = said
    assert words.startswith("The address names pictures that were not uploaded here")


def test_where_others_reach_the_server_only_uploaded_pictures_open(
    page: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed_before = as_zip(tmp_path / "typed.zip", GOOD)
    page.selectbox(key="simclr_source").set_value("own").run()
    page.text_input(key="simclr_pictures").set_value(str(typed_before)).run()
    assert not page.error

    monkeypatch.setattr(own_pictures, "is_private", lambda: False)
    for place in (str(typed_before), str(tmp_path), str(tmp_path / "missing"), "~"):
        page.text_input(key="simclr_pictures").set_value(place).run()
        assert page.error[0].value == own_pictures.UPLOAD_INSTEAD
        assert not page.code, "nothing can be trained"
        assert not linked(place).text_input(key="simclr_pictures").value
    content = as_zip(tmp_path / "cats.zip", GOOD).read_bytes()
    page.file_uploader[0].set_value(("cats.zip", content, "application/zip")).run()
    assert not page.error and page.code


def test_an_uploaded_zip_is_said_to_stay_and_can_be_removed(page: AppTest, tmp_path: Path) -> None:
    page.selectbox(key="simclr_source").set_value("own").run()
    content = as_zip(tmp_path / "cats.zip", GOOD).read_bytes()
    page.file_uploader[0].set_value(("cats.zip", content, "application/zip")).run()
    place = Path(page.text_input(key="simclr_pictures").value or "")
    assert any(box.value.startswith("`cats.zip` (") for box in page.caption) and place.is_file()
    page.button(key="simclr_pictures-remove").click().run()
    assert not page.exception and not place.exists()
    assert not page.text_input(key="simclr_pictures").value
    page.run()
    assert not place.exists(), "the widget's file does not bring it back"


def test_a_zip_that_is_too_large_is_refused_by_name(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_pictures, "LARGEST_UPLOAD", 1)
    page.selectbox(key="simclr_source").set_value("own").run()
    page.file_uploader[0].set_value(("big.zip", bytes(2 * 2**20), "application/zip")).run()
    assert page.error[0].value == "big.zip has 2.0 MB: choose a file of at most 1 MB."


def _form() -> None:
    from core.methods.simclr.config import SimClrConfig
    from pages.parts.training.train_form import train_form

    train_form("simclr", SimClrConfig)


def test_a_batch_larger_than_the_data_is_refused_in_the_form(page: AppTest, tmp_path: Path) -> None:
    refusal = (
        "Batch size {} is more than the {} pictures there are to train on: choose a smaller one."
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
    assert not stored_zips(), "what is refused is not kept"
