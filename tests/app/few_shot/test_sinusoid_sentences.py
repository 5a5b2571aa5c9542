"""The sentence on a curve praises only what its errors show."""

import numpy as np

from core.figures.sinusoid import Fit, Task
from core.figures.sinusoid_race import LEFT, WHOLE, ErrorLane, lane_of
from pages.parts.few_shot.sinusoid_sentences import fit_sentence, race_sentence
from tests.helpers.sinusoid_fits import BAD, GOOD, MIDDLING, X, fit, task


def test_the_sentence_has_the_errors_where_nothing_was_seen_and_why_they_differ() -> None:
    sentence = fit_sentence(task([1.0, 2.0]), [GOOD, MIDDLING, BAD], 1)
    assert "on the left half, where there are no points" in sentence
    assert "**MAML 0.25**, Pre-trained 4.00, Random 16.00" in sentence
    assert "on the right half 0.01, 0.16, 1.00" in sentence
    assert "MAML has learned what all these curves have in common" in sentence


def test_sentence_praises_nobody_who_is_not_ahead() -> None:
    worse = fit("MAML", [3.0, 2.5], [3.0, 0.1])
    sentence = fit_sentence(task([1.0]), [worse, MIDDLING, BAD], 1)
    assert "no better than Pre-trained" in sentence
    assert "in common" not in sentence
    slightly = fit("MAML", [3.0, 1.9], [3.0, 0.1])
    assert "not by much" in fit_sentence(task([1.0]), [slightly, MIDDLING, BAD], 1)


def test_sentence_does_not_call_a_fit_good_that_is_only_better() -> None:
    flat = Task(X, 0.1 * X, np.array([1.0]), np.array([0.1]))
    fits = [Fit(fit.title, fit.prediction - 1.9 * X) for fit in (GOOD, MIDDLING, BAD)]
    sentence = fit_sentence(flat, fits, 1)
    assert "not near the curve yet" in sentence
    assert "in common" not in sentence


def test_sentence_of_the_right_half_of_the_whole_range_and_of_no_step() -> None:
    assert "on the right half, where" in fit_sentence(task([-1.0]), [GOOD, MIDDLING, BAD], 1)
    assert "over the whole range" in fit_sentence(task([-1.0, 1.0]), [GOOD, MIDDLING, BAD], 1)
    before = fit_sentence(task([1.0]), [GOOD, MIDDLING, BAD], 0)
    assert "Before the first step" in before and "**MAML 9.00**" in before


def test_sentence_says_that_points_are_off_the_curve() -> None:
    fits = [GOOD, MIDDLING, BAD]
    assert "One point lies off the curve" in fit_sentence(task([1.0], off=3.0), fits, 1)
    assert "2 points lie off the curve" in fit_sentence(task([-1.0, 1.0], off=3.0), fits, 1)
    assert "off the curve" not in fit_sentence(task([1.0]), fits, 1)


def test_an_error_off_the_scale_is_said_to_be() -> None:
    lost = Fit("Random", np.stack([2 * X, np.full(11, np.inf)]))
    near = Fit("MAML", np.stack([2 * X + 1] * 2))
    assert "off the scale" in fit_sentence(task([1.0]), [near, lost], 1)


def means(title: str, errors: list[float], interval: float) -> ErrorLane:
    """Means over curves that are alike at every place."""
    each = np.tile(np.array(errors), (3, 1))
    return ErrorLane(title, each, np.full_like(each, interval))


def test_before_the_first_step_the_sentence_says_what_to_watch() -> None:
    fits = [GOOD, MIDDLING, BAD]
    before = fit_sentence(task([1.0]), fits, 0)
    assert "on the left half, where there are no points, is **MAML 9.00**" in before
    assert before.endswith("Press **Play**, and watch the left half.")
    assert "Press" not in fit_sentence(task([-1.0, 1.0]), fits, 0)
    assert "One point lies off the curve" in fit_sentence(task([1.0], off=3.0), fits, 0)


def test_the_race_says_where_to_look_and_that_one_curve_may_be_luck() -> None:
    lanes = [lane_of(task([1.0]), fit) for fit in (GOOD, MIDDLING, BAD)]
    sentence = race_sentence(lanes, LEFT)
    assert sentence.startswith(
        "On this curve, look at the error on the left half, where there are no points: **MAML** "
        "goes from 9.00 to 0.25 in one step and to 0.25 in 1; **Pre-trained** goes from 9.00 to "
    )
    assert "may be luck" in sentence
    assert "over the whole range: **MAML**" in race_sentence(lanes, WHOLE)


def test_the_race_over_many_says_apart_only_what_its_intervals_do() -> None:
    maml, slow = means("MAML", [3, 0.5, 0.3], 0.1), means("Pre-trained", [3, 3, 0.6], 0.1)
    random = means("Random", [4, 4, 4], 0.7)
    apart = race_sentence([maml, slow, random], LEFT, "Over 100 curves")
    assert apart.startswith("Over 100 curves, look at the error on the left half")
    assert "**MAML** goes from 3.00 ± 0.10 to 0.50 ± 0.10 in one step and to 0.30 ± 0.10" in apart
    assert apart.endswith("The interval of MAML lies below that of every other.")
    near = means("Pre-trained", [3, 3, 0.45], 0.1)
    assert race_sentence([maml, near, random], LEFT, "Over 100 curves").endswith(
        "MAML and Pre-trained cannot be told apart by their intervals."
    )
    lost = means("MAML", [3, np.inf, np.inf], np.nan)
    sentence = race_sentence([lost, near], LEFT, "Over 100 curves")
    assert "to off the scale in one step" in sentence and "nan" not in sentence
    assert sentence.endswith("Here Pre-trained ends below MAML.")
    diverged = means("Random", [3, np.inf, np.inf], np.nan)
    assert race_sentence([near, diverged], LEFT, "Over 100 curves").endswith("every other.")


def test_the_race_calls_no_one_inseparable_who_is_plainly_worse() -> None:
    worse, near = means("MAML", [3, 2, 2], 0.1), means("Pre-trained", [3, 1, 0.5], 0.1)
    assert race_sentence([worse, near], LEFT, "Over 100 curves").endswith(
        "Here Pre-trained ends below MAML."
    )
