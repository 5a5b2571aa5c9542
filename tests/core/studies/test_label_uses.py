"""The ways of using labels: propagation solves the equation of its paper, and training starts where
it says.
"""

import pytest
import torch

from core.data.digits import LabelledImages, load_digits
from core.evaluation.label_propagation import GRAPH_NEIGHBOURS, SPREADING
from core.methods.simclr.config import SimClrConfig
from core.methods.simclr.method import SimClr
from core.studies.label_efficiency import labelled
from core.studies.label_uses import fine_tune, propagate, train_from_scratch

USES = "core.studies.label_uses"


def digits(per_class: int) -> LabelledImages:
    train, places = load_digits("sample", "train"), labelled(per_class, seed=0)
    return LabelledImages(train.images[places], train.labels[places])


def arcs(n: int, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    """(2n, 3) points on two arcs of a sphere that lie close together, and which arc each is on."""
    random = torch.Generator().manual_seed(seed)
    angle = torch.rand(2, n, generator=random) * 2
    height = torch.tensor([[0.0], [0.35]]).expand(2, n)
    points = torch.stack([angle.cos(), angle.sin(), height], dim=-1)
    return points.reshape(2 * n, 3), torch.arange(2).repeat_interleave(n)


def test_propagation_is_the_closed_form_of_its_paper() -> None:
    """F = (I - alpha S)^-1 Y, S = D^-1/2 W D^-1/2; Zhou et al. 2004, equation 3.

    The graph is built here from all distances, and the system is inverted as it stands.
    """
    known, classes = arcs(60, seed=0)
    queries, _ = arcs(25, seed=1)
    labels = torch.full_like(classes, -1)
    labels[[3, 7, 80]] = classes[[3, 7, 80]]

    unit, asked = (torch.nn.functional.normalize(x.double(), dim=1) for x in (known, queries))
    distances = torch.cdist(unit, unit).fill_diagonal_(torch.inf)
    joined = torch.zeros(120, 120, dtype=torch.float64)
    joined.scatter_(1, distances.topk(GRAPH_NEIGHBOURS, largest=False).indices, 1)
    joined = torch.maximum(joined, joined.T)
    root = joined.sum(1).rsqrt()
    inverse = torch.linalg.inv(torch.eye(120) - SPREADING * root[:, None] * joined * root)
    spread = inverse @ torch.stack([labels == 0, labels == 1], dim=1).double()
    spread = spread / spread.sum(1, keepdim=True)
    nearest = torch.cdist(asked, unit).topk(GRAPH_NEIGHBOURS, largest=False).indices
    expected = spread[nearest].sum(1).argmax(1)
    assert expected.unique().tolist() == [0, 1]
    assert torch.equal(propagate(known, labels, queries), expected)


def test_one_label_of_each_class_follows_the_shape_of_the_others() -> None:
    """A label at one end of each arc names them whole, where the nearest label would be wrong."""
    known, classes = arcs(150, seed=2)
    queries, truth = arcs(50, seed=3)
    ends = torch.tensor([known[:150, 1].argmin(), 150 + known[150:, 0].argmin()])  # opposite ends
    labels = torch.full_like(classes, -1)
    labels[ends] = classes[ends]
    nearest = classes[ends][torch.cdist(queries, known[ends]).argmin(1)]
    assert (nearest == truth).float().mean() < 0.8
    assert (propagate(known, labels, queries) == truth).float().mean() > 0.95


def test_fine_tuning_starts_from_the_given_weights_and_leaves_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    method = SimClr(SimClrConfig(width=4))
    before = {name: value.clone() for name, value in method.net.encoder.state_dict().items()}
    monkeypatch.setattr(f"{USES}.TRAINING_STEPS", 0)
    encoder, linear = fine_tune(method, digits(1), seed=3).children()
    assert all(torch.equal(before[name], value) for name, value in encoder.state_dict().items())
    assert linear.weight.shape == (10, method.net.encoder.dimension)
    monkeypatch.setattr(f"{USES}.TRAINING_STEPS", 2)
    first, again = (fine_tune(method, digits(1), seed=3).state_dict() for _ in range(2))
    assert all(torch.equal(first[name], again[name]) for name in first)
    moved = [not torch.equal(first[f"0.{name}"], value) for name, value in before.items()]
    assert all(moved)  # every weight of the encoder is trained
    now = method.net.encoder.state_dict()
    assert all(torch.equal(before[name], now[name]) for name in before)


def test_training_from_scratch_learns_its_labels_and_repeats(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(f"{USES}.TRAINING_STEPS", 40)
    labels, config = digits(5), SimClrConfig(width=4)
    images = labels.images.unsqueeze(1).float() / 255
    for with_views in (False, True):
        nets = [train_from_scratch(config, with_views, labels, 3) for _ in range(2)]
        with torch.no_grad():
            first, again = (net(images) for net in nets)
        assert torch.equal(first, again)
        right = (first.argmax(1) == labels.labels).float().mean().item()
        assert right > (0.5 if with_views else 0.95)
