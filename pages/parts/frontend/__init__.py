"""The HTML, CSS and JavaScript of the components, each in a file of its own in this folder."""

from pathlib import Path
from typing import TypedDict

FOLDER = Path(__file__).parent


class Frontend(TypedDict):
    """What `st.components.v2.component` takes of a component, as texts."""

    html: str
    css: str
    js: str


def frontend(name: str, *helpers: str) -> Frontend:
    """The files `name.html`, `name.css` and `name.js` of this folder.

    The JavaScript has `bytes.js` and the `helpers` in front, since an inline component cannot
    import its neighbours.
    """
    return {
        "html": _text(f"{name}.html"),
        "css": _text(f"{name}.css"),
        "js": "\n".join(_text(f"{part}.js") for part in ("bytes", *helpers, name)),
    }


def _text(file: str) -> str:
    return (FOLDER / file).read_text(encoding="utf-8")
