"""A form made from a config: every field's widget, bounds and help come from its pydantic model."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, get_args, get_origin

import streamlit as st
from pydantic.fields import FieldInfo

from core.config import RunConfig, extra, parse_config
from core.errors import GlimpseError

ConfigT = TypeVar("ConfigT", bound=RunConfig)
Preset = Mapping[str, Any]

SLIDER_VALUES = 64  # an integer with at most so many values gets a slider
SEGMENTS_WIDTH = 170  # px that the choices may take to be shown side by side, not in a menu
FIELD_WIDTH = 150  # px below which the form takes fewer columns


@dataclass(frozen=True)
class _Field:
    """A field of a config, as its widget needs it."""

    name: str
    key: str  # in session state and in the URL
    info: FieldInfo

    @property
    def label(self) -> str:
        words = self.info.title or self.name.replace("_", " ").capitalize()
        unit = extra(self.info, "unit")
        return f"{words} ({unit})" if unit else words

    @property
    def choices(self) -> tuple[Any, ...]:
        return get_args(self.info.annotation) if get_origin(self.info.annotation) is Literal else ()

    @property
    def default(self) -> Any:
        """A float even where a float's default is written as 20."""
        return float(self.info.default) if self.info.annotation is float else self.info.default

    def bound(self, *names: str) -> Any:
        """The first of the named constraints (`ge`, `gt`, ...) that the field has, else None."""
        values = (getattr(rule, name, None) for rule in self.info.metadata for name in names)
        return next((value for value in values if value is not None), None)


def config_form(
    kind: type[ConfigT], method: str, presets: Mapping[str, Preset] | None = None
) -> ConfigT | None:
    """Draws the widgets of a config and returns it, or says why it cannot be used: then None.

    The widgets live in the URL as `<method>_<field>`, so that settings can be linked to; a value
    from there that is out of bounds is clamped, and the form says so.
    """
    fields = _fields(kind, method)
    for sentence in _take_from_url(fields):
        st.warning(sentence, icon=":material/straighten:")
    if presets:
        _preset_picker(fields, presets, method)
    values = _widgets(field for field in fields if not extra(field.info, "rare"))
    with st.expander("More"):
        values |= _widgets(field for field in fields if extra(field.info, "rare"))
    try:
        return parse_config(kind, values)
    except GlimpseError as refusal:
        st.error(str(refusal), icon=":material/error:")
        return None


def _fields(kind: type[RunConfig], method: str) -> list[_Field]:
    """The method's own fields first, then those that every run has."""
    shared = RunConfig.model_fields
    names = sorted(kind.model_fields, key=lambda name: name in shared)
    return [_Field(name, f"{method}_{name}", kind.model_fields[name]) for name in names]


def _widgets(fields: Iterable[_Field]) -> dict[str, Any]:
    with st.grid("auto", min_column_width=FIELD_WIDTH, gap="small"):
        return {field.name: _widget(field) for field in fields}


def _widget(field: _Field) -> Any:
    """The widget that fits the field's type. Its value is kept in the URL."""
    st.session_state.setdefault(field.key, field.default)
    common: dict[str, Any] = {
        "key": field.key,
        "help": field.info.description,
        "bind": "query-params" if _is_finite(st.query_params.get(field.key, "0")) else None,
    }
    if field.choices:
        return _choice(field, common)
    if field.info.annotation is bool:
        return st.toggle(field.label, **common)
    low, high = field.bound("ge", "gt"), field.bound("le", "lt")
    if field.info.annotation is int:
        if low is not None and high is not None and high - low < SLIDER_VALUES:
            return st.slider(field.label, low, high, **common)
        return st.number_input(field.label, low, high, step=_step(field.default), **common)
    if field.info.annotation is float:
        low, high = (None if bound is None else float(bound) for bound in (low, high))
        step = _step(field.default)
        return st.number_input(field.label, low, high, step=step, format="%g", **common)
    raise TypeError(f"The form has no widget for {field.name}: {field.info.annotation}.")


def _choice(field: _Field, common: dict[str, Any]) -> Any:
    if sum(8 * len(str(choice)) + 32 for choice in field.choices) <= SEGMENTS_WIDTH:
        return st.segmented_control(field.label, field.choices, required=True, **common)
    return st.selectbox(field.label, field.choices, **common)


def _step(default: float) -> Any:
    """One click changes the leading digit: 1 for 5, 100 for 500, 0.001 for 0.003."""
    if isinstance(default, int):
        return 10 ** max(0, len(str(abs(default))) - 1)
    return float(f"1e{f'{default:e}'.partition('e')[2]}") if default else 0.1


def _preset_picker(fields: list[_Field], presets: Mapping[str, Preset], method: str) -> None:
    key = f"{method}-preset"

    def apply() -> None:
        chosen = presets.get(st.session_state[key], {})
        for field in fields:
            st.session_state[field.key] = chosen.get(field.name, field.default)

    st.segmented_control("Start from", list(presets), key=key, on_change=apply)


def _take_from_url(fields: list[_Field]) -> list[str]:
    """Clamps what the URL gives before the widgets read it; a sentence for each value changed."""
    sentences = []
    for field in fields:
        given = st.query_params.get(field.key)
        if given is None or field.key in st.session_state:
            continue
        value = _clamped(field, given)
        st.session_state[field.key] = value
        if not _same(value, given):
            sentences.append(f"{field.label} {given[:40]!r} in the address became {value}.")
    return sentences


def _clamped(field: _Field, given: str) -> Any:
    """The nearest value that the field takes, its default where `given` is not of its type."""
    kind = field.info.annotation
    if field.choices:
        by_name = {str(choice): choice for choice in field.choices}
        return by_name.get(given, field.default)
    if kind is bool:
        return {"true": True, "false": False}.get(given.lower(), field.default)
    try:
        number = float(given)
    except ValueError:
        return field.default
    if not math.isfinite(number):
        return field.default
    low, high = field.bound("ge", "gt"), field.bound("le", "lt")
    number = number if high is None else min(number, high)
    number = number if low is None else max(number, low)
    return int(number) if kind is int else number


def _is_finite(given: str) -> bool:
    """False for a number that Streamlit's own reading of the URL would break on."""
    try:
        return math.isfinite(float(given))
    except ValueError:
        return True


def _same(value: Any, given: str) -> bool:
    try:
        return bool(float(given) == value)
    except ValueError:
        return str(value).lower() == given.lower()
