from collections.abc import Callable
from pathlib import Path

import pytest

from core import registry
from core.training.run_folder import RunFolder, create_run
from tests.helpers.toy import ENTRY, ToyConfig


@pytest.fixture(autouse=True)
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty runs folder of the test's own, and the toy method in the registry."""
    monkeypatch.setenv("GLIMPSE_RUNS", str(tmp_path / "runs"))
    monkeypatch.setitem(registry.METHODS, "toy", ENTRY)
    return tmp_path / "runs"


@pytest.fixture
def new_run() -> Callable[..., RunFolder]:
    def create(**settings: float) -> RunFolder:
        config = ToyConfig.model_validate(settings)
        return create_run("toy", config.model_dump(), config.steps)

    return create
