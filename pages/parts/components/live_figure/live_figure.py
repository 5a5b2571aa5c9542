"""A Plotly figure that changes in place.

`st.plotly_chart` rebuilds the chart for every changed figure: it blinks, and loses zoom and camera.
Here `Plotly.react` updates the chart on screen. plotly.js is copied from the Python package to
`static/`, so that no other server is needed.
"""

import json
import logging
import os
import re
import shutil
from collections.abc import Callable
from functools import lru_cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

import streamlit as st
from pydantic import FiniteFloat, TypeAdapter

from core.paths import PROJECT
from pages.parts.components.frontend import frontend
from pages.parts.components.messages import checked, message_of

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

STATIC = PROJECT / "static"  # what `server.enableStaticServing` serves as app/static/

# Plotly puts its styles into the document's head, where they do not reach into a shadow root.
_mount = st.components.v2.component(
    "live_figure",
    **frontend(
        "live_figure/live_figure",
        "shared/film_moments",
        "live_figure/marker",
        "live_figure/theme",
        "live_figure/toolbar",
        "live_figure/download",
    ),
    isolate_styles=False,
)


MOST_TRACES = 1000  # of a figure
_CLICK = TypeAdapter(list[FiniteFloat])  # trace, x and y


def live_figure(
    figure: "Figure",
    *,
    key: str,
    alt: str,
    height: int = 420,
    follows: str = "",
    on_click: Callable[[int, float, float], None] | None = None,
) -> None:
    """Shows `figure` in the place of the previous one with this `key`.

    Zoom, camera and hidden legend entries stay as the user left them until the figure's
    `layout.uirevision` changes. Colours, font and grid come from the theme unless the figure sets
    them. The toolbar, seen while the mouse is over the chart, saves it as PNG or SVG.

    Args:
        alt: what the chart shows, for a screen reader.
        height: in CSS pixels; the width is that of the column.
        follows: key of a `scatter_film` on the page; a vertical line marks the step that it shows.
        on_click: called with the trace, x and y of a clicked point or cell.
    """

    def clicked() -> None:
        place = decode_click(message_of(key, "clicked"))
        if on_click is not None and place is not None:
            on_click(*place)

    _mount(
        key=key,
        data={
            "figure": figure_json(figure),
            "alt": alt,
            "height": height,
            "name": file_stem(key),
            "source": f"app/static/{serve_plotly()}",
            "follows": follows,
            "clickable": on_click is not None,
        },
        on_clicked_change=clicked,
    )


def decode_click(given: object) -> tuple[int, float, float] | None:
    """Trace, x and y as the browser sends them; None for any other message."""
    place = checked(_CLICK, given) if isinstance(given, list) and len(given) == 3 else None
    if place is None or place[0] not in range(MOST_TRACES):
        return None
    return int(place[0]), place[1], place[2]


def file_stem(key: str) -> str:
    """The name of a saved figure without its ending: the key in lower-case letters and digits."""
    return "glimpse-" + re.sub("[^a-z0-9]+", "-", key.lower()).strip("-")


def figure_json(figure: "Figure") -> str:
    """The figure as JSON, without Plotly's default template; numpy arrays as typed base64."""
    from plotly.utils import PlotlyJSONEncoder

    spec = figure.to_plotly_json()
    spec["layout"].pop("template", None)
    return json.dumps(spec, cls=PlotlyJSONEncoder, separators=(",", ":"))


@lru_cache(maxsize=1)
def serve_plotly() -> str:
    """Copies plotly.js to the folder that the server serves, and returns its file name.

    The name contains the version, so that a browser's cache never mixes two. If the folder cannot
    be written, charts say that plotly.js is missing and the rest of the page works.
    """
    name = f"plotly-{version('plotly')}.min.js"
    target = STATIC / name
    if not target.exists():
        try:
            _copy_whole(_packaged_plotly(), target)
        except OSError as error:
            logging.getLogger(__name__).error("plotly.js cannot be served: %s", error)
    return name


def _packaged_plotly() -> Path:
    package = find_spec("plotly")
    assert package is not None and package.origin is not None
    return Path(package.origin).parent / "package_data" / "plotly.min.js"


def _copy_whole(source: Path, target: Path) -> None:
    """Copies a file; `target` is never incomplete, even when two servers start at once."""
    target.parent.mkdir(exist_ok=True)
    with NamedTemporaryFile(dir=target.parent, delete=False) as copy, source.open("rb") as original:
        shutil.copyfileobj(original, copy)
    Path(copy.name).chmod(0o644)
    os.utime(copy.name, (0, 0))  # browsers cache old files longer
    Path(copy.name).replace(target)
