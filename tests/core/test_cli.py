"""`python -m core` in a process of its own, as a person types it."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from core.config import parse_config
from core.flags import command_line
from core.paths import PROJECT
from core.registry import METHODS, load_method
from tests.helpers.training import wait_until

TINY = [
    "maml", "--source", "sinusoids", "--inner-lr", "0.01", "--steps", "12", "--eval-every", "6",
    "--snapshot-every", "6", "--eval-tasks", "8",
]  # fmt: skip


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return os.environ | {"GLIMPSE_RUNS": str(tmp_path / "runs"), "GLIMPSE_DATA": str(tmp_path)}


def glimpse(environment: dict[str, str], *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "core", *words],
        cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


@pytest.mark.slow
def test_a_run_from_training_to_deletion(environment: dict[str, str], tmp_path: Path) -> None:
    trained = glimpse(environment, "train", *TINY)
    assert trained.returncode == 0, trained.stderr
    run_id = trained.stdout.splitlines()[0]
    assert "finished at step 12" in trained.stdout
    assert re.search(r"12/12 \[.*step/s.*loss=", trained.stderr), "a bar with speed and loss"

    listed = glimpse(environment, "runs", "list").stdout
    assert run_id in listed and "finished" in listed and "12/12" in listed

    shown = glimpse(environment, "runs", "show", run_id).stdout
    facts = json.loads(shown[shown.index("{") :])
    assert facts["config"]["source"] == "sinusoids" and "loss" in facts["latest"]

    assert (
        "finished, so it cannot be resumed" in glimpse(environment, "runs", "resume", run_id).stderr
    )

    exported = glimpse(environment, "runs", "export", run_id, str(tmp_path / "weights" / "mine"))
    card = json.loads(exported.stdout)
    assert card["steps"] == 12 and "--steps 12" in card["command"] and card["figures"]

    measured = glimpse(environment, "evaluate", str(tmp_path / "weights" / "mine")).stdout
    again = dict(line.split() for line in measured.splitlines())
    assert {name: round(float(value), 4) for name, value in again.items()} == card["figures"]

    assert glimpse(environment, "runs", "delete", run_id).returncode == 0
    assert "No runs yet" in glimpse(environment, "runs", "list").stdout


@pytest.mark.slow
@pytest.mark.parametrize("method", METHODS)
def test_every_method_trains_for_a_moment(environment: dict[str, str], method: str) -> None:
    kind = load_method(method).Config
    tiny = {**METHODS[method].tiny_config, "steps": 2}
    words = shlex.split(command_line(method, parse_config(kind, tiny)))
    trained = glimpse(environment, *words[3:])
    assert trained.returncode == 0, trained.stderr
    assert "finished at step 2" in trained.stdout


def test_minutes_become_steps_that_are_said_and_kept(environment: dict[str, str]) -> None:
    at = TINY.index("--steps")
    trained = glimpse(environment, "train", *TINY[:at], *TINY[at + 2 :], "--minutes", "0.02")
    assert trained.returncode == 0, trained.stderr
    steps = re.search(r"--minutes 0.02 is about --steps (\d+) here", trained.stderr)
    assert steps is not None
    run_id = trained.stdout.splitlines()[0]
    shown = glimpse(environment, "runs", "show", run_id).stdout
    assert json.loads(shown[shown.index("{") :])["config"]["steps"] == int(steps[1])
    assert f"finished at step {steps[1]}" in trained.stdout


@pytest.mark.slow
def test_epochs_become_steps_that_are_said_and_kept(environment: dict[str, str]) -> None:
    words = ["simclr", "--batch-size", "1500", "--width", "4", "--epochs", "2"]
    trained = glimpse(environment, "train", *words)
    assert trained.returncode == 0, trained.stderr
    assert (
        "--epochs 2 is --steps 4: an epoch is 2 batches of 1500 from 4000 pictures."
        in trained.stderr
    )
    assert "finished at step 4" in trained.stdout
    shown = glimpse(environment, "runs", "show", trained.stdout.splitlines()[0]).stdout
    assert json.loads(shown[shown.index("{") :])["config"]["steps"] == 4


@pytest.mark.parametrize(("method", "has_epochs"), [("simclr", True), ("inpainting", False)])
def test_help_offers_epochs_to_the_methods_that_have_them(
    environment: dict[str, str], method: str, has_epochs: bool
) -> None:
    shown = glimpse(environment, "train", method, "--help").stdout
    assert "--minutes" in shown and ("--epochs" in shown) == has_epochs


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["train", "maml", "--steps", "9", "--minutes", "1"], "--steps and --minutes both say"),
        (["train", "maml", "--minutes", "0"], "--minutes 0 cannot be used"),
        (["train", "simclr", "--steps", "9", "--epochs", "1"], "--steps and --epochs both say"),
        (["train", "simclr", "--minutes", "9", "--epochs", "1"], "--minutes and --epochs both say"),
        (["train", "simclr", "--epochs", "0"], "--epochs 0 cannot be used: choose 1 to 66,666"),
        (["train", "simclr", "--source", "mnist", "--epochs", "1"], "The full MNIST is not here"),
        (["train", "maml", "--epochs", "1"], "maml has no epochs"),
        (["train", "maml", "--steps", "9", "--stop-at", "10"], "--stop-at 10 is no step of this"),
        (["train", "maml", "--n-way", "1"], "--n-way '1' cannot be used"),
        (["runs", "show", "../../etc"], "There is no run '../../etc'"),
        (["evaluate", "nothing"], "no usable weights at nothing"),
    ],
)
def test_a_refusal_is_one_sentence_and_no_trace(
    environment: dict[str, str], words: list[str], message: str
) -> None:
    answer = glimpse(environment, *words)
    assert answer.returncode != 0
    sentences = answer.stdout + answer.stderr
    assert message in sentences and "Traceback" not in sentences


@pytest.mark.slow
def test_a_folder_deleted_under_a_training_is_the_one_thing_said(
    environment: dict[str, str], tmp_path: Path
) -> None:
    endless = [word if word != "12" else "100000" for word in TINY]
    with subprocess.Popen(
        [sys.executable, "-m", "core", "train", *endless],
        cwd=PROJECT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    ) as training:  # fmt: skip
        assert training.stdout is not None
        run = tmp_path / "runs" / training.stdout.readline().strip()
        wait_until(lambda: (run / "checkpoints" / "00000000.safetensors").exists(), "a start", 120)
        run.rename(tmp_path / "gone")  # at once, as nothing that deletes file by file can
        shutil.rmtree(tmp_path / "gone")
        said = training.stdout.read()
    assert said.startswith("The folder of this run was deleted or moved while it trained")
    assert len(said.splitlines()) == 1 and training.returncode == 1
