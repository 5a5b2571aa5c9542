"""MAML's algorithm in words and formulas, its symbols coloured as in the pictures."""

import streamlit as st

from core.figures.analysis import ADAPTED, INNER_RATE, OUTER_RATE, QUERY, START, SUPPORT
from pages.parts.latex import coloured

THETA, ADAPTED_THETA = coloured(r"\theta", START), coloured(r"\theta'_i", ADAPTED)
ALPHA, BETA = coloured(r"\alpha", INNER_RATE), coloured(r"\beta", OUTER_RATE)
SET_S, SET_Q = coloured(r"\mathcal{S}_i", SUPPORT), coloured(r"\mathcal{Q}_i", QUERY)
SUPPORT_LOSS, QUERY_LOSS = rf"\mathcal{{L}}_{{{SET_S}}}", rf"\mathcal{{L}}_{{{SET_Q}}}"

INNER_STEP = rf"{ADAPTED_THETA} = {THETA} - {ALPHA} \, \nabla {SUPPORT_LOSS}({THETA})"
SUM_OF_LOSSES = rf"\textstyle\sum_i {QUERY_LOSS}({ADAPTED_THETA})"
OUTER_STEP = rf"{THETA} \leftarrow {THETA} - {BETA} \, \nabla_{{{THETA}}} {SUM_OF_LOSSES}"

_FIRST = coloured(r"\underbrace{g}_{\text{first order}}", QUERY)
_SECOND = coloured(r"\underbrace{\alpha \, H g}_{\text{second order}}", INNER_RATE)
_WHOLE = coloured(r"\nabla_{\theta} \, \mathcal{L}_{\mathcal{Q}}(\theta')", OUTER_RATE)
TWO_PARTS = rf"{_WHOLE} \;=\; {_FIRST} \;-\; {_SECOND}"
THEIR_SYMBOLS = (
    f"${coloured('g', QUERY)} = \\nabla {QUERY_LOSS}({ADAPTED_THETA})$ is the slope where the task "
    f"ends, $H = \\nabla^2 {SUPPORT_LOSS}({THETA})$ the curvature where it began."
)

INDENT, GAP = 26, 16  # px of a level, and between elements in a row
# The numbers are those of the paper's lines, two of which only end a loop.
_LINES = (
    (1, 0, f"Begin with random weights ${THETA}$."),
    (2, 0, "**Repeat:**"),
    (3, 1, "Draw a meta-batch of tasks $i$."),
    (4, 1, "**For each task:**"),
    (5, 2, f"take a few examples of each class, the *support set* ${SET_S}$;"),
    (6, 2, f"find the slope $\\nabla {SUPPORT_LOSS}({THETA})$ of the loss on it;"),
    (7, 2, f"go down it at the rate ${ALPHA}$ to ${ADAPTED_THETA}$, in one step or a few;"),
    (8, 2, f"take other examples of the same classes, the *queries* ${SET_Q}$."),
    (9, 1, ":gray[The loop of line 4 ends.]"),
    (10, 1, f"Move ${THETA}$ at the rate ${BETA}$ to where the queries' losses *after* line 7, "
            f"${SUM_OF_LOSSES}$, are lower."),
    (11, 0, ":gray[The loop of line 2 ends.]"),
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
${THETA}$ the weights to start from, ${ADAPTED_THETA}$ those for task $i$  
${SET_S}$ its support set, ${SET_Q}$ its queries, $\\mathcal{{L}}$ the loss on them  
${ALPHA}$ the inner rate, ${BETA}$ the outer one
"""
    )
    st.markdown("The **inner loop**, line 7, learns one task:")
    st.latex(INNER_STEP)
    st.markdown("The **outer loop**, line 10, learns where it begins, *through* that step:")
    st.latex(OUTER_STEP)
    st.markdown(
        f"Here ${ALPHA}$ is learned too, one for each layer and step, and the head, the last "
        "layer, starts each task at zero, so that it takes any number of classes."
    )
    st.caption(
        "Finn et al. 2017, [Model-Agnostic Meta-Learning](https://arxiv.org/abs/1703.03400), "
        "algorithm 2, whose line numbers these are · Antoniou et al. 2019, "
        "[How to train your MAML](https://arxiv.org/abs/1810.09502). In the code: "
        "`core/methods/inner_loop.py` and `maml.py`."
    )
