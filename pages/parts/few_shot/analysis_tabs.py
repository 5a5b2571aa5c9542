"""The four measurements of an initialisation, a tab each, beside another initialisation."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from core.figures.analysis import (
    QUERY_COLOUR,
    SUPPORT_COLOUR,
    TOOLBAR,
    gradient_triangle,
    layer_movement,
    loss_surface,
    similarity_bars,
)
from pages.parts.components.live_figure.live_figure import live_figure
from pages.parts.few_shot.algorithm import THEIR_SYMBOLS, TWO_PARTS
from pages.parts.few_shot.analysis_measures import (
    META_BATCH,
    N_QUERY,
    N_WAY,
    PATH_STEPS,
    STEPS,
    TASKS,
    measure_gradient,
    measure_landscape,
    measure_movement,
    measure_similarity,
)
from pages.parts.few_shot.analysis_sentences import (
    Finding,
    about_gradient,
    about_movement,
    about_path,
    about_similarity,
    percent,
)
from pages.parts.few_shot.networks import Network
from pages.parts.url_state import Choice, Number, restore

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


SUPPORT_SET, QUERIES = "the support set", "the queries"
LOSSES = {SUPPORT_SET: SUPPORT_COLOUR, QUERIES: QUERY_COLOUR}
RATES = {"1/30": 1 / 30, "1/10": 1 / 10, "1/3": 1 / 3, "1": 1.0}
LAST_TASK = 9999
# In the address.
LOSS = Choice("inside_loss", "Loss on", QUERIES, list(LOSSES))
RATE = Choice("inside_rate", "Inner rate", "1/10", list(RATES))
TASK = Number("inside_task", "Task", 1, 0, LAST_TASK)
GRADIENT_STEPS = Number("inside_steps", "Inner steps", 1, 1, STEPS)
HEIGHT, SURFACE_HEIGHT = 300, 380  # px

Pair = tuple[Network, Network]  # the chosen one, and the one that it is compared with


def show_movement(pair: Pair) -> None:
    """Relative change of each layer after each step, and the shares of the whole movement."""
    movements = [measure_movement(network) for network in pair]
    top = max(float(np.nanmax(movement.relative)) for movement in movements)
    _side_by_side(
        "moves",
        [about_movement(n.title, moved) for n, moved in zip(pair, movements, strict=True)],
        [layer_movement(m.layers, m.relative, m.interval, m.share, top) for m in movements],
        HEIGHT + TOOLBAR,
    )
    _captions(
        f"Means over {_tasks(TASKS)}; 95 % intervals after ± and under the pointer. A "
        "layer is the vector of its kernel, scale and shift.",
        "In the first step the body does not move: the head is still zero, so no gradient reaches "
        "the body.",
        "Raghu et al. 2020, [Rapid learning or feature reuse?](https://arxiv.org/abs/1909.09157): "
        "MAML's body hardly moves, and ANIL, which adapts only the head, learns as well.",
    )


def show_similarity(pair: Pair) -> None:
    """CKA of each layer before and after, beside that of different networks."""
    movements = {network.title: measure_movement(network) for network in pair}
    unlike = measure_similarity(*pair)
    title, other = movements
    chosen = movements[title]
    finding = about_similarity(title, chosen, unlike)
    similar = {name: (m.similarity, m.similarity_interval) for name, m in movements.items()}
    st.markdown(finding.headline)
    live_figure(
        similarity_bars(chosen.layers[:-1], similar, unlike),
        key="analysis-stays",
        height=HEIGHT,
        alt=finding.alt,
    )
    st.markdown(finding.detail)
    _captions(
        f"Linear CKA of the activations on a task's {N_WAY * N_QUERY} queries, before the first "
        f"and after the {STEPS}th inner step: the mean over {_tasks(TASKS)}.",
        f"The red marks compare {title} with {other}, neither adapted, because CKA is high "
        "wherever features outnumber queries. The head is left out: it starts at zero.",
        "Kornblith et al. 2019, "
        "[Similarity of neural network representations](https://arxiv.org/abs/1905.00414).",
    )


def show_path(pair: Pair) -> None:
    """The loss around the path of one task's weights, both initialisations on one scale."""
    shown, scale, task = _path_controls()
    landscapes = [measure_landscape(network, task, RATES[scale]) for network in pair]
    surfaces = [each.support if shown == SUPPORT_SET else each.query for each in landscapes]
    span = (min(s.loss.min() for s in surfaces), max(s.loss.max() for s in surfaces))
    _side_by_side(
        "path",
        [
            about_path(network.title, each.support, each.query)
            for network, each in zip(pair, landscapes, strict=True)
        ],
        [loss_surface(s, span, f"Loss on {shown}", LOSSES[shown]) for s in surfaces],
        SURFACE_HEIGHT,
    )
    held = " and ".join(percent(each.share, 2) for each in landscapes)
    _captions(
        f"The weights at {PATH_STEPS + 1} points while the network learns {_tasks(1)}, in "
        f"the plane of their two principal directions, which hold {held} of the variance.",
        "Lengths are those of the weights, and both figures share a colour scale. Each "
        "initialisation has a plane of its own.",
        "Li et al. 2018, [Visualizing the loss landscape](https://arxiv.org/abs/1712.09913).",
    )


def _path_controls() -> tuple[str, str, int]:
    """Whose loss is shown, the inner rate, and the number of the task."""
    restore(LOSS, RATE, TASK)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        shown = st.segmented_control(
            LOSS.label, LOSS.options, default=LOSS.default, required=True, key=LOSS.key,
            bind="query-params",
        )  # fmt: skip
        scale = st.select_slider(
            "Inner rate multiplier", RATES, RATE.default, key=RATE.key, width=220,
            bind="query-params",
            help="Multiplies the learning rate of the inner steps. At 1 the first step goes most "
            "of the way; smaller steps show more of the path.",
        )  # fmt: skip
        task = st.number_input(
            TASK.label, 0, LAST_TASK, int(TASK.default), key=TASK.key, width=130,
            bind="query-params",
        )  # fmt: skip
        st.button("Another task", icon=":material/casino:", on_click=_another_task,
                  key="analysis-another-task")  # fmt: skip
    return shown or QUERIES, scale, task


def _another_task() -> None:
    st.session_state[TASK.key] = int(np.random.default_rng().integers(LAST_TASK + 1))


def show_gradient(pair: Pair) -> None:
    """The two parts of the meta-gradient as arrows."""
    restore(GRADIENT_STEPS)
    formula, control = st.columns([3, 2], gap="large", vertical_alignment="center")
    with formula:
        st.latex(TWO_PARTS)
        st.caption(THEIR_SYMBOLS, text_alignment="center")
    steps = control.slider(
        GRADIENT_STEPS.label, 1, STEPS, 1, key=GRADIENT_STEPS.key, bind="query-params"
    )
    gradients = [measure_gradient(network, steps) for network in pair]
    _side_by_side(
        "gradient",
        [about_gradient(n.title, g, steps) for n, g in zip(pair, gradients, strict=True)],
        [gradient_triangle(g.whole, g.first_order, g.second_order, g.angle) for g in gradients],
        HEIGHT,
    )
    _captions(
        f"Over one meta-batch of {META_BATCH} {N_WAY}-way training tasks, in the weights of the "
        "body. Lengths and angles are true. The formula is for one step; each further step "
        "multiplies by a factor of its kind.",
        "One step does not move the body, and still the second-order part counts. The step writes "
        "the examples' features into the head; the first order treats the head as a constant and "
        "so ignores how the *examples* are embedded.",
        "Finn et al. 2017, [section 5.2](https://arxiv.org/abs/1703.03400).",
    )


def _captions(*sentences: str) -> None:
    """A caption of short paragraphs, each about one thing."""
    st.caption("\n\n".join(sentences))


def _side_by_side(
    key: str, findings: Sequence[Finding], figures: "Sequence[Figure]", height: int
) -> None:
    """The chosen initialisation at the left, the one that it is compared with at the right."""
    for place, (column, finding, figure) in enumerate(
        zip(st.columns(2, gap="large"), findings, figures, strict=True)
    ):
        with column:
            st.markdown(finding.headline)
            live_figure(figure, key=f"analysis-{key}-{place}", height=height, alt=finding.alt)
            st.markdown(finding.detail)


def _tasks(count: int) -> str:
    """How many tasks, and what they are made of."""
    return f"{count} task{'s' * (count != 1)}, {N_WAY}-way 1-shot, of held-out Omniglot characters"
