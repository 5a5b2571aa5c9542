"""Networks as `torch.export` files, which run without the code of Glimpse.

The programs check their input, and the file `extra/about.txt` in them says what it is.
"""

from copy import deepcopy
from io import BytesIO

import torch
from torch import Tensor, nn

from core.models.encoder import GREY, Encoder

PICTURES = "Pictures are float32 (B, {}, {}, {}) from 0 to 1{}: divide those from 0 to 255 by 255."
MASKS = "Masks are float32 (B, 1, 28, 28) of 1 where a pixel is visible and 0 where it is hidden."
SLACK = 0.01  # beyond 0 and 1, for pictures that were interpolated
ABOUT = "about.txt"


class _OfPictures(nn.Module):
    """A network that refuses pictures that are not from 0 to 1."""

    def __init__(self, network: nn.Module, sentence: str) -> None:
        super().__init__()
        self.network = network
        self.sentence = sentence

    def forward(self, pictures: Tensor) -> Tensor:
        self._check(pictures)
        output: Tensor = self.network(pictures)
        return output

    def _check(self, pictures: Tensor) -> None:
        in_range = (pictures >= -SLACK) & (pictures <= 1 + SLACK)
        torch._assert_async(in_range.all(), self.sentence)  # the assert that a program keeps


class _OfPicturesAndMasks(_OfPictures):
    """One that also refuses masks of other values than 0 and 1."""

    def forward(self, pictures: Tensor, masks: Tensor) -> Tensor:  # type: ignore[override]
        self._check(pictures)
        torch._assert_async(((masks == 0) | (masks == 1)).all(), MASKS)
        output: Tensor = self.network(pictures, masks)
        return output


def exported_encoder(encoder: Encoder) -> bytes:
    """A `torch.export` program (.pt2): pictures (B, C, H, W) to features (B, D), for any B.

    Pictures are float32 in [0, 1], grey ones with ink = 1; the program raises RuntimeError for
    others. Load it with `torch.export.load(file).module()`.
    """
    sentence = about_pictures(encoder.picture)
    example = (torch.zeros(2, *encoder.picture),)
    return _exported(_OfPictures(_still(encoder), sentence), f"{sentence}\n", example)


def exported_completer(completer: nn.Module) -> bytes:
    """As `exported_encoder`: pictures and masks, 1 = visible, to completions (B, 1, 28, 28)."""
    sentence = about_pictures(GREY)
    example = (torch.zeros(2, *GREY), torch.ones(2, *GREY))
    checked = _OfPicturesAndMasks(_still(completer), sentence)
    return _exported(checked, f"{sentence}\n{MASKS}\n", example)


def about_pictures(picture: tuple[int, int, int]) -> str:
    """What a network of pictures (C, H, W) takes, in a sentence for programs and cards."""
    return PICTURES.format(*picture, ", ink = 1" if picture[0] == 1 else "")


def _still(network: nn.Module) -> nn.Module:
    """A copy on the CPU."""
    return deepcopy(network).cpu()


def _exported(network: nn.Module, about: str, example: tuple[Tensor, ...]) -> bytes:
    batch = torch.export.Dim("batch", min=1)
    shapes = tuple({0: batch} for _ in example)
    program = torch.export.export(network.eval(), example, dynamic_shapes=shapes)
    file = BytesIO()
    torch.export.save(program, file, extra_files={ABOUT: about})
    return file.getvalue()
