"""In what two runs differ, in words, and the names that tell one from the other."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.config import RunConfig
from core.training.run_folder import RunFolder
from pages.parts.training.form_field import said, setting_name


@dataclass(frozen=True)
class Difference:
    """A setting, and what it is in each of two runs, in words."""

    setting: str
    first: str
    second: str


def differences(
    first: Mapping[str, Any], second: Mapping[str, Any], kind: type[RunConfig]
) -> list[Difference]:
    """Of two configs as run folders keep them, the method's own settings first.

    Where an older run lacks a setting of today it had the default.
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
            label = setting_name(name, fields.get(name))
            found.append(Difference(label[0].lower() + label[1:], *map(said, values)))
    return found


def in_words(found: list[Difference]) -> str:
    """They differ in order: first against second · seed: 0 against 1."""
    if not found:
        return "Both runs have the same settings."
    parts = [f"**{each.setting}**: {each.first} against {each.second}" for each in found]
    return f"They differ in {' · '.join(parts)}"


def names_of(first: RunFolder, second: RunFolder, found: list[Difference]) -> tuple[str, str]:
    """Order first and order second, say; the ends of their ids where the settings are the same."""
    if not found:
        return first.id.rpartition("-")[2], second.id.rpartition("-")[2]
    main, more = found[0], " …" if len(found) > 1 else ""
    return f"{main.setting} {main.first}{more}", f"{main.setting} {main.second}{more}"
