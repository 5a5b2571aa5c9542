"""Curves that are learnt from a few points, as an animated GIF for a slide.

Above are the panels, one for each initialisation, below the errors against the inner step.
"""

from collections.abc import Sequence

import numpy as np

from core.export.film import Caption
from core.export.film_gif import ACCENT, FAINT, FIRST_S, INK, MARGIN, MUTED, write_caption
from core.export.gif import animated_gif
from core.export.sheet import Point, Sheet
from core.figures.sinusoid import COLOURS, Fit, Task
from core.figures.sinusoid_race import PLACES, blind_place, lane_of
from core.figures.words import counted

STEP_S = 0.5  # how long a step is shown: there are more of them than of pictures
SIZE = 1280, 720  # pixels, of a slide
TOP, PANEL_HEIGHT = 116, 288  # of the panels
GAP = 20  # between two panels
REACH = 6.0  # of the vertical axis, either side of zero
CHART_TOP, CHART_HEIGHT = 456, 150
CHART_LEFT, CHART_RIGHT = MARGIN + 300, SIZE[0] - MARGIN - 12
BLIND = "#eceef2"  # the half without points


def curve_gif(task: Task, fits: Sequence[Fit], caption: Caption) -> bytes:
    """The curve learnt step by step from each initialisation, as a GIF of 1,280 x 720 pixels.

    A prediction that leaves its panel is cut off there.
    """
    frames = curve_frames(task, fits, caption)
    return animated_gif(frames, [FIRST_S, *[STEP_S] * (len(frames) - 1)])


def curve_frames(task: Task, fits: Sequence[Fit], caption: Caption) -> list[np.ndarray]:
    """A picture (720, 1280, 3) uint8 before the first step and after each."""
    return [_frame(task, fits, caption, step) for step in range(len(fits[0].prediction))]


def _frame(task: Task, fits: Sequence[Fit], caption: Caption, step: int) -> np.ndarray:
    sheet = Sheet(*SIZE)
    write_caption(sheet, caption)
    width = (SIZE[0] - 2 * MARGIN + GAP) / len(fits) - GAP
    for index, (fit, colour) in enumerate(zip(fits, COLOURS, strict=False)):
        panel = _Panel(sheet, task, MARGIN + index * (width + GAP), width)
        panel.draw(fit, colour, step)
    _draw_errors(sheet, task, fits, step)
    return sheet.pixels()


class _Panel:
    """One panel of a frame: a curve, its points, and the predictions from one initialisation."""

    def __init__(self, sheet: Sheet, task: Task, left: float, width: float) -> None:
        self.sheet, self.task, self.left, self.width = sheet, task, left, width

    def draw(self, fit: Fit, colour: str, step: int) -> None:
        place = blind_place(self.task)
        self.sheet.text((self.left, TOP - 12), fit.title, 22, colour, bold=True)
        error = f"error {lane_of(self.task, fit).label(place, step)}"
        self.sheet.text((self.left + self.width, TOP - 12), error, 20, INK, "rs")
        self._paper()
        for earlier in range(step):
            self.sheet.line(self._path(fit.prediction[earlier]), 1, _pale(colour))
        points = self._path(self.task.y)
        for start, end in zip(points[::2], points[1::2], strict=False):
            self.sheet.line([start, end], 2, MUTED)
        self.sheet.line(self._path(fit.prediction[step]), 4, colour)
        for x, y in zip(self.task.support_x, self.task.support_y, strict=True):
            self.sheet.disc(self._at(float(x), float(y)), 6, INK)

    def _paper(self) -> None:
        """The panel's frame, and the shade over the half without points."""
        left, right, bottom = self.left, self.left + self.width, TOP + PANEL_HEIGHT
        if self.task.unseen is not None:
            half = left if self.task.unseen == 0 else left + self.width / 2
            middle = TOP + PANEL_HEIGHT / 2
            ends: list[Point] = [(half, middle), (half + self.width / 2, middle)]
            self.sheet.line(ends, PANEL_HEIGHT, BLIND)
            self.sheet.text((half + self.width / 4, TOP + 22), "no points", 16, MUTED, "ms")
        level = self._at(0, 0)[1]
        self.sheet.line([(left, level), (right, level)], 1, FAINT)
        corners: list[Point] = [(left, TOP), (right, TOP), (right, bottom), (left, bottom)]
        self.sheet.line([*corners, corners[0]], 1.5, FAINT)

    def _path(self, y: np.ndarray) -> list[Point]:
        return [self._at(*pair) for pair in zip(self.task.x.tolist(), y.tolist(), strict=True)]

    def _at(self, x: float, y: float) -> Point:
        low, high = float(self.task.x[0]), float(self.task.x[-1])
        inside = float(np.clip(np.nan_to_num(y), -REACH, REACH))
        across = (x - low) / (high - low)
        return self.left + self.width * across, TOP + PANEL_HEIGHT * (1 - inside / REACH) / 2


def _draw_errors(sheet: Sheet, task: Task, fits: Sequence[Fit], step: int) -> None:
    """The inner step as a number, and the errors up to it, all to come pale."""
    place, last = blind_place(task), len(fits[0].prediction) - 1
    sheet.text((MARGIN, CHART_TOP + 24), "Inner step", 20, MUTED)
    sheet.text((MARGIN, CHART_TOP + 92), str(step), 68, ACCENT, bold=True)
    sheet.text((MARGIN, CHART_TOP + 128), f"of {last}", 24, MUTED)
    sheet.text((CHART_LEFT, CHART_TOP - 14), f"Mean squared error {PLACES[place]}", 20, MUTED)
    errors = np.stack([lane_of(task, fit).errors[place] for fit in fits])
    top = 1.1 * max(0.1, float(errors[:, 0].max()))

    def spot(at: int, error: float) -> Point:
        share = min(1.0, error / top)
        across = (CHART_RIGHT - CHART_LEFT) * at / max(1, last)
        return CHART_LEFT + across, CHART_TOP + CHART_HEIGHT * (1 - share)

    for level in (0.0, top / 1.1):
        at = spot(0, level)
        sheet.line([at, (CHART_RIGHT, at[1])], 1.5, FAINT)
        sheet.text((CHART_LEFT - 12, at[1]), f"{level:.1f}" if level else "0", 16, MUTED, "rm")
    for values, colour in list(zip(errors, COLOURS, strict=False))[::-1]:
        points = [spot(at, float(error)) for at, error in enumerate(values)]
        sheet.line(points, 2, _pale(colour))
        sheet.line(points[: step + 1], 4, colour)
        sheet.disc(points[step], 7, colour)
    sheet.text((CHART_RIGHT, CHART_TOP + CHART_HEIGHT + 10), counted(last), 16, MUTED, "ra")


def _pale(colour: str) -> str:
    """A colour, a quarter of it on white."""
    parts = bytes.fromhex(colour.removeprefix("#"))
    return "#" + bytes(255 - (255 - part) // 3 for part in parts).hex()
