"""What a run's files may say, and what is said of one that says something else."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from core.training.records import (
    DamagedError,
    NewerFormatError,
    RunInfo,
    read_info,
    read_status,
)
from core.training.status import LONGEST_MESSAGE, Status

INFO: dict[str, Any] = {"format": 1, "method": "toy", "config": {"steps": 3}, "created": 5.0}


def _info(folder: Path, **changes: Any) -> RunInfo:
    (folder / "run.json").write_text(json.dumps(INFO | changes))
    return read_info(folder)


def _status(folder: Path, **values: Any) -> Status:
    (folder / "status.json").write_text(json.dumps(values))
    return read_status(folder)


def test_what_is_right_is_read(tmp_path: Path) -> None:
    info = _info(tmp_path, config={"a": 1, "b": "x", "c": [1.5, "y"], "d": None, "e": True}, new=3)
    assert (info.method, info.created) == ("toy", 5.0)
    assert info.config == {"a": 1, "b": "x", "c": [1.5, "y"], "d": None, "e": True}
    assert _status(tmp_path, state="paused", step=3, new=[1]) == Status("paused", step=3)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"created": float("nan")}, "created should be a finite number, not nan"),
        ({"created": -1}, "created should be greater than or equal to 0, not -1"),
        ({"created": 10**400}, "created should be a finite number, not a number of many digits"),
        ({"method": ["x"]}, "method should be a valid string, not a list"),
        ({"method": "a b"}, "method should be a name of at most 64 letters"),
        ({"config": {"steps": {"a": 1}}}, "config.steps should be a number, a text, or a list"),
        ({"config": {"steps": float("inf")}}, "config.steps should be a finite number, not inf"),
        ({"config": None}, "config should be an object, not null"),
        ({"format": "1"}, "format should be a valid integer, not '1'"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(DamagedError, match=r"its run\.json is damaged, because") as raised:
        _info(tmp_path, **changes)
    assert reason in str(raised.value)


def test_too_many_settings_are_told_by_the_bound(tmp_path: Path) -> None:
    with pytest.raises(DamagedError, match=r"because config should have at most 256 items$"):
        _info(tmp_path, config={f"a{each}": 1 for each in range(257)})


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"[" * 1000, "it is no JSON"),
        (b"\xff", "it is no JSON"),
        (b"", "it is no JSON"),
        (b"\xef\xbb\xbf{}", "it is no JSON"),
        (b'{"format": 1' + b"0" * 5000 + b"}", "it is no JSON"),
        (b"[]", "it should be an object, not a list"),
        (b" " * (1 << 21), "it is larger than 1,048,576 bytes"),
    ],
)
def test_what_is_no_object_is_said(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "run.json").write_bytes(content)
    with pytest.raises(DamagedError, match=r"its run\.json is damaged, because") as raised:
        read_info(tmp_path)
    assert reason in str(raised.value)


def test_a_newer_format_is_told_apart_whatever_else_it_has(tmp_path: Path) -> None:
    with pytest.raises(NewerFormatError, match="7"):
        _info(tmp_path, format=7, config=["other"])


def test_a_missing_file_is_told_apart(tmp_path: Path) -> None:
    with pytest.raises(DamagedError, match=r"its run\.json is missing"):
        read_info(tmp_path)


@pytest.mark.parametrize(
    "values",
    [{"state": "unknown"}, {"state": ["running"]}, {"state": None}, {"step": "3"}, {"step": 1.5},
     {"step": -1}, {"steps": 10**30}, {"elapsed": "x"}, {"speed": float("inf")}, {"message": {}},
     {"key_figure": 3}, {"key_figure": "<b>"}, {"key_value": "3"}, {"queued_at": -1.0},
     {"updated": 1e300}],
)  # fmt: skip
def test_a_status_has_types_and_ranges(tmp_path: Path, values: dict[str, Any]) -> None:
    [name] = values
    with pytest.raises(DamagedError, match=rf"its status\.json is damaged, because {name} should"):
        _status(tmp_path, **values)


def test_a_message_is_one_short_line_of_what_can_be_shown(tmp_path: Path) -> None:
    message = _status(tmp_path, message="a\n\tb\x1b[31m\u202e" + "c" * 100_000).message
    assert message.startswith("a b?[31m?ccc") and message.endswith(" ...")
    assert len(message) <= LONGEST_MESSAGE + 4


def test_a_file_is_read_again_once_it_has_changed(tmp_path: Path) -> None:
    assert _status(tmp_path, step=1).step == 1
    assert _status(tmp_path, step=22).step == 22


def test_a_file_that_did_not_change_is_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _info(tmp_path)
    monkeypatch.setattr("core.training.records.read_regular", _never)
    assert read_info(tmp_path).method == "toy"


def _never(_path: Path, _limit: int) -> bytes:
    raise AssertionError("the file is read again")


@pytest.mark.parametrize(
    ("status", "left"),
    [
        (Status("running", step=40, steps=100, speed=3.0), 20.0),
        (Status("running", step=200, steps=100, speed=3.0), 0.0),
        (Status("running", step=1, steps=10**9, speed=1e-300), None),
    ],
)
def test_the_time_left_is_never_below_zero_or_beyond_all_bounds(
    status: Status, left: float | None
) -> None:
    assert status.seconds_left == left


def test_a_sign_of_the_future_has_no_age() -> None:
    assert Status(updated=time.time() + 60).age is None
    assert Status(updated=time.time() + 0.5).age == 0.0, "clocks differ a little"
