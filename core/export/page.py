"""The page of all HTML files: no text in it can break out of its place in the template."""

import json
from base64 import b64encode
from collections.abc import Sequence
from html import escape
from io import BytesIO
from string import Template

import numpy as np
from PIL import Image

from core.export.film import Caption
from core.export.scripts import FRONTEND, KEYS, frontend_text, parts_of, scripts


def page(
    name: str, caption: Caption, data: dict[str, object], helpers: Sequence[str] = ()
) -> bytes:
    """The page of `<name>.html`: style, script, texts and the data that the script draws, in UTF-8.

    `helpers` are scripts that `<name>.js` calls, with their HTML and styles, see `parts_of`.
    """
    words = {field: escape(text) for field, text in caption._asdict().items()}
    html, styles = parts_of(frontend_text(f"{name}.html"), FRONTEND, helpers)
    body = Template(html).substitute(words, controls=frontend_text("controls.html"))
    style = "\n".join((frontend_text("page.css"), styles, frontend_text(f"{name}.css")))
    script = scripts(KEYS, *helpers, "player", name)
    filled = Template(frontend_text("page.html")).substitute(
        words, body=body, style=style, script=script, data=_script_json(data)
    )
    return filled.encode()


def png_url(pixels: np.ndarray) -> str:
    """A picture (H, W) or (H, W, C) uint8 as a data URL."""
    file = BytesIO()
    Image.fromarray(pixels).save(file, "PNG", optimize=True)
    return "data:image/png;base64," + b64encode(file.getvalue()).decode()


def _script_json(data: dict[str, object]) -> str:
    """JSON that no text in it can break out of its <script>."""
    return json.dumps(data, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")
