"""What Plotly writes beside a logarithmic axis, which only a browser can say."""

import json
from pathlib import Path

import numpy as np
import plotly
import pytest
from playwright.sync_api import Browser

from core.figures.curves import training_curves

pytestmark = pytest.mark.browser

PLOTLY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"


def test_the_ticks_of_a_logarithmic_axis_rise_as_they_are_read(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content('<div id="chart" style="width: 400px; height: 260px"></div>')
    page.add_script_tag(path=PLOTLY)
    for low, high in ((0.5, 5.2), (3.0, 4.1), (0.002, 0.9), (1e-5, 5)):
        curve = np.arange(20), np.linspace(high, low, 20)
        figure = training_curves({"error": curve}, "Error", log=True)
        page.evaluate("figure => Plotly.newPlot('chart', figure)", json.loads(figure.to_json()))
        ticks = [float(text) for text in page.locator(".ytick text").all_text_contents()]
        assert len(ticks) >= 3
        assert ticks == sorted(ticks), (low, high)
    page.close()
