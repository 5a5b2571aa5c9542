"""Trained weights with their card: how they were made, and the figures that they reach."""

import json
import shlex
from dataclasses import dataclass
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
from core.methods.picture_sources import DIGEST
from core.paths import ASSETS, with_ending, without_ending
from core.registry import METHODS, load_method
from core.training.checkpoint import Checkpoint, load_newest
from core.training.files import disk_errors, replace_file, replace_json
from core.training.run_folder import RunFolder

CARD, TENSORS = ".json", ".safetensors"
NOT_RECORDED = dict.fromkeys(("hardware", "torch", "date"), "not recorded")  # by older runs
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


def shipped_names() -> list[str]:
    """The names of all weights of methods that come with Glimpse."""
    cards = [path for path in SHIPPED.glob(f"*{CARD}") if "method" in json.loads(path.read_text())]
    return sorted(path.name.removesuffix(CARD) for path in cards)


def load_weights(path: Path) -> Weights:
    """`<path>.safetensors` with its card `<path>.json`."""
    try:
        card = json.loads(with_ending(path, CARD).read_text())
        tensors = load_file(with_ending(path, TENSORS))
        config = parse_config(load_method(card["method"]).Config, dict(card["config"]))
    except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
        raise GlimpseError(
            f"There are no usable weights at {path.name}{TENSORS} with a card {path.name}{CARD} "
            "beside them: check the path, or export a run again."
        ) from error
    return Weights(config, tensors, card)


def restore(weights: Weights, pictures: str = "") -> Method[Any]:
    """The method that trained these weights, with them loaded; see `restore_run` for pictures."""
    kind, config = load_method(weights.card["method"]), weights.config
    if pictures:
        config = parse_config(kind.Config, config.model_dump() | {"pictures": pictures})
    method = kind(config)
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


def restore_run(run: RunFolder, pictures: str = "") -> Method[Any]:
    """A run's method as of its newest checkpoint; the data that it was trained on need not be here.

    Own pictures that lie elsewhere by now can be named. Raises GlimpseError for a run without a
    checkpoint.
    """
    return _restored(run, _newest(run), pictures)


def restore_with_card(run: RunFolder) -> tuple[Method[Any], dict[str, Any]]:
    """`restore_run`, and the card of the run's weights, without figures: those take long."""
    checkpoint = _newest(run)
    method = _restored(run, checkpoint)
    figures = {"figures": {}, "unmeasured": "Its evaluate command measures the figures."}
    return method, _card(run, checkpoint, method, figures)


def export(
    run: RunFolder, destination: Path, command: str = "", half: bool = False
) -> dict[str, Any]:
    """Writes a run's weights with their card, whose figures are measured now; returns the card.

    Where the data to measure them on are not here any more, the card says so. `destination` is a
    path as a person types it, with or without the ending of a file. `command` evaluates the
    weights, by default at their destination. With `half` they are rounded to 16 bits, which halves
    the file; the figures are then those of the rounded weights.
    """
    checkpoint = _newest(run)
    method = _restored(run, checkpoint)
    dtype = torch.float16 if half else torch.float32
    method.load_weights(_stored(method, dtype))
    place = without_ending(destination, (TENSORS, CARD))
    if place.name in ("", ".."):
        raise GlimpseError(f"{destination} has no name for the weights: add one, such as /mine.")
    evaluate = command or f"python -m core evaluate {shlex.quote(_typed(place))}"
    card = _card(run, checkpoint, method, _figures(method), evaluate)
    with disk_errors(place.parent):
        place.parent.mkdir(parents=True, exist_ok=True)
    write_weights(method, card, place, dtype)
    return card


def write_weights(
    method: Method[Any], card: dict[str, Any], place: Path, dtype: torch.dtype = torch.float32
) -> None:
    """`<place>.safetensors` with its card `<place>.json`: the inverse of `load_weights`."""
    replace_file(with_ending(place, TENSORS), save(_stored(method, dtype)))
    replace_json(with_ending(place, CARD), card)


def _stored(method: Method[Any], dtype: torch.dtype) -> dict[str, Tensor]:
    """A method's weights as they lie in a file: floating-point numbers as `dtype`."""
    tensors = {name: value.detach().cpu().contiguous() for name, value in method.weights().items()}
    return {
        name: value.to(dtype) if value.is_floating_point() else value
        for name, value in tensors.items()
    }


def _card(
    run: RunFolder, checkpoint: Checkpoint, method: Method[Any], figures: dict[str, Any],
    evaluate: str = "",
) -> dict[str, Any]:  # fmt: skip
    """How a run's weights were made; `evaluate` measures them, by default in the run itself."""
    card = {
        "method": run.method,
        "title": METHODS[run.method].title,
        "command": command_line(run.method, method.config, checkpoint.step),
        "evaluate": evaluate or f"python -m core evaluate {shlex.quote(run.id)}",
        "steps": checkpoint.step,
        "minutes": round(checkpoint.elapsed / 60, 1),
        **(checkpoint.made or NOT_RECORDED),
        **figures,
        "config": method.config.model_dump(),
    }
    if about_input := method.about_input():
        card["input"] = about_input
    if checkpoint.step < method.config.steps:
        card["unfinished"] = f"after {checkpoint.step:,} of {method.config.steps:,} steps"
    return card


def _newest(run: RunFolder) -> Checkpoint:
    checkpoint = load_newest(run)
    if checkpoint is None:
        raise GlimpseError(f"Run {run.id} has no checkpoint yet: let it train for a while first.")
    return checkpoint


def _restored(run: RunFolder, checkpoint: Checkpoint, pictures: str = "") -> Method[Any]:
    kind = load_method(run.method)
    config, state = run.config, checkpoint.state
    if pictures:
        config = config | {"pictures": pictures}
        state = {name: value for name, value in state.items() if name != DIGEST}
    method = kind(parse_config(kind.Config, config))
    method.load_network(state)
    return method


def _figures(method: Method[Any]) -> dict[str, Any]:
    """The test figures, for a card, or why they cannot be measured."""
    try:
        return {"figures": {name: round(value, 4) for name, value in method.test().items()}}
    except GlimpseError as reason:
        return {"figures": {}, "unmeasured": str(reason)}


def _typed(place: Path) -> str:
    """How `evaluate` is told of weights: by a bare name where they are shipped, else by a path."""
    if place.resolve().parent == SHIPPED:
        return place.name
    return str(place) if len(place.parts) > 1 else f"./{place}"
