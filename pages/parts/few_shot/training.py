"""What *Train it* shows on the Few-shot page: presets with a lesson, and a task of the run."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from core.config import RunConfig, has_effect
from core.figures.few_shot import TaskFrames, panel_shape, task_panel, task_panel_alt
from core.figures.sinusoid import sinusoid_fit
from core.figures.words import counted
from core.training.run_folder import RunFolder
from core.training.status import Status
from pages.parts.components.live_figure.live_figure import live_figure
from pages.parts.plain_text import plain
from pages.parts.training.form import Preset
from pages.parts.training.live_view import Moment, Panel

PANEL_WIDTH = 440  # px at most
PAIR_WIDTH = 290  # px, of each of two side by side

WITH_INNER_STEPS = ("maml", "first-order", "anil")  # algorithms that log a support loss
FIRST_EVALUATION = RunConfig.model_fields["eval_every"].default

PRESETS = {
    "Strokes": Preset(
        {},
        "Accuracy after one inner step starts near 50 %, which untrained weights reach, and is "
        f"past 85 % when it is measured next, at step {FIRST_EVALUATION}, on characters that the "
        "network has never seen.",
    ),
    "First order": Preset(
        {"algorithm": "first-order"},
        "First-order MAML leaves out second derivatives. A step costs less, and accuracy is only a "
        "few points lower: the first-order gradient teaches most of what MAML learns.",
        rival={},
    ),
    "Five inner steps": Preset(
        {"inner_steps": 5, "inner_lr": 0.1},
        "Five small inner steps against one large one. Each update takes far longer: compare "
        "whether the accuracy is worth the time.",
        rival={},
    ),
    "Inner rate too large": Preset(
        {"inner_lr": 8.0, "learn_inner_lr": False},
        "With an inner learning rate of 8 a step overshoots: the loss starts several times as high "
        "as with 0.4. Accuracy stays lower, although the initialisation learns to cope.",
        rival={"learn_inner_lr": False},
    ),
    "Each query alone": Preset(
        {"batch_norm": "inductive"},
        "Trained to classify each query alone, with the batch-norm statistics of the examples. "
        "Compare both accuracies: published figures often use all queries together without saying "
        "so.",
        rival={},
    ),
    "ProtoNet": Preset(
        {"algorithm": "protonet"},
        "No inner loop: a query gets the class whose mean is nearest. On Omniglot this reaches "
        "94.8 % after 22 s of training on one core, MAML 96.5 % after 63 s "
        "(`python -m tests.benchmarks.learning`).",
        rival={},
    ),
    "No labels": Preset(
        {"source": "unlabelled", "algorithm": "protonet"},
        "Each class of a task is one picture, and its examples are views of it: no label is read. "
        "Accuracy on held-out characters still climbs from 39 % to 94 % in 1,500 steps "
        "(`python -m core train maml --algorithm protonet --source unlabelled`); with labels, "
        "after as many steps, to 95 %.",
        rival={"source": "omniglot", "algorithm": "protonet"},
    ),
    "Sinusoids": Preset(
        {
            "source": "sinusoids", "k_shot": 10, "n_query": 10, "inner_lr": 0.01, "meta_batch": 25,
            "lr": 0.01, "steps": 1000,
        },
        "Scrub through the training: at first an inner step hardly changes the prediction; later "
        "one step bends it into the sinusoid of the ten points.",
    ),
}  # fmt: skip


def panels(run: RunFolder, status: Status) -> list[Panel]:
    """The curves of a run: its losses, and its accuracy or error on held-out tasks."""
    losses = Panel("Loss", ["loss", "support_loss"], note=_about_support_loss(run.config))
    if status.key_figure.startswith("error"):
        return [losses, Panel("Error, held-out tasks", ["error_before", "error_after"], log=True)]
    names = ["accuracy_before", "accuracy_after", "inductive_accuracy_after"]
    accuracy = "Accuracy, held-out tasks"  # its two kinds often coincide
    return [losses, Panel(accuracy, names, percent=True, broad=["accuracy_after"])]


def _about_support_loss(config: Mapping[str, Any]) -> str:
    """When it is measured; with one inner step that is before anything is learnt."""
    if config.get("algorithm") not in WITH_INNER_STEPS:
        return ""
    steps, ways = config["inner_steps"], config["train_way"]
    if steps > 1:
        return f"*Support loss* is measured before the last of {counted(steps, 'inner step')}."
    if config["source"] == "sinusoids":
        return "*Support loss* is measured before the inner step."
    return (
        "*Support loss* is measured before the inner step, where the head is zero and all "
        f"{ways} classes are equally likely: it always stays at ln {ways} = {math.log(ways):.2f}."
    )


def draw(moment: Moment) -> None:
    """The run's held-out task after a chosen inner step, beside the same task of a rival run."""
    sides = [moment] if moment.rival is None else [moment, moment.rival]
    step = 0
    if any(_takes_steps(side.run.config) for side in sides):
        last = max(_last_step(side) for side in sides)
        step = st.slider("Inner step", 0, last, min(last, moment.run.config["inner_steps"]),
                         key=f"{moment.run.key}-inner")  # fmt: skip
    for place, (column, side) in enumerate(zip(st.columns(len(sides)), sides, strict=True)):
        with column:
            if side.name:
                st.markdown(f"**{plain(side.name)}**, step {side.step:,}")
            _show_evaluation(side)
            width = PANEL_WIDTH if len(sides) == 1 else PAIR_WIDTH
            _picture(side.arrays, min(step, _last_step(side)), f"few-shot-live-{place}", width)


def _takes_steps(config: Mapping[str, Any]) -> bool:
    """Whether the algorithm of a run takes inner steps; ProtoNet takes none."""
    from core.methods.few_shot.config import FewShotConfig

    return has_effect(FewShotConfig.model_fields["inner_steps"], config)


def _last_step(moment: Moment) -> int:
    return len(moment.arrays["support_loss"]) - 1


def _picture(arrays: Mapping[str, np.ndarray], step: int, key: str, width: int) -> None:
    """A task after an inner step; `width` is about the px that the page has for it."""
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
    frames = TaskFrames(*(arrays[name] for name in TaskFrames._fields))
    probability = frames.probability[step]
    n_way = probability.shape[1]
    shape = panel_shape(n_way, len(frames.support) // n_way, len(frames.query) // n_way)
    live_figure(
        task_panel(frames.support, frames.query, probability),
        key=key,
        height=round(width * shape),
        alt=f"After inner step {step}: {task_panel_alt(probability)}",
    )


def _show_evaluation(moment: Moment) -> None:
    """The last evaluation before this moment, with its interval."""
    name = "error" if "prediction" in moment.arrays else "accuracy"
    measured = []
    for part in ("before", "after", "interval"):
        steps, values = moment.series.curve(f"{name}_{part}")
        past = np.flatnonzero(steps <= moment.step)
        if not len(past):
            return
        at = int(steps[past[-1]])
        measured.append(float(values[past[-1]]))
    before, after, interval = (
        f"{100 * v:.1f}" if name == "accuracy" else f"{v:.2f}" for v in measured
    )
    unit = " %" if name == "accuracy" else ""
    config = moment.run.config
    reached = f"**{after} ± {interval}{unit}**"
    if _takes_steps(config):
        taken = counted(config["inner_steps"], "inner step")
        reached = f"{before}{unit} before, {reached} after {taken}"
    st.caption(
        f"{name.capitalize()} on {config['eval_tasks']} held-out tasks, measured at step "
        f"{at:,}: {reached}, 95 % interval. "
        f"Shown below is one more {'curve' if name == 'error' else 'task'}, not among them."
    )
