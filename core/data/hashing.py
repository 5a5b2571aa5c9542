"""Random numbers that are a function of a key, not of how many were drawn before.

The hash is splitmix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
2014) on int64 tensors, whose products wrap around as the algorithm needs.
"""

import math

import torch
from torch import Tensor

_GOLDEN = -7046029254386353131  # 0x9E3779B97F4A7C15 as int64
_MIX_1 = -4658895280553007687  # 0xBF58476D1CE4E5B9
_MIX_2 = -7723592293110705685  # 0x94D049BB133111EB


def mix(keys: Tensor) -> Tensor:
    """The output of splitmix64 after each state: int64 of any shape to int64 of that shape."""
    z = keys + _GOLDEN
    z = (z ^ _shift(z, 30)) * _MIX_1
    z = (z ^ _shift(z, 27)) * _MIX_2
    return z ^ _shift(z, 31)


def uniform(keys: Tensor, *shape: int) -> Tensor:
    """float32 (*keys.shape, *shape) in [0, 1): an independent stream of numbers for each key."""
    counters = torch.arange(math.prod(shape), device=keys.device).view(shape)
    states = keys.view(*keys.shape, *[1] * len(shape)) + counters * _GOLDEN
    return _shift(mix(states), 40).to(torch.float32) * 2.0**-24


def normal(keys: Tensor, *shape: int) -> Tensor:
    """float32 (*keys.shape, *shape), standard normal, within -5.4 and 5.4."""
    centred = 2 * uniform(keys, *shape) - (1 - 2.0**-24)  # in (-1, 1)
    return torch.erfinv(centred) * math.sqrt(2)


def _shift(values: Tensor, bits: int) -> Tensor:
    """Logical shift to the right, which fills with zeros; `>>` on int64 copies the sign bit."""
    return (values >> bits) & ((1 << (64 - bits)) - 1)
