"""How the pages write of runs: states, progress, key figures, ages."""

import time
from datetime import datetime

import streamlit as st

from core.registry import METHODS, metric_of
from core.training.run_folder import RunFolder
from core.training.run_names import RUN_ID
from core.training.status import State, Status

_LOOKS: dict[State, tuple[str, str]] = {  # colour and symbol
    "queued": ("gray", "hourglass_empty"),
    "starting": ("blue", "hourglass_top"),
    "running": ("blue", "motion_photos_on"),
    "paused": ("orange", "pause"),
    "stopped": ("gray", "stop"),
    "finished": ("green", "check"),
    "failed": ("red", "error"),
    "interrupted": ("orange", "power_off"),
}


def badge(state: State) -> None:
    """The state of a run as a badge."""
    colour, symbol = _LOOKS[state]
    st.badge(state, icon=f":material/{symbol}:", color=colour)  # type: ignore[arg-type]


def title_of(method: str) -> str:
    """The name of a method's page; the bare name for a method that this Glimpse does not know."""
    return METHODS[method].title if method in METHODS else method


def tab_title(page: str, run: str | None) -> str:
    """What a tab of the browser is called: Few-shot, run 04d8 · Glimpse."""
    if page == "Start":
        return "Glimpse"
    shown = "" if run is None or not RUN_ID.fullmatch(run) else f", run {run[-4:]}"
    return f"{page}{shown} · Glimpse"


def progress_line(status: Status, silent_s: float | None = None) -> str:
    """Step 340 of 1,000 · 52 steps/s · 13 s left; of a worker that is silent, for how long."""
    if not status.steps:
        return "How far it is cannot be read"
    parts = [f"Step {status.step:,} of {status.steps:,}"]
    if silent_s is not None:
        parts.append(f"no sign for {duration(silent_s)}")
    elif status.state == "running" and status.speed > 0:
        parts.append(f"{status.speed:.3g} steps/s")
        left = status.seconds_left
        if left is not None:
            parts.append(f"{duration(left)} left")
    elif status.elapsed > 0:
        parts.append(f"{duration(status.elapsed)} of training")
    return " · ".join(parts)


def share_done(status: Status) -> float:
    """How much of a run is done, from 0 to 1."""
    return min(1.0, status.step / status.steps) if status.steps else 0.0


def key_figure(run: RunFolder, status: Status) -> str:
    """Accuracy 95.3 %; empty before the first evaluation."""
    if status.key_value is None:
        return ""
    metric = metric_of(run.method, status.key_figure)
    if metric.unit == "%":
        return f"{metric.label} {100 * status.key_value:.1f} %"
    return f"{metric.label} {status.key_value:.4g}"


def key_figure_help(run: RunFolder, status: Status) -> str | None:
    """What a run's key figure is, where its name does not say it."""
    return metric_of(run.method, status.key_figure).meaning or None


def run_label(run: RunFolder) -> str:
    """A run's name in a menu: 23 Nov, 23:30 · 04d8. A folder that was renamed has its whole name.

    It never changes, since the browser sends a menu's choice back as its label.
    """
    made = datetime.fromtimestamp(run.created)
    name = run.id.rpartition("-")[2] if run.key == run.id else run.id
    return f"{made.day} {made:%b, %H:%M} · {name}"


def age(then: float) -> str:
    """3 minutes ago, for a time in seconds since the epoch."""
    seconds = max(0.0, time.time() - then)
    if seconds < 60:
        return "just now"
    for name, length in (("day", 86400), ("hour", 3600), ("minute", 60)):
        count = int(seconds // length)
        if count:
            return f"{count} {name}{'s' if count > 1 else ''} ago"
    return "just now"


def duration(seconds: float) -> str:
    """42 s, 3 min 20 s or 2 h 5 min; what would round to 0 s is under 1 s."""
    whole = round(seconds)
    if whole == 0 < seconds:
        return "under 1 s"
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def size(n_bytes: float) -> str:
    """12 kB, 3.4 MB or 1.2 GB."""
    for unit in ("bytes", "kB", "MB"):
        if n_bytes < 1000:
            return f"{n_bytes:.0f} {unit}" if unit != "MB" else f"{n_bytes:.1f} {unit}"
        n_bytes /= 1000
    return f"{n_bytes:.1f} GB"
