"""Look inside: the algorithm, and what four measurements see in a starting point.

Each measurement is a tab that is computed when it is first opened, and kept.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from core.data.catalog import SOURCES
from core.errors import GlimpseError
from core.figures.analysis import (
    QUERY,
    SUPPORT,
    TOOLBAR,
    gradient_triangle,
    layer_movement,
    loss_surface,
    similarity_bars,
)
from pages.parts.card import load_card
from pages.parts.components.live_figure.live_figure import live_figure
from pages.parts.few_shot.algorithm import (
    THEIR_SYMBOLS,
    TWO_PARTS,
    algorithm_box,
    symbols_and_papers,
)
from pages.parts.few_shot.analysis_measures import (
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
from pages.parts.few_shot.analysis_words import (
    Told,
    about_gradient,
    about_movement,
    about_path,
    about_similarity,
    counted,
    percent,
)

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from core.methods.few_shot.task_sources import Origin

# Names in session state and in the address.
START, TAB, LOSS, RATE, TASK, GRADIENT_STEPS = (
    f"inside_{name}" for name in ("start", "tab", "loss", "rate", "task", "steps")
)
RANDOM, NO_STEPS = "Random", "ProtoNet"
SUPPORT_SET, QUERIES = "the support set", "the queries"
LOSSES = {SUPPORT_SET: SUPPORT, QUERIES: QUERY}
RATES = {"1/30": 1 / 30, "1/10": 1 / 10, "1/3": 1 / 3, "1": 1.0}
LAST_TASK = 9999
MODEL = "maml"  # whose card stands beside that of the starting point
HEIGHT, SURFACE_HEIGHT = 300, 380  # px

Pair = tuple[str, str]  # the start that is looked into, and the one that it is compared with


def show_analysis(note: str = "") -> None:
    """The algorithm with its formulas, four measurements, and the cards of what was measured.

    `note` says over the measurements what else there is to know of them.
    """
    box, symbols = st.columns([3, 2], gap="large")
    with box:
        algorithm_box()
    with symbols:
        symbols_and_papers()
    if note:
        st.info(note, icon=":material/show_chart:")
    measurements()


@st.fragment
def measurements() -> None:
    """Four ways to look into a starting point, each beside random weights."""
    from core.zoo.initialisations import RACE

    weights = {start.title: start.weights for start in RACE if start.title != NO_STEPS}
    title = st.selectbox(
        "Look into", list(weights), key=START, width=300, bind="query-params",
        help=f"A starting point of the race, but for {NO_STEPS}, which takes no inner steps.",
    )  # fmt: skip
    pair = (title, "MAML" if title == RANDOM else RANDOM)
    origin: Origin = "omniglot" if SOURCES["omniglot"].present() else "strokes"
    looks: dict[str, Callable[[Pair, Origin], None]] = {
        "What moves": _what_moves, "What stays": _what_stays,
        "The path": _the_path, "Meta-gradient": _meta_gradient,
    }  # fmt: skip
    tabs = st.tabs(list(looks), key=TAB, bind="query-params")
    for tab, look in zip(tabs, looks.values(), strict=True):
        if tab.open:
            with tab:
                _say_refusals(look, pair, origin)
    _cards(title, weights[title])


def _say_refusals(look: "Callable[[Pair, Origin], None]", pair: Pair, origin: "Origin") -> None:
    try:
        look(pair, origin)
    except GlimpseError as refusal:
        st.error(str(refusal), icon=":material/error:")


def _what_moves(pair: Pair, origin: "Origin") -> None:
    """Relative change of each layer after each step, and the shares of the whole movement."""
    found = [what_moves(title, origin) for title in pair]
    top = max(float(np.nanmax(moved.relative)) for moved in found)
    _side_by_side(
        "moves",
        [about_movement(*each) for each in zip(pair, found, strict=True)],
        [layer_movement(m.layers, m.relative, m.interval, m.share, top) for m in found],
        HEIGHT + TOOLBAR,
    )
    st.caption(
        f"Means over {_tasks(TASKS, origin)}; the 95 % interval is after ±, and under the pointer. "
        "A layer is one vector of its kernel, scale and shift. In the first step the body stands "
        "still: from a head of zero no gradient comes back. Raghu et al. 2020, "
        "[Rapid learning or feature reuse?](https://arxiv.org/abs/1909.09157), found that MAML's "
        "body hardly moves, and that ANIL, which adapts the head alone, learns as well."
    )


def _what_stays(pair: Pair, origin: "Origin") -> None:
    """CKA of each layer before and after, beside what it is between different networks."""
    found = {title: what_moves(title, origin) for title in pair}
    unlike = likeness(*pair, origin)
    chosen = found[pair[0]]
    told = about_similarity(pair[0], chosen, unlike)
    similar = {title: (m.similarity, m.similarity_interval) for title, m in found.items()}
    st.markdown(told.headline)
    live_figure(
        similarity_bars(chosen.layers[:-1], similar, unlike),
        key="inside-stays",
        height=HEIGHT,
        alt=told.alt,
    )
    st.markdown(told.detail)
    st.caption(
        f"Linear CKA of the activations on the {N_WAY * N_QUERY} queries of a task, before its "
        f"first and after its {STEPS}th inner step, the mean over {_tasks(TASKS, origin)}. The red "
        f"marks are {pair[0]} against {pair[1]}, neither adapted: with more features than queries "
        "CKA runs high, so that it needs a yardstick. The head has no *before*, since it starts at "
        "zero. Kornblith et al. 2019, "
        "[Similarity of neural network representations](https://arxiv.org/abs/1905.00414)."
    )


def _the_path(pair: Pair, origin: "Origin") -> None:
    """The loss around the path of one task's weights, for both starts on one colour scale."""
    shown, scale, task = _path_controls()
    surveys = [survey_of(title, origin, task, RATES[scale]) for title in pair]
    surfaces = [each.support if shown == SUPPORT_SET else each.query for each in surveys]
    span = (min(s.loss.min() for s in surfaces), max(s.loss.max() for s in surfaces))
    _side_by_side(
        "path",
        [about_path(t, each.support, each.query) for t, each in zip(pair, surveys, strict=True)],
        [loss_surface(s, span, f"Loss on {shown}", LOSSES[shown]) for s in surfaces],
        SURFACE_HEIGHT,
    )
    held = " and ".join(percent(each.share, 2) for each in surveys)
    st.caption(
        f"All weights of the network go through {PATH_STEPS + 1} places while it learns "
        f"{_tasks(1, origin)}. The plane is that of their two principal directions, which hold "
        f"{held} of their variance. Lengths are those of the weights, and both pictures have one "
        "colour scale. Each start has a plane of its own, and the inner rates that it was trained "
        "with. Li et al. 2018, [Visualizing the loss landscape](https://arxiv.org/abs/1712.09913)."
    )


def _path_controls() -> tuple[str, str, int]:
    """Whose loss is shown, the inner rate, and the number of the task."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        shown = st.segmented_control(
            "Loss on", list(LOSSES), default=QUERIES, required=True, key=LOSS, bind="query-params"
        )
        scale = st.select_slider(
            "Inner rate, × learned", list(RATES), "1/10", key=RATE, width=220, bind="query-params",
            help="As learned, the first step goes most of the way. Shorter ones show the way.",
        )  # fmt: skip
        task = st.number_input("Task", 0, LAST_TASK, 1, key=TASK, width=130, bind="query-params")
        st.button("Another task", icon=":material/casino:", on_click=_another_task,
                  key="inside-another")  # fmt: skip
    return shown or QUERIES, scale, task


def _another_task() -> None:
    st.session_state[TASK] = int(np.random.default_rng().integers(LAST_TASK + 1))


def _meta_gradient(pair: Pair, origin: "Origin") -> None:
    """The two parts of the meta-gradient as arrows."""
    formula, control = st.columns([3, 2], gap="large", vertical_alignment="center")
    with formula:
        st.latex(TWO_PARTS)
        st.caption(THEIR_SYMBOLS, text_alignment="center")
    steps = control.slider("Inner steps", 1, STEPS, 1, key=GRADIENT_STEPS, bind="query-params")
    found = [gradient_of(title, origin, steps) for title in pair]
    _side_by_side(
        "gradient",
        [about_gradient(title, parts, steps) for title, parts in zip(pair, found, strict=True)],
        [gradient_triangle(p.whole, p.first_order, p.second_order, p.angle) for p in found],
        HEIGHT,
    )
    st.caption(
        f"Of one meta-batch, {META_BATCH} training tasks of {N_WAY} ways, in the weights of the "
        "body. Angles and proportions are true. The formula is that of one step; more steps "
        "multiply such factors. In one step the body does not move, and yet the second order "
        "counts: the step writes the examples' features into the head, and the first order, which "
        "takes the head for a constant, never asks how the *examples* should be seen. "
        "Finn et al. 2017, [section 5.2](https://arxiv.org/abs/1703.03400)."
    )


def _side_by_side(key: str, told: Sequence[Told], figures: "Sequence[Figure]", height: int) -> None:
    """The chosen start at the left, the one it is compared with at the right."""
    for place, (column, said, figure) in enumerate(
        zip(st.columns(2, gap="large"), told, figures, strict=True)
    ):
        with column:
            st.markdown(said.headline)
            live_figure(figure, key=f"inside-{key}-{place}", height=height, alt=said.alt)
            st.markdown(said.detail)


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
            f"{counted(config['inner_steps'])}, on "
            f"{SOURCES[config['source']].title} with seed {config['seed']} for {card['steps']:,} "
            f"meta-updates in {card['minutes']} minutes on {card['hardware']}, torch "
            f"{card['torch']}, {card['date']}."
        )
        st.code(card["command"], language="bash", wrap_lines=True)
        st.markdown("Its figures come from")
        st.code(card["evaluate"], language="bash", wrap_lines=True)


def _tasks(count: int, origin: "Origin") -> str:
    """How many tasks, and what they are made of."""
    made_of = "held-out Omniglot characters" if origin == "omniglot" else "unseen strokes"
    return f"{count} task{'s' * (count != 1)}, {N_WAY}-way 1-shot, of {made_of}"
