"""The generator of endless alphabets."""

import numpy as np
import pytest
import torch
from torch import Tensor

from core.data.omniglot import load_omniglot
from core.data.stroke_shapes import KNOTS, POINTS, _catmull_rom, characters_of
from core.data.strokes import _BLUR, _splat, render_strokes, stroke_classes


@pytest.fixture(scope="module")
def drawn() -> Tensor:
    """100 characters, 20 drawings each."""
    return render_strokes(stroke_classes("train", 100), torch.arange(20))


def test_shape_and_range(drawn: Tensor) -> None:
    assert drawn.shape == (100, 20, 28, 28)
    assert drawn.dtype == torch.uint8
    assert drawn.amax((2, 3)).min() > 150  # ink is bright in every picture
    assert drawn[:, :, [0, -1]].float().mean() < 2  # and hardly any at the edge


def test_a_picture_depends_on_its_two_seeds_alone(drawn: Tensor) -> None:
    torch.manual_seed(123)
    classes = stroke_classes("train", 100)
    for c, m in ((0, 0), (37, 11), (99, 19)):
        alone = render_strokes(classes[c : c + 1], torch.tensor([m]))
        assert torch.equal(alone[0, 0], drawn[c, m])
    odd = torch.tensor([91, 3, 3, 58, 17])
    others = render_strokes(classes[odd], torch.tensor([19, 0, 7]))
    assert torch.equal(others, drawn[odd][:, [19, 0, 7]])


def test_pictures_stay_what_they_were(drawn: Tensor) -> None:
    """Weights were trained on these classes: a change of the generator is a change of the data."""
    ink = drawn[:3, 0].float().mean((1, 2)) / 255
    assert ink.tolist() == pytest.approx([0.0578, 0.0955, 0.0803], abs=1e-3)


def test_splits_never_meet() -> None:
    parts = [set(stroke_classes(split, 5000).tolist()) for split in ("train", "validation", "test")]
    assert [len(part) for part in parts] == [5000] * 3
    assert len(set.union(*parts)) == 15_000


def test_more_classes_begin_with_the_same_ones() -> None:
    assert torch.equal(stroke_classes("test", 100)[:10], stroke_classes("test", 10))


def test_classes_differ_more_than_instances(drawn: Tensor) -> None:
    """One drawing a character is enough to tell five apart by pixels, but not always.

    On Omniglot the same gives about 0.42, chance is 0.2.
    """
    generator = torch.Generator().manual_seed(0)
    pixels = drawn.float().flatten(2)
    hits = []
    for _ in range(300):
        classes = torch.randperm(100, generator=generator)[:5]
        support, query = torch.randperm(20, generator=generator)[:2]
        nearest = torch.cdist(pixels[classes, query], pixels[classes, support]).argmin(1)
        hits.append(float((nearest == torch.arange(5)).float().mean()))
    assert 0.35 < float(np.mean(hits)) < 0.65


def test_pictures_are_like_omniglots(drawn: Tensor) -> None:
    """Size, place and amount of ink of the middle picture agree within a fifth."""
    omniglot = load_omniglot().images[::16]
    for measure in (ink_amount, box_side, box_middle):
        ours, theirs = float(measure(drawn).median()), float(measure(omniglot).median())
        assert ours == pytest.approx(theirs, rel=0.2), measure.__name__


def ink_amount(images: Tensor) -> Tensor:
    return images.float().sum((2, 3)) / 255


def box_side(images: Tensor) -> Tensor:
    """The longer side of the box around the ink, pixels."""
    spans = [last - first + 1 for first, last in box(images)]
    return torch.maximum(*spans).float()


def box_middle(images: Tensor) -> Tensor:
    """Where the middle of the box lies, down and across, pixels."""
    return torch.stack([(first + last) / 2 for first, last in box(images)])


def box(images: Tensor) -> list[tuple[Tensor, Tensor]]:
    """First and last row, then column, with ink."""
    found = []
    for axis in (3, 2):
        on = (images > 80).any(axis).int()
        found.append((on.argmax(-1), 27 - on.flip(-1).argmax(-1)))
    return found


def test_spline_goes_through_its_knots_like_a_hermite_cubic() -> None:
    """Catmull-Rom is the cubic through the middle knots with half their neighbours' difference."""
    knots = torch.tensor([0.3, 1.0, -2.0, 4.0], dtype=torch.float64)
    t = torch.linspace(0, 1, 11, dtype=torch.float64)
    tangent_1, tangent_2 = (knots[2] - knots[0]) / 2, (knots[3] - knots[1]) / 2
    hermite = (
        (1 + 2 * t) * (1 - t) ** 2 * knots[1]
        + t * (1 - t) ** 2 * tangent_1
        + t**2 * (3 - 2 * t) * knots[2]
        + t**2 * (t - 1) * tangent_2
    )
    torch.testing.assert_close(_catmull_rom(t) @ knots, hermite)


def test_points_lie_evenly_along_the_strokes() -> None:
    characters = characters_of(stroke_classes("train", 50))
    flat = characters.knots.flatten(1, 2)
    assert characters.near.shape == (50, POINTS, 4)
    for c in range(50):
        points = (flat[c][characters.near[c]] * characters.weights[c][..., None]).sum(1)
        gaps = (points[1:] - points[:-1]).norm(dim=-1)
        stroke = characters.near[c, :, 0] // KNOTS
        within = gaps[stroke[1:] == stroke[:-1]]
        assert float(within.median()) == pytest.approx(float(characters.spacing[c]), rel=0.25)
        assert float(within.max()) < 2.5  # no gap that would show


def test_splat_is_a_sum_of_gaussians() -> None:
    points = 28 * torch.rand(2, 5, 2, generator=torch.Generator().manual_seed(0))
    amount = torch.tensor([0.3, 0.6])
    ink = _splat(points, amount).double()
    rows, columns = np.mgrid[0:28, 0:28]
    for b in range(2):
        expected = np.zeros((28, 28))
        for x, y in points[b].double().numpy():
            distance = (columns - x) ** 2 + (rows - y) ** 2
            expected += np.exp(-distance / (2 * _BLUR**2)) / (2 * np.pi * _BLUR**2)
        expected = np.minimum(255 * float(amount[b]) * expected, 255)
        assert np.abs(ink[b].numpy() - expected).max() <= 1 + 1e-3  # it rounds down
