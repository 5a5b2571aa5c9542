"""The queue: its order, what counts as waiting, and how little it costs to wait."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from core.errors import GlimpseError
from core.methods.few_shot.config import FewShotConfig
from core.paths import PROJECT
from core.training import launcher, queue
from core.training.locks import FileLock, process_in
from core.training.queue import enqueue, is_next, wait_for_slot, waiting, waits_for
from core.training.run_folder import RunFolder
from core.training.slots import take_slot
from core.training.status import Status
from tests.helpers.training import state, wait_until

NewRun = Callable[..., RunFolder]


@pytest.fixture(autouse=True)
def one_slot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLIMPSE_SLOTS", "1")


@pytest.fixture
def taken_slot() -> Iterator[FileLock]:
    """The only slot, held by this test."""
    slot = take_slot("maml-20260101-000000-beef")
    assert slot is not None
    with slot:
        yield slot


def set_age(place: queue.Place, seconds: float) -> None:
    then = time.time() - seconds
    os.utime(place.path, (then, then))


def test_places_are_in_the_order_of_their_times_and_kept() -> None:
    for run_id, at in (("late", 9e9), ("early", 5.5), ("middle", 1234567890.25)):
        enqueue(run_id, at)
    enqueue("early", 9.9e9)  # it has a place already
    assert [place.run_id for place in waiting()] == ["early", "middle", "late"]


@pytest.mark.parametrize(("age", "waits"), [(5.0, True), (90.0, False), (-5.0, False)])
def test_a_place_that_was_never_held_counts_for_a_moment(age: float, waits: bool) -> None:
    """A worker may still be starting. A time in the future is no sign of that."""
    place = enqueue("run", 1.0)
    set_age(place, age)
    assert [*map(str, waiting())] == ([str(place)] if waits else [])
    assert place.path.exists() == waits, "what a dead process has left is deleted"


def test_a_place_counts_as_long_as_it_is_held_and_not_longer() -> None:
    place = enqueue("run", 1.0)
    with FileLock(place.path) as lock:
        assert lock.acquire()
        set_age(place, -1e6)
        assert waiting() == [place]
        set_age(place, 1e6)
        assert waiting() == [place]
    set_age(place, 1.0)  # its process has died a second ago
    assert waiting() == []


def test_a_run_starts_at_once_only_into_a_free_slot_with_nobody_waiting() -> None:
    enqueue("own", 2.0)
    assert is_next("own")
    with take_slot("other") or pytest.fail("a slot is free"):
        assert not is_next("own")
    ahead = enqueue("ahead", 1.0)
    assert not is_next("own")
    ahead.path.unlink()
    assert is_next("own")


@pytest.mark.usefixtures("taken_slot")
def test_what_a_run_waits_for_is_said(tmp_path: Path) -> None:
    place = enqueue("own", 3.0)
    sentences: list[str] = []

    def tell(sentence: str) -> None:
        sentences.append(sentence)
        (tmp_path / "control").write_text("pause")

    assert wait_for_slot(tmp_path, place, tell) is None
    assert sentences == ["Waits for a free slot while maml-20260101-000000-beef trains."]
    enqueue("first", 1.0)
    assert waits_for("own").startswith("Waits behind run first, while maml-")
    enqueue("second", 2.0)
    assert waits_for("own").startswith("Waits behind 2 runs, the last of them second, while maml-")
    assert waits_for("stranger") == ""


@pytest.mark.usefixtures("taken_slot")
def test_the_status_of_a_run_that_waits_says_for_what(new_run: NewRun) -> None:
    run = new_run()
    enqueue(run.id, 1.0)
    with FileLock(run.path / "lock") as lock:
        assert lock.acquire()
        assert run.status().message == waits_for(run.id) != ""
        run.write_status(Status("running", message="as it is"))
        assert run.status().message == "as it is"


@pytest.mark.usefixtures("taken_slot")
def test_a_run_whose_folder_is_deleted_waits_no_longer(tmp_path: Path) -> None:
    assert wait_for_slot(tmp_path / "gone", enqueue("own", 1.0)) is None


def test_who_waits_looks_once_a_second_and_at_no_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, taken_slot: FileLock, new_run: NewRun
) -> None:
    for _ in range(5):
        new_run()
    place = enqueue("own", time.time())
    naps: list[float] = []

    def nap(seconds: float) -> None:
        naps.append(seconds)
        if len(naps) == 3:
            taken_slot.release()

    seen: list[str] = []

    def noting(act: Callable[..., Any]) -> Callable[..., Any]:
        def noted(path: object, *rest: Any, **named: Any) -> Any:
            seen.append(str(path))
            return act(path, *rest, **named)

        return noted

    with monkeypatch.context() as patch:
        patch.setattr("core.training.queue.time.sleep", nap)
        for name in ("open", "listdir", "scandir", "stat", "lstat"):
            patch.setattr(os, name, noting(getattr(os, name)))
        slot = wait_for_slot(tmp_path, place)
    assert slot is not None and naps == [1.0] * 3
    slot.release()
    assert any(path.endswith("control") for path in seen), "what is opened is noted"
    assert not [path for path in seen if "toy-" in path]


@pytest.mark.parametrize("name", ["run.json", "a folder", "0 pipe", "nan x", "0 a b", "\n \n"])
def test_a_strange_file_in_the_queue_holds_nobody(name: str, tmp_path: Path) -> None:
    place = enqueue("own", time.time())
    strange = place.path.parent / name
    if "folder" in name:
        strange.mkdir()
    elif "pipe" in name:
        os.mkfifo(strange)
    else:
        strange.touch()
    os.utime(strange, (1.0, 1.0))
    slot = wait_for_slot(tmp_path, place)
    assert slot is not None
    slot.release()


def test_the_queue_has_room_for_so_many(monkeypatch: pytest.MonkeyPatch, new_run: NewRun) -> None:
    monkeypatch.setattr(queue, "MOST_WAITING", 3)
    ended = new_run()
    ended.write_status(ended.recorded_status().__class__(state="paused"))
    for index in range(3):
        enqueue(f"run{index}", index)
    before = sorted(ended.path.parent.iterdir())
    with pytest.raises(GlimpseError, match="3 runs wait already: stop some of them"):
        launcher.launch("maml", FewShotConfig())
    with pytest.raises(GlimpseError, match="3 runs wait already"):
        launcher.resume(ended)
    assert sorted(ended.path.parent.iterdir()) == before, "and no folder is left"
    assert state(ended) == "paused"


def test_to_wait_takes_nothing_but_python() -> None:
    code = (
        "import sys; from core.training import worker; "
        "sys.exit(any(name in sys.modules for name in ('torch', 'numpy', 'pydantic')))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=PROJECT).returncode == 0


LAUNCH = (
    "from core.training import launcher; from core.methods.few_shot.config import FewShotConfig;"
    "config = FewShotConfig(source='sinusoids', inner_lr=0.01, steps=2, eval_tasks=8);"
    "print(launcher.launch('maml', config).id, launcher._warm)"
)


@pytest.mark.slow
def test_a_queued_run_takes_little_memory_and_starts_though_its_server_has_ended(
    runs: Path, taken_slot: FileLock
) -> None:
    command = [sys.executable, "-c", LAUNCH]
    server = subprocess.run(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True, check=True)
    run_id, warm = server.stdout.split()
    assert warm == "None", "a program that is no server keeps no worker waiting"
    run = RunFolder(runs / run_id)
    wait_until(run.is_held, "the run to wait", 120)
    assert state(run) == "queued"
    if Path("/proc").is_dir():
        assert megabytes(run) < 40
    taken_slot.release()
    wait_until(lambda: state(run) == "finished", "the end of the run", 240)
    assert [row["step"] for row in run.metrics()] == [0, 1, 2] and not waiting()


def megabytes(run: RunFolder) -> float:
    """The memory of the process that holds a run."""
    pages = Path(f"/proc/{process_in(run.path / 'lock')}/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6
