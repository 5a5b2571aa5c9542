"""The race in sentences: they say what the curves show."""

import numpy as np
import pytest

from core.figures.race import Lane
from pages.parts.few_shot.race import WHAT_TO_LOOK_AT
from pages.parts.few_shot.race_sentences import (
    race_overview,
    step_sentence,
    what_many_show,
)
from pages.parts.few_shot.task_choice import MANY

CURVES = {  # at three steps
    "MAML": (0.2, 0.96, 0.97), "First-order": (0.2, 0.94, 0.97), "ANIL": (0.2, 0.9, 0.95),
    "Reptile": (0.2, 0.8, 0.97), "ProtoNet": (0.98, 0.98, 0.98), "Supervised": (0.2, 0.7, 0.72),
    "Random": (0.2, 0.4, 0.44),
}  # fmt: skip


def lanes(interval: float | None = None) -> list[Lane]:
    half = None if interval is None else np.full(3, interval)
    return [Lane(title, np.array(curve), half) for title, curve in CURVES.items()]


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (0, "Before the first step all guess, with 20% right, except ProtoNet (98%): it takes no "),
        (1, "After 1 step: **MAML 96%**, Random 40%. Random does not get there in 2 steps. "
            "ProtoNet leads with 98%."),
    ],
)  # fmt: skip
def test_the_sentence_says_what_there_is_to_see(step: int, expected: str) -> None:
    assert step_sentence(lanes(), step, 0.2).startswith(expected)


def test_the_sentence_follows_the_data() -> None:
    slow, fast = np.array([0.2, 0.5, 0.97]), np.array([0.2, 0.96, 1.0])
    sentence = step_sentence([Lane("MAML", fast), Lane("Random", slow)], 1, 0.2)
    assert sentence.endswith("Random needs 2 steps for that.")
    sentence = step_sentence([Lane("MAML", slow), Lane("Random", fast)], 1, 0.2)
    assert sentence.endswith(
        "Here MAML is no better than Random: try another task, or many of them."
    )
    sentence = step_sentence([Lane("MAML", fast), Lane("Random", slow)], 0, 0.2)
    assert sentence == "Before the first step all guess: 20% of the queries are right."
    assert "**MAML 96.0 ± 3.0 %**" in step_sentence(lanes(0.03), 1, 0.2)


@pytest.mark.parametrize(
    ("subject", "baseline", "expected"),
    [
        ((0.2, 0.96, 0.97), (0.2, 0.3, 0.56),
         "**MAML** starts at chance (20%) and jumps to 96% in one step; "
         "**Random** starts there too and climbs to 56% in 2 steps."),
        ((0.2, 0.9, 0.98), (0.2, 0.2, 0.21),
         "**MAML** starts at chance (20%) and jumps to 90% in one step, ending at 98%; "
         "**Random** starts there too and stays there."),
        ((0.2, 0.8, 0.2), (0.5, 0.9, 0.9),
         "**MAML** starts at chance (20%) and ends at 20%, after a best of 80%; "
         "**Random** starts at 50% and jumps to 90% in one step."),
    ],
)  # fmt: skip
def test_the_overview_says_how_the_first_and_the_last_go(
    subject: tuple[float, ...], baseline: tuple[float, ...], expected: str
) -> None:
    ends = [Lane("MAML", np.array(subject)), Lane("Random", np.array(baseline))]
    assert race_overview(ends, 0.2) == expected
    means = Lane("ProtoNet", np.full(3, 0.98))
    there = race_overview([ends[0], means, ends[1]], 0.2)
    assert there == expected + " ProtoNet stays at 98%."


def test_the_overview_says_where_the_first_falls_on_its_way() -> None:
    ends = [Lane("MAML", np.array([0.2, 0.92, 0.7, 0.9])), Lane("Random", np.full(4, 0.2))]
    assert race_overview(ends, 0.2).endswith(" On the way MAML falls to 70% after 2 steps.")
    ends[0] = Lane("MAML", np.array([0.2, 0.92, 0.88, 0.92]))
    assert "On the way" not in race_overview(ends, 0.2)


def test_without_a_step_there_is_no_overview() -> None:
    assert (
        race_overview([Lane("MAML", np.array([0.2])), Lane("Random", np.array([0.2]))], 0.2) == ""
    )


def means(**curves: float) -> dict[str, Lane]:
    """Lanes that guess before the first step, with intervals of half a point."""
    return {
        title: Lane(title, np.array([0.05, after]), np.array([0.0, 0.005]))
        for title, after in curves.items()
    }


def test_many_tasks_say_where_the_gain_comes_from() -> None:
    lanes = means(MAML=0.88, ProtoNet=0.92, Supervised=0.83, Random=0.24)
    assert what_many_show(lanes, 1, 200) == (
        "**MAML 88.0 ± 0.5 %**, Supervised 83.0 ± 0.5 %, Random 24.0 ± 0.5 %. MAML is 64 points "
        "better than random weights. Supervised training on all classes gets 59 of them; learning "
        "for tasks like these adds 5. ProtoNet leads with 92.0 ± 0.5 %."
    )
    rounded = what_many_show(means(MAML=0.904, Supervised=0.836, Random=0.24), 1, 200)
    assert "66 points" in rounded and "gets 60 of them" in rounded and "adds 6." in rounded
    close = what_many_show(means(MAML=0.8849, Supervised=0.8740, Random=0.2401), 1, 10_000)
    assert "64 points" in close and "gets 63 of them" in close and "adds 1." in close


def test_many_tasks_claim_no_difference_within_the_intervals() -> None:
    sentence = what_many_show(means(MAML=0.88, ANIL=0.889, Supervised=0.875, Random=0.24), 1, 150)
    assert "is 64 better: between the two is no difference that 150 tasks can show." in sentence
    assert "leads" not in sentence and "adds" not in sentence
    poor = what_many_show(means(MAML=0.88, Supervised=0.3, Random=0.24), 1, 150)
    assert "training on all classes" not in poor
    ahead = what_many_show(means(MAML=0.88, Supervised=0.9, Random=0.24), 1, 150)
    assert "Supervised training on all classes is 66 better. Supervised leads with" in ahead


def test_few_tasks_show_only_their_means() -> None:
    lanes = means(MAML=0.88, ProtoNet=0.92, Supervised=0.83, Random=0.24)
    assert what_many_show(lanes, 1, MANY - 1) == (
        "**MAML 88.0 ± 0.5 %**, Supervised 83.0 ± 0.5 %, Random 24.0 ± 0.5 %."
    )
    assert "better than random weights" in what_many_show(lanes, 1, MANY)


def test_what_to_look_at_holds_for_a_line_that_does_not_jump() -> None:
    assert "*Random*" in WHAT_TO_LOOK_AT and "jump" not in WHAT_TO_LOOK_AT
