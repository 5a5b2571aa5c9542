"""Means of classes that are opened, and how well distances tell unknown from known."""

import numpy as np
import pytest
import torch
from sklearn.metrics import roc_auc_score, roc_curve

from core.methods.lifelong.learners.class_means import ClassMeans
from core.methods.lifelong.novelty import NO_CLASS, OpenMeans, roc


def of_length_1(*shape: int, seed: int = 0) -> np.ndarray:
    drawn = np.random.default_rng(seed).normal(size=shape).astype(np.float32)
    return np.asarray(drawn / np.linalg.norm(drawn, axis=-1, keepdims=True))


def three_classes() -> tuple[OpenMeans, np.ndarray, np.ndarray]:
    """The means, and the drawings that they are of with their classes."""
    drawings, classes = of_length_1(20, 8), np.array([0, 1, 2, *([0, 0, 1] * 5), 0, 1])
    means = OpenMeans(8, 10)
    for place, (drawing, class_) in enumerate(zip(drawings, classes, strict=True)):
        if place < 3:
            assert means.open(drawing) == class_
        else:
            means.join(drawing, class_)
    return means, drawings, classes


def test_distances_are_those_to_the_means() -> None:
    means, drawings, classes = three_classes()
    queries = of_length_1(4, 5, 8, seed=1)
    for index in np.ndindex(4, 5):
        for class_ in range(3):
            mean = drawings[classes == class_].mean(axis=0)
            distance = np.linalg.norm(queries[index] - mean)
            assert means.distances(queries)[(*index, class_)] == pytest.approx(distance, abs=1e-5)


def test_answers_are_those_of_the_learner_class_means() -> None:
    means, drawings, classes = three_classes()
    learner = ClassMeans(8, 10)
    learner.learn(torch.from_numpy(drawings), torch.from_numpy(classes))
    queries = of_length_1(200, 8, seed=2)
    expected = learner.answers(torch.from_numpy(queries)).tolist()
    assert [means.nearest(each).class_ for each in queries] == expected


def test_without_a_class_everything_is_infinitely_far() -> None:
    assert OpenMeans(8, 10).nearest(of_length_1(8)) == (NO_CLASS, np.inf)


def test_the_distance_to_a_class_of_the_drawing_itself_is_none() -> None:
    means = OpenMeans(8, 1)
    means.open(of_length_1(8))
    class_, distance = means.nearest(of_length_1(8))
    assert class_ == 0 and distance == pytest.approx(0, abs=1e-3)


def test_a_copy_learns_on_its_own() -> None:
    means, _, _ = three_classes()
    query = of_length_1(8, seed=3)
    before, other = means.distances(query), means.copy()
    np.testing.assert_array_equal(other.distances(query), before)
    other.join(query, 0)
    other.open(query)
    np.testing.assert_array_equal(means.distances(query), before)
    assert (means.n_classes, other.n_classes) == (3, 4)


@pytest.mark.parametrize("digits", [1, 15])  # with many ties, and with none
def test_the_roc_is_scikit_learns(digits: int) -> None:
    random = np.random.default_rng(0)
    is_known = random.random(500) < 0.8
    distances = (random.normal(size=500) + ~is_known).round(digits)
    curve = roc(distances, is_known)
    expected = roc_curve(~is_known, distances, drop_intermediate=False)
    np.testing.assert_allclose(curve.false_alarms[1:-1], expected[0][:-1])
    np.testing.assert_allclose(curve.found[1:-1], expected[1][:-1])
    assert (curve.false_alarms[-1], curve.found[-1]) == (1, 1)
    assert curve.area == pytest.approx(roc_auc_score(~is_known, distances))


def test_a_point_of_the_roc_counts_what_is_above_the_threshold() -> None:
    random = np.random.default_rng(1)
    is_known = random.random(60) < 0.5
    distances = random.random(60).round(1)
    curve = roc(distances, is_known)
    for threshold in (-1, 0, 0.25, 0.3, 0.5, 0.99, 1, 7):
        above = distances > threshold
        assert curve.at(threshold) == pytest.approx(
            (above[is_known].mean(), above[~is_known].mean())
        )
