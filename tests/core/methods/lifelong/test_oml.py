"""OML: its steps against SGD on PyTorch's layers, its gradient against autograd of the textbook."""

import copy
import itertools

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.data.omniglot import characters, load_omniglot
from core.makers.oml import CLASSES, K_SHOT, sample_stream, train
from core.methods.lifelong.features import load_features
from core.methods.lifelong.learners.base import Drawings, StreamLearner
from core.methods.lifelong.learners.fine_tuning import FineTuning
from core.methods.lifelong.learners.oml import OmlHead
from core.methods.lifelong.oml import Oml, Stream, oml_features
from core.methods.lifelong.stream import stream_pictures

STREAMED = 100


@pytest.fixture(scope="module")
def pictures() -> Tensor:
    """uint8 (100, 20, 28, 28)"""
    return stream_pictures("omniglot", STREAMED, seed=0)


def background() -> Tensor:
    return load_omniglot().images[characters("train", "alphabet")]


def test_an_example_is_a_step_of_sgd_among_the_classes_so_far(pictures: Tensor) -> None:
    learner, embed = OmlHead(0, 6), oml_features()
    layer = nn.Linear(embed(pictures[0, :1]).shape[1], 6, bias=False)
    nn.init.zeros_(layer.weight)
    sgd = torch.optim.SGD(layer.parameters(), lr=learner.rate)
    known: list[int] = []
    for label in (4, 1, 1, 5, 4):
        known = sorted({*known, label})
        example = pictures[label, len(known)][None]
        loss = F.cross_entropy(layer(embed(example))[:, known], torch.tensor([known.index(label)]))
        sgd.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        sgd.step()
        learner.learn(example, torch.tensor([label]))
    asked = pictures[:6, -1]
    expected = layer(embed(asked)).detach()[:, known]
    torch.testing.assert_close(learner.logits(asked)[:, known], expected)
    assert learner.known.tolist() == [1, 4, 5]


def textbook_loss(oml: Oml, stream: Stream) -> Tensor:
    """The loss after a stream, whose gradients in the weights are taken by autograd."""
    features = F.normalize(oml.network(torch.cat([stream.pictures, stream.asked])[:, None] / 255))
    weight = oml.weight.clone()
    weight[stream.classes] = 0
    for x, label in zip(features, stream.classes, strict=False):
        loss = F.cross_entropy((weight @ x)[None], label[None])
        (gradient,) = torch.autograd.grad(loss, weight, create_graph=True)
        weight = weight - oml.log_rate.exp() * gradient
    logits = features @ weight.T
    return F.cross_entropy(logits, torch.cat([stream.classes, stream.asked_classes]))


def test_the_meta_gradient_goes_through_all_steps() -> None:
    oml = Oml(n_classes=9, rate=2.0)
    nn.init.normal_(oml.weight)
    drawings = background()[:9]
    stream = Stream(
        drawings[[2, 2, 5, 5], [0, 1, 0, 1]], torch.tensor([2, 2, 5, 5]),
        drawings[[2, 5, 0, 7, 8], 3], torch.tensor([2, 5, 0, 7, 8]),
    )  # fmt: skip
    ours, expected = oml.loss(stream), textbook_loss(oml, stream)
    torch.testing.assert_close(ours, expected)
    moved = [*oml.parameters()]
    for ours_of, expected_of in zip(
        torch.autograd.grad(ours, moved), torch.autograd.grad(expected, moved), strict=True
    ):
        torch.testing.assert_close(ours_of, expected_of, rtol=1e-3, atol=1e-6)
        assert ours_of.abs().max() > 0


def test_a_training_stream_brings_classes_in_a_row_and_asks_about_others_too() -> None:
    drawings = background()
    stream = sample_stream(drawings, step=3)
    assert len(drawings) == 806, "neither validation nor evaluation alphabets"
    in_a_row, lengths = torch.unique_consecutive(stream.classes, return_counts=True)
    assert len(in_a_row) == len(set(in_a_row.tolist())) == CLASSES
    assert lengths.tolist() == [K_SHOT] * CLASSES
    assert torch.equal(stream.asked_classes[:CLASSES], in_a_row)
    for label, learned in zip(stream.classes, stream.pictures, strict=True):
        assert (drawings[label] == learned).flatten(1).all(1).any()
        asked = stream.asked[in_a_row.tolist().index(label)]
        assert (drawings[label] == asked).flatten(1).all(1).any() and not torch.equal(
            asked, learned
        )
    assert not torch.equal(stream.pictures, sample_stream(drawings, step=4).pictures)


def test_meta_training_lowers_the_loss_after_a_stream_and_can_be_repeated() -> None:
    stream = sample_stream(background(), step=10_000)
    before, after, again = (train(steps).loss(stream).item() for steps in (0, 8, 8))
    assert after < before - 0.1
    assert after == again


def right(learner: StreamLearner, seen: Tensor) -> float:
    """The share of held-out drawings that it knows after all classes (C, 20, ...), in order."""
    labels = torch.arange(len(seen))
    learner.learn(seen[:, :5].flatten(0, 1), labels.repeat_interleave(5))
    return (
        (learner.answers(seen[:, -5:].flatten(0, 1)).view(-1, 5) == labels[:, None])
        .float()
        .mean()
        .item()
    )


def test_it_forgets_far_less_than_fine_tuning_does(pictures: Tensor) -> None:
    features = load_features("alphabet")(pictures.flatten(0, 1)).view(*pictures.shape[:2], -1)
    drawings = Drawings(pictures, features)
    learners = [kind(features.shape[-1], STREAMED) for kind in (FineTuning, OmlHead)]
    tuning, oml = (right(each, each.sees(drawings)) for each in learners)
    assert oml > tuning + 0.3


def test_a_class_needs_as_many_examples_as_the_others(pictures: Tensor) -> None:
    """As the page says: one is not enough among classes with five, five are."""
    before, new_ones = OmlHead(0, STREAMED), range(20, 26)
    before.learn(pictures[:20, :5].flatten(0, 1), torch.arange(20).repeat_interleave(5))
    known: dict[int, list[bool]] = {1: [], 5: []}
    for new, count in itertools.product(new_ones, known):
        learner = copy.deepcopy(before)
        learner.learn(pictures[new, :count], torch.full((count,), new))
        known[count] += (learner.answers(pictures[new, -5:]) == new).tolist()
    one, five = (sum(each) / len(each) for each in known.values())
    assert one < 0.2 and five > 0.8


def test_its_features_are_no_part_of_what_it_keeps() -> None:
    state = OmlHead(0, 4).state_dict()
    assert {name: tuple(value.shape) for name, value in state.items()} == {
        "counts": (4,), "weight": (4, 512),
    }  # fmt: skip
