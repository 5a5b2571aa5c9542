"""What the HTML files share: a template that nothing in a text can break out of."""

import json
from base64 import b64encode
from html import escape
from io import BytesIO
from pathlib import Path
from string import Template

import numpy as np
from PIL import Image

from core.export.film import Caption

FRONTEND = Path(__file__).parent / "frontend"


def page(name: str, caption: Caption, data: dict[str, object]) -> bytes:
    """The page of `<name>.html`: style, script, words and what the script draws, in UTF-8."""
    words = {field: escape(text) for field, text in caption._asdict().items()}
    body = Template(_text(f"{name}.html")).substitute(words, controls=_text("controls.html"))
    style = f"{_text('page.css')}\n{_text(f'{name}.css')}"
    script = f"{_text('player.js')}\n{_text(f'{name}.js')}"
    filled = Template(_text("page.html")).substitute(
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


def _text(file: str) -> str:
    return (FRONTEND / file).read_text(encoding="utf-8")
