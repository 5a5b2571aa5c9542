"""The race in sentences, made from its curves: over all steps, and after one of them.

The first lane is the page's subject, the last one its baseline.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from core.figures.race import Lane
from core.figures.words import counted, listed
from pages.parts.few_shot.averages import Averages

NOTABLE_FALL = 0.05  # of accuracy: one query of 25 is less
AS_GOOD_AS_EQUAL = 0.02  # a difference of accuracies
JUMP = 0.8  # share of the whole gain; a first step with more is called a jump


def race_overview(lanes: Sequence[Lane], chance: float) -> str:
    """How the first and the last lane go, and which others stay the same, well above chance.

    Empty where there is no inner step.
    """
    subject, baseline = lanes[0], lanes[-1]
    if len(subject.accuracy) == 1:
        return ""
    first, last = _beginning(subject, chance), _beginning(baseline, chance)
    summary = (
        f"**{subject.title}** starts {first} and {_course(subject)}; **{baseline.title}** starts "
        f"{'there too' if last == first else last} and {_course(baseline)}."
    )
    for lane in lanes[1:-1]:
        if np.ptp(lane.accuracy) == 0 and lane.accuracy[0] > chance + AS_GOOD_AS_EQUAL:
            summary += f" {lane.title} stays at {lane.score(0)}."
    low = lowest_after_a_fall(subject.accuracy)
    if low is not None and low < len(subject.accuracy) - 1:
        summary += (
            f" On the way {subject.title} falls to {subject.score(low)} after {counted(low)}."
        )
    return summary


def step_sentence(lanes: Sequence[Lane], step: int, chance: float) -> str:
    """The first lane against the last after `step`, and who is ahead of both."""
    now = np.array([lane.accuracy[step] for lane in lanes])
    if step == 0:
        return _before_the_first_step(lanes, now, chance)
    subject, baseline = lanes[0], lanes[-1]
    scores = (
        f"After {counted(step)}: **{subject.title} {subject.score_with_interval(step)}**, "
        f"{baseline.title} {baseline.score_with_interval(step)}."
    )
    if now[-1] >= now[0]:
        return (
            f"{scores} Here {subject.title} is no better than {baseline.title}: try another task, "
            "or many of them."
        )
    best = int(now.argmax())
    sentences = [scores, _catching_up(subject, baseline, step)]
    if now[best] > now[0]:
        sentences.append(f"{lanes[best].title} leads with {lanes[best].score_with_interval(step)}.")
    return " ".join(sentences)


def lowest_after_a_fall(accuracy: np.ndarray) -> int | None:
    """The step at which accuracy (S + 1,) is farthest below its best so far.

    None where it never falls by more than NOTABLE_FALL.
    """
    below = np.maximum.accumulate(accuracy) - accuracy
    return int(below.argmax()) if below.max() > NOTABLE_FALL else None


def _beginning(lane: Lane, chance: float) -> str:
    at_chance = abs(lane.accuracy[0] - chance) <= AS_GOOD_AS_EQUAL
    return f"at chance ({lane.score(0)})" if at_chance else f"at {lane.score(0)}"


def _course(lane: Lane) -> str:
    """How a lane goes on from its first accuracy to its last."""
    first, last = lane.accuracy[0], lane.accuracy[-1]
    if np.ptp(lane.accuracy) <= AS_GOOD_AS_EQUAL:
        return "stays there"
    if last < first + AS_GOOD_AS_EQUAL:
        return (
            f"ends at {lane.score(-1)}, after a best of {lane.score(int(lane.accuracy.argmax()))}"
        )
    after_one = lane.accuracy[1]
    if after_one - first < JUMP * (last - first):
        return f"climbs to {lane.score(-1)} in {counted(len(lane.accuracy) - 1)}"
    jump = f"jumps to {lane.score(1)} in one step"
    return (
        jump if abs(last - after_one) <= AS_GOOD_AS_EQUAL else f"{jump}, ending at {lane.score(-1)}"
    )


def _before_the_first_step(lanes: Sequence[Lane], now: np.ndarray, chance: float) -> str:
    ahead = [
        lane for lane, score in zip(lanes, now, strict=True) if score > chance + AS_GOOD_AS_EQUAL
    ]
    if not ahead:
        return f"Before the first step all guess: {chance:.0%} of the queries are right."
    names = listed([f"{lane.title} ({lane.score_with_interval(0)})" for lane in ahead])
    they = (
        "it takes no steps, but compares" if len(ahead) == 1 else "they take no steps, but compare"
    )
    return (
        f"Before the first step all guess, with {chance:.0%} right, except {names}: {they} each "
        "query with the mean of each class's examples."
    )


def _catching_up(subject: Lane, baseline: Lane, step: int) -> str:
    """When the baseline reaches what the subject has after `step`."""
    reached = np.flatnonzero(baseline.accuracy >= subject.accuracy[step])
    if len(reached):
        return f"{baseline.title} needs {counted(int(reached[0]))} for that."
    return f"{baseline.title} does not get there in {counted(len(baseline.accuracy) - 1)}."


def average_sentence(averages: Averages, step: int) -> str:
    """What many tasks like the one shown say of the initialisations after `step`."""
    return f"{averages.basis.capitalize()} like this one, after {counted(step)}: " + what_many_show(
        averages.by_title(), step
    )


def what_many_show(lanes: Mapping[str, Lane], step: int) -> str:
    """Where MAML's gain over random weights comes from, and who leads; lanes of means by title.

    Differences within the sum of two intervals are called none.
    """
    maml, supervised, random = (lanes[title] for title in ("MAML", "Supervised", "Random"))
    gain, of_features = (_points(lane, random, step) for lane in (maml, supervised))
    scores = (
        f"**MAML {maml.score_with_interval(step)}**, Supervised "
        f"{supervised.score_with_interval(step)}, Random {random.score_with_interval(step)}."
    )
    sentences = [scores]
    if of_features > gain / 2 > 0:
        sentences.append(
            f"Of MAML's {gain:.0f} points over random weights, {of_features:.0f} come with any "
            "good features: supervised training on all classes learns such too."
        )
        sentences.append(_purpose(maml, supervised, step))
    best = max(lanes, key=lambda title: lanes[title].accuracy[step])
    if best != "MAML" and _is_ahead(lanes[best], maml, step):
        sentences.append(f"{best} leads with {lanes[best].score_with_interval(step)}.")
    return " ".join(sentences)


def _purpose(maml: Lane, supervised: Lane, step: int) -> str:
    """What it adds that MAML learns its features for tasks like these."""
    if not _is_ahead(maml, supervised, step):
        return "That MAML learns them for tasks like these makes no difference here."
    return (
        "MAML learns them for tasks like these, which adds "
        f"{_points(maml, supervised, step):.0f} more."
    )


def _points(lane: Lane, other: Lane, step: int) -> float:
    return float(100 * (lane.accuracy[step] - other.accuracy[step]))


def _is_ahead(lane: Lane, other: Lane, step: int) -> bool:
    """Whether two means differ by more than their intervals."""
    assert lane.interval is not None and other.interval is not None
    margin = lane.interval[step] + other.interval[step]
    return bool(lane.accuracy[step] - other.accuracy[step] > margin)
