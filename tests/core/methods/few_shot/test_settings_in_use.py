"""What the form hides has no effect, and what it shows has one: by training with both values."""

from typing import Any

import pytest
import torch

from core.config import has_effect
from core.methods.few_shot.config import FewShotConfig
from core.methods.few_shot.method import FewShot
from core.methods.few_shot.objectives import OBJECTIVES

TINY: dict[str, Any] = {
    "steps": 9, "filters": 32, "meta_batch": 2, "train_way": 5, "n_way": 3, "eval_tasks": 2,
    "inner_steps": 2, "inner_lr": 0.05, "device": "cpu",
}  # fmt: skip
OTHER: dict[str, Any] = {  # values that differ from those of TINY and from the defaults
    "n_way": 4, "k_shot": 2, "n_query": 3, "train_way": 6, "inner_steps": 3, "inner_lr": 0.02,
    "learn_inner_lr": False, "multi_step_loss": True, "batch_norm": "inductive", "meta_batch": 3,
    "lr": 0.01, "layout": "conv4", "filters": 64, "rotations": True, "augment": True,
    "pens": True, "protocol": "alphabet", "eval_tasks": 3, "seed": 1, "views_of": "sample",
}  # fmt: skip
KINDS = [
    *(("omniglot", algorithm) for algorithm in OBJECTIVES),
    *(("sinusoids", algorithm) for algorithm in OBJECTIVES if algorithm != "protonet"),
    *(("unlabelled", algorithm) for algorithm in ("maml", "protonet")),
    ("strokes", "maml"),
]
FIELDS = FewShotConfig.model_fields


def outcome(**settings: Any) -> dict[str, float]:
    """What two training steps and an evaluation give, of all that a run logs."""
    torch.set_num_threads(1)
    method = FewShot(FewShotConfig(**(TINY | settings)))
    logged: dict[str, float] = {}
    for step in (1, 2):
        logged |= {f"{name} {step}": value for name, value in method.step(step).items()}
    return logged | method.validate(2)


@pytest.mark.parametrize(("source", "algorithm"), KINDS)
def test_what_the_form_hides_changes_nothing(source: str, algorithm: str) -> None:
    chosen = {"source": source, "views_of": "omniglot", "algorithm": algorithm}
    hidden = {name: value for name, value in OTHER.items() if not has_effect(FIELDS[name], chosen)}
    assert outcome(**(chosen | hidden)) == outcome(**chosen)


@pytest.mark.parametrize("source", ["omniglot", "unlabelled", "sinusoids"])
def test_what_the_form_shows_changes_something(source: str) -> None:
    chosen = {"source": source, "views_of": "omniglot", "algorithm": "maml"}
    before = outcome(**chosen)
    for name, value in OTHER.items():
        if has_effect(FIELDS[name], chosen):
            assert outcome(**(chosen | {name: value})) != before, name


def test_how_omniglot_is_split_changes_nothing_for_views_of_digits() -> None:
    chosen = {"source": "unlabelled", "views_of": "sample", "algorithm": "protonet"}
    assert not has_effect(FIELDS["protocol"], chosen)
    assert outcome(**chosen, protocol="alphabet") == outcome(**chosen)


def test_the_form_of_sinusoids_asks_for_nothing_of_pictures() -> None:
    chosen = {"source": "sinusoids", "algorithm": "maml"}
    hidden = {name for name, field in FIELDS.items() if not has_effect(field, chosen)}
    assert hidden == {
        "n_way", "train_way", "batch_norm", "layout", "filters", "rotations", "augment", "pens",
        "protocol", "views_of", "pictures",
    }  # fmt: skip
