"""Which picture to ask about next, where each label costs a person's answer.

TypiClust, algorithm 1 of Hacohen, Dekel & Weinshall 2022, "Active Learning on a Budget: Opposite
Strategies Suit High and Low Budgets": with few labels, typical examples teach more than uncertain
ones. From the largest cluster without a label comes the example that its neighbours are closest to.
"""

from collections.abc import Collection

import numpy as np
import numpy.typing as npt
from sklearn.cluster import KMeans
from sklearn.neighbors import NearestNeighbors

NEIGHBOURS = 20  # K, of the paper's equation 4
BUDGET = 10  # B: labels that are asked for with the same clusters
MOST_CLUSTERS = 50  # more would be too small to have a typical example
STARTS = 10  # of k-means, of which the tightest clusters are kept

Clusters = npt.NDArray[np.integer]


def n_clusters(n_labels: int) -> int:
    """Into how many clusters the examples fall once so many have labels: |L| + B, at most 50."""
    return min(MOST_CLUSTERS, BUDGET * (n_labels // BUDGET + 1))


def cluster(features: np.ndarray, count: int, seed: int = 0) -> Clusters:
    """The cluster (N,) from 0 of each of the features (N, D), by k-means."""
    means = KMeans(count, n_init=STARTS, random_state=seed).fit(features)
    labels: Clusters = means.labels_
    return labels


def typicality(members: np.ndarray) -> np.ndarray:
    """One over the mean distance to the nearest NEIGHBOURS, (M,), of a cluster's features (M, D).

    In a smaller cluster these are all others; a single example is 0, since it has none. One that
    coincides with all of its neighbours is as typical as can be: infinite.
    """
    near = min(NEIGHBOURS, len(members) - 1)
    if near == 0:
        return np.zeros(1)
    distances, _ = NearestNeighbors(n_neighbors=near).fit(members).kneighbors()  # not to itself
    with np.errstate(divide="ignore"):
        return np.asarray(1 / distances.mean(axis=1))


def most_typical(features: np.ndarray, clusters: Clusters, labelled: Collection[int]) -> int:
    """The example to ask about: the most typical one without a label, of the cluster that needs it.

    That is the largest of those with the fewest labels, the first of several. Raises ValueError
    where every example of `features` (N, D) has a label.
    """
    has_label = np.zeros(len(features), dtype=bool)
    has_label[list(labelled)] = True
    if has_label.all():
        raise ValueError("Every example has a label: there is nothing left to ask.")
    sizes = np.bincount(clusters)
    covered = np.bincount(clusters[has_label], minlength=len(sizes))
    open_ones = np.flatnonzero(covered < sizes)
    chosen = min(open_ones, key=lambda each: (covered[each], -sizes[each]))
    members = np.flatnonzero(clusters == chosen)
    typical = np.where(has_label[members], -1, typicality(features[members]))
    return int(members[typical.argmax()])


def at_random(count: int, labelled: Collection[int], seed: int) -> int:
    """The first of `count` examples without a label, in the order that belongs to the seed."""
    order = np.random.default_rng(seed).permutation(count)
    return int(next(example for example in order if example not in labelled))
