"""Checkpoints as safetensors with a checksum: nothing is ever unpickled."""

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from core.errors import DivergedError, GlimpseError
from core.training.files import open_regular, read_regular, replace_file
from core.training.run_folder import RunFolder

CHECKPOINT_BYTES = 1 << 32
HEADER_BYTES = 1 << 22
_DAMAGES = (OSError, KeyError, TypeError, ValueError, AttributeError)  # of what a file says
KEPT = 2  # where the newest is damaged, the run resumes from the one before


@dataclass(frozen=True)
class Checkpoint:
    """Everything that training has changed by `step`, after `elapsed` seconds of training.

    `made` says with what and when, see `provenance`; an older Glimpse has not written it.
    """

    step: int
    elapsed: float
    state: dict[str, Tensor]
    made: Mapping[str, str] = field(default_factory=dict)


def save_checkpoint(run: RunFolder, checkpoint: Checkpoint) -> None:
    """Writes the checkpoint and deletes all but the newest two.

    Raises DivergedError, and keeps the older ones, where a tensor has a value that is not finite.
    """
    state = {name: _plain(tensor) for name, tensor in checkpoint.state.items()}
    for name, tensor in state.items():
        if not bool(torch.isfinite(tensor).all()):
            raise DivergedError(
                f"{name} holds values that are not finite after step {checkpoint.step}: "
                "try a lower learning rate."
            )
    about = {
        "step": str(checkpoint.step),
        "elapsed": repr(checkpoint.elapsed),
        "crc32": str(_checksum(state)),
        "made": json.dumps(dict(checkpoint.made)),
    }
    replace_file(run.checkpoint_path(checkpoint.step), save(state, about))
    for old in run.checkpoint_steps()[:-KEPT]:
        run.checkpoint_path(old).unlink()


def load_newest(run: RunFolder) -> Checkpoint | None:
    """The newest checkpoint that is not damaged; None for a run that has written none yet.

    Raises GlimpseError where all checkpoints are damaged.
    """
    steps = run.checkpoint_steps()
    for step in reversed(steps):
        checkpoint = _load(run, step)
        if checkpoint is not None:
            return checkpoint
    if steps:
        raise GlimpseError(
            f"Every checkpoint of run {run.id} is damaged, so it cannot be resumed: "
            "start a new run with its settings."
        )
    return None


def made_with(run: RunFolder) -> dict[str, str]:
    """What the newest checkpoint was made with, see `provenance`; empty where none says it.

    Of the file only the header is read.
    """
    steps = run.checkpoint_steps()
    try:
        with open_regular(run.checkpoint_path(steps[-1])) as file:
            head = file.read(8)
            header = file.read(min(int.from_bytes(head, "little"), HEADER_BYTES))
        return _made(_metadata(head + header))
    except (*_DAMAGES, IndexError, RecursionError):
        return {}


def _load(run: RunFolder, step: int) -> Checkpoint | None:
    """A checkpoint, or None where it is damaged."""
    path = run.checkpoint_path(step)
    try:
        content = read_regular(path, CHECKPOINT_BYTES)
        state = load(content)
        about = _metadata(content)
        whole = int(about["crc32"]) == _checksum(state) and int(about["step"]) == step
        elapsed = float(about["elapsed"])
        made = _made(about)
    except (*_DAMAGES, SafetensorError):
        return None
    return Checkpoint(step, elapsed, state, made) if whole else None


def _made(about: Mapping[str, str]) -> dict[str, str]:
    return {str(name): str(value) for name, value in json.loads(about.get("made", "{}")).items()}


def _metadata(content: bytes) -> dict[str, str]:
    """What a safetensors file that could be loaded says of itself: it begins with its header."""
    length = int.from_bytes(content[:8], "little")
    about: dict[str, str] = json.loads(content[8 : 8 + length])["__metadata__"]
    return about


def _plain(tensor: Tensor) -> Tensor:
    return tensor.detach().to("cpu").contiguous().clone()


def _checksum(state: dict[str, Tensor]) -> int:
    checksum = 0
    for name in sorted(state):
        checksum = zlib.crc32(name.encode(), checksum)
        checksum = zlib.crc32(state[name].reshape(-1).view(torch.uint8).numpy().data, checksum)
    return checksum
