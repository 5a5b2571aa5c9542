"""Trained models for a notebook: three lines from a name to features, completions or answers.

    from core import load
    model = load("simclr")
    features = model.embed(pictures)
    model.card

Scripts for each method are in `core/README.md`.
"""

from pathlib import Path
from typing import Any

from core import environment
from core.notebook.models import Model, model_of
from core.zoo.finding import restored_with_card


def load(what: str | Path) -> Model[Any]:
    """A trained model, ready for your own pictures.

    Args:
        what: the name of shipped weights (`simclr`, `inpainting`, `maml`), the id of a run in
            `GLIMPSE_RUNS`, the path of a run's folder, or a path to exported weights.

    Returns:
        A model with `embed(pictures)` (SimCLR), `complete(pictures, masks)` (inpainting) or
        `adapt(support, labels, queries)` (few-shot); `card`, a dict of how it was made and of its
        figures; and `method`, the method that trained it.

    Raises GlimpseError, with the names that there are, where `what` is none of these.
    """
    environment.check()
    return model_of(*restored_with_card(str(what)))
