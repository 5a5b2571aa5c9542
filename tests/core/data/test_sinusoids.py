"""The sinusoid tasks of MAML, section 5.1."""

import math

import numpy as np
import torch

from core.data.sinusoids import sample_sinusoids, sinusoid


def test_shapes() -> None:
    tasks = sample_sinusoids(7, 3, torch.Generator().manual_seed(0))
    assert tasks.amplitude.shape == tasks.phase.shape == (7,)
    assert tasks.x.shape == tasks.y.shape == (7, 3, 1)


def test_points_lie_on_the_curve() -> None:
    tasks = sample_sinusoids(50, 10, torch.Generator().manual_seed(1))
    for t in range(50):
        amplitude, phase = float(tasks.amplitude[t]), float(tasks.phase[t])
        expected = [amplitude * math.sin(float(x) - phase) for x in tasks.x[t, :, 0]]
        np.testing.assert_allclose(tasks.y[t, :, 0], expected, atol=1e-5)


def test_parameters_fill_the_papers_ranges_evenly() -> None:
    tasks = sample_sinusoids(20_000, 1, torch.Generator().manual_seed(2))
    ranges = ((tasks.amplitude, 0.1, 5.0), (tasks.phase, 0.0, math.pi), (tasks.x, -5.0, 5.0))
    for values, low, high in ranges:
        assert low <= float(values.min())
        assert float(values.max()) <= high
        deciles = torch.histc(values, bins=10, min=low, max=high) / values.numel()
        assert float((deciles - 0.1).abs().max()) < 0.01


def test_same_generator_same_tasks() -> None:
    first, second = (sample_sinusoids(4, 5, torch.Generator().manual_seed(3)) for _ in range(2))
    assert torch.equal(first.y, second.y)
    assert not torch.equal(first.y, sample_sinusoids(4, 5, torch.Generator().manual_seed(4)).y)


def test_curve_can_be_evaluated_anywhere() -> None:
    grid = torch.linspace(-5, 5, 100).expand(2, 100)[..., None]
    height = sinusoid(torch.tensor([1.0, 2.0]), torch.tensor([0.0, math.pi / 2]), grid)
    assert torch.allclose(height[0], torch.sin(grid[0]))
    assert torch.allclose(height[1], -2 * torch.cos(grid[1]), atol=1e-6)
