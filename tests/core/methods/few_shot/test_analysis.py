"""The analysis of a learner, against loops written out by hand in float64."""

import math

import pytest
import torch
from torch import Tensor
from torch.func import functional_call
from torch.nn import functional as F

from core.data.episodes import Episodes
from core.evaluation.adaptation import linear_cka, principal_plane
from core.methods.few_shot.analysis import (
    decompose_gradient,
    loss_landscape,
    measure_adaptation,
    meta_gradient,
)
from core.methods.few_shot.config import FewShotConfig
from core.methods.few_shot.inner_loop import HEAD, Learner, Order
from core.methods.few_shot.method import FewShot
from core.methods.few_shot.objectives.maml import Maml
from core.models.conv4 import Conv4
from core.seeding import generator

RATE = 0.3
N_WAY = 3


@pytest.fixture
def method() -> FewShot:
    """A small learner in float64, of two inner steps."""
    made = FewShot(FewShotConfig(inner_steps=2, inner_lr=RATE, device="cpu"))
    made.learner.network, made.learner.train_way = Conv4(4, "folded"), N_WAY
    random = generator(0, "weights")
    for name, parameter in made.learner.named_parameters():
        if name != "log_rates":
            parameter.data = 0.5 * torch.randn(parameter.shape, generator=random)
    made.learner.double().log_rates.data.fill_(math.log(RATE))
    return made


def tasks_of(n_tasks: int) -> Episodes:
    random = generator(1, "tasks")
    pictures = torch.rand(2, n_tasks, 6, 1, 28, 28, generator=random, dtype=torch.float64)
    labels = torch.arange(N_WAY).repeat_interleave(2).expand(n_tasks, -1)
    return Episodes(pictures[0], labels, pictures[1], labels)


def initial_parameters(learner: Learner) -> dict[str, Tensor]:
    """The weights of one task, without the dimension of tasks."""
    return {name: tensor[0] for name, tensor in learner.initial_parameters(N_WAY).items()}


def answer(learner: Learner, weights: dict[str, Tensor], x: Tensor) -> Tensor:
    """By the textbook's form of the network, for one task."""
    body = {name: tensor for name, tensor in weights.items() if name not in HEAD}
    features: Tensor = functional_call(learner.network, body, (x,))
    return features @ weights["head.weight"] + weights["head.bias"]


def path_by_hand(
    learner: Learner,
    tasks: Episodes,
    task: int,
    steps: int,
    second_order: bool = False,
    rate: float = RATE,
) -> list[dict[str, Tensor]]:
    """The weights of one task before and after each step, by autograd alone."""
    weights = initial_parameters(learner)
    weights |= {name: weights[name].requires_grad_() for name in HEAD}
    path = [weights]
    for _ in range(steps):
        loss = F.cross_entropy(answer(learner, weights, tasks.support_x[task]),
                               tasks.support_y[task])  # fmt: skip
        gradients = torch.autograd.grad(loss, list(weights.values()), create_graph=second_order)
        weights = {
            name: tensor - rate * gradient
            for (name, tensor), gradient in zip(weights.items(), gradients, strict=True)
        }
        path.append(weights)
    return path


def length(tensors: list[Tensor]) -> float:
    return math.sqrt(sum(tensor.square().sum().item() for tensor in tensors))


def test_layers_move_as_far_as_in_a_loop_by_hand(method: FewShot) -> None:
    learner, tasks = method.learner, tasks_of(2)
    movement = measure_adaptation(learner, tasks, 3).movement
    assert movement.layers == ("layer 1", "layer 2", "layer 3", "head")
    for task in range(2):
        path = path_by_hand(learner, tasks, task, 3)
        for step in (1, 3):
            moved = {name: path[step][name] - path[0][name] for name in path[0]}
            for layer in range(3):
                names = [f"{kind}.{layer}" for kind in ("kernels", "scales", "shifts")]
                expected = length([moved[n] for n in names]) / length([path[0][n] for n in names])
                got = movement.relative[task, step - 1, layer].item()
                assert got == pytest.approx(expected, rel=1e-9, abs=1e-12)
            share = length([moved[n] for n in HEAD]) ** 2 / length(list(moved.values())) ** 2
            assert movement.share[task, step - 1, 3].item() == pytest.approx(share, rel=1e-9)
    assert movement.relative[:, 0, :3].abs().max() < 1e-12  # from a head of zero no gradient flows
    assert movement.relative[:, 2, :3].min() > 1e-4
    assert movement.relative[..., 3].isnan().all()


def test_accuracy_with_the_initial_body_is_that_of_the_old_features(method: FewShot) -> None:
    learner, tasks, far = method.learner, tasks_of(20), 20 * RATE  # so far that it matters
    learner.log_rates.data.fill_(math.log(far))
    measured = measure_adaptation(learner, tasks, 4)
    right = (method.adapt(tasks, 4).outputs[:, -1].argmax(-1) == tasks.query_y).double().mean(-1)
    assert torch.equal(measured.accuracy, right)
    for task in range(3):
        end = path_by_hand(learner, tasks, task, 4, rate=far)[-1]
        mixed = initial_parameters(learner) | {name: end[name] for name in HEAD}
        kept = answer(learner, mixed, tasks.query_x[task]).argmax(-1) == tasks.query_y[task]
        assert measured.accuracy_with_initial_body[task].item() == kept.double().mean().item()
    assert not torch.equal(measured.accuracy_with_initial_body, measured.accuracy)


def test_similarity_compares_the_features_before_and_after(method: FewShot) -> None:
    learner, tasks = method.learner, tasks_of(2)
    similarity = measure_adaptation(learner, tasks, 4).similarity
    assert similarity.shape == (2, 3)
    for task in range(2):
        path = path_by_hand(learner, tasks, task, 4)
        features = [
            functional_call(
                learner.network,
                {name: tensor for name, tensor in weights.items() if name not in HEAD},
                (tasks.query_x[task],),
            )
            for weights in (path[0], path[-1])
        ]
        expected = linear_cka(*features).item()
        assert similarity[task, 2].item() == pytest.approx(expected, rel=1e-9)
        assert expected < 0.9995


def test_a_frozen_body_stays_where_it_is(method: FewShot) -> None:
    method.learner.frozen_body = True
    measured = measure_adaptation(method.learner, tasks_of(2), 3)
    assert measured.movement.relative[..., :3].max() == 0
    assert torch.equal(measured.movement.share[..., 3], torch.ones(2, 3, dtype=torch.float64))
    assert torch.allclose(measured.similarity, torch.ones(2, 3, dtype=torch.float64))
    assert torch.equal(measured.accuracy, measured.accuracy_with_initial_body)


@pytest.mark.parametrize("steps", [2, 5])
def test_the_path_has_the_losses_of_adapting(method: FewShot, steps: int) -> None:
    task = tasks_of(1)
    landscape = loss_landscape(method.learner, task, steps, (3, 2))
    adaptation = method.adapt(task, steps)
    torch.testing.assert_close(landscape.path_support, adaptation.support_loss[0])
    queries = [F.cross_entropy(outputs, task.query_y[0]) for outputs in adaptation.outputs[0]]
    torch.testing.assert_close(landscape.path_query, torch.stack(queries))


def test_the_surface_is_the_loss_at_the_places_of_the_plane(method: FewShot) -> None:
    """Two steps make three points, which lie in one plane: the path is in the landscape."""
    learner, task = method.learner, tasks_of(1)
    landscape = loss_landscape(learner, task, 2, (6, 7))
    path = path_by_hand(learner, task, 0, 2)
    plane = principal_plane(torch.stack([flat(weights) for weights in path]).detach())
    assert landscape.share == pytest.approx(1)

    def losses_at(place: Tensor) -> list[float]:
        weights = unflat(plane.points(place[None])[0], path[0])
        pairs = ((task.support_x, task.support_y), (task.query_x, task.query_y))
        return [F.cross_entropy(answer(learner, weights, x[0]), y[0]).item() for x, y in pairs]

    for row, column in ((0, 0), (1, 4), (5, 2)):
        expected = losses_at(torch.stack([landscape.x[column], landscape.y[row]]))
        got = [landscape.support[row, column].item(), landscape.query[row, column].item()]
        assert got == pytest.approx(expected, rel=1e-9)
    for step, place in enumerate(landscape.path):
        assert losses_at(place)[0] == pytest.approx(landscape.path_support[step].item(), rel=1e-9)


def flat(weights: dict[str, Tensor]) -> Tensor:
    return torch.cat([tensor.flatten() for tensor in weights.values()])


def unflat(row: Tensor, like: dict[str, Tensor]) -> dict[str, Tensor]:
    parts = torch.split(row, [tensor.numel() for tensor in like.values()])
    return {name: part.view_as(like[name]) for name, part in zip(like, parts, strict=True)}


@pytest.mark.parametrize("order", ["second", "first"])
@pytest.mark.parametrize("steps", [1, 2])
def test_meta_gradient_is_that_of_a_loop_by_hand(method: FewShot, steps: int, order: Order) -> None:
    learner, tasks = method.learner, tasks_of(2)
    losses = []
    for task in range(2):
        end = path_by_hand(learner, tasks, task, steps, second_order=order == "second")[-1]
        losses.append(F.cross_entropy(answer(learner, end, tasks.query_x[task]),
                                      tasks.query_y[task]))  # fmt: skip
    gradients = torch.autograd.grad(torch.stack(losses).mean(), list(learner.network.parameters()))
    expected = torch.cat([gradient.flatten() for gradient in gradients])
    got = meta_gradient(learner, tasks, steps, order)
    torch.testing.assert_close(got, expected, rtol=1e-9, atol=1e-12)


def test_meta_gradient_is_the_one_that_training_follows(method: FewShot) -> None:
    tasks = tasks_of(2)
    assert isinstance(method.objective, Maml)
    loss, _ = method.objective.meta_loss(tasks)
    gradients = torch.autograd.grad(loss, list(method.learner.network.parameters()))
    expected = torch.cat([gradient.flatten() for gradient in gradients])
    torch.testing.assert_close(meta_gradient(method.learner, tasks, 2, "second"), expected)


def test_the_second_order_part_is_what_the_first_leaves_out(method: FewShot) -> None:
    learner, tasks = method.learner, tasks_of(2)
    whole, first = (meta_gradient(learner, tasks, 2, order) for order in ("second", "first"))
    parts = decompose_gradient(learner, tasks, 2)
    assert parts.whole == pytest.approx(whole.norm().item())
    assert parts.second_order == pytest.approx((whole - first).norm().item())
    cosine = F.cosine_similarity(whole, first, dim=0).item()
    assert parts.angle == pytest.approx(math.degrees(math.acos(cosine)))
    assert parts.angle > 1
