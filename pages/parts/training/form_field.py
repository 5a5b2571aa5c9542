"""One setting of a config as a widget, whose bounds and help come from its pydantic field."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st
from pydantic.fields import FieldInfo

from core.config import choices, metadata_of, takes_several
from pages.parts.training.own_pictures import IN_ADDRESS, may_open, place_of_pictures
from pages.parts.url_state import UrlValue, nearest_number, restore

SLIDER_VALUES = 64  # an integer with at most so many values gets a slider
SEGMENTS_WIDTH = 176  # px that the choices may take to be shown side by side, not in a menu


@dataclass(frozen=True)
class Field:
    """A field of a config and its widget, which begins with the preset's value where it has one."""

    name: str
    key: str  # in session state and in the URL
    info: FieldInfo
    settings: Mapping[str, Any]  # of the chosen preset

    @property
    def label(self) -> str:
        unit = metadata_of(self.info).unit
        words = setting_name(self.name, self.info)
        return f"{words} ({unit})" if unit else words

    @property
    def choices(self) -> tuple[Any, ...]:
        return choices(self.info)

    @property
    def takes_several(self) -> bool:
        return takes_several(self.info)

    @property
    def has_labels(self) -> bool:
        """Whether its choices are shown by other words than those of the config."""
        return bool(metadata_of(self.info).labels)

    def value_label(self, value: Any) -> str:
        """A value as a person writes it."""
        return value_label(value, self.info)

    @property
    def start(self) -> Any:
        """The preset's value, else the default; a float even where a float's is written as 20."""
        value = self.settings.get(self.name, self.info.default)
        return float(value) if self.info.annotation is float else value

    def bound(self, *names: str) -> Any:
        """The first of the named constraints (`ge`, `gt`, ...) that the field has, else None."""
        values = (getattr(rule, name, None) for rule in self.info.metadata for name in names)
        return next((value for value in values if value is not None), None)

    @property
    def range(self) -> str:
        """The bounds in words: 1 to 5,000."""
        low, high = self.bound("ge"), self.bound("le")
        if low is not None and high is not None:
            return f"{_plain(low)} to {_plain(high)}."
        signs = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}
        bounds = {sign: self.bound(name) for name, sign in signs.items()}
        words = ", ".join(f"{sign} {_plain(at)}" for sign, at in bounds.items() if at is not None)
        return f"{words[0].upper()}{words[1:]}." if words else ""


def setting_name(name: str, info: FieldInfo | None) -> str:
    """A config's field as a person writes it: `inner_lr` is Inner learning rate."""
    return (info and info.title) or name.replace("_", " ").capitalize()


def value_label(value: Any, info: FieldInfo | None = None) -> str:
    """A setting's value as a person writes it: on, off, 0.003, MAML, Strokes."""
    labels = metadata_of(info).labels if info else {}
    if value is None:
        return "not there"
    if value == "":
        return "none"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, (list, tuple)):
        return " ".join(value_label(each, info) for each in value)
    if labels:
        return labels.get(value, str(value).capitalize())
    return f"{value:g}" if isinstance(value, float) else str(value)


def _plain(number: float) -> str:
    """5,000 or 0.1: never 1e+06."""
    return f"{number:,}"


def standalone_widget(name: str, key: str, info: FieldInfo) -> Any:
    """The widget of a field that is in no config."""
    field = Field(name, key, info, {})
    restore_fields([field])
    return widget(field, idle=False)


def widget(field: Field, idle: bool) -> Any:
    """The widget for the field's type. Its value is in the address where it is not `start`."""
    common: dict[str, Any] = {
        "key": field.key,
        "help": field.info.description,
        "bind": "query-params",
        "disabled": idle,
    }
    if field.takes_several:
        chosen = st.pills(
            field.label, field.choices, selection_mode="multi", default=field.start, wrap=True,
            **common,
        )  # fmt: skip
        return tuple(choice for choice in field.choices if choice in chosen)
    if field.choices:
        return _choice(field, common)
    if field.info.annotation is bool:
        return st.toggle(field.label, field.start, **common)
    if metadata_of(field.info).upload:
        return place_of_pictures(field.label, **common)
    low, high = field.bound("ge", "gt"), field.bound("le", "lt")
    ranged = common | {"help": " ".join(filter(None, (field.info.description, field.range)))}
    step = metadata_of(field.info).step or _step(field.info.default)
    if field.info.annotation is int:
        if low is not None and high is not None and high - low < SLIDER_VALUES:
            return st.slider(field.label, low, high, field.start, **common)
        return st.number_input(field.label, low, high, field.start, step=step, **ranged)
    if field.info.annotation is float:
        low, high = (None if bound is None else float(bound) for bound in (low, high))
        step = float(step)
        return st.number_input(
            field.label, low, high, field.start, step=step, format="%g", **ranged
        )
    raise TypeError(f"The form has no widget for {field.name}: {field.info.annotation}.")


def _choice(field: Field, common: dict[str, Any]) -> Any:
    if field.has_labels:
        # A bound menu would write its labels into the address, which keeps the config's values.
        common = common | {"bind": None, "persist_state": "session"}
    common = common | {"format_func": field.value_label}
    if sum(8 * len(field.value_label(each)) + 32 for each in field.choices) <= SEGMENTS_WIDTH:
        chosen = st.segmented_control(
            field.label, field.choices, default=field.start, required=True, **common
        )
    else:
        start = field.choices.index(field.start)
        chosen = st.selectbox(field.label, field.choices, start, **common)
    if field.has_labels:
        _value_in_address(field).write(chosen)
    return chosen


def _step(default: float) -> Any:
    """What one click adds or takes away: 1 for 5, 100 for 500, 0.001 for 0.003.

    For 1000 it is 100, so that a click does not lead to zero.
    """
    if isinstance(default, int):
        return 10 ** max(0, len(str(max(0, abs(default) - 1))) - 1)
    return float(f"1e{f'{default:e}'.partition('e')[2]}") if default else 0.1


@dataclass(frozen=True)
class _ValueInAddress(UrlValue):
    """The value of a field in the address."""

    key: str
    label: str
    default: Any
    field: Field

    def nearest(self, given: str) -> Any:
        """The nearest value that the field takes, its default where `given` is not of its type."""
        field = self.field
        kind = field.info.annotation
        if field.takes_several:
            named = given.split()
            return [each for each in field.choices if str(each) in named] or list(field.start)
        if field.choices:
            return {str(choice): choice for choice in field.choices}.get(given, field.start)
        if kind is bool:
            return {"true": True, "false": False}.get(given.lower(), field.start)
        if metadata_of(field.info).upload:
            return given if may_open(given) else field.start
        if kind is str:
            return given[: field.bound("max_length")]
        low, high = field.bound("ge", "gt"), field.bound("le", "lt")
        number = nearest_number(
            given, -math.inf if low is None else low, math.inf if high is None else high
        )
        return field.start if number is None else kind(number)  # type: ignore[misc]

    def is_same(self, value: Any, given: str) -> bool:
        if isinstance(value, list):
            return sorted(map(str, value)) == sorted(given.split())
        if isinstance(value, float):
            return nearest_number(given, -math.inf, math.inf) == value
        return str(value).lower() == given.lower()

    def label_of(self, value: Any) -> str:
        return self.field.value_label(value)

    def sentence(self, given: str, value: Any) -> str:
        return IN_ADDRESS if metadata_of(self.field.info).upload else super().sentence(given, value)

    def given(self) -> str | None:
        if self.field.takes_several and self.key in st.query_params:
            return " ".join(st.query_params.get_all(self.key))
        return super().given()

    def write(self, value: Any) -> None:
        if self.field.takes_several:
            st.query_params[self.key] = list(map(str, value))
        else:
            super().write(value)


def restore_fields(fields: Sequence[Field]) -> None:
    """Begins the widgets of the fields with what the address says of them."""
    restore(*map(_value_in_address, fields))


def forget_in_address(field: Field) -> None:
    """Takes a field that is not shown out of the address, as Streamlit does with bound ones."""
    if field.has_labels:
        _value_in_address(field).write(field.start)


def _value_in_address(field: Field) -> _ValueInAddress:
    return _ValueInAddress(field.key, field.label, field.start, field)
