"""Why gradient steps forget and means do not: what a new class does to the old ones."""

import numpy as np
import streamlit as st

from core.figures.lifelong import interference
from core.methods.lifelong.features import load_features
from core.methods.lifelong.interference import logit_changes
from core.methods.lifelong.learners import LEARNERS as KINDS
from core.methods.lifelong.stream import stream_pictures
from pages.parts.components.live_figure.live_figure import live_figure
from pages.parts.lifelong.frames import LABELS

CLASSES, K_SHOT, SEED = 21, 5, 0
COMPARED = ("tuning", "means")
HEIGHT = 330
SENTENCES = {
    "tuning": r"The step takes from the logit of every old class, in proportion to the "
    r"probability $p_c$ that it had for the new drawing $x$, whatever it is asked about: "
    r"$\Delta z_c(q) = -\eta \, p_c \, (x \cdot q + 1)$. No old drawing is there to object.",
    "means": r"Nothing moves. A new class adds a mean of its own, and the others are what they "
    r"were: $\Delta z_c(q) = 0$ for every old class $c$.",
}
SYMBOLS = (
    r"$z$ logits, $p$ their softmax, $e_y$ the label as a vector, $\eta$ the learning rate, $s$, "
    r"$n$ and $\mu$ sum, count and mean of a class, $\Sigma$ the covariance of $S$, shrunk; $P$ "
    r"random weights, $A$ the inverse of $\sum h h^\top + \lambda I$; $\theta$ all weights of the "
    r"network, $D_y$ the pictures of class $y$, $\alpha$ the rates that MAML has learned; "
    r"$\phi(d)$ OML's features of a picture $d$, trained so that such a step forgets little."
)
UPDATES = {  # of an example x of class y; z are logits, p their softmax, e_y is 1 at y
    "tuning": (r"p = \mathrm{softmax}(W x + b)", r"W \leftarrow W - \eta \, (p - e_y) \, x^\top"),
    "replay": (
        r"B = \{(x, y)\} \cup \{\text{up to } 15 \text{ old ones}\}",
        r"W \leftarrow W - \frac{\eta}{|B|} \sum_{B} (p - e_y) \, x^\top",
    ),
    "maml": (
        r"L(\theta) = -\frac{1}{|D_y|} \sum_{d \in D_y} \log p_y(d; \theta)",
        r"\theta \leftarrow \theta - \alpha \odot \nabla_\theta L(\theta)",
    ),
    "oml": (
        r"p = \mathrm{softmax}(W \phi(d))",
        r"W \leftarrow W - \eta \, (p - e_y) \, \phi(d)^\top",
    ),
    "means": (
        r"s_y \leftarrow s_y + x, \quad n_y \leftarrow n_y + 1",
        r"z_c(q) = -\lVert q - s_c / n_c \rVert^2",
    ),
    "lda": (
        r"S \leftarrow S + \tfrac{n_y}{n_y + 1} (x - \mu_y)(x - \mu_y)^\top",
        r"z_c(q) = q^\top \Sigma^{-1} \mu_c - \tfrac12 \mu_c^\top \Sigma^{-1} \mu_c",
    ),
    "ridge": (
        r"h = \max(0, P x), \quad k = A h / (1 + h^\top A h)",
        r"A \leftarrow A - k h^\top A",
        r"W \leftarrow W + k \, (e_y - W^\top h)^\top",
    ),
}


def show_look_inside() -> None:
    """Two pictures of interference, and every learner's update in two lines."""
    st.markdown(
        f"**One example of a new class.** A learner knows {CLASSES - 1} characters, and then sees "
        "a single drawing of another. How do the logits of the old ones change, on drawings that "
        "it never saw? Each row is the drawings of one character, each column the logit of one."
    )
    changes = {name: _changes(name) for name in COMPARED}
    largest = max(float(np.abs(each).max()) for each in changes.values())
    for column, (name, change) in zip(st.columns(2, gap="large"), changes.items(), strict=True):
        with column:
            label = LABELS[name]
            st.markdown(f"**{label}**")
            live_figure(
                interference(change, largest),
                key=f"lifelong-inside-{name}",
                height=HEIGHT,
                alt=f"Change of the logits of {CLASSES - 1} classes by one example of a new class: "
                f"{label}",
            )
            st.markdown(SENTENCES[name])
    st.markdown("**What each does with an example** $x$ of class $y$, and asked about $q$:")
    grid = st.grid("auto", min_column_width=380, gap="small")
    for name, lines in UPDATES.items():
        with grid.cell(), st.container(border=True, height="stretch", gap="xsmall"):
            st.markdown(f"**{LABELS[name]}**  \n:small[:gray[{KINDS[name].source}]]")
            for line in lines:
                st.latex(line)
    st.caption(SYMBOLS)


@st.cache_resource(max_entries=len(COMPARED), show_spinner=False)
def _changes(name: str) -> np.ndarray:
    """As `logit_changes`, on characters of the stream."""
    pictures = stream_pictures("omniglot", CLASSES, SEED)
    features = load_features("alphabet")(pictures.flatten(0, 1)).view(*pictures.shape[:2], -1)
    learner = KINDS[name](features.shape[-1], CLASSES)
    return logit_changes(learner, features, K_SHOT).numpy()
