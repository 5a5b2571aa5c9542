"""Few-shot: watch a network learn five characters from one drawing of each."""

from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.data.catalog import SOURCES
from core.figures.few_shot import (
    TaskFilm,
    learning_curves,
    panel_shape,
    sinusoid_fit,
    task_panel,
    task_panel_alt,
)
from core.registry import load_method
from pages.parts.card import load_card
from pages.parts.form import Preset
from pages.parts.live import Moment, live_view
from pages.parts.live_figure import live_figure
from pages.parts.take_away_film import take_film_away
from pages.parts.words import size

if TYPE_CHECKING:  # it imports torch, which the title need not wait for
    from core.methods.maml import Maml

NAME = "maml"
STEPS = 10  # inner steps of the film; training takes fewer
FIRST_TASK = 8  # a typical one: right but for one query
LAST_TASK = 9999
PANEL_WIDTH = 440  # px at most, so that film and slider fit a laptop's screen
CURVES_HEIGHT = 380
SHOWN = {  # what the tasks of the film are made of
    "omniglot": "Omniglot, held out",
    "strokes": "Strokes, unseen",
}
STATISTICS = {"transductive": "all queries together", "inductive": "each query alone"}
# Keys in session state, and names in the address.
TASK, SOURCE, KIND, STEP = "task", "tasks_from", "statistics", "inner_step"
PRESETS: dict[str, Preset] = {
    "Strokes": {},
    "First order": {"order": "first"},
    "Five inner steps": {"inner_steps": 5, "inner_lr": 0.1},
    "Inner rate too large": {"inner_lr": 8.0, "learn_inner_lr": False},
    "Sinusoids": {
        "source": "sinusoids", "k_shot": 10, "n_query": 10, "inner_lr": 0.01, "meta_batch": 25,
        "lr": 0.01, "steps": 1000,
    },
}  # fmt: skip


@st.fragment
def see_it(away: DeltaGenerator) -> None:
    """A task adapted by the shipped model, scrubbed step by step, and `away` what to keep of it."""
    source, task, kind = _controls()
    film = _learn(source, task, kind)
    step = st.slider(
        "Inner step",
        0,
        STEPS,
        key=STEP,
        help="0 is before the first gradient step. Arrow keys work.",
    )
    panel_side, curves_side = st.columns([3, 2], gap="large")
    with panel_side:
        _panel(film, step, key="few-shot-film")
    with curves_side:
        live_figure(
            learning_curves(film.support_loss, film.accuracy, step, "Query accuracy"),
            key="few-shot-curves",
            height=CURVES_HEIGHT,
            alt=f"Query accuracy and support loss over the inner steps; {film.accuracy[step]:.0%} "
            f"of the queries are right after step {step}",
        )
    st.caption(_remark(source, kind))
    _omniglot_hint()
    with away:
        words = f"{SHOWN[source]} · task {task} · {STATISTICS[kind]}"
        take_film_away(film, words, f"few-shot-{source}-{task}", weights=NAME)


def _controls() -> tuple[str, int, str]:
    """Source, number of the task and batch statistics, all three kept in the address."""
    sources = [name for name in SHOWN if SOURCES[name].present()]
    _begin_at(STEP, 1, STEPS)
    _begin_at(TASK, FIRST_TASK, LAST_TASK)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        source = _choice("Tasks", SOURCE, {name: SHOWN[name] for name in sources})
        kind = _choice("Batch norm sees", KIND, STATISTICS)
        task = st.number_input("Task", 0, LAST_TASK, key=TASK, bind="query-params", width=130)
        st.button("Another task", icon=":material/casino:", on_click=_another_task)
    return source, task, kind


def _begin_at(key: str, default: int, highest: int) -> None:
    """A number from the address, clamped before its widget reads it."""
    if key not in st.session_state:
        given = st.query_params.get(key, "")
        usable = given.isdecimal() and len(given) < 10
        st.session_state[key] = min(int(given), highest) if usable else default


def _choice(label: str, key: str, options: dict[str, str]) -> str:
    if st.session_state.get(key) not in options:
        given = st.query_params.get(key)
        st.session_state[key] = given if given in options else next(iter(options))
    chosen = st.segmented_control(
        label, list(options), key=key, format_func=options.__getitem__, required=True,
        bind="query-params",
    )  # fmt: skip
    return chosen or next(iter(options))


def _another_task() -> None:
    st.session_state[TASK] = int(np.random.default_rng().integers(LAST_TASK + 1))


@st.cache_resource(max_entries=1)
def _model() -> "Maml":
    from core.weights import load_shipped, restore

    model: Maml = restore(load_shipped(NAME))  # type: ignore[assignment]
    return model


@st.cache_data(max_entries=64, show_spinner=False)
def _learn(source: Any, task: int, kind: str) -> TaskFilm:
    """The shipped model learning test task number `task` of a source."""
    from core.methods.maml import to_bytes
    from core.seeding import generator

    model = _model()
    drawn = model.draw_from(source)("test", 1, generator("page", source, task))
    film = model.film(drawn, STEPS, transductive=kind == "transductive")
    return TaskFilm(
        support=to_bytes(drawn.support_x[0]).cpu().numpy(),
        query=to_bytes(drawn.query_x[0]).cpu().numpy(),
        probability=film.outputs[0].softmax(-1).cpu().numpy(),
        support_loss=film.support_loss[0].cpu().numpy(),
    )


def _panel(film: TaskFilm, step: int, key: str) -> None:
    """The pictures of a task and the answers after an inner step."""
    probability = film.probability[step]
    n_way = probability.shape[1]
    shape = panel_shape(n_way, len(film.support) // n_way, len(film.query) // n_way)
    live_figure(
        task_panel(film.support, film.query, probability),
        key=key,
        height=round(PANEL_WIDTH * shape),
        alt=f"After inner step {step}: {task_panel_alt(probability)}",
    )


def _remark(source: str, kind: str) -> str:
    """How good the model is on many such tasks, and what the batch statistics mean."""
    card = load_card(NAME)
    figures, trained_on = card["figures"], card["config"]["source"]
    prefix = "" if source == trained_on else f"{source}_"
    prefix += "inductive_" if kind == "inductive" else ""
    before, after, interval = (
        100 * figures[f"{prefix}accuracy_{name}"] for name in ("before", "after", "interval")
    )
    steps = card["config"]["inner_steps"]
    meaning = {
        "transductive": "all queries of a task are normalised together, as in the published "
        "figures: each answer has seen the other queries",
        "inductive": "each query is normalised by the statistics of the support set alone",
    }
    return (
        f"Over {figures['test_tasks']:,.0f} such tasks: {before:.1f} % before and "
        f"**{after:.1f} ± {interval:.1f} %** after {steps} inner step{'s' * (steps > 1)} "
        f"(95 % interval). *{kind.capitalize()}*: {meaning[kind]}."
    )


def _omniglot_hint() -> None:
    omniglot = SOURCES["omniglot"]
    if not omniglot.present():
        st.caption(
            f"Omniglot is not on this machine: {size(omniglot.download_bytes)} fetch "
            f"{omniglot.about[:1].lower()}{omniglot.about[1:-1]} (Start page, *Data*)."
        )


def draw(moment: Moment) -> None:
    """The live run's fixed held-out task, at an inner step of one's choice."""
    arrays = moment.arrays
    last = len(arrays["support_loss"]) - 1
    step = st.slider("Inner step", 0, last, int(moment.run.config["inner_steps"]),
                     key=f"{moment.run.id}-inner")  # fmt: skip
    if "prediction" in arrays:
        live_figure(
            sinusoid_fit(
                (arrays["curve_x"], arrays["curve_y"]),
                (arrays["support_x"], arrays["support_y"]),
                arrays["prediction"],
                step,
            ),
            key="few-shot-live-sinusoid",
            alt=f"A sinusoid and what the network predicts after {step} inner steps",
        )
    else:
        film = TaskFilm(*(arrays[name] for name in TaskFilm._fields))
        _panel(film, step, key="few-shot-live")


def look_inside() -> None:
    """The algorithm, what it learned besides the start, and how the shipped model was made."""
    idea, details = st.columns(2, gap="large")
    with idea:
        st.markdown(
            "**What is learned** is a start $\\theta$ from which one task is learnt in a step or "
            "two. The *inner loop* takes gradient steps on the few examples, the support set:"
        )
        st.latex(
            r"\theta'_i = \theta - \alpha \, \nabla_\theta \mathcal{L}^\text{support}_i(\theta)"
        )
        st.markdown(
            "The *outer loop* asks how good the result is on the queries, and moves the start by "
            "the gradient of that, through the inner step:"
        )
        st.latex(
            r"\theta \leftarrow \theta - \beta \, \nabla_\theta \sum_i "
            r"\mathcal{L}^\text{query}_i\big(\theta - \alpha \, \nabla_\theta "
            r"\mathcal{L}^\text{support}_i(\theta)\big)"
        )
        st.markdown(
            "A gradient of a gradient: *first-order* MAML leaves out that second part. "
            "Finn et al. 2017, [Model-Agnostic Meta-Learning](https://arxiv.org/abs/1703.03400) · "
            "Antoniou et al. 2019, [How to train your MAML](https://arxiv.org/abs/1810.09502)"
        )
    with details:
        _how_it_was_made()


def _how_it_was_made() -> None:
    card = load_card(NAME)
    config = card["config"]
    st.markdown(
        f"**The shipped model**: {config['n_way']} ways, {config['k_shot']} shot, trained on "
        f"{SOURCES[config['source']].title} with seed {config['seed']} for {card['steps']:,} "
        f"meta-updates in {card['minutes']} minutes on {card['hardware']}, torch {card['torch']}, "
        f"{card['date']}."
    )
    st.code(card["command"], language="bash", wrap_lines=True)
    st.markdown("Its figures come from")
    st.code(card["evaluate"], language="bash", wrap_lines=True)


st.title("Few-shot", anchor=False)
st.markdown(
    "**MAML** sees *one* drawing of each of five new characters, takes a gradient step, and names "
    "all the others."
)
top, middle, bottom = st.container(), st.container(), st.container()
bottom.header("Take away", anchor=False, divider="gray")
with top:
    see_it(bottom)
with middle:
    st.header("Train it", anchor=False, divider="gray")
    live_view(NAME, load_method(NAME).Config, draw, presets=PRESETS)
    st.header("Look inside", anchor=False, divider="gray")
    look_inside()
