"""The HTML file of a film stands alone, and nothing in a caption can break out of its place."""

import re
from base64 import b64decode
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from core.errors import GlimpseError
from core.export.film_html import film_html
from core.figures.few_shot import TaskFrames
from tests.helpers.html import Page, data_of
from tests.helpers.task_films import ASKED, CAPTION, STEPS, diverged, film, undecided_at_first


def test_nothing_is_fetched_from_anywhere() -> None:
    page = film_html(film(), CAPTION)
    text = page.decode()
    assert Page(page).links == []
    assert not re.search(r"https?:|url\(|@import|import\(|fetch\(|XMLHttpRequest|WebSocket", text)
    assert {"link", "iframe", "img", "object"}.isdisjoint(Page(page).tags)
    assert "default-src 'none'" in text


def test_a_caption_is_text_whatever_is_in_it() -> None:
    texts = Page(film_html(film(), CAPTION)).texts
    assert texts["title"][0].strip() == texts["h1"][0].strip() == CAPTION.title
    assert texts["code"][0].strip() == CAPTION.command
    assert any(CAPTION.task in text for text in texts["p"])
    assert any(CAPTION.model in text for text in texts["p"])
    assert len(texts["script"]) == 2


def test_the_page_carries_the_figures_of_the_film() -> None:
    task = film()
    data = data_of(film_html(task, CAPTION))
    assert (data["ways"], data["shots"], data["side"]) == (3, 2, 28)
    np.testing.assert_array_equal(data["predicted"], task.probability.argmax(-1))
    np.testing.assert_allclose(np.array(data["confidence"]), task.probability.max(-1), rtol=1e-3)
    np.testing.assert_allclose(np.array(data["loss"]), task.support_loss, rtol=1e-3)


def test_a_score_by_guessing_says_so() -> None:
    data = data_of(film_html(undecided_at_first(), CAPTION))
    assert data["predicted"][0] == [data["undecided"]] * ASKED  # type: ignore[index]
    assert data["accuracy"][:2] == [0.3333, 0.1667]  # type: ignore[index]
    assert data["tally"] == ["by guessing", *(f"{n} of {ASKED} right" for n in range(1, STEPS + 1))]


def test_the_page_carries_the_pictures_pixel_by_pixel() -> None:
    task = film()
    kind, _, encoded = str(data_of(film_html(task, CAPTION))["pictures"]).partition(",")
    assert kind == "data:image/png;base64"
    ink = np.asarray(Image.open(BytesIO(b64decode(encoded))))[..., 1]
    np.testing.assert_array_equal(
        ink.reshape(-1, 28, 28), np.concatenate([task.support, task.query])
    )


def test_a_small_loss_is_not_rounded_to_nothing() -> None:
    task = film()._replace(support_loss=np.array([1.0, 0.1, 1e-3, 1.2345e-5, 0], np.float32))
    assert data_of(film_html(task, CAPTION))["loss"] == [1.0, 0.1, 0.001, 1.234e-05, 0.0]


def test_a_film_of_five_ways_is_small_even_of_noise() -> None:
    noise = film(n_way=5, k_shot=1, n_query=10)
    assert len(film_html(noise, CAPTION)) < 150_000
    drawn = TaskFrames(noise.support // 255 * 255, noise.query // 255 * 255, *noise[2:])
    assert len(film_html(drawn, CAPTION)) < 50_000


def test_a_film_that_diverged_is_one_sentence() -> None:
    with pytest.raises(GlimpseError, match="some values are not finite numbers"):
        film_html(diverged(), CAPTION)
