"""Numbers and choices that begin with what the address says."""

import math

import streamlit as st

CORRECTED = "address-corrected"  # in session state: keys whose value is another than the address's


def begin_number(key: str, label: str, default: float, low: float, high: float) -> None:
    """Puts the number nearest to the address's into the session, and says so where it is another.

    It has the type of `default`, and is that where the address gives none.
    """
    if restore_from_session(key):
        return
    given = st.query_params.get(key)
    nearest = nearest_number(given, low, high)
    value = default if nearest is None else type(default)(nearest)
    st.session_state[key] = value
    if given is not None and _number(given) != value:
        correct(key)
        say_changed(label, given, f"{value:g}")


def begin_step(key: str, label: str, default: int, steps: list[int]) -> None:
    """As `begin_number`, and of some ascending steps the nearest, which comes into the address."""
    if restore_from_session(key):
        return
    begin_number(key, label, default, steps[0], steps[-1])
    asked = st.session_state[key]
    st.session_state[key] = min(steps, key=lambda step: abs(step - asked))
    correct(key)


def begin_choice(key: str, label: str, options: list[str], default: str) -> None:
    """Puts the choice of the address into the session, the default where it is none of them."""
    if restore_from_session(key):
        return
    given = st.query_params.get(key)
    st.session_state[key] = given if given in options else default
    if given is not None and given not in options:
        correct(key)
        say_changed(label, given, default)


def restore_from_session(key: str) -> bool:
    """Whether the session has a value already, so that the address is no longer asked.

    Streamlit takes a value that it cannot use out of the address, and puts the one seen in its
    place only where that is set anew in a later run: the first one does so.
    """
    if key not in st.session_state:
        return False
    if key in st.session_state.get(CORRECTED, ()):
        st.session_state[CORRECTED].remove(key)
        st.session_state[key] = st.session_state[key]
    return True


def correct(key: str) -> None:
    """A link shall reopen what is seen, not what the address said."""
    st.session_state.setdefault(CORRECTED, set()).add(key)


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
