"""The algorithms other than MAML, each against its definition."""

import collections
import math

import pytest
import torch

from core.data.episodes import Episodes
from core.data.omniglot import characters, load_omniglot
from core.errors import GlimpseError
from core.methods.few_shot.config import FewShotConfig
from core.methods.few_shot.method import FewShot
from core.methods.few_shot.objectives import protonet, reptile
from core.methods.few_shot.task_sources import Shape, TaskSource
from core.seeding import generator


def learner_of(algorithm: str, **settings: object) -> FewShot:
    values = {"filters": 32, "train_way": 3, "meta_batch": 2, "device": "cpu", **settings}
    return FewShot(FewShotConfig.model_validate({"algorithm": algorithm, **values}))


def tasks_of(method: FewShot, n_way: int = 3, k_shot: int = 2) -> Episodes:
    return method.source.draw("validation", 2, Shape(n_way, k_shot, 4), generator(0, "task"))


def test_prototypes_are_class_means_even_of_uneven_classes() -> None:
    features = torch.tensor([[[1.0, 0.0], [3.0, 2.0], [0.0, 5.0]]])
    centres = protonet.prototypes(features, torch.tensor([[0, 0, 1]]))
    assert centres.tolist() == [[[2.0, 1.0], [0.0, 5.0]]]


def test_distances_are_those_of_cdist() -> None:
    points, centres = torch.randn(2, 5, 7), torch.randn(2, 3, 7)
    expected = torch.cdist(points, centres).square()
    assert torch.allclose(protonet.squared_distances(points, centres), expected, atol=1e-4)


def test_protonet_gives_each_query_to_the_nearest_class_mean() -> None:
    method = learner_of("protonet")
    tasks = tasks_of(method)
    adaptation = method.adapt(tasks, 4)
    for task in range(2):
        support = method.learner.network(tasks.support_x[task])
        query = method.learner.network(tasks.query_x[task])
        means = torch.stack([support[tasks.support_y[task] == c].mean(0) for c in range(3)])
        nearest = torch.cdist(query, means).argmin(-1)
        assert torch.equal(adaptation.outputs[task, 0].argmax(-1), nearest)
    assert torch.equal(adaptation.outputs[:, 0], adaptation.outputs[:, -1])  # nothing to adapt


def test_reptile_moves_towards_the_mean_of_what_ordinary_training_ends_with() -> None:
    """The update rule, with inner steps taken by `torch.optim.SGD`, one task at a time."""
    rate, steps, share = 0.1, 3, 0.5
    method = learner_of(
        "reptile", inner_lr=rate, inner_steps=steps, lr=share, learn_inner_lr=False, steps=10**6
    )
    initial = {name: value.detach().clone() for name, value in method.learner.named_parameters()}
    random = generator(0, "tasks", 1)
    tasks = method.source.draw("train", 2, method.config.training_shape, random)
    finals = [_trained_alone(method, tasks, task, rate, steps) for task in range(2)]
    method.step(1)
    for name, value in method.learner.network.named_parameters():
        mean = torch.stack([final[name] for final in finals]).mean(0)
        before = initial[f"network.{name}"]
        assert torch.allclose(value, before + share * (mean - before), atol=1e-5), name


def _trained_alone(
    method: FewShot, tasks: Episodes, task: int, rate: float, steps: int
) -> dict[str, torch.Tensor]:
    network = learner_of("maml").learner.network
    network.load_state_dict(method.learner.network.state_dict())
    head = torch.nn.Linear(network.width, 3)
    torch.nn.init.zeros_(head.weight)
    torch.nn.init.zeros_(head.bias)
    descent = torch.optim.SGD([*network.parameters(), *head.parameters()], lr=rate)
    batches = reptile.minibatches(tasks)
    for step in range(steps):
        x, y = (part[task] for part in batches[step % len(batches)])
        descent.zero_grad()
        torch.nn.functional.cross_entropy(head(network(x)), y).backward()  # type: ignore[no-untyped-call]
        descent.step()
    return {name: value.detach() for name, value in network.named_parameters()}


def test_reptile_uses_every_picture_once_a_round() -> None:
    pictures = torch.arange(2 * 3 * 5).view(2, 15, 1).float()
    labels = torch.arange(3).repeat_interleave(4).expand(2, -1)
    support = torch.arange(3).expand(2, -1)
    tasks = Episodes(pictures[:, :3], support, pictures[:, 3:], labels)
    batches = reptile.minibatches(tasks)
    assert [y[0].tolist() for _, y in batches] == [[0, 1, 2]] * 5
    seen = torch.cat([x[0].flatten() for x, _ in batches])
    assert sorted(seen.tolist()) == list(range(15))


def test_supervised_names_training_classes_better_than_chance() -> None:
    method = learner_of("supervised", train_way=20, steps=40, lr=0.01)
    first = method.step(1)
    for step in range(2, 41):
        last = method.step(step)
    assert last["loss"] < first["loss"] - 0.5  # from about log 1100 = 7.0


def test_pretraining_on_sinusoids_learns_their_mean() -> None:
    """One network for all curves can do no better than their mean, as the paper says."""
    method = learner_of("supervised", source="sinusoids", inner_lr=0.01, steps=300, lr=0.01,
                        k_shot=10, meta_batch=25)  # fmt: skip
    for step in range(1, 301):
        method.step(step)
    scores = method.scores(method.source, "test", 200)
    # Half of E[amplitude^2], less the mean square of the mean curve 2.55 (2 / pi) cos(x).
    square, cosine_square = 2.55**2 + 4.9**2 / 12, 0.5 + math.sin(10) / 20
    least = square / 2 - (2.55 * 2 / math.pi) ** 2 * cosine_square  # 3.0
    assert 0.8 * least < scores["error_before"] < 1.2 * least


@pytest.mark.parametrize("origin", ["digits", "strokes"])
def test_tasks_come_from_every_origin(origin: str) -> None:
    tasks = TaskSource(origin).draw("test", 2, Shape(5, 1, 3), generator(0))  # type: ignore[arg-type]
    assert tasks.query_x.shape == (2, 15, 1, 28, 28)
    assert 0.02 < tasks.query_x.mean() < 0.4


def test_tasks_of_one_alphabet_have_their_classes_from_one() -> None:
    omniglot = load_omniglot()
    places = characters("test", "alphabet")
    tasks = TaskSource("alphabet", "alphabet").draw("test", 3, Shape(20, 1, 1), generator(0))
    for task in range(3):
        found = set()
        for picture in (255 * tasks.support_x[task, :, 0]).round().to(torch.uint8):
            same = (omniglot.images[places] == picture).all(-1).all(-1).any(1)
            found.add(omniglot.alphabets[int(places[same.nonzero()[0, 0]])])
        assert len(found) == 1


def test_one_person_draws_the_support_set_and_another_the_queries() -> None:
    omniglot = load_omniglot()
    places = characters("validation", "alphabet")
    source = TaskSource("alphabet", "alphabet", same_drawers=True)
    tasks = source.draw("validation", 3, Shape(20, 1, 1), generator(0))
    for task in range(3):
        people = []
        for side in (tasks.support_x, tasks.query_x):
            pictures = (255 * side[task]).round().to(torch.uint8)
            drawers = [
                set((omniglot.images[places] == picture).all(-1).all(-1).nonzero()[:, 1].tolist())
                for picture in pictures
            ]  # a simple drawing can be the same by two people
            people.append(set.intersection(*drawers))
        assert [len(those) for those in people] == [1, 1]
        assert people[0] != people[1]


def test_no_task_has_more_ways_than_there_are_classes() -> None:
    for origin in ("digits", "alphabet"):
        source = TaskSource(origin)
        most = source.most_ways("test")
        assert source.draw("test", 1, Shape(most, 1, 1), generator(0)).n_way == most
        with pytest.raises(GlimpseError):
            source.draw("test", 1, Shape(most + 1, 1, 1), generator(0))
    assert TaskSource("digits").most_ways("test") == 10
    held_out = collections.Counter(
        load_omniglot().alphabets[character] for character in characters("test", "random").tolist()
    )
    assert TaskSource("alphabet").most_ways("test") == max(held_out.values())
