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

import numpy as np
import torch
from safetensors.torch import load_file, save_file

from core.training.run_folder import RunFolder
from tests.helpers.run_folders import run_of

Mutation = Callable[[Path], object]
Arrays = dict[str, torch.Tensor]

STEP = 30  # of the newest snapshot
SNAPSHOT = f"snapshots/{STEP:08d}.safetensors"
DEEP = "[" * 1000 + "]" * 1000
HUGE = 10**400
LONGEST = "1" + "0" * 5000  # digits, more than Python turns into a number
MARKUP = "![x](http://127.0.0.1:9/x.png) <img src=x> **b** $x$ :material/home: [l](http://a.b)"
CONTROLS = "\u0000\u001b[31m\u202e\u2028"
ODD: dict[str, Any] = {
    "text": "3", "null": None, "minus": -1, "list": [1], "object": {"a": 1}, "true": True,
    "infinite": float("inf"), "nan": float("nan"), "1e300": 1e300, "huge": HUGE, "markup": MARKUP,
    "controls": CONTROLS, "empty": "",
}  # fmt: skip


def mutations() -> dict[str, Mutation]:
    """All kinds by their names, in lower case with hyphens."""
    return {**_of_files(), **_of_info(), **_of_status(), **_of_metrics(), **_of_snapshots()}


def hostile_runs(method: str, *kinds: str) -> Iterator[tuple[str, Path]]:
    """Makes a run of a method for each kind of mutation; gives the kind and the folder.

    Of those kinds alone that begin with one of `kinds`, where there are any.
    """
    whole = run_of(method, "paused", STEP)
    for number, (kind, mutate) in enumerate(mutations().items()):
        if not kind.startswith(kinds or ""):
            continue
        folder = whole.path.with_name(f"{method}-20260101-000000-{number:04x}")
        shutil.copytree(whole.path, folder)
        if kind.startswith("lock"):  # of a run at rest nobody looks at it
            _change("status.json", state="running")(folder)
        mutate(folder)
        yield kind, folder
    whole.delete()


def healthy_run(method: str) -> RunFolder:
    return run_of(method, "finished", STEP)


def _write(name: str, content: str | bytes) -> Mutation:
    data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    return lambda folder: (folder / name).write_bytes(data)


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


def _instead(name: str, make: Callable[[Path], object]) -> Mutation:
    """Something else in place of a file."""

    def mutate(folder: Path) -> None:
        (folder / name).unlink(missing_ok=True)
        make(folder / name)

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
            found[f"{short}-{kind}"] = _write(name, content)
        found[f"{short}-missing"] = _instead(name, lambda _path: None)
        found[f"{short}-folder"] = _instead(name, Path.mkdir)
        found[f"{short}-pipe"] = _instead(name, os.mkfifo)
        found[f"{short}-socket"] = _instead(name, _socket)
        found[f"{short}-1-gb"] = _instead(name, _sparse)  # that take no room
        found[f"{short}-link"] = _instead(name, lambda path: path.symlink_to("/etc/passwd"))
        found[f"{short}-endless"] = _instead(name, lambda path: path.symlink_to("/dev/zero"))
        found[f"{short}-loop"] = _instead(name, lambda path: path.symlink_to(path.name))
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
        "info-created-huge-float": _write(name, '{"format": 1, "method": "maml", "config": {}, '
                                          '"created": 1e999}'),
        "info-created-long": _write(name, '{"format": 1, "method": "maml", "config": {}, '
                                    f'"created": {LONGEST}}}'),
        "info-twice": _write(name, '{"format": 1, "format": 1, "method": "maml", "method": "maml", '
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
        f"metrics-{kind}": _write("metrics.jsonl", f"{json.dumps(row)}\n" * 3)
        for kind, row in rows.items()
    }
    return found | {
        "metrics-one-long-line": _write("metrics.jsonl", b"1" * (1 << 20)),
        "metrics-backwards": _write("metrics.jsonl", "".join(
            json.dumps({"step": step, "loss": 1.0}) + "\n" for step in range(9, 0, -1))),
    }  # fmt: skip


def _arrays(change: Callable[[Arrays], Arrays]) -> Mutation:
    """Other arrays in the newest snapshot."""

    def mutate(folder: Path) -> None:
        changed = change(load_file(folder / SNAPSHOT))
        save_file({name: array.contiguous() for name, array in changed.items()}, folder / SNAPSHOT)

    return mutate


def _each(change: Callable[[torch.Tensor], torch.Tensor]) -> Mutation:
    return _arrays(lambda arrays: {name: change(array) for name, array in arrays.items()})


def _filled(value: float) -> Mutation:
    def fill(array: torch.Tensor) -> torch.Tensor:
        return torch.full_like(array, value) if array.is_floating_point() else array

    return _each(fill)


def _of_snapshots() -> dict[str, Mutation]:
    return {
        "arrays-none": _arrays(lambda _arrays: {}),
        "arrays-others": _arrays(lambda _arrays: {MARKUP: torch.zeros(3)}),
        "arrays-bfloat16": _each(lambda array: array.to(torch.bfloat16)),
        "arrays-float64": _each(lambda array: array.double()),
        "arrays-complex": _each(lambda array: array.to(torch.complex64)),
        "arrays-int8": _each(lambda array: array.to(torch.int8)),
        "arrays-bool": _each(lambda array: array.to(torch.bool)),
        "arrays-no-dimensions": _each(lambda array: array.flatten()[0]),
        "arrays-flat": _each(torch.flatten),
        "arrays-transposed": _each(lambda array: array.movedim(0, -1)),
        "arrays-empty": _each(lambda array: array[:0]),
        "arrays-one-row": _each(lambda array: array[:1]),
        "arrays-half": _each(lambda array: array[: len(array) // 2]),
        "arrays-twice": _each(lambda array: torch.cat([array, array])),
        "arrays-nan": _filled(float("nan")),
        "arrays-infinite": _filled(float("inf")),
        "arrays-minus": _filled(-1e4),
        "arrays-large": _filled(6e4),
        "arrays-255": _each(lambda a: a if a.is_floating_point() else torch.full_like(a, 255)),
        **{
            f"arrays-first-{count}": _first_arrays(count) for count in range(1, 6)
        },
        "snapshots-odd-names": _odd_names,
        "snapshots-all-torn": _tear_all,
        "snapshots-all-half": _halve_all,
        "checkpoint-torn": _write("checkpoints/00000030.safetensors", b"\x08\0\0\0\0\0\0\0{}"),
        "checkpoint-empty": _write("checkpoints/00000030.safetensors", b""),
        "checkpoint-pipe": _instead("checkpoints/00000030.safetensors", os.mkfifo),
        "checkpoint-deep": _write("checkpoints/00000030.safetensors",
                                  (2000).to_bytes(8, "little") + DEEP.encode()),
        "checkpoint-list": _write("checkpoints/00000030.safetensors",
                                  (2).to_bytes(8, "little") + b"[]"),
        "dated-1970": lambda folder: os.utime(folder / "metrics.jsonl", (0, 0)),
        "dated-2112": lambda folder: os.utime(folder / "metrics.jsonl", (4.5e9, 4.5e9)),
    }  # fmt: skip


def _first_arrays(count: int) -> Mutation:
    return _arrays(lambda arrays: dict(sorted(arrays.items())[:count]))


def _odd_names(folder: Path) -> None:
    for name in ("1abc", "٣", "-1", "1", "0000000000030", "99999999999999999999", ".hidden"):
        (folder / "snapshots" / f"{name}.safetensors").write_bytes(b"")


def _tear_all(folder: Path) -> None:
    for path in (folder / "snapshots").iterdir():
        path.write_bytes(path.read_bytes()[:50])


def _halve_all(folder: Path) -> None:
    for path in (folder / "snapshots").iterdir():
        arrays = load_file(path)
        save_file(
            {n: a[: np.ceil(len(a) / 2).astype(int)].clone() for n, a in arrays.items()}, path
        )
