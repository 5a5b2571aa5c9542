"""Modules and optimisers as flat named tensors, which safetensors can store."""

import torch
from torch import Tensor, nn

from core.errors import GlimpseError

_PARAMETER_STATE = "optimizer.{index}.{name}"


def pack(module: nn.Module, optimizer: torch.optim.Optimizer) -> dict[str, Tensor]:
    """Weights and buffers as `model.*`, optimiser state as `optimizer.<index>.<name>`."""
    packed = {f"model.{name}": tensor for name, tensor in module.state_dict().items()}
    for index, values in optimizer.state_dict()["state"].items():
        for name, value in values.items():
            packed[_PARAMETER_STATE.format(index=index, name=name)] = torch.as_tensor(value)
    return packed


def unpack(state: dict[str, Tensor], module: nn.Module, optimizer: torch.optim.Optimizer) -> None:
    """The inverse of `pack`. Raises GlimpseError where names or shapes do not fit."""
    unpack_module(state, module)
    values: dict[int, dict[str, Tensor]] = {}
    for key in (k for k in state if k.startswith("optimizer.")):
        _, index, name = key.split(".", 2) if key.count(".") > 1 else ("", "", "")
        if not index.isdecimal():
            raise _unfit(module)
        values.setdefault(int(index), {})[name] = state[key]
    optimizer.load_state_dict(
        {"state": values, "param_groups": optimizer.state_dict()["param_groups"]}
    )


def unpack_module(state: dict[str, Tensor], module: nn.Module) -> None:
    """Loads the weights and buffers of a `pack` alone. Raises GlimpseError where they do not fit.

    A network that is used and not trained needs no optimiser, which takes seconds to make.
    """
    load_weights(module, {k[6:]: v for k, v in state.items() if k.startswith("model.")})


def load_weights(module: nn.Module, weights: dict[str, Tensor]) -> None:
    """Loads weights into a module. Raises GlimpseError where names or shapes do not fit."""
    try:
        module.load_state_dict(weights)
    except RuntimeError as error:
        raise _unfit(module) from error


def _unfit(module: nn.Module) -> GlimpseError:
    return GlimpseError(
        f"These weights do not fit a {type(module).__name__} of these settings: "
        "train with the settings they were made with, or choose other weights."
    )
