"""How the pages write of times, and what the tabs of a browser are called."""

import pytest

from pages.parts.words import duration, tab_title


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(0, "0 s"), (0.2, "under 1 s"), (0.6, "1 s"), (42.4, "42 s"), (59.7, "1 min 0 s"),
     (200, "3 min 20 s"), (7500, "2 h 5 min")],
)  # fmt: skip
def test_a_duration_is_short_and_true(seconds: float, expected: str) -> None:
    assert duration(seconds) == expected


@pytest.mark.parametrize(
    ("page", "run", "expected"),
    [("Start", None, "Glimpse"), ("Few-shot", None, "Few-shot · Glimpse"),
     ("Few-shot", "maml-20261129-120000-04d8", "Few-shot, run 04d8 · Glimpse"),
     ("Few-shot", "<script>", "Few-shot · Glimpse")],
)  # fmt: skip
def test_a_tab_is_called_after_its_page_and_run(page: str, run: str | None, expected: str) -> None:
    assert tab_title(page, run) == expected
