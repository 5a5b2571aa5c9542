"""Sinusoid regression: the smallest family of tasks for which meta-learning helps.

Finn, Abbeel and Levine, "Model-Agnostic Meta-Learning" (2017), section 5.1.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

AMPLITUDE = (0.1, 5.0)
PHASE = (0.0, math.pi)  # radians
INPUT = (-5.0, 5.0)


@dataclass(frozen=True)
class SinusoidTasks:
    """T curves y = amplitude * sin(x - phase) with N points each; float32.

    amplitude and phase (T,); x and y (T, N, 1).
    """

    amplitude: Tensor
    phase: Tensor
    x: Tensor
    y: Tensor


def sample_sinusoids(n_tasks: int, n_points: int, generator: torch.Generator) -> SinusoidTasks:
    """Draws curves, and points on them: amplitude, phase and x are uniform over their ranges."""
    amplitude = _uniform((n_tasks,), AMPLITUDE, generator)
    phase = _uniform((n_tasks,), PHASE, generator)
    x = _uniform((n_tasks, n_points, 1), INPUT, generator)
    return SinusoidTasks(amplitude, phase, x, sinusoid(amplitude, phase, x))


def sinusoid(amplitude: Tensor, phase: Tensor, x: Tensor) -> Tensor:
    """The height (T, N, 1) of T curves at x (T, N, 1); amplitude and phase are (T,)."""
    return amplitude[:, None, None] * torch.sin(x - phase[:, None, None])


def _uniform(
    shape: tuple[int, ...], bounds: tuple[float, float], generator: torch.Generator
) -> Tensor:
    low, high = bounds
    return low + (high - low) * torch.rand(shape, generator=generator)
