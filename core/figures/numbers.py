"""Numbers as figures and sentences write them."""

import numpy as np

MOST_DIGITS = 6  # after the point


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
