"""The section Unlabelled drawings help: the address, and the numbers of the task that it shows."""

import json

import pytest
import torch
from streamlit.testing.v1 import AppTest

from core.methods.lifelong.features import load_features
from core.methods.lifelong.soft_k_means import LENGTH, draw_task, right, soft_k_means, task_of
from core.methods.lifelong.stream import evaluation_characters
from core.paths import ASSETS
from tests.helpers.pages import open_section, texts

STUDY = json.loads((ASSETS / "unlabelled.json").read_text())


def opened(**address: str) -> AppTest:
    return open_section("pages.parts.lifelong.unlabelled:show_unlabelled", **address)


def shares(number: int, distractors: bool, cluster: bool) -> list[str]:
    """What is right before and after each step, as the page says it."""
    characters = evaluation_characters()
    pictures = characters[draw_task(len(characters), number)]
    features = load_features("alphabet")(pictures.flatten(0, 1)).view(10, 20, -1)
    task = task_of(features)
    seen = torch.cat([task.unlabelled, task.distractors]) if distractors else task.unlabelled
    states = soft_k_means(task.labelled, seen, LENGTH if cluster else None)
    return [f"**{100 * right(task.queries, each.prototypes).item():.0f} %**" for each in states]


@pytest.mark.parametrize("others", [False, True])
@pytest.mark.parametrize("cluster", [False, True])
def test_it_says_what_the_core_finds(others: bool, cluster: bool) -> None:
    before, *_, last = shares(31, others, cluster)
    said = texts(
        opened(soft_step="4", soft_others=str(others).lower(), soft_cluster=str(cluster).lower())
    )
    assert f"One labelled drawing each: {before} of 50 queries right." in said
    number = "50 unlabelled drawings, 25 of them of other characters" if others else (
        "25 unlabelled drawings"
    )  # fmt: skip
    assert f"After four steps with {number}: {last}." in said


def test_the_steps_and_the_switches_change_it() -> None:
    page = opened()
    all_shares = shares(31, False, False)
    assert f"After two steps with 25 unlabelled drawings: {all_shares[2]}." in texts(page)
    page.slider[0].set_value(1).run()
    assert f"After one step with 25 unlabelled drawings: {all_shares[1]}." in texts(page)
    page.slider[0].set_value(0).run()
    assert "The means have not moved yet." in texts(page)
    page.slider[0].set_value(4).run()
    page.toggle(key="soft_others").set_value(True).run()
    assert f"25 of them of other characters: {shares(31, True, False)[4]}." in texts(page)


def test_the_row_of_what_is_shown_is_bold() -> None:
    page = opened(soft_others="true", soft_cluster="true")
    measured = next(
        row for row in STUDY["rows"]
        if row["unlabelled"] == 5 and row["distractors"] and row["cluster"]
    )  # fmt: skip
    table = page.table[0].value
    bold = [cell for cell in table.to_numpy().flatten() if cell.startswith("**")]
    assert len(bold) == len(table.columns)
    assert any(f"{100 * measured['accuracy'][4]:.1f}" in cell for cell in bold)
    assert STUDY["command"] in [code.value for code in page.code]


def test_another_task_is_one_of_those_that_were_measured() -> None:
    page = opened()
    page.button(key="soft-another").click().run()
    number = page.number_input(key="soft_task").value
    assert isinstance(number, int) and 0 <= number < STUDY["tasks"]
    assert f"25 unlabelled drawings: {shares(number, False, False)[2]}." in texts(page)


def test_nonsense_in_the_address_costs_nothing_else() -> None:
    page = opened(soft_step="9", soft_task="some", soft_others="perhaps")
    (warning,) = page.warning
    assert "Steps '9' in the address became 4." in warning.value
    assert "Task 'some' in the address became 31." in warning.value
    assert "After four steps with 25 unlabelled drawings" in texts(page)
