"""Two cabinets of small pictures, one a class, that light up right or wrong for a learner each."""

import streamlit as st

from core.export.cabinet import CabinetFrames, cabinet_message
from core.export.scripts import CABINET, KEYS, PORTRAIT, TIME, VIEW
from pages.parts.components.frontend import frontend
from pages.parts.components.scatter_film.scatter_film import film_pictures

_mount = st.components.v2.component(
    "cabinet",
    **frontend(
        "cabinet/cabinet",
        "shared/film_moments",
        "shared/film_player",
        exported=(KEYS, TIME, VIEW, PORTRAIT, *CABINET),
    ),
)


def cabinet(
    film: CabinetFrames,
    *,
    key: str,
    alt: str,
    left: int,
    right: int,
    slider: str,
    ends: tuple[str, str] | None = None,
    start: int | None = None,
    live: bool = False,
    autoplay: bool = False,
    playable: bool = True,
) -> None:
    """Plays, pauses and scrubs through what two learners know, side by side.

    The moment, the chosen learners and the speed stay as they are when frames are added, after a
    rerun and after a visit to another page. A `live_figure` that follows `key` marks the step.

    Args:
        film: with all of its frames each time; new ones come last.
        alt: says to a screen reader what the cabinets show.
        left: the learner of the left cabinet at first; on a phone it is the upper one.
        right: that of the right cabinet.
        slider: says to a screen reader what the slider changes.
        ends: words under the two ends of the slider.
        start: the frame that is seen at first; None: the last.
        live: a run is adding frames: glides to each new one until the user scrubs back.
        autoplay: plays once from the first frame, unless the user's system asks for less motion.
        playable: can be played; otherwise there are the slider and the single steps alone.

    Raises:
        ValueError: where the parts of the film do not fit each other.
    """
    with st.container(gap=None):
        film_pictures(film.pictures, film=key)
        settings = {
            "film": key, "alt": alt, "usual": [left, right], "slider": slider, "ends": ends,
            "start": start, "live": live, "autoplay": autoplay, "playable": playable,
        }  # fmt: skip
        _mount(key=key, data=cabinet_message(film) | settings)
