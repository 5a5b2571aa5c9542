"""The one definition of a method's settings.

A frozen pydantic model per method carries each field's default, bounds, unit and help. The
command line's flags, the page's widgets, the validation and `run.json` all come from it.
"""

from typing import Any, Literal, TypeVar, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo

from core.errors import GlimpseError


class RunConfig(BaseModel):
    """What every run has, whatever it trains."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    steps: int = Field(1000, ge=1, le=1_000_000, description="Optimisation steps in all.")
    eval_every: int = Field(
        100, ge=1, description="Steps between two evaluations.", json_schema_extra={"rare": True}
    )
    snapshot_every: int = Field(
        50,
        ge=1,
        description="Steps between two pictures of the run.",
        json_schema_extra={"rare": True},
    )
    checkpoint_every: int = Field(
        100,
        ge=1,
        description="Steps between two checkpoints, from which a run resumes.",
        json_schema_extra={"rare": True},
    )
    seed: int = Field(
        0, ge=0, le=2**31 - 1, description="Same seed, same machine, same threads: same run."
    )
    device: Literal["auto", "cpu", "cuda"] = Field(
        "auto", description="auto takes a GPU where there is one.", json_schema_extra={"rare": True}
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


def extra(field: FieldInfo, name: str) -> Any:
    """What a field says of itself beyond pydantic: `unit`, `rare` (shown under *More*), ..."""
    given = field.json_schema_extra
    return given.get(name) if isinstance(given, dict) else None


def choices(field: FieldInfo) -> tuple[Any, ...]:
    """What a field can be chosen from, one or several of them; empty where it is no choice."""
    kinds = [field.annotation, *get_args(field.annotation)]
    return next((get_args(kind) for kind in kinds if get_origin(kind) is Literal), ())


def takes_several(field: FieldInfo) -> bool:
    """Whether a field's value is a tuple of its choices."""
    return get_origin(field.annotation) is tuple
