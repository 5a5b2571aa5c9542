"""What labels are worth to the shipped encoder, what it mistakes, and what its head throws away.

Everything here was measured by `core.studies.label_efficiency`, and is read from its file.
"""

import json
from typing import Any

import numpy as np
import streamlit as st

from core.figures.labels import confusion_matrix, label_curves
from core.paths import ASSETS
from pages.parts.components.live_figure.live_figure import live_figure

CURVE_HEIGHT, MATRIX_HEIGHT = 380, 400
WAYS = {  # of using labels
    "knn": "embedding, k-NN",
    "probe": "embedding, linear probe",
    "scratch_views": "from scratch, with the same views",
    "scratch": "from scratch",
}


def what_labels_are_worth() -> None:
    """The curve of label efficiency; below it the confusions, and the head's features."""
    measured = load_labels()
    st.subheader("How many labels does it save?", anchor=False)
    st.markdown(_about_curves(measured))
    live_figure(
        label_curves(np.array(measured["per_class"]), _bands(measured)),
        key="embeddings-labels",
        height=CURVE_HEIGHT,
        alt=_spoken(measured),
    )
    st.caption(
        f"Means over {measured['seeds']} draws of the labels with their 95 % intervals, all with "
        "the one shipped encoder, judged on 1,000 held-out digits. k-NN asks as many neighbours as "
        "there are labels of a class, at most 20. From scratch is the same net under a linear "
        f"layer, {measured['steps']} steps with SimCLR's optimiser, and *views* means its random "
        f"crops, turns and blurs. `{measured['command']}` measures it again "
        f"({measured['minutes']:.0f} minutes of computing on {measured['hardware']}, torch "
        f"{measured['torch']}, {measured['date']})."
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
        for name, curve in ((WAYS[way], measured["curves"][way]) for way in WAYS)
    }


def _about_curves(measured: dict[str, Any]) -> str:
    """The figures at ten labels of each class, in words."""
    place = measured["per_class"].index(10)
    reached = {way: _percent(measured["curves"][way]["accuracy"][place]) for way in WAYS}
    best = _percent(max(measured["curves"][way]["accuracy"][-1] for way in WAYS))
    return (
        "SimCLR saw 4,000 digits and no label. With **ten labels of each class** k-NN on its "
        f"features names {reached['knn']} of unseen digits right and a linear layer on them "
        f"{reached['probe']}; the same net trained on those hundred pictures alone reaches "
        f"{reached['scratch']}. Given SimCLR's random views as well it reaches "
        f"{reached['scratch_views']}: on digits much of what is known lies in the choice of views. "
        f"With all labels the best of the four reaches {best}."
    )


def _spoken(measured: dict[str, Any]) -> str:
    place = measured["per_class"].index(10)
    shares = (
        f"{name} {_percent(measured['curves'][way]['accuracy'][place])}"
        for way, name in WAYS.items()
    )
    return f"Accuracy over labels per class, at ten: {', '.join(shares)}"


def _confusions(counts: np.ndarray) -> None:
    st.subheader("What is taken for what?", anchor=False)
    mistakes = np.where(np.eye(len(counts), dtype=bool), 0, counts)
    commonest = [
        f"**{digit}** taken for **{other}**"
        for digit, other in np.argwhere(mistakes == mistakes.max())
    ]
    each = "each " if len(commonest) > 1 else ""
    st.markdown(
        f"k-NN with all labels: {mistakes.sum()} of {counts.sum():,} digits go wrong, most often "
        f"{', '.join(commonest)} ({each}{mistakes.max()} of {counts[0].sum()})."
    )
    live_figure(
        confusion_matrix(counts),
        key="embeddings-confusion",
        height=MATRIX_HEIGHT,
        alt=f"Confusion matrix of k-NN: {mistakes.sum()} of {counts.sum():,} digits are mistaken",
    )


def _head(scores: dict[str, dict[str, float]]) -> None:
    st.subheader("What does the head throw away?", anchor=False)
    before, after = scores["h"], scores["z"]
    lost = {name: 100 * (before[name] - after[name]) for name in ("knn_accuracy", "probe_accuracy")}
    st.markdown(
        "The loss is computed on $z$, behind the projection head, and the head is thrown away "
        "afterwards: on photographs $h$ is far better, since $z$ forgets what views change, such "
        f"as colour (Chen et al. 2020, section 4.2). On these digits $h$ is {_ahead(lost)}: of "
        "1,000 digits, less than a point is no difference."
    )
    st.table(
        {
            "Features": ["h, before the head", "z, behind it"],
            "Dimensions": [f"{side['dimensions']:,}" for side in (before, after)],
            "20-NN": [_percent(side["knn_accuracy"]) for side in (before, after)],
            "Linear probe": [_percent(side["probe_accuracy"]) for side in (before, after)],
        }
    )


def _ahead(lost: dict[str, float]) -> str:
    """By how many points h is ahead of z, or behind."""
    names = {"knn_accuracy": "by k-NN", "probe_accuracy": "by linear probe"}
    return " and ".join(
        f"{abs(points):.1f} points {'better' if points > 0 else 'worse'} {names[name]}"
        if round(abs(points), 1)
        else f"as good {names[name]}"
        for name, points in lost.items()
    )


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
