"""The pictures of few-shot runs that train: one run's, and two side by side."""

import pytest
from streamlit.testing.v1 import AppTest

from core.methods.maml_config import MamlConfig
from core.training.loop import train
from core.training.run_folder import RunFolder, create_run

TINY = {"steps": 2, "eval_every": 2, "snapshot_every": 1, "eval_tasks": 4, "filters": 32,
        "meta_batch": 1, "train_way": 5, "device": "cpu"}  # fmt: skip


def _page() -> None:
    from core.registry import load_method
    from pages.parts.live import live_view
    from pages.parts.task_training import PRESETS, draw, panels

    live_view("maml", load_method("maml").Config, draw, presets=PRESETS, panels=panels)


def trained(**settings: object) -> RunFolder:
    config = MamlConfig.model_validate(TINY | settings)
    run = create_run("maml", config.model_dump(mode="json"), config.steps)
    train(run)
    return run


def said(app: AppTest) -> str:
    return " ".join(str(each.value) for each in [*app.markdown, *app.caption])


@pytest.mark.parametrize("source", ["strokes", "sinusoids"])
def test_two_runs_are_drawn_side_by_side_at_one_inner_step(source: str) -> None:
    first, second = (trained(source=source, inner_steps=steps, inner_lr=0.1) for steps in (1, 2))
    app = AppTest.from_function(_page, default_timeout=60)
    app.query_params["run"], app.query_params["against"] = first.id, second.id
    app.run()
    assert not app.exception
    assert "**inner steps 1**, step 2" in said(app)
    assert "**inner steps 2**, step 2" in said(app)
    assert said(app).count("on 4 held-out tasks") == 2
    app.slider(key=f"{first.id}-inner").set_value(0).run()
    assert not app.exception


def test_one_run_has_no_name() -> None:
    trained()
    app = AppTest.from_function(_page, default_timeout=60).run()
    assert not app.exception
    assert said(app).count("on 4 held-out tasks") == 1
    assert ", step 2" not in said(app)
