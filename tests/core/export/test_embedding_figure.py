"""The still figure: every point where its layout says and in its class's colour, in both files."""

from collections.abc import Callable
from io import BytesIO
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from PIL import Image

from core.errors import GlimpseError
from core.export.embedding import EmbeddingFrames
from core.export.embedding_figure import RADIUS, SCALE, STAGE, embedding_png, embedding_svg
from core.export.embedding_gif import HEIGHT, WIDTH
from core.export.film import Caption
from core.export.points import FIRST_TURN
from core.figures.embeddings import DIGIT_COLOURS
from tests.helpers.embedding_films import N, diverged, embedding_film
from tests.helpers.task_films import CAPTION

SVG = "{http://www.w3.org/2000/svg}"
SPARE = CAPTION._replace(model="SimCLR", command="python -m core train simclr")


def circles(svg: bytes, group: str = "points") -> list[ET.Element]:
    return ET.fromstring(svg).findall(f"{SVG}g[@class='{group}']/{SVG}circle")


def centres(svg: bytes) -> np.ndarray:
    """Where the points are, (N, 2), y down."""
    return np.array(
        [[float(circle.get(axis, "")) for axis in ("cx", "cy")] for circle in circles(svg)]
    )


def texts_of(svg: bytes) -> list[str]:
    return ["".join(text.itertext()) for text in ET.fromstring(svg).iter(f"{SVG}text")]


def in_space() -> EmbeddingFrames:
    film = embedding_film()
    return film._replace(layouts=np.random.default_rng(1).normal(size=(3, N, 3)) * [3, 1, 2])


def assert_is_up_to_scale_and_shift(placed: np.ndarray, layout: np.ndarray) -> None:
    """Both axes of one scale, y of the layout up; all on the stage, which they fill."""
    across, up = (placed - placed.mean(0)).T
    expected = layout - layout.mean(0)
    scale = np.abs(across).sum() / np.abs(expected[:, 0]).sum()
    np.testing.assert_allclose(across, scale * expected[:, 0], atol=0.02)
    np.testing.assert_allclose(up, -scale * expected[:, 1], atol=0.02)
    left, top, right, bottom = STAGE
    assert ((placed - RADIUS > [left, top]) & (placed + RADIUS < [right, bottom])).all()
    filled = np.ptp(placed, axis=0) / [right - left, bottom - top]
    assert filled.max() > 0.9


def test_the_svg_has_a_circle_for_each_point_where_the_last_frame_has_it() -> None:
    film = embedding_film()
    svg = embedding_svg(film, CAPTION)
    colours = [DIGIT_COLOURS[label] for label in film.labels]
    assert [circle.get("fill") for circle in circles(svg)] == colours
    assert_is_up_to_scale_and_shift(centres(svg), film.layouts[-1])


def test_points_in_space_are_seen_as_at_first_and_the_nearest_lies_on_top() -> None:
    """Against rotation matrices."""
    film = in_space()
    (yaw, pitch), points = FIRST_TURN, film.layouts[-1]
    c, s = np.cos(yaw), np.sin(yaw)
    seen = points @ np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]]).T
    c, s = np.cos(pitch), np.sin(pitch)
    seen = seen @ np.array([[1, 0, 0], [0, c, -s], [0, s, c]]).T
    order = seen[:, 2].argsort()
    svg = embedding_svg(film, CAPTION)
    assert_is_up_to_scale_and_shift(centres(svg), seen[order, :2])
    colours = [DIGIT_COLOURS[label] for label in film.labels[order]]
    assert [circle.get("fill") for circle in circles(svg)] == colours


@pytest.mark.parametrize("make", [embedding_film, in_space])
def test_the_png_has_each_point_where_the_svg_has_it(make: Callable[[], EmbeddingFrames]) -> None:
    film = make()
    svg = embedding_svg(film, CAPTION)
    picture = Image.open(BytesIO(embedding_png(film, CAPTION)))
    assert picture.format == "PNG" and picture.width * picture.height >= 2 * WIDTH * HEIGHT
    root = ET.fromstring(svg)
    assert picture.size == tuple(SCALE * int(root.get(side, "")) for side in ("width", "height"))
    pixels, placed = np.asarray(picture), centres(svg)
    assert (pixels[0] == 255).all() and (pixels[:, 0] == 255).all()  # white paper
    distances = np.linalg.norm(placed[:, None] - placed[None], axis=2)
    free = np.triu(distances < 2 * RADIUS + 2, 1).sum(1) == 0  # nothing lies over them
    assert free.sum() > N / 2
    inside = round(SCALE * RADIUS / 2)
    for point in np.flatnonzero(free):
        column, row = np.rint(SCALE * placed[point]).astype(int)
        colour = tuple(bytes.fromhex(circles(svg)[point].get("fill", "")[1:]))
        for down, right in ((0, 0), (inside, 0), (-inside, 0), (0, inside), (0, -inside)):
            assert tuple(pixels[row + down, column + right]) == colour


def test_the_figure_says_what_it_shows_and_how_it_was_made() -> None:
    film = embedding_film()
    svg = embedding_svg(film, SPARE)
    words = texts_of(svg)
    assert {SPARE.title, SPARE.task, SPARE.model, SPARE.command} <= set(words)
    assert {"20", "95.5%", "90.0%", "raw pixels"} <= set(words)
    assert [circle.get("fill") for circle in circles(svg, "legend")] == list(DIGIT_COLOURS)
    assert set(map(str, range(10))) <= set(words)


def test_what_was_not_measured_is_not_said() -> None:
    film = embedding_film()
    unmeasured = texts_of(embedding_svg(film._replace(accuracy=[None] * 3), SPARE))
    assert not any("%" in words or "NN" in words for words in unmeasured)
    alone = texts_of(embedding_svg(film._replace(baselines={}), SPARE))
    assert "95.5%" in alone and "Without learning" not in alone


def test_no_words_break_the_svg_and_a_long_command_keeps_its_lines_on_the_paper() -> None:
    awkward = Caption(
        '<"&\x00\udcff>', "1 < 2 & 3", "]]> <script>", f"train --pictures {'w' * 300}"
    )
    root = ET.fromstring(embedding_svg(embedding_film(), awkward))
    assert root.get("role") == "img" and root[0].tag == f"{SVG}title"
    assert root[0].text == '<"&??>'
    texts = [(text.text or "", float(text.get("y", ""))) for text in root.iter(f"{SVG}text")]
    words = [text for text, _ in texts]
    assert {'<"&??>', "1 < 2 & 3", "]]> <script>"} <= set(words)
    assert "".join(words).endswith("w" * 300)
    assert max(map(len, words)) < 100
    below = [y for text, y in texts if text.strip("w") == ""]
    assert len(below) == len(set(below)) > 2 and max(below) < int(root.get("height", ""))
    embedding_png(embedding_film(), awkward)


@pytest.mark.parametrize("make", [embedding_png, embedding_svg])
def test_points_that_are_no_numbers_are_one_sentence(
    make: Callable[[EmbeddingFrames, Caption], bytes],
) -> None:
    with pytest.raises(GlimpseError, match="at step 5 some coordinates are not finite numbers"):
        make(diverged(), CAPTION)
