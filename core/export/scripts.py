"""The scripts and templates in `frontend/`; the pages of the app use some of the scripts too."""

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
