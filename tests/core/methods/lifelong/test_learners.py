"""The learners of a stream, against scikit-learn fitted on all the data at once, and autograd."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import Ridge
from sklearn.neighbors import NearestCentroid
from torch import Tensor, nn
from torch.nn import functional as F

from core.methods.lifelong.learners import LEARNERS
from core.methods.lifelong.learners.base import Drawings, StreamLearner
from core.methods.lifelong.learners.class_means import ClassMeans
from core.methods.lifelong.learners.fine_tuning import RATE, FineTuning
from core.methods.lifelong.learners.random_ridge import RIDGE, RandomRidge
from core.methods.lifelong.learners.replay import REPLAY_RATE, REPLAYED, Replay
from core.methods.lifelong.learners.streaming_lda import SHRINKAGE, StreamingLda

CLASSES, EACH, FEATURES, CAPACITY = 6, 15, 12, 9
ORDER_FREE: list[Callable[[], StreamLearner]] = [
    lambda: ClassMeans(FEATURES, CAPACITY),
    lambda: StreamingLda(FEATURES, CAPACITY),
    lambda: RandomRidge(FEATURES, CAPACITY),
]


def examples(seed: int = 0) -> tuple[Tensor, Tensor]:
    """Overlapping clouds (90, 12) of six classes on the sphere, shuffled."""
    random = torch.Generator().manual_seed(seed)
    centres = torch.randn(CLASSES, FEATURES, generator=torch.Generator().manual_seed(99))
    spread = torch.randn(FEATURES, FEATURES, generator=torch.Generator().manual_seed(98))
    noise = torch.randn(CLASSES * EACH, FEATURES, generator=random)
    order = torch.randperm(CLASSES * EACH, generator=random)
    labels = torch.arange(CLASSES).repeat_interleave(EACH)
    points = F.normalize(centres[labels] + noise @ spread / 3, dim=1)
    return points[order], labels[order]


def learnt(learner: StreamLearner, chunk: int = 7) -> StreamLearner:
    """The learner after all examples, so many at a time."""
    x, y = examples()
    seen = seen_by(learner, x)
    for part in zip(*(torch.split(each, chunk) for each in (seen, y)), strict=True):
        learner.learn(*part)
    return learner


def pictures_of(points: Tensor) -> Tensor:
    """Pictures uint8 (B, 28, 28) of points (B, 12): each number is a block of grey."""
    blocks = ((3 * points + 1) / 2).clamp(0, 1).mul(255).byte().view(-1, 3, 4)
    return F.pad(blocks.repeat_interleave(9, 1).repeat_interleave(7, 2), (0, 0, 0, 1))


def seen_by(learner: StreamLearner, points: Tensor) -> Tensor:
    return learner.sees(Drawings(pictures_of(points), points))


@pytest.fixture
def queries() -> Tensor:
    return examples(seed=1)[0]


def test_class_means_answer_like_nearest_centroids(queries: Tensor) -> None:
    learner = learnt(ClassMeans(FEATURES, CAPACITY))
    x, y = (each.numpy() for each in examples())
    expected = NearestCentroid().fit(x, y).predict(queries.numpy())
    np.testing.assert_array_equal(learner.answers(queries).numpy(), expected)


def test_streaming_lda_is_that_of_all_examples_at_once(queries: Tensor) -> None:
    learner = learnt(StreamingLda(FEATURES, CAPACITY))
    x, y = (each.numpy().astype(np.float64) for each in examples())
    at_once = LinearDiscriminantAnalysis(solver="lsqr", shrinkage=SHRINKAGE).fit(x, y)
    expected = at_once.decision_function(queries.double().numpy())
    found = learner.logits(queries)[:, :CLASSES].double().numpy()
    # Only differences between classes mean anything; the priors are equal.
    np.testing.assert_allclose(found - found[:, :1], expected - expected[:, :1], atol=1e-4)


def test_ridge_is_that_of_all_examples_at_once(queries: Tensor) -> None:
    learner = RandomRidge(FEATURES, CAPACITY)
    learnt(learner)
    x, y = examples()
    hidden, asked = ((each @ learner.projection).relu().double().numpy() for each in (x, queries))
    ridge = Ridge(alpha=RIDGE, fit_intercept=False).fit(hidden, F.one_hot(y).numpy())
    found = learner.logits(queries)[:, :CLASSES].numpy()
    np.testing.assert_allclose(found, ridge.predict(asked), atol=2e-4)


@pytest.mark.parametrize("make", ORDER_FREE)
def test_where_all_is_summed_neither_order_nor_chunks_matter(
    make: Callable[[], StreamLearner], queries: Tensor
) -> None:
    x, y = examples()
    order = y.argsort(stable=True)
    by_class = make()
    by_class.learn(x[order], y[order])
    for learner in (learnt(make()), learnt(make(), chunk=1)):
        torch.testing.assert_close(
            learner.logits(queries), by_class.logits(queries), atol=2e-3, rtol=1e-4
        )
        assert torch.equal(learner.answers(queries), by_class.answers(queries))


def test_fine_tuning_is_a_step_of_sgd_an_example(queries: Tensor) -> None:
    x, y = examples()
    layer = nn.Linear(FEATURES, CLASSES)
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    sgd = torch.optim.SGD(layer.parameters(), lr=RATE)
    known: list[int] = []
    for example, label in zip(x, y.tolist(), strict=True):
        known = sorted({*known, label})
        loss = F.cross_entropy(layer(example)[None, known], torch.tensor([known.index(label)]))
        sgd.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        sgd.step()
    learner = learnt(FineTuning(FEATURES, CAPACITY))
    torch.testing.assert_close(learner.logits(queries)[:, :CLASSES], layer(queries).detach())


def test_replay_is_a_step_of_sgd_on_the_mean_loss_of_new_and_old(queries: Tensor) -> None:
    x, y = examples()
    learner = Replay(FEATURES, CAPACITY, replay=4)
    layer = nn.Linear(FEATURES, CLASSES)
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    sgd = torch.optim.SGD(layer.parameters(), lr=REPLAY_RATE)
    memory: list[tuple[Tensor, int]] = []
    known: list[int] = []

    def loss(example: Tensor, label: int) -> Tensor:
        return F.cross_entropy(layer(example)[None, known], torch.tensor([known.index(label)]))

    for example, label in zip(x, y.tolist(), strict=True):
        known = sorted({*known, label})
        drawn = [memory[place] for place in learner._draw(len(memory))]
        total = torch.stack([loss(*each) for each in ((example, label), *drawn)]).mean()
        sgd.zero_grad()
        total.backward()  # type: ignore[no-untyped-call]
        sgd.step()
        learner.learn(example[None], torch.tensor([label]))
        if [old for _, old in memory].count(label) < 4:
            memory.append((example, label))
    assert learner.n_old == len(memory) == 4 * CLASSES
    torch.testing.assert_close(
        learner.logits(queries)[:, :CLASSES], layer(queries).detach(), atol=1e-4, rtol=1e-4
    )


def test_fine_tuning_forgets_what_came_first_and_replay_helps() -> None:
    x, y = examples()
    order = y.argsort(stable=True)
    asked, truth = examples(seed=1)
    right = {}
    for replay in (0, 10):
        learner = Replay(FEATURES, CAPACITY, replay)
        learner.learn(x[order], y[order])
        right[replay] = learner.answers(asked) == truth
    first = truth < CLASSES // 2
    assert right[10][first].float().mean() > right[0][first].float().mean() + 0.2


def test_a_memory_has_the_first_examples_of_each_class() -> None:
    x, y = examples()
    learner = Replay(FEATURES, CAPACITY, replay=2)
    learnt(learner)
    assert learner.n_old == 2 * CLASSES
    for label in range(CLASSES):
        kept = learner.old[: learner.n_old][learner.old_classes[: learner.n_old] == label]
        assert torch.equal(kept, x[y == label][:2])
    assert len(learner._draw(100)) == REPLAYED


@pytest.mark.parametrize("name", LEARNERS)
def test_unknown_classes_are_never_the_answer(name: str, queries: Tensor) -> None:
    learner = LEARNERS[name](FEATURES, CAPACITY)
    x, y = examples()
    known = (y == 1) | (y == 4)
    learner.learn(seen_by(learner, x)[known], y[known])
    assert learner.n_known == 2
    assert set(learner.answers(seen_by(learner, queries)).tolist()) == {1, 4}


def test_what_learners_keep() -> None:
    kept = {name: learnt(kind(FEATURES, CAPACITY)).memory for name, kind in LEARNERS.items()}
    assert kept["means"] == CLASSES * (FEATURES + 1)
    assert kept["lda"] == kept["means"] + FEATURES**2
    assert kept["tuning"] == CLASSES * (FEATURES + 2)
    assert kept["replay"] == kept["tuning"] + 8 * CLASSES * (FEATURES + 1)
    assert kept["ridge"] > 2000**2
    maml = LEARNERS["maml"](FEATURES, CAPACITY)
    unused = (CAPACITY - CLASSES) * (maml.n_features + 2)
    assert kept["maml"] == sum(each.numel() for each in maml.state_dict().values()) - unused


@pytest.mark.parametrize("name", LEARNERS)
def test_a_state_goes_on_as_if_it_had_not_been_saved(name: str, queries: Tensor) -> None:
    x, y = examples()
    straight, resumed = (LEARNERS[name](FEATURES, CAPACITY) for _ in range(2))
    seen, asked = seen_by(straight, x), seen_by(straight, queries)
    straight.learn(seen[:40], y[:40])
    resumed.load_state_dict(straight.state_dict())
    for learner in (straight, resumed):
        learner.learn(seen[40:], y[40:])
    assert torch.equal(straight.logits(asked), resumed.logits(asked))


def test_replay_without_a_memory_is_fine_tuning(queries: Tensor) -> None:
    tuning, replay = learnt(FineTuning(FEATURES, CAPACITY)), learnt(Replay(FEATURES, CAPACITY, 0))
    assert torch.equal(tuning.logits(queries), replay.logits(queries))
