"""What people would use without a network: inpainting that continues what is at the border.

Each takes a picture uint8 (28, 28) and `visible`, 1 or 0 a pixel, and none has ever seen a digit.
"""

import numpy as np

RADIUS = 3  # pixels around a hidden one that OpenCV's two methods take into account
METHODS = ("Telea", "Navier-Stokes", "Biharmonic")


def classical(picture: np.ndarray, visible: np.ndarray) -> dict[str, np.ndarray]:
    """The completions uint8 (28, 28) by name, visible pixels as they are.

    Where all is hidden there is nothing to continue, and each is black.
    """
    hidden = np.asarray(visible) == 0
    if hidden.all():
        return {name: np.zeros_like(picture) for name in METHODS}
    seen = np.where(hidden, 0, picture).astype(np.uint8)
    return {
        "Telea": telea(seen, hidden),
        "Navier-Stokes": navier_stokes(seen, hidden),
        "Biharmonic": biharmonic(seen, hidden),
    }


def telea(seen: np.ndarray, hidden: np.ndarray) -> np.ndarray:
    """Fast marching from the border inwards: Telea 2004."""
    import cv2  # like scikit-image it takes a while to import: only those who ask wait

    filled = cv2.inpaint(seen, hidden.astype(np.uint8), RADIUS, cv2.INPAINT_TELEA)
    return np.where(hidden, filled, seen).astype(np.uint8)


def navier_stokes(seen: np.ndarray, hidden: np.ndarray) -> np.ndarray:
    """Lines of equal brightness carried on as a fluid's streamlines: Bertalmio et al. 2001."""
    import cv2

    filled = cv2.inpaint(seen, hidden.astype(np.uint8), RADIUS, cv2.INPAINT_NS)
    return np.where(hidden, filled, seen).astype(np.uint8)


def biharmonic(seen: np.ndarray, hidden: np.ndarray) -> np.ndarray:
    """The surface that bends least: Damelin and Hoang 2018."""
    from skimage.restoration import inpaint_biharmonic

    filled = inpaint_biharmonic(seen / 255, hidden)
    return np.where(hidden, (filled.clip(0, 1) * 255).round(), seen).astype(np.uint8)
