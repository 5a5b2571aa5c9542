"""A stream that is trained on: against nearest means by hand, and going on where it stopped."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from core.config import parse_config
from core.data.omniglot import characters
from core.errors import GlimpseError
from core.methods.lifelong.config import LifelongConfig
from core.methods.lifelong.features import FEATURES, load_features, over_views
from core.methods.lifelong.learners import LEARNERS
from core.methods.lifelong.method import Lifelong
from core.methods.lifelong.snapshot import (
    ASKED,
    LEARNER_NAMES,
    NOT_MET,
    check_snapshot,
    learner_names,
    names_in,
)
from core.methods.lifelong.stream import MOST_CLASSES, stream_pictures

SMALL = LifelongConfig(steps=10, k_shot=3, features="pixels", source="digits")
ALL = SMALL.model_copy(update={"features": "alphabet"})


def after(steps: int, config: LifelongConfig = SMALL) -> Lifelong:
    method = Lifelong(config)
    for step in range(1, steps + 1):
        method.step(step)
    return method


def test_class_means_know_what_nearest_means_by_hand_know() -> None:
    method = after(6)
    pictures = stream_pictures("digits", 10, seed=0).flatten(2).double().numpy()
    unit = pictures / np.linalg.norm(pictures, axis=2, keepdims=True)
    means = unit[:6, :3].mean(1)
    expected = [
        sum(
            int(np.argmin([np.linalg.norm(drawing - mean) for mean in means]) == label)
            for drawing in unit[label, -5:]
        )
        for label in range(6)
    ]
    right = method.snapshot(6)["right"][[*method.learners].index("means")]
    assert right.tolist() == expected + [NOT_MET] * 4
    assert method.validate(6)["means_accuracy"] == pytest.approx(sum(expected) / 30)


def test_before_the_first_example_nobody_knows_anything() -> None:
    method = Lifelong(SMALL)
    assert (method.snapshot(0)["right"] == NOT_MET).all()
    assert method.validate(0) == {}
    assert method.snapshot(0)["pictures"].shape == (10, 28, 28)


@pytest.mark.parametrize("sortedness", [0.0, 1.0])
@pytest.mark.parametrize("features", ["pixels", "untrained"])
def test_a_run_resumed_is_the_run_not_interrupted(sortedness: float, features: str) -> None:
    config = SMALL.model_copy(update={"sortedness": sortedness, "features": features})
    straight, resumed = after(9, config), Lifelong(config)
    resumed.load_state({name: value.clone() for name, value in after(4, config).state().items()})
    for step in range(5, 10):
        resumed.step(step)
    assert straight.validate(9) == resumed.validate(9)
    for name, value in straight.state().items():
        assert torch.equal(value, resumed.state()[name]), name


def test_a_state_of_other_learners_is_refused() -> None:
    with pytest.raises(GlimpseError, match="not of these learners"):
        Lifelong(SMALL).load_state({"means.sums": torch.zeros(3)})


def test_sums_end_the_same_in_any_order_and_gradient_steps_do_not() -> None:
    ends = [
        after(20, LifelongConfig(steps=20, k_shot=4, sortedness=order)).snapshot(20)["right"]
        for order in (0.0, 1.0)
    ]
    for name in ("means", "lda", "ridge"):
        place = LEARNER_NAMES.index(name)
        assert np.array_equal(ends[0][place], ends[1][place]), name
    shuffled, in_order = (end[LEARNER_NAMES.index("tuning")].mean() / ASKED for end in ends)
    assert in_order < 0.1 < shuffled - 0.2


def test_names_of_learners_are_those_of_the_arrays() -> None:
    assert tuple(LEARNERS) == LEARNER_NAMES == tuple(Lifelong(ALL).learners)


def test_networks_of_their_own_take_part_beside_features_of_the_same_data() -> None:
    left_out = [name for name in LEARNER_NAMES if name not in Lifelong(SMALL).learners]
    assert left_out == ["maml", "oml"]
    assert after(2).snapshot(2)["right"].shape == (len(LEARNER_NAMES) - 2, 10)
    beside = {
        learner: {name for name in FEATURES if learner in learner_names(name)}
        for learner in left_out
    }
    assert beside == {"maml": {"alphabet", "strokes", "untrained"}, "oml": {"alphabet"}}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"steps": 660}, "evaluation alphabets have 659 characters, not 660"),
        ({"steps": 11, "source": "digits"}, "There are 10 digits, not 11"),
        ({"steps": 1}, "steps 1 cannot be used"),
        ({"steps": 1001, "source": "strokes"}, "steps 1001 cannot be used"),
        ({"k_shot": 16}, "k_shot 16 cannot be used"),
        ({"features": "guess"}, "features 'guess' cannot be used"),
    ],
)
def test_a_stream_that_cannot_be_is_refused(changes: dict[str, object], sentence: str) -> None:
    with pytest.raises(GlimpseError) as refusal:
        parse_config(LifelongConfig, changes)
    assert sentence in str(refusal.value)


def test_streams_are_of_test_classes_alone() -> None:
    trained = {*characters("train", "alphabet").tolist()}
    trained |= {*characters("validation", "alphabet").tolist()}
    assert not trained & {*characters("test", "alphabet").tolist()}
    assert len(characters("test", "alphabet")) == MOST_CLASSES["omniglot"]
    for source, most in MOST_CLASSES.items():
        pictures = stream_pictures(source, min(most, 30), seed=3)
        assert pictures.shape == (min(most, 30), 20, 28, 28)
        assert torch.equal(pictures, stream_pictures(source, min(most, 30), seed=3))
        flat = pictures.flatten(2).float()
        assert len(torch.unique(flat.flatten(0, 1), dim=0)) > 0.99 * len(flat) * 20


@pytest.mark.parametrize("name", FEATURES)
def test_features_have_length_one_and_are_a_picture_s_own(name: str) -> None:
    pictures = stream_pictures("omniglot", 4, seed=0).flatten(0, 1)
    embed = load_features(name)
    features = embed(pictures)
    torch.testing.assert_close(features.norm(dim=1), torch.ones(80))
    torch.testing.assert_close(embed(pictures[7:9]), features[7:9], atol=1e-5, rtol=1e-4)


def test_views_are_a_mean_of_shifted_pictures() -> None:
    pictures = stream_pictures("omniglot", 2, seed=0).flatten(0, 1).clone()
    pictures[:, (0, -1)] = pictures[:, :, (0, -1)] = 0  # so that nothing wraps around
    embed = load_features("pixels")
    views = [pictures.roll(shift, (1, 2)) for shift in ((0, 0), (0, 1), (0, -1), (1, 0), (-1, 0))]
    expected = F.normalize(sum(embed(view) for view in views), dim=1)  # type: ignore[arg-type]
    torch.testing.assert_close(over_views(embed)(pictures), expected)


def test_a_snapshot_that_cannot_be_drawn_is_refused() -> None:
    method = after(2)
    arrays, config = method.snapshot(0) | method.snapshot(2), SMALL.model_dump()
    check_snapshot(arrays, config, is_first=True)
    check_snapshot({"right": arrays["right"]}, config, is_first=False)
    with pytest.raises(ValueError, match="it has no pictures"):
        check_snapshot({"right": arrays["right"]}, config, is_first=True)
    with pytest.raises(ValueError, match="it has 9 classes"):
        check_snapshot({"right": arrays["right"][:, :9]}, config, is_first=False)
    with pytest.raises(ValueError, match="more answers"):
        check_snapshot({"right": np.full_like(arrays["right"], 6)}, config, is_first=False)


def test_a_snapshot_from_before_maml_continued_or_oml_is_drawn_without_them() -> None:
    right, config = after(2).snapshot(2)["right"], ALL.model_dump()
    check_snapshot({"right": right}, config, is_first=False)
    assert names_in(len(right)) == ("tuning", "replay", "means", "lda", "ridge")
    check_snapshot({"right": np.concatenate([right, right[:1]])}, config, is_first=False)
    assert names_in(len(right) + 1) == ("tuning", "replay", "maml", "means", "lda", "ridge")
    assert names_in(len(right) + 2) == LEARNER_NAMES
    with pytest.raises(ValueError, match="it has 4 learners"):
        check_snapshot({"right": right[:4]}, config, is_first=False)
