"""A film of an embedding for the tests: few points, and every figure in it known."""

import numpy as np

from core.export.embedding import EmbeddingFrames

N, STEPS = 12, [0, 5, 20]


def embedding_film() -> EmbeddingFrames:
    """Twelve digits in three frames; the first frame was not measured."""
    random = np.random.default_rng(0)
    return EmbeddingFrames(
        STEPS,
        random.normal(size=(3, N, 2)).astype(np.float32) * [3, 1],
        random.normal(size=(3, N, 4)).astype(np.float32),
        np.arange(N, dtype=np.uint8) % 10,
        random.integers(0, 256, (N, 28, 28), np.uint8),
        [None, 0.91, 0.955],
        {"raw pixels": 0.9},
    )


def diverged() -> EmbeddingFrames:
    """The film with points that are no numbers at its second frame."""
    lost = embedding_film()
    lost.layouts[1, 3] = np.nan
    return lost
