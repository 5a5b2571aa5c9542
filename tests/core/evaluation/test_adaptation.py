"""Measures of adaptation against their definitions, in float64."""

import math

import numpy as np
import pytest
import torch
from torch import Tensor

from core.errors import GlimpseError
from core.evaluation.adaptation import (
    Movement,
    gradient_parts,
    grid_around,
    linear_cka,
    principal_plane,
)


def drawn(*shape: int, seed: int = 0) -> Tensor:
    draw = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=draw, dtype=torch.float64)


def hsic(k: np.ndarray, m: np.ndarray) -> float:
    """Gretton et al. 2005: tr(K H M H) / (n - 1)^2, with H that subtracts the mean."""
    n = len(k)
    h = np.eye(n) - np.ones((n, n)) / n
    return float(np.trace(k @ h @ m @ h) / (n - 1) ** 2)


def cka_by_definition(x: Tensor, y: Tensor) -> float:
    k, m = (z.numpy() @ z.numpy().T for z in (x, y))
    return hsic(k, m) / math.sqrt(hsic(k, k) * hsic(m, m))


def test_cka_is_normalised_hsic_of_each_pair() -> None:
    x = drawn(3, 12, 7)
    y = x[..., :5] + drawn(3, 12, 5, seed=1) + 4
    values = linear_cka(x, y)
    assert values.tolist() == pytest.approx(
        [cka_by_definition(*pair) for pair in zip(x, y, strict=True)], rel=1e-12
    )
    assert values.max() < 0.95


def test_cka_ignores_rotation_scale_and_translation() -> None:
    x, y = drawn(20, 6), drawn(20, 4, seed=1)
    turn, _ = torch.linalg.qr(drawn(6, 6, seed=2))
    assert linear_cka(x, -3 * x @ turn + 5).item() == pytest.approx(1)
    assert linear_cka(x @ turn, y).item() == pytest.approx(linear_cka(x, 7 * y).item())
    stretched = x * torch.tensor([9.0, 1, 1, 1, 1, 1])  # to this it is sensitive
    assert linear_cka(x, stretched).item() < 0.95


def test_cka_of_a_constant_layer_is_undefined() -> None:
    assert linear_cka(torch.ones(5, 3), drawn(5, 3)).isnan()


def test_movement_is_relative_to_an_initialisation_that_is_not_zero() -> None:
    # Two steps of one task: a layer of length 5 goes 1 and then 3, another goes 4 from zero.
    squared = torch.tensor([[[1.0, 16.0], [9.0, 16.0]]])
    movement = Movement(("body", "head"), squared, torch.tensor([25.0, 0.0]))
    assert movement.relative[0, :, 0].tolist() == pytest.approx([0.2, 0.6])
    assert movement.relative[0, :, 1].isnan().all()
    assert movement.share[0].flatten().tolist() == pytest.approx([1 / 17, 16 / 17, 0.36, 0.64])


def test_plane_holds_the_principal_components() -> None:
    path = drawn(6, 40) * torch.linspace(0.1, 2, 40) + 3
    plane = principal_plane(path)
    covariance = np.cov(path.numpy().T)
    values, vectors = np.linalg.eigh(covariance)
    assert plane.share == pytest.approx(values[-2:].sum() / values.sum())
    overlap = np.abs(plane.directions.numpy() @ vectors[:, [-1, -2]])
    np.testing.assert_allclose(overlap, np.eye(2), atol=1e-9)
    places = plane.coordinates(path)
    assert places[0, 0] < places[-1, 0] and places[3, 1] <= 0
    torch.testing.assert_close(plane.coordinates(plane.points(places)), places)


def test_three_points_lie_in_their_plane() -> None:
    path = drawn(3, 50)
    plane = principal_plane(path)
    assert plane.share == pytest.approx(1)
    torch.testing.assert_close(plane.points(plane.coordinates(path)), path)


def test_a_path_to_infinity_has_no_plane() -> None:
    path = drawn(4, 5)
    path[-1, 0] = math.inf
    with pytest.raises(GlimpseError, match="smaller inner learning rate"):
        principal_plane(path)


def test_grid_has_one_spacing_and_a_margin_around_its_points() -> None:
    flat_points = torch.tensor([[0.0, 1.0], [4.0, 2.0]])
    x, y = grid_around(flat_points, (5, 3), margin=0.25)
    assert x.tolist() == [-1, 0.5, 2, 3.5, 5]
    assert y.tolist() == [0, 1.5, 3]
    x, y = grid_around(flat_points.flip(1), (5, 3), margin=0.25)
    assert y.tolist() == [-1, 2, 5]
    assert x.tolist() == [-4.5, -1.5, 1.5, 4.5, 7.5]


def test_gradient_parts_are_the_sides_of_a_triangle() -> None:
    parts = gradient_parts(torch.tensor([3.0, 3.0, 0.0]), torch.tensor([3.0, 0.0, 0.0]))
    assert (parts.first_order, parts.second_order) == pytest.approx((3, 3))
    assert parts.whole == pytest.approx(math.sqrt(18))
    assert parts.angle == pytest.approx(45)
    assert gradient_parts(torch.ones(7), torch.ones(7)).angle == pytest.approx(0, abs=1e-6)
