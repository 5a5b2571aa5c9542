"""The Inpainting page as a script: what it shows at once, and how good it is."""

import json
from typing import Any

import numpy as np
import pytest
import streamlit as st
from skimage.metrics import structural_similarity
from streamlit.testing.v1 import AppTest
from torch import nn

from core.data.digits import load_digits
from core.export.inpainting import OWN
from core.methods.inpainting.features import LEVELS, feature_maps
from core.methods.inpainting.method import Inpainting
from core.models.autoencoder import Autoencoder
from core.models.unet import LEVELS as GREYS
from core.paths import ASSETS
from core.training.run_folder import create_run
from core.training.worker import work
from core.zoo.weights import restore_run
from pages.parts.components.canvas.canvas import encode_painted
from pages.parts.inpainting import downloads
from pages.parts.inpainting.masks import hidden_pixels
from pages.parts.shipped import shipped_inpainting
from tests.helpers.inpainting_page import (
    ANSWERS,
    SHAPE,
    button,
    cards,
    hidden,
    pictures,
    sent,
    shown_digit,
    texts,
)


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
    assert "*Local run* is the network below" in texts(page)
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
