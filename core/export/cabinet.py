"""The frames of a stream, as the scripts in `frontend/cabinet` read them, here and on the pages."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from core.export.points import to_base64

NOT_MET = 255  # in place of a number of right answers


class CabinetFrames(NamedTuple):
    """What L learners know of C classes at each of F moments, F >= 1."""

    right: npt.NDArray[np.uint8]  # (F, L, C) right answers of each class; `NOT_MET` before it came
    asked: int  # held-out drawings of each class, of which so many are named rightly
    pictures: npt.NDArray[np.uint8]  # (C, h, w) one drawing a class, ink 255 on 0
    learners: Sequence[str]  # (L,) labels
    steps: Sequence[float]  # (F,) of each moment, ascending: classes met, or how sorted
    notes: Sequence[str]  # (F,) what is said of each moment
    accuracy: npt.NDArray[np.floating]  # (F, L) on all classes so far, nan for none


def cabinet_message(film: CabinetFrames) -> dict[str, object]:
    """The film as the browser reads it, without its pictures.

    Raises ValueError where its parts do not fit each other.
    """
    frames, learners, classes = film.right.shape
    if not frames or not classes or film.accuracy.shape != (frames, learners):
        raise ValueError(f"{film.right.shape} answers do not fit {film.accuracy.shape} accuracies")
    if len(film.steps) != frames or len(film.notes) != frames or len(film.learners) != learners:
        raise ValueError(f"a step and a note a frame, a label a learner: {film.right.shape}")
    if len(film.pictures) != classes:
        raise ValueError(f"{len(film.pictures)} pictures of {classes} classes")
    if (film.right[film.right != NOT_MET] > film.asked).any():
        raise ValueError(f"more right answers than the {film.asked} asked for")
    return {
        "right": to_base64(film.right.astype(np.uint8)),
        "classes": classes,
        "asked": film.asked,
        "learners": list(film.learners),
        "steps": [float(step) for step in film.steps],
        "notes": list(film.notes),
        "accuracy": [
            [None if np.isnan(share) else round(float(share), 4) for share in row]
            for row in film.accuracy
        ],
    }
