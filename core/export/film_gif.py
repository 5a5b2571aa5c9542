"""A few-shot film as an animated GIF, for a slide.

At the left are the examples and the queries, in the colour of their predicted class, at the right
the step, the accuracy and its curve.
"""

from typing import NamedTuple

import numpy as np

from core.export.film import Answers, Caption, answer_name, answers, loss_text
from core.export.gif import animated_gif
from core.export.sheet import Point, Sheet, shortened, text_width
from core.figures.few_shot import TaskFrames
from core.figures.pictures import FINE, SIDE, WRONG, blank, class_colour, class_name, paint

STEP_S = 0.9  # how long a step is shown
FIRST_S = 1.8  # and the state before learning, in which a viewer finds their way about

INK, MUTED, FAINT = "#1c2233", "#626b80", "#dfe2e8"
ACCENT, PALE, RIGHT = "#4269d0", "#c9d5f2", "#2f8f5b"
MARGIN = 40
TOP = 104  # of the first row of pictures
FOOT = 66  # below the last one
MIN_WIDTH, MIN_HEIGHT = 1280, 720  # of a slide
LETTER = 46  # room at the left of a row
GAP = 16  # between pictures
SEPARATION = 34  # between examples and queries, and between two blocks of classes
ANSWER = 26  # below a picture
FIGURES = 460  # width of the column with the figures
LONGEST_BLOCK = 10  # rows, one a class
ROOM = (700, 550)  # for the panel, if its pictures fit at their smaller sizes


class _Layout(NamedTuple):
    """Places of the pictures: the classes fill one block of rows, or two side by side."""

    scale: int  # pixels on the sheet to one pixel of a picture
    blocks: int
    rows: int  # of a block
    k_shot: int
    n_query: int

    @property
    def side(self) -> int:
        return SIDE * self.scale

    @property
    def block(self) -> int:
        """Width of a block of rows."""
        return LETTER + (self.k_shot + self.n_query) * (self.side + GAP) - GAP + SEPARATION

    @property
    def panel(self) -> tuple[int, int]:
        """Width and height of all."""
        width = self.blocks * (self.block + SEPARATION) - SEPARATION
        return width, self.rows * (self.side + ANSWER)

    def corner(self, row: int, column: int) -> tuple[int, int]:
        """Left and top of a picture; columns count the examples, then the queries."""
        block, line = divmod(row, self.rows)
        x = MARGIN + block * (self.block + SEPARATION) + LETTER + column * (self.side + GAP)
        return x + SEPARATION * (column >= self.k_shot), TOP + line * (self.side + ANSWER)


def film_gif(film: TaskFrames, caption: Caption) -> bytes:
    """The film as a GIF, of 1,280 x 720 pixels unless the task needs more.

    Raises GlimpseError where the film's values are not finite.
    """
    seconds = [FIRST_S, *[STEP_S] * (len(film.probability) - 1)]
    return animated_gif(film_frames(film, caption), seconds)


def film_frames(film: TaskFrames, caption: Caption) -> list[np.ndarray]:
    """A picture (H, W, 3) uint8 of each moment of the film."""
    answered = answers(film)
    layout = _layout(film)
    return [
        _frame(film, answered, caption, layout, moment) for moment in range(len(film.support_loss))
    ]


def _layout(film: TaskFrames) -> _Layout:
    """The largest pictures that fit beside the figures; the smallest scale where none does."""
    n_way = film.probability.shape[-1]
    blocks = -(-n_way // LONGEST_BLOCK)
    shape = blocks, -(-n_way // blocks), len(film.support) // n_way, len(film.query) // n_way
    fitting = [
        layout
        for layout in (_Layout(scale, *shape) for scale in (4, 3))
        if layout.panel[0] <= ROOM[0] and layout.panel[1] <= ROOM[1]
    ]
    return next(iter(fitting), _Layout(2, *shape))


def _frame(
    film: TaskFrames, answered: Answers, caption: Caption, layout: _Layout, moment: int
) -> np.ndarray:
    width = max(MIN_WIDTH, MARGIN + layout.panel[0] + 2 * SEPARATION + FIGURES + MARGIN)
    height = max(MIN_HEIGHT, TOP + layout.panel[1] + FOOT)
    sheet = Sheet(width, height)
    write_caption(sheet, caption)
    _draw_support(sheet, film, layout)
    _draw_queries(sheet, film, answered, layout, moment)
    _draw_figures(sheet, film, answered, width - MARGIN - FIGURES, moment)
    return sheet.pixels()


def write_caption(sheet: Sheet, caption: Caption) -> None:
    sheet.text((MARGIN, 54), caption.title, 34, INK, bold=True)
    for line, text in enumerate((caption.task, caption.model)):
        baseline = sheet.height - 43 + 24 * line
        sheet.text((MARGIN, baseline), shortened(text, 19, sheet.width - 2 * MARGIN), 19, MUTED)


def _draw_support(sheet: Sheet, film: TaskFrames, layout: _Layout) -> None:
    n_way = film.probability.shape[-1]
    for index, picture in enumerate(film.support):
        row, column = divmod(index, layout.k_shot)
        sheet.picture(layout.corner(row, column), _painted(picture, row, layout.side))
    for row in range(n_way):
        x, y = layout.corner(row, 0)
        letter_at = x - LETTER / 2 - 4, y + layout.side / 2
        sheet.text(letter_at, class_name(row), 32, class_colour(row), "mm", bold=True)
    for first_row in range(0, n_way, layout.rows):
        for column, text in ((0, "Support"), (layout.k_shot, "Queries and answers")):
            sheet.text((layout.corner(first_row, column)[0], TOP - 12), text, 20, MUTED)


def _draw_queries(
    sheet: Sheet, film: TaskFrames, answered: Answers, layout: _Layout, moment: int
) -> None:
    """Each query in the colour of its answer, the answer below it, a wrong one in a frame."""
    for index, picture in enumerate(film.query):
        row, column = divmod(index, layout.n_query)
        x, y = layout.corner(row, layout.k_shot + column)
        answer = int(answered.predicted[moment, index])
        sheet.picture((x, y), _painted(picture, answer, layout.side))
        text = f"{answer_name(answer)} {answered.confidence[moment, index]:.0%}"
        wrong = bool(answered.wrong[moment, index])
        if wrong:
            sheet.dashed_frame((x - 2, y - 2, x + layout.side + 2, y + layout.side + 2), 3, WRONG)
        middle = x + layout.side / 2, y + layout.side + 19
        mark = "cross" if wrong else "tick" if answered.right[moment, index] else None
        _write_answer(sheet, middle, text, mark, size=16 if layout.scale > 2 else 14)


def _write_answer(sheet: Sheet, middle: Point, text: str, mark: str | None, size: int) -> None:
    """A mark and a text, side by side, centred on `middle` on their base line."""
    room = 15 if mark else 0
    left = middle[0] - (room + text_width(text, size)) / 2
    x, y = left, middle[1] - 6
    if mark == "tick":
        sheet.line([(x, y), (x + 4, y + 5), (x + 11, y - 6)], 2, RIGHT)
    elif mark == "cross":
        sheet.line([(x, y - 5.5), (x + 11, y + 5.5)], 2.5, WRONG)
        sheet.line([(x, y + 5.5), (x + 11, y - 5.5)], 2.5, WRONG)
    wrong = mark == "cross"
    sheet.text((left + room, middle[1]), text, size, WRONG if wrong else MUTED, bold=wrong)


def _draw_figures(sheet: Sheet, film: TaskFrames, answered: Answers, x: float, moment: int) -> None:
    """Step, accuracy and loss as numbers, and the accuracy's curve."""
    accuracy, last = film.accuracy, len(film.support_loss) - 1
    sheet.text((x, TOP - 12), "Inner step", 20, MUTED)
    sheet.text((x, TOP + 50), str(moment), 68, INK, bold=True)
    sheet.text((x + text_width(str(moment), 68) + 14, TOP + 50), f"of {last}", 28, MUTED)
    sheet.text((x, TOP + 110), "Query accuracy", 20, MUTED)
    sheet.text((x, TOP + 178), f"{accuracy[moment]:.0%}", 68, ACCENT, bold=True)
    after_accuracy = x + text_width(f"{accuracy[moment]:.0%}", 68) + 14
    sheet.text((after_accuracy, TOP + 178), answered.tally(moment), 24, MUTED)
    _draw_curve(sheet, accuracy, 1 / film.probability.shape[-1], (x, TOP + 224), moment)
    sheet.text((x, TOP + 506), "Support loss", 20, MUTED)
    sheet.text((x + FIGURES, TOP + 506), loss_text(film.support_loss[moment]), 28, INK, "rs", True)


def _draw_curve(
    sheet: Sheet, accuracy: np.ndarray, chance: float, corner: Point, moment: int
) -> None:
    """Accuracy over the steps, later ones pale, and chance as a dashed line."""
    left, top = corner[0] + 58, corner[1]
    width, height = FIGURES - 58 - 12, 200

    def place(step: float, share: float) -> Point:
        return left + width * step / max(1, len(accuracy) - 1), top + height * (1 - share)

    for share in (0.0, 0.5, 1.0):
        sheet.line([place(0, share), (left + width, place(0, share)[1])], 1.5, FAINT)
        sheet.text((left - 12, place(0, share)[1]), f"{share:.0%}", 16, MUTED, "rm")
    level = place(0, chance)[1]
    sheet.dashed_line((left, level), (left + width, level), 1.5, MUTED)
    sheet.text((left + width, level - 6), "chance", 15, MUTED, "rs")
    points = [place(step, share) for step, share in enumerate(accuracy)]
    sheet.line(points, 3, PALE)
    sheet.line(points[: moment + 1], 4, ACCENT)
    for point in points[: moment + 1]:
        sheet.disc(point, 4, ACCENT)
    sheet.disc(points[moment], 9, ACCENT)
    for step in {0, len(accuracy) - 1}:
        sheet.text((place(step, 0)[0], top + height + 10), str(step), 16, MUTED, "ma")
    sheet.text((left + width / 2, top + height + 10), "inner step", 16, MUTED, "ma")


def _painted(picture: np.ndarray, taken_for: int, side: int) -> np.ndarray:
    """A picture (28, 28) uint8 in its class's look on white paper, (side, side, 3) uint8."""
    mosaic = blank(side // FINE, side // FINE)
    paint(mosaic, picture, taken_for, 0, 0, side // FINE)
    share = mosaic[..., 3:] / 255
    painted: np.ndarray = (255 + (mosaic[..., :3] - 255.0) * share).round().astype(np.uint8)
    return painted
