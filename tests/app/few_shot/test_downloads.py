"""The captions of the downloaded films say what is on the card and on screen."""

import pytest

from pages.parts.card import load_card
from pages.parts.few_shot.adaptation import adapt
from pages.parts.few_shot.downloads import _model, _title
from pages.parts.few_shot.task_choice import TaskChoice


def test_the_footer_says_what_the_model_was_trained_on_not_what_it_is_tested_on() -> None:
    card = load_card("maml")
    assert card["config"]["train_way"] != card["config"]["n_way"]
    footer = _model(card)
    assert f"trained on {card['config']['train_way']}-way" in footer
    assert f"{card['steps']:,} meta-updates" in footer
    assert f"{card['config']['n_way']} ways" not in footer


@pytest.mark.parametrize(
    ("origin", "ways", "shots", "expected"),
    [
        ("strokes", 2, 1, "MAML learns 2 characters from one drawing of each"),
        ("digits", 10, 3, "MAML learns 10 digits from 3 drawings of each"),
    ],
)
def test_the_title_says_what_is_learnt(origin: str, ways: int, shots: int, expected: str) -> None:
    choice = TaskChoice(origin, ways, shots, 1, 1.0, "transductive", 1)  # type: ignore[arg-type]
    assert _title(adapt(choice), choice.things) == expected
