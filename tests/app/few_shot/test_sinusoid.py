"""The section on sinusoids: at once, with every setting in the address, whatever that says."""

from collections.abc import Iterator

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

from core.data.episodes import Episodes
from core.zoo.initialisations import SINUSOIDS, learned_rates, load_initialisation
from pages.parts.card import load_card
from pages.parts.few_shot import sinusoid_averages
from pages.parts.few_shot.sinusoid import _learn
from pages.parts.few_shot.sinusoid_controls import sampled_curve
from pages.parts.few_shot.sinusoid_networks import WEIGHTS
from tests.helpers.sinusoid_section import open_section, texts


def points(app: AppTest) -> np.ndarray:
    placed: np.ndarray = app.session_state["sine-pad.kept"].points
    return placed


def reopened(app: AppTest) -> AppTest:
    """The section by the link that the address is now, which it takes as it is."""
    again = open_section(**{name: app.query_params[name] for name in app.query_params})
    assert not again.exception and not again.warning
    return again


def place(app: AppTest, placed: np.ndarray) -> None:
    """Points placed by hand, as the pad keeps them once the browser has said so."""
    kept = app.session_state["sine-pad.kept"]
    app.session_state["sine-pad.kept"] = kept._replace(edit=kept.edit + 1, points=placed)
    app.run()


def test_a_curve_is_learnt_without_a_click() -> None:
    app = open_section()
    assert not app.exception
    placed = points(app)
    assert placed.shape == (5, 2)
    assert (placed[:, 0] >= 0).all()
    amplitude, phase = app.slider(key="sine_amplitude").value, app.slider(key="sine_phase").value
    np.testing.assert_allclose(placed[:, 1], amplitude * np.sin(placed[:, 0] - phase))
    assert app.slider(key="sine_step").value == 0
    assert "Before the first step no network has used a point" in texts(app)
    assert "Press **Play**, and watch the left half" in texts(app)
    card = load_card("sinusoid-maml")
    assert f"MAML {card['figures']['error_before']:.2f} before" in app.caption[-1].value
    assert app.caption[0].value.startswith("Over 100 curves with 5 points drawn on the right half")


def test_what_the_panels_share_is_all_that_they_share() -> None:
    rates = {each.title: learned_rates(load_initialisation(each, WEIGHTS)) for each in SINUSOIDS}
    assert [title for title, learned in rates.items() if learned] == ["MAML"]
    said = texts(open_section())
    assert "as many gradient steps on the same points**, from other initial weights." in said
    assert "MAML has learned how large its steps are" in said and "same gradient steps" not in said


def test_the_address_gives_every_setting() -> None:
    app = open_section(
        sine_half="left", sine_points="3", sine_curve="7", sine_amplitude="4.2", sine_phase="1.25",
        sine_step="2", sine_rate="1/2", sine_snap="false",
    )  # fmt: skip
    assert not app.exception
    placed = points(app)
    assert len(placed) == 3 and (placed[:, 0] <= 0).all()
    np.testing.assert_allclose(placed[:, 1], 4.2 * np.sin(placed[:, 0] - 1.25))
    assert "After 2 steps, on the right half, where there are no points" in texts(app)
    assert app.select_slider(key="sine_rate").value == "1/2"
    assert app.toggle(key="sine_snap").value is False


@pytest.mark.parametrize(
    "nonsense", ["-1", "1e999", "-inf", "nan", "²", "", "<b>", "99999999999999999999"]
)
def test_nonsense_in_the_address_is_clamped(nonsense: str) -> None:
    names = ("half", "points", "curve", "amplitude", "phase", "step", "rate", "snap")
    app = open_section(**{f"sine_{name}": nonsense for name in names})
    assert not app.exception
    bounds = {"points": (1, 10), "amplitude": (0.1, 5), "phase": (0, 3.15), "step": (0, 20)}
    for name, (low, high) in bounds.items():
        value = app.slider(key=f"sine_{name}").value
        assert isinstance(value, int | float) and low <= value <= high
    assert app.number_input(key="sine_curve").value in range(10_000)
    assert app.segmented_control(key="sine_half").value == "right"
    assert app.select_slider(key="sine_rate").value == "1"
    (changed,) = [warning.value for warning in app.warning]
    assert f"Points drawn on {nonsense!r} in the address became Right half." in changed
    assert f"Points stay on the curve {nonsense!r} in the address became true." in changed


def test_an_address_that_is_right_is_not_spoken_of() -> None:
    assert not open_section(sine_half="left", sine_amplitude="4.2", sine_phase="1.25").warning
    assert not open_section().warning


def test_one_more_point_leaves_the_others_and_another_half_mirrors_them() -> None:
    app = open_section(sine_points="4")
    four = points(app)
    app.slider(key="sine_points").set_value(5).run()
    np.testing.assert_array_equal(points(app)[:4], four)
    app.segmented_control(key="sine_half").set_value("left").run()
    np.testing.assert_array_equal(points(app)[:4, 0], -four[:, 0])
    app.segmented_control(key="sine_half").set_value("whole").run()
    assert not app.exception
    np.testing.assert_array_equal(np.abs(points(app)[:4, 0]), four[:, 0])


def test_another_curve_has_an_amplitude_phase_and_points_of_its_own() -> None:
    app = open_section(sine_curve="1")
    before = points(app)
    app.number_input(key="sine_curve").set_value(2).run()
    after = points(app)
    assert not np.isin(after, before).any()
    np.testing.assert_allclose(points(open_section(sine_curve="2")), after)
    next(button for button in app.button if button.label == "Another curve").click().run()
    assert not app.exception
    assert app.query_params["sine_curve"] == str(app.number_input(key="sine_curve").value)


def test_points_ride_on_the_curve_and_stay_where_they_are_when_let_loose() -> None:
    app = open_section(sine_amplitude="2")
    low = points(app)
    app.slider(key="sine_amplitude").set_value(4.0).run()
    np.testing.assert_allclose(points(app)[:, 1], 2 * low[:, 1])
    app.toggle(key="sine_snap").set_value(False).run()
    app.slider(key="sine_amplitude").set_value(1.0).run()
    assert not app.exception
    np.testing.assert_allclose(points(app)[:, 1], 2 * low[:, 1])
    assert "lie off the curve" in texts(app)


def test_a_link_opens_points_that_were_placed_by_hand() -> None:
    app = open_section(sine_snap="false", sine_at="-4.5_2~0.25_-5.5~3_0")
    assert not app.exception
    np.testing.assert_array_equal(points(app), [[-4.5, 2], [0.25, -5.5], [3, 0]])
    app.slider(key="sine_points").set_value(4).run()
    assert len(points(app)) == 4
    assert "sine_at" not in app.query_params


def test_points_placed_by_hand_are_said_to_be_and_drawn_again() -> None:
    def again(app: AppTest) -> Button:
        return app.button(key="sine-again")

    app = open_section()
    dealt = points(app)
    assert again(app).disabled and again(app).label == "Draw again"
    placed = np.vstack([dealt, [[-4, 0], [-3, 0]]])
    place(app, placed)
    assert again(app).label == "Replace my 7 points"
    opened = reopened(app)
    np.testing.assert_allclose(points(opened)[:, 0], placed[:, 0], atol=1e-3)
    assert again(opened).label == again(app).label
    again(app).click().run()
    assert not app.exception and again(app).disabled
    np.testing.assert_array_equal(points(app), dealt)
    assert "sine_at" not in app.query_params


def test_a_half_is_taken_from_the_address_as_streamlit_writes_it() -> None:
    app = open_section(sine_half="Left half")
    assert not app.warning
    assert app.segmented_control(key="sine_half").value == "left"
    assert (points(app)[:, 0] <= 0).all()


@pytest.mark.parametrize(
    "nonsense", ["", "~", "1", "1_2_3", "nan_0", "6_0", "1_<b>", "~".join(["1_1"] * 11), "9" * 500]
)
def test_nonsense_for_points_in_the_address_is_as_if_there_were_none(nonsense: str) -> None:
    app = open_section(sine_at=nonsense)
    assert not app.exception
    (warning,) = [box.value for box in app.warning]
    assert warning == f"{nonsense[:40]!r} in the address are no points: others were drawn."
    np.testing.assert_array_equal(points(app), points(open_section()))
    assert "sine_at" not in app.query_params


def test_no_point_is_one_sentence() -> None:
    app = open_section()
    place(app, np.zeros((0, 2)))
    assert not app.exception
    assert [warning.value for warning in app.warning] == [
        "Without a support point there is nothing to learn from: click in a panel to place one, or "
        "choose how many points to draw."
    ]
    app.slider(key="sine_points").set_value(3).run()
    assert not app.exception
    assert len(points(app)) == 3


def test_a_rate_too_large_is_said_with_its_step_and_a_way_out() -> None:
    app = open_section(sine_rate="8", sine_amplitude="5", sine_points="10", sine_half="whole")
    assert not app.exception
    for warning in app.warning:
        assert "diverge from step" in warning.value and "lower inner rate" in warning.value


def test_points_are_drawn_anew_with_another_revision_only() -> None:
    def page() -> None:
        import numpy as np
        import streamlit as st

        from pages.parts.components.curve_pad.curve_pad import placed_points

        dealt = np.full((1, 2), float(st.session_state.get("value", 0)))
        st.session_state["got"] = placed_points("pad", dealt, st.session_state.get("revision", 0))

    app = AppTest.from_function(page).run()
    app.session_state["value"] = 1
    assert app.run().session_state["got"][0, 0] == 0
    app.session_state["revision"] = 1
    assert app.run().session_state["got"][0, 0] == 1


@pytest.fixture
def six_curves(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Averages over few curves, which no other test is given."""
    sinusoid_averages._errors.clear()
    monkeypatch.setattr(sinusoid_averages, "CURVES", 6)
    yield
    sinusoid_averages._errors.clear()


@pytest.mark.usefixtures("six_curves")
def test_the_averages_are_those_of_single_curves() -> None:
    """Against the mean of curves learnt one at a time, each drawn by hand here."""
    places = np.linspace(-5, 5, sinusoid_averages.PLACES)
    maml = load_initialisation(SINUSOIDS[0], "sinusoid-maml")
    errors = []
    for number in range(6):
        amplitude, phase, x = sampled_curve(number)
        x = -np.abs(x[:3])
        support = torch.tensor(np.stack([x, amplitude * np.sin(x - phase)], 1))[None].float()
        query = torch.tensor(places)[None, :, None].float()
        task = Episodes(support[..., :1], support[..., 1:], query, torch.zeros_like(query))
        found = maml.adapt(task, 2).outputs[0, 2, :, 0].numpy()
        errors.append(np.square(found - amplitude * np.sin(places - phase))[places >= 0].mean())
    title, mean, interval = sinusoid_averages.mean_errors("left", 3, 1.0, 2)[0]
    assert title == "MAML"
    assert mean == pytest.approx(np.mean(errors), rel=1e-4)
    assert interval == pytest.approx(1.96 * np.std(errors, ddof=1) / 6**0.5, rel=1e-3)


def test_the_curve_shown_at_first_is_near_the_average() -> None:
    """Within a factor of two, for each initialisation, where it has no points."""
    app = open_section()
    half_of_curve = np.linspace(-5, 5, 101) < 0
    placed = tuple(map(tuple, points(app)))
    amplitude, phase = app.slider(key="sine_amplitude").value, app.slider(key="sine_phase").value
    truth = amplitude * np.sin(np.linspace(-5, 5, 101) - phase)
    for step in (1, 10):
        means = sinusoid_averages.mean_errors("right", 5, 1.0, step)
        for fit, average in zip(_learn(placed, 1.0), means, strict=True):
            error = np.square(fit.prediction[step] - truth)[half_of_curve].mean()
            assert 0.5 < error / average.mean < 2, (fit.title, step)


def test_an_average_of_steps_that_diverge_is_off_the_scale() -> None:
    sentence = sinusoid_averages.about_average("left", 1, 8.0, 20)
    assert "with 1 point drawn on the left half, after 20 steps" in sentence
    assert "on the right half **MAML off the scale**" in sentence
    assert "nan" not in sentence and "inf" not in sentence


def test_a_link_from_before_opens_at_its_step() -> None:
    app = open_section(sine_step="10")
    assert app.slider(key="sine_step").value == 10
    assert "After 10 steps, on the left half, where there are no points" in texts(app)


@pytest.mark.usefixtures("six_curves")
def test_the_race_is_of_this_curve_or_of_many_like_it() -> None:
    app = open_section(sine_half="left", sine_points="3")
    assert "On this curve, look at the error on the right half, where there" in texts(app)
    app.segmented_control(key="sine_race").set_value("100 such curves").run()
    assert not app.exception
    lane, *_ = sinusoid_averages.mean_lanes("left", 3, 1.0)
    assert "Over 6 curves with 3 points drawn on the left half, look at the error" in texts(app)
    expected = f"**MAML** goes from {lane.label(1, 0)} to {lane.label(1, 1)} in one step"
    assert "±" in expected and expected in texts(app)
    linked = open_section(sine_half="left", sine_points="3", sine_race="100 such curves")
    assert not linked.warning and expected in texts(linked)


def test_files_of_the_curve_are_offered_where_they_are_asked_for() -> None:
    app = open_section(sine_step="2")
    assert not app.get("download_button")
    app.session_state["sine-downloads"] = True
    app.run()
    assert not app.exception
    labels = [element.proto.label for element in app.get("download_button")]
    assert labels == ["Film as GIF", "Film as HTML", "Table as CSV", "Weights"]
    assert load_card("sinusoid-maml")["command"] in [code.value for code in app.code]
    assert "few-shot-sinusoid-171.gif" in texts(app)
