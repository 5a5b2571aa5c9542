"""How the pages write of times: no time that passed is 0 s."""

import pytest

from pages.parts.words import duration


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(0, "0 s"), (0.2, "under 1 s"), (0.6, "1 s"), (42.4, "42 s"), (59.7, "1 min 0 s"),
     (200, "3 min 20 s"), (7500, "2 h 5 min")],
)  # fmt: skip
def test_a_duration_is_short_and_true(seconds: float, expected: str) -> None:
    assert duration(seconds) == expected
