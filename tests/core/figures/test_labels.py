"""The figures of labels show the numbers that they were given."""

import tomllib

import numpy as np

from core.figures.labels import LOOKS, confusion_matrix, label_curves
from core.paths import PROJECT

PER_CLASS = np.array([1, 10, 400])


def test_each_curve_lies_in_its_band() -> None:
    mean, interval = np.array([0.5, 0.8, 0.95]), np.array([0.1, 0.05, 0.0])
    curves = {"k-NN": (mean, interval), "probe": (mean - 0.1, interval)}
    figure = label_curves(PER_CLASS, curves, dashed=["probe"])
    band, line, _, other = figure.data
    np.testing.assert_array_equal(line.y, mean)
    np.testing.assert_array_equal(line.x, PER_CLASS)
    np.testing.assert_allclose(band.y[:3], [0.6, 0.85, 0.95])
    np.testing.assert_allclose(band.y[3:], [0.95, 0.75, 0.4])  # and back along the lower edge
    np.testing.assert_array_equal(band.x, [1, 10, 400, 400, 10, 1])
    assert [trace.name for trace in (line, other)] == ["k-NN", "probe"]
    assert line.line.color != other.line.color and line.marker.symbol != other.marker.symbol
    assert (line.line.dash, other.line.dash) == ("solid", "dash")
    assert figure.layout.xaxis.ticktext[-1] == "all (400)"


def test_curves_stand_out_on_both_themes_and_from_each_other() -> None:
    """By 3 to 1, WCAG 2.1's contrast of what is needed to understand a graphic; by shape too."""
    themes = tomllib.loads((PROJECT / ".streamlit/config.toml").read_text())["theme"]
    colours, shapes = zip(*LOOKS, strict=True)
    for ground in (themes[name]["backgroundColor"] for name in ("light", "dark")):
        for colour in colours:
            darker, lighter = sorted(map(luminance, (colour, ground)))
            assert (lighter + 0.05) / (darker + 0.05) >= 3, (colour, ground)
    assert len(set(shapes)) == len(shapes)
    rgb = np.array([list(bytes.fromhex(colour[1:])) for colour in colours], float)
    apart = np.linalg.norm(rgb[:, None] - rgb[None], axis=2)[~np.eye(len(rgb), dtype=bool)]
    assert apart.min() > 50


def luminance(colour: str) -> float:
    """Relative luminance as in WCAG 2.1."""
    rgb = np.array(list(bytes.fromhex(colour[1:]))) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def test_mistakes_are_coloured_by_how_many_and_what_is_right_apart() -> None:
    counts = np.array([[90, 10, 0], [4, 96, 0], [0, 0, 100]])
    mistakes, right, text = confusion_matrix(counts).data
    assert mistakes.zmax == 10
    np.testing.assert_array_equal(np.isnan(mistakes.z), np.eye(3, dtype=bool))
    np.testing.assert_array_equal(np.isnan(right.z), ~np.eye(3, dtype=bool))
    assert mistakes.z[0, 1] == 10 and mistakes.z[1, 0] == 4  # rows are digits
    shown = dict(zip(zip(text.y, text.x, strict=True), text.text, strict=True))
    assert shown == {("0", "0"): "90", ("0", "1"): "10", ("1", "0"): "4", ("1", "1"): "96",
                     ("2", "2"): "100"}  # fmt: skip


def test_a_matrix_without_mistakes_can_be_drawn() -> None:
    assert confusion_matrix(np.diag([3, 3])).data[0].zmax == 1
