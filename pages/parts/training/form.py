"""A form made from a config, whose pydantic model has each widget's bounds and help."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import streamlit as st

from core.config import RunConfig, has_effect, metadata_of, parse_config, with_names
from core.errors import GlimpseError
from pages.parts.plain_text import plain
from pages.parts.training.form_field import (
    Field,
    forget_in_address,
    restore_fields,
    setting_name,
    widget,
)
from pages.parts.training.own_pictures import show_pictures
from pages.parts.url_state import Choice, restore

ConfigT = TypeVar("ConfigT", bound=RunConfig)

ANY_PLACE = "/"  # stands for a place of pictures; nothing is read from it
ASK_FOR_PICTURES = "Choose your pictures above: then a run on them can be started."
FIELD_WIDTH = 150  # px below which the form takes fewer columns


@dataclass(frozen=True)
class Preset:
    """Settings to start from, as far as they differ from the defaults, and what to look for.

    A preset that compares two runs has a `rival`: the settings of the second run, again as far as
    they differ from the defaults. It trains for as many steps as the first.
    """

    settings: Mapping[str, Any]
    lesson: str
    rival: Mapping[str, Any] | None = None

    def rival_of(self, config: ConfigT) -> ConfigT | None:
        """The second run's config: as `config` but for the settings of `settings` and `rival`.

        None where there is no second run, or it would be the same. Raises GlimpseError for settings
        that do not go together.
        """
        if self.rival is None:
            return None
        kind = type(config)
        subject = {*self.settings, *self.rival} - {"steps"}
        changed = {name: self.rival.get(name, kind.model_fields[name].default) for name in subject}
        rival = parse_config(kind, config.model_dump() | changed)
        return None if rival == config else rival


def config_form(
    kind: type[ConfigT],
    method: str,
    presets: Mapping[str, Preset] | None = None,
    idle: Iterable[str] = (),
) -> ConfigT | None:
    """Draws the widgets of a config and returns it; None, and the reason, where it cannot be used.

    The settings are in the address as `<method>_<field>`, so that they can be linked to; a value
    there that is out of bounds is clamped, and the form says so. `idle` fields are shown but cannot
    be changed; what is in them has no effect, and the config has their lowest value.
    """
    preset = _preset_picker(kind, method, presets) if presets else None
    lesson = st.container(gap="xxsmall")
    fields = _fields(kind, method, preset)
    restore_fields(fields)
    values = _widgets((field for field in fields if not metadata_of(field.info).rare), idle, {})
    with st.expander("More"):
        values |= _widgets(
            (field for field in fields if metadata_of(field.info).rare), idle, values
        )
    if preset is not None:
        with lesson:
            changes = [
                f"{field.label.lower()} {field.value_label(values[field.name])} "
                f"(was {field.value_label(field.start)})"
                for field in fields
                if field.name not in idle and values[field.name] != field.start
            ]
            _lesson(preset, changes, partial(_begin_with, kind, method, preset))
    values |= {field.name: field.bound("ge") for field in fields if field.name in idle}
    try:
        config = parse_config(kind, values)
        show_pictures(config)
        return config
    except GlimpseError as refusal:
        if _awaits_pictures(kind, values):
            st.info(ASK_FOR_PICTURES, icon=":material/add_photo_alternate:")
        else:
            st.error(plain(in_labels(refusal, kind)), icon=":material/error:")
        return None


def in_labels(refusal: GlimpseError, kind: type[RunConfig]) -> str:
    """A refusal that calls settings by their labels."""
    fields = kind.model_fields
    return with_names(str(refusal), fields, lambda name: setting_name(name, fields[name]))


def _awaits_pictures(kind: type[RunConfig], values: Mapping[str, Any]) -> bool:
    """Whether nothing is missing but the place of a person's own pictures, not yet given."""
    missing = [
        name
        for name, info in kind.model_fields.items()
        if metadata_of(info).upload and has_effect(info, values) and not values[name]
    ]
    try:
        parse_config(kind, {**values, **dict.fromkeys(missing, ANY_PLACE)})
    except GlimpseError:
        return False
    return bool(missing)


def set_in_form(method: str, values: Mapping[str, Any]) -> None:
    """Puts values into the form of a method, before it is drawn, as by hand."""
    for name, value in values.items():
        st.session_state[_key(method, name)] = value


def one_of(
    label: str, options: Sequence[str], key: str, default: str | None, **more: Any
) -> str | None:
    """A choice between options side by side, which is kept in the address."""
    restore(Choice(key, label, default, options))
    chosen = st.segmented_control(
        label, options, default=default, required=True, key=key, bind="query-params", **more
    )
    return chosen or default


def chosen_preset(method: str, presets: Mapping[str, Preset] | None) -> Preset | None:
    """The preset that the form of a method starts from, once its picker is drawn."""
    return presets.get(st.session_state[f"{method}-preset"]) if presets else None


def _fields(kind: type[RunConfig], method: str, preset: Preset | None) -> list[Field]:
    """The method's own fields first, then those that every run has."""
    shared = RunConfig.model_fields
    names = sorted(kind.model_fields, key=lambda name: name in shared)
    settings = preset.settings if preset else {}
    return [Field(name, _key(method, name), kind.model_fields[name], settings) for name in names]


def _key(method: str, name: str) -> str:
    """The key of a field's widget, in session state and in the address."""
    return f"{method}_{name}"


def _widgets(
    fields: Iterable[Field], idle: Iterable[str], known: Mapping[str, Any]
) -> dict[str, Any]:
    """The values of the fields.

    A field that matters only with certain values of others, here or in `known`, is left out
    without them, and has its default.
    """
    values: dict[str, Any] = {}
    grid = st.grid("auto", min_column_width=FIELD_WIDTH, gap="small")
    for field in fields:
        if not has_effect(field.info, {**known, **values}):
            values[field.name] = field.info.default
            forget_in_address(field)
            continue
        is_wide = field.takes_several or metadata_of(field.info).upload
        with grid.cell(column_span="all" if is_wide else 1):
            values[field.name] = widget(field, field.name in idle)
    return values


def _preset_picker(
    kind: type[RunConfig], method: str, presets: Mapping[str, Preset]
) -> Preset | None:
    """The choice of a preset; at first the one that changes nothing, if there is one."""
    key = f"{method}-preset"

    def begin() -> None:
        preset = presets.get(st.session_state[key])
        if preset is not None:  # the page has no way to choose none
            _begin_with(kind, method, preset)

    chosen = one_of(
        "Start from",
        list(presets),
        key,
        next((name for name, preset in presets.items() if not preset.settings), None),
        on_change=begin,
    )
    return None if chosen is None else presets[chosen]


def _begin_with(kind: type[RunConfig], method: str, preset: Preset) -> None:
    for field in _fields(kind, method, preset):
        st.session_state[field.key] = field.start


def _lesson(preset: Preset, changes: list[str], undo: Callable[[], None]) -> None:
    """Shows what to look for, and which settings were changed after the preset was chosen."""
    st.markdown(f":material/lightbulb: {preset.lesson}")
    if changes:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.caption(f"Changed since: {', '.join(changes)}", width="content")
            st.button("Undo", icon=":material/undo:", type="tertiary", on_click=undo)
