"""The scripts and templates in `frontend/`; the pages of the app use some of the scripts too."""

from collections.abc import Sequence
from pathlib import Path

FRONTEND = Path(__file__).parent / "frontend"

BYTES, KEYS, PORTRAIT, STEPS = "bytes", "keys", "portrait", "steps"
TIME, VIEW = "scatter/time", "scatter/view"
SCATTER = tuple(f"scatter/{part}" for part in ("frames", "time", "view", "turn", "labels"))
CABINET = tuple(f"cabinet/{part}" for part in ("cells", "answers", "sides", "pointer"))


def frontend_text(file: str) -> str:
    """A file in `frontend/`, with its ending."""
    return (FRONTEND / file).read_text(encoding="utf-8")


def scripts(*names: str) -> str:
    """Scripts one after the other, without their ending `.js`: each can call all others."""
    return "\n".join(frontend_text(f"{name}.js") for name in names)


def parts_of(html: str, folder: Path, names: Sequence[str]) -> tuple[str, str]:
    """HTML with that of its parts in the place of the comments that name them, and their styles.

    A part is `<name>.js`, `<name>.html` and `<name>.css` in the folder, as far as they are there.
    """
    styles = []
    for name in names:
        template, style = (folder / f"{name}{ending}" for ending in (".html", ".css"))
        if template.is_file():
            html = html.replace(f"<!-- {name} -->", template.read_text(encoding="utf-8"))
        if style.is_file():
            styles.append(style.read_text(encoding="utf-8"))
    return html, "\n".join(styles)
