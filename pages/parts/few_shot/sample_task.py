"""A training task without labels, in the form that begins such a run."""

from typing import TYPE_CHECKING

import streamlit as st

from core.figures.picture_rows import picture_rows

if TYPE_CHECKING:
    from core.methods.few_shot.config import FewShotConfig

WAYS, VIEWS = 5, 8  # at most, of the classes of a task and of the views of a picture
WIDTH = 300  # px


def show_sample_task(config: "FewShotConfig") -> None:
    """Some classes of a training task, a row each; nothing where tasks have labels.

    Raises GlimpseError where the pictures are missing.
    """
    if config.source != "unlabelled":
        return
    from core.data.images import to_bytes  # these import torch
    from core.methods.few_shot.method import task_source
    from core.methods.few_shot.task_sources import Shape
    from core.seeding import generator

    ways = min(WAYS, config.train_way)
    shape = Shape(ways, 1, VIEWS - 1)
    upright = config.model_copy(update={"rotations": False})  # turned ones would take memory
    task = task_source(upright).draw("train", 1, shape, generator(config.seed, "sample"))
    support, query = to_bytes(task.support_x[0]), to_bytes(task.query_x[0])
    pictures = []
    for row in range(ways):
        first = row * shape.n_query
        pictures += [support[row], *query[first : first + shape.n_query]]
    classes = [row for row in range(ways) for _ in range(VIEWS)]
    st.image(
        picture_rows([each.numpy() for each in pictures], VIEWS, classes),
        width=WIDTH,
        alt=f"{ways} classes of a training task, each {VIEWS} views of one picture",
    )
    st.caption(
        f"{ways} of the {config.train_way} classes of a training task. A row is one picture, whose "
        "label is not read, as other hands would draw it."
    )
