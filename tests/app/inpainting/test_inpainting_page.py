"""The Inpainting page as a script: what it shows at once, and what its buttons change."""

import json
from base64 import b64decode
from io import BytesIO
from typing import Any

import numpy as np
import pytest
import streamlit as st
from PIL import Image
from skimage.metrics import structural_similarity
from streamlit.testing.v1 import AppTest
from torch import nn

from core.data.digits import load_digits
from core.export.inpainting import OWN
from core.methods.inpainting.features import LEVELS, feature_maps
from core.methods.inpainting.method import Inpainting
from core.models.autoencoder import Autoencoder
from core.models.unet import LEVELS as GREYS
from core.paths import ASSETS, PROJECT
from core.training.run_folder import create_run
from core.training.worker import work
from core.zoo.weights import restore_run
from pages.parts.components.canvas.canvas import _Kept, decode_painted, encode_painted
from pages.parts.components.digit_input.digit_input import PAPER
from pages.parts.inpainting import downloads
from pages.parts.inpainting.masks import hidden_pixels
from pages.parts.shipped import shipped_inpainting
from tests.helpers.run_folders import run_of

SHAPE = (28, 28)
ANSWERS = ["Truth", "U-Net", "Uncertainty", "Autoencoder", "Telea", "Navier-Stokes", "Biharmonic"]
ROWS, COLUMNS = np.indices(SHAPE)
HIDDEN = {
    "left": COLUMNS < 14,
    "right": COLUMNS >= 14,
    "top": ROWS < 14,
    "bottom": ROWS >= 14,
    "box": (abs(ROWS - 13.5) < 7) & (abs(COLUMNS - 13.5) < 7),
    "everything": np.ones(SHAPE, bool),
    "nothing": np.zeros(SHAPE, bool),
}


@pytest.fixture
def page() -> AppTest:
    """The page, not run yet."""
    return AppTest.from_file(str(PROJECT / "pages" / "inpainting.py"), default_timeout=60)


def texts(page: AppTest) -> str:
    assert not page.exception
    return "\n".join(str(box.value) for box in [*page.markdown, *page.caption])


def sent(page: AppTest, component: str) -> dict[str, Any]:
    """What the browser was sent for a component, the last one where there are several."""
    elements = [box.proto for box in page.get("bidi_component")]
    found: dict[str, Any] = next(
        json.loads(proto.json) for proto in elements[::-1] if proto.component_name == component
    )
    return found


def hidden(page: AppTest) -> np.ndarray:
    painted = decode_painted(sent(page, "pixel_canvas")["bits"], SHAPE)  # a sheet is above it
    assert painted is not None
    return painted


def pictures(card: dict[str, Any]) -> np.ndarray:
    """(F, 28, 28) uint8."""
    return np.frombuffer(b64decode(card["frames"]), np.uint8).reshape(-1, *SHAPE)


def cards(page: AppTest) -> dict[str, dict[str, Any]]:
    data = sent(page, "completions")
    return {card["name"]: card for card in [*data["answers"], *data["samples"]]}


def shown_digit(page: AppTest) -> int:
    return int(page.session_state["digit"])


def in_address(page: AppTest, name: str) -> str:
    return "".join(page.query_params[name])  # AppTest has a text, or a list of one


def button(page: AppTest, label: str) -> Any:
    return next(box for box in page.button if box.label == label)


def test_a_masked_digit_is_completed_without_a_click(page: AppTest) -> None:
    shown_texts = texts(page.run())
    assert list(cards(page)) == [*ANSWERS, *(f"Sample {i}" for i in range(1, 7))]
    assert "392 of 784 pixels are hidden" in shown_texts
    assert "(1 - m)" in page.latex[0].value


def test_visible_pixels_are_pasted_back_and_figures_are_over_hidden_ones(page: AppTest) -> None:
    shown, under = cards(page.run()), hidden(page)
    truth = load_digits("sample", "held_out").images[shown_digit(page)].numpy()
    for name, card in shown.items():
        if name in ("Truth", "Uncertainty"):
            continue
        picture = pictures(card)[-1]
        assert (picture == truth)[~under].all()
        error = np.square((picture / 255 - truth / 255)[under]).mean()
        similarity = structural_similarity(  # type: ignore[no-untyped-call]
            picture / 255, truth / 255, data_range=1, gaussian_weights=True, sigma=1.5,
            use_sample_covariance=False, full=True,
        )[1][under].mean()  # fmt: skip
        mse, psnr, ssim = (float(line.split()[1]) for line in card["note"].splitlines())
        assert mse == pytest.approx(error, abs=6e-5)
        assert psnr == pytest.approx(-10 * np.log10(error), abs=0.06)
        assert ssim == pytest.approx(similarity, abs=0.006)
    unsure = pictures(shown["Uncertainty"])[0]
    assert unsure[under].max() > 50 and not unsure[~under].any()


def test_raw_output_is_shown_on_demand(page: AppTest) -> None:
    before = cards(page.run())
    page.toggle(key="raw").set_value(True).run()
    after, under = cards(page), hidden(page)
    for name in ("U-Net", "Autoencoder"):
        changed = pictures(after[name])[0] != pictures(before[name])[0]
        assert changed[~under].any() and not changed[under].any()
        assert after[name]["note"] == before[name]["note"]
    assert after["Telea"] == before["Telea"]


def test_what_is_hidden_shines_through_only_where_asked(page: AppTest) -> None:
    assert "Only you see the hidden pixels" not in texts(page.run())
    assert sent(page, "pixel_canvas")["seesThrough"] is False
    before = cards(page)
    page.toggle(key="see_hidden").set_value(True).run()
    assert "Only you see the hidden pixels: the networks are given black ones." in texts(page)
    assert sent(page, "pixel_canvas")["seesThrough"] is True
    assert cards(page) == before, "no network sees it"


def test_the_address_says_whether_what_is_hidden_shines_through(page: AppTest) -> None:
    page.query_params["see_hidden"] = "true"
    page.run()
    assert sent(page, "pixel_canvas")["seesThrough"] is True


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ({"mask": "bottom"}, "half"), ({"mask": "left"}, "half"), ({"mask": "box"}, "box"),
        ({"mask": "random"}, "random"), ({"mask": "random", "hidden": "50"}, None),
        ({"mask": "stripes"}, None), ({"mask": "nothing"}, None),
    ],
)  # fmt: skip
def test_the_average_stands_beside_the_one_digit_where_it_was_measured(
    page: AppTest, query: dict[str, str], kind: str | None
) -> None:
    for name, value in query.items():
        page.query_params[name] = value
    said = texts(page.run())
    assert ("On average over 10,000 digits" in said) == (kind is not None)
    if kind is not None:
        for name, title in (("inpainting", "U-Net"), ("autoencoder", "Autoencoder")):
            figures = json.loads((ASSETS / "weights" / f"{name}.json").read_text())["figures"]
            assert f"{title} {figures[f'{kind}_mse']:.4f}" in said


def test_the_networks_are_as_described(page: AppTest) -> None:
    said = texts(page.run())
    units = [part.out_features for part in Autoencoder().modules() if isinstance(part, nn.Linear)]
    assert "784 pixels through layers of {}, {} and {} units".format(*units) in said
    assert units[-1] == 784
    assert "each of nine greys" in said and GREYS == 9
    trained_on = json.loads((ASSETS / "weights" / "autoencoder.json").read_text())["config"]
    assert "was trained on random masks only" in said and trained_on["mask"] == "random"
    visible = np.ones(SHAPE, np.uint8)
    for level in LEVELS:
        side = feature_maps(shipped_inpainting("inpainting"), visible, visible, level).shape[1]
        assert level.startswith(f"{side} × {side}")


def test_what_is_painted_by_hand_has_no_average(page: AppTest) -> None:
    page.run()
    kept = page.session_state["inpainting-canvas.kept"]
    painted = hidden(page).copy()
    painted[0, 0] = True
    page.session_state["inpainting-canvas.kept"] = kept._replace(bits=encode_painted(painted))
    assert "On average over" not in texts(page.run())


def test_what_is_said_of_a_picture_without_visible_pixels_is_so(page: AppTest) -> None:
    page.query_params["mask"] = "everything"
    assert "The U-Net answers with about the average of all digits; a sample" in texts(page.run())
    average = load_digits("sample", "train").images.float().mean(0).numpy()
    off = {
        name: np.abs(pictures(cards(page)[name])[0] - average).mean() / average.mean()
        for name in ("U-Net", "Autoencoder")
    }
    assert off["U-Net"] < 0.2 < off["Autoencoder"]


@pytest.mark.parametrize(
    ("n_hidden", "sentence"), [(1, "1 of 784 pixels is"), (2, "2 of 784 pixels are")]
)
def test_one_hidden_pixel_is_singular(n_hidden: int, sentence: str) -> None:
    visible = np.ones(SHAPE, np.uint8)
    visible[0, :n_hidden] = 0
    assert hidden_pixels(visible) == f"{sentence} hidden"


@pytest.mark.parametrize("steps", [1, 2, 8, 16])
def test_how_much_of_a_sample_is_drawn_is_said_of_the_chosen_steps(
    page: AppTest, steps: int
) -> None:
    page.query_params["fill_steps"] = str(steps)
    help = button(page.run(), "Six others").help
    assert not page.exception
    if steps == 1:
        assert "draws all of the hidden pixels at random" in help
    else:
        share = 1 - np.cos(np.pi / 2 * max(1, round(3 / 8 * steps)) / steps)  # see the sampler
        assert f"draws {share:.0%} of the hidden pixels at random" in help


def test_the_sampler_has_a_film_of_its_steps_and_other_samples(page: AppTest) -> None:
    page.query_params["fill_steps"] = "4"
    before = cards(page.run())["Sample 1"]
    film, under = pictures(before), hidden(page)
    assert len(film) == len(before["probabilities"]) == 5
    assert (film == film[0])[:, ~under].all()
    assert all((film[i] != film[i + 1])[under].any() for i in range(3))
    assert (film[3] == film[4]).all()  # the last step leaves pixels at the mean they are shown at
    assert all(sum(percentages) in range(97, 104) for percentages in before["probabilities"])
    button(page, "Six others").click().run()
    assert cards(page)["Sample 1"]["frames"] != before["frames"]


def test_a_run_of_one_s_own_completes_the_digit_too(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[Any] = []
    run = create_run("inpainting", {"steps": 2, "model": "autoencoder", "device": "cpu"}, 2)
    assert OWN not in cards(page.run())
    assert work(run).state == "finished"
    card = cards(page.run())[OWN]
    digit, under = pictures(cards(page)["Truth"])[0].copy(), hidden(page)
    own = restore_run(run)
    assert isinstance(own, Inpainting)
    raw, _ = own.answer(digit, (~under).astype(np.uint8))
    assert (pictures(card) == np.where(under, raw, digit)).all()
    assert "Your run" in texts(page)
    monkeypatch.setattr(downloads, "completions_png", lambda taken, _words: taken.own)
    monkeypatch.setattr(downloads, "offer_downloads", lambda offers, *_, **__: taken.extend(offers))
    page.session_state["inpainting-downloads"] = True
    texts(page.run())
    assert (taken[0].make() == pictures(card)[-1]).all(), "what is shown is downloaded"
    for checkpoint in (run.path / "checkpoints").iterdir():
        checkpoint.write_bytes(b"torn")
    st.cache_resource.clear()
    st.cache_data.clear()
    assert OWN not in cards(page.run())
    assert "The run below cannot complete it" in texts(page)


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


def _png(picture: np.ndarray) -> bytes:
    file = BytesIO()
    Image.fromarray(picture).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"no picture", "not a readable picture"),
        (_png(np.zeros((50, 50, 3), np.uint8)), "nearly uniform"),
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
    page.file_uploader(key="inpaint-own-file").set_value(("1.png", _png(paper), "image/png")).run()
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
