"""Trained weights with their card: how they were made, and the figures that they reach."""

import json
import os
import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save
from torch import Tensor

from core.config import RunConfig, parse_config
from core.errors import GlimpseError
from core.flags import command_line
from core.methods.base import Method
from core.paths import ASSETS
from core.registry import METHODS, load_method
from core.training.checkpoint import load_newest
from core.training.files import replace_file, replace_json
from core.training.run_folder import RunFolder

SHIPPED = ASSETS / "weights"
MethodT = TypeVar("MethodT", bound=Method[Any])


@dataclass(frozen=True)
class Weights:
    """Weights by tensor name, the config that they were trained with, and their card."""

    config: RunConfig
    tensors: dict[str, Tensor]
    card: dict[str, Any]


def load_shipped(name: str) -> Weights:
    """Weights that come with Glimpse, such as `maml`. Raises GlimpseError for an unknown name."""
    return load_weights(SHIPPED / name)


def load_weights(path: Path) -> Weights:
    """`<path>.safetensors` with its card `<path>.json`."""
    try:
        card = json.loads(path.with_suffix(".json").read_text())
        tensors = load_file(path.with_suffix(".safetensors"))
        config = parse_config(load_method(card["method"]).Config, card["config"])
    except (OSError, ValueError, KeyError, SafetensorError) as error:
        raise GlimpseError(
            f"There are no usable weights at {path.name}.safetensors with a card {path.name}.json "
            "beside them: check the path, or export a run again."
        ) from error
    return Weights(config, tensors, card)


def restore(weights: Weights) -> Method[Any]:
    """The method that trained these weights, with them loaded."""
    method = load_method(weights.card["method"])(weights.config)
    method.load_weights(weights.tensors)
    return method


def load_shipped_method(name: str, kind: type[MethodT]) -> MethodT:
    """The method of this kind that trained weights which come with Glimpse, with them loaded.

    Raises GlimpseError where there are no such weights, or another kind of method trained them.
    """
    weights = load_shipped(name)
    method = restore(weights)
    if not isinstance(method, kind):
        title = METHODS[weights.card["method"]].title
        raise GlimpseError(
            f"The weights {name} are of {title}, not of {kind.__name__}: choose other weights."
        )
    return method


def restore_run(run: RunFolder) -> Method[Any]:
    """A run's method as of its newest checkpoint. Raises GlimpseError where it has none."""
    kind = load_method(run.method)
    checkpoint = load_newest(run)
    if checkpoint is None:
        raise GlimpseError(f"Run {run.id} has no checkpoint yet: let it train for a while first.")
    method = kind(parse_config(kind.Config, run.config))
    method.load_state(checkpoint.state)
    return method


def export(run: RunFolder, destination: Path) -> dict[str, Any]:
    """Writes a run's weights with their card, whose figures are measured now; returns the card."""
    method = restore_run(run)
    status = run.status()
    card = {
        "method": run.method,
        "title": METHODS[run.method].title,
        "command": command_line(run.method, method.config),
        "evaluate": f"python -m core evaluate {destination.name}",
        "steps": status.step,
        "minutes": round(status.elapsed / 60, 1),
        **provenance(method.device),
        "figures": {name: round(value, 4) for name, value in method.test().items()},
        "config": method.config.model_dump(),
    }
    tensors = {name: value.detach().cpu().contiguous() for name, value in method.weights().items()}
    destination.parent.mkdir(parents=True, exist_ok=True)
    replace_file(destination.with_suffix(".safetensors"), save(tensors))
    replace_json(destination.with_suffix(".json"), card)
    return card


def provenance(device: torch.device) -> dict[str, str]:
    """Hardware, torch version and date of what is measured now on this device, for its card."""
    return {
        "hardware": hardware(device),
        "torch": torch.__version__.split("+")[0],
        "date": datetime.now(UTC).date().isoformat(),
    }


def hardware(device: torch.device) -> str:
    """The device, in words for a card."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    threads = torch.get_num_threads()
    plural = "" if threads == 1 else "s"
    return f"{threads} thread{plural} of {os.cpu_count()} {platform.machine()} cores"
