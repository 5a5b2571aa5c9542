"""Small films of a cabinet whose numbers can be told without a learner."""

import numpy as np

from core.export.cabinet import NOT_MET, CabinetFrames

LEARNERS = ("Fine-tuning", "Class means", "By turns")
ASKED = 5
A_FRAME = 3  # classes that are met in each


def stream(n_frames: int, n_classes: int = 12) -> CabinetFrames:
    """Three classes a frame. One learner knows the latest three alone, one all, one as many
    drawings of a class as the remainder of its number by six.
    """
    classes = np.arange(n_classes)
    met = A_FRAME * (1 + np.arange(n_frames))[:, None]  # (F, 1)
    latest = np.where(classes >= met - A_FRAME, ASKED, 0)
    right = np.stack([latest, np.full_like(latest, ASKED), latest * 0 + classes % 6], axis=1)
    right[np.broadcast_to((classes >= met)[:, None], right.shape)] = NOT_MET
    return cabinet_frames(right, met[:, 0].tolist(), f"of {n_classes} classes met")


def order(n_frames: int, n_classes: int = 12) -> CabinetFrames:
    """All classes are met. The more sorted, the fewer the first learner knows: 5, 4, ... right."""
    sortedness = np.linspace(0, 1, n_frames)
    right = np.full((n_frames, len(LEARNERS), n_classes), ASKED)
    right[:, 0] = np.rint(ASKED * (1 - sortedness))[:, None]
    return cabinet_frames(right, (100 * sortedness).tolist(), "% sorted")


def cabinet_frames(right: np.ndarray, steps: list[float], what: str) -> CabinetFrames:
    shares = np.where(right == NOT_MET, np.nan, right / ASKED)
    return CabinetFrames(
        right.astype(np.uint8),
        ASKED,
        crosses(right.shape[-1]),
        LEARNERS,
        steps,
        [f"{step:.0f} {what}" for step in steps],
        np.nanmean(shares, axis=-1),
    )


def crosses(count: int) -> np.ndarray:
    """Pictures (C, 9, 9) that are alike: a thick cross, whose corners are free."""
    pictures = np.zeros((count, 9, 9), np.uint8)
    pictures[:, 3:6] = pictures[:, :, 3:6] = 255
    return pictures
