"""Figures of what contrastive learning compares: pairs of views, and their similarities.

Each term of NT-Xent has a colour, the same in its formula and in these figures.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from core.figures.embeddings import INK
from core.figures.pictures import png, rgb

# Mid-tones that stand out on white as on black.
ANCHOR = "#8f6fe0"  # z_i, the view whose row it is
POSITIVE = "#df7a16"  # z_j, the other view of the same picture
NEGATIVE = "#4c78dd"  # z_k, all others
TEMPERATURE = "#d1478f"
OTHER = "#8a93a6"

SCALE = 3  # pixels of the sheet to one pixel of a view
FRAME, PAD, GAP = 3, 5, 12  # pixels: a pair's frame, the room in it, and that between pairs
MARGIN_PICTURES = -1.1  # row and column of the views along the matrix, in cells
MARGIN_WIDTH = 1.75  # cells that the views along the matrix take
MATRIX_TRACE = 1  # index of the matrix among the figure's traces
PICTURE_SIZE = 0.94  # of a cell's side
BARS_HEIGHT = 0.27  # of the figure's height


def pair_sheet(first: np.ndarray, second: np.ndarray, columns: int) -> np.ndarray:
    """Positive pairs (P, H, W) each, in [0, 1], as RGBA uint8 on transparent paper.

    Each pair has a frame, with one view above the other.
    """
    cards = [_pair_card(*pair) for pair in zip(first, second, strict=True)]
    height, width = cards[0].shape[:2]
    rows = -(-len(cards) // columns)
    sheet = np.zeros((rows * (height + GAP) - GAP, columns * (width + GAP) - GAP, 4), np.uint8)
    for place, card in enumerate(cards):
        top, left = (height + GAP) * (place // columns), (width + GAP) * (place % columns)
        sheet[top : top + height, left : left + width] = card
    return sheet


def _pair_card(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    room = np.zeros((1, first.shape[1]))
    column = np.concatenate([first, room, second])
    ink = np.pad(inked(column, SCALE), ((PAD, PAD), (PAD, PAD), (0, 0)))
    card = np.empty((ink.shape[0] + 2 * FRAME, ink.shape[1] + 2 * FRAME, 4), np.uint8)
    card[:] = (*rgb(POSITIVE), 255)
    card[FRAME:-FRAME, FRAME:-FRAME] = ink
    return card


def inked(ink: np.ndarray, scale: int = 1) -> np.ndarray:
    """Ink (H, W) in [0, 1] as RGBA uint8 on transparent paper, `scale` times as large."""
    alpha = np.kron(np.round(255 * ink).astype(np.uint8), np.ones((scale, scale), np.uint8))
    colour = np.broadcast_to(np.array(INK, np.uint8), (*alpha.shape, 3))
    return np.concatenate([colour, alpha[..., None]], axis=2)


def similarity_matrix(
    similarity: np.ndarray,
    share: np.ndarray,
    row: int,
    views: np.ndarray,
    names: Sequence[str],
) -> go.Figure:
    """The cosine similarities of the views of a batch, and above them the softmax of one row.

    The first half are first views, the second half the second views of the same pictures, so that
    the positives are two diagonals.

    Args:
        similarity: (V, V) cosine similarities.
        share: (V,) the row's softmax; that of the view itself is ignored. NaN for a positive that
            the softmax leaves out.
        row: the view whose loss is shown, the anchor.
        views: (V, H, W) in [0, 1].
        names: (V,) what each view is called under the pointer.
    """
    count = len(views)
    figure = make_subplots(
        rows=2, shared_xaxes=True, row_heights=[BARS_HEIGHT, 1 - BARS_HEIGHT], vertical_spacing=0.02
    )
    _add_bars(figure, share, row, names)
    _add_matrix(figure, similarity, row, names)
    half = count // 2
    frames = [_frame(place, (place + half) % count, POSITIVE) for place in range(count)]
    frames.append(_frame(row, MARGIN_PICTURES, ANCHOR))
    frames.append(_frame((count - 1) / 2, row, ANCHOR, width=count))
    edge = (-MARGIN_WIDTH, count - 0.45)
    figure.update_xaxes(range=edge, visible=False, fixedrange=True)
    figure.update_yaxes(range=edge[::-1], visible=False, fixedrange=True, row=2, col=1)
    figure.update_layout(  # all at once, since adding them one by one takes a tenth of a second
        shapes=[*figure.layout.shapes, *frames],
        images=[_picture(view, place) for place, view in _margin_views(views)],
        showlegend=False,
        bargap=0.2,
        dragmode=False,
        margin={"l": 4, "r": 4, "t": 8, "b": 4},
    )
    return figure


def _add_bars(figure: go.Figure, share: np.ndarray, row: int, names: Sequence[str]) -> None:
    """A bar above each column of the matrix, the positive's with its value."""
    count = len(share)
    positive = (row + count // 2) % count
    others = [place for place in range(count) if place != row]
    is_left_out = np.isnan(share[positive])
    value = "" if is_left_out else f"<b>{share[positive]:.0%}</b>"
    guess = 1 / np.isfinite(share[others]).sum()
    figure.add_bar(
        x=others,
        y=np.nan_to_num(share[others]),
        marker={"color": [POSITIVE if place == positive else NEGATIVE for place in others]},
        text=[value if place == positive else "" for place in others],
        textposition="outside", cliponaxis=False, textfont={"color": POSITIVE, "size": 14},
        customdata=[names[place] for place in others],
        hovertemplate="%{customdata}: %{y:.1%} of the row<extra></extra>",
        row=1, col=1,
    )  # fmt: skip
    figure.add_hline(
        y=guess, line={"dash": "dot", "width": 1.5, "color": OTHER}, row=1, col=1,
        annotation={"text": f"guess {guess:.0%}", "font": {"size": 11, "color": OTHER},
                    "x": 0, "xanchor": "left", "yanchor": "bottom", "borderpad": 1},
    )  # fmt: skip
    if is_left_out:
        figure.add_annotation(
            x=positive, y=guess, text="<b>out</b>", font={"color": POSITIVE, "size": 14},
            showarrow=False, yanchor="bottom", row=1, col=1,
        )  # fmt: skip
    figure.update_yaxes(
        range=[0, 1.15], tickvals=[0, 0.5, 1], tickformat=".0%", fixedrange=True, row=1, col=1,
        ticklabelposition="inside", tickfont={"size": 11, "color": OTHER}, zeroline=True,
    )  # fmt: skip


def _add_matrix(figure: go.Figure, similarity: np.ndarray, row: int, names: Sequence[str]) -> None:
    """Cosines as tints, those of the row as numbers too; the diagonal is empty."""
    shown = similarity.astype(np.float64)
    np.fill_diagonal(shown, np.nan)
    figure.add_heatmap(
        z=shown, zmin=-1, zmax=1, showscale=False, hoverongaps=False, xgap=1, ygap=1,
        colorscale=[[0, _tint(OTHER, 1)], [0.5, _tint(NEGATIVE, 0.04)], [1, _tint(NEGATIVE, 1)]],
        customdata=[[f"{one} · {other}" for other in names] for one in names],
        hovertemplate="%{customdata}<br>cosine %{z:.3f}<extra></extra>",
        row=2, col=1,
    )  # fmt: skip
    others = [place for place in range(len(names)) if place != row]
    figure.add_scatter(  # in the page's own ink
        x=others, y=[row] * len(others), text=[short(similarity[row, place]) for place in others],
        mode="text", textfont={"size": 10}, hoverinfo="skip", row=2, col=1,
    )  # fmt: skip


def _margin_views(views: np.ndarray) -> Iterator[tuple[tuple[float, float], np.ndarray]]:
    """Each view above its column and beside its row."""
    for place, view in enumerate(views):
        yield (place, MARGIN_PICTURES), view
        yield (MARGIN_PICTURES, place), view


def _picture(view: np.ndarray, place: tuple[float, float]) -> dict[str, Any]:
    return {
        "source": png(inked(view)), "x": place[0], "y": place[1], "sizex": PICTURE_SIZE,
        "sizey": PICTURE_SIZE, "xref": "x2", "yref": "y2", "xanchor": "center", "yanchor": "middle",
        "layer": "above",
    }  # fmt: skip


def _frame(x: float, y: float, colour: str, width: int = 1) -> dict[str, Any]:
    """A rectangle around `width` cells of one row, centred on (x, y)."""
    return {
        "type": "rect", "x0": x - width / 2, "x1": x + width / 2, "y0": y - 0.5, "y1": y + 0.5,
        "xref": "x2", "yref": "y2", "line": {"color": colour, "width": 2.5},
    }  # fmt: skip


def short(cosine: float) -> str:
    """.83 and -.12, to fit a cell."""
    return f"{round(cosine, 2) + 0.0:.2f}".replace("0.", ".")  # adding 0 makes 0 of -0


def _tint(colour: str, opacity: float) -> str:
    red, green, blue = rgb(colour)
    return f"rgba({red},{green},{blue},{opacity})"
