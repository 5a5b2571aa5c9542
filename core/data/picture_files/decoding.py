"""One picture file as grey levels: the only decoder of the files that people bring.

Files have more than 8 bits, transparent pixels, colours and turned cameras; what comes out is grey
levels from 0 to 255 and the level of the paper.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from PIL import ExifTags, Image, ImageOps

from core.data.picture_files.deep import (
    SIXTEEN_BITS,
    WHITE,
    Span,
    colour_in_8_bits,
    in_8_bits,
    is_deep_colour,
    shared_span,
)
from core.data.picture_files.transparency import flattened
from core.errors import GlimpseError

Grey = npt.NDArray[np.float64]

# Formats of one kind each: a file of these that cannot be read is damaged.
PLAIN_FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP")
# Formats of many kinds, of which Pillow reads some.
FORMATS = (*PLAIN_FORMATS, "DIB", "TIFF", "AVIF", "JPEG2000", "PPM", "PCX", "QOI", "SGI")
BY_NAME_ONLY = "TGA"  # nothing within such a file says what it is
MAX_PIXELS = 25_000_000
WORKING_SIDE = 280  # pixels to which a large picture is shrunk first
_HEIC = (b"ftypheic", b"ftypheix", b"ftyphevc", b"ftypmif1")  # what telephones call .jpg at times
Image.MAX_IMAGE_PIXELS = MAX_PIXELS


@dataclass(frozen=True)
class Decoded:
    """Grey levels (H, W) from 0 to 255, shrunk where the file is large.

    `paper` is the level at the border. It is None for ink on transparent paper, whose levels are
    ink = light on 0. `values` are the lowest and the highest in a file with more than 8 bits.
    `is_first` tells that more frames or pages follow.
    """

    grey: Grey
    paper: float | None
    pixels: int  # in the file
    values: Span | None = None
    is_first: bool = False


class OtherKindError(GlimpseError):
    """The file may be whole, but is of a kind that Pillow does not read."""


def decode(name: str, content: bytes, span: Span = SIXTEEN_BITS) -> Decoded:
    """The picture in a file; values of more than 8 bits become grey levels over `span`.

    Raises OtherKindError, or GlimpseError with the name, for what is not a picture that can be
    used.
    """
    formats = (BY_NAME_ONLY,) if _format_of(name) == BY_NAME_ONLY else FORMATS
    with _refusals(name, content), Image.open(io.BytesIO(content), formats=formats) as picture:
        pixels = picture.width * picture.height
        if pixels > MAX_PIXELS:
            raise Image.DecompressionBombError
        is_deep, is_first = is_deep_colour(picture), _is_first_of_several(picture)
        picture.load()
        shallow, values = (
            colour_in_8_bits(picture, content, span) if is_deep else in_8_bits(picture, span)
        )
        grey, opacity = _channels(_upright(shallow))
    if opacity is not None:
        grey, paper = flattened(grey, opacity)
        return Decoded(grey, paper, pixels, values, is_first)
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    return Decoded(grey, float(np.median(border)), pixels, values, is_first)


def decode_one(name: str, content: bytes) -> Decoded:
    """As `decode`, with the span that the file's own values have. Raises what `decode` does."""
    found = decode(name, content)
    span = shared_span([found.values])
    return found if span is None else decode(name, content, span)


@lru_cache(maxsize=1)
def readable_suffixes() -> tuple[str, ...]:
    """The endings of files that can be read, such as .png."""
    Image.init()  # until then Pillow knows its commonest formats alone
    endings = Image.EXTENSION.items()
    return tuple(sorted(end for end, kind in endings if kind in (*FORMATS, BY_NAME_ONLY)))


def _format_of(name: str) -> str | None:
    """The format that a file's name promises."""
    suffix = f".{name.rpartition('.')[2].lower()}"
    Image.init()
    return Image.EXTENSION.get(suffix)


@contextmanager
def _refusals(name: str, content: bytes) -> Iterator[None]:
    """Turns whatever Pillow raises for a file from outside into one sentence with its name."""
    try:
        yield
    except GlimpseError:
        raise
    except Image.DecompressionBombError as error:
        raise GlimpseError(
            f"{name} has more than {MAX_PIXELS // 1_000_000} million pixels: make it smaller."
        ) from error
    except Exception as error:  # decoders raise nearly anything for a damaged file
        raise _unreadable(name, content) from error


def _unreadable(name: str, content: bytes) -> GlimpseError:
    if content[4:12] in _HEIC:
        return OtherKindError(f"{name} is a HEIC picture, which cannot be read: save it as JPEG.")
    kind = GlimpseError if _format_of(name) in (None, *PLAIN_FORMATS) else OtherKindError
    return kind(f"{name} is not a readable picture: replace or remove it.")


def _is_first_of_several(picture: Image.Image) -> bool:
    """Whether frames or pages follow; what telephones add to their JPEGs is neither."""
    try:
        return picture.format != "MPO" and bool(getattr(picture, "is_animated", False))
    except Exception:  # what follows is damaged, and is not used
        return True


def _upright(picture: Image.Image) -> Image.Image:
    """The picture as its camera was held; as it is stored where its EXIF data is damaged."""
    try:
        is_turned = picture.getexif().get(ExifTags.Base.Orientation, 1) != 1
        return ImageOps.exif_transpose(picture) if is_turned else picture  # which copies it
    except Exception:  # EXIF data says how to turn the picture, and is not part of it
        return picture


def _channels(picture: Image.Image) -> tuple[Grey, Grey | None]:
    """Grey levels and opacity (H, W) from 0 to 255; None where all of it is opaque."""
    see_through = picture.has_transparency_data
    mode = "RGBA" if see_through else "L" if picture.mode == "L" else "RGB"
    whole = picture if picture.mode == mode else picture.convert(mode)
    shrink = max(whole.size) // WORKING_SIDE
    small = whole.reduce(shrink) if shrink > 1 else whole
    if not see_through:
        return np.asarray(small.convert("L")).astype(np.float64), None
    both = np.asarray(small.convert("LA")).astype(np.float64)
    opacity = both[..., 1]
    return both[..., 0], None if opacity.min() == WHITE else opacity
