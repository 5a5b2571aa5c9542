"""How plotly.js and figures get to the browser."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import plotly
import plotly.graph_objects as go
import pytest

from pages.parts.components.live_figure import live_figure


@pytest.fixture
def static(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty place for the folder that the server serves."""
    monkeypatch.setattr(live_figure, "STATIC", tmp_path / "static")
    live_figure.serve_plotly.cache_clear()
    yield tmp_path / "static"
    live_figure.serve_plotly.cache_clear()


def test_figure_json_keeps_arrays_typed_and_drops_the_template() -> None:
    values = np.array([0.5, np.nan, 2.0], np.float32)
    figure = go.Figure(go.Scatter(y=values, customdata=[np.float64(1), float("nan")]))
    spec = json.loads(live_figure.figure_json(figure.update_layout(title="Loss")))
    sent = spec["data"][0]["y"]
    assert sent["dtype"] == "f4"
    received = np.frombuffer(base64.b64decode(sent["bdata"]), np.float32)
    np.testing.assert_array_equal(received, values)
    assert spec["layout"] == {"title": {"text": "Loss"}}
    assert spec["data"][0]["customdata"] == [1.0, None]


def test_saved_figure_has_a_name_that_any_disk_takes() -> None:
    assert live_figure.file_stem("maml-curve-Loss / step") == "glimpse-maml-curve-loss-step"


def test_plotly_is_served_whole_from_the_python_package(static: Path) -> None:
    name = live_figure.serve_plotly()
    assert plotly.__version__ in name
    package = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
    assert (static / name).read_bytes() == package.read_bytes()
    assert [file.name for file in static.iterdir()] == [name]


def test_folder_that_cannot_be_written_is_logged_and_stops_nothing(
    static: Path, caplog: pytest.LogCaptureFixture
) -> None:
    static.write_text("a file where the folder should be")
    assert live_figure.serve_plotly().endswith(".js")
    assert "plotly.js cannot be served" in caplog.text
