"""A run's folder: what it refuses, survives and hides."""

import io
import json
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, tzinfo
from pathlib import Path

import numpy as np
import pytest

from core.errors import GlimpseError
from core.training.locks import FileLock, is_held
from core.training.loop import train
from core.training.metrics import read_rows
from core.training.run_folder import (
    RunFolder,
    create_run,
    delete_run,
    list_runs,
    open_run,
    scan_runs,
)
from core.training.run_names import is_run
from core.training.series import Series
from core.training.status import Status

NewRun = Callable[..., RunFolder]


class Midnight(datetime):
    """A clock that stands still."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "Midnight":
        return cls(2026, 1, 1, tzinfo=tz)


@pytest.mark.parametrize(
    "name", ["..", "../secrets", "toy-20260101-000000-abcd/../..", "", "/etc", "toy", "a" * 300]
)
def test_an_id_never_leads_out_of_the_runs_folder(runs: Path, name: str) -> None:
    runs.mkdir()
    with pytest.raises(GlimpseError, match="There is no run"):
        open_run(name)


def test_a_link_out_of_the_runs_folder_is_refused(runs: Path, new_run: NewRun) -> None:
    real = new_run()
    outside = runs.parent / "toy-20260101-000000-beef"
    real.path.rename(outside)
    (runs / outside.name).symlink_to(outside)
    with pytest.raises(GlimpseError, match="There is no run"):
        open_run(outside.name)


def test_one_bad_folder_never_hides_the_others(runs: Path, new_run: NewRun) -> None:
    good, newer, torn, empty = new_run(), new_run(), new_run(), new_run()
    info = json.loads((newer.path / "run.json").read_text())
    (newer.path / "run.json").write_text(json.dumps(info | {"format": 2}))
    (torn.path / "run.json").write_text('{"format": 1, "meth')
    (empty.path / "run.json").unlink()
    (runs / "notes.txt").write_text("not a run")
    scan = scan_runs()
    assert [run.id for run in scan.runs] == [good.id]
    assert "newer Glimpse (format 2, this one reads 1)" in scan.problems[newer.id]
    assert "damaged" in scan.problems[torn.id] and "missing" in scan.problems[empty.id]


def test_an_id_that_is_taken_is_drawn_again(
    new_run: NewRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter(["aaaa", "aaaa", "aaaa", "bbbb"])
    monkeypatch.setattr("core.training.run_folder.secrets.token_hex", lambda _: next(drawn))
    monkeypatch.setattr("core.training.run_folder.datetime", Midnight)
    assert [new_run().id[-4:], new_run().id[-4:]] == ["aaaa", "bbbb"]


def test_runs_are_listed_newest_first(new_run: NewRun) -> None:
    ids = [(run.created, run.id) for run in (new_run(), new_run(), new_run())]
    assert [(run.created, run.id) for run in list_runs()] == sorted(ids, reverse=True)


def test_a_torn_last_line_waits_and_a_damaged_one_is_skipped(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    path.write_text('{"step": 1, "loss": 2.0}\nnot json\n[3]\n{"step": 2, "lo')
    rows, offset = read_rows(path)
    assert rows == [{"step": 1, "loss": 2.0}]
    with path.open("a") as file:
        file.write('ss": 1.0}\n')
    assert read_rows(path, offset)[0] == [{"step": 2, "loss": 1.0}]


def test_a_dead_writer_is_recognised_and_a_living_one_is_not(new_run: NewRun) -> None:
    run = new_run()
    run.write_status(Status("running", step=3, steps=9))
    assert run.status().state == "interrupted"
    with FileLock(run.path / "lock") as lock:
        assert lock.acquire()
        assert is_held(run.path / "lock")
        assert run.status().state == "running"
    assert run.status().state == "interrupted"


def test_a_worker_that_never_came_up_is_interrupted_after_the_grace(
    new_run: NewRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = new_run()
    assert run.status().state == "starting"
    later = time.time() + 90
    monkeypatch.setattr("core.training.run_folder.time.time", lambda: later)
    assert run.status().state == "interrupted"


@pytest.mark.parametrize("content", ["", "{", "[]", '{"state": 3, "step": {}', "null"])
def test_a_damaged_status_is_a_sentence(new_run: NewRun, content: str) -> None:
    run = new_run()
    (run.path / "status.json").write_text(content)
    assert run.status().state == "interrupted"
    assert "damaged" in run.status().message


def test_delete_refuses_a_run_that_trains(new_run: NewRun) -> None:
    run = new_run()
    with FileLock(run.path / "lock") as lock:
        lock.acquire()
        run.write_status(Status("running"))
        with pytest.raises(GlimpseError, match="stop it, then delete it"):
            run.delete()
    run.write_status(Status("stopped"))
    run.delete()
    assert not run.path.exists() and list_runs() == []


def test_a_run_at_rest_cannot_be_asked_to_pause(new_run: NewRun) -> None:
    run = new_run()
    run.write_status(Status("finished"))
    with pytest.raises(GlimpseError, match="finished, so there is nothing to pause"):
        run.request("pause")


def test_an_archive_opens_elsewhere_as_the_same_run(
    tmp_path: Path, new_run: NewRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = new_run()
    train(run)
    with zipfile.ZipFile(io.BytesIO(run.archive())) as archive:
        archive.extractall(tmp_path / "elsewhere")
    monkeypatch.setenv("GLIMPSE_RUNS", str(tmp_path / "elsewhere"))
    copy = open_run(run.id)
    assert copy.metrics() == run.metrics() and copy.status() == run.status()
    np.testing.assert_array_equal(copy.snapshot(40)["weight"], run.snapshot(40)["weight"])


def test_a_damaged_snapshot_is_a_sentence(new_run: NewRun) -> None:
    run = new_run(steps=10)
    train(run)
    (run.path / "snapshots" / "00000010.safetensors").write_bytes(b"\x00" * 9)
    with pytest.raises(GlimpseError, match="picture of step 10 is missing or damaged"):
        run.snapshot(10)
    assert run.snapshot(0)


def test_a_runs_folder_that_cannot_be_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("GLIMPSE_RUNS", str(tmp_path / "file" / "runs"))
    with pytest.raises(GlimpseError, match=r"cannot be used .*: set GLIMPSE_RUNS"):
        create_run("toy", {}, 1)
    assert list_runs() == []


@pytest.mark.parametrize("name", ["my best", "maml-1.2 (copy)", "Прогон", "run.2"])
def test_a_folder_that_was_renamed_is_a_run_of_its_new_name(
    runs: Path, new_run: NewRun, name: str
) -> None:
    run = new_run()
    run.path.rename(runs / name)
    assert [each.id for each in list_runs()] == [name]
    assert open_run(name).created == run.created
    assert open_run(name).key.isascii() and open_run(name).key != name
    assert is_run(name) and not is_run(f"{name}?")
    open_run(name).write_status(Status("stopped"))
    open_run(name).delete()
    assert list_runs() == []


def test_a_folder_under_a_name_that_cannot_be_shown_is_a_problem_and_can_be_deleted(
    runs: Path, new_run: NewRun
) -> None:
    for name in ("a\nb", " a", "a" * 200, "caf\udce9", "a\\b"):
        new_run().path.rename(runs / name)
    scan = scan_runs()
    assert scan.runs == [] and len(scan.problems) == 5
    for name, sentence in scan.problems.items():
        assert "rename the folder" in sentence and sentence.isprintable()
        delete_run(name)
    assert scan_runs().problems == {}


def test_folders_that_are_no_runs_are_neither_listed_nor_deleted(runs: Path) -> None:
    (runs / "notes").mkdir(parents=True)
    (runs / ".slots").mkdir()
    assert scan_runs().problems == {}
    for name in ("notes", ".slots", "..", ".", "", "/", "gone"):
        with pytest.raises(GlimpseError, match="There is no run"):
            delete_run(name)
    assert (runs / "notes").is_dir() and (runs / ".slots").is_dir()


def test_a_run_that_was_deleted_in_another_tab_is_said_to_be(new_run: NewRun) -> None:
    run = new_run()
    run.write_status(Status("paused"))
    assert run.status().state == "paused"
    open_run(run.id).delete()
    for act in (run.status, run.delete, lambda: run.request("stop")):
        with pytest.raises(GlimpseError, match="was deleted"):
            act()


def test_deleting_what_a_link_stands_for_leaves_what_it_points_to(
    runs: Path, new_run: NewRun, tmp_path: Path
) -> None:
    elsewhere = new_run().path.rename(tmp_path / "elsewhere")
    link = runs / "toy-20260101-000000-beef"
    link.symlink_to(elsewhere)
    assert "a file or a link" in scan_runs().problems[link.name]
    delete_run(link.name)
    assert not link.is_symlink() and (elsewhere / "run.json").exists()


def test_a_queued_run_of_the_future_gives_no_sign_of_life(
    new_run: NewRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = new_run()
    assert run.status().state == "starting"
    an_hour_ago = time.time() - 3600  # the clock went back
    monkeypatch.setattr("core.training.status.time.time", lambda: an_hour_ago)
    assert run.status().state == "interrupted"


def test_a_snapshot_of_another_shape_than_the_first_is_a_sentence(new_run: NewRun) -> None:
    run = new_run(steps=10)
    train(run)
    run.write_snapshot(10, {"weight": np.zeros(2, np.float32)})
    with pytest.raises(GlimpseError, match=r"weight has the shape \(2,\), at first \(3,\)"):
        run.snapshot(10)


def test_files_that_are_no_snapshots_are_no_steps(new_run: NewRun) -> None:
    run = new_run()
    run.write_snapshot(3, {"weight": np.zeros(3)})
    for name in ("1abc", "1", "-0000001", "٠٠٠٠٠٠٠١", ".00000001.safetensors.12.part"):
        (run.path / "snapshots" / f"{name}.safetensors").touch()
    assert run.snapshot_steps() == [3]


def test_a_long_file_of_metrics_is_read_a_little_at_a_time(
    new_run: NewRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("metrics", "series"):
        monkeypatch.setattr(f"core.training.{module}.CHUNK_BYTES", 1000)
    run = new_run()
    rows = [{"step": step, "loss": float(step)} for step in range(200)]
    lines = [json.dumps(row) for row in rows]
    lines.insert(50, "x" * 5000)  # longer than what is read at once
    (run.path / "metrics.jsonl").write_text("\n".join(lines) + "\n")
    assert run.metrics() == rows
    series = Series(run)
    behind = []
    for update in (series.update_a_little, series.update):
        update()
        behind.append((series.is_behind, len(series.curve("loss")[0])))
    assert behind[0][0] and 0 < behind[0][1] < 50
    assert behind[1] == (False, 200)
    assert series.curve("loss")[0].tolist() == list(range(200))


def test_metrics_beyond_what_a_run_writes_are_not_read(new_run: NewRun) -> None:
    run = new_run()
    with (run.path / "metrics.jsonl").open("wb") as file:
        file.truncate(1 << 30)
    with pytest.raises(GlimpseError, match="larger than"):
        run.metrics_since(0)


def test_seconds_left_follow_from_speed() -> None:
    status = Status("running", step=40, steps=100, speed=3.0)
    assert status.seconds_left == pytest.approx(20.0)
    assert replace(status, speed=0.0).seconds_left is None
