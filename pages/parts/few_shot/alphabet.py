"""Draw your own alphabet: new symbols and a query, learnt each time the pen is lifted.

At first there are three boxes, a query and the answer; what else there is comes with the switch
`MORE`.
"""

import numpy as np
import streamlit as st

from core.errors import GlimpseError
from core.figures.alphabet import BARS_TOP, symbol_bars, symbol_bars_alt, symbol_curves
from pages.parts.card import load_card
from pages.parts.components.live_figure.live_figure import live_figure
from pages.parts.few_shot import alphabet_cards as cards
from pages.parts.few_shot.alphabet_boxes import Examples, show_boxes
from pages.parts.few_shot.alphabet_headline import HEADLINE_HEIGHT, headline
from pages.parts.few_shot.networks import SHIPPED, Network, answering_network, load_network
from pages.parts.few_shot.none_of_these import (
    about_drawing,
    drawing_distances,
    within_classes,
)
from pages.parts.few_shot.own_sentences import who_answers
from pages.parts.url_state import Switch, restore, write

STEPS = 5  # inner steps that are shown
BAR_HEIGHT, CURVES_HEIGHT = 44, 220  # px
STEP = "alphabet-step"  # in session state
HOW_CLASSIFIED = (
    "The query is classified alone (*inductive*): batch norm uses the statistics of the examples. "
    "Symbols with fewer examples have them repeated, so all count the same."
)
# Without the prefix of the settings that the page removes where drawing is not its source of tasks.
MORE = Switch("drawn_more", "More", False)


@st.fragment
def draw_your_alphabet() -> None:
    """Boxes to draw symbols and a query in, and how the network classifies the query."""
    alphabet = cards.current()
    with_more = _instructions(alphabet)
    examples, query = show_boxes(alphabet, with_more)
    left_out = cards.keep_in_address()
    if left_out:
        st.caption(
            f"The address has no room for {left_out} of the examples: a reload or a link is "
            "without them."
        )
    _answer(examples, query, with_more)
    if with_more:
        st.caption(
            "The network learns the symbols each time you lift the pen; one drawing of each is "
            "enough. The small pictures are what it sees: each drawing thinned to lines, centred "
            "and scaled like Omniglot's."
        )


def _instructions(alphabet: cards.Alphabet) -> bool:
    """What to do, in one line, and the buttons; returns whether more than the boxes is shown."""
    if MORE.key not in st.session_state and MORE.given() is None:
        st.session_state[MORE.key] = alphabet.has_more  # a link to such an alphabet has to show it
    restore(MORE)
    count = "three " if len(alphabet.symbols) == 3 else ""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(
            f"**Draw {count}symbols**, then one of them again as the query **?**", width="stretch"
        )
        if st.session_state[MORE.key]:
            _buttons_of_more(has_room=len(alphabet.symbols) < cards.MOST)
        st.button("Clear all", icon=":material/delete_sweep:", on_click=cards.clear_all)
        with_more = st.toggle(MORE.label, key=MORE.key)
    # Written here: a bound widget loses its parameter when drawing moves up or down the page.
    write(MORE.key, MORE.text(with_more) if with_more or alphabet.has_more else "")
    return with_more


def _buttons_of_more(has_room: bool) -> None:
    st.button(
        "Add a symbol", icon=":material/add:", disabled=not has_room, on_click=cards.add_symbol
    )
    st.button("Show me", icon=":material/auto_awesome:", on_click=cards.show_sample,
              help="Fills the boxes with a made-up alphabet")  # fmt: skip


def _answer(examples: Examples, query: np.ndarray | None, with_more: bool) -> None:
    """Which symbol the query is; `with_more` after a chosen inner step, and over all steps."""
    answer_side, bars_side = st.columns([2, 3], gap="small")
    answer = answer_side.container(height=HEADLINE_HEIGHT, border=False)
    step: int = load_card(SHIPPED)["config"]["inner_steps"]
    if with_more:
        step = answer_side.slider(
            "Inner step", 0, STEPS, step, key=STEP,
            help="0 is before the first gradient step. Arrow keys work.",
        )  # fmt: skip
    drawn = {number: pictures for number, pictures in examples.items() if pictures}
    support = [np.stack(pictures) for pictures in drawn.values()]
    queries = np.zeros((0, 28, 28), np.uint8) if query is None else query[None]
    network = answering_network()
    try:
        probability = _learn(support, queries, network)
    except GlimpseError as refusal:
        answer.info(str(refusal), icon=":material/draw:")
        with bars_side:
            _bars({}, examples, "No answer yet", with_more)
        return
    numbers = list(drawn)
    with bars_side:
        shares = dict(zip(numbers, probability[step], strict=True))
        spoken = symbol_bars_alt(probability[step], numbers)
        _bars(shares, examples, f"After inner step {step}: {spoken}", with_more)
        if with_more:
            live_figure(
                symbol_curves(probability, numbers, step),
                key="alphabet-curves",
                height=CURVES_HEIGHT,
                alt="The same probabilities after each inner step",
            )
    # Last: the characters that it is compared with are drawn once for each number of symbols.
    distances = drawing_distances(support, queries, network)
    within = within_classes(len(support), len(support[int(distances.argmin())]), network)
    answer.html(headline(probability[step], numbers, distances, within))
    if with_more:
        st.markdown(f":material/straighten: {about_drawing(distances, numbers, within)}")
        st.caption(f"{who_answers(network)} {HOW_CLASSIFIED}")
    elif network.is_own:
        st.caption(who_answers(network))


def _bars(shares: dict[int, float], examples: Examples, alt: str, with_more: bool) -> None:
    """A bar for each symbol, also for one without a share, so that none of them moves."""
    numbers = list(examples)
    live_figure(
        symbol_bars(
            np.array([shares.get(number, np.nan) for number in numbers]),
            [pictures[0] if pictures else None for pictures in examples.values()],
            numbers,
            marks_start=with_more,
        ),
        key="alphabet-bars",
        height=BARS_TOP * with_more + BAR_HEIGHT * len(numbers),
        alt=alt,
    )


@st.cache_data(max_entries=64, show_spinner=False)
def _learn(support: list[np.ndarray], query: np.ndarray, network: Network) -> np.ndarray:
    """Probabilities (STEPS + 1, n_way) of a query uint8 (1, 28, 28), before and after each step."""
    from core.data.drawings import drawn_task

    adapted = load_network(network).adapt(drawn_task(support, query), STEPS, "inductive")
    probability: np.ndarray = adapted.outputs[0, :, 0].softmax(-1).cpu().numpy()
    return probability
