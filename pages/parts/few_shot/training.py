"""What *Train it* shows on the Few-shot page: presets that teach, and the run's own task."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from core.config import RunConfig
from core.figures.few_shot import TaskFrames, panel_shape, task_panel, task_panel_alt
from core.figures.sinusoid import sinusoid_fit
from core.figures.words import counted
from core.training.run_folder import RunFolder, Status
from pages.parts.components.live_figure.live_figure import live_figure
from pages.parts.training.form import Preset
from pages.parts.training.live_view import Moment, Panel

PANEL_WIDTH = 440  # px at most
PAIR_WIDTH = 290  # of each of two side by side

WITH_INNER_STEPS = ("maml", "first-order", "anil")  # algorithms that tell the support loss
FIRST_EVALUATION = RunConfig.model_fields["eval_every"].default

PRESETS = {
    "Strokes": Preset(
        {},
        "Accuracy after one inner step starts near 50 %, what an untrained start reaches, and is "
        f"past 85 % when it is measured next, at step {FIRST_EVALUATION}: on characters that the "
        "network has never met.",
    ),
    "First order": Preset(
        {"algorithm": "first-order"},
        "Without the gradient of the gradient a step costs less, and accuracy comes out lower, if "
        "only by a few points: most of what MAML learns, the plain gradient teaches too.",
        rival={},
    ),
    "Five inner steps": Preset(
        {"inner_steps": 5, "inner_lr": 0.1},
        "Five small inner steps against one large. Each update takes far longer: ask whether the "
        "accuracy is worth the time.",
        rival={},
    ),
    "Inner rate too large": Preset(
        {"inner_lr": 8.0, "learn_inner_lr": False},
        "An inner step of rate 8 overshoots: the loss starts several times as high as at 0.4 and "
        "accuracy stays behind, though the start learns to live with such steps.",
        rival={"learn_inner_lr": False},
    ),
    "Each query alone": Preset(
        {"batch_norm": "inductive"},
        "Trained to answer each query alone, by the examples' statistics. Compare both accuracies: "
        "all queries together are a crutch that a published figure often leans on unsaid.",
        rival={},
    ),
    "ProtoNet": Preset(
        {"algorithm": "protonet"},
        "No inner loop: a query belongs to the class whose mean is nearest. On Omniglot that names "
        "94.8 % after 22 s of training on one core, MAML 96.5 % after 63 s "
        "(`python -m tests.benchmarks.learning`).",
        rival={},
    ),
    "Sinusoids": Preset(
        {
            "source": "sinusoids", "k_shot": 10, "n_query": 10, "inner_lr": 0.01, "meta_batch": 25,
            "lr": 0.01, "steps": 1000,
        },
        "Scrub through the training: at first an inner step hardly moves the prediction, later it "
        "bends it into the sinusoid that ten points hint at.",
    ),
}  # fmt: skip


def panels(run: RunFolder, status: Status) -> list[Panel]:
    """What is told of a run: its losses, and what adapting does to held-out tasks."""
    losses = Panel("Loss", ["loss", "support_loss"], note=_about_support_loss(run.config))
    if status.key_figure.startswith("error"):
        return [losses, Panel("Error, held-out tasks", ["error_before", "error_after"], log=True)]
    names = ["accuracy_before", "accuracy_after", "inductive_accuracy_after"]
    accuracy = "Accuracy, held-out tasks"  # both kinds of it often coincide
    return [losses, Panel(accuracy, names, percent=True, broad=["accuracy_after"])]


def _about_support_loss(config: Mapping[str, Any]) -> str:
    """When it is taken, which with one step is when nobody can have learned anything."""
    if config.get("algorithm") not in WITH_INNER_STEPS:
        return ""
    steps, ways = config["inner_steps"], config["train_way"]
    if steps > 1:
        return f"*Support loss* is taken before the last of {counted(steps, 'inner step')}."
    if config["source"] == "sinusoids":
        return "*Support loss* is taken before the inner step."
    return (
        "*Support loss* is taken before the inner step, where the head is zero and all "
        f"{ways} classes are alike: it stays at ln {ways} = {math.log(ways):.2f}, whatever is "
        "learned."
    )


def draw(moment: Moment) -> None:
    """The run's fixed held-out task at an inner step of one's choice, and the rival's beside it."""
    sides = [moment] if moment.rival is None else [moment, moment.rival]
    last = max(_last_step(side) for side in sides)
    step = st.slider("Inner step", 0, last, int(moment.run.config["inner_steps"]),
                     key=f"{moment.run.id}-inner")  # fmt: skip
    for place, (column, side) in enumerate(zip(st.columns(len(sides)), sides, strict=True)):
        with column:
            if side.name:
                st.markdown(f"**{side.name}**, step {side.step:,}")
            _tell_interval(side)
            width = PANEL_WIDTH if len(sides) == 1 else PAIR_WIDTH
            _picture(side.arrays, min(step, _last_step(side)), f"few-shot-live-{place}", width)


def _last_step(moment: Moment) -> int:
    return len(moment.arrays["support_loss"]) - 1


def _picture(arrays: Mapping[str, np.ndarray], step: int, key: str, width: int) -> None:
    """A task after an inner step; `width` is about that which the page has for it."""
    if "prediction" in arrays:
        live_figure(
            sinusoid_fit(
                (arrays["curve_x"], arrays["curve_y"]),
                (arrays["support_x"], arrays["support_y"]),
                arrays["prediction"],
                step,
            ),
            key=f"{key}-sinusoid",
            alt=f"A sinusoid and what the network predicts after {counted(step, 'inner step')}",
        )
        return
    film = TaskFrames(*(arrays[name] for name in TaskFrames._fields))
    probability = film.probability[step]
    n_way = probability.shape[1]
    shape = panel_shape(n_way, len(film.support) // n_way, len(film.query) // n_way)
    live_figure(
        task_panel(film.support, film.query, probability),
        key=key,
        height=round(width * shape),
        alt=f"After inner step {step}: {task_panel_alt(probability)}",
    )


def _tell_interval(moment: Moment) -> None:
    """The last evaluation up to this moment, with its interval."""
    name = "error" if "prediction" in moment.arrays else "accuracy"
    told = []
    for part in ("before", "after", "interval"):
        steps, values = moment.series.curve(f"{name}_{part}")
        past = np.flatnonzero(steps <= moment.step)
        if not len(past):
            return
        at = int(steps[past[-1]])
        told.append(float(values[past[-1]]))
    before, after, interval = (f"{100 * v:.1f}" if name == "accuracy" else f"{v:.2f}" for v in told)
    unit = " %" if name == "accuracy" else ""
    config = moment.run.config
    st.caption(
        f"{name.capitalize()} on {config['eval_tasks']} held-out tasks, measured at step "
        f"{at:,}: {before}{unit} before, **{after} ± {interval}{unit}** after "
        f"{counted(config['inner_steps'], 'inner step')}, 95 % interval. Below, one of them."
    )
