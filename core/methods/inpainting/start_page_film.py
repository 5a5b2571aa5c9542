"""The Start page's film of inpainting. Imports no torch."""

from collections.abc import Sequence

import numpy as np

from core.methods.start_page_film import Arrays, picture_frames

MOMENTS = 14  # snapshots shown, most of them from the start of the run
DIGITS = 6


def start_page_film(snapshots: Sequence[Arrays]) -> Arrays:
    """The hidden parts of six digits, completed better and better as the network trains.

    Visible ink has the text's colour, completed ink the first of the charts'. `ink` and `hue`
    (F + hold, 56, 84).
    """
    places = np.unique(np.geomspace(1, len(snapshots), MOMENTS).round().astype(int) - 1)
    moments = [snapshots[place] for place in places]
    visible = moments[0]["masks"][:DIGITS].astype(bool)
    truth = moments[0]["truth"][:DIGITS]
    ink = [_sheet(np.where(visible, truth, 0))]
    ink += [_sheet(np.where(visible, truth, moment["completions"][:DIGITS])) for moment in moments]
    hue = np.broadcast_to(_sheet((~visible).astype(np.uint8)), (len(ink), 56, 84))
    return picture_frames(np.stack(ink), hue, seconds=0.5, hold=5)


def _sheet(pictures: np.ndarray) -> np.ndarray:
    """Six pictures (6, 28, 28) in two rows: (56, 84)."""
    return pictures.reshape(2, 3, 28, 28).transpose(0, 2, 1, 3).reshape(56, 84)
