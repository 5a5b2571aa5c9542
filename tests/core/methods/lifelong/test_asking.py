"""A learner that asks: its course against plain loops, and what answers do to it."""

import numpy as np
import pytest
import torch
from sklearn.neighbors import NearestCentroid

from core.methods.lifelong.asking import (
    NEW,
    Asker,
    Drawings,
    Rule,
    above,
    arriving,
    at_random,
    everything,
    run_course,
    run_on,
)
from core.methods.lifelong.features import load_features
from core.methods.lifelong.stream import stream_pictures

N_CLASSES, N_FEATURES = 12, 6


@pytest.fixture(scope="module")
def drawings() -> Drawings:
    """Twelve classes that overlap a little."""
    random = np.random.default_rng(0)
    centres = random.normal(size=(N_CLASSES, 1, N_FEATURES))
    features = centres + 0.45 * random.normal(size=(N_CLASSES, 20, N_FEATURES))
    features = (features / np.linalg.norm(features, axis=-1, keepdims=True)).astype(np.float32)
    order = random.permutation(N_CLASSES * 15)
    truth, numbers = order // 15, order % 15
    pictures = np.zeros((len(order), 28, 28), np.uint8)
    return Drawings(pictures, features[truth, numbers], truth, features[:, 15:])


def by_loops(
    drawings: Drawings, should_ask: Rule, self_labelled: bool
) -> tuple[int, float, list[float], list[bool]]:
    """The labels, the share right at the end, and each drawing's distance and whether it is known.

    A class is the list of its drawings.
    """
    members: dict[int, list[np.ndarray]] = {}
    labels, distances, known = 0, [], []
    for place, (drawing, character) in enumerate(
        zip(drawings.features, drawings.truth.tolist(), strict=True)
    ):
        far = {
            name: float(np.linalg.norm(drawing - np.mean(of_class, axis=0)))
            for name, of_class in members.items()
        }
        nearest = min(far, key=lambda name: far[name]) if far else None
        distances.append(np.inf if nearest is None else far[nearest])
        known.append(character in members)
        if should_ask(place, distances[-1]):
            labels += 1
            members.setdefault(character, []).append(drawing)
        elif self_labelled and nearest is not None:
            members[nearest].append(drawing)
    means = {name: np.mean(of_class, axis=0) for name, of_class in members.items()}
    right = [
        min(means, key=lambda name: np.linalg.norm(query - means[name])) == character
        for character, queries in enumerate(drawings.queries)
        for query in queries
    ]
    return labels, float(np.mean(right)), distances, known


@pytest.mark.parametrize("self_labelled", [False, True])
@pytest.mark.parametrize(
    "should_ask", [above(0.5), above(0.9), everything, at_random(N_CLASSES * 15, 40, seed=0)]
)
def test_a_course_is_that_of_plain_loops(
    drawings: Drawings, should_ask: Rule, self_labelled: bool
) -> None:
    course = run_course(drawings, should_ask, self_labelled, checks=4)
    labels, right, distances, known = by_loops(drawings, should_ask, self_labelled)
    assert course.labels[-1] == labels
    assert course.right[-1] == pytest.approx(right)
    np.testing.assert_allclose(course.distances, distances, atol=1e-5)
    assert course.is_known.tolist() == known


def test_measurements_along_the_stream_are_of_its_beginning(drawings: Drawings) -> None:
    course = run_course(drawings, above(0.6), checks=4)
    for check, place in enumerate((45, 90, 135, 180)):
        beginning = drawings._replace(
            features=drawings.features[:place], truth=drawings.truth[:place]
        )
        labels, right, *_ = by_loops(beginning, above(0.6), False)
        assert (course.labels[check], course.right[check]) == (labels, pytest.approx(right))
        assert course.come[check] == len(set(drawings.truth[:place].tolist()))


def test_asking_about_everything_ends_as_a_fit_to_all_data_at_once(drawings: Drawings) -> None:
    course = run_course(drawings, everything)
    fitted = NearestCentroid().fit(drawings.features, drawings.truth)
    truth = np.repeat(np.arange(N_CLASSES), 5)
    score = fitted.score(drawings.queries.reshape(-1, N_FEATURES), truth)
    assert course.labels.tolist() == np.linspace(0, 180, 31).round().astype(int)[1:].tolist()
    assert course.right[-1] == pytest.approx(score)
    assert all(each.is_asked and each.is_right for each in course.seen)


def test_what_is_not_asked_about_is_right_if_its_nearest_class_is_its_own(
    drawings: Drawings,
) -> None:
    for each in run_course(drawings, above(0.8)).seen:
        assert each.is_asked == (each.distance > 0.8)
        assert not (each.is_right and not each.is_asked and not each.is_known)


def test_random_asking_spends_its_labels_and_repeats() -> None:
    rules = [at_random(180, 40, seed) for seed in (0, 0, 1)]
    chosen = [[rule(place, 0.0) for place in range(180)] for rule in rules]
    assert [sum(each) for each in chosen] == [40, 40, 40]
    assert chosen[0] == chosen[1] != chosen[2]


def test_wrong_answers_stay() -> None:
    """Two characters: the second is said to be the first, and the first is said to be new again."""
    east, north = np.eye(2, dtype=np.float32)
    features = np.stack([east, north, east])
    truth = np.array([0, 1, 0])
    drawings = Drawings(np.zeros((3, 28, 28), np.uint8), features, truth, np.eye(2)[:, None])
    asker = Asker(drawings)
    assert asker.true_answer() == NEW
    asker.answer(NEW, asker.nearest())
    assert asker.true_answer() == NEW
    asker.answer(0, asker.nearest())
    assert asker.right() == 0.5  # the second character has no class
    assert asker.true_answer() == 0
    asker.answer(NEW, asker.nearest())
    assert asker.is_over and asker.labels == 3
    assert [each.is_right for each in asker.seen] == [True, False, False]
    assert [asker.character_of(class_) for class_ in range(2)] == [0, 0]
    assert asker.right() == 0.5


def test_a_copy_goes_on_alone(drawings: Drawings) -> None:
    asker = Asker(drawings)
    run_on(asker, above(0.6), 50)
    seen, right = list(asker.seen), asker.right()
    other = asker.copy()
    run_on(other, above(0.6), 180)
    assert (asker.seen, asker.right(), asker.place) == (seen, right, 50)
    run_on(asker, above(0.6), 180)
    assert (asker.seen, asker.right()) == (other.seen, other.right())


def test_nothing_is_known_before_the_first_answer(drawings: Drawings) -> None:
    asker = Asker(drawings, self_labelled=True)
    asker.pass_by(asker.nearest())
    assert (asker.right(), asker.labels, asker.come()) == (0, 0, 1)
    assert not asker.seen[0].is_right


def test_all_drawings_to_learn_from_arrive_once_and_no_other() -> None:
    pictures = stream_pictures("omniglot", 4, 0)
    drawings = arriving(pictures, load_features("pixels"), seed=0)
    for character in range(4):
        came = drawings.pictures[drawings.truth == character]
        expected = pictures[character, :15].numpy()
        assert sorted(each.tobytes() for each in came) == sorted(
            each.tobytes() for each in expected
        )
    queries = pictures[:, 15:].flatten(2).float()
    expected = queries / queries.norm(dim=-1, keepdim=True)
    torch.testing.assert_close(torch.from_numpy(drawings.queries), expected)
    again = arriving(pictures, load_features("pixels"), seed=0)
    np.testing.assert_array_equal(again.truth, drawings.truth)
    assert (arriving(pictures, load_features("pixels"), 1).truth != drawings.truth).any()
