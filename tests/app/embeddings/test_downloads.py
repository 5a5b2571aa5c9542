"""The downloads of an embedding: of the recording without a choice, of a run where there is one."""

import json
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from core.methods.simclr.method import SimClr
from core.training.recording import open_recording
from core.training.run_folder import create_run
from core.training.worker import work
from core.zoo.weights import load_shipped, load_shipped_method
from pages.parts.embeddings.download_files import (
    Selection,
    command_of,
    downloads_of,
    frames_of,
)
from pages.parts.embeddings.downloads import PROJECTION_KEY, RUN_KEY
from tests.helpers.own_pictures import DIGITS, GOOD, as_zip
from tests.helpers.training import pause_at

SCRIPT = """from pages.parts.embeddings.downloads import offer_embedding_downloads
offer_embedding_downloads()"""


def codes(app: AppTest) -> list[str]:
    return [code.value for code in app.code]


def test_the_recording_is_offered_with_the_command_of_its_card() -> None:
    app = AppTest.from_string(SCRIPT, default_timeout=120).run()
    assert not app.exception and not app.selectbox
    assert codes(app)[0] == load_shipped("simclr").card["command"] == command_of(Selection())
    assert {"Figure as PNG", "Figure as SVG"} <= {button.label for button in app.download_button}


def test_the_projection_that_is_looked_at_is_offered_first() -> None:
    app = AppTest.from_string(SCRIPT, default_timeout=120)
    app.session_state["projection"] = "PCA"
    assert app.run().segmented_control(key=PROJECTION_KEY).value == "PCA"


def test_the_film_has_the_accuracy_last_measured_at_each_frame() -> None:
    run = open_recording("simclr")
    film = frames_of(Selection())
    measured = {row["step"]: row["knn_accuracy"] for row in run.metrics() if "knn_accuracy" in row}
    for step, accuracy in zip(film.steps, film.accuracy, strict=True):
        assert accuracy == measured[max(at for at in measured if at <= step)]
    assert film.layouts.shape == (len(film.steps), 1000, 2)


def test_the_npz_has_the_features_of_the_shipped_encoder() -> None:
    [npz] = [each for each in downloads_of(Selection()) if each.file_name.endswith(".npz")]
    method = load_shipped_method("simclr", SimClr)
    with np.load(BytesIO(npz.make()), allow_pickle=False) as arrays:
        pictures = torch.from_numpy(arrays["pictures"])
        features = method.embed(pictures)
        np.testing.assert_allclose(arrays["features"], features, atol=1e-5)
    [whole] = [each for each in downloads_of(Selection()) if each.label == "Features as CSV"]
    table = np.loadtxt(BytesIO(whole.make()), delimiter=",", skiprows=1)
    np.testing.assert_allclose(table[:, 2:], features, rtol=1e-4, atol=1e-5)


def test_a_run_is_chosen_and_downloaded_with_a_command_of_its_own() -> None:
    config = {"steps": 2, "width": 4, "batch_size": 8, "seed": 7, "snapshot_every": 1}
    run = create_run("simclr", SimClr.Config(**config).model_dump(), 2)
    assert work(run).state == "finished"
    app = AppTest.from_string(SCRIPT, default_timeout=120).run()
    app.selectbox(key=RUN_KEY).set_value(run.id).run()
    assert not app.exception
    assert {"--steps 2", "--seed 7", "--width 4"} <= {
        f"{flag} {value}"
        for flag, value in zip(*[iter(codes(app)[0].split()[5:])] * 2, strict=True)
    }
    made = {download.label: download for download in downloads_of(Selection(run.id, "PCA in 3-D"))}
    with np.load(BytesIO(made["Points as NPZ"].make()), allow_pickle=False) as arrays:
        assert arrays["layout"].shape == (3, 1000, 3)
        first = arrays["components"][-1][:, :3]  # as the layout, but for a turn and a scale
        lengths = [
            np.linalg.norm(each - each.mean(0), axis=1) for each in (first, arrays["layout"][-1])
        ]
        assert np.corrcoef(*lengths)[0, 1] > 0.999
    figure = ET.fromstring(made["Figure as SVG"].make())
    assert len(figure.findall("{*}g[@class='points']/{*}circle")) == 1000
    assert "laid out by PCA in 3-D" in "".join(figure.itertext())
    program = torch.export.load(BytesIO(made["Encoder as PT2"].make())).module()
    assert program(torch.zeros(3, 1, 28, 28)).shape == (3, 256)
    with ZipFile(BytesIO(made["Weights"].make())) as archive:
        assert archive.namelist() == [f"{run.id}.safetensors", f"{run.id}.json"]


@pytest.mark.parametrize("config", [{"steps": 2, "width": 1_000_000}, {"gone": True}])
def test_a_run_of_settings_that_are_no_more_is_one_sentence(config: dict[str, int]) -> None:
    run = create_run("simclr", config, 2)
    run.write_snapshot(0, {"layout": np.zeros((1000, 2), np.float32)})
    app = AppTest.from_string(SCRIPT, default_timeout=120).run()
    app.selectbox(key=RUN_KEY).set_value(run.id).run()
    assert not app.exception
    assert len(app.error) == 1


def test_a_run_is_downloaded_although_its_pictures_are_gone(tmp_path: Path) -> None:
    pictures = as_zip(tmp_path / "own.zip", GOOD)
    settings = {"steps": 9, "width": 4, "batch_size": 8, "snapshot_every": 1}
    config = SimClr.Config(**settings, source="own", pictures=str(pictures))
    run = create_run("simclr", config.model_dump(), 9)
    assert work(run, pause_at(run, 3)).state == "paused"
    pictures.unlink()
    made = {each.file_name: each.make() for each in downloads_of(Selection(run.id, "PCA"))}
    with np.load(BytesIO(made[f"{run.id}.npz"]), allow_pickle=False) as arrays:
        np.testing.assert_array_equal(arrays["pictures"], DIGITS)
        assert arrays["features"].shape[0] == len(DIGITS) and np.isfinite(arrays["features"]).all()
    with ZipFile(BytesIO(made[f"{run.id}-weights.zip"])) as archive:
        card = json.loads(archive.read(f"{run.id}.json"))
    assert card["steps"] == 3 and "There is no folder or zip" in card["unmeasured"]
    assert card["evaluate"] == f"python -m core evaluate ./{run.id}.safetensors"
    assert b"3 of 9 steps" in made[f"{run.id}.html"]
