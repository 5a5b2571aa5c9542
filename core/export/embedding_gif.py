"""A film of an embedding as an animated GIF, for a slide.

At the left are the points, at the right the step, the accuracy and its curve beside the baselines.
"""

import numpy as np

from core.export.embedding import EmbeddingFrames, check, extent
from core.export.film import Caption
from core.export.gif import animated_gif
from core.export.points import FIRST_TURN
from core.export.sheet import Box, Point, Sheet, shortened, text_width
from core.figures.embeddings import DIGIT_COLOURS

FRAME_S = 0.12
WIDTH, HEIGHT = 960, 600
INK, MUTED, FAINT, ACCENT, PALE = "#1c2233", "#626b80", "#dfe2e8", "#4269d0", "#c9d5f2"
STAGE = (28, 64, 588, 524)  # left, top, right, bottom of the points
MARGIN = 10  # between the points and the edge of their stage
RADIUS = 3.5
FIGURES = 628  # left edge of the figures
RIGHT = WIDTH - 28  # their right edge
CURVE = (316, 470)  # top and bottom


def embedding_gif(film: EmbeddingFrames, caption: Caption) -> bytes:
    """The film as a GIF. Raises GlimpseError where coordinates are not finite."""
    return animated_gif(embedding_frames(film, caption), FRAME_S)


def embedding_frames(film: EmbeddingFrames, caption: Caption) -> list[np.ndarray]:
    """A picture (H, W, 3) uint8 of each frame."""
    check(film)
    places, order = place_points(film.layouts)
    frames = []
    for moment in range(len(film.steps)):
        sheet = Sheet(WIDTH, HEIGHT)
        sheet.text((28, 44), shortened(caption.title, 28, WIDTH - 56), 28, INK, bold=True)
        sheet.text((28, HEIGHT - 18), shortened(caption.model, 15, WIDTH - 56), 15, MUTED)
        for point in order[moment]:
            x, y = places[moment, point].tolist()
            sheet.disc((x, y), RADIUS, DIGIT_COLOURS[film.labels[point]])
        _draw_legend(sheet, film.names)
        _draw_figures(sheet, film, moment)
        frames.append(sheet.pixels())
    return frames


def place_points(layouts: np.ndarray, stage: Box = STAGE) -> tuple[np.ndarray, np.ndarray]:
    """Places of the points on the sheet, (F, N, 2), and the order in which to draw them, (F, N).

    All axes and all frames have one scale. Points in space turn round once during the film.
    """
    left, top, right, bottom = stage
    room = np.array([right - left - 2 * MARGIN, bottom - top - 2 * MARGIN])
    scale = (room / extent(layouts)).min()
    middle = np.array([left + right, top + bottom]) / 2
    centred = layouts - (layouts.min((0, 1)) + layouts.max((0, 1))) / 2
    order = np.tile(np.arange(layouts.shape[1]), (len(layouts), 1))
    if layouts.shape[2] == 3:
        centred = _turning(centred)
        order = centred[..., 2].argsort(axis=1)
    return middle + centred[..., :2] * scale * np.array([1, -1]), order


def _turning(layouts: np.ndarray) -> np.ndarray:
    """Frames (F, N, 3), each seen from further around."""
    yaw, pitch = FIRST_TURN
    yaws = yaw + np.linspace(0, 2 * np.pi, len(layouts), endpoint=False)
    return np.stack(
        [turned(frame, around, pitch) for frame, around in zip(layouts, yaws, strict=True)]
    )


def turned(points: np.ndarray, yaw: float, pitch: float) -> np.ndarray:
    """Points (N, 3) turned around the upright axis by yaw, then around the level one by pitch.

    The viewer looks along the last axis, on which nearer points have larger values.
    """
    x, y, z = points.T
    across, away = x * np.cos(yaw) + z * np.sin(yaw), z * np.cos(yaw) - x * np.sin(yaw)
    up = y * np.cos(pitch) - away * np.sin(pitch)
    return np.stack([across, up, away * np.cos(pitch) + y * np.sin(pitch)], axis=1)


def _draw_legend(sheet: Sheet, names: tuple[str, ...]) -> None:
    room = (STAGE[2] - STAGE[0]) / len(names)
    for label, name in enumerate(names):
        x = STAGE[0] + 10 + room * label
        sheet.disc((x, 548), 7, DIGIT_COLOURS[label])
        sheet.text((x + 14, 548), shortened(name, 18, room - 28), 18, INK, "lm")


def _draw_figures(sheet: Sheet, film: EmbeddingFrames, moment: int) -> None:
    """The step and the accuracy as numbers, and the curve of the accuracy."""
    sheet.text((FIGURES, 96), "Step", 18, MUTED)
    step = f"{film.steps[moment]:,}"
    sheet.text((FIGURES, 156), step, 54, INK, bold=True)
    after_step = FIGURES + text_width(step, 54) + 12
    sheet.text((after_step, 156), f"of {film.steps[-1]:,}", 22, MUTED)
    accuracy = film.accuracy[moment]
    if accuracy is None:
        return
    sheet.text((FIGURES, 208), "20-NN accuracy", 18, MUTED)
    sheet.text((FIGURES, 268), f"{accuracy:.1%}", 54, ACCENT, bold=True)
    _draw_curve(sheet, film, moment)


def _draw_curve(sheet: Sheet, film: EmbeddingFrames, moment: int) -> None:
    """Accuracy over the steps: later steps are pale, baselines dashed."""
    curve = [
        (step, share)
        for step, share in zip(film.steps, film.accuracy, strict=True)
        if share is not None
    ]
    levels = [share for _, share in curve] + list(film.baselines.values())
    low, high = min(levels) - 0.01, max(levels) + 0.01
    top, bottom = CURVE

    def place(step: float, share: float) -> Point:
        x = FIGURES + (RIGHT - FIGURES) * step / max(1, film.steps[-1])
        return x, bottom - (bottom - top) * (share - low) / (high - low)

    sheet.line([(FIGURES, bottom), (RIGHT, bottom)], 1.5, FAINT)
    for name, share in film.baselines.items():
        _, y = place(0, share)
        sheet.dashed_line((FIGURES, y), (RIGHT, y), 1.5, MUTED)
        sheet.text((RIGHT, y - 5), f"{name} {share:.1%}", 15, MUTED, "rs")
    points = [place(*each) for each in curve]
    so_far = [place(*each) for each in curve if each[0] <= film.steps[moment]]
    sheet.line(points, 2.5, PALE)
    sheet.line(so_far, 3.5, ACCENT)
    sheet.disc(so_far[-1], 7, ACCENT)
    sheet.text((RIGHT, bottom + 8), f"step {film.steps[-1]:,}", 15, MUTED, "ra")
