"""What the films of the Start page are made of; each method has its own in `start_page_film.py`.

Nothing here imports torch, since the page that shows the films does not wait for it.
"""

import numpy as np

Arrays = dict[str, np.ndarray]


def picture_frames(ink: np.ndarray, hue: np.ndarray, seconds: float, hold: int) -> Arrays:
    """A film of pictures that ends on its last one, shown `hold` times more.

    `ink` (F, H, W) uint8 is how strongly a pixel is drawn; `hue` (F, H, W) its colour: 0 is the
    text's, k the k-th of the charts'. Each picture is shown for `seconds`.
    """
    ink, hue = (np.concatenate([a, np.repeat(a[-1:], hold, axis=0)]) for a in (ink, hue))
    return {"ink": ink, "hue": hue.astype(np.uint8), "seconds": np.array([seconds], np.float32)}


def point_frames(points: np.ndarray, hue: np.ndarray, seconds: float, hold: int) -> Arrays:
    """A film of points (F, N, 2), x to the right and y up, that ends on its last frame.

    They are stored as uint16 over the range of the whole film. `hue` (N,) is as in
    `picture_frames`; the points move on to the next frame within `seconds`.
    """
    low, high = points.min((0, 1)), points.max((0, 1))
    scaled = np.round((points - low) / (high - low) * 65535).astype(np.uint16)
    held = np.concatenate([scaled, np.repeat(scaled[-1:], hold, axis=0)])
    return {"points": held, "hue": hue.astype(np.uint8), "seconds": np.array([seconds], np.float32)}
