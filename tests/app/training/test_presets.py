"""The presets of every page: settings that its config takes, and something to look for."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.config import parse_config
from core.paths import PROJECT
from core.registry import METHODS
from pages.parts.training import live_view as live


@pytest.mark.parametrize("method", METHODS)
def test_every_preset_can_be_trained_and_says_what_to_look_for(
    method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[Any, ...]] = []

    def live_view(_method: str, kind: Any, _draw: Any, presets: Any, **_more: Any) -> None:
        asked.append((kind, presets))

    monkeypatch.setattr(live, "live_view", live_view)
    page = PROJECT / f"pages/{METHODS[method].page}.py"
    AppTest.from_file(page, default_timeout=120).run()
    ((kind, presets),) = asked
    configs = [parse_config(kind, dict(preset.settings)) for preset in presets.values()]
    assert kind() in configs, "one leaves everything as it is"
    for preset, config in zip(presets.values(), configs, strict=True):
        assert configs.count(config) == 1
        assert len(preset.lesson.split()) > 10 and preset.lesson.endswith(".")
        if preset.rival is not None:
            assert preset.rival_of(config) is not None, "there is something to compare"
