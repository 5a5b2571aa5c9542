"""A person's own arrays as tensors for a network, and results as the arrays that came in.

Pictures are NumPy arrays or torch tensors, uint8 from 0 to 255 or floats from 0 to 1, with ink
bright on dark. What is seen to be anything else is refused in a sentence: a network answers a
picture in a wrong range too, and wrongly.
"""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
import torch
from torch import Tensor

from core.data.images import to_bytes
from core.errors import GlimpseError
from core.models.exported import SLACK

ArrayT = TypeVar("ArrayT", np.ndarray, Tensor)  # what comes in is what goes out
Labels = np.ndarray | Tensor | Sequence[int] | Sequence[str]
RANGES = "give uint8 from 0 to 255, or floats from 0 to 1"


def as_pictures(
    array: np.ndarray | Tensor, shape: tuple[int, int, int], name: str = "pictures"
) -> Tensor:
    """Pictures as float32 (N, *shape) in [0, 1], ink = 1.

    Args:
        array: (N, C, H, W), or (N, H, W) where there is one channel.
        shape: (C, H, W) of the network's pictures.
        name: what they are called in the sentence.

    Raises GlimpseError for another shape, kind of number or range.
    """
    tensor = _with_channels(_as_tensor(array, name), shape, name)
    if tensor.dtype == torch.uint8:
        if tensor.max() == 1:
            raise GlimpseError(
                f"The {name} are uint8 from 0 to 1, which is black next to 255: multiply them by "
                "255, or make them floats."
            )
        return tensor.float() / 255
    if not tensor.is_floating_point():
        raise GlimpseError(f"The {name} are {_kind(array)}: {RANGES}.")
    tensor = tensor.float()
    if not tensor.isfinite().all():
        raise GlimpseError(f"The {name} have NaN or infinite values: replace those first.")
    low, high = tensor.min().item(), tensor.max().item()
    if low < -SLACK or high > 1 + SLACK:
        raise GlimpseError(
            f"The {name} are floats from {low:g} to {high:g}, not from 0 to 1: {_remedy(low, high)}"
        )
    return tensor


def as_masks(array: np.ndarray | Tensor, n: int, shape: tuple[int, int, int]) -> Tensor:
    """Masks as float32 (n, *shape), 1 where a pixel is visible and 0 where it is hidden.

    They are bool, integers or floats. Raises GlimpseError for another number of them, another shape
    or other values.
    """
    masks = _with_channels(_as_tensor(array, "masks"), shape, "masks").float()
    if len(masks) != n:
        raise GlimpseError(f"There are {len(masks)} masks for {n} pictures: give one for each.")
    if not ((masks == 0) | (masks == 1)).all():
        raise GlimpseError(
            "The masks have other values than 0 and 1: give 1 where a pixel is visible and 0 where "
            "it is hidden, for example `masks > 127`."
        )
    return masks


def as_classes(labels: Labels, n: int) -> list[Tensor]:
    """For each class, in sorted order, the places (K_c,) of its examples among n.

    Raises GlimpseError for another number of labels than n, and for fewer than two classes.
    """
    values = np.asarray(labels.detach().cpu() if isinstance(labels, Tensor) else labels)
    if values.shape != (n,):
        raise GlimpseError(
            f"The labels have the shape {values.shape}, and there are {n} support pictures: give "
            "one label for each."
        )
    classes, numbers = np.unique(values, return_inverse=True)
    if len(classes) < 2:
        raise GlimpseError("The labels name one class alone: give examples of at least two.")
    return [torch.from_numpy(np.flatnonzero(numbers == each)) for each in range(len(classes))]


def like(result: Tensor, given: ArrayT) -> ArrayT:
    """A result as a NumPy array where one was given, else as a tensor on the device of `given`."""
    if isinstance(given, Tensor):
        return result.to(given.device)
    found: ArrayT = result.cpu().numpy()
    return found


def pictures_like(pictures: Tensor, given: ArrayT) -> ArrayT:
    """Pictures float32 (N, 1, H, W) in the shape of `given`, as uint8 where that is uint8."""
    if given.dtype in (np.uint8, torch.uint8):
        pictures = to_bytes(pictures)
    return like(pictures.view(tuple(given.shape)), given)


def _as_tensor(array: np.ndarray | Tensor, name: str) -> Tensor:
    if isinstance(array, Tensor):
        return array.detach()
    if not isinstance(array, np.ndarray):
        raise GlimpseError(
            f"The {name} are of type {type(array).__name__}: give a NumPy array or a torch tensor."
        )
    if array.dtype.kind not in "biuf":
        raise GlimpseError(f"The {name} are {_kind(array)}: {RANGES}.")
    kind = np.float32 if array.dtype.kind == "f" else array.dtype.newbyteorder("=")
    with np.errstate(over="ignore"):  # infinite values are refused
        return torch.from_numpy(array.astype(kind, order="C"))


def _with_channels(tensor: Tensor, shape: tuple[int, int, int], name: str) -> Tensor:
    """(N, H, W) as (N, 1, H, W), where that is the shape (C, H, W) of the network's pictures."""
    is_flat = shape[0] == 1 and tensor.shape[1:] == shape[1:]
    if not is_flat and tensor.shape[1:] != shape:
        accepted = (shape[1:], shape) if shape[0] == 1 else (shape,)
        raise GlimpseError(
            f"The {name} have the shape {tuple(tensor.shape)}: give "
            f"{' or '.join(f'(N, {str(each)[1:]}' for each in accepted)}."
        )
    if len(tensor) == 0:
        raise GlimpseError(f"There are no {name}: give at least one.")
    return tensor.unsqueeze(1) if is_flat else tensor


def _kind(array: np.ndarray | Tensor) -> str:
    return str(array.dtype).removeprefix("torch.")


def _remedy(low: float, high: float) -> str:
    if low >= 0 and 2 < high <= 255:
        return "divide those from 0 to 255 by 255."
    if low >= -1 - SLACK and high <= 1 + SLACK:
        return "those from -1 to 1 become right by (x + 1) / 2."
    return "undo their normalisation, or scale them."
