"""The UMAP layout of a single frame, which takes seconds.

McInnes, Healy & Melville 2018, "UMAP: Uniform Manifold Approximation and Projection for Dimension
Reduction", with umap-learn.
"""

import numpy as np

from core.errors import GlimpseError
from core.evaluation.projection import align


def umap_layout(components: np.ndarray, start: np.ndarray) -> np.ndarray:
    """The layout (N, 2) of components (N, D), initialised with `start` (N, 2) and aligned to it.

    Initialised with the t-SNE of the same frame it ends close to it, so that the points move only
    where the two methods differ. Centred, with mean squared radius 1. The same input gives the same
    layout. Raises GlimpseError where umap-learn cannot be imported and for components that are not
    finite.
    """
    if not np.isfinite(components).all():
        raise GlimpseError(
            "UMAP cannot lay out points that are not finite numbers: choose an earlier step, or"
            " train with a smaller learning rate."
        )
    try:
        from umap import UMAP  # imported here: it takes up to half a minute
    except ImportError as error:
        raise GlimpseError(
            f"UMAP needs the package umap-learn, which cannot be imported here ({error}): install"
            " it with `pip install umap-learn`, or choose another projection."
        ) from error
    has_spread = bool(np.ptp(start, axis=0).all())
    reducer = UMAP(random_state=0, n_jobs=1, init=start if has_spread else "random")
    return align(reducer.fit_transform(components), align(start, None))
