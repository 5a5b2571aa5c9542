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
    value = type(default)(_nearest(given, default, low, high))
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


def _nearest(given: str | None, default: float, low: float, high: float) -> float:
    number = _number(given or "")
    return min(max(number, low), high) if math.isfinite(number) else default


def _number(given: str) -> float:
    """NaN for what is none."""
    try:
        return float(given)
    except ValueError:
        return math.nan
