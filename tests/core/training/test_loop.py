"""The loop: a run resumed is the run not interrupted; what goes wrong costs nothing."""

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from safetensors.torch import load_file

from core.training.checkpoint import load_newest
from core.training.launcher import requeue
from core.training.loop import train
from core.training.run_folder import RunFolder
from core.training.status import Status
from core.training.worker import work
from tests.helpers.toy import Toy
from tests.helpers.training import final_bytes, pause_at, scalars

NewRun = Callable[..., RunFolder]


def test_every_step_has_one_row_and_what_was_due(new_run: NewRun) -> None:
    run = new_run(steps=25)
    status = train(run)
    rows = run.metrics()
    assert status.state == "finished" and run.status().step == 25
    assert [row["step"] for row in rows] == list(range(26))
    assert [row["step"] for row in rows if "error" in row] == [0, 10, 20, 25]
    assert run.snapshot_steps() == [0, 10, 20, 25]
    assert run.checkpoint_steps() == [20, 25]
    assert rows[-1]["error"] < rows[0]["error"]
    assert run.status().key_value == rows[-1]["error"]


def test_a_paused_and_resumed_run_is_the_uninterrupted_one(new_run: NewRun) -> None:
    straight, broken = new_run(), new_run()
    train(straight)
    assert train(broken, pause_at(broken, 13)).state == "paused"
    assert broken.checkpoint_steps()[-1] == 13
    broken.clear_request()
    assert train(broken).state == "finished"
    assert final_bytes(broken) == final_bytes(straight)
    assert scalars(broken) == scalars(straight)


def test_rows_newer_than_the_checkpoint_go_on_resume(new_run: NewRun) -> None:
    straight, crashed = new_run(), new_run()
    train(straight)

    def crash(_status: Status, row: dict[str, float]) -> None:
        if row["step"] == 27:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(crashed, crash)
    assert crashed.metrics()[-1]["step"] == 27 and crashed.checkpoint_steps()[-1] == 20
    with (crashed.path / "metrics.jsonl").open("a") as file:
        file.write('{"step": 28, "lo')
    train(crashed)
    assert scalars(crashed) == scalars(straight)
    assert final_bytes(crashed) == final_bytes(straight)


def test_a_different_seed_is_a_different_run(new_run: NewRun) -> None:
    first, second = new_run(seed=1), new_run(seed=2)
    train(first)
    train(second)
    assert final_bytes(first) != final_bytes(second)


def test_a_loss_that_is_not_finite_stops_the_run_and_keeps_the_checkpoint(new_run: NewRun) -> None:
    run = new_run(breaks_at=33)
    status = work(run)
    assert status.state == "failed" == run.status().state
    assert "step 33" in status.message and "learning rate" in status.message
    assert "step 30 is kept" in status.message
    assert run.metrics()[-1]["step"] == 32
    assert load_newest(run) is not None


def test_weights_that_are_not_finite_never_become_a_checkpoint(new_run: NewRun) -> None:
    run = new_run(poisons_at=20)
    status = work(run)
    assert status.state == "failed" and "learning rate" in status.message
    kept = load_newest(run)
    assert kept is not None and kept.step == 10
    assert all(bool(tensor.isfinite().all()) for tensor in kept.state.values())


def test_a_damaged_checkpoint_falls_back_to_the_one_before(new_run: NewRun) -> None:
    straight, damaged = new_run(), new_run()
    train(straight)
    train(damaged, pause_at(damaged, 25))
    newest = damaged.checkpoint_path(25)
    content = bytearray(newest.read_bytes())
    content[-3] ^= 0xFF  # a bit flip that safetensors itself does not notice
    assert load_file(newest)
    newest.write_bytes(content)
    damaged.clear_request()
    train(damaged)
    assert final_bytes(damaged) == final_bytes(straight)
    assert scalars(damaged) == scalars(straight)


@pytest.mark.parametrize("keep", [0, 4, 40, 200])
def test_truncated_checkpoints_are_one_sentence(new_run: NewRun, keep: int) -> None:
    run = new_run()
    train(run, pause_at(run, 25))
    for step in run.checkpoint_steps():
        path = run.checkpoint_path(step)
        path.write_bytes(path.read_bytes()[:keep])
    run.clear_request()
    status = work(run)
    assert status.state == "failed"
    assert "damaged" in status.message and "start a new run" in status.message
    assert run.metrics()[-1]["step"] == 25, "the metrics are still there"


def test_settings_that_no_longer_fit_fail_with_the_field(new_run: NewRun) -> None:
    run = new_run()
    info = (run.path / "run.json").read_text().replace('"lr": 0.02', '"lr": -1')
    (run.path / "run.json").write_text(info)
    status = work(RunFolder(run.path))
    assert status.state == "failed" and "lr -1 cannot be used" in status.message


def test_a_full_disk_is_one_sentence_and_keeps_the_last_checkpoint(
    new_run: NewRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = new_run()
    real_fsync = os.fsync

    def full_after_step_20(descriptor: int) -> None:
        if run.checkpoint_steps()[-1:] == [20]:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real_fsync(descriptor)

    monkeypatch.setattr("core.training.files.os.fsync", full_after_step_20)
    status = work(run)
    assert status.state == "failed"
    assert "is full: free some space and resume" in status.message
    monkeypatch.undo()
    monkeypatch.setenv("GLIMPSE_RUNS", str(run.path.parent))
    assert not list(Path(run.path).rglob("*.part")), "nothing half-written stays behind"
    newest = load_newest(run)
    assert newest is not None and newest.step == 20


def test_a_resumed_run_goes_on_with_the_step_and_key_figure_of_its_checkpoint(
    new_run: NewRun,
) -> None:
    run = new_run(eval_every=10, checkpoint_every=10)
    work(run, pause_at(run, 25))
    errors = {row["step"]: row["error"] for row in run.metrics() if "error" in row}
    run.checkpoint_path(25).unlink()  # as though it had been killed after step 20
    requeue(run)
    assert (run.recorded_status().state, run.recorded_status().step) == ("queued", 20)

    seen: list[Status] = []
    real = RunFolder.write_status

    def note(folder: RunFolder, status: Status) -> None:
        seen.append(status)
        real(folder, status)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RunFolder, "write_status", note)
        work(run, lambda status, _row: seen.append(status))
    assert seen[0].state == "starting" and seen[1].state == "running"
    assert min(status.step for status in seen) == 20
    assert {status.key_value for status in seen if 20 <= status.step < 30} == {errors[20]}
    assert seen[1].elapsed > 0


def test_a_folder_that_is_deleted_under_its_training_is_said_to_be(new_run: NewRun) -> None:
    run = new_run(steps=4000)

    def delete(_status: Status, row: dict[str, float]) -> None:
        if row["step"] == 5:
            shutil.rmtree(run.path)

    status = work(run, delete)
    assert status.state == "failed"
    assert (
        "was deleted or moved while it trained" in status.message
        and "GLIMPSE" not in status.message
    )
    assert not run.path.exists(), "nothing of it comes back"


def test_what_killed_writers_left_is_swept_when_the_run_is_locked(new_run: NewRun) -> None:
    run = new_run()
    left = [".status.json.1.part", "snapshots/.00000010.safetensors.2.part", ".control.3.part",
            "checkpoints/.00000010.safetensors.4.part", ".metrics.jsonl.5.part"]  # fmt: skip
    for name in left:
        (run.path / name).write_bytes(b"half")
        os.utime(run.path / name, (1.0, 1.0))
    young = run.path / ".control.6.part"  # a person presses Pause at this moment
    young.touch()
    outside = run.path.parent / ".theirs.7.part"
    outside.touch()
    work(run)
    assert [path.name for path in run.path.rglob("*.part")] == [young.name]
    assert outside.exists()


def test_an_error_in_the_code_leaves_its_trace_in_the_log_alone(
    new_run: NewRun, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def break_down(_method: Toy, _step: int) -> dict[str, float]:
        raise RuntimeError("first line\nsecond line")

    run = new_run()
    monkeypatch.setattr(Toy, "step", break_down)
    status = work(run)
    assert status.message == (
        "The worker failed (RuntimeError: first line); see log.txt in the run's folder."
    )
    assert "second line" in (run.path / "log.txt").read_text()
    assert capfd.readouterr() == ("", "")
