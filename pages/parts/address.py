"""Numbers and choices that begin with what the address says."""

import math

import streamlit as st


def begin_number(key: str, label: str, default: float, low: float, high: float) -> None:
    """Puts the number nearest to the address's into the session, and says so where it is another.

    It has the type of `default`, and is that where the address gives none.
    """
    if key in st.session_state:
        return
    given = st.query_params.get(key)
    nearest = nearest_number(given, low, high)
    value = default if nearest is None else type(default)(nearest)
    st.session_state[key] = value
    if given is not None and _number(given) != value:
        say_changed(label, given, f"{value:g}")


def begin_choice(key: str, label: str, options: list[str], default: str) -> None:
    """Puts the choice of the address into the session, the default where it is none of them."""
    if key in st.session_state:
        return
    given = st.query_params.get(key)
    st.session_state[key] = given if given in options else default
    if given is not None and given not in options:
        say_changed(label, given, default)


def say_changed(label: str, given: str, value: str) -> None:
    st.warning(
        f"{label} {given[:40]!r} in the address became {value}.", icon=":material/straighten:"
    )


def is_readable(key: str) -> bool:
    """False for what Streamlit's own reading of the address would break on, or take for nothing."""
    given = st.query_params.get(key, "0")
    return given != "" and not math.isinf(_number(given))


def nearest_number(given: str | None, low: float, high: float) -> float | None:
    """The number within the bounds that is nearest to the one given; None where none is."""
    number = _number(given or "")
    return min(max(number, low), high) if math.isfinite(number) else None


def _number(given: str) -> float:
    """NaN for what is none."""
    try:
        return float(given)
    except ValueError:
        return math.nan
