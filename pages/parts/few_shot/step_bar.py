"""The bar over the inner steps of a film: a button that plays them, beside their slider.

It stays in sight over what it moves.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import NamedTuple

import streamlit as st

PLAY_S = 0.8  # between two steps, while they are played
BUTTON_WIDTH = 110  # px
BEFORE = -1  # stands for the step before the first


class _Played(NamedTuple):
    """A film that is being played, and the step that it has reached.

    The slider's value cannot hold that step: the browser sends an older one until it hears of it.
    So the next step waits until the browser has sent this one back, and so does the end. The run
    that a press on Hold begins has sent nothing back yet: its value is the one put there by Hold.
    """

    film: Hashable
    step: int
    is_ending: bool = False
    is_just_held: bool = False


@dataclass(frozen=True)
class Player:
    """Plays the inner steps of what is on screen, one after the other.

    Args:
        name: of the button and of what is kept in the session, one for each film of a page.
        step: the slider's key in session state.
        last: the last step.
        film: what is played; where it becomes another, the playing ends.
    """

    name: str
    step: str
    last: int
    film: Hashable = None

    @property
    def slot(self) -> str:
        """In session state: a `_Played`; None while nothing is played."""
        return f"{self.name}-playing"

    @property
    def is_playing(self) -> bool:
        played = self._played()
        return played is not None and not played.is_ending

    def show(self, draw: Callable[[], None]) -> None:
        """Draws the film in a fragment: another step redraws nothing else.

        A timer runs the fragment while the steps are played.
        """
        played = self._played()
        if played is not None and played.film != self.film:
            st.session_state[self.slot] = None
            st.rerun()  # the whole page: only that ends a timer
        is_timed = played is not None
        st.fragment(run_every=PLAY_S if is_timed else None)(self._moment)(draw, is_timed)

    def button(self) -> None:
        """Play, or Hold while it plays. At the end it begins again."""
        label, icon = ("Hold", "pause") if self.is_playing else ("Play", "play_arrow")
        if st.button(label, icon=f":material/{icon}:", key=f"{self.name}-play", width=BUTTON_WIDTH):
            st.session_state[self.slot] = self._held() if self.is_playing else self._begun()
            st.rerun()

    def _held(self) -> _Played:
        played = self._played()
        assert played is not None
        st.session_state[self.step] = played.step
        return played._replace(is_ending=True, is_just_held=True)

    def _begun(self) -> _Played:
        played = self._played()  # of an end that the browser has not heard of
        at: int = st.session_state[self.step] if played is None else played.step
        return _Played(self.film, at if at < self.last else BEFORE)

    def _moment(self, draw: Callable[[], None], is_timed: bool) -> None:
        played = self._played()
        if is_timed and played is not None:
            self._advance(played)
        draw()  # before the end, so that no press on a button is lost
        if is_timed and self._played() is None:
            st.rerun()

    def _advance(self, played: _Played) -> None:
        """The next step, or the end, once the browser shows this one."""
        is_shown = played.step in (BEFORE, st.session_state[self.step])
        if played.is_just_held:
            played = played._replace(is_just_held=False)
            st.session_state[self.slot] = played
        elif is_shown and played.is_ending:
            st.session_state[self.slot] = None
            return
        elif is_shown:
            step = played.step + 1
            played = _Played(played.film, step, is_ending=step >= self.last)
            st.session_state[self.slot] = played
        st.session_state[self.step] = played.step

    def _played(self) -> _Played | None:
        played: _Played | None = st.session_state.get(self.slot)
        return played


def sticky(key: str, below: str) -> str:
    """The style of a bar that stays in sight below the navigation, by the key of its container.

    A jump or the keyboard brings nothing into sight behind it, down to `below` the top of the
    window. No theme option does that.
    """
    papers = ", ".join(st.get_option(f"theme.{kind}.backgroundColor") for kind in ("light", "dark"))
    return f"""
[data-testid="stLayoutWrapper"]:has(> .st-key-{key}) {{
  position: sticky; top: 3.5rem; z-index: 9; padding: 0.5rem 0;
  background: light-dark({papers});
}}
[data-testid="stMain"] :is(h2, h3, button, input, a, [tabindex], [role="radio"]) {{
  scroll-margin-top: {below};
}}
.st-key-{key} * {{ scroll-margin-top: 0 !important; }}"""
