"""The HTML, CSS and JavaScript of a component, which lie beside its Python file."""

from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict

from core.export.scripts import BYTES, scripts

COMPONENTS = Path(__file__).parent


class Frontend(TypedDict):
    """What `st.components.v2.component` takes, as texts."""

    html: str
    css: str
    js: str


def frontend(component: str, *helpers: str, exported: Sequence[str] = ()) -> Frontend:
    """The files `<component>.html`, `.css` and `.js`, by their path among the components.

    An inline component cannot import its neighbours, so other scripts come in front of its own:
    `bytes.js` and those `exported`, which `core.export` has for its films, and the `helpers`, by
    their paths among the components. All are named without their ending. Where a helper has HTML
    and a style too, its style comes in front of the component's own, and its HTML in the place of
    the comment that names it.
    """
    parts = [scripts(BYTES, *exported), *(_text(f"{part}.js") for part in (*helpers, component))]
    html = _text(f"{component}.html")
    styles = [_text(f"{component}.css")]
    for helper in helpers:
        if (COMPONENTS / f"{helper}.html").is_file():
            html = html.replace(f"<!-- {helper} -->", _text(f"{helper}.html"))
            styles.insert(0, _text(f"{helper}.css"))
    return {"html": html, "css": "\n".join(styles), "js": "\n".join(parts)}


def _text(file: str) -> str:
    return (COMPONENTS / file).read_text(encoding="utf-8")
