"""A recording is its run, thinned and without checkpoints."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from core.errors import GlimpseError
from core.makers import recording as maker
from core.training import recording
from core.training.loop import train
from core.training.run_folder import RunFolder


@pytest.fixture(autouse=True)
def recordings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for module in (maker, recording):
        monkeypatch.setattr(module, "RECORDINGS", tmp_path / "recordings")
    return tmp_path / "recordings"


def test_a_recording_opens_like_its_run(new_run: Callable[..., RunFolder]) -> None:
    run = new_run(snapshot_every=2)
    train(run)
    maker.record(run, "toy")
    copy = recording.open_recording("toy")
    assert copy.metrics() == run.metrics()
    assert copy.status() == run.status()
    assert copy.config == run.config
    assert copy.snapshot_steps() == run.snapshot_steps()
    np.testing.assert_array_equal(copy.snapshot(40)["weight"], run.snapshot(40)["weight"])
    assert copy.checkpoint_steps() == []


def test_a_run_that_goes_on_is_not_recorded(new_run: Callable[..., RunFolder]) -> None:
    with pytest.raises(GlimpseError, match="has not finished"):
        maker.record(new_run(), "toy")


def test_a_film_is_dense_at_first_and_keeps_both_ends() -> None:
    steps = recording.film_steps(list(range(0, 1001, 5)), frames=60)
    assert steps[:3] == [0, 5, 10]
    assert steps[-1] == 1000
    assert 50 <= len(steps) <= 60
    gaps = np.diff(steps)
    assert gaps[-10:].mean() > 4 * gaps[:10].mean()


def test_a_film_of_few_frames_keeps_them_all() -> None:
    assert recording.film_steps([0, 10, 20], frames=60) == [0, 10, 20]
