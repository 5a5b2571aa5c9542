"""The race: the same task, network and steps from several initialisations."""

from collections.abc import Sequence

import streamlit as st

from core.figures.few_shot import TaskFrames, task_panel_alt
from core.figures.race import LOOKS, OWN_LOOK, Lane, Look, answer_picture, race_curves
from core.figures.words import counted, spelled
from pages.parts.components.live_figure.live_figure import live_figure
from pages.parts.components.picture_cards.picture_cards import Card, picture_cards
from pages.parts.few_shot.adaptation import Race, adapt, adapt_all
from pages.parts.few_shot.averages import Averages, averages_like
from pages.parts.few_shot.many_tasks import ManyTasks, many_tasks
from pages.parts.few_shot.networks import Network, Networks, race_networks
from pages.parts.few_shot.own_sentences import about_own, what_own_may_know
from pages.parts.few_shot.race_sentences import (
    average_sentence,
    race_overview,
    step_sentence,
    what_many_show,
)
from pages.parts.few_shot.race_training import (
    about_training,
    not_the_network_above,
    what_differs,
)
from pages.parts.few_shot.task_choice import MANY, MANY_TASKS, RACE_OF, TaskChoice
from pages.parts.words import duration

CHART_HEIGHT = 344  # px
OVERVIEW_KEY, STEP_SENTENCE_KEY, PROGRESS_KEY = "race-overview", "race-sentence", "race-progress"
WHAT_TO_LOOK_AT = (
    "All learn the same examples, from other initial weights. **Look at how far each line is above "
    "*Random*, weights that were not trained, after one step.**"
)
TICK_S, LEARN_S = 0.5, 0.4  # between two looks at many tasks, and how long each look learns on


def show_race(choice: TaskChoice, step: int, networks: Networks) -> None:
    """Curves and pictures of all initialisations after `step`."""
    own = networks.own
    racers = race_networks(own)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(
            f"The race: {spelled(len(racers))} networks learn one task",
            anchor=False,
            width="stretch",
        )
        shows_many = _choose_many()
    st.markdown(WHAT_TO_LOOK_AT)
    raced = adapt_all(choice, own)
    many = many_tasks(choice, own) if shows_many else None
    is_timed = many is not None and many.is_running
    st.fragment(run_every=TICK_S if is_timed else None)(_race)(
        choice, step, networks, raced, many, is_timed
    )
    sentences = [what_differs(own is not None), about_training(not networks.answering.is_own)]
    if own is not None:
        sentences += [about_own(own, spelled(len(racers))), what_own_may_know(own, choice)]
    for sentence in filter(None, sentences):
        st.caption(sentence)


def _choose_many() -> bool:
    """Whether the curves are means over many tasks."""
    shown = st.segmented_control(
        RACE_OF.label, RACE_OF.options, default=RACE_OF.default, required=True, key=RACE_OF.key,
        bind="query-params", label_visibility="collapsed",
    )  # fmt: skip
    return shown == MANY_TASKS


def _race(
    choice: TaskChoice, step: int, networks: Networks, raced: Race, many: ManyTasks | None,
    is_timed: bool,
) -> None:  # fmt: skip
    """A fragment: while many tasks are learnt, a timer runs it to go on with them."""
    if many is not None and is_timed:
        many.learn(LEARN_S)
    if many is not None and many.is_running != is_timed:
        st.rerun()  # the whole page: only that begins or ends a timer
    with st.container(key=PROGRESS_KEY, horizontal=True, vertical_alignment="center"):
        _show_progress(raced, many)
    racers, adaptations = race_networks(networks.own), raced.adaptations
    lanes = [Lane(i.title, each.accuracy) for i, each in zip(racers, adaptations, strict=True)]
    looks = LOOKS if networks.own is None else [*LOOKS[:-1], OWN_LOOK, LOOKS[-1]]
    means = many.lanes() if many else []
    basis = f"{many.done} tasks" if many and means else ""
    _curves(means or lanes, looks, step, 1 / choice.n_way, basis)
    averages = None if means else averages_like(choice)
    if averages is not None and not averages.has(step):
        averages = None
    about = max(step, 1)  # before it most only guess
    if averages is not None:
        st.markdown(average_sentence(averages, about))
    elif many and means and len(means[0].accuracy) > 1:
        shown = what_many_show({each.title: each for each in means}, about, many.done)
        st.markdown(f"Over {basis}: {shown}")
    if not networks.answering.is_own:
        is_comparable = step and not means  # before the first step most only guess
        of_page = adapt(choice, networks.answering).accuracy[step] if is_comparable else None
        st.caption(not_the_network_above(of_page))
    cards = [_card(*each, step, averages) for each in zip(racers, adaptations, looks, strict=True)]
    if means:
        cards = [_averaged(*each, step, basis) for each in zip(cards, means, strict=True)]
    picture_cards(cards, key="race-cards")


def _show_progress(raced: Race, many: ManyTasks | None) -> None:
    """How long many tasks would take, or how far they are, with a button to stop or go on."""
    progress = f"{many.done} of {MANY} tasks" if many else ""
    if many is None:
        _timing(
            f"{MANY_TASKS} take up to about {duration(max(1.0, MANY * raced.seconds))} here: this "
            f"one took {raced.seconds:.2f} s."
        )
    elif many.is_running:
        left = duration(max(1.0, many.seconds_left(raced.seconds)))
        st.progress(many.done / MANY, text=f"{progress} · about {left} left")
        st.button("Stop", icon=":material/stop:", key="race-stop", on_click=many.stop)
    elif many.is_stopped:
        shown = "their means" if many.done else "this task alone"
        _timing(f"Stopped after {progress}: the curves show {shown}.")
        st.button("Go on", icon=":material/play_arrow:", key="race-go-on", on_click=many.resume)
    else:
        _timing(f"{MANY} tasks of this kind, learnt in {duration(many.seconds)} here.")


def _timing(sentence: str) -> None:
    st.caption(f":material/timer: {sentence}", width="stretch")


def _curves(lanes: list[Lane], looks: Sequence[Look], step: int, chance: float, basis: str) -> None:
    """The curves with a sentence on all steps above, and one on the chosen step below."""
    overview = race_overview(lanes, chance)
    if overview:
        tasks = f"Over {basis}: " if basis else ""
        st.container(key=OVERVIEW_KEY).markdown(f":material/visibility: {tasks}{overview}")
    live_figure(
        race_curves(lanes, step, chance, looks),
        key="race-curves",
        height=CHART_HEIGHT,
        alt=f"Query accuracy against inner step, a line per initialisation. After {counted(step)}: "
        + ", ".join(f"{lane.title} {lane.score(step)}" for lane in lanes),
    )
    st.container(key=STEP_SENTENCE_KEY).markdown(step_sentence(lanes, step, chance))


def _card(
    network: Network, frames: TaskFrames, look: Look, step: int,
    averages: Averages | None,
) -> Card:  # fmt: skip
    """The answers on this task, and the accuracy on many tasks if that was measured."""
    probability = frames.probability[step]
    picture = answer_picture(frames.query, probability)
    averages = None if network.is_own else averages  # measured beforehand
    return Card(
        title=network.title,
        idea=network.idea,
        number=f"{frames.accuracy[step]:.0%}",
        basis="on this task",
        note=f"{averages.of(network.weights, step)} {averages.basis}" if averages else "",
        colour=look.colour,
        source=picture.source,
        shape=picture.shape,
        alt=f"{network.title} after {counted(step)}: {task_panel_alt(probability)}",
    )


def _averaged(card: Card, lane: Lane, step: int, basis: str) -> Card:
    """The card with the mean of the curve as its number; its picture is still of this task."""
    assert lane.interval is not None
    return card._replace(
        number=lane.score(step),
        basis=f"± {100 * lane.interval[step]:.1f} over {basis}",
        note=f"this task: {card.number}",
    )
