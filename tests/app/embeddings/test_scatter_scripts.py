"""The film on the page and the exported film are drawn by the same scripts."""

import re

from core.export.embedding_html import embedding_html
from core.export.scripts import FRONTEND, SCATTER, scripts
from pages.parts.components.frontend import COMPONENTS
from tests.helpers.embedding_films import embedding_film
from tests.helpers.task_films import CAPTION

OF_EACH_PLAYER = {"draw"}  # which the shared scripts call


def defined(script: str) -> set[str]:
    """Functions and constants at the top level."""
    return set(re.findall(r"^(?:function|const|let) (\w+)", script, re.MULTILINE))


def test_nothing_that_the_two_films_share_is_defined_twice() -> None:
    shared = defined(scripts(*SCATTER))
    assert {"projection", "drawPoints", "turned", "showTooltip", "animate"} <= shared
    own = defined((FRONTEND / "embedding.js").read_text())
    on_page = set().union(
        *(defined(file.read_text()) for file in (COMPONENTS / "scatter_film").glob("*.js"))
    )
    assert not shared & own and not shared & on_page
    assert own & on_page <= OF_EACH_PLAYER | {"DOT_SPACING"}


def test_the_exported_film_carries_the_shared_scripts() -> None:
    assert scripts(*SCATTER) in embedding_html(embedding_film(), CAPTION).decode()
