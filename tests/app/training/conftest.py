"""A form that starts no process: what it launches is finished at once, and timed by a constant."""

from typing import Any

import pytest

from core.training import launcher
from core.training.pace import Pace
from core.training.run_folder import RunFolder
from tests.helpers.run_folders import run_of
from tests.helpers.train_form_page import PACE


@pytest.fixture
def launched(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The configs of the runs that were launched, which are finished at once."""
    configs: list[dict[str, Any]] = []

    def launch(method: str, config: Any) -> RunFolder:
        configs.append(config.model_dump())
        return run_of(method, "finished", **config.model_dump())

    monkeypatch.setattr(launcher, "launch", launch)
    return configs


@pytest.fixture
def timed(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The configs that were timed; each has the same pace."""
    configs: list[dict[str, Any]] = []

    def pace(_method: str, config: Any) -> Pace:
        configs.append(config.model_dump())
        return PACE

    monkeypatch.setattr(launcher, "pace", pace)
    return configs
