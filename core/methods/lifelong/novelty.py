"""Class means that notice what is none of their classes: it is far from all of them.

Nearest class mean with a threshold on the distance, as in Bendale and Boult, "Towards open world
recognition" (2015), without its learned metric. The class of a drawing that is too far is unknown,
and it can open a class of its own.
"""

from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt

NO_CLASS = -1
Numbers = npt.NDArray[np.float64]


class Nearest(NamedTuple):
    """The class whose mean is nearest to a drawing, and how far it is."""

    class_: int  # NO_CLASS where there is none yet
    distance: float  # infinite then


class OpenMeans:
    """Means of classes that are opened one after the other, of features of length 1.

    In the numbers of `ClassMeans`, but a thousand times a second: it keeps what the distances to
    all means take.
    """

    def __init__(self, n_features: int, capacity: int) -> None:
        self._sums = np.zeros((capacity, n_features), np.float32)
        self._counts = np.zeros(capacity, np.float32)
        self._squares = np.zeros(capacity, np.float32)  # of the means' lengths
        self.n_classes = 0

    def copy(self) -> Self:
        """One that learns on its own from here on."""
        other = type(self)(self._sums.shape[1], len(self._counts))
        other.n_classes = self.n_classes
        for mine, its in zip(self._arrays(), other._arrays(), strict=True):
            its[: self.n_classes] = mine[: self.n_classes]
        return other

    def open(self, drawing: np.ndarray) -> int:
        """A new class with the features (D,) of its first drawing. Returns its number."""
        self.n_classes += 1
        self.join(drawing, self.n_classes - 1)
        return self.n_classes - 1

    def join(self, drawing: np.ndarray, class_: int) -> None:
        """Another drawing (D,) of a class that is open."""
        total = self._sums[class_]
        total += drawing
        self._counts[class_] += 1
        self._squares[class_] = total @ total / self._counts[class_] ** 2

    def distances(self, drawings: np.ndarray) -> np.ndarray:
        """From drawings (..., D) to the means of all K classes: (..., K)."""
        known = slice(0, self.n_classes)
        products = drawings @ self._sums[known].T / self._counts[known]
        squares = np.maximum(1 - 2 * products + self._squares[known], 0)
        return np.asarray(np.sqrt(squares))

    def nearest(self, drawing: np.ndarray) -> Nearest:
        """The class that is nearest to a drawing (D,)."""
        if not self.n_classes:
            return Nearest(NO_CLASS, np.inf)
        distances = self.distances(drawing)
        class_ = int(distances.argmin())
        return Nearest(class_, float(distances[class_]))

    def _arrays(self) -> tuple[np.ndarray, ...]:
        return self._sums, self._counts, self._squares


class Roc(NamedTuple):
    """How well distances tell unknown from known, for every threshold that makes a difference.

    All of it (T,), from the highest threshold, which finds nothing, down to one below all
    distances.
    """

    thresholds: Numbers
    false_alarms: Numbers  # the share of known drawings that are farther than the threshold
    found: Numbers  # the share of unknown ones

    @property
    def area(self) -> float:
        """The share of pairs of a known and an unknown drawing in which the unknown is farther."""
        return float(np.trapezoid(self.found, self.false_alarms))

    def at(self, threshold: float) -> tuple[float, float]:
        """The false alarms and what is found at a threshold."""
        place = np.searchsorted(-self.thresholds, -threshold)  # the highest one that is no higher
        return float(self.false_alarms[place]), float(self.found[place])


def roc(distances: Numbers, is_known: npt.NDArray[np.bool_]) -> Roc:
    """The curve for drawings (N,) with finite distances, of which there are both kinds.

    A drawing is said to be unknown where its distance is above the threshold.
    """
    thresholds = np.array([np.inf, *np.unique(distances)[::-1], -np.inf])
    above = [
        np.searchsorted(np.sort(-each), -thresholds, side="left") / len(each)
        for each in (distances[is_known], distances[~is_known])
    ]
    return Roc(thresholds, *above)
