"""What the curve pad makes of messages that its own browser side would never send."""

import numpy as np
import pytest

from pages.parts.components.curve_pad.curve_pad import MOST, _after_message, _Kept, decode_points

BOUNDS = ((-5.0, 5.0), (-6.0, 6.0))
GOOD = [[1.5, -2.0], [-5, 6]]
KEPT = _Kept(3, 7, np.array([[0.5, 0.25]]))


def test_points_come_as_pairs_of_x_and_y() -> None:
    decoded = decode_points(GOOD, BOUNDS)
    assert decoded is not None
    np.testing.assert_array_equal(decoded, [[1.5, -2.0], [-5.0, 6.0]])
    none = decode_points([], BOUNDS)
    assert none is not None
    assert none.shape == (0, 2)


@pytest.mark.parametrize(
    "points",
    [
        None,
        "[[1, 2]]",
        {"0": [1, 2]},
        [1.0, 2.0],
        [[1.0]],
        [[1.0, 2.0, 3.0]],
        [["1", 2.0]],
        [[True, 2.0]],
        [[None, 2.0]],
        [[float("nan"), 2.0]],
        [[float("inf"), 2.0]],
        [[10**400, 2.0]],
        [[5.01, 0.0]],
        [[0.0, -6.01]],
        [[0.0, 0.0]] * (MOST + 1),
    ],
)
def test_what_cannot_be_points_changes_nothing(points: object) -> None:
    assert decode_points(points, BOUNDS) is None
    assert _after_message(KEPT, {"revision": 3, "edit": 8, "points": points}, BOUNDS) is KEPT


@pytest.mark.parametrize("edit", [None, -1, 2**53, 1.5, True, "8", [8]])
def test_an_edit_that_is_no_count_changes_nothing(edit: object) -> None:
    assert _after_message(KEPT, {"revision": 3, "edit": edit, "points": GOOD}, BOUNDS) is KEPT


@pytest.mark.parametrize("message", [None, 7, [], GOOD, {"edit": 8, "points": GOOD}])
def test_no_message_of_the_pad_changes_nothing(message: object) -> None:
    assert _after_message(KEPT, message, BOUNDS) is KEPT


def test_points_moved_before_new_ones_arrived_are_forgotten() -> None:
    assert _after_message(KEPT, {"revision": 2, "edit": 8, "points": GOOD}, BOUNDS) is KEPT
    after = _after_message(KEPT, {"revision": 3, "edit": 8, "points": GOOD}, BOUNDS)
    assert (after.revision, after.edit) == (3, 8)
    np.testing.assert_array_equal(after.points, GOOD)
