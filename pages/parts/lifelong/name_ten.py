"""Name ten: a person names a few of 4,000 digits, and the names spread to all others.

The page knows the true labels, and says how many names are right; what spreads the labels does not.
"""

import numpy as np
import streamlit as st

from core.figures.embeddings import DIGIT_COLOURS
from core.figures.naming import digit_png, digit_sheet, naming_curves
from core.figures.words import counted, listed
from pages.parts.components.ask_label.ask_label import ask_label
from pages.parts.components.label_map.label_map import label_map, map_pictures
from pages.parts.components.live_figure.live_figure import live_figure
from pages.parts.lifelong.given_labels import (
    MOST,
    Given,
    give_label,
    given_labels,
    keep_labels,
    restore_labels,
    start_again,
    undo_label,
)
from pages.parts.lifelong.named_digits import (
    THIS_WAY,
    digits_to_name,
    names_by,
    random_picture,
    shares_right,
    typical_picture,
)
from pages.parts.url_state import Choice, restore

TYPICAL, RANDOM, CLICKED = "Typical", "At random", "You click"
CHOSEN_BY = Choice("name_ten_by", "Choice of pictures", TYPICAL, [TYPICAL, RANDOM, CLICKED])
ABOUT_CHOICE = {
    TYPICAL: "From the largest cluster without a label, the digit that is closest to its "
    "neighbours (TypiClust, Hacohen et al. 2022).",
    RANDOM: "Any digit without a label.",
    CLICKED: "The point that you click on the map. One with a label can be given another.",
}
TEN = 10
MAP = "name-ten-map"
CLICKED_POINT, ROUND = "name-ten-clicked", "name-ten-round"  # in session state
MAP_HEIGHT, CURVES_HEIGHT = 460, 300
SHEET_COLUMNS = 80
ABOUT = (
    "At first no digit has a label: all are grey rings. **Name a few, by the digit keys**: each "
    "name spreads along the lines that join a digit to its ten nearest in SimCLR's features, which "
    "were learned without labels (label propagation, Zhou et al. 2004)."
)
ABOUT_OTHERS = (
    "The others have the same labels. Class means and k-NN use the same features, but learn "
    "nothing from the digits without a label. The last spreads the labels too, but over raw pixels."
)


def show_name_ten() -> None:
    """The section: a picture to name, the map of all digits, and how many names are right."""
    st.subheader("Name ten", anchor=False)
    st.markdown(ABOUT)
    pictures = digits_to_name().pictures
    restore_labels(len(pictures))
    restore(CHOSEN_BY)
    sheet = digit_sheet(pictures, SHEET_COLUMNS)
    map_pictures(sheet, pictures.shape[1], SHEET_COLUMNS, key=MAP)
    _name()


@st.fragment
def _name() -> None:
    """All that changes with an answer."""
    given = given_labels()
    keep_labels()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.segmented_control(
            CHOSEN_BY.label, CHOSEN_BY.options, key=CHOSEN_BY.key, bind="query-params",
            required=True, label_visibility="collapsed", width="content",
        )  # fmt: skip
        chosen_by = st.session_state[CHOSEN_BY.key]
        st.caption(ABOUT_CHOICE[chosen_by])
    st.markdown(_result(given))
    asked = _next_picture(chosen_by, given)
    ask_side, map_side = st.columns([1, 2], gap="medium")
    with ask_side:
        _ask(asked, given)
    with map_side:
        _show_map(asked, given, is_clickable=chosen_by == CLICKED)
    if given:
        _show_curves(given)


def _next_picture(chosen_by: str, given: Given) -> int | None:
    """The picture to ask about; None while none is clicked, or once there are labels enough."""
    if len(given) >= MOST:
        return None
    if chosen_by == CLICKED:
        clicked: int | None = st.session_state.get(CLICKED_POINT)
        return clicked
    labelled = tuple(sorted(given))
    if chosen_by == RANDOM:
        return random_picture(labelled, st.session_state.get(ROUND, 0))
    return typical_picture(labelled)


# ---- the question --------------------------------------------------------------------------------


def _ask(asked: int | None, given: Given) -> None:
    ask_label(
        asked,
        "" if asked is None else digit_png(digits_to_name().pictures[asked]),
        key="name-ten-ask", question=_question(asked, given), palette=DIGIT_COLOURS,
        on_answer=lambda digit: _answer(asked, digit), on_undo=undo_label,
    )  # fmt: skip
    with st.container(horizontal=True, horizontal_alignment="center"):
        st.button(
            "Undo", icon=":material/undo:", key="name-ten-undo", on_click=undo_label,
            disabled=not given, help="Takes the last label back. Key: Backspace.",
        )  # fmt: skip
        st.button(
            "Start again", icon=":material/restart_alt:", key="name-ten-again",
            on_click=_start_again, disabled=not given,
        )  # fmt: skip


def _question(asked: int | None, given: Given) -> str:
    if len(given) >= MOST:
        return f"The address has room for {MOST} labels and no more: undo some, or start again."
    if asked is None:
        return "Click a point on the map to see its digit."
    of_ten = f" ({len(given) + 1} of {TEN})" if asked not in given and len(given) < TEN else ""
    return f"Which digit is this?{of_ten}"


def _answer(asked: int | None, digit: int) -> None:
    if asked is not None:
        give_label(asked, digit)
        st.session_state.pop(CLICKED_POINT, None)


def _click(point: int) -> None:
    st.session_state[CLICKED_POINT] = point


def _start_again() -> None:
    """Without labels, and with another random order."""
    start_again()
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1


# ---- what becomes of the labels ------------------------------------------------------------------


def _show_map(asked: int | None, given: Given, is_clickable: bool) -> None:
    classes, certainty = names_by(tuple(given.items()))
    named = np.count_nonzero(classes >= 0)
    label_map(
        digits_to_name().map.layout, classes, certainty,
        key=MAP, height=MAP_HEIGHT, palette=DIGIT_COLOURS, given=given, asked=asked,
        alt=f"A map of {len(classes):,} digits by their features: {named:,} of them have the "
        f"colour of a name, spread from {counted(len(given), 'label')}",
        on_click=_click if is_clickable else None,
    )  # fmt: skip


def _result(given: Given) -> str:
    """3 labels given: 28.9 % of the 4,000 digits are named rightly."""
    truth = digits_to_name().truth
    head = f"{counted(len(given), 'label')} given"
    if not given:
        return f"**{head}**: none of the {len(truth):,} digits has a name."
    right = shares_right(tuple(given.items()))
    others = ", ".join(f"{way} {_percent(right[way])}" for way in right if way != THIS_WAY)
    wrong = [(digit, truth[at]) for at, digit in given.items() if digit != truth[at]]
    answers = "1 of your answers is" if len(wrong) == 1 else f"{len(wrong)} of your answers are"
    mistaken = ", ".join(f"{digit} where it says {true}" for digit, true in wrong)
    unnamed = [str(digit) for digit in range(10) if digit not in given.values()]
    return (
        f"**{head}: {_percent(right[THIS_WAY])}** of the {len(truth):,} digits are named rightly. "
        f"With the same labels: {others}."
        + (
            f" {answers} not what MNIST says: {mistaken}. All stay as you gave them."
            if wrong
            else ""
        )
        + (f" {_not_named(unnamed)}" if unnamed and len(given) >= TEN else "")
    )


def _not_named(digits: list[str]) -> str:
    """No 4 has been named yet, so all of them still go by the names of others."""
    each = "all of them go" if len(digits) == 1 else "all of these go"
    return f"No {listed(digits, 'and no')} has been named yet, so {each} by the names of others."


def _show_curves(given: Given) -> None:
    items = tuple(given.items())
    history = [shares_right(items[:count]) for count in range(1, len(items) + 1)]
    curves = {way: np.array([right[way] for right in history]) for way in history[-1]}
    last = ", ".join(f"{way} {_percent(share)}" for way, share in history[-1].items())
    live_figure(
        naming_curves(curves), key="name-ten-curves", height=CURVES_HEIGHT,
        alt=f"Digits named rightly over the labels given; after {len(given)}: {last}",
    )  # fmt: skip
    st.caption(ABOUT_OTHERS)


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
