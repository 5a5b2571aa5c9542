"""The demo of augmentation: its sliders, its address, and the loss that it states."""

import math
import re

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.flags import command_line
from core.methods.simclr.config import SimClrConfig
from core.training.recording import open_recording
from pages.parts.components.live_figure.live_figure import decode_click
from pages.parts.embeddings.augmentation_demo import STRENGTHS, _make_views
from pages.parts.embeddings.loss_demo import BATCH
from pages.parts.embeddings.tracked_digits import tracked_digits


def demo(**query: str) -> AppTest:
    def page() -> None:
        from pages.parts.embeddings.augmentation_demo import show_augmentation_demo

        show_augmentation_demo()

    app = AppTest.from_function(page, default_timeout=120)
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def strengths_of(app: AppTest) -> tuple[float, ...]:
    return tuple(float(app.session_state[f"view_{name}"]) for name in STRENGTHS)


def stated_losses(app: AppTest) -> tuple[float, float]:
    """The loss of the row and the mean, as the page states them."""
    for caption in app.caption:
        found = re.match(
            r"Loss of this row (−?[\d.]+), mean over all 16 rows (−?[\d.]+)", caption.value
        )
        if found:
            first, mean = (float(each.replace("−", "-")) for each in found.groups())
            return first, mean
    raise AssertionError("the page does not state the loss")


def test_sliders_begin_as_trained_and_stay_within_the_configs_bounds() -> None:
    app = demo()
    assert not app.exception
    trained = SimClrConfig()
    for name, strength in STRENGTHS.items():
        assert app.slider(key=f"view_{name}").value == getattr(trained, name)
        bounds = SimClrConfig.model_fields[name].metadata
        assert strength.most == next(each.le for each in bounds if hasattr(each, "le"))


def test_the_loss_is_that_of_the_shipped_network() -> None:
    import torch
    import torch.nn.functional as F

    from core.methods.simclr.method import SimClr
    from core.zoo.weights import load_shipped_method

    app = demo(view_row="3", view_temperature="0.5", view_crop="0.2")
    strengths = strengths_of(app)
    views = _make_views(app.session_state["view_digit"], 0, strengths)
    net = load_shipped_method("simclr", SimClr).net.eval()
    z = F.normalize(net(torch.from_numpy(views.batch)[:, None]), dim=1).detach().double().numpy()
    losses = []
    for i in range(2 * BATCH):
        weights = np.exp(z @ z[i] / 0.5)
        weights[i] = 0
        losses.append(-math.log(weights[(i + BATCH) % (2 * BATCH)] / weights.sum()))
    assert stated_losses(app) == pytest.approx((losses[2], np.mean(losses)), abs=0.006)


def test_dcl_leaves_the_pair_out_of_its_denominator() -> None:
    """Against DCL's own loss of the projections, and a plain loop over one row."""
    app = demo(view_loss="DCL", view_row="3", view_temperature="0.5")
    import torch
    import torch.nn.functional as F

    from core.methods.simclr.losses.contrastive import dcl
    from core.methods.simclr.method import SimClr
    from core.zoo.weights import load_shipped_method

    views = _make_views(app.session_state["view_digit"], 0, strengths_of(app))
    net = load_shipped_method("simclr", SimClr).net.eval()
    z = F.normalize(net(torch.from_numpy(views.batch)[:, None]), dim=1).detach().double()
    similar = (z @ z[2]).tolist()
    negatives = [s for i, s in enumerate(similar) if i not in (2, 2 + BATCH)]
    row = math.log(sum(math.exp(s / 0.5) for s in negatives)) - similar[2 + BATCH] / 0.5
    assert stated_losses(app) == pytest.approx(
        (row, dcl(z[:BATCH], z[BATCH:], 0.5).item()), abs=0.006
    )
    assert any("logits[j] = -inf" in code.value for code in app.code)


def test_a_high_temperature_makes_all_views_alike() -> None:
    app = demo()
    app.select_slider(key="view_temperature").set_value("10").run()
    assert not app.exception
    assert stated_losses(app)[1] == pytest.approx(math.log(15), abs=0.2)


def test_without_augmentation_a_pair_is_one_picture_twice() -> None:
    app = demo()
    next(button for button in app.button if button.label == "All off").click().run()
    assert not app.exception
    strengths = strengths_of(app)
    assert set(strengths) == {0.0}
    views = _make_views(5, 0, strengths)
    picture = (tracked_digits()[5] / 255).astype(np.float32)
    for side in (views.first, views.second):
        np.testing.assert_allclose(side, np.stack([picture] * len(side)), atol=1e-6)


def test_as_trained_sets_all_that_the_loss_is_computed_with() -> None:
    app = demo(view_temperature="2", view_loss="DCL", view_crop="0", view_erase="0.5")
    losses = stated_losses(app)
    next(button for button in app.button if button.label == "As trained").click().run()
    trained, untouched = SimClrConfig(), demo()
    assert strengths_of(app) == tuple(getattr(trained, name) for name in STRENGTHS)
    assert app.select_slider(key="view_temperature").value == f"{trained.temperature:g}"
    assert stated_losses(app) == stated_losses(untouched) != losses


def test_the_views_are_trained_with_on_request() -> None:
    """Sliders, loss and temperature go into the form, where the rest stays as it was."""

    def page() -> None:
        import streamlit as st

        from core.flags import command_line
        from core.methods.simclr.config import SimClrConfig
        from pages.parts.embeddings.augmentation_demo import show_augmentation_demo
        from pages.parts.embeddings.training import PRESETS
        from pages.parts.training.form import config_form

        show_augmentation_demo()
        config = config_form(SimClrConfig, "simclr", PRESETS)
        if config is not None:
            st.code(command_line("simclr", config))

    app = AppTest.from_function(page, default_timeout=120)
    for name, value in {"view_crop": "0.2", "view_erase": "0.25", "view_loss": "DCL",
                        "view_temperature": "0.5", "simclr_seed": "3"}.items():  # fmt: skip
        app.query_params[name] = value
    app.run()
    next(button for button in app.button if button.label == "Train with these views").click().run()
    assert not app.exception
    expected = SimClrConfig(crop=0.2, erase=0.25, loss="dcl", temperature=0.5, seed=3)
    assert command_line("simclr", expected) in [code.value for code in app.code]
    assert any("Changed since: loss DCL (was NT-Xent)" in each.value for each in app.caption)


def test_the_first_preset_is_what_the_recording_was_trained_with() -> None:
    from pages.parts.embeddings.training import PRESETS

    assert PRESETS["Like the recording"].settings == {}
    recorded, default = open_recording("simclr").config, SimClrConfig().model_dump()
    differ = {name for name in default if recorded.get(name, default[name]) != default[name]}
    assert differ <= {"eval_every", "snapshot_every"}, "what is seen of it, and not how it learns"


def test_a_class_shows_its_next_digit() -> None:
    app = demo(view_digit="0")
    assert app.session_state["view-class"] == 0
    app.pills(key="view-class").set_value(7).run()
    assert not app.exception
    assert app.session_state["view-class"] == 7
    before = app.session_state["view_digit"]
    next(button for button in app.button if button.label == "Next").click().run()
    assert app.session_state["view-class"] == 7
    assert app.session_state["view_digit"] > before


def test_other_views_are_drawn_anew() -> None:
    app = demo(view_draw="7")
    next(button for button in app.button if button.label == "Other views").click().run()
    assert app.session_state["view_draw"] == 8
    assert app.query_params["view_draw"] in ("8", ["8"])


@pytest.mark.parametrize(
    ("name", "given", "value"),
    [("view_crop", "7", 0.95), ("view_crop", "-1", 0.0), ("view_crop", "nan", 0.5),
     ("view_digit", "99999", 999), ("view_digit", "inf", 28), ("view_row", "40", 16),
     ("view_temperature", "0", "0.2"), ("view_temperature", "", "0.2"),
     ("view_draw", "-3", 0), ("view_loss", "hinge", "NT-Xent")],
)  # fmt: skip
def test_what_the_address_gives_is_clamped_and_said(
    name: str, given: str, value: float | str
) -> None:
    app = demo(**{name: given})
    assert not app.exception
    assert app.session_state[name] == value
    assert any("in the address became" in warning.value for warning in app.warning)


@pytest.mark.parametrize(
    ("sent", "place"),
    [([1, 3, 4.0], (1, 3, 4.0)), (None, None), ([1, 2], None), ([1, 2, "x"], None),
     ([1, True, 2], None), ({"x": 1}, None)],
)  # fmt: skip
def test_a_click_is_three_numbers(sent: object, place: tuple[float, ...] | None) -> None:
    assert decode_click(sent) == place


def test_a_batch_has_one_digit_of_each_of_its_classes() -> None:
    strengths = tuple(0.0 for _ in STRENGTHS)
    for draw in range(3):
        views = _make_views(11, draw, strengths)
        assert len(set(views.labels)) == len(views.labels) == BATCH
        assert views.batch.shape == (2 * BATCH, 28, 28)
        np.testing.assert_array_equal(views.batch[:BATCH], views.batch[BATCH:])
