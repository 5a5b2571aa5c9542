"""`train METHOD`: trains in this terminal, or in the background."""

import argparse
import os
import signal
import sys
import time
from collections.abc import Iterator
from types import FrameType
from typing import Any

from core import distributed
from core.commands.progress import Progress
from core.config import RunConfig, parse_config, with_names
from core.errors import GlimpseError
from core.flags import STOP_AT, add_flags, flag
from core.methods.own_notes import about_own
from core.registry import METHODS, load_method
from core.training import epochs, launcher, queue
from core.training.files import replace_file
from core.training.pacing import steps_in
from core.training.run_folder import RunFolder
from core.training.status import Status
from core.training.worker import pause_on, work

# Importing a method imports torch, so only the one on the command line is imported for its flags.
Subparsers = Any
PAUSING = b"\nA checkpoint is saved after this step. Ctrl-C again ends at once, without one.\n"
SAME_PRESS_S = 1.0  # programs between the terminal and this one may send a Ctrl-C twice


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
        method.add_argument(
            flag(STOP_AT),
            type=int,
            metavar="STEP",
            help="stop after this step of --steps, as if a person pressed Stop then",
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
    """Starts a run with the given flags, by which a refusal calls its settings."""
    if not distributed.is_first():
        return follow_first()
    kind = load_method(options.method).Config
    try:
        return _start(options, kind)
    except GlimpseError as refusal:
        settings = (*kind.model_fields, "minutes", "epochs")
        raise GlimpseError(with_names(str(refusal), settings, flag)) from refusal


def _start(options: argparse.Namespace, kind: type[RunConfig]) -> int:
    given = {name: value for name, value in vars(options).items() if name in kind.model_fields}
    config = parse_config(kind, given)
    distributed.check(config)
    _check_one_length({"steps": None} | vars(options))
    for sentence in about_own(config):
        print(sentence, file=sys.stderr, flush=True)
    if options.minutes is not None:
        config = _fitting(options.method, config, options.minutes)
    if options.epochs is not None:
        config = _in_epochs(options.method, config, options.epochs)
    _check_stop(options.stop_at, config)
    if in_background(options):
        print(launcher.launch(options.method, config, options.stop_at).id)
        return 0
    run = launcher.create_queued(options.method, config, options.stop_at)
    wait_without_torch(run)
    return train_here(run)


def _check_one_length(options: dict[str, Any]) -> None:
    """Raises GlimpseError where more than one of --steps, --minutes and --epochs is given."""
    given = [flag(name) for name in ("steps", "minutes", "epochs") if options[name] is not None]
    if len(given) > 1:
        raise GlimpseError(f"{' and '.join(given[:2])} both say how long to train: give one.")


def _check_stop(step: int | None, config: RunConfig) -> None:
    """Raises GlimpseError for a step that a run with this config does not have."""
    if step is not None and not 1 <= step <= config.steps:
        raise GlimpseError(
            f"{flag(STOP_AT)} {step} is no step of this run: choose 1 to {config.steps:,}."
        )


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
    pause_on(run.path, signal.SIGTERM)
    _pause_on_interrupt(run)
    print(run.id, flush=True)
    with distributed.together(), Progress(run) as progress:
        status = work(run, progress.report, progress.tell)
    print("\n".join(_last_words(run, status)))
    return 0 if status.state != "failed" else 1


def _last_words(run: RunFolder, status: Status) -> Iterator[str]:
    """What is said when a run has ended here."""
    if not run.path.is_dir():
        yield status.message
        return
    yield f"{status.state} at step {status.step}. {status.message}".strip()
    if status.state == "paused":
        yield f"Resume with: python -m core runs resume {run.id}"
    if status.state == "failed":
        yield f"Its folder is {run.path}"


def wait_without_torch(run: RunFolder) -> None:
    """Goes on in a new program where the run has to wait: this one has imported torch by now.

    Reading the flags of a method imports it. Returns where the run can start at once.
    """
    main = sys.modules["__main__"].__spec__
    is_command = main is not None and main.name == "core.__main__"
    if is_command and distributed.world_size() == 1 and not queue.is_next(run.id):
        os.execv(
            sys.executable,
            [sys.executable, "-m", "core", "runs", "resume", "--as-queued", run.id],
        )


def _pause_on_interrupt(run: RunFolder) -> None:
    """Makes Ctrl-C pause the run, and a second one end it at once."""
    first: list[float] = []

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        if not first:
            os.write(sys.stderr.fileno(), PAUSING)  # unlike print, it may come into another print
            first.append(time.monotonic())
            replace_file(run.path / "control", b"pause")
        elif time.monotonic() - first[0] > SAME_PRESS_S and distributed.world_size() == 1:
            raise KeyboardInterrupt

    signal.signal(signal.SIGINT, interrupt)


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
