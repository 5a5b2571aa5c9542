"""The race in sentences, made from its curves: over all steps, and after one of them.

The first lane is the page's subject, the last one its baseline.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from core.figures.race import Lane
from core.figures.words import counted, listed
from pages.parts.few_shot.averages import Averages
from pages.parts.few_shot.task_choice import MANY

NOTABLE_FALL = 0.05  # of accuracy: one query of 25 is less
AS_GOOD_AS_EQUAL = 0.02  # a difference of accuracies
ENOUGH_TASKS = MANY  # the intervals of fewer are too wide to compare means
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
    shown = what_many_show(averages.by_title(), step, averages.n_tasks)
    return f"{averages.basis.capitalize()} like this one, after {counted(step)}: {shown}"


def what_many_show(lanes: Mapping[str, Lane], step: int, n_tasks: int) -> str:
    """Where MAML's gain over random weights comes from, and who leads; lanes of means by title.

    Of fewer than ENOUGH_TASKS there are only the means.
    """
    maml, supervised, random = (lanes[title] for title in ("MAML", "Supervised", "Random"))
    scores = (
        f"**MAML {maml.score_with_interval(step)}**, Supervised "
        f"{supervised.score_with_interval(step)}, Random {random.score_with_interval(step)}."
    )
    if n_tasks < ENOUGH_TASKS:
        return scores
    sentences = [scores]
    gain, of_supervised = (_points(lane, random, step) for lane in (maml, supervised))
    if of_supervised > gain / 2 > 0:
        sentences.append(
            f"MAML is {counted(gain, 'point')} better than random weights. Supervised training on "
            "all classes "
            + _beside_maml(gain, of_supervised, _ahead(maml, supervised, step), n_tasks)
        )
    best = max(lanes, key=lambda title: lanes[title].accuracy[step])
    if best != "MAML" and _ahead(lanes[best], maml, step) > 0:
        sentences.append(f"{best} leads with {lanes[best].score_with_interval(step)}.")
    return " ".join(sentences)


def _beside_maml(gain: int, of_supervised: int, ahead: int, n_tasks: int) -> str:
    """What supervised training gains over random weights; `ahead` is MAML's sign against it."""
    if ahead < 0:
        return f"is {of_supervised} better."
    if ahead == 0:
        return (
            f"is {of_supervised} better: between the two is no difference that "
            f"{counted(n_tasks, 'task')} can show."
        )
    more = gain - of_supervised or "less than one"  # so that the rounded numbers add up
    return f"gets {of_supervised} of them; learning for tasks like these adds {more}."


def _points(lane: Lane, other: Lane, step: int) -> int:
    return round(100 * float(lane.accuracy[step] - other.accuracy[step]))


def _ahead(lane: Lane, other: Lane, step: int) -> int:
    """1 or -1 where a mean is above or below another by more than their intervals, else 0."""
    assert lane.interval is not None and other.interval is not None
    difference = lane.accuracy[step] - other.accuracy[step]
    margin = lane.interval[step] + other.interval[step]
    return int(np.sign(difference)) if abs(difference) > margin else 0
