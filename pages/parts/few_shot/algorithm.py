"""MAML's algorithm in words and formulas, with symbols in the colours of the figures."""

import streamlit as st

from core.figures.analysis import (
    ADAPTED_COLOUR,
    INITIALISATION_COLOUR,
    INNER_RATE_COLOUR,
    OUTER_RATE_COLOUR,
    QUERY_COLOUR,
    SUPPORT_COLOUR,
)
from pages.parts.latex import coloured

THETA = coloured(r"\theta", INITIALISATION_COLOUR)
ADAPTED_THETA = coloured(r"\theta'_i", ADAPTED_COLOUR)
ALPHA, BETA = coloured(r"\alpha", INNER_RATE_COLOUR), coloured(r"\beta", OUTER_RATE_COLOUR)
SET_S = coloured(r"\mathcal{S}_i", SUPPORT_COLOUR)
SET_Q = coloured(r"\mathcal{Q}_i", QUERY_COLOUR)
SUPPORT_LOSS, QUERY_LOSS = rf"\mathcal{{L}}_{{{SET_S}}}", rf"\mathcal{{L}}_{{{SET_Q}}}"

INNER_STEP = rf"{ADAPTED_THETA} = {THETA} - {ALPHA} \, \nabla {SUPPORT_LOSS}({THETA})"
SUM_OF_LOSSES = rf"\textstyle\sum_i {QUERY_LOSS}({ADAPTED_THETA})"
OUTER_STEP = rf"{THETA} \leftarrow {THETA} - {BETA} \, \nabla_{{{THETA}}} {SUM_OF_LOSSES}"

_FIRST = coloured(r"\underbrace{g}_{\text{first order}}", QUERY_COLOUR)
_SECOND = coloured(r"\underbrace{\alpha \, H g}_{\text{second order}}", INNER_RATE_COLOUR)
_WHOLE = coloured(r"\nabla_{\theta} \, \mathcal{L}_{\mathcal{Q}}(\theta')", OUTER_RATE_COLOUR)
TWO_PARTS = rf"{_WHOLE} \;=\; {_FIRST} \;-\; {_SECOND}"
THEIR_SYMBOLS = (
    f"${coloured('g', QUERY_COLOUR)} = \\nabla {QUERY_LOSS}({ADAPTED_THETA})$ is the gradient "
    f"after adaptation, $H = \\nabla^2 {SUPPORT_LOSS}({THETA})$ the Hessian before it."
)

INDENT, GAP = 26, 16  # px of a level, and between elements in a row
# Numbered as in the paper, where two lines only end a loop.
_LINES = (
    (1, 0, f"Begin with random weights ${THETA}$."),
    (2, 0, "**Repeat:**"),
    (3, 1, "Sample a meta-batch of tasks $i$."),
    (4, 1, "**For each task:**"),
    (5, 2, f"take a few examples of each class, the *support set* ${SET_S}$;"),
    (6, 2, f"compute the gradient $\\nabla {SUPPORT_LOSS}({THETA})$ of the loss on it;"),
    (7, 2, f"take a gradient step or a few, with learning rate ${ALPHA}$, to ${ADAPTED_THETA}$;"),
    (8, 2, f"take other examples of the same classes, the *queries* ${SET_Q}$."),
    (9, 1, ":gray[End of the loop of line 4.]"),
    (10, 1, f"Take a gradient step of ${THETA}$, with learning rate ${BETA}$, on the query losses "
            f"*after* line 7, ${SUM_OF_LOSSES}$."),
    (11, 0, ":gray[End of the loop of line 2.]"),
)  # fmt: skip


def algorithm_box() -> None:
    """Algorithm 2 of the paper in our words."""
    with st.container(border=True, gap="xsmall"):
        st.markdown("**MAML**, learning to learn from a few examples")
        for number, depth, words in _LINES:
            with st.container(horizontal=True, gap="small", wrap=False):
                st.markdown(f":gray[:small[{number}]]", width=20)
                if depth:
                    st.space(INDENT * depth - GAP)
                st.markdown(words, width="stretch")


def symbols_and_papers() -> None:
    """What the symbols mean, the two nested steps, and where to read on."""
    st.markdown(
        f"""
${THETA}$ the initialisation, ${ADAPTED_THETA}$ the weights adapted to task $i$  
${SET_S}$ its support set, ${SET_Q}$ its queries, $\\mathcal{{L}}$ the loss on them  
${ALPHA}$ the inner learning rate, ${BETA}$ the outer one
"""
    )
    st.markdown("The **inner loop**, line 7, learns one task:")
    st.latex(INNER_STEP)
    st.markdown("The **outer loop**, line 10, learns the initialisation, *through* that step:")
    st.latex(OUTER_STEP)
    st.markdown(
        f"Here ${ALPHA}$ is learned too: a value for each step and each weight tensor that moves "
        "in it. The head, the last layer, starts every task at zero, so it can have any number of "
        "classes."
    )
    st.caption(
        "Finn et al. 2017, [Model-Agnostic Meta-Learning](https://arxiv.org/abs/1703.03400), "
        "algorithm 2, whose line numbers these are · Antoniou et al. 2019, "
        "[How to train your MAML](https://arxiv.org/abs/1810.09502). In the code: "
        "`core/methods/few_shot/`, above all `inner_loop.py`."
    )
