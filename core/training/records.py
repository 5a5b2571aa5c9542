"""What the files of a run folder may say. It is checked once, where it is read.

A run folder may come from anywhere, so each file has a typed model: types, ranges, finite numbers,
sizes. JSON of more than 200 levels and numbers of more than 4,300 digits are no JSON here.
"""

import os
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from core.training.files import UnusableFileError, read_regular
from core.training.status import MOST, Identifier, Seconds, Status, one_line

FORMAT = 1
FILE_BYTES = 1 << 20  # of run.json and of status.json; those of a run of ours have about 1 kB
TEXT_LENGTH = 4096  # of a setting
SHOWN_LENGTH = 40  # of a value in a sentence
KEPT = 4096  # files whose content is remembered

T = TypeVar("T")
Stamp = tuple[int, int, int, int]  # of a file: inode, size, times of change


class DamagedError(ValueError):
    """A file of a run cannot be used. The message is a clause: "its run.json is missing"."""


class NewerFormatError(DamagedError):
    """The run was made by a newer Glimpse; the message is its format."""


def _setting(value: Any) -> Any:
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, dict | list):
            raise ValueError("should be a number, a text, or a list of these")
        if isinstance(each, str) and (len(each) > TEXT_LENGTH or "\0" in each):
            raise ValueError(f"should be a text of at most {TEXT_LENGTH} characters")
        if isinstance(each, int | float) and not abs(each) < 1e300:
            raise ValueError("should be a finite number")
    return value


Setting = Annotated[Any, AfterValidator(_setting)]


class RunInfo(BaseModel):
    """`run.json`: written once, when the run is created."""

    model_config = ConfigDict(frozen=True, strict=True, allow_inf_nan=False)

    method: Identifier
    config: Annotated[dict[Identifier, Setting], Field(max_length=256)]
    created: Seconds
    stop_at: Annotated[int, Field(ge=1, le=MOST)] | None = None  # a step


class _Version(BaseModel):
    model_config = ConfigDict(strict=True)

    format: Annotated[int, Field(ge=1, le=9999)]


_STATUS = TypeAdapter(Status)


def read_info(folder: Path) -> RunInfo:
    """A run's method, config and date. Raises DamagedError where they cannot be used."""
    return _checked(folder / "run.json", _info)


def read_status(folder: Path) -> Status:
    """A run's status as its writer left it. Raises DamagedError where it cannot be used."""
    return _checked(folder / "status.json", _STATUS.validate_json)


def stamp(path: Path) -> Stamp:
    """Changes whenever the file does. Raises OSError where there is nothing."""
    found = os.lstat(path)
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _info(content: bytes) -> RunInfo:
    version = _Version.model_validate_json(content).format
    if version > FORMAT:
        raise NewerFormatError(str(version))
    return RunInfo.model_validate_json(content)


def _checked(path: Path, check: Callable[[bytes], T]) -> T:
    """What a file says. It is read again only after it was changed: pages ask at every run."""
    try:
        outcome = _outcome(path, stamp(path), check)
    except FileNotFoundError as error:
        raise DamagedError(f"its {path.name} is missing") from error
    except OSError as error:
        raise DamagedError(_unreadable(path, error)) from error
    if isinstance(outcome, DamagedError):
        raise type(outcome)(*outcome.args)
    checked: T = outcome
    return checked


@lru_cache(KEPT)
def _outcome(path: Path, _stamp: Stamp, check: Callable[[bytes], T]) -> T | DamagedError:
    try:
        return check(read_regular(path, FILE_BYTES))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        return DamagedError(f"its {path.name} is damaged, because {_clause(first)}")
    except UnusableFileError as error:
        return DamagedError(f"its {path.name} is damaged, because it is {error}")
    except NewerFormatError as error:
        return error


def _unreadable(path: Path, error: OSError) -> str:
    return f"its {path.name} cannot be read ({error.strerror or error})"


def _clause(error: ErrorDetails) -> str:
    """What is wrong: "config.lr should be a finite number, not inf"."""
    reason = error["msg"].removeprefix("Value error, ")
    if error["type"] == "json_invalid":
        return f"it is no JSON ({reason.removeprefix('Invalid JSON: ')})"
    where = ".".join(one_line(str(part))[:SHOWN_LENGTH] for part in error["loc"][:2]) or "it"
    if error["type"] == "missing":
        return f"{where} is missing"
    if error["type"] == "too_long":  # pydantic tells how many there are, or not, by its version
        return f"{where} should have at most {error['ctx']['max_length']} items"
    should = reason[reason.find("should") :] if "should" in reason else f"is refused ({reason})"
    if error["type"] == "float_type" and type(error["input"]) is int:
        should = "should be a finite number"  # it is too large; only newer versions say so
    return f"{where} {should}, not {_shown(error['input'])}"


def _shown(value: Any) -> str:
    """A value in a few words, however large it is."""
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    if isinstance(value, int) and value.bit_length() > 64:
        return "a number of many digits"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    text = one_line(str(value))
    text = text if len(text) <= SHOWN_LENGTH else f"{text[:SHOWN_LENGTH]} ..."
    return f"'{text}'" if isinstance(value, str) else text
