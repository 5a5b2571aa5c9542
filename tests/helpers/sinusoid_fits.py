"""Fits of a curve whose errors are known, good, middling and bad."""

import numpy as np

from core.figures.sinusoid import Fit, Task

X = np.linspace(-5, 5, 11)  # five places on the left half, six on the right


def task(support_x: list[float], off: float = 0.0) -> Task:
    support = np.array(support_x)
    return Task(X, 2 * X, support, 2 * support + off)


def fit(title: str, left: list[float], right: list[float]) -> Fit:
    """Predictions that lie so far above the curve 2x on either half, after each step."""
    offsets = np.where(X[None] < 0, np.array(left)[:, None], np.array(right)[:, None])
    return Fit(title, 2 * X[None] + offsets)


GOOD, MIDDLING = fit("MAML", [3.0, 0.5], [3.0, 0.1]), fit("Pre-trained", [3.0, 2.0], [3.0, 0.4])
BAD = fit("Random", [4.0, 4.0], [4.0, 1.0])
