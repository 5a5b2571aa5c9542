"""Accuracy, error and their intervals, against numbers worked out by hand."""

import math

import pytest
import torch

from core.data.episodes import Episodes
from core.evaluation.few_shot import Adaptation, accuracy, estimate, evaluate_tasks, squared_error


def tasks_of(query_y: torch.Tensor) -> Episodes:
    """Tasks whose queries carry the task's number and the query's."""
    n_tasks, n_queries = query_y.shape[:2]
    numbers = torch.arange(n_tasks * n_queries).view(n_tasks, n_queries)
    return Episodes(torch.zeros(n_tasks, 2), torch.zeros(n_tasks, 2), numbers, query_y)


def test_interval_is_1_96_standard_errors_of_the_mean_over_tasks() -> None:
    values = torch.tensor([0.8, 1.0, 0.6, 0.8])  # mean 0.8, variance (0 + 4 + 4 + 0) / 3 / 100
    found = estimate(values)
    assert found.mean == pytest.approx(0.8)
    assert found.interval == pytest.approx(1.96 * math.sqrt(0.08 / 3) / 2, rel=1e-6)
    assert found.n_tasks == 4


def test_one_task_has_no_interval() -> None:
    assert estimate(torch.tensor([0.5])).interval == math.inf


def test_interval_covers_the_truth_in_95_of_100_samples() -> None:
    random = torch.Generator().manual_seed(0)
    samples = (torch.rand(2000, 400, generator=random) < 0.7).float()
    found = [estimate(sample) for sample in samples]
    covered = sum(abs(each.mean - 0.7) < each.interval for each in found) / len(found)
    assert covered == pytest.approx(0.95, abs=0.02)


def test_accuracy_counts_largest_logits() -> None:
    tasks = tasks_of(torch.tensor([[0, 1, 2, 1]]))
    right = torch.eye(3)[tasks.query_y]  # (1, 4, 3)
    wrong = right.roll(1, -1)
    half = torch.cat([right[:, :2], wrong[:, 2:]], dim=1)
    adaptation = Adaptation(torch.zeros(1, 3), torch.stack([wrong, half, right], dim=1))
    assert accuracy(adaptation, tasks).tolist() == [[0.0, 0.5, 1.0]]


def test_squared_error_is_the_mean_over_points() -> None:
    tasks = tasks_of(torch.tensor([[[1.0], [2.0]]]))
    adaptation = Adaptation(torch.zeros(1, 2), torch.tensor([[[[1.0], [4.0]], [[1.0], [2.0]]]]))
    assert squared_error(adaptation, tasks).tolist() == [[2.0, 0.0]]


def test_tasks_are_evaluated_each_once_however_they_are_cut_up() -> None:
    seen: list[int] = []

    def learn(tasks: Episodes) -> Adaptation:
        seen.extend(tasks.query_x[:, 0].tolist())
        logits = torch.eye(2)[tasks.query_y][:, None].expand(-1, 3, -1, -1)
        return Adaptation(torch.zeros(len(logits), 3), logits)

    found = evaluate_tasks(learn, tasks_of(torch.zeros(60, 4, dtype=torch.int64)), accuracy)
    assert [each.mean for each in found] == [1.0, 1.0, 1.0]
    assert found[0].n_tasks == 60
    assert sorted(seen) == list(range(0, 240, 4))
