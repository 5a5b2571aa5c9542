"""The curves in sentences, made from their errors. The first fit is the page's subject, MAML."""

from collections.abc import Sequence

import numpy as np

from core.figures.sinusoid import Fit, Task, error_label, half_errors, squared_errors
from core.figures.sinusoid_race import PLACES, WHOLE, ErrorLane, blind_place, lane_of
from core.figures.words import counted
from pages.parts.few_shot.sinusoid_controls import MANY_CURVES

CLEARLY_SMALLER = 0.5  # an error of at most this share of another's
RECOGNISED = 0.3  # a curve: an error of at most this share of the error of predicting zero


def fit_sentence(task: Task, fits: Sequence[Fit], step: int) -> str:
    """The errors after `step`, and what they show."""
    if step == 0:
        sentence = _before_the_first_step(task, fits)
    elif task.unseen is None:
        sentence = _over_the_whole_range(task, fits, step)
    else:
        sentence = _over_the_halves(task, fits, step, task.unseen)
    count = task.n_off_curve
    if count:
        points = "One point lies" if count == 1 else f"{count} points lie"
        sentence += f" {points} off the curve; the errors are still measured from the curve."
    return sentence


def _before_the_first_step(task: Task, fits: Sequence[Fit]) -> str:
    place = blind_place(task)
    errors = _listed(fits, [lane_of(task, fit).label(place, 0) for fit in fits])
    sentence = (
        "Before the first step no network has used a point: the mean squared error "
        f"{_where(place)} is {errors}."
    )
    if place == WHOLE:
        return sentence
    return f"{sentence} Press **Play**, and watch the {('left', 'right')[place]} half."


def _where(place: int) -> str:
    return PLACES[place] if place == WHOLE else f"{PLACES[place]}, where there are no points,"


def race_sentence(lanes: Sequence[ErrorLane], place: int, basis: str = "") -> str:
    """What to look at in the errors of every initialisation, and what they show.

    `basis` says over which curves they are means; empty for one curve.
    """
    courses = [_course(lane, place) for lane in lanes]
    look = f"{basis or 'On this curve'}, look at the error {_where(place).removesuffix(',')}"
    sentence = f"{look}: {'; '.join(courses)}."
    if not basis:
        return f"{sentence} One curve may be luck: compare {MANY_CURVES}."
    first, *others = lanes
    rival = min(others, key=lambda lane: lane.errors[place, -1])
    if _reaches(first, place, 1) < _reaches(rival, place, -1):
        return f"{sentence} The interval of {first.title} lies below that of every other."
    if not _reaches(first, place, -1) <= _reaches(rival, place, 1):
        return f"{sentence} Here {rival.title} ends below {first.title}."
    return f"{sentence} {first.title} and {rival.title} cannot be told apart by their intervals."


def _course(lane: ErrorLane, place: int) -> str:
    """**MAML** goes from 3.03 to 0.52 in one step and to 0.33 in 20."""
    last = lane.errors.shape[1] - 1
    return (
        f"**{lane.title}** goes from {lane.label(place, 0)} to {lane.label(place, 1)} in one step "
        f"and to {lane.label(place, last)} in {last}"
    )


def _reaches(lane: ErrorLane, place: int, side: int) -> float:
    """One end of the interval after the last step: the upper one for a `side` of 1, else -1.

    Infinite for steps that have diverged.
    """
    assert lane.interval is not None
    end = float(lane.errors[place, -1] + side * lane.interval[place, -1])
    return end if np.isfinite(end) else np.inf


def _over_the_whole_range(task: Task, fits: Sequence[Fit], step: int) -> str:
    errors = [error_label(squared_errors(task, fit)[step]) for fit in fits]
    return (
        f"After {counted(step)} the mean squared error over the whole range is "
        f"{_listed(fits, errors)}. Put the points on one half to see what only MAML can do."
    )


def _over_the_halves(task: Task, fits: Sequence[Fit], step: int, unseen: int) -> str:
    errors = np.stack([half_errors(task, fit)[:, step] for fit in fits])  # (fits, 2)
    blind, seen = ("left", "right") if unseen == 0 else ("right", "left")
    unseen_labels, seen_labels = (
        [error_label(error) for error in errors[:, half]] for half in (unseen, 1 - unseen)
    )
    scores = (
        f"After {counted(step)}, on the {blind} half, where there are no points: mean squared "
        f"error {_listed(fits, unseen_labels)} (on the {seen} half {', '.join(seen_labels)})."
    )
    subject, rival = errors[0, unseen], int(errors[1:, unseen].argmin()) + 1
    if subject >= errors[rival, unseen]:
        return (
            f"{scores} Here {fits[0].title} is no better than {fits[rival].title} where it saw no "
            "points: try more steps, points that lie on the curve, or another curve."
        )
    if subject > CLEARLY_SMALLER * errors[rival, unseen]:
        return f"{scores} Here {fits[0].title} is ahead of {fits[rival].title}, but not by much."
    if subject > RECOGNISED * np.square(task.y[task.halves[unseen]]).mean():
        return f"{scores} {fits[0].title} is ahead there, but not near the curve yet."
    return (
        f"{scores} {fits[0].title} has learned what all these curves have in common, so points on "
        f"the {seen} half are enough to predict the {blind} half."
    )


def _listed(fits: Sequence[Fit], errors: Sequence[str]) -> str:
    """**MAML 0.12**, Pre-trained 2.31, Random 4.40."""
    first, *others = (f"{fit.title} {error}" for fit, error in zip(fits, errors, strict=True))
    return ", ".join([f"**{first}**", *others])
