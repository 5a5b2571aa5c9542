"""The Start page: what it shows without a click, and what it says of data and runs."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file
from streamlit.testing.v1 import AppTest

from core.data.own_pictures import keep_zip
from core.errors import GlimpseError
from core.paths import ASSETS
from core.registry import METHODS
from pages.parts import datasets
from tests.helpers.run_folders import run_of

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AppTest:
    monkeypatch.setenv("GLIMPSE_DATA", str(tmp_path / "data"))
    return AppTest.from_file(str(PROJECT / "app.py"), default_timeout=20)


def test_a_card_for_every_method_with_its_promise(page: AppTest) -> None:
    page.run()
    assert not page.exception
    titles = [heading.value for heading in page.subheader]
    promises = [text.value for text in page.markdown]
    for method in METHODS.values():
        assert method.title in titles
        assert method.promise in promises


def test_the_latest_runs_are_shown_once_there_are_any(page: AppTest) -> None:
    page.run()
    assert "Latest runs" not in [heading.value for heading in page.subheader]
    for _ in range(4):
        run_of("maml", "finished")
    page.run()
    assert not page.exception
    assert "Latest runs" in [heading.value for heading in page.subheader]
    assert sum("Accuracy after 75.0 %" in text.value for text in page.caption) == 3


def test_what_is_shipped_is_ready_and_what_is_not_says_its_weight(page: AppTest) -> None:
    page.run()
    offered = {button.key: button.label for button in page.button}
    assert offered["download-mnist"] == "Download 11.6 MB"
    assert "download-digits" not in offered


def test_uploaded_pictures_are_listed_with_a_way_to_remove_them(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Path(keep_zip("cats.zip", bytes(3_000_000)))
    page.run()
    assert "`cats.zip`, uploaded for training." in [text.value for text in page.markdown]
    next(button for button in page.button if button.label == "Remove").click().run()
    assert not page.exception and not place.exists()
    assert "`cats.zip`, uploaded for training." not in [text.value for text in page.markdown]

    keep_zip("cats.zip", bytes(3_000_000))
    monkeypatch.setattr(datasets, "is_private", lambda: False)
    assert not any("cats" in text.value for text in page.run().markdown), "nor on an open server"


def test_a_download_that_fails_is_one_sentence(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_name: str, report: Callable[[int, int], None]) -> None:
        report(500_000, 1_000_000)
        raise GlimpseError("The servers of MNIST cannot be reached: use the shipped sample.")

    monkeypatch.setattr(datasets, "download", refuse)
    page.run()
    page.button(key="download-mnist").click().run()
    assert not page.exception
    assert [box.value for box in page.error] == [
        "The servers of MNIST cannot be reached: use the shipped sample."
    ]


def test_the_films_are_small_and_fit_what_draws_them() -> None:
    path = ASSETS / "films.safetensors"
    films = load_file(path)
    assert path.stat().st_size < 1_000_000
    for method in METHODS:
        film = {k.partition(".")[2]: v for k, v in films.items() if k.startswith(f"{method}.")}
        assert 0 < film["seconds"][0] < 5
        assert film["hue"].dtype == np.uint8
        assert film["hue"].max() <= 10
        if "points" in film:
            assert film["points"].dtype == np.uint16
            assert film["points"].shape[1:] == (len(film["hue"]), 2)
        else:
            assert film["ink"].dtype == np.uint8
            assert film["ink"].shape == film["hue"].shape
            assert len(film["ink"]) > 2
