"""Label efficiency of the shipped encoder, its confusions, and its features before the head.

Everything here was measured by `core.studies.label_efficiency`, and is read from its file.
"""

import json
from typing import Any

import numpy as np
import streamlit as st

from core.data.catalog import TRAINING_DIGITS
from core.figures.labels import confusion_matrix, label_curves
from core.paths import ASSETS
from pages.parts.card import load_card
from pages.parts.components.live_figure.live_figure import live_figure

ENCODER = "simclr-mnist"  # the weights whose features are measured
CURVE_HEIGHT, MATRIX_HEIGHT = 440, 400
CURVE_NAMES = {  # by the name of the curve in the file
    "propagated": "label propagation",
    "tuned": "fine-tuned",
    "knn": "k-NN",
    "probe": "linear probe",
    "scratch_views": "scratch with views",
    "scratch": "from scratch",
}
FROM_SCRATCH = [CURVE_NAMES[way] for way in ("scratch_views", "scratch")]


def show_label_efficiency() -> None:
    """Accuracy over the number of labels; below it the confusion matrix, and both features."""
    measured = load_labels()
    st.subheader("How many labels does it save?", anchor=False)
    st.markdown(_about_curves(measured))
    live_figure(
        label_curves(np.array(measured["per_class"]), _bands(measured), dashed=FROM_SCRATCH),
        key="embeddings-labels",
        height=CURVE_HEIGHT,
        alt=_curves_alt(measured),
    )
    st.markdown(_about_ways(measured))
    st.caption(
        f"Means over {measured['seeds']} draws of the labels with 95 % intervals, on 1,000 "
        "held-out digits, which are no part of the graph; its settings and the rate of fine-tuning "
        "were chosen on labels of other digits. "
        f"`{measured['command']}` measures it again ({measured['minutes']:.0f} minutes on "
        f"{measured['hardware']}, torch {measured['torch']}, {measured['date']})."
    )
    matrix_side, head_side = st.columns(2, gap="large")
    with matrix_side:
        _confusions(np.array(measured["confusion"]))
    with head_side:
        _head(measured["head"])


# One cached function, as for the cards.
@st.cache_data(max_entries=1)
def load_labels() -> dict[str, Any]:
    """What `python -m core evaluate labels` measured; see `core.studies.label_efficiency`."""
    measured: dict[str, Any] = json.loads((ASSETS / "labels.json").read_text())
    return measured


def _bands(measured: dict[str, Any]) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    return {
        name: (np.array(curve["accuracy"]), np.array(curve["interval"]))
        for name, curve in ((CURVE_NAMES[way], measured["curves"][way]) for way in CURVE_NAMES)
    }


def _about_curves(measured: dict[str, Any]) -> str:
    """The accuracies at one and at ten labels of each class, in words."""
    curves, place = measured["curves"], measured["per_class"].index(10)
    one = _percent(curves["propagated"]["accuracy"][0])
    ten = {way: _percent(curves[way]["accuracy"][place]) for way in CURVE_NAMES}
    most = [curves[way]["accuracy"][-1] for way in CURVE_NAMES]
    seen = TRAINING_DIGITS[load_card(ENCODER)["config"]["source"]]
    return (
        f"SimCLR saw {seen:,} digits and no label: this encoder was trained on all of MNIST, not "
        "only on the 4,000 digits of the film. With **one label of each class**, spread over those "
        f"4,000 by label propagation, {one} of unseen digits are classified correctly. The "
        f"same network trained from scratch reaches {ten['scratch']} with **ten labels of each "
        f"class**, and {ten['scratch_views']} if it sees SimCLR's random views of them: on digits, "
        "much of the knowledge lies in the choice of views. With the same ten, fine-tuning is "
        f"hardly better than the views alone ({ten['tuned']}), k-NN reaches {ten['knn']}, a linear "
        f"probe {ten['probe']}, and label propagation {ten['propagated']}. With all labels there "
        f"is little left to save: the six lie between {_percent(min(most))} and "
        f"{_percent(max(most))}."
    )


def _about_ways(measured: dict[str, Any]) -> str:
    rates = measured["rates"]
    return (
        f"- **Label propagation**: each of the 4,000 digits is joined to the "
        f"{measured['neighbours']} nearest in the embedding, and the labels spread along these "
        "lines to the digits that have none (Zhou et al. 2004). An unseen digit takes the label of "
        "its nearest.\n"
        "- **Fine-tuned**: the whole encoder, with a linear layer on top, is trained on from the "
        "weights of SimCLR, with its random views (Chen et al. 2020, appendix B.5) and a learning "
        f"rate of {rates['tuned']:g} in place of {rates['scratch']:g}.\n"
        "- **k-NN** and **linear probe**: the encoder stays as it is. k-NN uses as many neighbours "
        "as a class has labels, at most 20.\n"
        "- **From scratch**: the same network from random weights, with those views or without, by "
        f"SimCLR's optimiser, for {measured['steps']} steps as in fine-tuning."
    )


def _curves_alt(measured: dict[str, Any]) -> str:
    place = measured["per_class"].index(10)
    shares = (
        f"{name} {_percent(measured['curves'][way]['accuracy'][place])}"
        for way, name in CURVE_NAMES.items()
    )
    return f"Accuracy over labels per class, at ten: {', '.join(shares)}"


def _confusions(counts: np.ndarray) -> None:
    st.subheader("Which digits are confused?", anchor=False)
    mistakes = np.where(np.eye(len(counts), dtype=bool), 0, counts)
    commonest = [
        f"**{digit}** as **{other}**" for digit, other in np.argwhere(mistakes == mistakes.max())
    ]
    each = "each " if len(commonest) > 1 else ""
    st.markdown(
        f"k-NN with all labels misclassifies {mistakes.sum()} of {counts.sum():,} digits, most "
        f"often {', '.join(commonest)} ({each}{mistakes.max()} of {counts[0].sum()})."
    )
    live_figure(
        confusion_matrix(counts),
        key="embeddings-confusion",
        height=MATRIX_HEIGHT,
        alt=f"Confusion matrix of k-NN: {mistakes.sum()} of {counts.sum():,} digits are wrong",
    )


def _head(scores: dict[str, dict[str, float]]) -> None:
    st.subheader("What does the projection head lose?", anchor=False)
    before, after = scores["h"], scores["z"]
    lost = {name: 100 * (before[name] - after[name]) for name in ("knn_accuracy", "probe_accuracy")}
    st.markdown(
        "The loss compares $z$, the output of the projection head, which is dropped after training "
        "so that the features $h$ before it remain. On photographs $h$ is far better, since $z$ "
        "forgets what the views change, such as colour (Chen et al. 2020, section 4.2). On these "
        f"digits $h$ is {_difference(lost)}: with 1,000 digits, less than a point is chance."
    )
    st.table(
        {
            "Features": ["h, before the head", "z, after the head"],
            "Dimensions": [f"{side['dimensions']:,}" for side in (before, after)],
            "20-NN": [_percent(side["knn_accuracy"]) for side in (before, after)],
            "Linear probe": [_percent(side["probe_accuracy"]) for side in (before, after)],
        }
    )


def _difference(lost: dict[str, float]) -> str:
    """By how many points h is better than z, or worse."""
    names = {"knn_accuracy": "by k-NN", "probe_accuracy": "by linear probe"}
    return " and ".join(
        f"{abs(points):.1f} points {'better' if points > 0 else 'worse'} {names[name]}"
        if round(abs(points), 1)
        else f"as good {names[name]}"
        for name, points in lost.items()
    )


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
