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
    their paths among the components. All are named without their ending.
    """
    parts = [scripts(BYTES, *exported), *(_text(f"{part}.js") for part in (*helpers, component))]
    return {
        "html": _text(f"{component}.html"),
        "css": _text(f"{component}.css"),
        "js": "\n".join(parts),
    }


def _text(file: str) -> str:
    return (COMPONENTS / file).read_text(encoding="utf-8")
