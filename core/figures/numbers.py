"""Numbers as figures and sentences write them."""

import numpy as np

MOST_DIGITS = 6  # after the point
# Of a logarithmic axis. Without a format Plotly writes the ticks between two powers of ten as their
# first digit alone: 5, 4, 3, 2, 1, 9, 8.
LOG_TICKS, LOG_HOVER = "~g", ".4~g"


def distinct_digits(value: float, whole: float, digits: int) -> str:
    """`value` with `digits` after the point, or more where it would read as 0 or as `whole`.

    With one digit, 99.96 of 100 is 99.96, not 100.0.
    """
    for enough in range(digits, MOST_DIGITS + 1):
        if round(value, enough) not in (0, whole):
            return f"{value:.{enough}f}"
    return f"{value:.{digits}f}"


def two_digits(value: float) -> str:
    """Two significant digits: 0.0063, 0.66 and 12."""
    return np.format_float_positional(value, precision=2, fractional=False, trim="-")


def log_ticks(low: float, high: float) -> np.ndarray:
    """Ticks (K,) of a logarithmic scale from `low` to `high`, at least two: 0.1, 0.2, 0.5, 1, ...

    More digits where the scale is short, and its ends and middle where it is shorter still.
    """
    powers = 10.0 ** np.arange(np.floor(np.log10(low)), np.ceil(np.log10(high)) + 1)
    for digits in ((1, 2, 5), range(1, 10)):
        ticks = np.outer(powers, digits).ravel()
        within = ticks[(ticks >= low) & (ticks <= high)]
        if len(within) >= 2:
            return within
    return np.linspace(low, high, 3)
