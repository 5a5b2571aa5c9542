"""The settings in which two runs differ, and names for the two made of them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from core.config import RunConfig, parse_config
from core.errors import GlimpseError
from core.training.run_folder import RunFolder
from pages.parts.plain_text import plain
from pages.parts.training.form_field import setting_name, value_label

SHOWN_SETTINGS = 2  # in a menu


@dataclass(frozen=True)
class Difference:
    """A setting that differs, and its value in each of two runs, in words."""

    setting: str
    first: str
    second: str


def differences(
    first: Mapping[str, Any], second: Mapping[str, Any], kind: type[RunConfig]
) -> list[Difference]:
    """What differs between two configs as run folders have them, the method's own settings first.

    An older run that lacks a setting had its default.
    """
    fields = kind.model_fields
    names = sorted(
        [*fields, *({*first, *second} - {*fields})], key=RunConfig.model_fields.__contains__
    )
    found = []
    for name in names:
        default = fields[name].default if name in fields else None
        default = list(default) if isinstance(default, tuple) else default  # as JSON has it
        values = [config.get(name, default) for config in (first, second)]
        if values[0] != values[1]:
            info = fields.get(name)
            label = setting_name(name, info)
            words = (value_label(value, info) for value in values)
            found.append(Difference(label[0].lower() + label[1:], *words))
    return found


def in_short(run: RunFolder, kind: type[RunConfig]) -> str:
    """Loss SimSiam, steps 50: what a run set otherwise than usual, the first two of it.

    Empty where it set nothing, or its settings cannot be read.
    """
    return _in_short(json.dumps(run.config), kind)


@lru_cache(1000)
def _in_short(config: str, kind: type[RunConfig]) -> str:
    try:
        settings = parse_config(kind, json.loads(config)).model_dump(mode="json")
    except GlimpseError:
        return ""
    found = differences(kind().model_dump(mode="json"), settings, kind)
    shown = [f"{each.setting} {each.second}" for each in found[:SHOWN_SETTINGS]]
    return ", ".join(shown) + (", …" if len(found) > SHOWN_SETTINGS else "")


def in_words(found: list[Difference]) -> str:
    """They differ in algorithm: MAML against Reptile · seed: 0 against 1; as Markdown."""
    if not found:
        return "Both runs have the same settings."
    parts = [
        f"**{plain(each.setting)}**: {plain(each.first)} against {plain(each.second)}"
        for each in found
    ]
    return f"They differ in {' · '.join(parts)}"


def names_of(first: RunFolder, second: RunFolder, found: list[Difference]) -> tuple[str, str]:
    """Seed 0 and seed 1, say; the last digits of their ids where the settings are the same."""
    if not found:
        return first.id.rpartition("-")[2], second.id.rpartition("-")[2]
    main, more = found[0], " …" if len(found) > 1 else ""
    return f"{main.setting} {main.first}{more}", f"{main.setting} {main.second}{more}"
