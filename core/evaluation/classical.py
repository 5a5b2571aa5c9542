"""Inpainting without a network: methods that continue the picture from the border of the mask.

Pictures are uint8 (28, 28), masks (28, 28) with 1 = visible. Nothing is learned from digits.
"""

import numpy as np

RADIUS = 3  # pixels around a hidden one that OpenCV's two methods use
METHODS = ("Telea", "Navier-Stokes", "Biharmonic")


def classical(picture: np.ndarray, visible: np.ndarray) -> dict[str, np.ndarray]:
    """The completions uint8 (28, 28) by name of the method, with unchanged visible pixels.

    They are black where no pixel is visible.
    """
    visible = np.asarray(visible) > 0
    if not visible.any():
        return {name: np.zeros_like(picture) for name in METHODS}
    seen = np.where(visible, picture, 0).astype(np.uint8)
    return {
        "Telea": telea(seen, visible),
        "Navier-Stokes": navier_stokes(seen, visible),
        "Biharmonic": biharmonic(seen, visible),
    }


def telea(seen: np.ndarray, visible: np.ndarray) -> np.ndarray:
    """Fast marching from the border inwards: Telea 2004."""
    import cv2  # imported here, like scikit-image, because it takes a while

    filled = cv2.inpaint(seen, (~visible).astype(np.uint8), RADIUS, cv2.INPAINT_TELEA)
    return np.where(visible, seen, filled).astype(np.uint8)


def navier_stokes(seen: np.ndarray, visible: np.ndarray) -> np.ndarray:
    """Lines of equal brightness continued as streamlines of a fluid: Bertalmio et al. 2001."""
    import cv2

    filled = cv2.inpaint(seen, (~visible).astype(np.uint8), RADIUS, cv2.INPAINT_NS)
    return np.where(visible, seen, filled).astype(np.uint8)


def biharmonic(seen: np.ndarray, visible: np.ndarray) -> np.ndarray:
    """The smoothest surface through the visible pixels: Damelin and Hoang 2018."""
    from skimage.restoration import inpaint_biharmonic

    filled = inpaint_biharmonic(seen / 255, ~visible)
    return np.where(visible, seen, (filled.clip(0, 1) * 255).round()).astype(np.uint8)
