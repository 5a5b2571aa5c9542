"""A film of a task as one HTML file that needs nothing else: no network, no library, no server."""

import json
from base64 import b64encode
from html import escape
from io import BytesIO
from pathlib import Path
from string import Template

import numpy as np
from PIL import Image

from core.export.film import Caption, answers, loss_text
from core.figures.few_shot import TaskFilm
from core.figures.pictures import CLASS_COLOURS, GREY, SIDE, UNDECIDED

FRONTEND = Path(__file__).parent / "frontend"
DIGITS = 4  # of a figure that count


def film_html(film: TaskFilm, caption: Caption) -> bytes:
    """The film to play, step through and scrub in any browser, in UTF-8.

    Raises GlimpseError where the film's figures are no numbers any more.
    """
    words = {name: escape(text) for name, text in caption._asdict().items()}
    page = Template(_text("film.html")).substitute(
        words, style=_text("film.css"), script=_text("film.js"), data=_script_json(_data(film))
    )
    return page.encode()


def _data(film: TaskFilm) -> dict[str, object]:
    """What `film.js` draws from; the pictures as one PNG, one below the other, examples first."""
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
    """Pictures (N, 28, 28) uint8 as a data URL: black where ink is, and clear elsewhere."""
    ink = pictures.reshape(-1, SIDE)
    file = BytesIO()
    Image.fromarray(np.dstack([np.zeros_like(ink), ink])).save(file, "PNG", optimize=True)
    return "data:image/png;base64," + b64encode(file.getvalue()).decode()


def _rounded(values: np.ndarray) -> object:
    """Numbers of any shape as nested lists, with few digits."""
    return np.vectorize(lambda value: float(f"{value:.{DIGITS}g}"))(values).tolist()


def _script_json(data: dict[str, object]) -> str:
    """JSON that no text in it can break out of its <script>."""
    return json.dumps(data, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")


def _text(file: str) -> str:
    return (FRONTEND / file).read_text(encoding="utf-8")
