"""A film of an embedding as one HTML file that needs nothing else."""

from base64 import b64encode

import numpy as np

from core.export.embedding import (
    FIRST_TURN,
    TINY,
    EmbeddingFrames,
    check,
    extent,
    sprite,
    sprite_columns,
)
from core.export.film import Caption
from core.export.page import page, png_url
from core.figures.embeddings import DIGIT_COLOURS

FINEST = 65535  # coordinates travel in 16 bits


def embedding_html(film: EmbeddingFrames, caption: Caption) -> bytes:
    """The film to play and scrub in any browser, each point with its picture, in UTF-8.

    Raises GlimpseError where the points are no numbers any more.
    """
    check(film)
    low, high = film.layouts.min((0, 1)), film.layouts.max((0, 1))
    span = np.maximum(high - low, TINY).astype(np.float64)
    whole = np.rint((film.layouts - low) / span * FINEST).astype("<u2")
    data = {
        "steps": film.steps,
        "coordinates": b64encode(whole.tobytes()).decode(),
        "finest": FINEST,
        "span": span.tolist(),
        "extent": extent(film.layouts).tolist(),
        "turn": FIRST_TURN,
        "labels": film.labels.tolist(),
        "names": film.names,
        "colours": DIGIT_COLOURS[: len(film.names)],
        "pictures": png_url(sprite(film.pictures)),
        "columns": sprite_columns(len(film.pictures)),
        "side": film.pictures.shape[1],
        "accuracy": film.accuracy,
        "baselines": dict(film.baselines),
    }
    return page("embedding", caption, data)
