"""The race by the clock as a figure: lines over seconds of training, named at their ends."""

import numpy as np
import pytest

from core.figures.race import LOOKS, Lane
from core.figures.race_clock import clock_curves

SECONDS = (10, 30, 90)
LANES = [
    Lane(title, np.array(curve), np.full(3, 0.01))
    for title, curve in (
        ("MAML", (0.61, 0.7, 0.803)), ("Reptile", (0.52, 0.66, 0.8)), ("ProtoNet", (0.8, 0.88, 0.9))
    )
]  # fmt: skip


def test_each_line_goes_over_the_seconds_and_is_named_at_its_end() -> None:
    figure = clock_curves(LANES, SECONDS, LOOKS[:3])
    lines = {trace.name: trace for trace in figure.data if trace.name}
    assert figure.layout.xaxis.type == "log"
    for lane, look in zip(LANES, LOOKS, strict=False):
        line = lines[lane.title]
        np.testing.assert_array_equal(line.x, SECONDS)
        np.testing.assert_array_equal(line.y, lane.accuracy)
        assert line.line.color == look.colour
    names = {note.text: note for note in figure.layout.annotations}
    assert set(names) == {
        "<b>MAML</b> 80.3%", "<b>Reptile</b> 80.0%", "<b>ProtoNet</b> 90.0%", "after 90 s",
    }  # fmt: skip
    for note in names.values():
        assert 10**note.x == pytest.approx(90)
    assert names["<b>MAML</b> 80.3%"].ay > names["<b>Reptile</b> 80.0%"].ay  # apart, and in order


def test_the_axis_of_accuracy_begins_below_the_lowest_line() -> None:
    low, high = clock_curves(LANES, SECONDS, LOOKS[:3]).layout.yaxis.range
    assert 0.4 <= low < 0.52 - 0.01
    assert high > 1
    just_above = [LANES[0]._replace(accuracy=np.array([0.501, 0.7, 0.8]))]
    assert clock_curves(just_above, SECONDS, LOOKS[:1]).layout.yaxis.range[0] < 0.49
