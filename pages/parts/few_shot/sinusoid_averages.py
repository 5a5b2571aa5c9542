"""The errors on many curves like the one on screen, learnt together: how typical is that one?"""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import streamlit as st

from core.figures.sinusoid import LARGEST_ERROR, error_label
from core.figures.words import counted
from pages.parts.few_shot.sinusoid_controls import HALVES, STEPS, X_AXIS, drawn_x, sampled_curve

if TYPE_CHECKING:
    from core.data.episodes import Episodes

CURVES = 100
PLACES = 51  # of a curve, at which errors are measured


class MeanError(NamedTuple):
    """Of one initialisation over CURVES curves: mean and half of its 95 % interval after a step."""

    title: str
    mean: float
    interval: float

    @property
    def label(self) -> str:
        if not self.mean <= LARGEST_ERROR:
            return error_label(self.mean)
        return f"{error_label(self.mean)} ± {error_label(self.interval)}"


def about_average(half: str, count: int, scale: float, step: int) -> str:
    """The mean errors of curves whose points are drawn alike, where those have no points."""
    first, *others = mean_errors(half, count, scale, step)
    where = {"right": "on the left half", "left": "on the right half"}.get(half, "everywhere")
    rest = ", ".join(f"{each.title} {each.label}" for each in others)
    return (
        f"Over {CURVES} curves with {counted(count, 'point')} drawn on the "
        f"{HALVES[half].lower()}, after {counted(step)}: mean squared error {where} "
        f"**{first.title} {first.label}**, {rest}."
    )


def mean_errors(half: str, count: int, scale: float, step: int) -> list[MeanError]:
    """For each initialisation; on the half that the points leave out, where they do."""
    means = []
    for title, curves in _errors(half, count, scale).items():
        errors = curves[:, step]
        with np.errstate(over="ignore", invalid="ignore"):  # those of steps that diverge
            interval = 1.96 * errors.std(ddof=1) / CURVES**0.5
            means.append(MeanError(title, float(errors.mean()), float(interval)))
    return means


@st.cache_data(max_entries=128, show_spinner=False)
def _errors(half: str, count: int, scale: float) -> dict[str, np.ndarray]:
    """The error on each curve after each step (CURVES, STEPS + 1), by initialisation."""
    from core.zoo.initialisations import SINUSOIDS, load_initialisation

    tasks, truth, places = _curves(half, count)
    unseen = {"right": places < 0, "left": places >= 0}.get(half, np.ones(PLACES, bool))
    found = {}
    for each in SINUSOIDS:
        adapted = load_initialisation(each, like="sinusoid-maml").adapt(tasks, STEPS, scale=scale)
        far = adapted.outputs[..., 0].double().numpy() - truth[:, None]
        with np.errstate(over="ignore", invalid="ignore"):
            squared = np.square(far[..., unseen]).mean(-1)
        found[each.title] = np.where(np.isnan(squared), np.inf, squared)
    return found


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
