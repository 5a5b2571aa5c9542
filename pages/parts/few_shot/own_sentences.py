"""What is said of a run of one's own, made from its settings and its checkpoint."""

from collections.abc import Mapping
from typing import Any

from core.data.catalog import SOURCES
from core.figures.words import counted
from pages.parts.few_shot.networks import OWN, Network, card_of, load_network
from pages.parts.few_shot.task_choice import TaskChoice

UNLABELLED = {  # what views are of, without labels
    "omniglot": "Omniglot", "sample": "the digit sample", "mnist": "MNIST", "own": "own pictures",
}  # fmt: skip
SPLIT_CHARACTERS = ("omniglot", "alphabet")  # origins of tasks whose characters a run may know


def trained_on(config: Mapping[str, Any]) -> str:
    """What a network was trained on: 20-way 1-shot tasks of Omniglot, measured on 5-way ones."""
    source = _named(config)
    if config["algorithm"] == "supervised":
        return f"naming the training classes of {source}"
    ways, measured = config["train_way"], config["n_way"]
    tasks = f"{ways}-way {config['k_shot']}-shot tasks of {source}"
    return tasks if ways == measured else f"{tasks}, measured on {measured}-way ones"


def _named(config: Mapping[str, Any]) -> str:
    """The source of a run's training tasks."""
    if config["source"] == "unlabelled":
        return f"{UNLABELLED[config['views_of']]} without labels"
    return SOURCES[config["source"]].title


def updates(card: Mapping[str, Any]) -> str:
    """How far a run is: 60 of 1,500 meta-updates."""
    return f"{card['steps']:,} of {counted(card['config']['steps'], 'meta-update')}"


def about_own(own: Network, count: str) -> str:
    """What one's own run is among the initialisations of the race, `count` of them with it."""
    card, method = card_of(own), load_network(own)
    config = method.config
    return (
        f"*{OWN}* makes {count}: {config.objective.label} on {trained_on(card['config'])}, with "
        f"{config.filters} filters, after {updates(card)} in {card['minutes']:.1f} minutes."
    )


def who_answers(network: Network) -> str:
    """Whose answers these are; empty for the page's own network."""
    if not network.is_own:
        return ""
    card = card_of(network)
    label = load_network(network).config.objective.label
    return f"*{OWN}* answers: {label} on {trained_on(card['config'])}, after {updates(card)}."


def what_own_may_know(own: Network | None, choice: TaskChoice) -> str:
    """That a run may have been trained on characters of the task; empty where it was not."""
    if own is None or choice.origin not in SPLIT_CHARACTERS:
        return ""
    config = load_network(own).config
    is_without_labels = config.source == "unlabelled" and config.views_of == "omniglot"
    if config.protocol == "random" or not (config.source == "omniglot" or is_without_labels):
        return ""
    return (
        f"*{OWN}* was trained on whole alphabets, so it may know some of these characters, and its "
        "accuracy here may be too high."
    )
