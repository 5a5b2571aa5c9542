"""The loss of one view in a batch of pairs: its similarities, and the effect of the temperature.

The symbols of NT-Xent have the colours of their cells and bars.
"""

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from core.figures.views import (
    ANCHOR,
    MATRIX_TRACE,
    NEGATIVE,
    POSITIVE,
    TEMPERATURE,
    similarity_matrix,
)
from pages.parts.components.live_figure.live_figure import live_figure
from pages.parts.latex import coloured
from pages.parts.shipped import shipped_simclr
from pages.parts.url_state import Choice, Number, restore

# In session state and in the address.
ROW_KEY, TEMPERATURE_KEY, LOSS_KEY = "view_row", "view_temperature", "view_loss"
DCL = "DCL"
NAMES = {"nt-xent": "NT-Xent", "dcl": DCL}  # by what configs call them
LOSSES = tuple(NAMES.values())
TEMPERATURES = ("0.02", "0.05", "0.1", "0.2", "0.3", "0.5", "1", "2", "5", "10")
BATCH = 8  # digits; twice as many views
HEIGHT = 600  # px of the figure

_J, _K = coloured("j", POSITIVE), coloured("k", NEGATIVE)
_I, _TAU = coloured("i", ANCHOR), coloured(r"\tau", TEMPERATURE)
_EXP = r"\exp"
_PULL = rf"{coloured(_EXP, POSITIVE)}(s_{{{_I}{_J}}} / {_TAU})"
_PUSH = rf"{coloured(_EXP, NEGATIVE)}(s_{{{_I}{_K}}} / {_TAU})"
_DENOMINATOR = rf"\sum_{{{_K}}} {_PUSH}"
NT_XENT = rf"\ell_{{{_I}}} = -\log \frac{{{_PULL}}}{{{_PULL} + {_DENOMINATOR}}}"
DECOUPLED = rf"\ell_{{{_I}}} = -\log \frac{{{_PULL}}}{{\cancel{{{_PULL}}} + {_DENOMINATOR}}}"
DCL_DIFF = """\
  logits = similarity / temperature
  positive = logits[j]
+ logits[j] = -inf            # DCL
  loss = logsumexp(logits) - positive"""


def show_loss_demo(batch: np.ndarray, labels: np.ndarray, trained: float) -> None:
    """Similarities of the views (2N, 28, 28) of N digits, and the loss of one of them.

    `trained` is the temperature that the shipped network was trained with.
    """
    st.subheader("What the loss sees", anchor=False)
    names = [f"{view} view of the {label}" for view in ("first", "second") for label in labels]
    restore(
        Number(ROW_KEY, "Row", 1, 1, len(names)),
        Choice(LOSS_KEY, "Loss", LOSSES[0], LOSSES),
        Choice(TEMPERATURE_KEY, "Temperature", f"{trained:g}", TEMPERATURES),
    )
    picture, words = st.columns([6, 5], gap="large")
    with words:
        formula = st.container()
        _controls(len(names), trained)
        text = st.container()
    row, temperature = st.session_state[ROW_KEY] - 1, float(st.session_state[TEMPERATURE_KEY])
    compared = _compare(batch, row, temperature, st.session_state[LOSS_KEY] == DCL)
    with picture:
        live_figure(
            similarity_matrix(compared.similarity, compared.share, row, batch, names),
            key="views-matrix",
            height=HEIGHT,
            alt=f"How alike {len(names)} views are. The {names[row]} gives its positive "
            f"{compared.positive_text} at temperature {temperature:g}",
            on_click=_choose_row,
        )
    with formula:
        _formula(compared, temperature)
    with text:
        (_explain_dcl if compared.decoupled else _explain_nt_xent)(names, compared)


def set_loss_as_trained(trained: Mapping[str, Any]) -> None:
    """Sets loss and temperature to those of a config."""
    st.session_state[LOSS_KEY] = NAMES[trained["loss"]]
    st.session_state[TEMPERATURE_KEY] = f"{trained['temperature']:g}"


def loss_settings() -> dict[str, Any]:
    """Loss and temperature as they are set, as in a config."""
    loss = next(name for name, title in NAMES.items() if title == st.session_state[LOSS_KEY])
    return {"loss": loss, "temperature": float(st.session_state[TEMPERATURE_KEY])}


def _controls(n_views: int, trained: float) -> None:
    st.segmented_control(
        "Loss", LOSSES, key=LOSS_KEY, required=True, bind="query-params", width="content",
        help="DCL (decoupled contrastive learning) leaves the positive out of the denominator.",
    )  # fmt: skip
    st.select_slider(
        f"Temperature τ · trained {trained:g}", TEMPERATURES, key=TEMPERATURE_KEY,
        bind="query-params",
        help="Divides the similarities. Low values weight hard negatives more; high values weight "
        "all negatives alike.",
    )  # fmt: skip
    st.slider(
        "Row i", 1, n_views, key=ROW_KEY, bind="query-params",
        help="The view whose loss is shown. A click on a row of the matrix chooses it too.",
    )  # fmt: skip


def _choose_row(trace: int, _column: float, row: float) -> None:
    """A click on a cell of the matrix chooses its row."""
    if trace == MATRIX_TRACE and 0 <= row < 2 * BATCH:
        st.session_state[ROW_KEY] = int(row) + 1


class Comparison(NamedTuple):
    """The V views of a batch as the loss compares them, and one row of it."""

    row: int
    positive: int  # the other view of the same picture
    decoupled: bool
    similarity: np.ndarray  # (V, V) cosine similarities of the projections z
    share: np.ndarray  # (V,) the row's softmax; NaN for a positive that it leaves out
    positive_share: float  # in the softmax of NT-Xent
    losses: np.ndarray  # (V,)

    @property
    def positive_text(self) -> str:
        return "nothing" if self.decoupled else _percent(self.share[self.positive])


def _compare(batch: np.ndarray, row: int, temperature: float, decoupled: bool) -> Comparison:
    import torch
    import torch.nn.functional as F

    from core.methods.simclr.losses.contrastive import positive_shares, row_losses, softmax_shares

    method = shipped_simclr()
    method.net.eval()
    images = torch.from_numpy(batch)[:, None].to(method.device)
    with torch.no_grad():
        z = F.normalize(method.net(images), dim=1)
    similarity = (z @ z.T).double().cpu()
    share = softmax_shares(similarity, temperature, decoupled)[row].numpy()
    positive = (row + len(batch) // 2) % len(batch)
    if decoupled:
        share[positive] = np.nan
    return Comparison(
        row=row,
        positive=positive,
        decoupled=decoupled,
        similarity=similarity.numpy(),
        share=share,
        positive_share=float(positive_shares(similarity, temperature)[row]),
        losses=row_losses(similarity, temperature, decoupled).numpy(),
    )


# ---- what the page says of it ----------------------------------------------------------------


def _formula(compared: Comparison, temperature: float) -> None:
    """The loss in symbols, and the same with the row's numbers."""
    similar = compared.similarity[compared.row]
    weights = np.exp(np.delete(similar, compared.row) / temperature)
    pull = math.exp(similar[compared.positive] / temperature)
    push = float(weights.sum()) - pull
    numbers = coloured(_latex(pull), POSITIVE), coloured(_latex(push), NEGATIVE)
    below = numbers[1] if compared.decoupled else " + ".join(numbers)
    loss = float(compared.losses[compared.row])
    st.latex(DECOUPLED if compared.decoupled else NT_XENT)
    st.latex(rf"= -\log \frac{{{numbers[0]}}}{{{below}}} = {loss:.2f}")


def _latex(value: float) -> str:
    """Three digits, with a power of ten where it takes one."""
    mantissa, exponent = f"{value:.2e}".split("e")
    if -3 < int(exponent) < 5:
        return f"{value:.3g}" if value < 100 else f"{value:,.0f}".replace(",", r"\,")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}"


def _explain_nt_xent(names: list[str], compared: Comparison) -> None:
    st.markdown(
        f"${_I}$ is the **{names[compared.row]}**. ${_J}$ is its positive, and has "
        f"**{compared.positive_text}** of the row's softmax. {_about_negatives(names, compared)}"
    )
    st.markdown(
        "The bars also show **the gradient**: each negative is pushed away as strongly as its bar "
        "is high, and the positive is pulled by what its bar lacks to 100 %. At a low temperature "
        "only the hardest negative is pushed; at a high one all are pushed alike."
    )
    _caption(
        compared,
        len(names) - 1,
        "Chen et al. 2020, [SimCLR](https://arxiv.org/abs/2002.05709), equation 1.",
    )


def _explain_dcl(names: list[str], compared: Comparison) -> None:
    st.markdown(
        f"${_I}$ is the **{names[compared.row]}**. ${_J}$ is its positive, which is **left out** "
        f"of the row's softmax. {_about_negatives(names, compared)}"
    )
    st.code(DCL_DIFF, language="diff")
    st.markdown(
        f"In NT-Xent the positive has {_percent(compared.positive_share)} of this row, and the "
        f"remaining {_percent(1 - compared.positive_share)} is **the strength of the gradient**: "
        "the better a pair already matches, the less its negatives teach. In DCL the gradient "
        "always has its full strength, divided among the negatives as the bars show."
    )
    _caption(
        compared,
        len(names) - 2,
        "Yeh et al. 2022, [Decoupled contrastive learning](https://arxiv.org/abs/2110.06848), "
        "equation 6. This loss can fall below 0.",
    )


def _about_negatives(names: list[str], compared: Comparison) -> str:
    pair = (compared.row, compared.positive)
    negatives = [view for view in range(len(names)) if view not in pair]
    hardest = max(negatives, key=compared.share.__getitem__)
    return (
        f"$s$ is the cosine similarity of two projections $z$, and ${_TAU}$ the temperature. "
        f"Of the {len(negatives)} negatives ${_K}$, the {names[hardest]} has the most: "
        f"{_percent(compared.share[hardest])}."
    )


def _caption(compared: Comparison, n_candidates: int, paper: str) -> None:
    losses = compared.losses
    st.caption(
        f"Loss of this row {_signed(losses[compared.row])}, mean over all {len(losses)} rows "
        f"{_signed(losses.mean())}; a random guess costs ln {n_candidates} = "
        f"{math.log(n_candidates):.2f}."
    )
    st.caption(f"Computed with the shipped encoder and head, trained with NT-Xent. {paper}")


def _percent(share: float) -> str:
    return f"{100 * share:.1f}\N{NO-BREAK SPACE}%"


def _signed(loss: float) -> str:
    return f"{loss:.2f}".replace("-", "\N{MINUS SIGN}")
