"""The HTML, CSS and JavaScript of a component, which lie beside its Python file."""

from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict

from core.export.scripts import BYTES, FRONTEND, parts_of, scripts

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
    their paths among the components. All are named without their ending. Where one has HTML or a
    style too, its style comes in front of the component's own, and its HTML in the place of the
    comment that names it; a helper may have these alone.
    """
    calls = [script for script in helpers if (COMPONENTS / f"{script}.js").is_file()]
    script = [scripts(BYTES, *exported), *(_text(f"{part}.js") for part in (*calls, component))]
    html, shared = parts_of(_text(f"{component}.html"), FRONTEND, exported)
    html, styles = parts_of(html, COMPONENTS, helpers)
    css = [shared, styles, _text(f"{component}.css")]
    return {"html": html, "css": "\n".join(css), "js": "\n".join(script)}


def _text(file: str) -> str:
    return (COMPONENTS / file).read_text(encoding="utf-8")
