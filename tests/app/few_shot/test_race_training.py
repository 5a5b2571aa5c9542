"""What the race says of how its networks were made: from cards, whatever they say."""

import json
from typing import Any

from core.paths import ASSETS
from core.zoo.initialisations import RACE
from pages.parts.few_shot.race_training import about_training, how_trained, what_differs


def made(steps: int, minutes: float, **config: object) -> dict[str, Any]:
    shared = {"source": "omniglot", "filters": 64, "seed": 0}
    size = {"meta_batch": 2, "train_way": 20, "k_shot": 1, "n_query": 5}
    return {
        "steps": steps,
        "minutes": minutes,
        "hardware": "1 thread of 2 cores",
        "config": {**shared, **size, **config},
    }


PAGE = made(45_000, 62.9, filters=128)


def test_budgets_that_differ_are_said_with_their_least_and_largest() -> None:
    cards = {"A": made(2700, 6.7), "B": made(7100, 3.7), "C": made(4900, 13.3)}
    sentence = how_trained(cards, PAGE)
    assert "had the same data (Omniglot), network (64 filters), number of pictures" in sentence
    assert "not the same budget: 2,700 (A) to 7,100 (B) meta-updates" in sentence
    assert "3.7 (B) to 13.3 (C) minutes on 1 thread of 2 cores" in sentence
    assert sentence.endswith("The network above had 62.9 minutes.")


def test_budgets_that_are_equal_are_said_to_be() -> None:
    cards = {"A": made(500, 5.0), "B": made(500, 5.0)}
    assert "and the same budget: 500 meta-updates, in 5.0 minutes" in how_trained(cards, PAGE)
    slower = how_trained(cards | {"C": made(500, 9.0)}, PAGE)
    assert "and the same budget: 500 meta-updates, in 5.0 (A) to 9.0 (C) minutes" in slower
    assert "not the same budget" in how_trained(cards | {"C": made(501, 5.0)}, PAGE)


def test_only_what_is_equal_is_called_so() -> None:
    cards = {"A": made(500, 5.0), "B": made(500, 5.0, filters=32, source="strokes")}
    cards["B"]["hardware"] = "8 threads"
    sentence = how_trained(cards, PAGE)
    assert "had the same number of pictures in an update (240) and seed (0)" in sentence
    assert "thread" not in sentence


def test_the_shipped_race_is_described_by_its_cards() -> None:
    cards = {
        each.title: json.loads((ASSETS / "weights" / f"{each.weights}.json").read_text())
        for each in RACE
        if each.weights
    }
    longest = max(cards, key=lambda title: cards[title]["minutes"])
    (steps,) = {made["steps"] for made in cards.values()}
    assert f"and the same budget: {steps:,} meta-updates, in " in about_training()
    assert f"{cards[longest]['minutes']} ({longest}) minutes" in about_training()


def test_who_has_learned_rates_is_said_of_those_alone() -> None:
    assert what_differs() == (
        "All seven have one architecture and different initial weights. MAML, First-order MAML and "
        "ANIL step with inner rates that training has learned, Reptile, Supervised and Random with "
        "one fixed rate; ProtoNet takes no steps."
    )
    assert what_differs(is_beside_own=True).startswith("The shipped seven have one ")
