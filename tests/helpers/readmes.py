"""The READMEs, and the numbers in their texts and tables."""

import re

from core.paths import PROJECT

README, BENCHMARKS = (
    (PROJECT / place).read_text() for place in ("README.md", "tests/benchmarks/README.md")
)
ROUNDED = 0.006  # of per cent: cards have four digits after the point


def row(text: str, command: str) -> str:
    """The row of a table with a command."""
    (found,) = [
        line for line in text.splitlines() if f"`python -m core evaluate {command}`" in line
    ]
    return found


def with_intervals(text: str) -> list[tuple[str, str]]:
    """All 98.7 ± 0.2 in a text."""
    return re.findall(r"([\d.]+) ± ([\d.]+)", text)


def agrees(shown: str, exact: float) -> bool:
    """Whether a number is `exact` with the digits that it shows."""
    digits = len(shown.partition(".")[2])
    return bool(abs(float(shown) - exact) <= 0.5 * 10**-digits + ROUNDED)
