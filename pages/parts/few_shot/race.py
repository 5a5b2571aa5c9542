"""The race: the same task, network and steps from several starting points."""

from typing import TYPE_CHECKING

import streamlit as st

from core.figures.few_shot import TaskFrames, task_panel_alt
from core.figures.race import (
    LOOKS,
    Lane,
    Look,
    answer_picture,
    race_curves,
    race_sentence,
    race_story,
)
from core.figures.words import counted
from pages.parts.card import load_card
from pages.parts.components.live_figure.live_figure import live_figure
from pages.parts.components.picture_cards.picture_cards import Card, picture_cards
from pages.parts.few_shot.many_tasks import MANY, ManyTasks, many_tasks
from pages.parts.few_shot.task_choice import RACE_OF, TaskChoice
from pages.parts.few_shot.task_learning import Raced, learn_from_all_starts, measured
from pages.parts.words import duration

if TYPE_CHECKING:
    from core.zoo.initialisations import Initialisation

HEIGHT = 344  # px of the curves
THIS, MEAN = "This task", f"{MANY} such tasks"
STORY, TOLD, FAR = "race-story", "race-told", "race-far"  # where the texts are
TICK_S, LEARN_S = 0.5, 0.4  # many tasks are looked at so often, and so much of it is learnt on

ALL_ELSE_EQUAL = (
    "Seven starting points, all else equal: the same network, examples and steps, each with the "
    "inner rates that it was trained with. Their budgets of training were equal, and smaller than "
    "that of the film's network."
)


def race(choice: TaskChoice, step: int) -> None:
    """Curves and pictures of all starting points, at the step that the film is at."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader("The race: only the start differs", anchor=False, width="stretch")
        shows_many = _shows_many()
    raced = learn_from_all_starts(choice)
    many = many_tasks(choice) if shows_many else None
    is_timed = many is not None and many.is_running
    st.fragment(run_every=TICK_S if is_timed else None)(_race)(choice, step, raced, many, is_timed)
    st.caption(f"{ALL_ELSE_EQUAL} {_why_protonet_leads()}")


def _why_protonet_leads() -> str:
    """What the cards of the two say of it."""
    maml, protonet = (load_card(f"race-{name}") for name in ("maml", "protonet"))
    reached = [
        f"{100 * card['figures']['accuracy_after']:.1f} ± "
        f"{100 * card['figures']['accuracy_interval']:.1f} %"
        for card in (protonet, maml)
    ]
    return (
        "ProtoNet is often ahead of MAML: it has no inner steps to be trained through, so that on "
        f"an equal budget it made {protonet['steps']:,} updates and MAML {maml['steps']:,}. On "
        f"Omniglot, 5 ways and 1 shot, they reach {reached[0]} and {reached[1]}."
    )


def _shows_many() -> bool:
    shown = st.segmented_control(
        "Curves of", [THIS, MEAN], default=THIS, required=True, key=RACE_OF,
        bind="query-params", label_visibility="collapsed",
    )  # fmt: skip
    return shown == MEAN


def _race(
    choice: TaskChoice, step: int, raced: Raced, many: ManyTasks | None, is_timed: bool
) -> None:
    """A fragment: while many tasks are learnt, a timer goes on with them here and nowhere else."""
    from core.zoo.initialisations import RACE

    if many is not None and is_timed:
        many.learn(LEARN_S)
    if many is not None and many.is_running != is_timed:
        st.rerun()  # the page anew, which alone begins or ends a timer
    with st.container(key=FAR, horizontal=True, vertical_alignment="center"):
        _how_far(raced, many)
    films = raced.films
    lanes = [Lane(start.title, film.accuracy) for start, film in zip(RACE, films, strict=True)]
    means = many.lanes() if many else []
    over = f"{many.done} tasks" if many and means else ""
    _curves(means or lanes, step, 1 / choice.n_way, over)
    cards = [_card(*each, choice, step) for each in zip(RACE, films, LOOKS, strict=True)]
    if means:
        cards = [_averaged(*each, step, over) for each in zip(cards, means, strict=True)]
    picture_cards(cards, key="race-cards")


def _how_far(raced: Raced, many: ManyTasks | None) -> None:
    """How long many tasks would take, or how far they are, and what can be asked of them."""
    far = f"{many.done} of {MANY} tasks" if many else ""
    if many is None:
        _say(
            f"{MEAN} take up to about {duration(MANY * raced.seconds)} here: this one took "
            f"{raced.seconds:.2f} s."
        )
    elif many.is_running:
        left = duration(many.seconds_left(raced.seconds))
        st.progress(many.done / MANY, text=f"{far} · about {left} left")
        st.button("Stop", icon=":material/stop:", key="race-stop", on_click=many.stop)
    elif many.is_stopped:
        shown = "the curves are of these" if many.done else "the curves are of this one"
        _say(f"Stopped after {far}: {shown}.")
        st.button("Go on", icon=":material/play_arrow:", key="race-go-on", on_click=many.go_on)
    else:
        _say(f"{MANY} tasks of this kind, learnt in {duration(many.seconds)} here.")


def _say(sentence: str) -> None:
    st.caption(f":material/timer: {sentence}", width="stretch")


def _curves(lanes: list[Lane], step: int, chance: float, over: str) -> None:
    """What there is to see, the curves, and what they say of the step looked at."""
    story = race_story(lanes, chance)
    if story:
        tasks = f"Over {over}: " if over else ""
        st.container(key=STORY).markdown(f":material/visibility: {tasks}{story}")
    live_figure(
        race_curves(lanes, step, chance),
        key="race-curves",
        height=HEIGHT,
        alt=f"Query accuracy against inner step, a line a starting point. After {counted(step)}: "
        + ", ".join(f"{lane.title} {lane.accuracy[step]:.0%}" for lane in lanes),
    )
    st.container(key=TOLD).markdown(race_sentence(lanes, step, chance))


def _card(
    start: "Initialisation", film: TaskFrames, look: Look, choice: TaskChoice, step: int
) -> Card:
    """What a starting point makes of this task, and what its weights reach on many, if known."""
    probability = film.probability[step]
    picture = answer_picture(film.query, probability)
    return Card(
        title=start.title,
        idea=start.idea,
        number=f"{film.accuracy[step]:.0%}",
        basis="of this task",
        note=measured(start.weights, choice, step) if start.weights else "",
        colour=look.colour,
        source=picture.source,
        shape=picture.shape,
        alt=f"{start.title} after {counted(step)}: {task_panel_alt(probability)}",
    )


def _averaged(card: Card, lane: Lane, step: int, over: str) -> Card:
    """The card with the mean of the curve at its head, as the picture is of this task alone."""
    assert lane.interval is not None
    return card._replace(
        number=f"{lane.accuracy[step]:.1%}",
        basis=f"± {100 * lane.interval[step]:.1f} over {over}",
        note=f"this task: {card.number}",
    )
