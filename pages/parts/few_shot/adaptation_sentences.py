"""Sentences below the adaptation of a task: about its pictures, and about the network."""

import numpy as np

from core.figures.few_shot import TaskFrames
from core.figures.panel_layout import PanelLayout
from core.figures.words import counted, listed
from pages.parts.card import load_card
from pages.parts.few_shot.averages import averages_like
from pages.parts.few_shot.networks import PAGE, SHIPPED, Network, load_network
from pages.parts.few_shot.own_sentences import what_own_may_know, who_answers
from pages.parts.few_shot.race_sentences import lowest_after_a_fall
from pages.parts.few_shot.task_choice import MANY_TASKS, N_QUERY, TaskChoice

ABOUT_PICTURES = {
    "omniglot": "Omniglot characters from many alphabets; no model here was trained on them.",
    "alphabet": "Characters of one alphabet, which look more alike, so they are harder to tell "
    "apart; no model here was trained on them.",
    "strokes": "Made-up characters that no model here has seen.",
    "digits": "MNIST digits: a domain that no model here was trained on.",
}
JUDGED = {
    "transductive": "all queries judged together (transductive)",
    "inductive": "each query judged alone (inductive)",
}
TENSORS = {"head.weight": "that of the head's weights", "head.bias": "that of the head's biases"}
NO_AVERAGE = (
    f"No average over tasks like this one is stored: choose *{MANY_TASKS}* below to compute one "
    "for the networks of the race."
)
NO_AVERAGE_OF_OWN = f"Choose *{MANY_TASKS}* below for its average over tasks like this one."
NO_STEPS = "It takes no inner steps: it compares each query with the mean of each class's examples."


def about_pictures(choice: TaskChoice, layout: PanelLayout, own: Network | None = None) -> str:
    """What the pictures are, and which queries are not shown; `own` is one's own run."""
    sentence = ABOUT_PICTURES[choice.origin]
    if what_own_may_know(own, choice):
        sentence = sentence.replace("no model here", "no shipped model")
    if layout.n_query == N_QUERY:
        return sentence
    verb = "is" if layout.n_query == 1 else "are"
    return (
        f"{sentence.removesuffix('.')} ({layout.n_query} of the {N_QUERY} queries of each class "
        f"{verb} shown, all are counted)."
    )


def about_network(choice: TaskChoice, network: Network = PAGE) -> str:
    """Its accuracy over many tasks like this one; of one's own run what it is.

    What the card of the shipped network says is said of that alone.
    """
    if network.is_own:
        return f"{who_answers(network)} {NO_AVERAGE_OF_OWN}"
    average = card_accuracy(SHIPPED, choice) or _measured_average(choice)
    return f"The network reaches {average}: {JUDGED[choice.statistics]}." if average else NO_AVERAGE


def _measured_average(choice: TaskChoice) -> str:
    """The network's accuracy over tasks like this one, as a phrase; empty where none is stored."""
    averages = averages_like(choice)
    if averages is None:
        return ""
    step = min(load_network(PAGE).config.inner_steps, choice.steps)
    return f"{averages.of(SHIPPED, step)} {averages.basis} after {counted(step)}"


def about_rates(choice: TaskChoice, network: Network) -> str:
    """The inner rates of the first step, and which of them are learned."""
    from core.zoo.initialisations import learned_rates

    model = load_network(network)
    if model.config.algorithm == "protonet":
        return NO_STEPS
    learner = model.learner
    named = learner.rates(0, choice.n_way).items()
    rates = [rate.item() for name, rate in named if learner.adapts(name)]
    low, high = f"{min(rates):.2g}", f"{max(rates):.2g}"
    span = f"are {low} to {high}" if low != high else f"are all {low}"
    scaled = f", here times {choice.scale:g}" if choice.scale != 1 else ""
    learned = _in_words([name for name in learned_rates(model) if learner.adapts(name)])
    changed = f"Training has changed {learned}; the others are as they were set."
    return (
        f"Its inner rates, one per weight tensor, {span}{scaled}. "
        f"{changed if learned else 'They are as they were set.'}"
    )


def _in_words(tensors: list[str]) -> str:
    """The rates of these tensors, by name where they are of the head alone."""
    if all(name in TENSORS for name in tensors):
        return listed([TENSORS[name] for name in tensors]) if tensors else ""
    return f"those of {counted(len(tensors), 'tensor')}"


def about_decline(frames: TaskFrames, network: Network = PAGE) -> str:
    """Where the numbers overflow or the accuracy falls; empty where neither happens."""
    overflows = np.flatnonzero(~np.isfinite(frames.support_loss))
    if len(overflows):
        return (
            f"After {counted(int(overflows[0]))} the numbers overflow: choose a smaller inner rate."
        )
    config = load_network(network).config
    return deepest_fall(
        frames.accuracy, 0 if config.algorithm == "supervised" else config.inner_steps
    )


def deepest_fall(accuracy: np.ndarray, trained_steps: int) -> str:
    """How an accuracy (S + 1,) falls after more steps than it was trained for, 0 for none.

    Empty where it never does by more than a few points.
    """
    low = lowest_after_a_fall(accuracy)
    if low is None or low <= trained_steps:
        return ""
    best = int(accuracy[:low].argmax())
    trained = f"for {counted(trained_steps)} only" if trained_steps else "without inner steps"
    return (
        f"Accuracy falls from {accuracy[best]:.0%} after {counted(best)} to {accuracy[low]:.0%} "
        f"after {counted(low)}: the network was trained {trained}, and more can make it worse, "
        "above all with many classes and examples."
    )


def card_accuracy(weights: str, choice: TaskChoice) -> str:
    """The accuracy on the card of weights, as a phrase; empty where it is of other tasks.

    It holds after the card's number of steps.
    """
    card = load_card(weights)
    config, figures = card["config"], card["figures"]
    same = (config["source"], config["n_way"], config["k_shot"], 1.0)
    if (choice.origin, choice.n_way, choice.k_shot, choice.scale) != same:
        return ""
    prefix = "inductive_" if choice.statistics == "inductive" else ""
    after, interval = (100 * figures[f"{prefix}accuracy_{part}"] for part in ("after", "interval"))
    return (
        f"{after:.2f} ± {interval:.2f} % over {figures['test_tasks']:,.0f} tasks "
        f"after {counted(config['inner_steps'])}"
    )
