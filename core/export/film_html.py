"""A few-shot film as one HTML file that needs no network, no library and no server."""

import numpy as np

from core.export.film import Caption, answers, loss_text
from core.export.page import page, png_url
from core.export.scripts import STEPS
from core.figures.few_shot import TaskFrames
from core.figures.pictures import CLASS_COLOURS, GREY, SIDE, UNDECIDED

SIGNIFICANT_DIGITS = 4


def film_html(film: TaskFrames, caption: Caption) -> bytes:
    """The film to play, step through and scrub in any browser, in UTF-8.

    Raises GlimpseError where the film's values are not finite.
    """
    return page("film", caption, _data(film), [STEPS])


def _data(film: TaskFrames) -> dict[str, object]:
    """The data for `film.js`; all pictures are one PNG, one below the other, examples first."""
    answered = answers(film)
    n_way = film.probability.shape[-1]
    return {
        "ways": n_way,
        "shots": len(film.support) // n_way,
        "side": SIDE,
        "colours": CLASS_COLOURS,
        "undecided": UNDECIDED,
        "grey": GREY,
        "pictures": _ink_png(np.concatenate([film.support, film.query])),
        "predicted": answered.predicted.tolist(),
        "confidence": _rounded(answered.confidence),
        "accuracy": _rounded(film.accuracy),
        "tally": [answered.tally(moment) for moment in range(len(film.support_loss))],
        "loss": _rounded(film.support_loss),
        "lossText": [loss_text(loss) for loss in film.support_loss],
    }


def _ink_png(pictures: np.ndarray) -> str:
    """Pictures (N, 28, 28) uint8 as a data URL: ink is black, paper transparent."""
    ink = pictures.reshape(-1, SIDE)
    return png_url(np.dstack([np.zeros_like(ink), ink]))


def _rounded(values: np.ndarray) -> object:
    """Numbers of any shape as nested lists, with few digits."""
    return np.vectorize(lambda value: float(f"{value:.{SIGNIFICANT_DIGITS}g}"))(values).tolist()
