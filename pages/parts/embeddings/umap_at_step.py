"""UMAP of one step of a film: it takes seconds, and so is computed in the background."""

from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np
import streamlit as st

from core.errors import GlimpseError
from core.evaluation.umap_layout import umap_layout
from core.training.run_folder import RunFolder
from pages.parts.background import request_in_background, show_until_done
from pages.parts.components.scatter_film.address import step_in_address
from pages.parts.plain_text import plain
from pages.parts.url_state import Step, restore, write

UMAP = "UMAP"  # in the list of projections
WAITING = (
    ":material/hourglass_top: UMAP is laying out step {:,}, which takes seconds, or half a minute "
    "the first time. Until then you see t-SNE."
)
KEPT_LAYOUTS = 256  # 16 kB each
_WORKER = ThreadPoolExecutor(1, "umap")


def choose_umap_step(key: str, steps: list[int], film: str | None = None) -> int:
    """A slider for the step; it starts at the last one.

    Where `film` is the parameter of the address that keeps a film's view, it starts at that film's
    step, and the slider is kept in the address too.
    """
    if film:
        if key not in st.session_state and key not in st.query_params:
            write(key, str(step_in_address(film, steps)))  # a link has to reopen this step
        restore(Step(key, "UMAP's step", steps[-1], steps))
    elif st.session_state.get(key) not in steps:
        st.session_state[key] = steps[-1]
    bound: Literal["query-params"] | None = "query-params" if film else None
    return int(st.select_slider("UMAP of step", steps, key=key, bind=bound))


def umap_layout_at_step(run: RunFolder, step: int) -> np.ndarray | None:
    """The points (N, 2) of a snapshot; None while UMAP computes them, or where it cannot.

    A message says which, and once they are there the page runs again.
    """
    layout = request_in_background(
        f"{run.key}-umap", step, lambda: _WORKER.submit(_laid_out, run.path, step)
    )
    if not show_until_done(layout, WAITING.format(step)):
        return None
    try:
        made: np.ndarray = layout.result()
        return made
    except GlimpseError as refusal:
        st.error(plain(refusal), icon=":material/error:")
        return None


@lru_cache(maxsize=KEPT_LAYOUTS)
def _laid_out(run_path: Path, step: int) -> np.ndarray:
    """A snapshot never changes once it is written."""
    snapshot = RunFolder(run_path).snapshot(step)
    return umap_layout(
        snapshot["embedding"].astype(np.float32), snapshot["layout"].astype(np.float32)
    )
