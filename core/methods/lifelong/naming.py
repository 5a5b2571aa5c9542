"""Digits that are named by a few labels: what each way of spreading them makes of the same ones."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from torch import Tensor

from core.data.images import to_unit
from core.evaluation.knn_accuracy import K, knn_predict
from core.evaluation.label_propagation import NO_LABEL, LabelPropagation
from core.methods.lifelong.learners.class_means import ClassMeans

N_CLASSES = 10
# What a label named "no idea" would bring to every point. Where others bring less than that, which
# is far from all labels, the name is uncertain: a dummy label as of Talukdar & Crammer 2009.
NO_IDEA = 0.05

Given = Mapping[int, int]  # the class of each example that has a label


class Names(NamedTuple):
    """What N examples are called."""

    classes: npt.NDArray[np.int64]  # (N,), NO_LABEL for what no label reaches
    certainty: npt.NDArray[np.float64]  # (N,) from 0 to 1


class Naming:
    """Names pictures uint8 (N, 28, 28) with features (N, D) by the labels of some of them."""

    def __init__(self, pictures: Tensor, features: Tensor) -> None:
        self.features = F.normalize(features, dim=1)
        self._graph = LabelPropagation(features)
        self._pixel_graph = LabelPropagation(to_unit(pictures).flatten(1))

    def name(self, given: Given) -> Names:
        """What all are called, by propagation along the neighbours in the features.

        An example with a label keeps it, right or wrong, and is certain.
        """
        mass = self._spread(self._graph, given)
        total = mass.sum(axis=1)
        certainty = mass.max(axis=1) / (total + NO_IDEA)
        certainty[list(given)] = 1
        return Names(_keep(given, _likeliest(mass)), certainty)

    def name_otherwise(self, given: Given) -> dict[str, npt.NDArray[np.int64]]:
        """What all are called by other ways, from the same labels, at least one: classes (N,)."""
        places, classes = torch.tensor(list(given)), torch.tensor(list(given.values()))
        known, everything = self.features[places], self.features
        means = ClassMeans(everything.shape[1], N_CLASSES)
        means.learn(known, classes)
        k = max(1, min(K, len(given) // N_CLASSES))
        mass = self._spread(self._pixel_graph, given)
        names = {
            "class means": means.answers(everything).numpy(),
            "k-NN": knn_predict(everything, known, classes, k).numpy(),
            "raw pixels": _likeliest(mass),
        }
        return {way: _keep(given, each) for way, each in names.items()}

    def _spread(self, graph: LabelPropagation, given: Given) -> npt.NDArray[np.float64]:
        labels = torch.full((len(self.features),), NO_LABEL)
        labels[list(given)] = torch.tensor(list(given.values()), dtype=torch.int64)
        return graph.spread(labels, N_CLASSES)


def _likeliest(mass: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    return np.where(mass.any(axis=1), mass.argmax(axis=1), NO_LABEL)


def _keep(given: Given, names: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The names, with the labels that were given as they are."""
    names[list(given)] = list(given.values())
    return names
