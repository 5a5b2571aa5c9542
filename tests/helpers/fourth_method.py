"""A copy of the tree with a further method: a folder, a page and one registry entry, no more."""

import shutil
from pathlib import Path

from core.paths import PROJECT

NAME, TITLE, PROMISE = "toy", "Toy line", "Fit a line to points."
COPIED = ("app.py", "core", "pages", "tests", "assets", ".streamlit", "pyproject.toml")
FILM = '''
"""The Start page's film of the toy. Imports no torch."""

from collections.abc import Sequence

import numpy as np

from core.methods.start_page_film import Arrays, point_frames


def start_page_film(snapshots: Sequence[Arrays]) -> Arrays:
    """The weights against their index."""
    frames = [np.stack([np.arange(3.0), arrays["weight"]], axis=1) for arrays in snapshots]
    return point_frames(np.stack(frames), np.arange(3), seconds=0.2, hold=2)
'''
TRAINING = '''
"""What *Train it* shows on the toy's page."""

import streamlit as st

from pages.parts.training.form import Preset
from pages.parts.training.live_view import Moment

PRESETS = {
    "As it is": Preset({}, "The error falls."),
    "Fast": Preset({"lr": 0.05}, "The error falls faster.", rival={}),
}


def draw(moment: Moment) -> None:
    """The weights of a moment."""
    weights = ", ".join(f"{weight:.2f}" for weight in moment.arrays["weight"])
    st.markdown(f"Weights at step {moment.step}: {weights}")
'''
PAGE = f'''
"""{TITLE}: {PROMISE}"""

import streamlit as st

from core.registry import load_method
from pages.parts.toy.training import PRESETS, draw
from pages.parts.training.live_view import live_view

st.title("{TITLE}", anchor=False)
live_view("{NAME}", load_method("{NAME}").Config, draw, presets=PRESETS)
'''
ENTRY = f"""
        Entry(
            "{NAME}",
            "core.methods.toy.method:Toy",
            "{TITLE}",
            "toys",
            "{PROMISE}",
            metrics={{"error": Metric("Largest error", "%", "How far the worst weight is off.")}},
            film="core.methods.toy.start_page_film:start_page_film",
            tiny_config={{"snapshot_every": 2, "eval_every": 2}},
        ),
"""
LAST_ENTRY = "        ),\n    )\n}"  # the end of the entries in core/registry.py


def copy_with_a_fourth_method(to: Path) -> None:
    """Copies the tree into a new folder, and adds the toy of `tests.helpers.toy` as a method."""
    unwanted = shutil.ignore_patterns("__pycache__")
    for name in COPIED:
        source, target = PROJECT / name, to / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=unwanted)
        else:
            to.mkdir(exist_ok=True)
            shutil.copy(source, target)
    method = to / "core/methods/toy"
    _write(method / "__init__.py", "")
    _write(method / "method.py", (PROJECT / "tests/helpers/toy.py").read_text())
    _write(method / "start_page_film.py", FILM)
    _write(to / "pages/parts/toy/__init__.py", "")
    _write(to / "pages/parts/toy/training.py", TRAINING)
    _write(to / "pages/toy_line.py", PAGE)
    registry = to / "core/registry.py"
    before = registry.read_text()
    assert before.count(LAST_ENTRY) == 1
    first, last = LAST_ENTRY.split("\n", 1)
    registry.write_text(before.replace(LAST_ENTRY, f"{first}{ENTRY}{last}"))


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text.lstrip("\n"))
