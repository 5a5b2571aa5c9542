"""The race by the clock on the Few-shot page: what is said is what was measured."""

import json
import re

import numpy as np

from core.figures.race import Lane
from core.paths import ASSETS
from core.zoo.initialisations import RACE
from pages.parts.few_shot.race_clock import about_clock
from tests.helpers.few_shot_page import Open, texts

MEASURED = json.loads((ASSETS / "clock.json").read_text())


def lane(title: str, *accuracy: float) -> Lane:
    return Lane(title, np.array(accuracy), np.full(len(accuracy), 0.005))


def test_the_page_says_what_was_measured(open_page: Open) -> None:
    words = texts(open_page(tasks_from="Strokes", ways="2", inner_steps="1", inner_step="1"))
    titles = {each.weights: each.title for each in RACE}
    for place, seconds in ((0, MEASURED["seconds"][0]), (-1, MEASURED["seconds"][-1])):
        best = max(MEASURED["reached"], key=lambda name: MEASURED["reached"][name][place]["mean"])
        found = MEASURED["reached"][best][place]
        shown = rf"after {seconds} s with (up to )?{100 * found['mean']:.1f} ± "
        assert re.search(shown, words), titles[best]
    assert f"`{MEASURED['command']}` measures it again" in words
    assert "the same number of updates" in words


def test_who_leads_is_named_beside_the_page_s_subject() -> None:
    lanes = {
        "MAML": lane("MAML", 0.5, 0.9), "ANIL": lane("ANIL", 0.692, 0.8),
        "ProtoNet": lane("ProtoNet", 0.7, 0.88),
    }  # fmt: skip
    costs = {"MAML": 120.4, "ANIL": 60.0, "ProtoNet": 30.2}
    assert about_clock(lanes, [10, 90], costs) == (
        "In the race above all had the same number of updates. But an update of ProtoNet takes "
        "30 ms, one of MAML 120 ms. Given the same **time**, **ANIL** and **ProtoNet** lead after "
        "10 s with up to 70.0 ± 0.5 % (MAML 50.0 ± 0.5 %); **MAML** leads after 90 s with 90.0 "
        "± 0.5 %."
    )
