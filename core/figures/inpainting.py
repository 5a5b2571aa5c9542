"""Pictures of a completion: the masked digit, the completion, and the truth.

Pictures are uint8 with ink = 255, white on black; masks are 1 = visible, 0 = hidden. Each pixel
becomes a square of several pixels, so that browsers do not blur it.
"""

import numpy as np

HIDDEN_COLOURS = ((98, 128, 214), (150, 171, 228))  # RGB of the hatching over hidden pixels
MAP_COLOURS = ((66, 105, 208), (239, 150, 24))  # RGB of a feature map below and above zero
_HATCH = 6  # width of a stripe in pixels of the enlarged picture
_GAP = 6


def enlarge(picture: np.ndarray, scale: int = 8) -> np.ndarray:
    """Grey `(H, W)` as RGB uint8 `(H * scale, W * scale, 3)`."""
    large = picture.repeat(scale, axis=0).repeat(scale, axis=1)
    return np.stack([large] * 3, axis=-1)


def masked_picture(picture: np.ndarray, mask: np.ndarray, scale: int = 8) -> np.ndarray:
    """What a model is given, RGB uint8 `(H * scale, W * scale, 3)`: hidden pixels are hatched."""
    rgb = enlarge(picture, scale)
    hidden = enlarge(mask, scale)[..., 0] == 0
    rows, columns = np.indices(hidden.shape)
    stripe = (rows + columns) % (2 * _HATCH) < _HATCH
    rgb[hidden & stripe] = HIDDEN_COLOURS[0]
    rgb[hidden & ~stripe] = HIDDEN_COLOURS[1]
    return rgb


def pasted(picture: np.ndarray, completion: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """The visible pixels of `picture` over the hidden ones of `completion`, in their shape."""
    return np.where(mask > 0, picture, completion)


def completion_sheet(
    truth: np.ndarray, masks: np.ndarray, completions: np.ndarray, scale: int = 4
) -> np.ndarray:
    """RGBA uint8 sheet of N digits, each array `(N, H, W)`: a row each of masked, completed, true.

    Visible pixels are pasted back in the middle row. The gaps are transparent.
    """
    masked = [masked_picture(t, m, scale) for t, m in zip(truth, masks, strict=True)]
    completed = [enlarge(picture, scale) for picture in pasted(truth, completions, masks)]
    rows = [masked, completed, [enlarge(picture, scale) for picture in truth]]
    return np.concatenate([_row(tiles) for tiles in rows])[:-_GAP, :-_GAP]


def map_sheet(maps: np.ndarray, columns: int, scale: int) -> np.ndarray:
    """RGBA uint8 sheet of feature maps (C, h, w): blue below zero, amber above, zero transparent.

    Each map has its own scale: maps show where a channel responds, not how strongly.
    """
    largest = np.abs(maps).max(axis=(1, 2), keepdims=True)
    strength = maps / np.maximum(largest, 1e-12)  # (C, h, w) in [-1, 1]
    rgba = np.empty((*maps.shape, 4), np.uint8)
    rgba[..., :3] = np.where(strength[..., None] < 0, MAP_COLOURS[0], MAP_COLOURS[1])
    rgba[..., 3] = (255 * np.abs(strength)).round()
    tiles = np.pad(
        rgba.repeat(scale, axis=1).repeat(scale, axis=2), ((0, 0), (0, _GAP), (0, _GAP), (0, 0))
    )
    rows = [np.concatenate(list(tiles[i : i + columns]), 1) for i in range(0, len(tiles), columns)]
    width = max(row.shape[1] for row in rows)
    padded = [np.pad(row, ((0, 0), (0, width - row.shape[1]), (0, 0))) for row in rows]
    return np.concatenate(padded)[:-_GAP, :-_GAP]


def _row(tiles: list[np.ndarray]) -> np.ndarray:
    """Tiles RGB `(h, w, 3)` side by side as RGBA, each with a gap to its right and below."""
    opaque = [np.dstack([tile, np.full(tile.shape[:2], 255, np.uint8)]) for tile in tiles]
    return np.concatenate([np.pad(t, ((0, _GAP), (0, _GAP), (0, 0))) for t in opaque], axis=1)
