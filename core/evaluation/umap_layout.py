"""UMAP of one frame, which takes seconds: for a film that rests.

McInnes, Healy & Melville 2018, "UMAP: Uniform Manifold Approximation and Projection for Dimension
Reduction", as umap-learn has it.
"""

import numpy as np

from core.errors import GlimpseError
from core.evaluation.projection import align


def umap_layout(components: np.ndarray, start: np.ndarray) -> np.ndarray:
    """The layout (N, 2) of components (N, D), begun at `start` (N, 2) and turned onto it.

    Begun at the t-SNE of the same frame it ends near it: what is seen to move is what the two make
    of the points differently. Centred, of mean squared radius 1; the same input gives the same
    layout. Raises GlimpseError where umap-learn cannot be imported, and for what are no numbers.
    """
    if not np.isfinite(components).all():
        raise GlimpseError(
            "UMAP cannot lay out points that are no finite numbers: choose an earlier step, or"
            " train with a smaller learning rate."
        )
    try:
        from umap import UMAP  # imports and compiles for half a minute: only those who ask wait
    except ImportError as error:
        raise GlimpseError(
            f"UMAP needs the package umap-learn, which cannot be imported here ({error}): install"
            " it with `pip install umap-learn`, or choose another projection."
        ) from error
    has_spread = bool(np.ptp(start, axis=0).all())
    reducer = UMAP(random_state=0, n_jobs=1, init=start if has_spread else "random")
    return align(reducer.fit_transform(components), align(start, None))
