"""What the loss sees of a batch of pairs: who is how alike, and what the temperature makes of it.

The symbols of NT-Xent have the colours of their cells and bars.
"""

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import streamlit as st

from core.figures.views import ANCHOR, MATRIX, POSITIVE, STRANGER, TEMPERATURE, similarity_matrix
from pages.parts.components.live_figure.live_figure import live_figure
from pages.parts.latex import coloured
from pages.parts.url_state import begin_choice, begin_number, is_readable

if TYPE_CHECKING:
    from core.methods.simclr.method import SimClr

ROW, HEAT, LOSS = "view_row", "view_temperature", "view_loss"  # in session state and the address
DCL = "DCL"
LOSSES = ("NT-Xent", DCL)
TEMPERATURES = ("0.02", "0.05", "0.1", "0.2", "0.3", "0.5", "1", "2", "5", "10")
BATCH = 8  # digits; twice as many views
HEIGHT = 600  # px of the figure

_J, _K = coloured("j", POSITIVE), coloured("k", STRANGER)
_I, _TAU = coloured("i", ANCHOR), coloured(r"\tau", TEMPERATURE)
_EXP = r"\exp"
_PULL = rf"{coloured(_EXP, POSITIVE)}(s_{{{_I}{_J}}} / {_TAU})"
_PUSH = rf"{coloured(_EXP, STRANGER)}(s_{{{_I}{_K}}} / {_TAU})"
_DENOMINATOR = rf"\sum_{{{_K}}} {_PUSH}"
NT_XENT = rf"\ell_{{{_I}}} = -\log \frac{{{_PULL}}}{{{_PULL} + {_DENOMINATOR}}}"
DECOUPLED = rf"\ell_{{{_I}}} = -\log \frac{{{_PULL}}}{{\cancel{{{_PULL}}} + {_DENOMINATOR}}}"
THE_LINE = """\
  logits = similarity / temperature
+ logits[partner] = -inf      # DCL
  loss = logsumexp(logits) - positive"""


def what_the_loss_sees(batch: np.ndarray, labels: np.ndarray, trained: float) -> None:
    """Similarities of the views (2N, 28, 28) of N digits, and the loss of one of them.

    `trained` is the temperature that the shipped network was trained with.
    """
    st.subheader("What the loss sees", anchor=False)
    half = len(labels)
    names = [f"{view} view of the {label}" for view in ("first", "second") for label in labels]
    begin_number(ROW, "Row", 1, 1, len(names))
    begin_choice(LOSS, "Loss", list(LOSSES), LOSSES[0])
    begin_choice(HEAT, "Temperature", list(TEMPERATURES), f"{trained:g}")
    picture, words = st.columns([6, 5], gap="large")
    with words:
        formula = st.container()
        _controls(names, trained)
        told = st.container()
    row, temperature = st.session_state[ROW] - 1, float(st.session_state[HEAT])
    seen = _seen(batch, row, temperature, st.session_state[LOSS] == DCL)
    with picture:
        live_figure(
            similarity_matrix(seen.similarity, seen.share, row, batch, names),
            key="views-matrix",
            height=HEIGHT,
            alt=f"How alike {2 * half} views are. The {names[row]} gives its partner "
            f"{seen.partner_share} at temperature {temperature:g}",
            on_click=_choose_row,
        )
    with formula:
        _formula(seen, temperature)
    with told:
        (_tell_decoupled if seen.decoupled else _tell)(names, seen)


def _controls(names: list[str], trained: float) -> None:
    st.segmented_control(
        "Loss", LOSSES, key=LOSS, required=True, bind="query-params", width="content",
        help="Decoupled contrastive learning: NT-Xent but for one line.",
    )  # fmt: skip
    st.select_slider(
        f"Temperature τ · trained {trained:g}", TEMPERATURES, key=HEAT,
        bind="query-params" if is_readable(HEAT) else None,
        help="Divides the similarities. Low: the nearest strangers alone count. High: all alike.",
    )  # fmt: skip
    st.slider(
        "Row i", 1, len(names), key=ROW,
        bind="query-params" if is_readable(ROW) else None,
        help="The view that looks for its partner. A click on a row of the picture does the same.",
    )  # fmt: skip


def _choose_row(trace: int, _column: float, row: float) -> None:
    """A click on a cell of the matrix chooses its row."""
    if trace == MATRIX and 0 <= row < 2 * BATCH:
        st.session_state[ROW] = int(row) + 1


@st.cache_resource(max_entries=1)
def _shipped() -> "SimClr":
    from core.zoo.weights import load_shipped, restore

    method: SimClr = restore(load_shipped("simclr"))  # type: ignore[assignment]
    method.net.eval()
    return method


class _Seen(NamedTuple):
    """What the loss sees of a batch, and of one row."""

    row: int
    partner: int
    decoupled: bool
    similarity: np.ndarray  # (V, V) cosines of the projections z
    share: np.ndarray  # (V,) of the row's softmax, NaN for a partner that is not part of it
    would_be: float  # the partner's share in NT-Xent
    losses: np.ndarray  # (V,)

    @property
    def partner_share(self) -> str:
        return "nothing" if self.decoupled else _percent(self.share[self.partner])


def _seen(batch: np.ndarray, row: int, temperature: float, decoupled: bool) -> _Seen:
    import torch
    import torch.nn.functional as F

    from core.methods.simclr.losses import softmax_shares

    method = _shipped()
    images = torch.from_numpy(batch)[:, None].to(method.device)
    with torch.no_grad():
        z = F.normalize(method.net(images), dim=1)
    similarity = (z @ z.T).double().cpu()
    share = softmax_shares(similarity, temperature, decoupled)[row].numpy()
    partners = np.roll(np.arange(len(batch)), len(batch) // 2)
    partner = int(partners[row])
    would_be = float(softmax_shares(similarity, temperature)[row, partner])
    if decoupled:
        share[partner] = np.nan
    losses = _losses(similarity.numpy() / temperature, partners, decoupled)
    return _Seen(row, partner, decoupled, similarity.numpy(), share, would_be, losses)


def _losses(logits: np.ndarray, partners: np.ndarray, decoupled: bool) -> np.ndarray:
    """Of each row of logits (V, V): (V,)."""
    rows = np.arange(len(logits))
    compared = logits.copy()
    compared[rows, rows] = -np.inf
    if decoupled:
        compared[rows, partners] = -np.inf
    return np.asarray(np.logaddexp.reduce(compared, axis=1) - logits[rows, partners])


# ---- what it says ----------------------------------------------------------------------------


def _formula(seen: _Seen, temperature: float) -> None:
    """The loss in symbols, and the same with the row's numbers."""
    similar = seen.similarity[seen.row]
    weights = np.exp(np.delete(similar, seen.row) / temperature)
    pull = math.exp(similar[seen.partner] / temperature)
    push = float(weights.sum()) - pull
    numbers = coloured(_latex(pull), POSITIVE), coloured(_latex(push), STRANGER)
    below = numbers[1] if seen.decoupled else " + ".join(numbers)
    loss = float(seen.losses[seen.row])
    st.latex(DECOUPLED if seen.decoupled else NT_XENT)
    st.latex(rf"= -\log \frac{{{numbers[0]}}}{{{below}}} = {loss:.2f}")


def _latex(value: float) -> str:
    """Three digits, with a power of ten where it takes one."""
    mantissa, exponent = f"{value:.2e}".split("e")
    if -3 < int(exponent) < 5:
        return f"{value:.3g}" if value < 100 else f"{value:,.0f}".replace(",", r"\,")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}"


def _tell(names: list[str], seen: _Seen) -> None:
    st.markdown(
        f"${_I}$ is the **{names[seen.row]}**, and ${_J}$ its partner, which gets "
        f"**{seen.partner_share}** of the row. {_strangers(names, seen)}"
    )
    st.markdown(
        "The bars are also **the forces**: each stranger is pushed away with the strength of its "
        "bar, and the partner is pulled by what its own lacks to 100 %. Cold, only the nearest "
        "stranger is pushed; hot, all alike, however far away they are."
    )
    _caption(
        seen,
        len(names) - 1,
        "Chen et al. 2020, [SimCLR](https://arxiv.org/abs/2002.05709), equation 1.",
    )


def _tell_decoupled(names: list[str], seen: _Seen) -> None:
    st.markdown(
        f"${_I}$ is the **{names[seen.row]}**, and ${_J}$ its partner, which is **left out** of "
        f"the row. {_strangers(names, seen)}"
    )
    st.code(THE_LINE, language="diff")
    st.markdown(
        f"In NT-Xent the partner has {_percent(seen.would_be)} of this row, and what is left, "
        f"{_percent(1 - seen.would_be)}, is **the force** on all strangers together, and on the "
        "partner too: the better a pair already matches, the less its strangers teach. In DCL the "
        "whole force is always there: on the partner, and on the strangers as the bars share it."
    )
    _caption(
        seen,
        len(names) - 2,
        "Yeh et al. 2022, [Decoupled contrastive learning](https://arxiv.org/abs/2110.06848), "
        "equation 6. It can fall below 0.",
    )


def _strangers(names: list[str], seen: _Seen) -> str:
    strangers = [place for place in range(len(names)) if place not in (seen.row, seen.partner)]
    nearest = max(strangers, key=seen.share.__getitem__)
    return (
        f"$s$ is the cosine of two projections $z$, ${_TAU}$ the temperature. Of the "
        f"{len(strangers)} strangers ${_K}$ the {names[nearest]} gets most, "
        f"{_percent(seen.share[nearest])}."
    )


def _caption(seen: _Seen, compared: int, paper: str) -> None:
    losses = seen.losses
    st.caption(
        f"Loss of this row {_signed(losses[seen.row])}, mean over all {len(losses)} rows "
        f"{_signed(losses.mean())}; guessing costs ln {compared} = {math.log(compared):.2f}. By "
        f"the shipped encoder, trained with NT-Xent, and its projection head. {paper}"
    )


def _percent(share: float) -> str:
    return f"{100 * share:.1f}\N{NO-BREAK SPACE}%"


def _signed(loss: float) -> str:
    return f"{loss:.2f}".replace("-", "\N{MINUS SIGN}")
