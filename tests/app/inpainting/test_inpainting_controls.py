"""The Inpainting page as a script: masks, digits and drawings that are chosen on it."""

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from core.data.digits import load_digits
from core.paths import PROJECT
from pages.parts.components.canvas.canvas import _Kept, encode_painted
from pages.parts.components.digit_input.digit_input import PAPER
from tests.helpers.inpainting_page import (
    HIDDEN,
    SHAPE,
    button,
    cards,
    hidden,
    in_address,
    pictures,
    sent,
    shown_digit,
    texts,
)
from tests.helpers.own_pictures import png
from tests.helpers.run_folders import run_of


@pytest.mark.parametrize("kind", HIDDEN)
def test_a_button_hides_what_it_says(page: AppTest, kind: str) -> None:
    page.run().button(key=f"mask-{kind}").click().run()
    texts(page)
    assert (hidden(page) == HIDDEN[kind]).all()
    assert in_address(page, "mask") == kind


def test_random_hides_the_share_of_its_slider(page: AppTest) -> None:
    page.run().button(key="mask-random").click().run()
    first = hidden(page)
    assert first.sum() == 588
    page.button(key="mask-random").click().run()
    assert hidden(page).sum() == 588 and (hidden(page) != first).any()
    page.slider(key="hidden").set_value(25).run()
    assert hidden(page).sum() == 196


def test_quadrants_strokes_and_stripes_hide_parts(page: AppTest) -> None:
    page.run()
    for kind in ("quadrants", "strokes", "stripes"):
        page.button(key=f"mask-{kind}").click().run()
        assert 50 < hidden(page).sum() < 700
    quarters = page.button(key="mask-quadrants").click().run()
    assert hidden(quarters).reshape(2, 14, 2, 14).std(axis=(1, 3)).max() == 0


def test_nothing_and_everything_hidden_are_answered_in_a_sentence(page: AppTest) -> None:
    page.run().button(key="mask-nothing").click().run()
    assert "Nothing is hidden" in texts(page)
    assert not cards(page)["U-Net"]["note"], "no figures over no pixels"
    assert not sent(page, "completions")["is_playable"] and button(page, "Six others").disabled
    page.button(key="mask-everything").click().run()
    assert "Everything is hidden" in texts(page)
    assert sent(page, "completions")["is_playable"] and not button(page, "Six others").disabled
    assert "nan" not in str(cards(page)["U-Net"]["note"])


def test_digits_are_chosen_by_class_number_and_at_random(page: AppTest) -> None:
    labels = load_digits("sample", "held_out").labels.numpy()
    page.run()
    under = hidden(page)
    page.pills(key="digit-class").set_value(7).run()
    assert labels[shown_digit(page)] == 7
    before = shown_digit(page)
    button(page, "Next").click().run()
    assert shown_digit(page) > before
    assert labels[shown_digit(page)] == 7
    page.number_input(key="digit-number").set_value(999).run()
    assert shown_digit(page) == 999
    button(page, "Next").click().run()
    assert shown_digit(page) == np.flatnonzero(labels == labels[999])[0]
    [*_, random_digit] = [box for box in page.button if box.label == "Random"]
    random_digit.click().run()
    assert 0 <= shown_digit(page) < 1000
    assert (hidden(page) == under).all(), "another digit keeps the mask"


def test_a_drawn_digit_is_painted_over_and_measured(page: AppTest) -> None:
    page.run().segmented_control(key="digit-way").set_value("Draw one").run()
    ink = np.zeros(PAPER, bool)
    ink[8:48, 26:31] = True
    page.session_state["inpaint-own.kept"] = _Kept(0, encode_painted(ink))
    page.run()
    texts(page)
    truth = pictures(cards(page)["Truth"])[0]
    assert truth[4:24].any(axis=1).all() and truth.any(axis=0).sum() <= 5, "a one of 20 pixels"
    assert "MSE" in cards(page)["U-Net"]["note"]
    assert hidden(page).sum() == 392

    again = AppTest.from_file(str(PROJECT / "pages" / "inpainting.py"), default_timeout=60)
    for name in page.query_params:  # as after a reload, which leaves only the address
        again.query_params[name] = in_address(page, name)
    assert np.array_equal(pictures(cards(again.run())["Truth"])[0], truth)
    again.segmented_control(key="digit-way").set_value("Test digits").run()
    assert "own_digit" not in again.query_params


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"no picture", "not a readable picture"),
        (png(Image.fromarray(np.zeros((50, 50, 3), np.uint8))), "nearly uniform"),
    ],
)
def test_a_bad_file_gets_one_sentence_and_the_digit_stays(
    page: AppTest, content: bytes, sentence: str
) -> None:
    page.run().button(key="mask-box").click().run()
    before = cards(page)
    page.segmented_control(key="digit-way").set_value("Choose a picture").run()
    page.file_uploader(key="inpaint-own-file").set_value(("it.png", content, "image/png")).run()
    assert not page.exception
    (error,) = [box.value for box in page.error]
    assert error.startswith("it.png: ") and sentence in error
    assert cards(page) == before


def test_a_picture_of_another_size_and_mode_becomes_a_digit(page: AppTest) -> None:
    paper = np.full((300, 200, 3), 250, np.uint8)
    paper[50:250, 90:110] = (20, 20, 120)
    page.run().segmented_control(key="digit-way").set_value("Choose a picture").run()
    one = png(Image.fromarray(paper))
    page.file_uploader(key="inpaint-own-file").set_value(("1.png", one, "image/png")).run()
    texts(page)
    (percentages,) = cards(page)["Truth"]["probabilities"]
    assert percentages.index(max(percentages)) == 1


@pytest.mark.parametrize(
    ("name", "given", "becomes"),
    [
        ("digit", "99999", "999"), ("digit", "-1", "0"), ("digit", "x", "28"),
        ("mask", "../etc", "Bottom"), ("hidden", "200", "95"), ("fill_steps", "0", "1"),
        ("fill_temperature", "warm", "0.8"),
    ],
)  # fmt: skip
def test_broken_settings_in_the_address_are_corrected_with_a_warning(
    page: AppTest, name: str, given: str, becomes: str
) -> None:
    page.query_params[name] = given
    texts(page.run())
    (warning,) = [box.value for box in page.warning]
    assert repr(given) in warning and warning.endswith(f"became {becomes}.")


def test_a_painting_in_the_address_is_painted(page: AppTest) -> None:
    painted = np.random.default_rng(0).random(SHAPE) < 0.4
    page.run().session_state["inpainting-canvas.kept"] = _Kept(0, encode_painted(painted))
    page.run()
    address = in_address(page, "mask")
    again = AppTest.from_file(str(PROJECT / "pages" / "inpainting.py"), default_timeout=60)
    again.query_params["mask"] = address
    assert (hidden(again.run()) == painted).all()
    assert not again.warning
    assert in_address(again, "mask") == address


def test_each_weights_card_gives_the_commands(page: AppTest) -> None:
    commands = [box.value for box in page.run().code]
    for shipped in ("inpainting", "autoencoder"):
        assert f"python -m core evaluate {shipped}" in commands
    assert sum(command.startswith("python -m core train inpainting") for command in commands) == 3


def test_a_run_of_another_shape_is_refused_in_a_sentence(page: AppTest) -> None:
    run = run_of("inpainting", "finished")
    run.write_snapshot(30, {"truth": np.zeros((8, 28, 28), np.uint8)})
    page.run()
    assert not page.exception
    assert "The picture of step 30" in page.error[0].value
    assert "it has no masks" in page.error[0].value
