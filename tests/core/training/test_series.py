"""Series: the scalars of a run, read as they come."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.training.metrics import keep_through
from core.training.run_folder import RunFolder
from core.training.series import MOST_SCALARS, Series


def append(run: RunFolder, *rows: dict[str, Any]) -> Path:
    path = run.path / "metrics.jsonl"
    with path.open("a") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    return path


def points(series: Series, name: str) -> list[tuple[int, float]]:
    steps, values = series.curve(name)
    return list(zip(steps.tolist(), values.tolist(), strict=True))


def test_a_run_without_metrics_has_empty_curves(new_run: Callable[..., RunFolder]) -> None:
    series = Series(new_run())
    series.update()
    assert series.names == []
    assert points(series, "loss") == []


def test_scalars_that_only_some_rows_have_keep_their_steps(
    new_run: Callable[..., RunFolder],
) -> None:
    run = new_run()
    series = Series(run)
    append(
        run, {"step": 0, "elapsed": 0.1, "accuracy": 0.2}, {"step": 1, "elapsed": 0.2, "loss": 3}
    )
    series.update()
    append(run, {"step": 2, "elapsed": 0.3, "loss": 2.5, "accuracy": 0.4})
    series.update()
    series.update()
    assert points(series, "loss") == [(1, 3.0), (2, 2.5)]
    assert points(series, "accuracy") == [(0, 0.2), (2, 0.4)]
    assert series.names == ["accuracy", "loss"]


def test_only_what_was_appended_is_read_again(new_run: Callable[..., RunFolder]) -> None:
    run = new_run()
    series = Series(run)
    path = append(run, *({"step": step, "loss": 1.0} for step in range(50)))
    series.update()
    content = path.read_bytes()
    with path.open("r+b") as file:  # in place, so it is the same file
        file.write(b"x" * len(content.splitlines()[0]))
    append(run, {"step": 50, "loss": 0.5})
    series.update()
    assert len(points(series, "loss")) == 51


def test_a_torn_last_line_waits_for_its_end(new_run: Callable[..., RunFolder]) -> None:
    run = new_run()
    series = Series(run)
    path = append(run, {"step": 1, "loss": 3.0})
    with path.open("a") as file:
        file.write('{"step": 2, "lo')
    series.update()
    assert points(series, "loss") == [(1, 3.0)]
    with path.open("a") as file:
        file.write('ss": 2.0}\n')
    series.update()
    assert points(series, "loss") == [(1, 3.0), (2, 2.0)]


def test_rows_that_a_resume_took_back_are_gone(new_run: Callable[..., RunFolder]) -> None:
    run = new_run()
    series = Series(run)
    path = append(run, *({"step": step, "loss": float(step)} for step in range(10)))
    series.update()
    keep_through(path, 4)
    append(run, *({"step": step, "loss": -1.0} for step in range(5, 12)))
    series.update()
    assert [step for step, _ in points(series, "loss")] == list(range(12))
    assert [value for _, value in points(series, "loss")][5:] == [-1.0] * 7


def test_only_so_many_scalars_are_kept(new_run: Callable[..., RunFolder]) -> None:
    run = new_run()
    append(run, *({"step": 1, f"a{number}": 1.0} for number in range(1000)))
    series = Series(run)
    series.update()
    assert len(series.names) == MOST_SCALARS
