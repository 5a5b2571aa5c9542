"""A config as command-line flags and back: one flag per field."""

import argparse
import shlex
from types import NoneType
from typing import Any

from annotated_types import Ge, Gt, Le, Lt
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from core.config import RunConfig, choices, metadata_of, takes_several

_SIGNS = {Ge: "at least", Gt: "more than", Le: "at most", Lt: "less than"}
STOP_AT = "stop_at"  # a flag of the command, not of a config
_LIMITS = {Ge: "ge", Gt: "gt", Le: "le", Lt: "lt"}


def add_flags(parser: argparse.ArgumentParser, kind: type[RunConfig]) -> None:
    """Adds a flag per field, with help, unit, bounds and default. pydantic validates the values."""
    for name, field in kind.model_fields.items():
        options: dict[str, Any] = {"dest": name, "default": argparse.SUPPRESS}
        options["help"] = _help(field).replace("%", "%%")
        if field.annotation is bool:
            options["action"] = argparse.BooleanOptionalAction
        elif offered := choices(field):
            options["choices"] = offered
            options["type"] = type(offered[0])
            if takes_several(field):
                options["nargs"] = "+"
        else:
            options["metavar"] = "NUMBER" if field.annotation in (int, float) else "TEXT"
        parser.add_argument(flag(name), **options)


def command_line(method: str, config: RunConfig, stop_at: int | None = None) -> str:
    """The command that trains with this config, to `stop_at` where that is before the last step.

    Fields at their default are left out.
    """
    words = [f"python -m core train {method}"]
    for name, field in type(config).model_fields.items():
        value = getattr(config, name)
        if value == field.default:
            continue
        if isinstance(value, bool):
            words.append(flag(name) if value else f"--no-{flag(name)[2:]}")
        else:
            words.append(f"{flag(name)} {_typed(value)}")
    if stop_at is not None and 0 < stop_at < config.steps:
        words.append(f"{flag(STOP_AT)} {stop_at}")
    return " ".join(words)


def flag(name: str) -> str:
    """`n_way` as `--n-way`."""
    return "--" + name.replace("_", "-")


def _typed(value: Any) -> str:
    """A value as it is typed after its flag."""
    values = value if isinstance(value, tuple) else (value,)
    return " ".join(shlex.quote(str(each)) for each in values)


def _help(field: FieldInfo) -> str:
    bounds = [
        f"{_SIGNS[type(limit)]} {getattr(limit, _LIMITS[type(limit)])}"
        for limit in field.metadata
        if type(limit) in _SIGNS
    ]
    unit = metadata_of(field).unit
    facts = [unit, *bounds] if unit else bounds
    if field.default not in (None, PydanticUndefined, NoneType):
        facts.append(f"default {_typed(field.default)}")
    return f"{field.description} ({', '.join(facts)})"
