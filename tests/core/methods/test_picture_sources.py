"""SimCLR on characters: it trains on them and is evaluated on digits."""

from collections.abc import Iterator

import pytest
import torch

from core.data.digits import load_digits
from core.data.omniglot import characters, load_omniglot
from core.data.strokes import render_strokes, stroke_classes
from core.methods import picture_sources
from core.methods.picture_sources import (
    PictureSource,
    evaluation_digits,
    n_training_pictures,
    training_pictures,
)
from core.methods.simclr.config import SimClrConfig
from core.methods.simclr.method import SimClr


@pytest.fixture
def few_strokes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Thirty characters in place of 1,100."""
    monkeypatch.setattr(picture_sources, "STROKE_CLASSES", 30)
    picture_sources._strokes.cache_clear()
    yield
    picture_sources._strokes.cache_clear()


@pytest.mark.usefixtures("few_strokes")
def test_strokes_are_characters_in_many_hands() -> None:
    pictures = training_pictures("strokes")
    assert pictures.images.shape == (600, 28, 28)
    assert torch.bincount(pictures.labels).tolist() == [20] * 30
    [[expected]] = render_strokes(stroke_classes("train", 30)[7:8], torch.tensor([3]))
    assert torch.equal(pictures.images[7 * 20 + 3], expected)
    assert pictures.labels[7 * 20 + 3] == 7


def test_omniglot_gives_its_training_characters() -> None:
    pictures = training_pictures("omniglot")
    assert len(pictures) == 22_000 and pictures.labels.max() == 1099
    chosen = characters("train", "random")
    assert torch.equal(pictures.images[5 * 20 + 2], load_omniglot().images[chosen[5], 2])


@pytest.mark.usefixtures("few_strokes", "mnist_root")
@pytest.mark.parametrize("source", ["sample", "mnist", "omniglot", "strokes"])
def test_as_many_are_counted_as_there_are(source: PictureSource) -> None:
    assert n_training_pictures(source) == len(training_pictures(source))


@pytest.mark.usefixtures("few_strokes")
def test_training_on_characters_is_evaluated_on_digits() -> None:
    method = SimClr(SimClrConfig(source="strokes", steps=4, width=4, batch_size=32))
    before = method.validate(0)
    assert len(method.pictures) == 600
    assert torch.equal(method.bank.images, load_digits("sample", "train").images)
    losses = [method.step(step)["loss"] for step in range(1, 5)]
    assert all(torch.isfinite(torch.tensor(losses)))
    after = method.validate(4)
    assert before["knn_accuracy"] == before["knn_accuracy_untrained"] != after["knn_accuracy"]
    digits = SimClr(SimClrConfig(steps=4, width=4)).validate(0)
    assert before["knn_accuracy_pixels"] == digits["knn_accuracy_pixels"]


def test_training_on_digits_is_evaluated_on_the_same_source() -> None:
    assert evaluation_digits("sample", "train") is load_digits("sample", "train")
    assert evaluation_digits("strokes", "held_out") is load_digits("sample", "held_out")
