"""The one definition of a method's settings.

A frozen pydantic model per method carries each field's default, bounds, unit and help. The
command line's flags, the page's widgets, the validation and `run.json` all come from it.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any, Literal, TypeVar, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo

from core.errors import GlimpseError


@dataclass(frozen=True)
class SettingMetadata:
    """What the form and the flags need to know of a setting beyond its pydantic field."""

    rare: bool = False  # shown under *More*
    unit: str = ""  # shown behind the label and in --help
    step: float | None = None  # of the plus and minus buttons; None: derived from the default
    only_with: Mapping[str, Any] = dataclass_field(default_factory=dict)  # see `setting`
    upload: bool = False  # offer a file upload beside the text field
    labels: Mapping[Any, str] = dataclass_field(default_factory=dict)  # of choices, in the form


def setting(
    default: Any,
    *,
    description: str,
    title: str | None = None,
    ge: float | None = None,
    gt: float | None = None,
    le: float | None = None,
    lt: float | None = None,
    max_length: int | None = None,
    rare: bool = False,
    unit: str = "",
    step: float | None = None,
    only_with: Mapping[str, Any] | None = None,
    upload: bool = False,
    labels: Mapping[Any, str] | None = None,
) -> Any:
    """A field of a config: pydantic's `Field` with a `SettingMetadata`.

    `only_with` maps other settings to the value at which this one has an effect, or to a tuple of
    such values; the form hides it otherwise. `labels` are the choices as people write them, for the
    form; addresses, flags and configs keep the choices themselves.
    """
    info: FieldInfo = Field(
        default,
        title=title,
        description=description,
        ge=ge,
        gt=gt,
        le=le,
        lt=lt,
        max_length=max_length,
    )
    info.metadata.append(SettingMetadata(rare, unit, step, only_with or {}, upload, labels or {}))
    return info


def metadata_of(field: FieldInfo) -> SettingMetadata:
    """The metadata of a field made by `setting`; the defaults for any other field."""
    own = (each for each in field.metadata if isinstance(each, SettingMetadata))
    return next(own, SettingMetadata())


def has_effect(field: FieldInfo, values: Mapping[str, Any]) -> bool:
    """Whether a setting does anything beside these values of others."""
    return all(
        values.get(name) in (wanted if isinstance(wanted, tuple) else (wanted,))
        for name, wanted in metadata_of(field).only_with.items()
    )


MOST_STEPS = 1_000_000


class RunConfig(BaseModel):
    """The settings that every run has."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    steps: int = setting(
        1000, ge=1, le=MOST_STEPS, description="Total number of optimisation steps."
    )
    eval_every: int = setting(100, ge=1, description="Steps between two evaluations.", rare=True)
    snapshot_every: int = setting(
        50, ge=1, description="Steps between two snapshots for the live view.", rare=True
    )
    checkpoint_every: int = setting(
        100,
        ge=1,
        description="Steps between two checkpoints. A run resumes from the newest.",
        rare=True,
    )
    seed: int = setting(
        0,
        ge=0,
        le=2**31 - 1,
        description="Two runs with the same seed, machine and number of threads are identical.",
    )
    device: Literal["auto", "cpu", "cuda"] = setting(
        "auto",
        description="auto uses a GPU if there is one.",
        rare=True,
        labels={"cpu": "CPU", "cuda": "CUDA"},
    )

    @property
    def most_steps(self) -> int:
        """The most steps that a run with these settings can have."""
        return MOST_STEPS

    @property
    def shardable_items(self) -> int:
        """Tasks or pictures of a step that several processes can share, 0 where they cannot.

        See `core.distributed`.
        """
        return 0


ConfigT = TypeVar("ConfigT", bound=RunConfig)


def parse_config(kind: type[ConfigT], values: dict[str, Any]) -> ConfigT:
    """Builds a config. Raises GlimpseError with a sentence that names field, value and bound."""
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        if not first["loc"]:  # from a validator of several fields, which names them itself
            raise GlimpseError(_sentence(first["msg"])) from error
        field = ".".join(str(part) for part in first["loc"])
        shown = "" if first["type"] in ("missing", "extra_forbidden") else f" {first['input']!r}"
        raise GlimpseError(f"{field}{shown} cannot be used: {_reason(first['msg'])}.") from error


def with_names(sentence: str, settings: Iterable[str], name: Callable[[str], str]) -> str:
    """A refusal that calls settings as its reader knows them: by a flag, or by a label.

    Those of several words are told by their underscores; one of a single word, which may be an
    English one, only where the sentence begins with it.
    """
    words = sorted(settings, key=len, reverse=True)
    anywhere = "|".join(each for each in words if "_" in each) or "(?!)"
    found = rf"^({'|'.join(words)})(?= )|(?<![\w/.-])({anywhere})(?![\w/.-])"
    return re.sub(found, lambda match: name(match[0]), sentence)


def _sentence(message: str) -> str:
    message = message.removeprefix("Value error, ")
    return f"{message[0].upper()}{message[1:]}."


def _reason(message: str) -> str:
    message = message.removeprefix("Value error, ")
    return message[0].lower() + message[1:]


def choices(field: FieldInfo) -> tuple[Any, ...]:
    """The values that a field's Literal allows; empty for a field without one."""
    kinds = [field.annotation, *get_args(field.annotation)]
    return next((get_args(kind) for kind in kinds if get_origin(kind) is Literal), ())


def takes_several(field: FieldInfo) -> bool:
    """Whether a field's value is a tuple of its choices, rather than one of them."""
    return get_origin(field.annotation) is tuple
