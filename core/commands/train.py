"""`train METHOD`: trains in this terminal, or in the background."""

import argparse
import signal
import sys
from typing import Any

from tqdm import tqdm

from core import distributed
from core.config import RunConfig, parse_config
from core.errors import GlimpseError
from core.flags import add_flags, flag
from core.registry import METHODS, load_method
from core.training import epochs, launcher
from core.training.metrics import Row
from core.training.pacing import steps_in
from core.training.run_folder import RunFolder, create_run
from core.training.status import Status
from core.training.worker import pause_on, work

# Importing a method imports torch, so only the one on the command line is imported for its flags.
Subparsers = Any


def add_parser(commands: Subparsers) -> None:
    parser = commands.add_parser("train", help="train a method; every setting is a flag")
    methods = parser.add_subparsers(required=True, metavar="METHOD", dest="method")
    chosen = next((word for word in sys.argv[1:] if word in METHODS), None)
    for entry in METHODS.values():
        method = methods.add_parser(
            entry.name, help=entry.promise, description=entry.promise, allow_abbrev=False
        )
        method.add_argument(
            "--background", action="store_true", help="train in a process of its own and return"
        )
        method.add_argument(
            "--minutes",
            type=float,
            metavar="NUMBER",
            help="train for about this long: a few steps are timed first to estimate how many fit",
        )
        with_epochs = entry.name == chosen and epochs.has_epochs(entry.name)
        method.add_argument(
            "--epochs",
            type=int,
            metavar="NUMBER",
            help="go through all pictures this often, instead of giving --steps"
            if with_epochs
            else argparse.SUPPRESS,
        )
        method.set_defaults(run_command=run_command)
        if entry.name == chosen:
            add_flags(method, load_method(entry.name).Config)


def run_command(options: argparse.Namespace) -> int:
    """Starts a run with the given flags."""
    if not distributed.is_first():
        return follow_first()
    kind = load_method(options.method).Config
    given = {name: value for name, value in vars(options).items() if name in kind.model_fields}
    config = parse_config(kind, given)
    distributed.check(config)
    _check_one_length({"steps": None} | vars(options))
    if options.minutes is not None:
        config = _fitting(options.method, config, options.minutes)
    if options.epochs is not None:
        config = _in_epochs(options.method, config, options.epochs)
    if in_background(options):
        print(launcher.launch(options.method, config).id)
        return 0
    return train_here(create_run(options.method, config.model_dump(), config.steps))


def _check_one_length(options: dict[str, Any]) -> None:
    """Raises GlimpseError where more than one of --steps, --minutes and --epochs is given."""
    given = [flag(name) for name in ("steps", "minutes", "epochs") if options[name] is not None]
    if len(given) > 1:
        raise GlimpseError(f"{' and '.join(given[:2])} both say how long to train: give one.")


def _in_epochs(method: str, config: RunConfig, n_epochs: int) -> RunConfig:
    """The config with the number of steps of so many epochs; prints that number."""
    epoch = epochs.epoch_of(method, config)
    steps = epochs.steps_in(epoch, n_epochs)
    print(
        f"--epochs {n_epochs} is --steps {steps}: an epoch is {epoch.steps} batches of "
        f"{epoch.batch_size} from {epoch.pictures} pictures.",
        file=sys.stderr,
        flush=True,
    )
    return config.model_copy(update={"steps": steps})


def _fitting(method: str, config: RunConfig, minutes: float) -> RunConfig:
    """The config with the number of steps that fit into so many minutes; prints that number.

    Raises GlimpseError under torchrun: one process alone cannot time a shared step.
    """
    if distributed.world_size() > 1:
        raise GlimpseError("--minutes times the steps of one process: give --steps to torchrun.")
    steps = steps_in(method, config, minutes)
    print(f"--minutes {minutes:g} is about --steps {steps} here.", file=sys.stderr, flush=True)
    return config.model_copy(update={"steps": steps})


def train_here(run: RunFolder) -> int:
    """Trains a queued run in this process with a progress bar; Ctrl-C pauses it."""
    print(run.id, flush=True)
    with (
        distributed.together(),
        tqdm(total=run.status().steps, unit="step", dynamic_ncols=True) as bar,
    ):
        pause_on(run, signal.SIGINT, signal.SIGTERM)

        def report(status: Status, row: Row) -> None:
            bar.initial = bar.initial or max(0, row["step"] - 1)
            bar.set_postfix(_postfix(status, row), refresh=False)
            bar.update(row["step"] - bar.n)

        status = work(run, report)
    print(f"{status.state} at step {status.step}. {status.message}".strip())
    if status.state == "paused":
        print(f"Resume with: python -m core runs resume {run.id}")
    return 0 if status.state != "failed" else 1


def follow_first() -> int:
    """Trains this process's share of every step, led by the first process."""
    from core.training.follower import follow

    follow()
    return 0


def in_background(options: argparse.Namespace) -> bool:
    """Whether to train in the background, which GlimpseError refuses under torchrun."""
    if options.background and distributed.world_size() > 1:
        raise GlimpseError("Under torchrun a run trains in the terminal: leave out --background.")
    return bool(options.background)


def _postfix(status: Status, row: Row) -> dict[str, str]:
    shown = {"loss": f"{row['loss']:.4f}"} if "loss" in row else {}
    if status.key_value is not None:
        shown[status.key_figure] = f"{status.key_value:.4f}"
    return shown
