"""The charts of the live view: the scalars of a run over its steps, or those of two runs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

import streamlit as st

from core.figures.curves import training_curves
from core.registry import metric_of
from core.training.run_folder import RunFolder
from core.training.series import Curve, Series
from core.training.status import Status
from pages.parts.components.live_figure.live_figure import live_figure
from pages.parts.plain_text import plain
from pages.parts.training.followed_run import FollowedRun

CHART_HEIGHT = 280
RIVAL_HEIGHT = 40  # more, for the lines of the legend that name two runs


@dataclass(frozen=True)
class Panel:
    """A chart of the live view: the scalars it shows. `percent` is for fractions.

    Scalars that are `broad` have a broad line, which is seen beneath another that covers it.
    `colours` are of scalars that have the same colour elsewhere on the page. `note` stands below
    the chart and explains what a reader might misunderstand.
    """

    title: str
    names: Sequence[str]
    percent: bool = False
    log: bool = False
    broad: Sequence[str] = ()
    note: str = ""
    colours: Mapping[str, str] = field(default_factory=dict)


Panels = Sequence[Panel] | Callable[[RunFolder, Status], Sequence[Panel]]


def panels_of(run: RunFolder, status: Status, panels: Panels | None) -> Sequence[Panel]:
    """The panels of a run; its loss and its key figure where a page names none."""
    if panels is None:
        return _default_panels(run, status)
    return panels(run, status) if callable(panels) else panels


def draw_charts(
    followed: Sequence[FollowedRun], series: Sequence[Series], panels: Sequence[Sequence[Panel]]
) -> None:
    """One chart per panel of the first run; a second run is drawn into the same charts."""
    for place, (column, panel) in enumerate(
        zip(st.columns(len(panels[0])), panels[0], strict=True)
    ):
        notes = [of_run[place].note for of_run in panels if place < len(of_run)]
        with column:
            _draw_chart(followed, series, panel)
            for note in _distinct_notes(followed, notes):
                st.caption(note)


def _default_panels(run: RunFolder, status: Status) -> list[Panel]:
    loss = Panel("Loss", ["loss"])
    name = status.key_figure
    if not name:
        return [loss]
    metric = metric_of(run.method, name)
    return [loss, Panel(metric.label, [name], percent=metric.unit == "%")]


def _draw_chart(followed: Sequence[FollowedRun], series: Sequence[Series], panel: Panel) -> None:
    method = followed[0].run.method
    curves = [_curves(method, each, panel) for each in series]
    broad = [metric_of(method, name).label for name in panel.broad]
    colours = {metric_of(method, name).label: each for name, each in panel.colours.items()}
    look = (panel.percent, panel.log, broad, colours)
    if len(followed) == 1:
        figure = training_curves(curves[0], panel.title, *look)
        height = CHART_HEIGHT
    else:
        names = escape(followed[0].name), escape(followed[1].name)  # Plotly's texts are HTML
        figure = training_curves(curves[0], panel.title, *look, curves[1], names)
        height = CHART_HEIGHT + RIVAL_HEIGHT
    live_figure(
        figure,
        key=f"{method}-curve-{panel.title}",
        height=height,
        alt=f"{panel.title} over the steps of the run",
    )


def _curves(method: str, series: Series, panel: Panel) -> dict[str, Curve]:
    shown = [name for name in panel.names if name in series.names]
    return {metric_of(method, name).label: series.curve(name) for name in shown}


def _distinct_notes(followed: Sequence[FollowedRun], notes: Sequence[str]) -> list[str]:
    """The notes below a chart, each with the name of its run where two runs have different ones."""
    different = list(dict.fromkeys(filter(None, notes)))
    if len(different) < 2:
        return different
    return [f"**{plain(each.name)}**: {note}" for each, note in zip(followed, notes, strict=True)]
