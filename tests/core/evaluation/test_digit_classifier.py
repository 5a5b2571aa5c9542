"""The shipped classifier has the accuracy on its card, on digits that it was not trained on."""

import json

import numpy as np
import pytest
import torch

from core.data.digits import load_digits
from core.evaluation.digit_classifier import WEIGHTS, accuracy, classify_digits, shipped_classifier
from core.makers.digit_classifier import SHIFT, shifted
from core.seeding import generator


def test_reads_held_out_digits_as_its_card_says() -> None:
    digits = load_digits("sample", "held_out")
    likely = classify_digits(digits.images.numpy())
    assert likely.shape == (1000, 10)
    assert np.allclose(likely.sum(axis=1), 1, atol=1e-5)
    stated = json.loads(WEIGHTS.with_suffix(".json").read_text())["figures"]["accuracy"]
    assert stated >= 0.985
    read = (likely.argmax(axis=1) == digits.labels.numpy()).mean()
    assert read == pytest.approx(stated, abs=0.01)
    assert accuracy(shipped_classifier(), digits.images, digits.labels) == pytest.approx(read)
    assert WEIGHTS.stat().st_size < 300_000


def test_pictures_move_by_up_to_two_pixels_and_black_moves_in() -> None:
    pictures = torch.rand(200, 1, 28, 28, generator=generator("pictures")) + 0.1
    moved = shifted(pictures, generator("shifts"))
    seen = set()
    for before, after in zip(pictures[:, 0], moved[:, 0], strict=True):
        ink = after.nonzero()
        (top, left), (bottom, right) = ink.min(dim=0).values, ink.max(dim=0).values
        down = int(top) if top else int(bottom) - 27
        along = int(left) if left else int(right) - 27
        seen.add((down, along))
        rolled = torch.roll(before, (down, along), (0, 1))
        assert torch.equal(after[top : bottom + 1, left : right + 1],
                           rolled[top : bottom + 1, left : right + 1])  # fmt: skip
    assert seen == {(y, x) for y in range(-SHIFT, SHIFT + 1) for x in range(-SHIFT, SHIFT + 1)}
