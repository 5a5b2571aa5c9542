"""Measures of an embedding against brute force and closed forms."""

import math

import numpy as np
import pytest
import torch

from core.evaluation.hypersphere import alignment, uniformity
from core.evaluation.knn_accuracy import knn_accuracy, knn_predict
from core.evaluation.linear_probe import fit_linear_probe
from core.evaluation.projection import align, align_frames, principal_components


def blobs(n: int, seed: int, spread: float = 0.6) -> tuple[torch.Tensor, torch.Tensor]:
    """Three overlapping clouds in 5 dimensions."""
    draw = torch.Generator().manual_seed(seed)
    labels = torch.randint(3, (n,), generator=draw)
    centres = torch.eye(3, 5)
    return centres[labels] + spread * torch.randn(n, 5, generator=draw), labels


def knn_by_hand(query: np.ndarray, bank: np.ndarray, labels: np.ndarray, k: int) -> int:
    """One query's class, neighbour by neighbour."""
    similarity = bank @ query / np.linalg.norm(bank, axis=1) / np.linalg.norm(query)
    votes: dict[int, float] = {}
    for neighbour in np.argsort(-similarity)[:k]:
        label = int(labels[neighbour])
        votes[label] = votes.get(label, 0.0) + math.exp(similarity[neighbour] / 0.1)
    return max(votes, key=lambda label: votes[label])


@pytest.mark.parametrize("k", [1, 5, 20, 500])
def test_knn_is_the_plain_vote(k: int) -> None:
    bank, labels = blobs(90, seed=0)
    queries, truth = blobs(60, seed=1)
    expected = [knn_by_hand(query, bank.numpy(), labels.numpy(), k) for query in queries.numpy()]
    assert knn_predict(queries, bank, labels, k).tolist() == expected
    right = sum(a == b for a, b in zip(expected, truth.tolist(), strict=True)) / 60
    assert knn_accuracy(queries, truth, bank, labels, k) == pytest.approx(right)


@pytest.mark.parametrize("k", [1, 5, 1000])
def test_a_point_of_the_bank_is_no_neighbour_of_its_own(k: int) -> None:
    random = torch.Generator().manual_seed(k)
    bank = torch.randn(2100, 6, generator=random)
    labels = torch.randint(0, 4, (2100,), generator=random)
    places = torch.arange(0, 2100, 2)  # more than are compared at a time
    found = knn_predict(bank[places], bank, labels, k, without=places)
    for query in range(0, len(places), 40):
        others = torch.arange(2100) != places[query]
        alone = knn_predict(bank[places[query]][None], bank[others], labels[others], k)
        assert found[query] == alone.item()


def test_alignment_of_a_turned_circle() -> None:
    angles = torch.linspace(0, 6, 50)
    circle = torch.stack([angles.cos(), angles.sin()], dim=1)
    turned = 3 * torch.stack([(angles + 0.5).cos(), (angles + 0.5).sin()], dim=1)
    assert alignment(circle, circle) == 0
    assert alignment(circle, turned) == pytest.approx(2 - 2 * math.cos(0.5), rel=1e-5)


def test_uniformity_of_known_points() -> None:
    collapsed = torch.ones(10, 3)
    assert uniformity(collapsed) == pytest.approx(0, abs=1e-6)
    opposite = torch.tensor([[1.0, 0.0], [-2.0, 0.0]])
    assert uniformity(opposite) == pytest.approx(-8)
    corners = torch.tensor([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]])
    assert uniformity(corners) == pytest.approx(math.log((4 * math.exp(-4) + 2 * math.exp(-8)) / 6))


def test_probe_separates_what_a_line_separates() -> None:
    bank, labels = blobs(300, seed=2, spread=0.05)
    queries, truth = blobs(200, seed=3, spread=0.05)
    probe = fit_linear_probe(bank, labels, n_classes=3)
    assert probe.accuracy(queries, truth) == 1


def test_probe_is_at_the_optimum_of_its_objective() -> None:
    bank, labels = blobs(300, seed=4)
    bank = bank.double()
    probe = fit_linear_probe(bank, labels, n_classes=3, penalty=0.1)
    standardised = (bank - probe.mean) / probe.scale
    wrong = probe.logits(bank).softmax(dim=1) - torch.eye(3, dtype=torch.float64)[labels]
    gradient = standardised.T @ wrong / len(bank) + 0.1 * probe.weight
    assert gradient.abs().max() < 1e-5
    assert wrong.mean(dim=0).abs().max() < 1e-5


def test_probe_survives_a_feature_that_never_changes() -> None:
    bank, labels = blobs(100, seed=5)
    bank[:, 0] = 3.0
    assert torch.isfinite(fit_linear_probe(bank, labels, n_classes=3).logits(bank)).all()


def test_principal_components_are_those_of_the_svd() -> None:
    rng = np.random.default_rng(0)
    features = rng.standard_normal((200, 300)) / np.arange(1, 301)
    left, values, _ = np.linalg.svd(features - features.mean(axis=0), full_matrices=False)
    exact = (left * values)[:, :4]
    found = principal_components(features, 4)
    signs = np.sign((found * exact).sum(axis=0))
    np.testing.assert_allclose(found * signs, exact, atol=1e-4)
    np.testing.assert_array_equal(found, principal_components(features, 4))


def test_principal_components_of_few_points() -> None:
    features = np.array([[0.0, 0.0], [2.0, 0.0], [1.0, 0.1], [1.0, -0.1]])
    found = principal_components(features, 2)
    np.testing.assert_allclose(np.abs(found[:, 0]), [1, 1, 0, 0], atol=1e-9)


@pytest.mark.parametrize("mirror", [1, -1])
def test_align_undoes_a_rotation_a_mirror_a_shift_and_a_scale(mirror: int) -> None:
    rng = np.random.default_rng(1)
    previous = align(rng.standard_normal((50, 2)), None)
    turn = np.array([[math.cos(2), -math.sin(2)], [math.sin(2), math.cos(2)]])
    turn[0] *= mirror
    np.testing.assert_allclose(align(3 * previous @ turn + 7, previous), previous, atol=1e-12)


def test_frames_that_only_turn_stand_still_when_aligned() -> None:
    rng = np.random.default_rng(2)
    shape = rng.standard_normal((40, 2))
    frames = [
        shape @ np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]])
        for a in (0.0, 1.0, 2.5, 4.0)
    ]
    aligned = align_frames(frames)
    for frame in aligned[1:]:
        np.testing.assert_allclose(frame, aligned[0], atol=1e-12)


def test_a_collapsed_frame_is_finite() -> None:
    assert np.isfinite(align(np.ones((5, 2)), np.zeros((5, 2)))).all()
