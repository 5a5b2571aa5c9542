"""What the loss sees of a batch of pairs: who is how alike, and what the temperature makes of it.

The symbols of NT-Xent have the colours of their cells and bars.
"""

import math
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from core.figures.views import ANCHOR, MATRIX, POSITIVE, STRANGER, TEMPERATURE, similarity_matrix
from pages.parts.address import begin_choice, begin_number, is_readable
from pages.parts.algorithm import coloured
from pages.parts.live_figure import live_figure

if TYPE_CHECKING:
    from core.methods.simclr import SimClr

ROW, HEAT = "view_row", "view_temperature"  # in session state and in the address
TEMPERATURES = ("0.02", "0.05", "0.1", "0.2", "0.3", "0.5", "1", "2", "5", "10")
BATCH = 8  # digits; twice as many views
HEIGHT = 600  # px of the figure

_J, _K = coloured("j", POSITIVE), coloured("k", STRANGER)
_I, _TAU = coloured("i", ANCHOR), coloured(r"\tau", TEMPERATURE)
_EXP = r"\exp"
_PULL = rf"{coloured(_EXP, POSITIVE)}(s_{{{_I}{_J}}} / {_TAU})"
_PUSH = rf"{coloured(_EXP, STRANGER)}(s_{{{_I}{_K}}} / {_TAU})"
NT_XENT = rf"\ell_{{{_I}}} = -\log \frac{{{_PULL}}}{{{_PULL} + \sum_{{{_K}}} {_PUSH}}}"


def what_the_loss_sees(batch: np.ndarray, labels: np.ndarray, trained: float) -> None:
    """Similarities of the views (2N, 28, 28) of N digits, and the loss of one of them.

    `trained` is the temperature that the shipped network was trained with.
    """
    st.subheader("What the loss sees", anchor=False)
    half = len(labels)
    names = [f"{view} view of the {label}" for view in ("first", "second") for label in labels]
    begin_number(ROW, "Row", 1, 1, len(names))
    begin_choice(HEAT, "Temperature", list(TEMPERATURES), f"{trained:g}")
    picture, words = st.columns([6, 5], gap="large")
    with words:
        formula = st.container()
        _controls(names, trained)
        told = st.container()
    row, temperature = st.session_state[ROW] - 1, float(st.session_state[HEAT])
    partner = (row + half) % (2 * half)
    similarity, share, losses = _compared(batch, temperature)
    with picture:
        live_figure(
            similarity_matrix(similarity, share[row], row, batch, names),
            key="views-matrix",
            height=HEIGHT,
            alt=f"How alike {2 * half} views are. The {names[row]} gives its partner "
            f"{100 * share[row, partner]:.1f} % at temperature {temperature:g}",
            on_click=_choose_row,
        )
    with formula:
        _formula(similarity[row], row, partner, temperature)
    with told:
        _tell(names, share[row], row, partner, float(losses[row]), float(losses.mean()))


def _controls(names: list[str], trained: float) -> None:
    st.select_slider(
        f"Temperature τ :gray[:small[· trained {trained:g}]]", TEMPERATURES, key=HEAT,
        bind="query-params" if is_readable(HEAT) else None,
        help="Divides the similarities. Low: the nearest strangers alone count. High: all alike.",
    )  # fmt: skip
    st.slider(
        f"Row {coloured_text('i', ANCHOR)}", 1, len(names), key=ROW,
        bind="query-params" if is_readable(ROW) else None,
        help="The view that looks for its partner. A click on a row of the picture does the same.",
    )  # fmt: skip


def coloured_text(symbol: str, colour: str) -> str:
    """A symbol in a colour, in a line of text."""
    return f"${coloured(symbol, colour)}$"


def _choose_row(trace: int, _column: float, row: float) -> None:
    """A click on a cell of the matrix chooses its row."""
    if trace == MATRIX and 0 <= row < 2 * BATCH:
        st.session_state[ROW] = int(row) + 1


@st.cache_resource(max_entries=1)
def _shipped() -> "SimClr":
    from core.weights import load_shipped, restore

    method: SimClr = restore(load_shipped("simclr"))  # type: ignore[assignment]
    method.net.eval()
    return method


def _compared(batch: np.ndarray, temperature: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cosines of the projections z (V, V), the softmax of each row (V, V), and its loss (V,)."""
    import torch
    import torch.nn.functional as F

    from core.methods.contrastive import shares

    method = _shipped()
    images = torch.from_numpy(batch)[:, None].to(method.device)
    with torch.no_grad():
        z = F.normalize(method.net(images), dim=1)
    similarity = (z @ z.T).double().cpu()
    share = shares(similarity, temperature).numpy()
    partner = np.roll(np.arange(len(batch)), len(batch) // 2)
    with np.errstate(divide="ignore"):
        losses = -np.log(share[np.arange(len(batch)), partner])
    return similarity.numpy(), share, losses


# ---- what it says ----------------------------------------------------------------------------


def _formula(similar: np.ndarray, row: int, partner: int, temperature: float) -> None:
    """NT-Xent in symbols, and the same with the row's numbers."""
    weights = np.exp(np.delete(similar, row) / temperature)
    pull = math.exp(similar[partner] / temperature)
    push = float(weights.sum()) - pull
    numbers = coloured(_latex(pull), POSITIVE), coloured(_latex(push), STRANGER)
    loss = math.log1p(push / pull)
    st.latex(NT_XENT)
    st.latex(rf"= -\log \frac{{{numbers[0]}}}{{{numbers[0]} + {numbers[1]}}} = {loss:.2f}")


def _latex(value: float) -> str:
    """Three digits, with a power of ten where it takes one."""
    mantissa, exponent = f"{value:.2e}".split("e")
    if -3 < int(exponent) < 5:
        return f"{value:.3g}" if value < 100 else f"{value:,.0f}".replace(",", r"\,")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}"


def _tell(
    names: list[str], share: np.ndarray, row: int, partner: int, loss: float, mean: float
) -> None:
    strangers = [place for place in range(len(names)) if place not in (row, partner)]
    nearest = max(strangers, key=share.__getitem__)
    st.markdown(
        f"${_I}$ is the **{names[row]}**, and ${_J}$ its partner, which gets "
        f"**{100 * share[partner]:.1f} %** of the row. $s$ is the cosine of two projections $z$, "
        f"${_TAU}$ the temperature. Of the {len(strangers)} strangers ${_K}$ the {names[nearest]} "
        f"gets most, {100 * share[nearest]:.1f} %."
    )
    st.markdown(
        "The bars are also **the forces**: each stranger is pushed away with the strength of its "
        "bar, and the partner is pulled by what its own lacks to 100 %. Cold, only the nearest "
        "stranger is pushed; hot, all alike, however far away they are."
    )
    st.caption(
        f"Loss of this row {loss:.2f}, mean over all {len(names)} rows {mean:.2f}; guessing costs "
        f"ln {len(names) - 1} = {math.log(len(names) - 1):.2f}. By the shipped encoder and its "
        "projection head. Chen et al. 2020, [SimCLR](https://arxiv.org/abs/2002.05709), "
        "equation 1."
    )
