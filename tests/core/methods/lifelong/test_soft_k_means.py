"""Soft k-means against a loop over the paper's equations, and tasks that are what they say."""

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from core.methods.lifelong.soft_k_means import (
    LENGTH,
    MOST_UNLABELLED,
    QUERIES,
    SCALE,
    STEPS,
    UNLABELLED,
    WAYS,
    draw_task,
    right,
    soft_k_means,
    task_of,
)


def directions(*shape: int, seed: int = 0) -> Tensor:
    drawn = torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    return F.normalize(drawn, dim=-1)


def by_loop(
    labelled: np.ndarray, unlabelled: np.ndarray, length: float | None, scale: float
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Ren et al. 2018, sections 3.1.1 and 3.1.2, with features that are sqrt(scale) times as long:
    prototypes, in the unit of the features, and assignments before and after each step.
    """
    h, tilde = np.sqrt(scale) * labelled, np.sqrt(scale) * unlabelled
    classes = range(len(h))
    p = [h[c] for c in classes]
    states = []
    for _ in range(STEPS + 1):
        centres, radii = list(p), [1.0 for _ in classes]
        if length is not None:
            centres.append(np.zeros(h.shape[1]))
            radii.append(length)
        z = np.empty((len(tilde), len(centres)))
        for j, x in enumerate(tilde):
            for c, (centre, r) in enumerate(zip(centres, radii, strict=True)):
                normaliser = 0.5 * np.log(2 * np.pi) + np.log(r)
                z[j, c] = np.exp(-((x - centre) ** 2).sum() / r**2 - normaliser)
            z[j] /= z[j].sum()
        states.append((np.array(p) / np.sqrt(scale), z))
        p = [
            (h[c] + sum(z[j, c] * tilde[j] for j in range(len(tilde)))) / (1 + z[:, c].sum())
            for c in classes
        ]
    return states


@pytest.mark.parametrize("length", [None, 0.8, LENGTH])
@pytest.mark.parametrize("scale", [1.0, SCALE])
def test_it_is_the_loop_of_the_paper(length: float | None, scale: float) -> None:
    labelled, unlabelled = directions(3, 4, 6), directions(3, 9, 6, seed=1)
    states = soft_k_means(labelled, unlabelled, length, scale)
    assert len(states) == STEPS + 1
    for task in range(3):
        expected = by_loop(labelled[task].numpy(), unlabelled[task].numpy(), length, scale)
        for state, (prototypes, assigned) in zip(states, expected, strict=True):
            np.testing.assert_allclose(state.prototypes[task], prototypes, atol=1e-9)
            np.testing.assert_allclose(state.assigned[task], assigned, atol=1e-9)


def test_without_unlabelled_drawings_nothing_moves() -> None:
    labelled = directions(4, 6)
    for state in soft_k_means(labelled, labelled[:0]):
        assert torch.equal(state.prototypes, labelled)


def test_what_is_far_from_all_means_goes_to_the_cluster() -> None:
    axes = torch.eye(5)
    _, last = soft_k_means(axes[:2], torch.stack([axes[0], axes[3]]), LENGTH, steps=1)
    assert last.assigned[0].argmax() == 0
    assert last.assigned[1].argmax() == 2
    assert last.prototypes[0].argmax() == 0


def test_a_query_is_named_by_the_nearest_prototype() -> None:
    prototypes = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    queries = torch.tensor([[0.9, 0.1], [0.2, 0.8], [0.1, 0.9], [0.3, 0.7]])  # two of each class
    assert right(queries, prototypes) == 0.75
    assert right(queries.expand(3, 4, 2), prototypes.expand(3, 2, 2)).tolist() == [0.75] * 3


@pytest.mark.parametrize("n_unlabelled", [UNLABELLED, MOST_UNLABELLED])
def test_no_drawing_of_a_task_is_used_twice(n_unlabelled: int) -> None:
    every = torch.arange(30 * 20).view(30, 20, 1)  # the number of each drawing in place of features
    task = task_of(every[draw_task(30, 7)], n_unlabelled)
    assert [len(part) for part in task] == [
        WAYS, WAYS * n_unlabelled, WAYS * n_unlabelled, WAYS * QUERIES,
    ]  # fmt: skip
    used = torch.cat(list(task)).flatten().tolist()
    assert len(set(used)) == len(used)
    classes = task.labelled[:, 0] // 20
    assert torch.equal(task.unlabelled[:, 0] // 20, classes.repeat_interleave(n_unlabelled))
    assert torch.equal(task.queries[:, 0] // 20, classes.repeat_interleave(QUERIES))
    assert not torch.isin(task.distractors[:, 0] // 20, classes).any()
    assert len(set((task.distractors[:, 0] // 20).tolist())) == WAYS


def test_the_number_of_a_task_says_which_it_is() -> None:
    first, again, other = draw_task(50, 3), draw_task(50, 3), draw_task(50, 4)
    assert all(torch.equal(*pair) for pair in zip(first, again, strict=True))
    assert not torch.equal(first[0], other[0])
