"""The HTML file of a stream stands alone and carries the film."""

import re
from base64 import b64decode
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image

from core.export.scripts import CABINET, FRONTEND, scripts
from core.export.stream_html import stream_html
from pages.parts.components.frontend import COMPONENTS
from tests.helpers.cabinet_films import LEARNERS, stream
from tests.helpers.html import Page, data_of
from tests.helpers.task_films import CAPTION

FILM = stream(3)


def defined(script: str) -> set[str]:
    """Functions and constants at the top level."""
    return set(re.findall(r"^(?:function|const|let) (\w+)", script, re.MULTILINE))


def test_the_page_carries_the_answers_and_the_learners() -> None:
    data: Any = data_of(stream_html(FILM, (1, 2), CAPTION))
    numbers = np.frombuffer(b64decode(data["right"]), np.uint8).reshape(FILM.right.shape)
    np.testing.assert_array_equal(numbers, FILM.right)
    assert data["learners"] == list(LEARNERS) and data["usual"] == [1, 2]
    assert data["notes"] == list(FILM.notes) and data["accuracy"][2][:2] == [0.3333, 1]


def test_the_page_carries_the_pictures_pixel_by_pixel() -> None:
    random = np.random.default_rng(0)
    pictures = random.integers(0, 256, (12, 28, 28), np.uint8)
    data: Any = data_of(stream_html(FILM._replace(pictures=pictures), (0, 1), CAPTION))
    kind, _, encoded = data["pictures"].partition(",")
    assert kind == "data:image/png;base64"
    sheet = np.asarray(Image.open(BytesIO(b64decode(encoded))))
    for index, picture in enumerate(pictures):
        row, column = divmod(index, data["columns"])
        cut = sheet[28 * row : 28 * (row + 1), 28 * column : 28 * (column + 1)]
        np.testing.assert_array_equal(cut, picture)


def test_nothing_is_fetched_and_a_caption_is_text_whatever_is_in_it() -> None:
    html = stream_html(FILM, (0, 1), CAPTION)
    page = Page(html)
    assert page.links == [] and len(page.texts["script"]) == 2
    assert not re.search(r"https?:|url\(|@import|import\(|fetch\(|XMLHttpRequest", html.decode())
    assert page.texts["title"][0].strip() == CAPTION.title
    assert page.texts["code"][0].strip() == CAPTION.command


def test_the_cells_are_drawn_by_the_scripts_that_draw_those_of_the_page() -> None:
    shared = defined(scripts(*CABINET))
    assert {"gridOf", "drawCells", "sharesOf", "createSides", "showTooltips"} <= shared
    own = defined((FRONTEND / "stream.js").read_text())
    on_page = defined((COMPONENTS / "cabinet/cabinet.js").read_text())
    assert not shared & (own | on_page)
    assert scripts(*CABINET) in stream_html(FILM, (0, 1), CAPTION).decode()


def test_a_film_of_six_hundred_classes_is_small() -> None:
    assert len(stream_html(stream(60, 600), (0, 1), CAPTION)) < 1_500_000
