"""What a page shows, in its address: a link opens what was seen.

Streamlit binds a widget to the parameter of its key (`bind="query-params"`): it writes the widget's
value there, and reads it once. But it clamps in silence, and breaks on some texts. So `restore`
reads the address before the widgets do. A value that cannot be used becomes the nearest that can;
the address says so at once, and so does the page.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

WARNINGS = "url-warnings"  # in session state: what was changed in the address, by parameter
HELD = "url-warnings-held"  # in session state, see `hold_warnings`
SHOWN_LETTERS = 40  # of a text from the address


class UrlValue(ABC):
    """One bound widget: its key in session state and in the address, and the values it can have."""

    key: str
    label: str
    default: Any  # where the address gives none

    @abstractmethod
    def nearest(self, given: str) -> Any:
        """The value that is nearest to a text; the default where it makes no sense."""

    def text(self, value: Any) -> str:
        """A value as it stands in the address."""
        return str(value)

    def is_same(self, value: Any, given: str) -> bool:
        """Whether Streamlit will read this value in a text."""
        return self.text(value) == given

    def label_of(self, value: Any) -> str:
        """A value as a person says it."""
        return self.text(value)

    def sentence(self, given: str, value: Any) -> str:
        """What became of a text in the address that could not be used; empty for nothing to say."""
        return f"{self.label} {_shown(given)} in the address became {self.label_of(value)}."

    def given(self) -> str | None:
        """The text in the address; None where the parameter is not there."""
        return st.query_params.get(self.key)

    def current(self) -> Any:
        """The value in the session; before there is one, what the address gives."""
        if self.key in st.session_state:
            return st.session_state[self.key]
        given = self.given()
        return self.default if given is None else self.nearest(given)

    def write(self, value: Any) -> None:
        """Puts a value into the address. A default is left out, as Streamlit does."""
        write(self.key, "" if value == self.default else self.text(value))


@dataclass(frozen=True)
class Number(UrlValue):
    """A number from `low` to `high`, of the type of its default, rounded to `digits`."""

    key: str
    label: str
    default: float
    low: float
    high: float
    digits: int | None = None

    def nearest(self, given: str) -> float:
        number = nearest_number(given, self.low, self.high)
        if number is None:
            return self.default
        rounded = number if self.digits is None else round(number, self.digits)
        return type(self.default)(rounded)

    def is_same(self, value: float, given: str) -> bool:
        return str(value) == given or (isinstance(value, float) and _number(given) == value)

    def label_of(self, value: float) -> str:
        return f"{value:g}"


@dataclass(frozen=True)
class Step(UrlValue):
    """One of some ascending steps."""

    key: str
    label: str
    default: int
    steps: Sequence[int]

    def nearest(self, given: str) -> int:
        number = nearest_number(given, self.steps[0], self.steps[-1])
        asked = self.default if number is None else number
        return min(self.steps, key=lambda step: abs(step - asked))


@dataclass(frozen=True)
class Choice(UrlValue):
    """One of some options; `names` has further spellings of them, for old links."""

    key: str
    label: str
    default: str | None
    options: Sequence[str]
    names: Mapping[str, str] = field(default_factory=dict)

    def nearest(self, given: str) -> str | None:
        named = self.names.get(given, given)
        return named if named in self.options else self.default

    def sentence(self, given: str, value: str | None) -> str:
        if value is not None:
            return super().sentence(given, value)
        return f"{self.label} {_shown(given)} in the address is none of {', '.join(self.options)}."


@dataclass(frozen=True)
class Switch(UrlValue):
    """On or off."""

    key: str
    label: str
    default: bool

    def nearest(self, given: str) -> bool:
        return {"true": True, "false": False}.get(given.lower(), self.default)

    def text(self, value: bool) -> str:
        return str(value).lower()


def restore(*values: UrlValue) -> None:
    """Begins the widgets that are not in the session yet with what the address says of them.

    Call it before they are drawn. Where the address has to be corrected, the page runs again from
    the top with the corrected one, and says here what was changed.
    """
    is_corrected = False
    for value in values:
        if value.key not in st.session_state:
            is_corrected |= _restore(value)
    if is_corrected:
        st.rerun()
    # Drawn even without warnings: a widget that moves to another place loses its parameter.
    place = st.container()
    warnings = st.session_state.get(WARNINGS, {})
    sentences = [warnings[value.key] for value in values if value.key in warnings]
    if sentences:
        with place:
            say(" ".join(sentences))


def _restore(value: UrlValue) -> bool:
    """Takes the value of the address into the session; or corrects the address, and says so."""
    given = value.given()
    nearest = value.default if given is None else value.nearest(given)
    if given is None or value.is_same(nearest, given):
        st.session_state[value.key] = nearest
        return False
    value.write(nearest)
    sentence = value.sentence(given, nearest)
    if sentence:
        keep_warning(value.key, sentence)
    return True


def keep_warning(key: str, sentence: str) -> None:
    """Has `restore` say a sentence at the value `key`, even where the page runs again before."""
    warnings = st.session_state.setdefault(WARNINGS, {})
    warnings[key] = f"{warnings[key]} {sentence}" if key in warnings else sentence


def hold_warnings() -> None:
    """Has the next run of the page say them again: it follows by itself, before they are read."""
    st.session_state[HELD] = True


def forget_warnings() -> None:
    """Ends a run of the app: changes in the address have been shown."""
    if not st.session_state.pop(HELD, False):
        st.session_state.pop(WARNINGS, None)


def say(sentence: str) -> None:
    """Warns of something in the address."""
    st.warning(sentence, icon=":material/straighten:")


def write(parameter: str, text: str) -> None:
    """Puts a text that no widget is bound to into the address, or takes it out where it is empty.

    Each write is a message to the browser, so nothing is written twice.
    """
    if text and st.query_params.get(parameter) != text:
        st.query_params[parameter] = text
    elif not text and parameter in st.query_params:
        del st.query_params[parameter]


def nearest_number(given: str, low: float, high: float) -> float | None:
    """The number within the bounds that is nearest to the one given; None where none is."""
    number = _number(given)
    return min(max(number, low), high) if math.isfinite(number) else None


def _shown(given: str) -> str:
    return repr(given[:SHOWN_LETTERS])


def _number(given: str) -> float:
    """NaN for what is none."""
    try:
        return float(given)
    except ValueError:
        return math.nan
