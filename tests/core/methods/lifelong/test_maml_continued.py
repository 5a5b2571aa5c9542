"""MAML, continued: against SGD on PyTorch's own layers, whose batch norms no longer follow."""

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.data.images import to_unit
from core.methods.few_shot.inner_loop import HEAD
from core.methods.lifelong.features import few_shot_network
from core.methods.lifelong.learners.maml_continued import MamlContinued
from core.methods.lifelong.stream import stream_pictures

CAPACITY = 20  # with fewer classes a first step leaves no error that would move the network
CLASSES = (*range(CAPACITY), 0, 7)  # of the support sets, in turn


@pytest.fixture(scope="module")
def pictures() -> Tensor:
    """uint8 (20, 20, 28, 28)"""
    return stream_pictures("omniglot", CAPACITY, seed=0)


def textbook_network(reference: Tensor) -> nn.Sequential:
    """The shipped network of PyTorch's layers, whose norms are fixed to those of the reference."""
    network = few_shot_network("alphabet").conv4
    layers: list[nn.Module] = [nn.PixelUnshuffle(network.fold)]
    for place, kernel in enumerate(network.kernels):
        depth = kernel.shape[1]
        convolution = nn.Conv2d(len(kernel) // 9, depth, 3, stride=2, padding=1, bias=False)
        convolution.weight.data = kernel.detach().clone().view(3, 3, -1, depth).permute(3, 2, 0, 1)
        norm = nn.BatchNorm2d(depth)
        norm.weight.data = network.scales[place].detach()[0].clone()
        norm.bias.data = network.shifts[place].detach()[0].clone()
        layers += [convolution, norm, *[nn.ReLU()] * (place < network.relus)]
    body, x = nn.Sequential(*layers).eval(), to_unit(reference)
    with torch.no_grad():
        for layer in body:
            if isinstance(layer, nn.BatchNorm2d):
                layer.running_mean = x.mean((0, 2, 3))
                layer.running_var = x.var((0, 2, 3), correction=0)
            x = layer(x)
    return body


def test_a_class_is_a_step_of_sgd_at_the_rates_of_maml(pictures: Tensor) -> None:
    begun = few_shot_network("alphabet")
    body, head = textbook_network(begun.reference), nn.Linear(begun.conv4.width, CAPACITY)
    nn.init.zeros_(head.weight)
    nn.init.zeros_(head.bias)
    rates = dict(zip([*begun.learner.body, *HEAD], begun.learner.log_rates[0].exp(), strict=True))
    convolutions = [each for each in body if isinstance(each, nn.Conv2d)]
    norms = [each for each in body if isinstance(each, nn.BatchNorm2d)]
    weights = {"head.weight": head.weight, "head.bias": head.bias}
    for place, (convolution, norm) in enumerate(zip(convolutions, norms, strict=True)):
        weights[f"kernels.{place}"] = convolution.weight
        weights |= {f"scales.{place}": norm.weight, f"shifts.{place}": norm.bias}
    sgd = torch.optim.SGD(
        [
            {"params": [weight], "lr": rates[name].item() / begun.learner.train_way}
            for name, weight in weights.items()
        ]
    )

    def features(drawn: Tensor) -> Tensor:
        return body(to_unit(drawn)).permute(0, 2, 3, 1).flatten(1)  # type: ignore[no-any-return]

    learner = MamlContinued(0, CAPACITY)
    known: list[int] = []
    for turn, label in enumerate(CLASSES):
        support = pictures[label, [0, 1] if turn < CAPACITY else [2, 3]]
        known = sorted({*known, label})
        scores = head(features(support))[:, known]
        loss = F.cross_entropy(scores, torch.full((2,), known.index(label)))
        sgd.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        sgd.step()
        learner.learn(support, torch.full((2,), label))
    asked = pictures[:, -2:].flatten(0, 1)
    expected = head(features(asked)).detach()
    for before, after in zip(begun.conv4.parameters(), learner.network.parameters(), strict=True):
        assert (after - before).abs().max() > 1e-3, "the whole network moves"
    torch.testing.assert_close(
        learner.logits(asked)[:, known], expected[:, known], atol=2e-2, rtol=1e-3
    )


def test_a_support_set_is_what_comes_in_a_row_of_one_class(pictures: Tensor) -> None:
    seen, labels = pictures[:3, :4].flatten(0, 1), torch.arange(3).repeat_interleave(4)
    at_once, in_turn = MamlContinued(0, CAPACITY), MamlContinued(0, CAPACITY)
    at_once.learn(seen, labels)
    for label in range(3):
        in_turn.learn(pictures[label, :4], torch.full((4,), label))
    for name, value in at_once.state_dict().items():
        assert torch.equal(value, in_turn.state_dict()[name]), name


def test_an_answer_depends_on_nothing_else_that_is_asked(pictures: Tensor) -> None:
    learner = MamlContinued(0, CAPACITY)
    learner.learn(pictures[:, :3].flatten(0, 1), torch.arange(CAPACITY).repeat_interleave(3))
    asked = pictures[:, -5:].flatten(0, 1)
    alone = torch.cat([learner.logits(each[None]) for each in asked])
    torch.testing.assert_close(learner.logits(asked), alone, atol=1e-3, rtol=1e-4)


def test_learners_share_no_weights(pictures: Tensor) -> None:
    kernel = few_shot_network("alphabet").conv4.kernels[0].clone()
    MamlContinued(0, CAPACITY).learn(pictures[:2, 0], torch.arange(2))
    assert torch.equal(few_shot_network("alphabet").conv4.kernels[0], kernel)
