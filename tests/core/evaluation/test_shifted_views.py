"""Averaged answers, against a learner whose answers are known and against numpy's shifts."""

import numpy as np
import torch
from torch import Tensor

from core.data.episodes import Episodes
from core.data.shifts import SHIFTS
from core.evaluation.few_shot import Adaptation
from core.evaluation.shifted_views import over_shifted_views, shifted
from core.methods.few_shot.method import FewShot
from core.methods.few_shot.task_sources import Shape, TaskSource
from core.seeding import generator
from core.zoo.weights import load_shipped_method


def tasks_of(pictures: Tensor) -> Episodes:
    labels = torch.zeros(pictures.shape[:2], dtype=torch.int64)
    return Episodes(pictures, labels, pictures, labels)


def test_a_shift_moves_the_ink_and_leaves_blank_paper() -> None:
    pictures = torch.rand(2, 3, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    moved = shifted(tasks_of(pictures), right=1, down=-2)
    expected = np.zeros(pictures.shape, np.float32)
    expected[..., :-2, 1:] = pictures[..., 2:, :-1].numpy()
    for side in (moved.support_x, moved.query_x):
        assert np.array_equal(side.numpy(), expected)
    still = shifted(tasks_of(pictures), right=0, down=0)
    assert torch.equal(still.query_x, pictures)


def test_an_answer_is_the_mean_log_probability_of_the_views() -> None:
    """The learner's logits are the ink of two corners, which a shift takes in or out."""
    seen = []

    def learn(tasks: Episodes) -> Adaptation:
        seen.append(tasks)
        x = tasks.query_x[:, :, 0]
        logits = torch.stack([3 * x[..., 0, 0], x[..., 0, 1] - x[..., 1, 0]], -1)  # (T, Q, 2)
        return Adaptation(tasks.support_x.mean((1, 2, 3, 4))[:, None], logits[:, None])

    pictures = torch.rand(2, 4, 1, 28, 28, generator=torch.Generator().manual_seed(1))
    found = over_shifted_views(learn)(tasks_of(pictures))
    assert len(seen) == len(SHIFTS) == len(set(SHIFTS)) == 5
    padded = np.pad(pictures.double().numpy()[:, :, 0], ((0, 0), (0, 0), (1, 1), (1, 1)))
    total = 0.0
    for right, down in SHIFTS:
        x = padded[..., 1 - down : 29 - down, 1 - right : 29 - right]
        logits = np.stack([3 * x[..., 0, 0], x[..., 0, 1] - x[..., 1, 0]], -1)
        total = total + logits - np.log(np.exp(logits).sum(-1, keepdims=True))
    assert np.allclose(found.outputs[:, 0].numpy(), total / 5, atol=1e-6)
    assert found.support_loss.shape == (2, 1)
    assert np.allclose(found.outputs.exp().sum(-1), 1, atol=0.2)  # the mean is geometric


def test_views_make_fewer_errors_on_validation_characters() -> None:
    """Where errors are many: 20 ways. The same tasks, so that a small gain is not chance."""
    method = load_shipped_method("race-maml", FewShot)
    right = [
        method.scores(TaskSource("omniglot"), "validation", 60, Shape(20, 1, 5),
                      "inductive", shifted_views)["accuracy_after"]
        for shifted_views in (False, True)
    ]  # fmt: skip
    assert right[1] > right[0] + 0.003


def test_the_tasks_are_those_without_views() -> None:
    tasks = TaskSource("omniglot").draw("validation", 2, Shape(5, 1, 2), generator(0))
    views = [shifted(tasks, *shift) for shift in SHIFTS]
    assert torch.equal(views[0].support_x, tasks.support_x)
    assert all(torch.equal(view.query_y, tasks.query_y) for view in views)
