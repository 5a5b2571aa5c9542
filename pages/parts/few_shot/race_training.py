"""How the initialisations of the race were made, and what differs between them.

Every sentence is made from the cards and weights themselves, so none can claim more than they say.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from core.data.catalog import SOURCES
from core.figures.words import listed, spelled
from pages.parts.card import load_card
from pages.parts.few_shot.networks import SHIPPED

Card = Mapping[str, Any]
SHARED: tuple[Callable[[Mapping[str, Any]], str], ...] = (  # of a config, in words
    lambda config: f"data ({SOURCES[config['source']].title})",
    lambda config: f"network ({config['filters']} filters)",
    lambda config: f"number of pictures in an update ({_pictures_in_an_update(config)})",
    lambda config: f"seed ({config['seed']})",
)


class _Spread(NamedTuple):
    """The least and the largest of a number over the cards, as a phrase."""

    phrase: str
    is_equal: bool


def what_differs(is_beside_own: bool = False) -> str:
    """Which of the initialisations step at learned rates, at a fixed one, or not at all.

    `is_beside_own` says whether a run of one's own is in the race too.
    """
    from core.zoo.initialisations import RACE, learned_rates, load_initialisation

    methods = {each.title: load_initialisation(each) for each in RACE}
    still = [title for title, method in methods.items() if method.config.algorithm == "protonet"]
    learned = [title for title, m in methods.items() if title not in still and learned_rates(m)]
    fixed = [title for title in methods if title not in (*still, *learned)]
    whose = "The shipped" if is_beside_own else "All"
    return (
        f"{whose} {spelled(len(methods))} have one architecture and different initial weights. "
        f"{listed(learned)} {_verb(learned)} with inner rates that training has learned, "
        f"{listed(fixed)} with one fixed rate; {listed(still)} takes no steps."
    )


def how_trained(cards: Mapping[str, Card], page: Card | None) -> str:
    """What the training of the initialisations had in common, and what not.

    Args:
        cards: of the trained ones by their titles.
        page: of the network above, in comparison; None where that is no shipped one.
    """
    configs = [card["config"] for card in cards.values()]
    phrases = [{words(config) for config in configs} for words in SHARED]
    shared = [phrase.pop() for phrase in phrases if len(phrase) == 1]
    steps = _spread({title: card["steps"] for title, card in cards.items()}, "meta-updates", "{:,}")
    minutes = _spread({t: card["minutes"] for t, card in cards.items()}, "minutes", "{:.1f}")
    places = {card["hardware"] for card in cards.values()}
    where = f" on {places.pop()}" if len(places) == 1 else ""
    verdict = "and the same budget" if steps.is_equal else "but not the same budget"
    above = f" The network above had {page['minutes']:.1f} minutes." if page else ""
    return (
        f"The {spelled(len(cards))} trained ones had the same {listed(shared)}, {verdict}: "
        f"{steps.phrase}, in {minutes.phrase}{where}.{above}"
    )


def not_the_network_above(accuracy: float | None) -> str:
    """How the race's MAML differs from the page's network, which has `accuracy` on this task."""
    raced, page = load_card("race-maml"), load_card(SHIPPED)
    here = "" if accuracy is None else f", which has {accuracy:.0%} here"
    return (
        f"The MAML of the race is not the network above{here}: that one has "
        f"{page['config']['filters']} filters, not {raced['config']['filters']}, and was trained "
        f"for {page['steps']:,} meta-updates, not {raced['steps']:,}."
    )


def trained_cards() -> dict[str, Card]:
    """The cards of the initialisations that were trained, by their titles."""
    from core.zoo.initialisations import RACE

    return {each.title: load_card(each.weights) for each in RACE if each.weights}


def about_training(is_beside_shipped: bool = True) -> str:
    """`how_trained` of the shipped ones of the race, beside the page's network or without it."""
    return how_trained(trained_cards(), load_card(SHIPPED) if is_beside_shipped else None)


def _pictures_in_an_update(config: Mapping[str, Any]) -> int:
    """Those of its tasks; supervised training takes as many without tasks."""
    return int(config["meta_batch"] * config["train_way"] * (config["k_shot"] + config["n_query"]))


def _spread(values: Mapping[str, float], unit: str, shown: str) -> _Spread:
    """2,700 (MAML) to 7,100 (ProtoNet) meta-updates; 2,700 meta-updates where all are equal."""
    least, most = min(values, key=values.__getitem__), max(values, key=values.__getitem__)
    low, high = shown.format(values[least]), shown.format(values[most])
    if low == high:
        return _Spread(f"{low} {unit}", True)
    return _Spread(f"{low} ({least}) to {high} ({most}) {unit}", False)


def _verb(names: list[str]) -> str:
    return "steps" if len(names) == 1 else "step"
