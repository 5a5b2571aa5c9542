"""SimCLR on colour photos, a made-up CIFAR-10 in torchvision's format."""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from core.__main__ import main
from core.data.cifar import load_photos
from core.errors import GlimpseError
from core.methods.simclr.config import SimClrConfig
from core.methods.simclr.method import SimClr
from core.training.run_folder import list_runs
from core.zoo.weights import export, load_weights, restore
from tests.helpers.made_cifar import make_cifar

SETTINGS = {"source": "cifar10", "width": 4, "batch_size": 40, "steps": 5, "device": "cpu"}


@pytest.fixture(autouse=True)
def photos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GLIMPSE_DATA", str(tmp_path / "data"))
    return make_cifar(tmp_path / "data", monkeypatch)


def config(**changes: Any) -> SimClrConfig:
    return SimClrConfig.model_validate(SETTINGS | changes)


def test_the_command_line_trains_an_epoch_and_its_weights_are_exported(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    words = ["train", "simclr", "--source", "cifar10", "--width", "8", "--batch-size",
             "100", "--steps", "3", "--precision", "bfloat16", "--device", "cpu"]  # fmt: skip
    monkeypatch.setattr("sys.argv", ["core", *words])
    assert main(words) == 0, capsys.readouterr().out
    (run,) = list_runs()
    assert run.metrics()[-1]["knn_accuracy"] >= 0 and run.status().state == "finished"
    snapshot = run.snapshot(3)
    assert snapshot["layout"].shape == (200, 2)
    np.testing.assert_array_equal(snapshot["labels"], load_photos("held_out").labels)

    card = export(run, tmp_path / "photos")
    assert "--source cifar10 --width 8" in card["command"]
    taken = restore(load_weights(tmp_path / "photos"))
    assert isinstance(taken, SimClr)
    assert taken.embed(load_photos("held_out").images[:3]).shape == (3, 8 * 4 * 16)


def test_a_photo_is_named_by_200_neighbours_that_count_by_their_nearness() -> None:
    method = SimClr(config())
    bank = load_photos("train")
    held_out = load_photos("held_out")
    similar = (
        torch.nn.functional.normalize(held_out.images.flatten(1).float(), dim=1)
        @ torch.nn.functional.normalize(bank.images.flatten(1).float(), dim=1).T
    )
    right = 0
    for row, label in zip(similar, held_out.labels, strict=True):
        votes = torch.zeros(10, dtype=torch.float64)
        for neighbour in row.argsort(descending=True)[:200]:
            votes[bank.labels[neighbour]] += torch.exp(row[neighbour].double() / 0.1)
        right += int(votes.argmax() == label)
    assert method.validate(0)["knn_accuracy_pixels"] == pytest.approx(right / 200, abs=0.011)


def test_training_on_photos_repeats_itself_and_lowers_the_loss() -> None:
    methods = [SimClr(config(steps=40)) for _ in range(2)]
    losses = [[method.step(step)["loss"] for step in range(1, 41)] for method in methods]
    assert losses[0] == losses[1]
    assert np.mean(losses[0][-5:]) < np.mean(losses[0][:5]) - 0.1


def test_a_compiled_step_is_the_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """Traced, and run without the code generator, which takes a minute."""
    whole = torch.compile
    monkeypatch.setattr(torch, "compile", lambda net: whole(net, backend="eager"))
    monkeypatch.setenv("CXX", sys.executable)  # never run, so that a machine without one will do
    plain, compiled = SimClr(config()), SimClr(config(compile=True))
    assert plain.step(1) == compiled.step(1)
    assert all(torch.equal(plain.state()[name], found) for name, found in compiled.state().items())
    assert not any("_orig_mod" in name for name in compiled.state())


def test_without_a_compiler_compiling_is_refused_before_the_first_step(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CXX", "no-such-compiler")
    with pytest.raises(GlimpseError, match="there is no no-such-compiler on this machine"):
        SimClr(config(compile=True))


def test_too_few_photos_for_a_batch_are_refused() -> None:
    with pytest.raises(GlimpseError, match="batch_size 301 is more than the 300 pictures"):
        SimClr(config(batch_size=301)).prepare()
