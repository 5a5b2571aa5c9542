"""Which runs can never go on, as it is said before anybody presses Resume."""

from collections.abc import Callable

import pytest

from core.training.checkpoint import Checkpoint, save_checkpoint
from core.training.loop import train
from core.training.resumable import why_never
from core.training.run_folder import RunFolder, create_run, open_run

NewRun = Callable[..., RunFolder]


def test_a_run_with_a_whole_checkpoint_or_none_yet_may_go_on(new_run: NewRun) -> None:
    assert why_never(new_run()) == ""
    run = new_run(steps=10)
    train(run)
    assert why_never(run) == ""
    for step in run.checkpoint_steps()[:-1]:
        run.checkpoint_path(step).write_bytes(b"torn")
    assert why_never(run) == "", "one is enough"


def test_a_method_that_is_not_here_is_said() -> None:
    assert "has no method diffusion" in why_never(create_run("diffusion", {}, 1))


def test_settings_that_the_method_refuses_are_said() -> None:
    run = create_run("toy", {"lr": -1}, 1)
    assert "lr -1 cannot be used" in why_never(open_run(run.id))


@pytest.mark.parametrize(
    "content", [b"", b"torn", b"\xff" * 100, (1).to_bytes(8, "little") + b"[" * 2000]
)
def test_checkpoints_that_are_all_damaged_are_said(new_run: NewRun, content: bytes) -> None:
    run = new_run()
    for step in (10, 20):
        save_checkpoint(run, Checkpoint(step, 1.0, {}))
        run.checkpoint_path(step).write_bytes(content)
    assert "Every checkpoint of this run is damaged" in why_never(run)
