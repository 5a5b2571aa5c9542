"""A form made from a config: every field's widget, bounds and help come from its pydantic model."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, TypeVar, get_args, get_origin

import streamlit as st
from pydantic.fields import FieldInfo

from core.config import RunConfig, extra, parse_config
from core.errors import GlimpseError
from pages.parts.address import correct, is_begun, is_readable
from pages.parts.own_pictures import place_of_pictures, show_pictures

ConfigT = TypeVar("ConfigT", bound=RunConfig)

SLIDER_VALUES = 64  # an integer with at most so many values gets a slider
SEGMENTS_WIDTH = 170  # px that the choices may take to be shown side by side, not in a menu
FIELD_WIDTH = 150  # px below which the form takes fewer columns


@dataclass(frozen=True)
class Preset:
    """Settings to start from, those that differ from the defaults, and what to look for.

    A lesson that compares has a `rival`: the settings, again those that differ from the defaults,
    of a second run, as long as the first, to hold against it.
    """

    settings: Mapping[str, Any]
    lesson: str
    rival: Mapping[str, Any] | None = None

    def rival_of(self, config: ConfigT) -> ConfigT | None:
        """The second run's config: as `config` in all that the lesson is not about.

        None where there is no second run, or nothing is left in which it would differ. Raises
        GlimpseError for settings that do not go together.
        """
        if self.rival is None:
            return None
        kind = type(config)
        subject = {*self.settings, *self.rival} - {"steps"}
        changed = {name: self.rival.get(name, kind.model_fields[name].default) for name in subject}
        rival = parse_config(kind, config.model_dump() | changed)
        return None if rival == config else rival


@dataclass(frozen=True)
class _Field:
    """A field of a config, as its widget needs it."""

    name: str
    key: str  # in session state and in the URL
    info: FieldInfo
    preset: Preset | None  # the one that is chosen

    @property
    def label(self) -> str:
        unit = extra(self.info, "unit")
        words = setting_name(self.name, self.info)
        return f"{words} ({unit})" if unit else words

    @property
    def choices(self) -> tuple[Any, ...]:
        return get_args(self.info.annotation) if get_origin(self.info.annotation) is Literal else ()

    @property
    def start(self) -> Any:
        """The preset's value, else the default; a float even where a float's is written as 20."""
        settings = self.preset.settings if self.preset else {}
        value = settings.get(self.name, self.info.default)
        return float(value) if self.info.annotation is float else value

    def bound(self, *names: str) -> Any:
        """The first of the named constraints (`ge`, `gt`, ...) that the field has, else None."""
        values = (getattr(rule, name, None) for rule in self.info.metadata for name in names)
        return next((value for value in values if value is not None), None)


def setting_name(name: str, info: FieldInfo | None) -> str:
    """A config's field as a person says it: `inner_lr` is Inner learning rate."""
    return (info and info.title) or name.replace("_", " ").capitalize()


def said(value: Any) -> str:
    """A setting's value as a person says it: on, off, 0.003, first."""
    if value is None:
        return "not there"
    if value == "":
        return "none"
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g}" if isinstance(value, float) else str(value)


def config_form(
    kind: type[ConfigT],
    method: str,
    presets: Mapping[str, Preset] | None = None,
    idle: Iterable[str] = (),
) -> ConfigT | None:
    """Draws the widgets of a config and returns it, or says why it cannot be used: then None.

    The widgets live in the URL as `<method>_<field>`, so that settings can be linked to; a value
    from there that is out of bounds is clamped, and the form says so. Fields that are `idle` are
    seen but cannot be changed.
    """
    preset = _preset_picker(kind, method, presets) if presets else None
    lesson = st.container(gap="xxsmall")
    fields = _fields(kind, method, preset)
    for sentence in _take_from_url(fields):
        st.warning(sentence, icon=":material/straighten:")
    values = _widgets((field for field in fields if not extra(field.info, "rare")), idle, {})
    with st.expander("More"):
        values |= _widgets((field for field in fields if extra(field.info, "rare")), idle, values)
    if preset is not None:
        with lesson:
            changes = [
                f"{field.label.lower()} {said(values[field.name])} (was {said(field.start)})"
                for field in fields
                if field.name not in idle and values[field.name] != field.start
            ]
            _lesson(preset, changes, partial(_begin_with, kind, method, preset))
    try:
        config = parse_config(kind, values)
        show_pictures(config)
        return config
    except GlimpseError as refusal:
        st.error(str(refusal), icon=":material/error:")
        return None


def one_of(
    label: str, options: Sequence[str], key: str, default: str | None, **more: Any
) -> str | None:
    """A choice side by side that is kept in the URL; what is none of them there is said."""
    given = st.query_params.get(key, default)
    if given not in options and given is not None and key not in st.session_state:
        st.warning(
            f"{label}: the address says {given[:40]!r}, choose one of {', '.join(options)}.",
            icon=":material/search_off:",
        )
    chosen = st.segmented_control(
        label, options, default=default, required=True, key=key, bind="query-params", **more
    )
    return chosen or default


def setting(name: str, key: str, info: FieldInfo) -> Any:
    """The widget of a field that is in no config."""
    field = _Field(name, key, info, None)
    for sentence in _take_from_url([field]):
        st.warning(sentence, icon=":material/straighten:")
    return _widget(field, idle=False)


def chosen_preset(method: str, presets: Mapping[str, Preset] | None) -> Preset | None:
    """The preset that the form of a method starts from, once its picker is drawn."""
    return presets.get(st.session_state[f"{method}-preset"]) if presets else None


def _fields(kind: type[RunConfig], method: str, preset: Preset | None) -> list[_Field]:
    """The method's own fields first, then those that every run has."""
    shared = RunConfig.model_fields
    names = sorted(kind.model_fields, key=lambda name: name in shared)
    return [_Field(name, f"{method}_{name}", kind.model_fields[name], preset) for name in names]


def _widgets(
    fields: Iterable[_Field], idle: Iterable[str], known: Mapping[str, Any]
) -> dict[str, Any]:
    """The fields' values; those that go only with a value among these or the known are defaults
    without it.
    """
    values: dict[str, Any] = {}
    with st.grid("auto", min_column_width=FIELD_WIDTH, gap="small"):
        for field in fields:
            wanted = extra(field.info, "only_with") or {}
            fits = all({**known, **values}.get(name) == value for name, value in wanted.items())
            values[field.name] = _widget(field, field.name in idle) if fits else field.info.default
    return values


def _widget(field: _Field, idle: bool) -> Any:
    """The widget that fits the field's type. Its value is in the URL where it is not `start`."""
    common: dict[str, Any] = {
        "key": field.key,
        "help": field.info.description,
        "bind": "query-params" if is_readable(field.key) else None,
        "disabled": idle,
    }
    if field.choices:
        return _choice(field, common)
    if field.info.annotation is bool:
        return st.toggle(field.label, field.start, **common)
    if extra(field.info, "upload"):
        with st.container(gap="small"):  # one cell of the form
            return place_of_pictures(field.label, **common)
    low, high = field.bound("ge", "gt"), field.bound("le", "lt")
    step = _step(field.info.default)
    if field.info.annotation is int:
        if low is not None and high is not None and high - low < SLIDER_VALUES:
            return st.slider(field.label, low, high, field.start, **common)
        return st.number_input(field.label, low, high, field.start, step=step, **common)
    if field.info.annotation is float:
        low, high = (None if bound is None else float(bound) for bound in (low, high))
        step = float(step)
        return st.number_input(
            field.label, low, high, field.start, step=step, format="%g", **common
        )
    raise TypeError(f"The form has no widget for {field.name}: {field.info.annotation}.")


def _choice(field: _Field, common: dict[str, Any]) -> Any:
    if sum(8 * len(str(choice)) + 32 for choice in field.choices) <= SEGMENTS_WIDTH:
        return st.segmented_control(
            field.label, field.choices, default=field.start, required=True, **common
        )
    return st.selectbox(field.label, field.choices, field.choices.index(field.start), **common)


def _step(default: float) -> Any:
    """One click changes the leading digit: 1 for 5, 100 for 500, 0.001 for 0.003."""
    if isinstance(default, int):
        return 10 ** max(0, len(str(abs(default))) - 1)
    return float(f"1e{f'{default:e}'.partition('e')[2]}") if default else 0.1


def _preset_picker(
    kind: type[RunConfig], method: str, presets: Mapping[str, Preset]
) -> Preset | None:
    """What to start from; at first the preset that changes nothing, if there is one."""
    key = f"{method}-preset"
    chosen = one_of(
        "Start from",
        list(presets),
        key,
        next((name for name, preset in presets.items() if not preset.settings), None),
        on_change=lambda: _begin_with(kind, method, presets[st.session_state[key]]),
    )
    return None if chosen is None else presets[chosen]


def _begin_with(kind: type[RunConfig], method: str, preset: Preset) -> None:
    for field in _fields(kind, method, preset):
        st.session_state[field.key] = field.start


def _lesson(preset: Preset, changes: list[str], undo: Callable[[], None]) -> None:
    """What to look for, and what has been changed since: a preset stays chosen all the same."""
    st.markdown(f":material/lightbulb: {preset.lesson}")
    if changes:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.caption(f"Changed since: {', '.join(changes)}", width="content")
            st.button("Undo", icon=":material/undo:", type="tertiary", on_click=undo)


def _take_from_url(fields: list[_Field]) -> list[str]:
    """Clamps what the URL gives before the widgets read it; a sentence for each value changed."""
    sentences = []
    for field in fields:
        given = st.query_params.get(field.key)
        if is_begun(field.key) or given is None:
            continue
        value = _clamped(field, given)
        st.session_state[field.key] = value
        if not _same(value, given):
            correct(field.key)
            sentences.append(f"{field.label} {given[:40]!r} in the address became {value}.")
    return sentences


def _clamped(field: _Field, given: str) -> Any:
    """The nearest value that the field takes, its default where `given` is not of its type."""
    kind = field.info.annotation
    if field.choices:
        by_name = {str(choice): choice for choice in field.choices}
        return by_name.get(given, field.start)
    if kind is bool:
        return {"true": True, "false": False}.get(given.lower(), field.start)
    if kind is str:
        return given[: field.bound("max_length")]
    try:
        number = float(given)
    except ValueError:
        return field.start
    if not math.isfinite(number):
        return field.start
    low, high = field.bound("ge", "gt"), field.bound("le", "lt")
    number = number if high is None else min(number, high)
    number = number if low is None else max(number, low)
    return int(number) if kind is int else number


def _same(value: Any, given: str) -> bool:
    try:
        return bool(float(given) == value)
    except ValueError:
        return str(value).lower() == given.lower()
