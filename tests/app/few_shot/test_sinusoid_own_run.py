"""A run of one's own that learnt curves takes part in the section on sinusoids."""

import csv
from io import StringIO

import numpy as np
import pytest

from core.export.curve_html import curve_html
from core.export.curve_table import curve_table
from core.figures.sinusoid import Task
from core.methods.few_shot.config import FewShotConfig
from core.methods.few_shot.method import FewShot
from core.training.checkpoint import Checkpoint, save_checkpoint
from core.training.run_folder import RunFolder
from core.zoo.initialisations import SINUSOIDS, load_initialisation
from pages.parts.few_shot import sinusoid_averages
from pages.parts.few_shot.sinusoid import _learn
from pages.parts.few_shot.sinusoid_networks import OWN, OwnRun
from tests.helpers.html import data_of
from tests.helpers.run_folders import run_of
from tests.helpers.sinusoid_section import open_section, texts
from tests.helpers.task_films import CAPTION

SETTINGS = {"source": "sinusoids", "inner_lr": 0.01, "k_shot": 5, "seed": 3}
POINTS = ((1.0, 0.5), (2.0, 1.0))
TITLES = ["MAML", "Pre-trained", "Random", OWN]


def own_run(**settings: object) -> RunFolder:
    """A run whose checkpoint has MAML's shipped weights, so that its answers are known."""
    config = FewShotConfig.model_validate(SETTINGS | settings)
    method = FewShot(config)
    if config.source == "sinusoids":
        shipped = load_initialisation(SINUSOIDS[0], "sinusoid-maml")
        method.load_weights(shipped.weights())
    run = run_of("maml", "finished", **config.model_dump(exclude={"steps"}))
    save_checkpoint(run, Checkpoint(30, 3.0, method.state()))
    return run


def test_a_run_of_curves_is_a_fourth_initialisation() -> None:
    run = own_run()
    app = open_section(sine_step="2")
    assert not app.exception and not app.warning
    assert "**Local run** goes from" in texts(app)
    assert any("*Local run* is the one below" in caption.value for caption in app.caption)
    fits = _learn(POINTS, 1.0, OwnRun(run.id, 30))
    assert [fit.title for fit in fits] == TITLES
    np.testing.assert_array_equal(fits[3].prediction, fits[0].prediction)


def test_a_run_of_curves_is_in_every_file() -> None:
    run = own_run()
    fits = _learn(POINTS, 1.0, OwnRun(run.id, 30))
    x = np.linspace(-5, 5, 101)
    task = Task(x, np.sin(x), *np.array(POINTS).T)
    row = next(csv.DictReader(StringIO(curve_table(task, fits).decode(), newline="")))
    assert row["prediction_local_run"] == row["prediction_maml"]
    shown = data_of(curve_html(task, fits, CAPTION))["fits"]
    assert [fit["title"] for fit in shown] == TITLES  # type: ignore[attr-defined]


def test_a_run_of_curves_is_raced_over_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sinusoid_averages, "CURVES", 3)
    sinusoid_averages._errors.clear()
    run = own_run()
    lanes = sinusoid_averages.mean_lanes("right", 2, 1.0, OwnRun(run.id, 30))
    sinusoid_averages._errors.clear()
    assert [lane.title for lane in lanes] == TITLES
    np.testing.assert_array_equal(lanes[3].errors, lanes[0].errors)


def test_a_run_of_pictures_takes_no_part() -> None:
    own_run(source="strokes", inner_lr=0.4)
    app = open_section()
    assert not app.exception and not app.warning and OWN not in texts(app)


def test_a_run_that_has_no_checkpoint_yet_takes_no_part() -> None:
    run_of("maml", "running", source="sinusoids", inner_lr=0.01, k_shot=5)
    app = open_section()
    assert not app.exception and not app.warning and OWN not in texts(app)


@pytest.mark.parametrize("content", [b"", b"\x08" + b"\x00" * 7 + b"{}      ", b"nonsense" * 40])
def test_a_damaged_run_is_one_sentence_and_the_others_go_on(content: bytes) -> None:
    run = own_run()
    run.checkpoint_path(30).write_bytes(content)
    app = open_section(sine_step="2")
    assert not app.exception and not app.error
    [warning] = [box.value for box in app.warning]
    assert warning.startswith("The run below cannot take part: Every checkpoint of run")
    assert "**MAML** goes from" in texts(app) and OWN not in texts(app)


def test_a_run_with_settings_that_fit_no_checkpoint_is_one_sentence() -> None:
    run = own_run()
    other = FewShot(FewShotConfig(source="strokes"))
    save_checkpoint(run, Checkpoint(40, 3.0, other.state()))
    app = open_section()
    assert not app.exception
    assert [box.value.startswith("The run below cannot take part:") for box in app.warning] == [
        True
    ]
