"""The section Name ten: labels in the address, and what it says of them."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from core.data.digits import load_digits
from pages.parts.lifelong.given_labels import MOST, GivenLabels
from tests.helpers.pages import open_section, texts

LABELS = GivenLabels(4000)
TRUTH = load_digits("sample", "train").labels.numpy()


def opened(**address: str) -> AppTest:
    return open_section("pages.parts.lifelong.name_ten:show_name_ten", **address)


def share_right(page: AppTest) -> float:
    found = re.search(r"labels? given: ([\d.]+) %", texts(page))
    assert found is not None
    return float(found[1])


@pytest.mark.parametrize("given", ["", "12:3", "12:3,877:0", "3999:9,0:0"])
def test_labels_survive_the_address(given: str) -> None:
    value = LABELS.nearest(given)
    assert LABELS.text(value) == given and LABELS.is_same(value, given)


@pytest.mark.parametrize(
    ("given", "kept", "left_out"),
    [
        ("nonsense", {}, "'nonsense'."),
        ("12:3,4000:1", {12: 3}, "'4000:1'."),
        ("12:3,,5:10", {12: 3}, "'', '5:10'."),
        ("-1:3,1:-3,1.5:2,²:1,1:1", {1: 1}, "'-1:3', '1:-3', '1.5:2' and 1 more."),
        ("1:2 3:4", {}, "'1:2 3:4'."),
        (f"{'9' * 90}:1", {}, f"'{'9' * 40}'."),
    ],
)
def test_what_makes_no_sense_is_left_out_and_named(
    given: str, kept: dict[int, int], left_out: str
) -> None:
    assert LABELS.nearest(given) == kept
    assert not LABELS.is_same(kept, given)
    assert left_out in LABELS.sentence(given, kept)


def test_the_last_label_of_a_picture_counts_and_nothing_has_to_be_said() -> None:
    assert list(LABELS.nearest("5:1,6:2,5:3").items()) == [(6, 2), (5, 3)]
    assert LABELS.sentence("5:1,6:2,5:3", {}) == ""
    assert LABELS.nearest("007:1") == {7: 1}


def test_there_are_only_so_many_labels() -> None:
    text = ",".join(f"{picture}:0" for picture in range(MOST + 2))
    assert len(LABELS.nearest(text)) == MOST
    assert f"'{MOST}:0', '{MOST + 1}:0'." in LABELS.sentence(text, {})


def test_the_section_begins_with_the_labels_of_its_address() -> None:
    right = {int(picture): int(TRUTH[picture]) for picture in range(20)}
    page = opened(labels=LABELS.text(right))
    assert not page.warning
    assert share_right(page) > 85
    page.button(key="name-ten-undo").click().run()
    assert "19 labels given" in texts(page)
    assert page.query_params["labels"] == LABELS.text(dict(list(right.items())[:-1]))
    page.button(key="name-ten-again").click().run()
    assert "0 labels given" in texts(page)
    assert "labels" not in page.query_params


def test_a_wrong_answer_stays_and_costs() -> None:
    right = {int(picture): int(TRUTH[picture]) for picture in range(10)}
    best = share_right(opened(labels=LABELS.text(right)))
    page = opened(labels=LABELS.text(right | {3: 5}))  # a 3
    assert share_right(page) < best - 5
    assert "1 of your answers is not what MNIST says: 5 where it says 3." in texts(page)


def test_nonsense_in_the_address_costs_nothing_else() -> None:
    page = opened(labels="12:2,what", name_ten_by="nobody")
    assert [str(box.value) for box in page.warning] == [
        "Left out of the labels in the address: 'what'. A label is the number of a picture, "
        "below 4,000, and its digit, such as 12:3; there are at most 100.",
        "Choice of pictures 'nobody' in the address became Typical.",
    ]
    assert "1 label given" in texts(page)
    assert page.query_params["labels"] == "12:2"


def test_with_all_the_labels_there_is_room_for_nothing_is_asked() -> None:
    full = {int(picture): int(TRUTH[picture]) for picture in range(MOST)}
    page = opened(labels=LABELS.text(full))
    assert share_right(page) > 95
    page.button(key="name-ten-undo").click().run()
    assert f"{MOST - 1} labels given" in texts(page)
