"""A run on a person's own pictures: they are the points, wherever these are shown or downloaded."""

import csv
from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.training.run_folder import RunFolder, create_run
from core.training.worker import work
from pages.parts.components.scatter_film.scatter_film import Picks, ScatterFrames, scatter_film
from pages.parts.embeddings import run_points, training
from pages.parts.embeddings.download_files import Selection, downloads_of, frames_of
from tests.helpers.own_pictures import DIGITS, GOOD, as_zip
from tests.helpers.pages import open_page_of_app


def trained(place: Path, files: Mapping[str, bytes]) -> RunFolder:
    config = {"source": "own", "pictures": str(as_zip(place, dict(files))), "steps": 2,
              "width": 4, "batch_size": 8, "snapshot_every": 1, "eval_every": 1}  # fmt: skip
    run = create_run("simclr", config, 2)
    assert work(run).state == "finished"
    place.unlink()  # what is shown does not need them any more
    return run


@pytest.fixture
def films(monkeypatch: pytest.MonkeyPatch) -> list[tuple[ScatterFrames, dict[str, Any]]]:
    shown: list[tuple[ScatterFrames, dict[str, Any]]] = []

    def show(film: ScatterFrames, **settings: Any) -> Picks:
        shown.append((film, settings))
        return scatter_film(film, **settings)

    monkeypatch.setattr(training, "scatter_film", show)
    return shown


def opened(run: RunFolder) -> AppTest:
    app = open_page_of_app("pages/embeddings.py", run=run.id)
    assert not app.exception
    return app


def test_ones_own_pictures_are_the_points(
    tmp_path: Path, films: list[tuple[ScatterFrames, dict[str, Any]]]
) -> None:
    run = trained(tmp_path / "own.zip", GOOD)
    app = opened(run)
    film, settings = films[-1]
    assert film.pictures is not None and film.names == ("a", "b") and settings["picked"] == 0
    np.testing.assert_array_equal(film.pictures, DIGITS)
    assert film.frames.shape == (3, 12, 2) and film.labels.tolist() == [0] * 6 + [1] * 6
    assert settings["alt"].startswith("12 pictures as points")
    assert run_points.OWN in [caption.value for caption in app.caption]


def test_pictures_of_one_folder_say_why_there_is_no_accuracy(
    tmp_path: Path, films: list[tuple[ScatterFrames, dict[str, Any]]]
) -> None:
    flat = {name.replace("/", "-"): content for name, content in GOOD.items()}
    app = opened(trained(tmp_path / "flat.zip", flat))
    assert films[-1][0].names == ("no folder",)
    assert run_points.ONE_CLASS in [caption.value for caption in app.caption]


def test_files_name_the_folders(tmp_path: Path) -> None:
    selection = Selection(trained(tmp_path / "own.zip", GOOD).id)
    film = frames_of(selection)
    np.testing.assert_array_equal(film.pictures, DIGITS)
    made = {download.label: download.make for download in downloads_of(selection)}
    rows = csv.DictReader(StringIO(made["Points as CSV"]().decode(), newline=""))
    assert [row["label"] for row in rows] == ["a"] * 6 + ["b"] * 6
    svg = made["Figure as SVG"]().decode()
    assert ">Class<" in svg and ">Digit<" not in svg
    assert "SimCLR sorts pictures" in svg and "12 pictures that it trains on" in svg
    assert svg.count("<circle") == 12 + 2  # the points, and a legend of two classes
    assert made["Figure as PNG"]()[:4] == b"\x89PNG"
    assert (
        b'"names": ["a", "b"]' in made["Film as HTML"]()
        or b'"names":["a","b"]' in made["Film as HTML"]()
    )
    assert made["Film as GIF"]()[:3] == b"GIF"
