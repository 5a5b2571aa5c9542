"""Snapshots and checkpoints as other programs and hostile people leave them in a run folder."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

Mutation = Callable[[Path], object]
Arrays = dict[str, torch.Tensor]

STEP = 30  # of the newest snapshot
SNAPSHOT = f"snapshots/{STEP:08d}.safetensors"
DEEP = "[" * 1000 + "]" * 1000
MARKUP = "![x](http://127.0.0.1:9/x.png) <img src=x> **b** $x$ :material/home: [l](http://a.b)"


def write(name: str, content: str | bytes) -> Mutation:
    """Another content of a file."""
    data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    return lambda folder: (folder / name).write_bytes(data)


def instead(name: str, make: Callable[[Path], object]) -> Mutation:
    """Something else in place of a file."""

    def mutate(folder: Path) -> None:
        (folder / name).unlink(missing_ok=True)
        make(folder / name)

    return mutate


def _arrays(name: str, change: Callable[[Arrays], Arrays]) -> dict[str, Mutation]:
    """Other arrays in the newest snapshot, and in all."""

    def rewrite(path: Path) -> None:
        changed = change(load_file(path))
        save_file({name: array.contiguous().clone() for name, array in changed.items()}, path)

    return _rewritten(name, rewrite)


def _rewritten(name: str, rewrite: Callable[[Path], None]) -> dict[str, Mutation]:
    """Another file in place of the newest snapshot, and of each."""

    def rewrite_all(folder: Path) -> None:
        for path in (folder / "snapshots").iterdir():
            rewrite(path)

    return {f"arrays-{name}": lambda folder: rewrite(folder / SNAPSHOT), f"all-{name}": rewrite_all}


def _each(name: str, change: Callable[[torch.Tensor], torch.Tensor]) -> dict[str, Mutation]:
    return _arrays(name, lambda arrays: {each: change(array) for each, array in arrays.items()})


def _make_complex(path: Path) -> None:
    """Complex numbers in a snapshot, written by hand: safetensors saves them only from 0.7 on."""
    header: dict[str, object] = {}
    content = b""
    for name, array in load_file(path).items():
        start = len(content)
        content += array.to(torch.complex64).numpy().tobytes()
        place = [start, len(content)]
        header[name] = {"dtype": "C64", "shape": list(array.shape), "data_offsets": place}
    encoded = json.dumps(header).encode()
    path.write_bytes(len(encoded).to_bytes(8, "little") + encoded + content)


def _filled(name: str, value: float) -> dict[str, Mutation]:
    """Another number everywhere in the arrays of one kind of number."""

    def fill(array: torch.Tensor) -> torch.Tensor:
        is_fitting = array.is_floating_point() != (value == 255)
        return torch.full_like(array, value) if is_fitting else array

    return _each(name, fill)


def of_snapshots() -> dict[str, Mutation]:
    """Kinds by their names."""
    found = {
        **_arrays("none", lambda _arrays: {}),
        **_arrays("others", lambda _arrays: {MARKUP: torch.zeros(3)}),
        **_each("bfloat16", lambda array: array.to(torch.bfloat16)),
        **_each("float64", lambda array: array.double()),
        **_rewritten("complex", _make_complex),
        **_each("int8", lambda array: array.to(torch.int8)),
        **_each("bool", lambda array: array.to(torch.bool)),
        **_each("no-dimensions", lambda array: array.flatten()[0]),
        **_each("flat", torch.flatten),
        **_each("transposed", lambda array: array.movedim(0, -1)),
        **_each("empty", lambda array: array[:0]),
        **_each("one-row", lambda array: array[:1]),
        **_each("half", lambda array: array[: len(array) // 2]),
        **_each("twice", lambda array: torch.cat([array, array])),
        **_filled("nan", float("nan")),
        **_filled("infinite", float("inf")),
        **_filled("minus", -1e4),
        **_filled("large", 6e4),
        **_filled("255", 255),
        "snapshots-odd-names": _odd_names,
        "snapshots-torn": _tear_all,
        "dated-1970": lambda folder: os.utime(folder / "metrics.jsonl", (0, 0)),
        "dated-2112": lambda folder: os.utime(folder / "metrics.jsonl", (4.5e9, 4.5e9)),
    }
    for count in range(1, 6):
        found |= _first_arrays(count)
    return found | _of_checkpoints()


def _of_checkpoints() -> dict[str, Mutation]:
    contents = {
        "torn": (8).to_bytes(8, "little") + b"{}", "empty": b"", "garbage": b"\xff" * 100,
        "deep": (2000).to_bytes(8, "little") + DEEP.encode(),
        "list": (2).to_bytes(8, "little") + b"[]",
    }  # fmt: skip
    name = "checkpoints/00000030.safetensors"
    found = {f"checkpoint-{kind}": write(name, content) for kind, content in contents.items()}
    return found | {"checkpoint-pipe": instead(name, os.mkfifo)}


def _first_arrays(count: int) -> dict[str, Mutation]:
    return _arrays(f"first-{count}", lambda arrays: dict(sorted(arrays.items())[:count]))


def _odd_names(folder: Path) -> None:
    for name in ("1abc", "٣", "-1", "1", "0000000000030", "99999999999999999999", ".hidden"):
        (folder / "snapshots" / f"{name}.safetensors").write_bytes(b"")


def _tear_all(folder: Path) -> None:
    for path in (folder / "snapshots").iterdir():
        path.write_bytes(path.read_bytes()[:50])
