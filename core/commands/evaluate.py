"""`evaluate WHAT`: the figures of shipped weights, of a run, of a file, or a longer measurement."""

import argparse
import json
import os
from pathlib import Path
from typing import Any

from tqdm import tqdm

from core.training.run_folder import RUN_ID, open_run
from core.training.slots import threads_per_worker


def add_parser(commands: Any) -> None:
    parser = commands.add_parser("evaluate", help="measure shipped weights, a run, or a file")
    parser.add_argument(
        "what",
        help="shipped weights by name (maml), a run's id, a path, "
        "`protocols`: few-shot learning on all of them, beside published figures; "
        "`labels`: what the shipped embedding makes of few labels, as JSON; "
        "`features`: what the shipped completers' features are worth, as JSON; "
        "`completions`: how far every way of completing is from the truth, as JSON",
    )
    parser.set_defaults(run_command=run_command)


def run_command(options: argparse.Namespace) -> int:
    """Prints every figure of the card, measured now on test data."""
    import torch

    from core.zoo.weights import load_shipped, load_weights, restore, restore_run

    torch.set_num_threads(threads_per_worker())
    if options.what == "protocols":
        return _print_protocols()
    if options.what == "labels":
        return _print_labels()
    if options.what == "features":
        return _print_features()
    if options.what == "completions":
        return _print_completions()
    if RUN_ID.fullmatch(options.what):
        method = restore_run(open_run(options.what))
    elif os.sep in options.what:
        method = restore(load_weights(Path(options.what).with_suffix("")))
    else:
        method = restore(load_shipped(options.what))
    for name, value in method.test().items():
        print(f"{name:32} {value:.4f}")
    return 0


def _print_protocols() -> int:
    from core.studies import protocols

    rows: list[protocols.Row] = []
    for protocol in tqdm(protocols.PROTOCOLS):
        rows.extend(protocols.measure(protocol))
    print(protocols.table(rows))
    return 0


def _print_labels() -> int:
    from core.studies import label_efficiency

    with tqdm(total=label_efficiency.TICKS) as bar:
        measured = label_efficiency.measure(bar.update)
    print(json.dumps(measured, indent=1))
    return 0


def _print_features() -> int:
    from core.studies import feature_scores

    print(json.dumps(feature_scores.measure(), indent=1))
    return 0


def _print_completions() -> int:
    from core.studies import completion_errors

    with tqdm(total=completion_errors.TICKS) as bar:
        measured = completion_errors.measure(bar.update)
    print(json.dumps(measured, indent=1))
    return 0
