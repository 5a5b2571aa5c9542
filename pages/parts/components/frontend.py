"""The HTML, CSS and JavaScript of a component, which lie beside its Python file."""

from pathlib import Path
from typing import TypedDict

COMPONENTS = Path(__file__).parent


class Frontend(TypedDict):
    """What `st.components.v2.component` takes, as texts."""

    html: str
    css: str
    js: str


def frontend(component: str, *helpers: str) -> Frontend:
    """The files `<component>.html`, `.css` and `.js`; `component` is a path in this folder.

    The JavaScript of `shared/bytes.js` and of the `helpers`, paths too, comes in front of it: an
    inline component cannot import other files.
    """
    return {
        "html": _text(f"{component}.html"),
        "css": _text(f"{component}.css"),
        "js": "\n".join(_text(f"{part}.js") for part in ("shared/bytes", *helpers, component)),
    }


def _text(file: str) -> str:
    return (COMPONENTS / file).read_text(encoding="utf-8")
