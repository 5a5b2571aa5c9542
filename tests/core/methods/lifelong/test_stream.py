"""The order in which examples arrive."""

import pytest
import torch

from core.methods.lifelong.stream import arrivals


def order(sortedness: float, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    return arrivals(50, 15, sortedness, torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("sortedness", [0.0, 0.3, 0.9, 1.0])
def test_every_example_arrives_once(sortedness: float) -> None:
    classes, numbers = order(sortedness)
    assert (classes * 15 + numbers).sort().values.tolist() == list(range(750))


def test_from_class_after_class_to_any_order() -> None:
    assert order(1.0)[0].tolist() == [label for label in range(50) for _ in range(15)]
    ranks = torch.arange(750.0)
    linear = [
        torch.corrcoef(torch.stack([order(s)[0].float(), ranks]))[0, 1] for s in (0, 0.5, 0.9)
    ]
    assert abs(linear[0]) < 0.1 and 0.4 < linear[1] < 0.95 < linear[2]


def test_a_seed_gives_the_same_order_again() -> None:
    assert torch.equal(order(0.0)[0], order(0.0)[0])
    assert not torch.equal(order(0.0)[0], order(0.0, seed=1)[0])
