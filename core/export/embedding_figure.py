"""The points of an embedding at its last step as a figure, for a paper or a slide.

It is composed once, of dots and words, and drawn twice: as pixels and as vectors.
"""

from io import BytesIO
from textwrap import wrap
from typing import NamedTuple
from xml.etree import ElementTree as ET

import numpy as np
from PIL import Image

from core.export.embedding import DIGITS, EmbeddingFrames, check
from core.export.embedding_gif import ACCENT, INK, MUTED, place_points, turned
from core.export.film import Caption
from core.export.points import FIRST_TURN
from core.export.sheet import Point, Sheet, shortened
from core.figures.embeddings import DIGIT_COLOURS

SCALE = 2  # pixels of the PNG to one unit of the figure
DPI = 96 * SCALE  # the PNG and the SVG have one size on a page
WIDTH, LEFT, RIGHT = 920, 32, 888
STAGE = (LEFT, 96, 672, 736)  # left, top, right, bottom of the points
COLUMN = 712  # left edge of what stands beside them
RADIUS, OUTLINE = 4.0, 0.6  # a white outline tells points apart that lie on each other
LEGEND_TOP, LEGEND_ROW, LEGEND_RADIUS = 464, 28, 7
FOOT_TOP, FOOT_ROW = 782, 22
FONTS = "Helvetica, Arial, sans-serif"
# The SVG may be shown in a font wider than pillow's, in which the words have to fit too.
WIDEST = 0.7  # mean width of a letter, to its size
SLACK = 0.75  # share of the room that words in pillow's font may take


class Dot(NamedTuple):
    """A filled circle, of a class's colour."""

    centre: Point
    label: int

    @property
    def colour(self) -> str:
        return DIGIT_COLOURS[self.label]


class Words(NamedTuple):
    """A line of text."""

    at: Point  # left end of its base line
    text: str
    size: float
    colour: str
    bold: bool = False


class Figure(NamedTuple):
    """All that is drawn, in this order, on WIDTH times `height`."""

    height: int
    points: list[Dot]
    legend: list[Dot]
    words: list[Words]


def embedding_png(film: EmbeddingFrames, caption: Caption) -> bytes:
    """The figure as PNG. Raises GlimpseError where coordinates are not finite."""
    figure = compose(film, caption)
    sheet = Sheet(WIDTH, figure.height, SCALE)
    for dot in figure.points:
        sheet.disc(dot.centre, RADIUS + OUTLINE / 2, "white")
        sheet.disc(dot.centre, RADIUS - OUTLINE / 2, dot.colour)
    for dot in figure.legend:
        sheet.disc(dot.centre, LEGEND_RADIUS, dot.colour)
    for at, text, size, colour, bold in figure.words:
        sheet.text(at, text, size, colour, bold=bold)
    file = BytesIO()
    Image.fromarray(sheet.pixels()).save(file, "PNG", dpi=(DPI, DPI))
    return file.getvalue()


def embedding_svg(film: EmbeddingFrames, caption: Caption) -> bytes:
    """The figure as SVG, a circle a point. Raises GlimpseError as `embedding_png`."""
    figure = compose(film, caption)
    size = {"width": str(WIDTH), "height": str(figure.height)}
    root = ET.Element(
        "svg", {"xmlns": "http://www.w3.org/2000/svg", **size,
                "viewBox": f"0 0 {WIDTH} {figure.height}", "role": "img"},
    )  # fmt: skip
    ET.SubElement(root, "title").text = _printable(caption.title)
    ET.SubElement(root, "desc").text = _printable(". ".join(caption[1:]))
    ET.SubElement(root, "rect", {**size, "fill": "white"})
    outline = {"class": "points", "stroke": "white", "stroke-width": str(OUTLINE)}
    _add_circles(ET.SubElement(root, "g", outline), figure.points, RADIUS)
    _add_circles(ET.SubElement(root, "g", {"class": "legend"}), figure.legend, LEGEND_RADIUS)
    texts = ET.SubElement(root, "g", {"class": "words", "font-family": FONTS})
    for (x, y), text, letters, colour, bold in figure.words:
        look = {"font-size": f"{letters:g}", "fill": colour}
        if bold:
            look["font-weight"] = "bold"
        ET.SubElement(texts, "text", {"x": f"{x:g}", "y": f"{y:g}", **look}).text = _printable(text)
    ET.indent(root)
    svg: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return svg


def compose(film: EmbeddingFrames, caption: Caption) -> Figure:
    """The content of both files. Raises GlimpseError where coordinates are not finite."""
    check(film)
    legend = [
        Dot((COLUMN + LEGEND_RADIUS, LEGEND_TOP + LEGEND_ROW * label), label)
        for label in range(len(film.names))
    ]
    words = [
        *_head(caption),
        *_beside(film),
        *(_named(dot, film.names[dot.label]) for dot in legend),
        *_foot(caption),
    ]
    return Figure(int(words[-1].at[1]) + 28, _points(film), legend, words)


def _named(dot: Dot, name: str) -> Words:
    """The name beside a dot of the legend."""
    left = COLUMN + 26
    return Words((left, dot.centre[1] + 6), shortened(name, 17, (RIGHT - left) * SLACK), 17, INK)


def _points(film: EmbeddingFrames) -> list[Dot]:
    """The last frame; in space from the usual side, the farthest point first."""
    layout = film.layouts[-1]
    order = np.arange(len(layout))
    if layout.shape[1] == 3:
        layout = turned(layout, *FIRST_TURN)
        order = layout[:, 2].argsort()
    [places], _ = place_points(layout[None, :, :2], STAGE)
    return [Dot((float(places[i, 0]), float(places[i, 1])), int(film.labels[i])) for i in order]


def _head(caption: Caption) -> list[Words]:
    room = (RIGHT - LEFT) * SLACK
    return [
        Words((LEFT, 48), shortened(caption.title, 25, room), 25, INK, bold=True),
        Words((LEFT, 76), shortened(caption.task, 15, room), 15, MUTED),
    ]


def _beside(film: EmbeddingFrames) -> list[Words]:
    """The step, and the accuracy beside its baselines, where it was measured."""
    words = [
        Words((COLUMN, 118), "Step", 15, MUTED),
        Words((COLUMN, 154), f"{film.steps[-1]:,}", 34, INK, bold=True),
        Words((COLUMN, LEGEND_TOP - 26), "Digit" if film.names == DIGITS else "Class", 15, MUTED),
    ]
    accuracy = film.accuracy[-1]
    if accuracy is None:
        return words
    words += [
        Words((COLUMN, 204), "20-NN accuracy", 15, MUTED),
        Words((COLUMN, 240), f"{accuracy:.1%}", 34, ACCENT, bold=True),
    ]
    if film.baselines:
        words.append(Words((COLUMN, 290), "Without learning", 15, MUTED))
    for row, (name, share) in enumerate(film.baselines.items()):
        y = 316 + 24 * row
        words += [
            Words((COLUMN, y), f"{share:.1%}", 15, INK),
            Words((COLUMN + 58, y), name, 15, MUTED),
        ]
    return words


def _foot(caption: Caption) -> list[Words]:
    """How the model was made, in as many lines as needed."""
    letters = int((RIGHT - LEFT) / (15 * WIDEST))
    lines = [
        (line, colour)
        for text, colour in ((caption.model, INK), (caption.command, MUTED))
        for line in wrap(text, letters, break_on_hyphens=False)
    ]
    return [
        Words((LEFT, FOOT_TOP + FOOT_ROW * row), line, 15, colour)
        for row, (line, colour) in enumerate(lines)
    ]


def _add_circles(group: ET.Element, dots: list[Dot], radius: float) -> None:
    for (x, y), label in dots:
        place = {"cx": f"{x:.2f}", "cy": f"{y:.2f}", "r": f"{radius:g}"}
        look = {"fill": DIGIT_COLOURS[label], "class": f"digit-{label}"}
        ET.SubElement(group, "circle", place | look)


def _printable(text: str) -> str:
    """The text with a question mark for each character that XML cannot hold."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)
