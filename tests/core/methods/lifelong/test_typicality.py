"""Which picture is asked about: against TypiClust written out in plain loops."""

import math

import numpy as np
import pytest

from core.methods.lifelong.digit_map import load_digit_map
from core.methods.lifelong.typicality import (
    NEIGHBOURS,
    at_random,
    cluster,
    most_typical,
    n_clusters,
    typicality,
)


def blobs(sizes: list[int], seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Points (N, 5) around centres that lie far apart, shuffled, and which centre each has."""
    random = np.random.default_rng(seed)
    truth = random.permutation(np.repeat(np.arange(len(sizes)), sizes))
    centres = 40 * random.normal(size=(len(sizes), 5))
    return centres[truth] + random.normal(size=(len(truth), 5)), truth


def by_loops(features: np.ndarray, clusters: list[int], labelled: list[int]) -> int:
    """Hacohen et al. 2022, algorithm 1: no array is shared with the product's."""
    members = {each: [i for i, c in enumerate(clusters) if c == each] for each in set(clusters)}
    covered = {each: sum(clusters[i] == each for i in labelled) for each in members}
    order = sorted(members, key=lambda each: (covered[each], -len(members[each]), each))
    chosen = next(each for each in order if covered[each] < len(members[each]))

    def typical(i: int) -> float:
        distances = sorted(
            math.dist(features[i].tolist(), features[j].tolist()) for j in members[chosen] if j != i
        )[:20]
        return len(distances) / sum(distances) if distances else 0

    return max((i for i in members[chosen] if i not in labelled), key=typical)


@pytest.mark.parametrize("sizes", [[60, 30, 25], [8, 3, 2, 1, 12], [1, 1, 1]])
def test_it_asks_as_the_algorithm_written_out_does(sizes: list[int]) -> None:
    features, truth = blobs(sizes)
    labelled: list[int] = []
    for _ in range(min(12, len(truth))):
        asked = most_typical(features, truth, labelled)
        assert asked == by_loops(features, truth.tolist(), labelled)
        labelled.append(asked)
    assert {truth[i] for i in labelled[: len(sizes)]} == set(range(len(sizes)))
    first = np.bincount(truth)[truth[labelled[: len(sizes)]]]
    assert list(first) == sorted(sizes, reverse=True)


def test_a_label_of_any_origin_covers_its_cluster() -> None:
    features, truth = blobs([60, 30, 25])
    given = [int(np.flatnonzero(truth == 0)[-1])]
    assert truth[most_typical(features, truth, given)] == 1
    assert truth[most_typical(features, truth, [*given, *np.flatnonzero(truth == 1)[:1]])] == 2


def test_typicality_is_one_over_the_mean_distance_to_the_nearest() -> None:
    line = np.arange(50.0)[:, None]
    assert typicality(line)[0] == pytest.approx(1 / np.mean(np.arange(1, NEIGHBOURS + 1)))
    assert typicality(line)[25] == pytest.approx(1 / 5.5)  # ten on either side
    assert typicality(line[:3]).tolist() == pytest.approx([1 / 1.5, 1, 1 / 1.5])
    assert typicality(line[:1]).tolist() == [0]
    assert np.isinf(typicality(np.zeros((4, 2)))).all()


def test_nothing_is_left_to_ask() -> None:
    features, truth = blobs([3, 2])
    with pytest.raises(ValueError, match="nothing left"):
        most_typical(features, truth, range(5))
    assert {at_random(5, list(set(range(5)) - {i}), 0) for i in range(5)} == set(range(5))


def test_clusters_are_those_there_are_and_repeat() -> None:
    features, truth = blobs([60, 30, 25, 40])
    found = cluster(features, 4, seed=3)
    pairs = {(int(a), int(b)) for a, b in zip(found, truth, strict=True)}
    assert len(pairs) == 4
    assert (cluster(features, 4, seed=3) == found).all()


def test_each_ten_labels_have_clusters_of_their_own_up_to_fifty() -> None:
    counts = [n_clusters(n_labels) for n_labels in (0, 9, 10, 19, 20, 49, 100)]
    assert counts == [10, 10, 20, 20, 30, 50, 50]
    assert set(load_digit_map().clusters) == {10, 20, 30, 40, 50}


def test_random_choice_has_an_order_a_seed() -> None:
    asked: list[int] = []
    for _ in range(30):
        asked.append(at_random(1000, asked, seed=4))
    assert len(set(asked)) == 30
    again = [at_random(1000, asked[:count], seed=4) for count in range(30)]
    assert asked == again
    assert at_random(1000, [], seed=5) != asked[0]
