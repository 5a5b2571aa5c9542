"""The Runs page: what it lists, what can be done from it, and what is asked first."""

import io
import json
import os
import time
import zipfile
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.errors import GlimpseError
from core.registry import load_method
from core.training import launcher
from core.training.locks import FileLock
from core.training.run_folder import RunFolder, list_runs
from pages.parts.training.run_buttons import resume
from tests.helpers.run_folders import run_of

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def page() -> AppTest:
    return AppTest.from_file(str(PROJECT / "pages/runs.py"), default_timeout=20)


def words(page: AppTest) -> str:
    assert not page.exception
    boxes = [*page.markdown, *page.caption, *page.warning, *page.error]
    return "\n".join([*(box.value for box in boxes), *(bar.text for bar in page.progress)])


def test_an_empty_folder_says_what_to_do(page: AppTest) -> None:
    assert "No runs yet" in words(page.run())


def test_every_run_has_method_state_progress_key_figure_and_age(page: AppTest) -> None:
    run = run_of("simclr", "finished", key_figure="knn_accuracy")
    shown = words(page.run())
    for what in ("Embeddings", "finished", "Step 30 of 100", "k-NN accuracy 75.0 %", "just now"):
        assert what in shown
    assert run.id in shown


def test_the_figure_of_completions_is_said_to_be_a_mean_over_masks(page: AppTest) -> None:
    run_of("inpainting", "finished", key_figure="ssim")
    run_of("simclr", "finished", key_figure="knn_accuracy")
    assert "SSIM 0.75" in words(page.run())
    helps = {box.value: box.help for box in page.markdown}
    assert "the mean over four kinds of mask" in helps["SSIM 0.75"]
    assert not helps["k-NN accuracy 75.0 %"]


def test_a_method_of_another_glimpse_is_listed_and_cannot_be_opened(page: AppTest) -> None:
    run = run_of("diffusion", "finished")
    assert "diffusion" in words(page.run())
    assert f"open-{run.id}" not in [button.key for button in page.button]


def test_what_can_be_done_depends_on_the_state(page: AppTest) -> None:
    paused, finished = run_of("maml", "paused"), run_of("maml", "finished")
    page.run()
    keys = {button.key for button in page.button}
    assert {f"Resume-{paused.id}", f"Delete-{paused.id}", f"Delete-{finished.id}"} <= keys
    assert f"Resume-{finished.id}" not in keys
    assert not any(key.startswith("Stop-") for key in keys if key)


def test_an_interrupted_run_is_resumed(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    run = run_of("maml", "running")  # nobody holds its lock: its worker is dead
    resumed: list[str] = []
    monkeypatch.setattr(launcher, "resume", lambda run: resumed.append(run.id))
    assert "interrupted" in words(page.run())
    page.button(key=f"Resume-{run.id}").click().run()
    assert resumed == [run.id]


def test_deleting_is_asked_first(page: AppTest) -> None:
    doomed, kept = run_of("maml", "finished"), run_of("simclr", "finished")
    page.run()
    page.button(key=f"Delete-{doomed.id}").click().run()
    assert doomed.path.exists()
    assert "cannot be undone" in words(page)
    page.button(key="keep").click().run()
    assert "cannot be undone" not in words(page)
    page.button(key=f"Delete-{doomed.id}").click().run()
    page.button(key="delete").click().run()
    assert not page.exception
    assert [run.id for run in list_runs()] == [kept.id]


def test_a_run_that_is_gone_meanwhile_is_no_error(page: AppTest) -> None:
    run = run_of("maml", "finished")
    page.run()
    page.button(key=f"Delete-{run.id}").click().run()
    run.delete()
    assert "No runs yet" in words(page.run())


def test_damaged_and_newer_folders_are_said_and_hide_nothing(page: AppTest) -> None:
    fine, damaged, newer = (run_of("maml", "finished") for _ in range(3))
    (damaged.path / "run.json").write_text("{")
    info = json.loads((newer.path / "run.json").read_text())
    (newer.path / "run.json").write_text(json.dumps(info | {"format": 99}))
    shown = words(page.run())
    assert fine.id in shown
    assert f"{damaged.id} cannot be opened" in shown
    assert f"{newer.id} was made by a newer Glimpse" in shown


def test_many_runs_are_a_page_at_a_time(page: AppTest) -> None:
    for _ in range(14):
        run_of("maml", "finished", step=0)
    page.run()
    assert not page.exception
    opened = [button.key for button in page.button if str(button.key).startswith("open-")]
    assert len(opened) == 12


def test_the_zip_holds_the_folder() -> None:
    run: RunFolder = run_of("maml", "finished")
    with zipfile.ZipFile(io.BytesIO(run.archive())) as archive:
        names = set(archive.namelist())
    assert {f"{run.id}/run.json", f"{run.id}/metrics.jsonl", f"{run.id}/status.json"} <= names


def test_a_damaged_run_is_deleted_after_a_question(page: AppTest) -> None:
    damaged, kept = run_of("maml", "finished"), run_of("maml", "finished")
    (damaged.path / "run.json").write_text("{")
    page.run()
    page.button(key=f"Delete-{damaged.id}").click().run()
    assert "its run.json is damaged" in words(page) and damaged.path.exists()
    page.button(key="delete").click().run()
    assert damaged.id not in words(page) and not damaged.path.exists()
    assert kept.path.exists()


def test_a_renamed_run_is_a_run(page: AppTest) -> None:
    run = run_of("maml", "finished")
    renamed = run.path.rename(run.path.with_name("my best (copy)"))
    assert "my best (copy)" in words(page.run())
    keys = [button.key for button in page.button]
    assert f"open-{RunFolder(renamed).key}" in keys
    assert not any("my best" in str(key) for key in keys), "no name from outside is a key"


@pytest.mark.parametrize("damage", ["method", "settings", "checkpoints"])
def test_a_run_that_can_never_go_on_is_not_offered_resume(page: AppTest, damage: str) -> None:
    method, rate = ("diffusion" if damage == "method" else "maml"), -(damage == "settings") or 1
    run = run_of(method, "paused", inner_lr=rate)
    if damage == "settings":
        load_method("maml")  # as the server does in the background
    if damage == "checkpoints":
        run.checkpoint_path(30).write_bytes(b"torn")
    reasons = {"method": "no method diffusion", "settings": "inner_lr -1 cannot be used",
               "checkpoints": "Every checkpoint of this run is damaged"}  # fmt: skip
    assert reasons[damage] in words(page.run())
    assert f"Resume-{run.id}" not in [button.key for button in page.button]


def test_text_of_a_run_is_never_markdown(page: AppTest) -> None:
    run_of("maml", "failed", message="![x](http://a.b/c.png) <b>x</b>")
    shown = words(page.run())
    assert r"!\[x\](http:" in shown and r"\<b\>x\</b\>" in shown


def test_a_worker_that_gives_no_sign_is_said_to_be_silent(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, ended = run_of("maml", "running"), list[str]()
    monkeypatch.setattr("core.training.ending.end_worker", lambda run: ended.append(run.id))
    with FileLock(run.path / "lock") as lock:
        assert lock.acquire()
        a_while_ago = time.time() - 90
        os.utime(lock.path, (a_while_ago, a_while_ago))
        assert "no sign for 1 min 3" in words(page.run())
        assert "left" not in page.progress[0].text
        page.button(key=f"End it-{run.id}").click().run()
    assert ended == [run.id]


def test_settings_that_are_refused_are_said_by_resume_at_the_latest() -> None:
    run = run_of("maml", "paused", inner_lr=-1)
    with pytest.raises(GlimpseError, match="inner_lr -1 cannot be used"):
        resume(run)
    assert run.status().state == "paused"
