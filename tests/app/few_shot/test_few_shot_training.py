"""The pictures of few-shot runs that train: one run's, and two side by side."""

import json
import math

import pytest
import torch
from streamlit.testing.v1 import AppTest

from core.methods.few_shot.config import FewShotConfig
from core.methods.few_shot.method import FewShot
from core.methods.few_shot.task_sources import Shape
from core.seeding import generator
from core.training.loop import train
from core.training.run_folder import RunFolder, create_run
from pages.parts.few_shot.training import FIRST_EVALUATION, PRESETS

TINY = {"steps": 2, "eval_every": 2, "snapshot_every": 1, "eval_tasks": 4, "filters": 32,
        "meta_batch": 1, "train_way": 5, "device": "cpu"}  # fmt: skip


def _page() -> None:
    from core.registry import load_method
    from pages.parts.few_shot.training import PRESETS, draw, panels
    from pages.parts.training.live_view import live_view

    live_view("maml", load_method("maml").Config, draw, presets=PRESETS, panels=panels)


def trained(**settings: object) -> RunFolder:
    config = FewShotConfig.model_validate(TINY | settings)
    run = create_run("maml", config.model_dump(mode="json"), config.steps)
    train(run)
    return run


def texts(app: AppTest) -> str:
    return " ".join(str(each.value) for each in [*app.markdown, *app.caption])


@pytest.mark.parametrize("source", ["strokes", "sinusoids"])
def test_two_runs_are_drawn_side_by_side_at_one_inner_step(source: str) -> None:
    first, second = (trained(source=source, inner_steps=steps, inner_lr=0.1) for steps in (1, 2))
    app = AppTest.from_function(_page, default_timeout=60)
    app.query_params["run"], app.query_params["against"] = first.id, second.id
    app.run()
    assert not app.exception
    assert "**inner steps 1**, step 2" in texts(app)
    assert "**inner steps 2**, step 2" in texts(app)
    assert texts(app).count("on 4 held-out tasks") == 2
    assert ("one more curve, not among them" in texts(app)) == (source == "sinusoids")
    assert "**inner steps 2**: *Support loss* is measured before the last of 2 inner" in texts(app)
    assert "**inner steps 1**: *Support loss* is measured before the inner step" in texts(app)
    app.slider(key=f"{first.id}-inner").set_value(0).run()
    assert not app.exception


def test_the_task_below_is_none_of_those_that_were_measured() -> None:
    config = FewShotConfig.model_validate(TINY)
    method = FewShot(config)
    shape = Shape(config.n_way, config.k_shot, method.problem.test_queries(config))
    random = generator(config.seed, "held out", "validation")
    measured = method.source.draw("validation", config.eval_tasks, shape, random).support_x
    shown = torch.from_numpy(method.snapshot(0)["support"]) / 255
    assert not any(torch.allclose(shown, task[:, 0], atol=0.01) for task in measured)
    trained()
    app = AppTest.from_function(_page, default_timeout=60).run()
    assert "95 % interval. Shown below is one more task, not among them." in texts(app)


def test_a_run_without_inner_steps_speaks_of_none() -> None:
    run = trained(algorithm="protonet")
    app = AppTest.from_function(_page, default_timeout=60).run()
    assert "held-out tasks, measured at step 2: **" in texts(app)
    assert "%** after" not in texts(app) and "% before" not in texts(app)
    assert f"{run.id}-inner" not in {slider.key for slider in app.slider}


def test_one_run_has_no_name() -> None:
    trained()
    app = AppTest.from_function(_page, default_timeout=60).run()
    assert not app.exception
    assert texts(app).count("on 4 held-out tasks") == 1
    assert ", step 2" not in texts(app)


def test_the_accuracy_names_the_step_that_it_was_measured_at() -> None:
    run = trained(eval_every=2, steps=3)
    app = AppTest.from_function(_page, default_timeout=60).run()
    app.select_slider(key=f"{run.id}-step").set_value(1).run()
    assert "held-out tasks, measured at step 0: " in texts(app)
    app.select_slider(key=f"{run.id}-step").set_value(2).run()
    assert "held-out tasks, measured at step 2: " in texts(app)
    assert "after 1 inner step, 95 % interval" in texts(app)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (
            {},
            "where the head is zero and all 5 classes are equally likely: it always stays at ln 5 "
            "= 1.61",
        ),
        ({"inner_steps": 2}, "measured before the last of 2 inner steps."),
        ({"source": "sinusoids", "inner_lr": 0.1}, "measured before the inner step."),
        ({"algorithm": "protonet"}, ""),
    ],
)
def test_the_support_loss_is_explained(settings: dict[str, object], expected: str) -> None:
    run = trained(**settings)
    app = AppTest.from_function(_page, default_timeout=60).run()
    assert not app.exception
    assert expected in texts(app)
    assert ("Support loss" in texts(app)) == bool(expected)
    rows = [json.loads(line) for line in (run.path / "metrics.jsonl").read_text().splitlines()]
    losses = [row["support_loss"] for row in rows if "support_loss" in row]
    if "ln 5" in expected:
        assert losses == pytest.approx([math.log(5)] * len(losses))


def test_the_preset_for_strokes_promises_what_training_reaches() -> None:
    lesson = PRESETS["Strokes"].lesson
    assert f"past 85 % when it is measured next, at step {FIRST_EVALUATION}" in lesson
    method = FewShot(FewShotConfig(device="cpu"))
    assert 0.45 < method.validate(0)["accuracy_after"] < 0.55
    for step in range(1, FIRST_EVALUATION + 1):
        method.step(step)
    assert method.validate(FIRST_EVALUATION)["accuracy_after"] > 0.85


def test_the_form_of_sinusoids_offers_nothing_of_pictures() -> None:
    def offered() -> set[str]:
        boxes = (app.slider, app.number_input, app.selectbox, app.toggle, app.segmented_control)
        return {each.label for kind in boxes for each in kind}

    of_pictures = {"Ways", "Training ways", "Filters", "Network", "Batch norm", "Augment"}
    app = AppTest.from_function(_page, default_timeout=60).run()
    assert of_pictures <= offered()
    app.segmented_control(key="maml-preset").set_value("Sinusoids").run()
    assert not app.exception and not app.error
    assert {"Shots", "Queries", "Inner learning rate"} <= offered()
    assert of_pictures.isdisjoint(offered())
    (command,) = [code.value for code in app.code if code.value.startswith("python")]
    assert "--source sinusoids" in command and "--filters" not in command
    app.segmented_control(key="maml-preset").set_value("Strokes").run()
    assert of_pictures <= offered()
