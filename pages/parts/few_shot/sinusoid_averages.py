"""The errors on many curves like the one on screen, learnt together: how typical is that one?"""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import streamlit as st

from core.figures.sinusoid_race import LEFT, RIGHT, WHOLE, ErrorLane
from core.figures.sinusoid_race import PLACES as PLACES_OF_CURVE
from core.figures.words import counted
from pages.parts.few_shot.sinusoid_controls import (
    HALVES,
    MANY,
    STEPS,
    X_AXIS,
    drawn_x,
    sampled_curve,
)
from pages.parts.few_shot.sinusoid_networks import OWN, OwnRun, networks

if TYPE_CHECKING:
    from core.data.episodes import Episodes
    from core.methods.few_shot.method import FewShot

CURVES = MANY
PLACES = 51  # of a curve, at which errors are measured


class MeanError(NamedTuple):
    """Of one initialisation over CURVES curves: mean and half of its 95 % interval after a step."""

    title: str
    mean: float
    interval: float


def about_average(half: str, count: int, scale: float, step: int, own: OwnRun | None = None) -> str:
    """The mean errors of curves whose points are drawn alike, where those have no points."""
    place = blind_place_of(half)
    first, *others = mean_lanes(half, count, scale, own)
    where = "everywhere" if place == WHOLE else PLACES_OF_CURVE[place]
    rest = ", ".join(f"{each.title} {each.label(place, step)}" for each in others)
    return (
        f"{basis(half, count)}, after {counted(step)}: mean squared error {where} "
        f"**{first.title} {first.label(place, step)}**, {rest}."
    )


def basis(half: str, count: int) -> str:
    """Which curves the means are over."""
    points = counted(count, "point")
    return f"Over {CURVES} curves with {points} drawn on the {HALVES[half].lower()}"


def blind_place_of(half: str) -> int:
    """Where curves whose points are drawn on a half of HALVES have none."""
    return {"right": LEFT, "left": RIGHT}.get(half, WHOLE)


def mean_errors(half: str, count: int, scale: float, step: int) -> list[MeanError]:
    """For each initialisation; on the half that the points leave out, where they do."""
    place = blind_place_of(half)
    means = []
    for lane in mean_lanes(half, count, scale):
        assert lane.interval is not None
        mean, interval = lane.errors[place, step], lane.interval[place, step]
        means.append(MeanError(lane.title, float(mean), float(interval)))
    return means


def mean_lanes(half: str, count: int, scale: float, own: OwnRun | None = None) -> list[ErrorLane]:
    """The mean errors of every initialisation with their 95 % intervals, after each step."""
    lanes = []
    found = _errors(half, count, scale) | (_own_errors(half, count, scale, own) if own else {})
    for title, errors in found.items():
        with np.errstate(over="ignore", invalid="ignore"):  # those of steps that diverge
            interval = 1.96 * errors.std(0, ddof=1) / CURVES**0.5
            lanes.append(ErrorLane(title, errors.mean(0), interval))
    return lanes


@st.cache_data(max_entries=128, show_spinner=False)
def _errors(half: str, count: int, scale: float) -> dict[str, np.ndarray]:
    """The errors on each curve by place, after each step, by initialisation: see `_errors_of`."""
    return {title: _errors_of(each, half, count, scale) for title, each in networks().items()}


@st.cache_data(max_entries=32, show_spinner=False)
def _own_errors(half: str, count: int, scale: float, own: OwnRun) -> dict[str, np.ndarray]:
    return {OWN: _errors_of(networks(own)[OWN], half, count, scale)}


def _errors_of(network: "FewShot", half: str, count: int, scale: float) -> np.ndarray:
    """The errors on each curve at the places of an `ErrorLane`, (CURVES, 3, STEPS + 1)."""
    tasks, truth, places = _curves(half, count)
    outputs = network.adapt(tasks, STEPS, scale=scale).outputs
    far = outputs[..., 0].double().cpu().numpy() - truth[:, None]
    parts = places < 0, places >= 0, np.ones(PLACES, bool)
    with np.errstate(over="ignore", invalid="ignore"):
        squared = np.stack([np.square(far[..., part]).mean(-1) for part in parts], 1)
    return np.where(np.isnan(squared), np.inf, squared)


def _curves(half: str, count: int) -> "tuple[Episodes, np.ndarray, np.ndarray]":
    """Tasks of the first CURVES curves, their true heights (CURVES, PLACES), and the places."""
    import torch

    from core.data.episodes import Episodes

    curves = [sampled_curve(number) for number in range(CURVES)]
    amplitude, phase = (np.array([curve[part] for curve in curves])[:, None] for part in (0, 1))
    x = np.stack([drawn_x(curve[2], half, count) for curve in curves])
    places = np.linspace(X_AXIS.low, X_AXIS.high, PLACES)
    points = np.stack([x, amplitude * np.sin(x - phase)], -1)
    support = torch.tensor(points, dtype=torch.float32)
    query = torch.tensor(places, dtype=torch.float32)[None, :, None].expand(CURVES, -1, -1)
    tasks = Episodes(support[..., :1], support[..., 1:], query, torch.zeros_like(query))
    return tasks, amplitude * np.sin(places - phase), places
