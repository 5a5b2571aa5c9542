"""Training curves: a scalar over the steps of a run, or of several."""

from collections.abc import Collection, Mapping

import numpy as np
import plotly.graph_objects as go

from core.figures.numbers import LOG_HOVER, LOG_TICKS

Curve = tuple[np.ndarray, np.ndarray]  # steps (N,), values (N,)
POINTS = 500  # as many as a chart can show apart
DASHES = ("solid", "dash")  # of a run and of its rival
NARROW, BROAD = 2, 6  # px of a line
GREY = "#9498a0"


def thin(steps: np.ndarray, values: np.ndarray, limit: int = POINTS) -> Curve:
    """At most `limit` points: means over buckets of neighbours, NaN and infinity left out.

    The buckets' width is a power of two, so that they stay where they are while a curve grows and
    the line on screen does not shimmer. The newest value is kept as it is.
    """
    if len(steps) == 0:
        return steps, values
    width = 1
    while -(-len(steps) // width) > limit - 1:
        width *= 2
    finite = np.where(np.isfinite(values), values, np.nan)
    if width == 1:
        return steps, finite
    starts = np.arange(0, len(steps), width)
    counts = np.add.reduceat(np.isfinite(finite).astype(np.float64), starts)
    sums = np.add.reduceat(np.nan_to_num(finite), starts)
    means = np.divide(sums, counts, out=np.full(len(starts), np.nan), where=counts > 0)
    middles = np.add.reduceat(steps, starts) / np.diff(np.append(starts, len(steps)))
    return np.append(middles, steps[-1]), np.append(means, finite[-1])


def training_curves(
    curves: Mapping[str, Curve],
    title: str,
    percent: bool = False,
    log: bool = False,
    broad: Collection[str] = (),
    colours: Mapping[str, str] | None = None,
    rival: Mapping[str, Curve] | None = None,
    runs: tuple[str, str] = ("this run", "the other"),
) -> go.Figure:
    """One chart with a line a curve, thinned. `percent` is for fractions, `log` for a log axis.

    Curves that are `broad` lie beneath the others, and stay visible where they coincide with them.
    Those that have no colour in `colours` get one of the theme.

    The curves of a `rival` are dashed, each in the colour of the curve of its name. `runs` names
    the two of them in the legend and under the pointer.
    """
    if rival is None:
        figure = go.Figure([_line(name, curve) for name, curve in curves.items()])
    else:
        figure = go.Figure(_paired_lines(curves, rival, runs))
    figure.for_each_trace(_broaden, lambda line: line.name in broad)
    for name, colour in (colours or {}).items():
        figure.update_traces({"line": {"color": colour}, "meta": None}, {"name": name})
    has_legend = len(figure.data) > 1
    figure.update_layout(
        title={"text": title, "font": {"size": 15}, "x": 0, "xref": "container", "xanchor": "left"},
        margin={"l": 8, "r": 8, "t": 44, "b": 8},
        hovermode="x unified",
        showlegend=has_legend,
        legend={"orientation": "h", "x": 0, "y": -0.18, "yanchor": "top"},
        uirevision=title,  # zoom survives each new figure
    )
    figure.update_xaxes(  # a small chart has room for its legend or for the title of its axis
        title=None if has_legend else "step", rangemode="tozero", showgrid=False, automargin=True
    )
    figure.update_yaxes(
        type="log" if log else "linear", tickformat=".0%" if percent else "", automargin=True
    )
    if log:
        figure.update_yaxes(tickformat=LOG_TICKS, hoverformat=LOG_HOVER)
    if not any(_has_values(line) for line in figure.data):
        _say_empty(figure, percent)
    return figure


def _has_values(line: go.Scatter) -> bool:
    """A `None`, as in an entry of the legend, is no value."""
    return bool(np.isfinite(np.array(line.y, np.float64)).any())


def _say_empty(figure: go.Figure, percent: bool) -> None:
    """Gives a chart without values the axes that are known: Plotly would make some up.

    They are no zoom to be kept: with the `uirevision` of a chart with values, Plotly would keep
    that the axes are fixed, and the next values would lie outside them.
    """
    figure.update_layout(uirevision="empty")
    figure.update_xaxes(range=[0, 1], showticklabels=False)
    figure.update_yaxes(
        type="linear", range=[0, 1], showticklabels=percent, showgrid=percent, zeroline=False
    )
    figure.add_annotation(
        text="No values yet", x=0.5, y=0.5, xref="paper", yref="paper", showarrow=False,
        font={"color": GREY},
    )  # fmt: skip


def _line(name: str, curve: Curve) -> go.Scatter:
    x, y = thin(*curve)
    mode = "lines+markers" if len(x) < 30 else "lines"
    return go.Scatter(x=x, y=y, name=name, mode=mode, line={"width": NARROW}, marker={"size": 5})


def _broaden(line: go.Scatter) -> None:
    line.line.width, line.marker.size, line.zorder = BROAD, BROAD + 3, -1


def _paired_lines(
    curves: Mapping[str, Curve], rival: Mapping[str, Curve], runs: tuple[str, str]
) -> list[go.Scatter]:
    """The lines of two runs. For a single quantity the legend names the runs; for several it names
    each quantity once, and the runs by a solid and a dashed entry without points.
    """
    names = list(dict.fromkeys([*curves, *rival]))
    is_single = len(names) < 2
    lines = []
    for run, dash, side in zip(runs, DASHES, (curves, rival), strict=True):
        for name, curve in side.items():
            is_second = side is rival and name in curves
            if is_second and _is_one_flat_line(curves[name], curve):
                continue  # the accuracy of raw pixels, for example, which no training changes
            line = _line(run if is_single else name, curve)
            line.line.dash = dash
            line.meta = {"colour": names.index(name)}  # of the theme, see live_figure.js
            line.showlegend = is_single or not is_second
            line.hovertemplate = f"%{{y}}<extra>{run if is_single else f'{name}, {run}'}</extra>"
            lines.append(line)
    return (
        lines
        if is_single
        else lines + [_legend_line(*each) for each in zip(runs, DASHES, strict=True)]
    )


def _is_one_flat_line(first: Curve, second: Curve) -> bool:
    return len(np.unique(np.concatenate([first[1], second[1]]))) == 1


def _legend_line(run: str, dash: str) -> go.Scatter:
    """An entry of the legend, without a point."""
    return go.Scatter(
        x=[None], y=[None], name=run, mode="lines", line={"width": 2, "dash": dash, "color": GREY}
    )
