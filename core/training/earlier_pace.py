"""What a step took in earlier runs: a better estimate than a few steps timed on a busy machine."""

from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from core.config import RunConfig
from core.training.metrics import Row
from core.training.pace import FREE, Pace
from core.training.records import Stamp, stamp
from core.training.run_folder import RunFolder, list_runs

LEAST_S = 3.0  # of steps, below which a run says too little
WARM_UP = 1  # the step that allocates, compiles and fills caches


def earlier_pace(method: str, config: RunConfig) -> Pace | None:
    """The pace of the newest run whose steps cost the same, trained on hardware like this.

    Settings that do not change the time of a step may differ. None where there is no such run, or
    it has trained too briefly. Imports torch.
    """
    wanted = _costs(type(config), config.model_dump(mode="json"))
    for run in list_runs():
        if run.method == method and _costs(type(config), run.config) == wanted:
            pace = _pace_of(run) if _is_like_here(run, config) else None
            if pace is not None:
                return pace
    return None


def _costs(kind: type[RunConfig], config: dict[str, Any]) -> dict[str, Any]:
    """The settings that change a step's time; those that an older run lacks are at default."""
    fields = kind.model_fields
    return {name: config.get(name, fields[name].default) for name in fields if name not in FREE}


def _is_like_here(run: RunFolder, config: RunConfig) -> bool:
    """Whether a run was trained with what a worker here would train with."""
    from core.methods.base import pick_device
    from core.training.checkpoint import made_with
    from core.training.provenance import provenance
    from core.training.slots import threads_per_worker

    here = provenance(pick_device(config.device), threads_per_worker())
    made = made_with(run)
    return all(made.get(name) == here[name] for name in ("hardware", "torch"))


def _pace_of(run: RunFolder) -> Pace | None:
    try:
        path = run.path / "metrics.jsonl"
        return _pace(run.path, stamp(path), *(int(run.config[name]) for name in _EVERY))
    except (OSError, LookupError, TypeError, ValueError, ArithmeticError):
        return None  # a folder may come from anywhere


_EVERY = ("steps", "eval_every", "snapshot_every", "checkpoint_every")


@lru_cache(64)
def _pace(
    path: Path,
    _stamp: Stamp,
    steps: int,
    eval_every: int,
    snapshot_every: int,
    checkpoint_every: int,
) -> Pace | None:
    """A pace from the times in a run's rows; None where they are too few."""
    rows, _ = RunFolder(path).metrics_since(0)
    plain: list[float] = []
    with_evaluation: list[float] = []
    after_snapshot: list[float] = []
    for before, row in pairwise(rows):
        step = int(row["step"])
        if step <= WARM_UP or step != before["step"] + 1:
            continue
        is_evaluated = step % eval_every == 0 or step == steps
        saved = [every for every in (snapshot_every, checkpoint_every) if (step - 1) % every == 0]
        seconds = _between(before, row)
        if not saved:
            (with_evaluation if is_evaluated else plain).append(seconds)
        elif not is_evaluated and snapshot_every in saved:
            after_snapshot.append(seconds)
    if sum(plain) < LEAST_S:
        return None
    step_s = _mean(plain)
    return Pace(
        step=step_s,
        evaluation=_beyond(step_s, with_evaluation, rows[0]["elapsed"]),
        snapshot=_beyond(step_s, after_snapshot, 0.0),
    )


def _beyond(step_s: float, seconds: list[float], otherwise: float) -> float:
    """What these steps take longer than a plain one, on average."""
    return max(0.0, _mean(seconds) - step_s) if seconds else otherwise


def _between(before: Row, row: Row) -> float:
    return max(0.0, float(row["elapsed"]) - float(before["elapsed"]))


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)
