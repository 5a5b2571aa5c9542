"""A link opens what was seen, and an address that cannot be used is corrected at once."""

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.helpers.url_values import VALUES


def _page() -> None:
    import streamlit as st

    from pages.parts.url_state import forget_warnings, restore
    from tests.helpers.url_values import VALUES

    restore(*VALUES.values())
    st.slider("Ways", 2, 20, 5, key="ways", bind="query-params")
    st.slider("Temperature", 0.0, 2.0, 0.5, key="heat", bind="query-params")
    st.select_slider("Step", (0, 10, 30), 30, key="step", bind="query-params")
    st.segmented_control("Kind", ("box", "half"), key="kind", bind="query-params")
    st.segmented_control("Preset", ("Quick", "Slow"), key="open", bind="query-params")
    st.toggle("Snap", True, key="snap", bind="query-params")
    st.button("Again")
    st.json(st.query_params.to_dict())
    st.session_state["seen"] = {key: st.session_state[key] for key in VALUES}
    forget_warnings()


def _opened(**address: str) -> AppTest:
    page = AppTest.from_function(_page)
    for name, text in address.items():
        page.query_params[name] = text
    page.run()
    assert not page.exception
    return page


def _seen(page: AppTest) -> dict[str, Any]:
    seen: dict[str, Any] = page.session_state["seen"]
    return seen


DEFAULTS = {"ways": 5, "heat": 0.5, "step": 30, "kind": "box", "open": None, "snap": True}


def test_an_empty_address_gives_the_defaults_without_a_word() -> None:
    page = _opened()
    assert _seen(page) == DEFAULTS
    assert not page.warning


def test_every_value_that_can_be_used_is_taken_without_a_word() -> None:
    page = _opened(ways="7", heat="1.5", step="10", kind="half", open="Slow", snap="false")
    assert _seen(page) == {
        "ways": 7, "heat": 1.5, "step": 10, "kind": "half", "open": "Slow", "snap": False,
    }  # fmt: skip
    assert not page.warning


@pytest.mark.parametrize(
    ("name", "given", "value", "sentence"),
    [
        ("ways", "999", 20, "Ways '999' in the address became 20."),
        ("ways", "7.4", 7, "Ways '7.4' in the address became 7."),
        ("ways", "inf", 5, "Ways 'inf' in the address became 5."),
        ("ways", "", 5, "Ways '' in the address became 5."),
        ("ways", "nan", 5, "Ways 'nan' in the address became 5."),
        ("heat", "1.26", 1.3, "Temperature '1.26' in the address became 1.3."),
        ("heat", "-3", 0.0, "Temperature '-3' in the address became 0."),
        ("step", "14", 10, "Step '14' in the address became 10."),
        ("step", "x", 30, "Step 'x' in the address became 30."),
        ("kind", "Half of it", "half", "Kind 'Half of it' in the address became half."),
        ("kind", "all", "box", "Kind 'all' in the address became box."),
        ("open", "quick", None, "Preset 'quick' in the address is none of Quick, Slow."),
        ("snap", "perhaps", True, "Snap 'perhaps' in the address became true."),
        ("ways", "9" * 90, 20, f"Ways '{'9' * 40}' in the address became 20."),
    ],
)
def test_what_cannot_be_used_is_corrected_in_the_address_and_said(
    name: str, given: str, value: object, sentence: str
) -> None:
    page = _opened(**{name: given})
    assert _seen(page) == DEFAULTS | {name: value}
    assert [box.value for box in page.warning] == [sentence]
    is_default = value == DEFAULTS[name]
    expected = {} if is_default else {name: VALUES[name].text(value)}
    assert _address(page) == expected
    page.button[0].click().run()
    assert not page.warning, "said once"
    assert _seen(page) == DEFAULTS | {name: value}


def test_several_changes_are_one_warning() -> None:
    page = _opened(ways="0", kind="?")
    [box] = page.warning
    assert box.value == "Ways '0' in the address became 2. Kind '?' in the address became box."


def _address(page: AppTest) -> dict[str, str]:
    shown: dict[str, str] = json.loads(page.json[0].value)
    return shown


def _page_that_waits() -> None:
    from concurrent.futures import Future

    import streamlit as st

    from pages.parts.background import show_until_done
    from pages.parts.url_state import forget_warnings, restore
    from tests.helpers.url_values import VALUES

    restore(*VALUES.values())
    work: Future[None] = st.session_state.setdefault("work", Future())
    show_until_done(work, "Computing")
    forget_warnings()


def test_a_warning_outlives_the_run_that_follows_when_work_is_done() -> None:
    page = AppTest.from_function(_page_that_waits)
    page.query_params["ways"] = "99"
    assert len(page.run().warning) == 1
    page.session_state["work"].set_result(None)
    assert len(page.run().warning) == 1, "the page has run again by itself"
    assert not page.run().warning
