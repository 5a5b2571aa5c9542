"""The one definition of a method's settings.

A frozen pydantic model per method carries each field's default, bounds, unit and help. The
command line's flags, the page's widgets, the validation and `run.json` all come from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any, Literal, TypeVar, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo

from core.errors import GlimpseError


@dataclass(frozen=True)
class SettingMetadata:
    """What a setting tells the form and the flags beyond pydantic's own bounds and texts."""

    rare: bool = False  # shown under *More*
    unit: str = ""  # behind the label and in --help
    step: float | None = None  # of one click, in place of the one that follows from the default
    only_with: Mapping[str, Any] = dataclass_field(default_factory=dict)  # other settings' values
    upload: bool = False  # the form offers an upload beside the text
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
    """A config's field: pydantic's `Field` with the `SettingMetadata` that belong to it.

    `only_with` names settings and the values that they must have for this one to matter. `labels`
    says how people write a choice; the address, flags and configs keep the choice itself.
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
    """The metadata of a field made by `setting`, the defaults for any other."""
    own = (each for each in field.metadata if isinstance(each, SettingMetadata))
    return next(own, SettingMetadata())


class RunConfig(BaseModel):
    """What every run has, whatever it trains."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    steps: int = setting(1000, ge=1, le=1_000_000, description="Optimisation steps in all.")
    eval_every: int = setting(100, ge=1, description="Steps between two evaluations.", rare=True)
    snapshot_every: int = setting(
        50, ge=1, description="Steps between two pictures of the run.", rare=True
    )
    checkpoint_every: int = setting(
        100, ge=1, description="Steps between two checkpoints, from which a run resumes.", rare=True
    )
    seed: int = setting(
        0, ge=0, le=2**31 - 1, description="Same seed, same machine, same threads: same run."
    )
    device: Literal["auto", "cpu", "cuda"] = setting(
        "auto", description="auto takes a GPU where there is one.", rare=True
    )

    @property
    def shardable_items(self) -> int:
        """Tasks or pictures of a step that processes can share (see `core.distributed`), or 0."""
        return 0


ConfigT = TypeVar("ConfigT", bound=RunConfig)


def parse_config(kind: type[ConfigT], values: dict[str, Any]) -> ConfigT:
    """Builds a config, or raises GlimpseError in a sentence that names field, value and bound."""
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        if not first["loc"]:  # fields that do not go together: the validator says which
            raise GlimpseError(_sentence(first["msg"])) from error
        field = ".".join(str(part) for part in first["loc"])
        shown = "" if first["type"] in ("missing", "extra_forbidden") else f" {first['input']!r}"
        raise GlimpseError(f"{field}{shown} cannot be used: {_reason(first['msg'])}.") from error


def _sentence(message: str) -> str:
    message = message.removeprefix("Value error, ")
    return f"{message[0].upper()}{message[1:]}."


def _reason(message: str) -> str:
    message = message.removeprefix("Value error, ")
    return message[0].lower() + message[1:]


def choices(field: FieldInfo) -> tuple[Any, ...]:
    """What a field can be chosen from, one or several of them; empty where it is no choice."""
    kinds = [field.annotation, *get_args(field.annotation)]
    return next((get_args(kind) for kind in kinds if get_origin(kind) is Literal), ())


def takes_several(field: FieldInfo) -> bool:
    """Whether a field's value is a tuple of its choices."""
    return get_origin(field.annotation) is tuple
