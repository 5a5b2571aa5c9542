"""Training without labels in the form: its settings, what a task looks like, what cannot be."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.methods.few_shot.config import FewShotConfig
from core.training.run_folder import create_run
from pages.parts.few_shot.own_sentences import trained_on
from pages.parts.plain_text import plain
from tests.helpers.own_pictures import GOOD, as_zip


def _form() -> None:
    from core.methods.few_shot.config import FewShotConfig
    from pages.parts.few_shot.sample_task import show_sample_task
    from pages.parts.few_shot.training import PRESETS
    from pages.parts.training.train_form import train_form

    train_form("maml", FewShotConfig, PRESETS, show_sample_task)


@pytest.fixture
def form() -> AppTest:
    return AppTest.from_function(_form, default_timeout=60).run()


def said(form: AppTest) -> str:
    return " ".join(str(each.value) for each in form.caption)


def command(form: AppTest) -> str:
    (code,) = [box.value for box in form.code]
    return code


def test_the_preset_trains_without_labels_and_shows_what_a_task_is(form: AppTest) -> None:
    assert "maml_views_of" not in {box.key for box in form.selectbox} and not form.get("image")
    form.segmented_control(key="maml-preset").set_value("No labels").run()
    assert not form.exception and not form.error
    assert "--algorithm protonet --source unlabelled" in command(form)
    assert "A row is one picture, whose label is not read, as other hands would draw it" in said(
        form
    )
    assert len(form.get("image")) == 1
    assert "maml_pictures" not in {box.key for box in form.text_input}
    form.selectbox(key="maml_views_of").set_value("sample").run()
    assert not form.error and "--views-of sample" in command(form)
    assert len(form.get("image")) == 1
    form.slider(key="maml_n_way").set_value(11).run()
    assert [box.value for box in form.error] == [
        "A run on digits is evaluated on the 10 digits: choose at most 10 ways."
    ]
    assert not form.get("image")


def test_own_pictures_that_cannot_be_used_are_one_sentence(form: AppTest, tmp_path: Path) -> None:
    form.segmented_control(key="maml-preset").set_value("No labels").run()
    form.selectbox(key="maml_views_of").set_value("own").run()
    assert not form.error
    assert "Choose your pictures above: then a run on them can be started." in [
        box.value for box in form.info
    ]
    place = as_zip(tmp_path / "own.zip", GOOD)
    form.text_input(key="maml_pictures").set_value(str(place)).run()
    assert [box.value for box in form.error] == [
        "A training task of 20 ways needs 20 pictures, and there are 12: choose at most 12 "
        "training ways, or give more pictures."
    ]
    form.slider(key="maml_train_way").set_value(12).run()
    assert not form.error and not form.exception
    assert "5 of the 12 classes of a training task" in said(form)
    assert f"--views-of own --pictures {place}" in command(form)

    few = as_zip(tmp_path / "few.zip", dict(list(GOOD.items())[:3]))
    for given, sentence in (
        (few, "few.zip has 3 pictures that can be read, such as .png, .jpg or .tif"),
        (tmp_path / "gone", f"There is no folder or zip {tmp_path / 'gone'}: check the path."),
    ):
        form.text_input(key="maml_pictures").set_value(str(given)).run()
        (error,) = form.error
        assert error.value.startswith(plain(sentence))
        assert not form.exception


def test_digits_that_are_not_here_are_one_sentence(
    form: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLIMPSE_DATA", str(tmp_path))
    form.segmented_control(key="maml-preset").set_value("No labels").run()
    form.selectbox(key="maml_views_of").set_value("mnist").run()
    (error,) = form.error
    assert "is not here yet: download it on the Start page" in error.value
    assert not form.exception and not form.get("image")
    assert {box.label: box.disabled for box in form.button}["Train"]


@pytest.mark.parametrize(
    ("views_of", "named"),
    [("omniglot", "Omniglot"), ("sample", "the digit sample"), ("own", "own pictures")],
)
def test_a_network_says_that_it_was_trained_without_labels(views_of: str, named: str) -> None:
    pictures = "mine.zip" if views_of == "own" else ""
    config = FewShotConfig(source="unlabelled", views_of=views_of, pictures=pictures)
    run = create_run("maml", config.model_dump(mode="json"), config.steps)
    assert trained_on(run.config) == (
        f"20-way 1-shot tasks of {named} without labels, measured on 5-way ones"
    )
