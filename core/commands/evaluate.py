"""`evaluate WHAT`: the test figures of shipped weights, of a run or of a file, or a study."""

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from tqdm import tqdm

from core.errors import GlimpseError
from core.training.slots import threads_per_worker


def add_parser(commands: Any) -> None:
    parser = commands.add_parser("evaluate", help="measure shipped weights, a run or a file")
    studies = "; ".join(f"`{name}`: {study.about}" for name, study in STUDIES.items())
    parser.add_argument(
        "what",
        help="shipped weights by name (maml), the id of a run, a path to weights, or a study. "
        f"{studies}",
    )
    parser.add_argument(
        "--pictures",
        default="",
        metavar="PLACE",
        help="where the own pictures of a run are now, to measure it on those",
    )
    parser.add_argument(
        "--of",
        default="",
        metavar="NAME",
        help="weights, a run or a file that `protocols` measures in place of the shipped ones",
    )
    parser.set_defaults(run_command=run_command)


def run_command(options: argparse.Namespace) -> int:
    """Prints the result of a study, or the test figures of a model, measured now."""
    import torch

    torch.set_num_threads(threads_per_worker())
    if options.of:
        print(_protocols_of(options.what, options.of, options.pictures))
        return 0
    if options.what in STUDIES:
        print(STUDIES[options.what].run())
        return 0
    for name, value in _restored(options.what, options.pictures).test().items():
        print(f"{name:32} {value:.4f}")
    return 0


def _restored(what: str, pictures: str) -> Any:
    """The trained method of a run, of shipped weights, or of a file of weights.

    Raises GlimpseError, with the names that there are, where it is none of them nor a study.
    """
    from core.zoo.finding import restored

    return restored(what, pictures, tuple(STUDIES))


def _protocols(shifted_views: bool = False) -> str:
    from core.studies import protocols

    rows: list[protocols.Row] = []
    for protocol in tqdm(protocols.PROTOCOLS):
        rows.extend(protocols.measure(protocol, shifted_views=shifted_views))
    return protocols.table(rows)


def _protocols_of(what: str, name: str, pictures: str) -> str:
    """The settings of the protocols, on the test tasks of one network.

    Raises GlimpseError for any other study, and for a network that does not classify pictures.
    """
    from core.methods.few_shot.method import FewShot
    from core.studies import protocols

    if what != "protocols":
        raise GlimpseError(f"--of is for protocols, not for {what[:60]}: leave it out.")
    method = _restored(name, pictures)
    if not isinstance(method, FewShot) or not method.problem.has_classes:
        raise GlimpseError(f"{name[:60]} tells no classes apart: choose a few-shot network.")
    rows = list(tqdm(protocols.measure_network(method, method.source, name), total=2))
    is_unlabelled = method.config.source == "unlabelled"
    return protocols.table(rows, protocols.WITHOUT_LABELS if is_unlabelled else protocols.PUBLISHED)


def _within_alphabet() -> str:
    from core.studies import within_alphabet

    with tqdm(total=within_alphabet.TICKS) as bar:
        return within_alphabet.table(within_alphabet.measure(bar.update))


def _labels() -> str:
    from core.studies import label_efficiency

    with tqdm(total=label_efficiency.TICKS) as bar:
        return json.dumps(label_efficiency.measure(bar.update), indent=1)


def _features() -> str:
    from core.studies import feature_scores

    return json.dumps(feature_scores.measure(), indent=1)


def _completions() -> str:
    from core.studies import completion_errors

    with tqdm(total=completion_errors.TICKS) as bar:
        return json.dumps(completion_errors.measure(bar.update), indent=1)


def _tasks() -> str:
    from core.studies import task_averages

    with tqdm(total=task_averages.TICKS) as bar:
        return json.dumps(task_averages.measure(bar.update), indent=1)


def _clock() -> str:
    from core.studies import race_by_the_clock

    with tqdm(total=race_by_the_clock.TICKS) as bar:
        return json.dumps(race_by_the_clock.measure(bar.update), indent=1)


def _continual() -> str:
    from core.studies import continual

    with tqdm(total=continual.TICKS) as bar:
        return json.dumps(continual.measure(bar.update), indent=1)


def _orders() -> str:
    from core.studies import orders

    with tqdm(total=orders.TICKS) as bar:
        return json.dumps(orders.measure(bar.update))


def _asking() -> str:
    from core.studies import asking

    with tqdm(total=asking.TICKS) as bar:
        return json.dumps(asking.measure(bar.update))


def _unlabelled() -> str:
    from core.studies import unlabelled

    with tqdm(total=unlabelled.TICKS) as bar:
        return json.dumps(unlabelled.measure(bar.update))


def _losses() -> str:
    from core.studies import losses

    with tqdm(total=losses.TICKS) as bar:
        return json.dumps(losses.measure(bar.update), indent=1)


@dataclass(frozen=True)
class Study:
    """A longer measurement, and the function that makes it and returns what to print."""

    about: str
    run: Callable[[], str]


STUDIES = {
    "protocols": Study("few-shot accuracy on every protocol, beside published figures", _protocols),
    "views": Study(
        "the one-shot figures of the protocols, each answer averaged over five shifted views",
        partial(_protocols, shifted_views=True),
    ),
    "within-alphabet": Study(
        "errors on 20 characters of one alphabet, drawn once by one person, beside published ones",
        _within_alphabet,
    ),
    "tasks": Study("few-shot accuracy on tasks of every source, as JSON", _tasks),
    "clock": Study("what every algorithm of the race reaches in the same time, as JSON", _clock),
    "labels": Study("accuracy of the shipped embedding with few labels, as JSON", _labels),
    "losses": Study("k-NN accuracy of embeddings by loss, five seeds each, as JSON", _losses),
    "features": Study("scores of the shipped completers' features, as JSON", _features),
    "continual": Study("accuracy on a stream of 600 characters, as JSON", _continual),
    "orders": Study("what learners know of a stream, by the order of its examples", _orders),
    "asking": Study("what asking for labels costs and brings, by its threshold, as JSON", _asking),
    "unlabelled": Study("what unlabelled drawings bring, by soft k-means, as JSON", _unlabelled),
    "completions": Study("errors of every way to complete a picture, as JSON", _completions),
}
