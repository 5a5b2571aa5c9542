"""The points of a run of one's own, by each projection, while it goes on and at rest."""

from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.evaluation.projection import aligned_components
from core.training.run_folder import RunFolder, create_run
from pages.parts.embeddings import umap_at_step
from pages.parts.embeddings.run_layouts import LIVE_FRAMES, NOT_YET, RunFrames, run_frames

N_POINTS = 40


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunFolder:
    monkeypatch.setenv("GLIMPSE_RUNS", str(tmp_path))
    return create_run("simclr", {"steps": 1000, "source": "cifar10"}, 1000)


def write(run: RunFolder, places: range) -> np.ndarray:
    """A snapshot every ten steps, whose components have nothing to do with the one before."""
    frames = np.random.default_rng(places.start).normal(size=(len(places), N_POINTS, 16))
    for place, embedding in zip(places, frames, strict=True):
        labels = np.arange(N_POINTS, dtype=np.uint8) % 10
        arrays = {"embedding": embedding, "layout": embedding[:, 3:5] + place, "labels": labels}
        run.write_snapshot(10 * place, arrays)
    return frames


@pytest.mark.parametrize(("projection", "axes"), [("PCA", 2), ("PCA in 3-D", 3)])
def test_a_frame_stays_as_it_was_turned_however_many_are_left_out(
    run: RunFolder, projection: str, axes: int
) -> None:
    before = write(run, range(60))
    some = run_frames(run, projection, is_active=True)
    np.testing.assert_allclose(some.layouts, chain(before, axes, some.steps), atol=1e-5)
    frames = np.concatenate([before, write(run, range(60, 2 * LIVE_FRAMES))])
    later = run_frames(run, projection, is_active=True)
    assert LIVE_FRAMES // 2 < len(later.steps) <= LIVE_FRAMES
    np.testing.assert_allclose(later.layouts, chain(frames, axes, later.steps), atol=1e-5)
    np.testing.assert_allclose(later.embedding, frames[places(later.steps)], atol=1e-6)


def chain(frames: np.ndarray, axes: int, steps: list[int]) -> np.ndarray:
    """Some frames, when all are turned, each onto the one before it."""
    return aligned_components(frames, axes)[places(steps)]


def places(steps: list[int]) -> list[int]:
    return [step // 10 for step in steps]


def laid_out(app: AppTest) -> RunFrames:
    frames: RunFrames = app.session_state["frames"]
    return frames


def page(run_path: str, is_active: bool) -> None:
    import streamlit as st

    from core.training.run_folder import RunFolder
    from pages.parts.embeddings.run_layouts import run_frames

    st.session_state["frames"] = run_frames(RunFolder(run_path), "UMAP", is_active)  # type: ignore[arg-type]


def test_umap_waits_while_the_run_is_active(
    run: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(umap_at_step, "umap_layout", lambda components, _: 2 * components[:, :2])
    frames = write(run, range(4))
    app = AppTest.from_function(page, args=(run.path, True)).run()
    assert [caption.value for caption in app.caption] == [NOT_YET]
    np.testing.assert_allclose(laid_out(app).layouts[3], frames[3, :, 3:5] + 3, atol=1e-5)

    app = AppTest.from_function(page, args=(run.path, False)).run()
    assert app.select_slider[0].value == 30
    app.session_state[f"{run.key}-umap"][1].result(timeout=60)
    app.run()
    assert not app.exception and not app.caption
    np.testing.assert_allclose(laid_out(app).layouts, 2 * frames[3:, :, :2], atol=1e-5)
    app.select_slider[0].set_value(10).run()
    app.session_state[f"{run.key}-umap"][1].result(timeout=60)
    app.run()
    assert laid_out(app).steps == [10]
    np.testing.assert_allclose(laid_out(app).layouts, 2 * frames[1:2, :, :2], atol=1e-5)
