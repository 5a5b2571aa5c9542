"""Run folders as crashes, other programs and hostile people leave them: hundreds, made in a moment.

Each is a whole run in which one thing is wrong. Its name is the kind of mutation.
"""

import json
import os
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from core.training.run_folder import RunFolder
from tests.helpers.hostile_snapshots import (
    DEEP,
    MARKUP,
    SNAPSHOT,
    STEP,
    Mutation,
    instead,
    of_snapshots,
    write,
)
from tests.helpers.run_folders import run_of

HUGE = 10**400
LONGEST = "1" + "0" * 5000  # digits, more than Python turns into a number
CONTROLS = "\u0000\u001b[31m\u202e\u2028"
ODD: dict[str, Any] = {
    "text": "3", "null": None, "minus": -1, "list": [1], "object": {"a": 1}, "true": True,
    "infinite": float("inf"), "nan": float("nan"), "1e300": 1e300, "huge": HUGE, "markup": MARKUP,
    "controls": CONTROLS, "empty": "",
}  # fmt: skip


def mutations() -> dict[str, Mutation]:
    """All kinds by their names, in lower case with hyphens."""
    return {**_of_files(), **_of_info(), **_of_status(), **_of_metrics(), **of_snapshots()}


def hostile_runs(whole: RunFolder, *kinds: str) -> Iterator[tuple[str, Path]]:
    """Makes a run like a whole one for each kind of mutation; gives the kind and the folder.

    Of those kinds alone that begin with one of `kinds`, where there are any.
    """
    for number, (kind, mutate) in enumerate(mutations().items()):
        if not kind.startswith(kinds or ""):
            continue
        folder = whole.path.with_name(f"{whole.method}-20260101-000000-{number:04x}")
        shutil.copytree(whole.path, folder)
        if kind.startswith("lock"):  # of a run at rest nobody looks at it
            _change("status.json", state="running")(folder)
        mutate(folder)
        yield kind, folder
    whole.delete()


def whole_run(method: str, source: str | None = None) -> RunFolder:
    """A run at rest in which nothing is wrong."""
    config = {} if source is None else {"source": source}
    if source == "own":
        config["pictures"] = "/of/somebody/else"
    if source == "sinusoids":
        return run_of(method, "paused", STEP, inner_lr=0.01, source=source)
    return run_of(method, "paused", STEP, "", "accuracy_after", **config)


def _change(name: str, **values: Any) -> Mutation:
    """Other values in a JSON file."""

    def mutate(folder: Path) -> None:
        known = json.loads((folder / name).read_text())
        (folder / name).write_text(json.dumps(known | values))

    return mutate


def _without(name: str, key: str) -> Mutation:
    def mutate(folder: Path) -> None:
        known = json.loads((folder / name).read_text())
        del known[key]
        (folder / name).write_text(json.dumps(known))

    return mutate


def _socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # its name may not be longer than 107 bytes
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path.name)
    os.chdir(here)


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1 << 30)


def _of_files() -> dict[str, Mutation]:
    """What can be in the place of each file."""
    found: dict[str, Mutation] = {}
    texts: dict[str, str | bytes] = {
        "empty": "", "torn": '{"step": 3, "st', "null": "null", "list": "[1]", "text": '"x"',
        "number": "1", "deep": DEEP, "deep-in-a-field": f'{{"a": {DEEP}}}', "bom": "\ufeff{}",
        "not-utf-8": b"\xff\xfe\x00", "surrogate": '{"state": "\\ud800", "step": 1}',
        "zeros": b"\0" * 5000, "long-number": f'{{"step": {LONGEST}}}', "nothing": "{}",
    }  # fmt: skip
    for name in ("run.json", "status.json", "metrics.jsonl", SNAPSHOT, "control", "lock"):
        short = name.partition(".")[0].split("/")[0]
        for kind, content in texts.items():
            found[f"{short}-{kind}"] = write(name, content)
        found[f"{short}-missing"] = instead(name, lambda _path: None)
        found[f"{short}-folder"] = instead(name, Path.mkdir)
        found[f"{short}-pipe"] = instead(name, os.mkfifo)
        found[f"{short}-socket"] = instead(name, _socket)
        found[f"{short}-1-gb"] = instead(name, _sparse)  # that take no room
        found[f"{short}-link"] = instead(name, lambda path: path.symlink_to("/etc/passwd"))
        found[f"{short}-endless"] = instead(name, lambda path: path.symlink_to("/dev/zero"))
        found[f"{short}-loop"] = instead(name, lambda path: path.symlink_to(path.name))
    for name in ("snapshots", "checkpoints"):
        found[f"{name}-file"] = _in_place_of_folder(name, Path.touch)
        found[f"{name}-link"] = _in_place_of_folder(name, lambda path: path.symlink_to("/"))
        found[f"{name}-gone"] = _in_place_of_folder(name, lambda _path: None)
    return found


def _in_place_of_folder(name: str, make: Callable[[Path], object]) -> Mutation:
    def mutate(folder: Path) -> None:
        shutil.rmtree(folder / name)
        make(folder / name)

    return mutate


def _of_info() -> dict[str, Mutation]:
    name = "run.json"
    found = {
        f"info-{key}-{kind}": _change(name, **{key: value})
        for key in ("format", "method", "config", "created")
        for kind, value in ODD.items()
    }
    found |= {f"info-no-{key}": _without(name, key) for key in ("format", "method", "created")}
    found |= {
        "info-config-gone": _without(name, "config"),
        "info-config-nothing": _change(name, config={}),
        "info-created-in-9999": _change(name, created=253402300799.0),
        "info-created-huge-float": write(name, '{"format": 1, "method": "maml", "config": {}, '
                                          '"created": 1e999}'),
        "info-created-long": write(name, '{"format": 1, "method": "maml", "config": {}, '
                                    f'"created": {LONGEST}}}'),
        "info-twice": write(name, '{"format": 1, "format": 1, "method": "maml", "method": "maml", '
                             '"config": {}, "config": {"steps": 3}, "created": 1, "created": 2}'),
        "info-method-unknown": _change(name, method="diffusion"),
        "info-config-unknown": _change(name, config={"gone": 1}),
        "info-config-many": _change(name, config={f"a{each}": 1 for each in range(1000)}),
        "info-config-long-text": _change(name, config={"source": "x" * 100_000}),
        "info-config-nested": _change(name, config={"steps": {"a": [1]}}),
        "info-config-odd-names": _change(name, config={MARKUP: 1, "": 2, CONTROLS: 3}),
    }  # fmt: skip
    for setting in ("steps", "seed", "source", "inner_steps"):
        for kind, value in ODD.items():
            found[f"info-{setting}-{kind}".replace("_", "-")] = _change(
                name, config={setting: value}
            )
    return found


def _of_status() -> dict[str, Mutation]:
    keys = ("state", "step", "steps", "elapsed", "speed", "message", "key_figure", "key_value",
            "queued_at", "updated")  # fmt: skip
    found = {
        f"status-{key}-{kind}".replace("_", "-"): _change("status.json", **{key: value})
        for key in keys
        for kind, value in ODD.items()
    }
    return found | {
        "status-of-the-future": _change("status.json", state="queued", updated=4e9),
        "status-slow": _change("status.json", state="running", speed=1e-300, steps=10**9),
        "status-long": _change("status.json", message="x" * 500_000),
        "status-running": _change("status.json", state="running"),
        "status-key-value-largest": _change("status.json", key_value=1.7e308),
    }


def _of_metrics() -> dict[str, Mutation]:
    rows: dict[str, Any] = {
        "step-huge": {"step": 10**30, "loss": 1.0}, "step-minus": {"step": -5, "loss": 1.0},
        "step-text": {"step": "1", "loss": 1.0}, "step-half": {"step": 1.5, "loss": 1.0},
        "value-huge": {"step": 1, "loss": HUGE}, "value-largest": {"step": 1, "loss": 1.7e308},
        "value-infinite": {"step": 1, "loss": float("inf")}, "value-text": {"step": 1, "loss": "1"},
        "value-list": {"step": 1, "loss": [1]}, "markup": {"step": 1, MARKUP: 1.0},
        "wide": {"step": 1} | {f"a{each}": 1.0 for each in range(5000)},
    }  # fmt: skip
    found = {
        f"metrics-{kind}": write("metrics.jsonl", f"{json.dumps(row)}\n" * 3)
        for kind, row in rows.items()
    }
    return found | {
        "metrics-one-long-line": write("metrics.jsonl", b"1" * (1 << 20)),
        "metrics-backwards": write("metrics.jsonl", "".join(
            json.dumps({"step": step, "loss": 1.0}) + "\n" for step in range(9, 0, -1))),
    }  # fmt: skip
