"""A run that could never train is refused before it has a folder, whoever asks for it."""

from pathlib import Path
from typing import Any

import pytest
import torch

from core.config import parse_config
from core.errors import GlimpseError
from core.registry import METHODS, load_method
from core.training import launcher
from core.training.run_folder import list_runs
from core.training.trainable import check_trainable
from tests.helpers.own_pictures import GOOD, as_zip

NOT_HERE = "is not here yet: download it on the Start page"


@pytest.mark.parametrize(
    ("method", "settings", "reason"),
    [
        ("simclr", {"source": "mnist"}, f"^MNIST {NOT_HERE}"),
        ("simclr", {"source": "cifar10"}, f"^CIFAR-10 {NOT_HERE}"),
        ("inpainting", {"source": "mnist"}, f"^MNIST {NOT_HERE}"),
        ("simclr", {"source": "own", "pictures": "/none"}, "There is no folder or zip /none"),
        ("inpainting", {"source": "own", "pictures": "/none"}, "There is no folder or zip /none"),
        ("simclr", {"batch_size": 4096}, "4096 is more than the 4,000 pictures"),
    ],
)
def test_without_data_there_is_no_run(
    method: str,
    settings: dict[str, Any],
    reason: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GLIMPSE_DATA", str(tmp_path))
    _assert_refused(method, settings, reason)


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a GPU")
@pytest.mark.parametrize("method", METHODS)
def test_without_a_gpu_there_is_no_run_on_one(method: str) -> None:
    _assert_refused(method, {"device": "cuda"}, "needs 1 GPU")


def _assert_refused(method: str, settings: dict[str, Any], reason: str) -> None:
    config = parse_config(load_method(method).Config, settings)
    for start in (launcher.launch, launcher.create_queued):
        with pytest.raises(GlimpseError, match=reason):
            start(method, config)
    assert list_runs() == []


@pytest.mark.parametrize("method", METHODS)
def test_the_defaults_can_be_trained_everywhere(
    method: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLIMPSE_DATA", str(tmp_path))
    check_trainable(method, load_method(method).Config())


@pytest.mark.parametrize("method", ["simclr", "inpainting"])
def test_own_pictures_that_can_be_used_are_no_reason(method: str, tmp_path: Path) -> None:
    place = as_zip(tmp_path / "own.zip", GOOD)
    settings = {"source": "own", "pictures": str(place), "batch_size": 4}
    check_trainable(method, parse_config(load_method(method).Config, settings))
