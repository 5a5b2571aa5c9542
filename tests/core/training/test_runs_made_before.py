"""Run folders written by an earlier version of Glimpse are opened, shown and trained on.

The folders in `runs_made_before` were trained when few-shot learning was still one class of six
algorithms, `core.methods.maml.Maml`: 40 steps each, with the small settings in their `run.json`.
Only the few-shot one has a checkpoint.
"""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from core.config import parse_config
from core.errors import GlimpseError
from core.registry import METHODS, load_method
from core.training.checkpoint import load_newest
from core.training.loop import train
from core.training.run_folder import RunFolder, list_runs, open_run
from core.zoo.weights import restore_run

MADE_BEFORE = Path(__file__).parent / "runs_made_before"
RUN_IDS = sorted(path.name for path in MADE_BEFORE.iterdir())
FEW_SHOT = next(run_id for run_id in RUN_IDS if run_id.startswith("maml-"))
STEPS = 40
SNAPSHOTS = {
    "maml": {"support", "query", "query_class", "probability", "support_loss"},
    "simclr": {"embedding", "layout", "labels"},
    "inpainting": {"truth", "masks", "completions"},
}


@pytest.fixture(autouse=True)
def old_runs(runs: Path) -> Path:
    """A runs folder with copies of the old ones."""
    shutil.copytree(MADE_BEFORE, runs)
    return runs


def test_there_is_an_old_run_of_every_method_and_each_is_listed() -> None:
    listed = list_runs()
    assert sorted(run.id for run in listed) == RUN_IDS
    assert {run.method for run in listed} == {"maml", "simclr", "inpainting"} <= METHODS.keys()


@pytest.mark.parametrize("run_id", RUN_IDS)
def test_status_config_and_metrics_are_read(run_id: str) -> None:
    run = open_run(run_id)
    method = load_method(run.method)
    config = parse_config(method.Config, run.config)
    settings, fields = config.model_dump(mode="json"), method.Config.model_fields
    added = {name: fields[name].default for name in settings.keys() - run.config.keys()}
    assert settings == run.config | added, "settings that came later are at their defaults"
    status = run.status()
    assert (status.state, status.step, status.steps) == ("finished", STEPS, config.steps)
    rows = run.metrics()
    assert [row["step"] for row in rows] == list(range(STEPS + 1))
    assert all("loss" in row for row in rows[1:])
    assert rows[-1][status.key_figure] == status.key_value


@pytest.mark.parametrize("run_id", RUN_IDS)
def test_snapshots_are_read(run_id: str) -> None:
    run = open_run(run_id)
    assert run.snapshot_steps() == [0, 20, STEPS]
    for step in run.snapshot_steps():
        arrays = run.snapshot(step)
        assert arrays.keys() >= SNAPSHOTS[run.method]
        assert all(np.isfinite(array).all() for array in arrays.values())


def test_the_checkpoint_restores_the_method() -> None:
    run = open_run(FEW_SHOT)
    method, checkpoint = restore_run(run), load_newest(run)
    assert checkpoint is not None and checkpoint.step == STEPS
    used = {k: v for k, v in checkpoint.state.items() if k.startswith("model.")}
    assert len(used) > 5 and all(method.state()[name].equal(value) for name, value in used.items())
    method.load_state(checkpoint.state)  # to train on: with the optimiser
    state = method.state()
    assert state.keys() == checkpoint.state.keys()
    assert all(state[name].equal(value) for name, value in checkpoint.state.items())
    assert method.validate(STEPS)["accuracy_after"] == pytest.approx(
        run.metrics()[-1]["accuracy_after"], abs=0.01
    )
    arrays = method.snapshot(STEPS)
    before = run.snapshot(STEPS)
    assert {name: array.shape for name, array in arrays.items()} == {
        name: array.shape for name, array in before.items()
    }


def test_an_old_run_resumes_to_its_end(old_runs: Path) -> None:
    steps = STEPS + 10
    _change(old_runs / FEW_SHOT / "status.json", state="paused", steps=steps)
    info = json.loads((old_runs / FEW_SHOT / "run.json").read_text())
    _change(old_runs / FEW_SHOT / "run.json", config=info["config"] | {"steps": steps})
    run = RunFolder(old_runs / FEW_SHOT)
    before = run.metrics()
    status = train(run)
    assert (status.state, status.step) == ("finished", steps)
    rows = run.metrics()
    assert [row["step"] for row in rows] == list(range(steps + 1))
    assert rows[: len(before)] == before
    assert run.snapshot_steps()[-1] == steps == run.checkpoint_steps()[-1]


def test_a_run_without_a_checkpoint_is_refused_in_a_sentence() -> None:
    for run_id in set(RUN_IDS) - {FEW_SHOT}:
        with pytest.raises(GlimpseError, match="no checkpoint yet"):
            restore_run(open_run(run_id))


def _change(path: Path, **values: object) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | values))
