"""Digits named by a few labels: what was said stays, and the shipped map is that of the encoder."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from sklearn.metrics import adjusted_rand_score

from core.data.digits import load_digits
from core.evaluation.neighbour_lookup import nearest_labels
from core.methods.lifelong.digit_map import ENCODER, load_digit_map
from core.methods.lifelong.naming import NO_IDEA, Naming
from core.methods.lifelong.typicality import cluster, most_typical, n_clusters
from core.methods.simclr.method import SimClr
from core.zoo.weights import load_shipped_method

SAMPLE = load_digits("sample", "train")
TRUTH = SAMPLE.labels.numpy()


@pytest.fixture(scope="module")
def features() -> torch.Tensor:
    return load_shipped_method(ENCODER, SimClr).embed(SAMPLE.images)


@pytest.fixture(scope="module")
def naming(features: torch.Tensor) -> Naming:
    return Naming(SAMPLE.images, features)


def by_typicality(naming: Naming, count: int) -> dict[int, int]:
    given: dict[int, int] = {}
    for _ in range(count):
        clusters = load_digit_map().clusters[n_clusters(len(given))]
        asked = most_typical(naming.features.numpy(), clusters, given)
        given[asked] = int(TRUTH[asked])
    return given


def test_without_a_label_nothing_has_a_name(naming: Naming) -> None:
    names = naming.name({})
    assert (names.classes == -1).all() and not names.certainty.any()


def test_one_label_names_all_it_reaches_and_fades_on_the_way(naming: Naming) -> None:
    names = naming.name({12: 7})
    assert set(names.classes) <= {-1, 7}
    assert names.certainty[12] == 1
    near = naming.features @ naming.features[12]
    order = near.argsort(descending=True).numpy()
    assert names.certainty[order[1:20]].mean() > 3 * names.certainty[order[-2000:]].mean()
    assert names.certainty[np.delete(np.arange(4000), 12)].max() < 1 / (1 + NO_IDEA)


def test_a_wrong_label_stays_what_was_said(naming: Naming) -> None:
    given = by_typicality(naming, 20) | {40: 3}  # a 0
    assert TRUTH[40] == 0
    assert naming.name(given).classes[40] == 3
    assert all(classes[40] == 3 for classes in naming.name_otherwise(given).values())


def test_ten_typical_labels_go_further_along_the_graph(naming: Naming) -> None:
    given = by_typicality(naming, 10)
    right = (naming.name(given).classes == TRUTH).mean()
    others = {w: (c == TRUTH).mean() for w, c in naming.name_otherwise(given).items()}
    assert right > 0.8
    assert right > max(others.values()) + 0.05
    fifty = by_typicality(naming, 50)
    assert (naming.name(fifty).classes == TRUTH).mean() > 0.95


def test_the_other_ways_are_what_their_names_say(naming: Naming) -> None:
    """Class means and 1-NN coincide with one label of a class: both against plain distances."""
    given = {int(np.flatnonzero(label == TRUTH)[5]): label for label in range(10)}
    distances = torch.cdist(naming.features, naming.features[list(given)])
    others = naming.name_otherwise(given)
    nearest = distances.argmin(1).numpy()
    for way in ("class means", "k-NN"):
        assert (others[way] == nearest).mean() > 0.999


def test_the_shipped_map_is_that_of_the_shipped_encoder(features: torch.Tensor) -> None:
    shipped = load_digit_map()
    unit = F.normalize(features, dim=1).numpy()
    assert shipped.layout.shape == (4000, 2) and np.isfinite(shipped.layout).all()
    assert (nearest_labels(shipped.layout, TRUTH) == TRUTH).mean() > 0.95
    for count, clusters in shipped.clusters.items():
        assert set(clusters) == set(range(count))
    assert adjusted_rand_score(shipped.clusters[10], cluster(unit, 10)) > 0.95
