"""Teach it yours: a drawn symbol joins a stream of characters. Do the learners still know it?"""

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from core.figures.picture_rows import picture_rows
from pages.parts.components.canvas.canvas import Look, drawing_canvas
from pages.parts.components.learner_answers.learner_answers import learner_answers
from pages.parts.lifelong.teach_answers import answer_cards
from pages.parts.lifelong.teach_sentences import Answers, what_happened
from pages.parts.lifelong.teach_state import (
    CANVAS,
    MINE,
    NAME,
    PAPER,
    Request,
    ask_for,
    current,
    drawing,
    make_change,
    sheet,
    show_refusal,
)
from pages.parts.lifelong.teach_symbols import show_symbols
from pages.parts.plain_text import plain

if TYPE_CHECKING:
    from core.methods.lifelong.config import LifelongConfig
    from core.methods.lifelong.taught import TaughtStream

PEN_WIDTH = 5  # pixels of the paper
PAPER_SIDE = 300  # px at most
PASS, SHOWN = 100, 100  # characters that pass at once, and of which the newest are shown
COLUMNS = 25
ABOUT = (
    "One drawing is enough for a class of your own. Then let a hundred characters pass, five "
    "drawings of each, and draw yours again: **do they still know it?** Replay may know it only "
    "later: it rehearses so many old drawings with each new one that a new class sinks in slowly. "
    "OML, with its small steps, needs as many drawings of yours as it had of the others."
)
DRAW, STREAM = "draw", "stream"  # places of refusals


@st.fragment
def show_teach(config: "LifelongConfig") -> None:
    """Paper to draw a symbol on, what every learner answers to it, and a stream that goes on."""
    st.markdown(ABOUT)
    paper_side, answers_side = st.columns([1, 3], gap="medium")
    with answers_side:
        # What is busy is said below the buttons, where it moves neither answers nor paper.
        above, buttons, busy, below = (st.container() for _ in range(4))
    with busy:
        with st.spinner("The learners meet their first characters"):
            taught = current(config)
        make_change(taught)
    drawn = drawing()
    with paper_side:
        _paper()
        mine = _whose(taught)
        _teach_buttons(taught, drawn, mine)
    with above:
        answers = {} if drawn is None else taught.ask(drawn)
        sentence = _sentence(answers, mine, taught)
        learner_answers(sentence, answer_cards(answers, mine, taught), key="teach-answers")
    with buttons:
        _stream_buttons(taught)
    with below:
        show_refusal(STREAM)
        _show_passed(taught)
    show_symbols(taught)


def _paper() -> None:
    drawing_canvas(
        np.zeros(PAPER, np.uint8), key=CANVAS, label="Draw a symbol", revision=sheet(),
        brush=PEN_WIDTH, size=PAPER_SIDE, look=Look("Draw", hint="Draw here"),
    )  # fmt: skip


def _whose(taught: "TaughtStream") -> int | None:
    """The own symbol that the drawing is said to be; None where nobody says so."""
    symbols = taught.symbols
    if st.session_state.get(MINE) not in symbols:
        st.session_state[MINE] = None
    if not symbols:
        return None
    return st.pills(
        "This is my", list(symbols), key=MINE,
        format_func=lambda number: plain(symbols[number].name) if number in symbols else "",
        help="If you say it, the answers are marked right or wrong",
    )  # fmt: skip


def _teach_buttons(taught: "TaughtStream", drawn: np.ndarray | None, mine: int | None) -> None:
    """A name and a button for a new class, or a button for a further example of `mine`."""
    if mine is None:
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            st.text_input("Its name", key=NAME, placeholder="optional", width="stretch")
            st.button(
                "Teach it", type="primary", icon=":material/school:", key="teach-it",
                on_click=_ask_to_teach, args=(drawn,),
                help="It joins all learners as the next class",
            )  # fmt: skip
    else:
        _add_button(taught, drawn, mine)
    refusal = show_refusal(DRAW)
    same = getattr(refusal, "number", None)
    if mine is None and same in taught.symbols:
        _add_button(taught, drawn, same)


def _ask_to_teach(drawn: np.ndarray | None) -> None:
    picture, name = _or_blank(drawn), st.session_state[NAME]
    ask_for(
        Request(DRAW, "All learners learn it", lambda taught: taught.teach(picture, name), True)
    )


def _add_button(taught: "TaughtStream", drawn: np.ndarray | None, symbol: int) -> None:
    name, picture = plain(taught.symbols[symbol].name), _or_blank(drawn)
    request = Request(
        DRAW, "All learners learn it", lambda taught: taught.add_example(symbol, picture), True
    )
    st.button(
        f"Add to {name}", icon=":material/add:", key="teach-add", on_click=ask_for, args=(request,),
        help="All learners learn it as a further example",
    )  # fmt: skip


def _or_blank(drawn: np.ndarray | None) -> np.ndarray:
    return np.zeros((28, 28), np.uint8) if drawn is None else drawn


def _sentence(answers: Answers, mine: int | None, taught: "TaughtStream") -> str:
    if answers:
        return what_happened(answers, mine, taught)
    names = [symbol.name for symbol in taught.symbols.values()]
    if not names:
        return "Draw a symbol and teach it: one example is enough."
    if taught.since(list(taught.symbols)[-1]):
        return f"Draw your {names[-1]} again: do they still know it?"
    return f"All learners have met your {names[-1]}: let characters pass, then draw it again."


def _stream_buttons(taught: "TaughtStream") -> None:
    """To let characters pass, to undo the last change, and to start again."""
    count = min(PASS, taught.n_left)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            f"Let {count} characters pass" if count else "All characters have passed",
            key="teach-pass", icon=":material/fast_forward:", disabled=not count,
            on_click=ask_for,
            args=(
                Request(
                    STREAM, f"{count} characters pass", lambda taught: taught.let_pass(count)
                ),
            ),
        )  # fmt: skip
        st.button(
            "Undo", key="teach-undo", icon=":material/undo:", disabled=not taught.can_undo,
            on_click=ask_for,
            args=(Request(STREAM, "The learners go back", lambda taught: taught.undo()),),
        )  # fmt: skip
        st.button(
            "Start again", key="teach-restart", icon=":material/restart_alt:",
            disabled=not taught.can_undo, on_click=ask_for,
            args=(Request(STREAM, "All begin anew", lambda taught: taught.start_again()),),
        )  # fmt: skip


def _show_passed(taught: "TaughtStream") -> None:
    """How many characters came so far, and the newest of them."""
    shown = min(SHOWN, taught.n_met)
    st.caption(
        f"{taught.n_met:,} characters met, {taught.n_left:,} to come. Of each, five drawings "
        "are kept back: the bars show how many of these a learner still names rightly. "
        f"The last {shown} that passed:"
    )
    pictures = taught.characters.pictures[taught.n_met - shown : taught.n_met, 0].numpy()
    st.image(picture_rows(list(pictures), COLUMNS), alt=f"The last {shown} characters that passed")
