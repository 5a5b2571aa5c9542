"""Look inside: the algorithm, and what four measurements see in a starting point.

Each measurement is a tab that is computed when it is first opened, and kept.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from core.data.catalog import SOURCES
from core.errors import GlimpseError
from core.figures.inside import (
    QUERY,
    SUPPORT,
    gradient_triangle,
    layer_movement,
    loss_surface,
    similarity_bars,
)
from pages.parts.algorithm import TWO_PARTS, algorithm_box, symbols_and_papers
from pages.parts.card import load_card
from pages.parts.inside_measures import (
    META_BATCH,
    N_QUERY,
    N_WAY,
    PATH_STEPS,
    STEPS,
    TASKS,
    gradient_of,
    likeness,
    survey_of,
    what_moves,
)
from pages.parts.inside_words import (
    gradient_sentence,
    movement_sentence,
    path_sentence,
    similarity_sentence,
    steps_of,
)
from pages.parts.live_figure import live_figure

if TYPE_CHECKING:
    from core.methods.task_sources import Origin

# Names in session state and in the address.
START, TAB, LOSS, RATE, TASK, GRADIENT_STEPS = (
    f"inside_{name}" for name in ("start", "tab", "loss", "rate", "task", "steps")
)
RANDOM, NO_STEPS = "Random", "ProtoNet"
LOSSES = {"the support set": SUPPORT, "the queries": QUERY}
RATES = {"1/30": 1 / 30, "1/10": 1 / 10, "1/3": 1 / 3, "1": 1.0}
LAST_TASK = 9999
MODEL = "maml"  # whose card stands beside that of the starting point
HEIGHT, SQUARE = 300, 430  # px


def look_inside() -> None:
    """The algorithm with its formulas, four measurements, and the cards of what was measured."""
    box, symbols = st.columns([3, 2], gap="large")
    with box:
        algorithm_box()
    with symbols:
        symbols_and_papers()
    measurements()


@st.fragment
def measurements() -> None:
    """Four ways to look into a starting point, each beside random weights."""
    from core.starts import RACE

    weights = {start.title: start.weights for start in RACE if start.title != NO_STEPS}
    title = st.selectbox(
        "Look into", list(weights), key=START, width=300, bind="query-params",
        help=f"A starting point of the race, but for {NO_STEPS}, which takes no inner steps.",
    )  # fmt: skip
    pair = (title, "MAML" if title == RANDOM else RANDOM)
    origin: Origin = "omniglot" if SOURCES["omniglot"].present() else "strokes"
    looks: dict[str, Callable[[tuple[str, str], Origin], None]] = {
        "What moves": _what_moves, "What stays": _what_stays,
        "The path": _the_path, "The meta-gradient": _the_meta_gradient,
    }  # fmt: skip
    tabs = st.tabs(list(looks), key=TAB, bind="query-params")
    for tab, look in zip(tabs, looks.values(), strict=True):
        if tab.open:
            with tab:
                _say_refusals(look, pair, origin)
    _cards(title, weights[title])


def _say_refusals(
    look: "Callable[[tuple[str, str], Origin], None]", pair: tuple[str, str], origin: "Origin"
) -> None:
    try:
        look(pair, origin)
    except GlimpseError as refusal:
        st.error(str(refusal), icon=":material/error:")


def _what_moves(pair: tuple[str, str], origin: "Origin") -> None:
    """Relative change of each layer after each step, and the shares of the whole movement."""
    found = [what_moves(title, origin) for title in pair]
    top = max(float(np.nanmax(moved.relative)) for moved in found)
    for column, title, moved in zip(st.columns(2, gap="large"), pair, found, strict=True):
        with column:
            sentence = movement_sentence(title, moved)
            st.markdown(sentence)
            live_figure(
                layer_movement(moved.layers, moved.relative, moved.interval, moved.share, top),
                key=f"inside-moves-{_place(title, pair)}",
                height=HEIGHT,
                alt=_plain(sentence),
            )
    st.caption(
        f"Means over {TASKS} {_kind(origin)}; an interval of 95 % under the pointer, and after ±. "
        "A layer is one vector of its kernel, scale and shift. In the first step the body stands "
        "still: from a head of zero no gradient comes back. Raghu et al. 2020, "
        "[Rapid learning or feature reuse?](https://arxiv.org/abs/1909.09157), found with MAML "
        "that the body hardly moves, and that ANIL, which adapts the head alone, learns as well."
    )


def _what_stays(pair: tuple[str, str], origin: "Origin") -> None:
    """CKA of each layer before and after, beside what it is between different networks."""
    found = {title: what_moves(title, origin) for title in pair}
    unlike = likeness(*pair, origin)
    chosen = found[pair[0]]
    sentence = similarity_sentence(pair[0], chosen, unlike)
    st.markdown(sentence)
    live_figure(
        similarity_bars(
            chosen.layers[:-1],
            {name: (moved.similarity, moved.similarity_interval) for name, moved in found.items()},
            unlike,
        ),
        key="inside-stays",
        height=HEIGHT,
        alt=_plain(sentence),
    )
    st.caption(
        f"Linear CKA of the activations on the {N_WAY * N_QUERY} queries of a task before its "
        f"first and after its {STEPS}th inner step, the mean over {TASKS} {_kind(origin)}; the red "
        f"marks are {pair[0]} against {pair[1]}, neither adapted. The head has no *before*: it "
        "starts at zero. With more features than queries CKA runs high, so read it against the "
        "marks. Kornblith et al. 2019, "
        "[Similarity of neural network representations](https://arxiv.org/abs/1905.00414)."
    )


def _the_path(pair: tuple[str, str], origin: "Origin") -> None:
    """The loss around the path of one task's weights, for both starts on one colour scale."""
    shown, scale, task = _path_controls()
    surveys = [survey_of(title, origin, task, RATES[scale]) for title in pair]
    of_support = shown == "the support set"
    surfaces = [found.support if of_support else found.query for found in surveys]
    span = (min(s.loss.min() for s in surfaces), max(s.loss.max() for s in surfaces))
    columns = st.columns(2, gap="large")
    for column, title, found, surface in zip(columns, pair, surveys, surfaces, strict=True):
        with column:
            sentence = path_sentence(title, found.support, found.query)
            st.markdown(sentence)
            live_figure(
                loss_surface(surface, span, f"{title}: loss on {shown}", LOSSES[shown]),
                key=f"inside-path-{_place(title, pair)}",
                height=SQUARE,
                alt=_plain(sentence),
            )
    held = " and ".join(f"{found.share:.2%}" for found in surveys)
    st.caption(
        f"A plane through the {PATH_STEPS + 1} places that all weights of the network go through "
        f"for one of the {_kind(origin)}, along its two principal directions, which hold {held} of "
        "the path's variance. Both pictures have one colour scale, and lengths are those of the "
        "weights. The two planes are different ones, and each start takes the inner rates that it "
        "was trained with. Li et al. 2018, "
        "[Visualizing the loss landscape](https://arxiv.org/abs/1712.09913), section 7."
    )


def _path_controls() -> tuple[str, str, int]:
    """Whose loss is shown, the inner rate, and the number of the task."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        shown = st.segmented_control(
            "Loss on", list(LOSSES), default="the queries", required=True, key=LOSS,
            bind="query-params",
        )  # fmt: skip
        scale = st.select_slider(
            "Inner rate, × learned", list(RATES), "1/10", key=RATE, width=220, bind="query-params",
            help="As learned, the first step goes most of the way. Shorter ones show the way.",
        )  # fmt: skip
        task = st.number_input("Task", 0, LAST_TASK, 1, key=TASK, width=130, bind="query-params")
        st.button("Another task", icon=":material/casino:", on_click=_another_task,
                  key="inside-another")  # fmt: skip
    return shown or "the queries", scale, int(task)


def _another_task() -> None:
    st.session_state[TASK] = int(np.random.default_rng().integers(LAST_TASK + 1))


def _the_meta_gradient(pair: tuple[str, str], origin: "Origin") -> None:
    """The two parts of the meta-gradient as arrows."""
    formula, control = st.columns([3, 2], gap="large", vertical_alignment="center")
    formula.latex(TWO_PARTS)
    steps = control.slider("Inner steps", 1, STEPS, 1, key=GRADIENT_STEPS, bind="query-params")
    found = [gradient_of(title, origin, steps) for title in pair]
    reach = max(max(parts.whole, parts.first_order) for parts in found)
    for column, title, parts in zip(st.columns(2, gap="large"), pair, found, strict=True):
        with column:
            sentence = gradient_sentence(title, parts, steps)
            st.markdown(sentence)
            live_figure(
                gradient_triangle(
                    parts.whole, parts.first_order, parts.second_order, parts.angle, reach
                ),
                key=f"inside-gradient-{_place(title, pair)}",
                height=HEIGHT,
                alt=_plain(sentence),
            )
    st.caption(
        f"Of one meta-batch of {META_BATCH} training tasks, {N_WAY} ways, in the weights of the "
        "body; lengths and angles are true, and both pictures have one scale. The formula is for "
        "one step; more steps multiply such factors. After one step the body has not moved, and "
        "yet the second order counts: that step writes the examples' features into the head, and "
        "the first order takes the head for a constant, so that it never asks how the *examples* "
        "should be seen. Finn et al. 2017, "
        "[section 5.2](https://arxiv.org/abs/1703.03400)."
    )


def _cards(title: str, weights: str) -> None:
    """How the film's model and the starting point were made."""
    _card("The model of the film", MODEL)
    if weights:
        _card(f"{title}, the starting point", weights)
    else:
        st.caption("Random weights were drawn by a fixed seed, and trained on nothing.")


def _card(name: str, weights: str) -> None:
    try:
        card = load_card(weights)
    except OSError:
        st.error(
            f"The card of {weights} is not among the shipped weights.", icon=":material/error:"
        )
        return
    config = card["config"]
    with st.expander(f"{name}: how it was made", icon=":material/id_card:"):
        st.markdown(
            f"{config['train_way']} ways, {config['k_shot']} shot, "
            f"{steps_of(config['inner_steps'])}, on "
            f"{SOURCES[config['source']].title} with seed {config['seed']} for {card['steps']:,} "
            f"meta-updates in {card['minutes']} minutes on {card['hardware']}, torch "
            f"{card['torch']}, {card['date']}."
        )
        st.code(card["command"], language="bash", wrap_lines=True)
        st.markdown("Its figures come from")
        st.code(card["evaluate"], language="bash", wrap_lines=True)


def _place(title: str, pair: tuple[str, str]) -> str:
    """The place of a figure, which is updated in place when another start is chosen."""
    return "chosen" if title == pair[0] else "other"


def _kind(origin: "Origin") -> str:
    """What a task is made of, for captions."""
    made_of = "held-out Omniglot characters" if origin == "omniglot" else "unseen strokes"
    return f"{N_WAY}-way 1-shot tasks of {made_of}"


def _plain(sentence: str) -> str:
    """A sentence for a screen reader, without the stars of Markdown."""
    return sentence.replace("*", "")
