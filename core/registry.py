"""The methods that Glimpse trains: an entry each. Importing this imports neither torch nor them.

A further method is a folder `core/methods/<name>/` with its config and its `Method`, a page
`pages/<title>.py`, and an entry here.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

from core.errors import GlimpseError

if TYPE_CHECKING:
    import numpy as np

    from core.methods.base import Method

    Arrays = dict[str, np.ndarray]
    Film = Callable[[Sequence[Arrays]], Arrays]
    SnapshotCheck = Callable[[Arrays, Mapping[str, Any], bool], None]


@dataclass(frozen=True)
class Metric:
    """How the pages write a scalar that a method logs."""

    label: str = ""  # the scalar's name in words where it is empty
    unit: Literal["", "%"] = ""  # "%": a fraction in the metrics, per cent on the pages
    meaning: str = ""  # in a sentence, where the label does not say it


PERCENT = Metric(unit="%")


@dataclass(frozen=True)
class Entry:
    """A method: the class that trains it, the page that shows it, and how it is written."""

    name: str
    target: str  # module:class
    title: str  # the page `pages/<title in snake case>.py`
    icon: str  # a Material symbol
    promise: str  # what a person gets, in a sentence
    metrics: Mapping[str, Metric] = field(default_factory=dict)  # those that are not plain numbers
    film: str = ""  # module:function from a run's snapshots to its film on the Start page, if any
    snapshot_check: str = ""  # module:function, see `load_snapshot_check`
    tiny_config: Mapping[str, Any] = field(default_factory=dict)  # settings of a run for tests

    @property
    def page(self) -> str:
        return self.title.lower().replace("-", "_").replace(" ", "_")


METHODS: dict[str, Entry] = {
    entry.name: entry
    for entry in (
        Entry(
            "maml",
            "core.methods.few_shot.method:FewShot",
            "Few-shot",
            "neurology",
            "Learn new characters from one drawing of each, step by step.",
            metrics={
                "accuracy_before": PERCENT,
                "accuracy_after": PERCENT,
                "accuracy_interval": PERCENT,
                "inductive_accuracy_after": PERCENT,
                "train_accuracy": PERCENT,
            },
            film="core.methods.few_shot.start_page_film:start_page_film",
            snapshot_check="core.methods.few_shot.snapshot:check_snapshot",
            tiny_config={
                "filters": 32, "meta_batch": 2, "eval_tasks": 20, "snapshot_every": 10,
                "eval_every": 20,
            },
        ),
        Entry(
            "simclr",
            "core.methods.simclr.method:SimClr",
            "Embeddings",
            "bubble_chart",
            "Watch digits find their clusters without a single label.",
            metrics={
                "knn_accuracy": Metric("k-NN accuracy", "%"),
                "knn_accuracy_pixels": Metric("k-NN accuracy pixels", "%"),
                "knn_accuracy_untrained": Metric("k-NN accuracy untrained", "%"),
            },
            film="core.methods.simclr.start_page_film:start_page_film",
            snapshot_check="core.methods.simclr.snapshot:check_snapshot",
            tiny_config={"batch_size": 64, "snapshot_every": 5, "eval_every": 50},
        ),
        Entry(
            "inpainting",
            "core.methods.inpainting.method:Inpainting",
            "Inpainting",
            "ink_eraser",
            "Paint over a digit and see what the network thinks was there.",
            metrics={
                "ssim": Metric(
                    "SSIM",
                    meaning="How alike completions and originals are where pixels are hidden, 1 "
                    "where they are the same: the mean over four kinds of mask (random pixels, "
                    "brush strokes, boxes, halves).",
                ),
                "random_ssim": Metric("Random SSIM"),
                "strokes_ssim": Metric("Strokes SSIM"),
                "box_ssim": Metric("Box SSIM"),
                "half_ssim": Metric("Half SSIM"),
            },
            film="core.methods.inpainting.start_page_film:start_page_film",
            snapshot_check="core.methods.inpainting.snapshot:check_snapshot",
            tiny_config={"model": "autoencoder", "snapshot_every": 20, "eval_every": 100},
        ),
        Entry(
            "lifelong",
            "core.methods.lifelong.method:Lifelong",
            "Lifelong",
            "all_inclusive",
            "Teach it class after class, and see who forgets the first ones.",
            metrics={
                "means_accuracy": Metric("Class means", "%"),
                "lda_accuracy": Metric("Streaming LDA", "%"),
                "ridge_accuracy": Metric("Random features + ridge", "%"),
                "tuning_accuracy": Metric("Fine-tuning", "%"),
                "replay_accuracy": Metric("Fine-tuning + replay", "%"),
                "maml_accuracy": Metric("MAML, continued", "%"),
                "oml_accuracy": Metric("OML", "%"),
            },
            film="core.methods.lifelong.start_page_film:start_page_film",
            snapshot_check="core.methods.lifelong.snapshot:check_snapshot",
            tiny_config={
                "steps": 1000, "source": "strokes", "k_shot": 1, "features": "pixels",
                "snapshot_every": 1, "eval_every": 1,
            },
        ),
    )
}  # fmt: skip


def metric_of(method: str, scalar: str) -> Metric:
    """How a method's scalar is written; a plain number, by its name in words, unless it says more.

    `accuracy_after` is Accuracy after. A method that this Glimpse does not know has plain numbers.
    """
    metric = METHODS[method].metrics.get(scalar) if method in METHODS else None
    metric = metric or Metric()
    return metric if metric.label else replace(metric, label=scalar.replace("_", " ").capitalize())


def load_method(name: str) -> "type[Method[Any]]":
    """The class of a method by its name. Raises GlimpseError for an unknown one."""
    loaded: type[Method[Any]] = _load(_entry(name).target)
    return loaded


def imported_method(name: str) -> "type[Method[Any]] | None":
    """The class of a method where it has been imported already; None elsewhere.

    For those who do not wait for torch.
    """
    module, _, attribute = METHODS[name].target.partition(":") if name in METHODS else ("", "", "")
    kind: type[Method[Any]] | None = getattr(sys.modules.get(module), attribute, None)
    return kind


def load_snapshot_check(name: str) -> "SnapshotCheck | None":
    """What raises ValueError for a snapshot that a method's views cannot draw; None without one."""
    target = METHODS[name].snapshot_check if name in METHODS else ""
    return _load(target) if target else None


def load_film(name: str) -> "Film | None":
    """What makes a method's film of the snapshots of a run, in order; None where it has none.

    Raises GlimpseError for an unknown method.
    """
    target = _entry(name).film
    return _load(target) if target else None


def _entry(name: str) -> Entry:
    if name not in METHODS:
        raise GlimpseError(f"There is no method {name!r}: choose one of {', '.join(METHODS)}.")
    return METHODS[name]


def _load(target: str) -> Any:
    module, _, attribute = target.partition(":")
    return getattr(import_module(module), attribute)
