"""Label propagation solves the equation of its paper, as scikit-learn and a dense solver do."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from sklearn.semi_supervised import LabelSpreading

from core.data.digits import load_digits
from core.evaluation import label_propagation
from core.evaluation.label_propagation import (
    GRAPH_NEIGHBOURS,
    NO_LABEL,
    SPREADING,
    LabelPropagation,
)


def joined(points: torch.Tensor) -> torch.Tensor:
    """W (N, N) from the distances of all pairs."""
    unit = F.normalize(points.double(), dim=1)
    distances = torch.cdist(unit, unit).fill_diagonal_(torch.inf)
    near = distances.topk(label_propagation.GRAPH_NEIGHBOURS, largest=False).indices
    graph = torch.zeros_like(distances).scatter_(1, near, 1)
    return torch.maximum(graph, graph.T)


def by_inverse(points: torch.Tensor, labels: torch.Tensor, n_classes: int) -> torch.Tensor:
    """F = (I - alpha S)^-1 Y, S = D^-1/2 W D^-1/2."""
    graph = joined(points)
    root = graph.sum(1).rsqrt()
    system = torch.eye(len(graph)) - SPREADING * root[:, None] * graph * root
    start = torch.stack([labels == label for label in range(n_classes)], dim=1).double()
    solved: torch.Tensor = torch.linalg.inv(system) @ start
    return solved


def digits(count: int, given: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Pixels, classes, and labels of the first `given`, which have all classes."""
    sample = load_digits("sample", "train")
    labels = torch.full((count,), NO_LABEL)
    labels[:given] = sample.labels[:given]
    return sample.images[:count].flatten(1).float(), sample.labels[:count], labels


def test_a_point_is_joined_to_its_nearest_in_both_directions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On a circle 1, 2 and 9 degrees apart: of the last only it itself knows."""
    monkeypatch.setattr(label_propagation, "GRAPH_NEIGHBOURS", 1)
    angle = torch.deg2rad(torch.tensor([0.0, 1.0, 3.0, 12.0]))
    points = torch.stack([angle.cos(), angle.sin()], dim=1)
    graph = torch.tensor([[0, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 0]])
    assert torch.equal(joined(points).long(), graph)
    labels = torch.tensor([0, NO_LABEL, NO_LABEL, 1])
    expected = by_inverse(points, labels, 2)
    np.testing.assert_allclose(LabelPropagation(points).spread(labels, 2), expected, rtol=1e-9)


def test_it_is_the_closed_form_on_digits() -> None:
    points, _, labels = digits(400, 30)
    mass = LabelPropagation(points).spread(labels, 10)
    np.testing.assert_allclose(mass, by_inverse(points, labels, 10), rtol=1e-8, atol=1e-12)


@pytest.mark.parametrize("given", [10, 50])
def test_it_is_what_scikit_learn_approaches_on_digits(given: int) -> None:
    points, _, labels = digits(1000, given)
    spreading = LabelSpreading(
        kernel=lambda x, y: joined(torch.from_numpy(x)).numpy() if x is y else None,
        alpha=SPREADING,
        tol=1e-8,
        max_iter=10_000,
    )
    spreading.fit(points.numpy(), labels.numpy())
    mass = LabelPropagation(points).spread(labels, 10)
    shares = mass / mass.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(shares, spreading.label_distributions_, atol=1e-5)
    assert (mass.argmax(axis=1) == spreading.transduction_).all()


def test_what_no_edge_leads_to_gets_nothing() -> None:
    random = torch.Generator().manual_seed(0)
    apart = torch.eye(2).repeat_interleave(GRAPH_NEIGHBOURS + 2, dim=0)  # two directions
    points = apart + 0.01 * torch.rand(apart.shape, generator=random)
    labels = torch.full((len(points),), NO_LABEL)
    labels[0] = 1
    mass = LabelPropagation(points).spread(labels, 3)
    half = len(points) // 2
    assert (mass[:half, 1] > 0).all() and not mass[half:].any() and not mass[:, [0, 2]].any()
