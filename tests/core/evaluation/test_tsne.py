"""t-SNE against its definition: the perplexity asked for, the gradient of the divergence."""

import numpy as np
import pytest

from core.evaluation import tsne
from tests.helpers.points import blobs


def divergence(layout: np.ndarray, joint: np.ndarray) -> float:
    """KL(P || Q) pair by pair, section 3 of the paper."""
    kernel = {
        (i, j): 1 / (1 + np.sum((layout[i] - layout[j]) ** 2))
        for i in range(len(layout))
        for j in range(len(layout))
        if i != j
    }
    total = sum(kernel.values())
    terms = (
        joint[pair] * np.log(joint[pair] / (value / total))
        for pair, value in kernel.items()
        if joint[pair] > 0
    )
    return float(sum(terms))


def test_each_neighbourhood_has_the_perplexity_asked_for() -> None:
    distances = np.random.default_rng(3).exponential(size=(40, 60)).astype(np.float32)
    conditional = tsne.neighbourhoods(distances, perplexity=10).astype(np.float64)
    np.testing.assert_allclose(conditional.sum(axis=1), 1, rtol=1e-5)
    logs = np.log(np.where(conditional > 0, conditional, 1))
    np.testing.assert_allclose(np.exp(-(conditional * logs).sum(axis=1)), 10, rtol=1e-3)
    closer = np.diff(np.take_along_axis(conditional, distances.argsort(axis=1), axis=1), axis=1)
    assert (closer <= 0).all()


def test_affinities_are_a_symmetric_distribution() -> None:
    joint = tsne.affinities(blobs()[0])
    np.testing.assert_allclose(joint, joint.T)
    np.testing.assert_array_equal(np.diag(joint), 0)
    assert joint.sum() == pytest.approx(1, rel=1e-5)


def test_gradient_is_that_of_the_divergence() -> None:
    points, _ = blobs(12)
    joint = tsne.affinities(points, perplexity=3).astype(np.float64)
    joint /= joint.sum()
    layout = np.random.default_rng(1).standard_normal((12, 2))
    numeric = np.zeros_like(layout)
    for place in np.ndindex(layout.shape):
        step = np.zeros_like(layout)
        step[place] = 1e-5
        ahead, behind = divergence(layout + step, joint), divergence(layout - step, joint)
        numeric[place] = (ahead - behind) / 2e-5
    np.testing.assert_allclose(tsne.gradient(layout, joint), numeric, atol=1e-8)


def test_layout_keeps_groups_apart() -> None:
    points, labels = blobs()
    layout = tsne.next_layout(tsne.first_layout(points), points, steps=200)
    distances = tsne.squared_distances(layout)
    np.fill_diagonal(distances, np.inf)
    assert (labels[distances.argmin(axis=1)] == labels).all()


def test_a_frame_that_changes_little_moves_little() -> None:
    first, _ = blobs()
    second = first + 0.01 * np.random.default_rng(2).standard_normal(first.shape)
    before = tsne.next_layout(tsne.first_layout(first), first, steps=500)
    after = tsne.next_layout(before, second)
    radius = np.sqrt(np.square(before).sum(axis=1).mean())
    moved = np.sqrt(np.square(after - before).sum(axis=1).mean())
    assert moved < 0.1 * radius


def test_collapsed_points_have_a_finite_layout() -> None:
    points = np.zeros((20, 4))
    assert np.isfinite(tsne.next_layout(tsne.first_layout(points), points)).all()
