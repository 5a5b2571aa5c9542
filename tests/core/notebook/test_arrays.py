"""Arrays of every right kind are the same pictures; every other is refused in a sentence."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from core.errors import GlimpseError
from core.models.encoder import GREY
from core.notebook.arrays import as_classes, as_masks, as_pictures, pictures_like

BYTES = np.random.default_rng(0).integers(0, 256, (3, 28, 28), np.uint8)
UNIT = torch.from_numpy(BYTES.astype(np.float32) / 255)[:, None]  # (3, 1, 28, 28)
RIGHT: dict[str, Callable[[], Any]] = {
    "bytes": lambda: BYTES,
    "bytes with channels": lambda: BYTES[:, None],
    "bytes as tensor": lambda: torch.from_numpy(BYTES),
    "double": lambda: BYTES / 255,
    "single as tensor": lambda: UNIT,
    "with a gradient": lambda: UNIT.clone().requires_grad_(),
    "big-endian": lambda: (BYTES / 255).astype(">f4"),
    "extended": lambda: BYTES.astype(np.longdouble) / 255,
    "backwards in memory": lambda: np.array(BYTES[::-1, :, ::-1])[::-1, :, ::-1],
    "by columns": lambda: np.asfortranarray(BYTES),
    "read-only": lambda: np.frombuffer(BYTES.tobytes(), np.uint8).reshape(3, 28, 28),
}


@pytest.mark.parametrize("kind", RIGHT)
@pytest.mark.filterwarnings("error")
def test_every_right_kind_is_the_same_pictures(kind: str) -> None:
    found = as_pictures(RIGHT[kind](), GREY)
    assert found.dtype == torch.float32 and not found.requires_grad
    torch.testing.assert_close(found, UNIT, atol=1e-7, rtol=0)


def test_photos_have_three_channels() -> None:
    photos = np.full((2, 3, 32, 32), 51, np.uint8)
    assert as_pictures(photos, (3, 32, 32)).flatten().tolist() == pytest.approx([0.2] * 2 * 3072)
    with pytest.raises(GlimpseError, match=r"\(2, 28, 28\): give \(N, 3, 32, 32\)\.$"):
        as_pictures(BYTES[:2], (3, 32, 32))


def test_a_little_beyond_the_range_is_taken_as_interpolation_leaves_it() -> None:
    beyond = UNIT * 1.005
    assert as_pictures(beyond, GREY).flatten().tolist() == pytest.approx(beyond.flatten().tolist())


WRONG: list[tuple[Any, str]] = [
    (BYTES.astype(np.float32), "floats from 0 to 255, not from 0 to 1: divide those from 0 to 255"),
    (UNIT * 2 - 1, r"floats from -1 to 1, .* by \(x \+ 1\) / 2"),
    ((UNIT - 0.13) / 0.31, r"floats from -0.41\d+ to 2.8\d+, .*: undo their normalisation"),
    (BYTES // 255, "uint8 from 0 to 1, which is black next to 255: multiply them by 255"),
    (BYTES.astype(np.int64), "are int64: give uint8 from 0 to 255, or floats from 0 to 1"),
    (torch.from_numpy(BYTES).int(), "are int32: give uint8"),
    (BYTES > 127, "are bool: give uint8"),
    (BYTES + 0j, "are complex128: give uint8"),
    (torch.from_numpy(BYTES) + 0j, "are complex64: give uint8"),
    (BYTES.astype(str), "give uint8"),
    (np.where(BYTES > 5, np.nan, 0), "NaN or infinite values"),
    (BYTES / 255 * 1e300, "NaN or infinite values"),
    (UNIT / 0, "NaN or infinite values"),
    (BYTES.tolist(), "of type list: give a NumPy array or a torch tensor"),
    (None, "of type NoneType"),
    (BYTES[0], r"the shape \(28, 28\): give \(N, 28, 28\) or \(N, 1, 28, 28\)"),
    (BYTES[:, :27], r"the shape \(3, 27, 28\)"),
    (BYTES[:, None, :27], r"the shape \(3, 1, 27, 28\)"),
    (BYTES.reshape(3, 784), r"the shape \(3, 784\)"),
    (np.zeros(()), r"the shape \(\)"),
    (UNIT.expand(3, 3, 28, 28), r"the shape \(3, 3, 28, 28\)"),
    (BYTES[:0], "There are no pictures: give at least one"),
]


@pytest.mark.parametrize(("array", "sentence"), WRONG, ids=[sentence for _, sentence in WRONG])
@pytest.mark.filterwarnings("error")
def test_what_is_no_picture_is_refused(array: Any, sentence: str) -> None:
    with pytest.raises(GlimpseError, match=sentence):
        as_pictures(array, GREY)


def test_masks_are_of_any_number_but_only_0_and_1() -> None:
    visible = BYTES > 99
    for given in (visible, visible.astype(int), torch.from_numpy(visible), visible[:, None] * 1.0):
        assert torch.equal(as_masks(given, 3, GREY).bool()[:, 0], torch.from_numpy(visible))
    for wrong in (visible * 255, visible * 0.5, np.where(visible, np.nan, 1)):
        with pytest.raises(GlimpseError, match="1 where a pixel is visible and 0 where it is hid"):
            as_masks(wrong, 3, GREY)
    with pytest.raises(GlimpseError, match="There are 3 masks for 5 pictures"):
        as_masks(visible, 5, GREY)


@pytest.mark.parametrize(
    "labels",
    [["b", "a", "b", "c"], [7, -1, 7, 9], np.array([0.5, 0.1, 0.5, 3]), torch.tensor([5, 2, 5, 8])],
)
def test_classes_are_in_the_order_of_their_labels(labels: Any) -> None:
    assert [places.tolist() for places in as_classes(labels, 4)] == [[1], [0, 2], [3]]


@pytest.mark.parametrize(
    ("labels", "sentence"),
    [([1, 2], r"shape \(2,\), and there are 4"), ([[1, 2], [3, 4]], r"shape \(2, 2\), and"),
     ([3, 3, 3, 3], "one class alone")],
)  # fmt: skip
def test_labels_that_cannot_be_are_refused(labels: Any, sentence: str) -> None:
    with pytest.raises(GlimpseError, match=sentence):
        as_classes(labels, 4)


@pytest.mark.parametrize("kind", ["bytes", "bytes with channels", "bytes as tensor"])
def test_bytes_come_back_as_the_same_bytes(kind: str) -> None:
    given = RIGHT[kind]()
    found = pictures_like(as_pictures(given, GREY), given)
    assert type(found) is type(given) and found.dtype == given.dtype
    assert found.shape == given.shape and (found == given).all()


@pytest.mark.parametrize("kind", ["double", "single as tensor"])
def test_floats_come_back_as_single_ones(kind: str) -> None:
    given = RIGHT[kind]()
    found = pictures_like(as_pictures(given, GREY), given)
    assert isinstance(found, Tensor if kind.endswith("tensor") else np.ndarray)
    assert str(found.dtype).endswith("float32") and found.shape == given.shape
