"""A person's own symbols: which drawings make one, and the file that keeps them."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
import torch
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from torch import Tensor
from torch.nn import functional as F

from core.data.images import SIDE
from core.errors import GlimpseError

MOST_LETTERS = 30  # of a name
MOST_DRAWINGS = 20  # of a symbol
FORMAT: Literal["glimpse alphabet 1"] = "glimpse alphabet 1"
SAME = 0.9  # likeness of two drawings that are taken for the same symbol
BLUR = 3  # pixels: a line that is drawn again is seldom on the same pixels


@dataclass(frozen=True, eq=False)
class Symbol:
    """A name and the drawings uint8 (28, 28), ink = 255, in the order in which they were taught."""

    name: str
    drawings: tuple[np.ndarray, ...]


class SameSymbolError(GlimpseError):
    """The drawing is that of the own symbol `number` already."""

    def __init__(self, message: str, number: int) -> None:
        super().__init__(message)
        self.number = number


def likeness(picture: np.ndarray, others: np.ndarray) -> np.ndarray:
    """The cosines (N,) of a drawing (28, 28) and others (N, 28, 28), all blurred: 0 to 1.

    Of two different characters of Omniglot's validation alphabets one pair in 20,000 is above SAME,
    of a symbol that one hand draws twice most are.
    """
    cosines: np.ndarray = F.cosine_similarity(_blurred(picture[None]), _blurred(others)).numpy()
    return cosines


def _blurred(pictures: np.ndarray) -> Tensor:
    """(N, 784), the mean ink around each pixel."""
    ink = torch.tensor(pictures, dtype=torch.float32)
    return F.avg_pool2d(ink, BLUR, stride=1, padding=BLUR // 2).flatten(1)


def same_symbol(picture: np.ndarray, symbols: Mapping[int, Symbol]) -> int | None:
    """The number of the symbol that a drawing is nearest to, if they are the same."""
    numbers = [number for number, symbol in symbols.items() for _ in symbol.drawings]
    if not numbers:
        return None
    drawings = [drawing for symbol in symbols.values() for drawing in symbol.drawings]
    alike = likeness(picture, np.stack(drawings))
    return numbers[int(alike.argmax())] if alike.max() >= SAME else None


def check_ink(picture: np.ndarray) -> None:
    """Raises GlimpseError for a drawing uint8 (28, 28) without ink."""
    if picture.shape != (SIDE, SIDE) or picture.dtype != np.uint8:
        raise ValueError(
            f"a drawing is uint8 ({SIDE}, {SIDE}), not {picture.dtype} {picture.shape}"
        )
    if not picture.any():
        raise GlimpseError("The drawing is empty: draw a symbol, then teach it.")


def check_differs(picture: np.ndarray, others: Mapping[int, Symbol]) -> None:
    """Raises SameSymbolError where a drawing is that of another symbol already."""
    number = same_symbol(picture, others)
    if number is not None:
        name = others[number].name
        raise SameSymbolError(
            f"This is nearly the drawing of your {name}: add it to {name} as a further example, or "
            "draw a symbol that differs more.",
            number,
        )


# ---- the file ------------------------------------------------------------------------------------


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class _SymbolInFile(_Part):
    name: Annotated[str, StringConstraints(max_length=MOST_LETTERS, pattern=r"^\S+( \S+)*$")]
    drawings: Annotated[
        list[str], Field(min_length=1, max_length=MOST_DRAWINGS)
    ]  # 784 bytes each, in base64


class _AlphabetInFile(_Part):
    format: Literal["glimpse alphabet 1"]
    symbols: Annotated[list[_SymbolInFile], Field(min_length=1)]


def alphabet_file(symbols: Sequence[Symbol]) -> bytes:
    """An alphabet as JSON: the inverse of `read_alphabet`."""
    parts = [
        _SymbolInFile(
            name=symbol.name,
            drawings=[base64.b64encode(drawing.tobytes()).decode() for drawing in symbol.drawings],
        )
        for symbol in symbols
    ]
    return _AlphabetInFile(format=FORMAT, symbols=parts).model_dump_json(indent=1).encode()


def read_alphabet(content: bytes, title: str = "This file") -> list[Symbol]:
    """The symbols of a file in their order. Raises GlimpseError where there is any doubt."""
    try:
        read = _AlphabetInFile.model_validate_json(content)
        return [
            Symbol(symbol.name, tuple(_drawing(text) for text in symbol.drawings))
            for symbol in read.symbols
        ]
    except (ValueError, GlimpseError) as error:
        raise GlimpseError(
            f"{title} is no alphabet of Glimpse, or it is damaged: choose a file that was "
            "downloaded here."
        ) from error


def _drawing(text: str) -> np.ndarray:
    values = np.frombuffer(base64.b64decode(text, validate=True), np.uint8)
    picture = values.reshape(SIDE, SIDE)
    check_ink(picture)
    return picture
