"""The race by the clock: what each initialisation reaches in the same time of training."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from core.figures.race import LOOKS, Lane
from core.figures.race_clock import clock_curves
from core.figures.words import counted, listed
from core.paths import ASSETS
from pages.parts.components.live_figure.live_figure import live_figure

HEIGHT = 344  # px


def show_clock() -> None:
    """Accuracy against seconds of training, a line per algorithm; what to see in it, and how."""
    from core.zoo.initialisations import RACE

    measured = load_clock()
    titles = {each.weights: each.title for each in RACE if each.weights}
    lanes = {title: _lane(title, measured["reached"][name]) for name, title in titles.items()}
    costs = {title: _update_ms(measured["reached"][name]) for name, title in titles.items()}
    st.subheader("The race by the clock", anchor=False)
    st.markdown(about_clock(lanes, measured["seconds"], costs))
    live_figure(
        clock_curves(list(lanes.values()), measured["seconds"], LOOKS[:-1]),  # without Random
        key="race-clock",
        height=HEIGHT,
        alt=f"Query accuracy against seconds of training. After {measured['seconds'][-1]} s: "
        + ", ".join(f"{title} {lane.score(-1)}" for title, lane in lanes.items()),
    )
    st.caption(
        f"Each trained anew for so many seconds. {measured['n_way']}-way {measured['k_shot']}-shot "
        f"tasks of Omniglot, mean over {measured['tasks']} with its 95 % interval, after "
        f"{counted(measured['inner_steps'])}; queries judged together. `{measured['command']}` "
        f"measures it again ({measured['minutes']:.0f} minutes on {measured['hardware']}, torch "
        f"{measured['torch']}, {measured['date']})."
    )


def about_clock(
    lanes: Mapping[str, Lane], seconds: list[float], update_ms: Mapping[str, float]
) -> str:
    """What an update of each costs, and who leads after the least and after the most time."""
    cheapest, dearest = (pick(update_ms, key=update_ms.__getitem__) for pick in (min, max))
    return (
        "In the race above all had the same number of updates. But an update of "
        f"{cheapest} takes {update_ms[cheapest]:.0f} ms, one of {dearest} "
        f"{update_ms[dearest]:.0f} ms. Given the same **time**, {_lead(lanes, 0, seconds[0])}; "
        f"{_lead(lanes, -1, seconds[-1])}."
    )


def _lead(lanes: Mapping[str, Lane], place: int, seconds: float) -> str:
    """Who leads at a place, with all whose intervals reach the best, and what MAML has there."""
    best = max(lanes.values(), key=lambda lane: lane.accuracy[place])
    leaders = [title for title, lane in lanes.items() if _reaches(lane, best, place)]
    names = listed([f"**{title}**" for title in leaders])
    verb, most = ("leads", "") if len(leaders) == 1 else ("lead", "up to ")
    subject = next(iter(lanes.values()))  # the page's
    beside = f" ({subject.title} {subject.score_with_interval(place)})"
    return (
        f"{names} {verb} after {seconds:g} s with {most}{best.score_with_interval(place)}"
        f"{'' if subject.title in leaders else beside}"
    )


def _reaches(lane: Lane, best: Lane, place: int) -> bool:
    """Whether the intervals of the two overlap."""
    assert lane.interval is not None and best.interval is not None
    gap = best.accuracy[place] - lane.accuracy[place]
    return bool(gap <= lane.interval[place] + best.interval[place])


def _lane(title: str, reached: list[dict[str, float]]) -> Lane:
    mean, interval = (np.array([each[part] for each in reached]) for part in ("mean", "interval"))
    return Lane(title, mean, interval)


def _update_ms(reached: list[dict[str, float]]) -> float:
    return 1000 * reached[-1]["seconds"] / reached[-1]["steps"]


@st.cache_data(max_entries=1)
def load_clock() -> dict[str, Any]:
    """What `python -m core evaluate clock` measured; see `core.studies.race_by_the_clock`."""
    measured: dict[str, Any] = json.loads((ASSETS / "clock.json").read_text())
    return measured
