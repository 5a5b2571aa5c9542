"""There is no answer for none of these: what is said of a query by its distances to the classes."""

import numpy as np
import pytest
import torch

from core.data.episodes import Episodes
from core.methods.few_shot.class_distances import class_distances, own_distances
from core.methods.few_shot.task_sources import Shape, TaskSource
from core.seeding import generator
from pages.parts.few_shot.none_of_these import (
    Within,
    about_drawing,
    about_queries,
    notes_on_queries,
    within_classes,
)
from pages.parts.shipped import shipped_few_shot

WITHIN = Within(mean=0.7, most=0.9, made_of="600 characters")


def test_distances_are_those_between_features_of_length_one() -> None:
    """Against the definition, one query and one class at a time."""
    tasks = TaskSource("strokes").draw("test", 2, Shape(3, 2, 2), generator("test distances"))
    learner = shipped_few_shot().learner
    found = class_distances(learner, tasks, "transductive")
    theta = learner.initial_parameters(3)
    with torch.no_grad():
        examples = learner.network.features(theta, learner.prepare(tasks.support_x))
        queries = learner.network.features(theta, learner.prepare(tasks.query_x))
    for task in range(2):
        for query in range(6):
            for label in range(3):
                members = examples[task][tasks.support_y[task] == label]
                middle = torch.stack([each / each.norm() for each in members]).mean(0)
                asked = queries[task, query] / queries[task, query].norm()
                expected = (asked - middle).norm()
                torch.testing.assert_close(found[task, query, label], expected, atol=1e-3, rtol=0)
    own = own_distances(found, tasks.query_y)
    assert own[1, 5] == found[1, 5, 2]


def test_queries_of_no_class_are_farther_off_than_nearly_all_of_some() -> None:
    """The fourth class of a task is left out of the examples, and asked for all the same."""
    tasks = TaskSource("omniglot").draw("test", 60, Shape(4, 1, 5), generator("test none"))
    seen = Episodes(tasks.support_x[:, :3], tasks.support_y[:, :3], tasks.query_x, tasks.query_y)
    nearest = class_distances(shipped_few_shot().learner, seen, "inductive").min(-1).values
    limit = within_classes(3, 1).most
    is_far = nearest > limit
    assert is_far[:, :15].float().mean() < 0.1
    assert is_far[:, 15:].float().mean() > 0.5


@pytest.mark.parametrize(("far", "is_none"), [(0.91, True), (0.89, False)])
def test_a_drawing_is_compared_with_what_is_usual(far: float, is_none: bool) -> None:
    sentence = about_drawing(np.array([1.1, far, 1.2]), [0, 2, 4], WITHIN)
    assert "must choose one of the 3 symbols" in sentence
    assert f"the query is **{far:.2f}** from C, the nearest" in sentence
    assert (
        "Of 600 characters, each is 0.70 from its own class on average, and 95 % are within 0.90"
        in (sentence)
    )
    assert ("may be none of these" in sentence) == is_none


def test_the_queries_of_a_task_are_summed_up() -> None:
    distances = np.array([[0.5, 1.0], [0.7, 1.2], [0.9, 0.6], [1.4, 0.8]])
    sentence = about_queries(distances)
    assert "must choose one of the 2 classes" in sentence
    assert f"{(0.5 + 0.7 + 0.6 + 0.8) / 4:.2f} from their own class on average" in sentence
    assert f"{(1.0 + 1.2 + 0.9 + 1.4) / 4:.2f} from the nearest other" in sentence
    assert "Farthest off is a query of B, 0.80 from the nearest class" in sentence
    assert notes_on_queries(distances)[2] == "In the features 0.60 from B, the nearest class"
