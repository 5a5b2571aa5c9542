"""A map of points: grey at first, then each in the colour of its class, as far as it is certain."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import streamlit as st
from pydantic import TypeAdapter

from core.export.points import quantize, to_base64
from pages.parts.components.frontend import frontend
from pages.parts.components.messages import checked, message_of

_POINT = TypeAdapter(int)
_SCATTER = ("scatter/view", "scatter/turn")
NO_CLASS = 255  # in place of a class, on the way to the browser
_HELPERS = ("shared/tooltip", "scatter_film/zoom", "label_map/colours")
_mount = st.components.v2.component(
    "label_map",
    **frontend(
        "label_map/label_map",
        "shared/tooltip",
        "scatter_film/zoom",
        "label_map/colours",
        exported=_SCATTER,
    ),
)
_mount_pictures = st.components.v2.component("map_pictures", **frontend("label_map/map_pictures"))


def map_pictures(sheet: str, side: int, columns: int, *, key: str) -> None:
    """Sends the pictures that the map `key` shows beside the pointer, once: they never change.

    `sheet` is a data URL of all of them in rows of `columns`, each `side` pixels wide and high.
    Call it outside of the fragment that draws the map.
    """
    data = {"map": key, "sheet": sheet, "side": side, "columns": columns}
    _mount_pictures(key=f"{key}.pictures", data=data)


def label_map(
    layout: npt.NDArray[np.floating],
    classes: npt.NDArray[np.integer],
    certainty: npt.NDArray[np.floating],
    *,
    key: str,
    alt: str,
    palette: Sequence[str],
    given: Mapping[int, int],
    asked: int | None,
    on_click: Callable[[int], None] | None = None,
    height: int = 480,
) -> None:
    """Draws N points; a new label's colours spread from its point over the map.

    Args:
        layout: (N, 2) where the points are; all axes have one scale.
        classes: (N,) from 0; negative: none.
        certainty: (N,) opacity of the class's colour over the grey, from 0 to 1.
        alt: says to a screen reader what the map shows.
        palette: CSS colours of the classes, `#4269d0`.
        given: class by point of those that have a label, the newest last; they are marked.
        asked: the point that is asked about, if any.
        on_click: called with a point that is clicked; None: points cannot be clicked.
        height: in CSS pixels; the width is that of the column.
    """

    def clicked() -> None:
        point = parse_click(message_of(key, "clicked"), len(layout))
        if on_click is not None and point is not None:
            on_click(point)

    low, span, places = quantize(layout[None])
    shown = np.where(classes < 0, NO_CLASS, classes).astype(np.uint8)
    data = {
        "map": key, "alt": alt, "height": height, "palette": list(palette),
        "low": low.tolist(), "span": span.tolist(), "places": to_base64(places),
        "classes": to_base64(shown),
        "certainty": to_base64(np.rint(255 * certainty).astype(np.uint8)),
        "given": [[int(point), int(label)] for point, label in given.items()],
        "asked": asked, "clickable": on_click is not None,
    }  # fmt: skip
    _mount(key=key, data=data, on_clicked_change=clicked)


def parse_click(message: object, n_points: int) -> int | None:
    """The point in a message; None for anything that the browser would not send."""
    point = checked(_POINT, message)
    return point if point is not None and 0 <= point < n_points else None
