"""`runs list|show|pause|stop|resume|export|delete`."""

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

from core import distributed
from core.commands.train import follow_first, in_background, train_here, wait_without_torch
from core.errors import GlimpseError
from core.registry import load_method
from core.training import launcher
from core.training.ending import end_worker, silent_for
from core.training.resumable import why_never
from core.training.run_folder import RunFolder, delete_run, open_run, scan_runs
from core.training.series import Series


def add_parser(commands: Any) -> None:
    parser = commands.add_parser(
        "runs", help="list, show, pause, stop, resume, export or delete runs"
    )
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    actions.add_parser("list", help="list all runs").set_defaults(run_command=_list)
    _add(actions, "show", _show, "show the settings and the latest metrics of a run")
    _add(actions, "pause", _request, "save a checkpoint and pause").set_defaults(command="pause")
    stop = _add(actions, "stop", _request, "save a checkpoint and end the run")
    stop.add_argument("--force", action="store_true", help="end it at once, without a checkpoint")
    stop.set_defaults(command="stop")
    resume = _add(actions, "resume", _resume, "go on from the last checkpoint")
    resume.add_argument(
        "--background", action="store_true", help="train in a process of its own and return"
    )
    resume.add_argument("--as-queued", action="store_true", help=argparse.SUPPRESS)
    export = _add(actions, "export", _export, "save the weights of a run with their card")
    export.add_argument("destination", type=Path, help="a name or path, such as weights/mine")
    export.add_argument(
        "--half", action="store_true", help="round the weights to 16 bits: half the size"
    )
    _add(actions, "delete", _delete, "delete a run's folder")


def _add(actions: Any, name: str, function: Any, text: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = actions.add_parser(name, help=text)
    parser.add_argument("run", help="a run's id, as `runs list` shows it")
    parser.set_defaults(run_command=function)
    return parser


def _list(_options: argparse.Namespace) -> int:
    scan = scan_runs()
    for run in scan.runs:
        try:
            print(summary(run))
        except GlimpseError as deleted:  # a moment ago
            print(deleted, file=sys.stderr)
    for sentence in scan.problems.values():
        print(sentence, file=sys.stderr)
    if not scan.runs and not scan.problems:
        print("No runs yet: python -m core train --help")
    return 0


def summary(run: RunFolder) -> str:
    """A run in one line: id, state, progress, key figure, age, and whether its worker is silent."""
    status = run.status()
    seconds = silent_for(run)
    silence = "" if seconds is None else f", no sign for {seconds:.0f} s"
    value = "" if status.key_value is None else f"{status.key_figure} {status.key_value:.4f}"
    minutes = (time.time() - run.created) / 60
    progress = f"{status.step}/{status.steps}"
    return (
        f"{run.id:36} {status.state:12} {progress:>14}  {value:28} {minutes:8.0f} min ago{silence}"
    )


def _show(options: argparse.Namespace) -> int:
    run = open_run(options.run)
    print(summary(run))
    if message := run.status().message:
        print(message)
    series = Series(run)
    series.update()
    figures = {name: float(series.curve(name)[1][-1]) for name in sorted(series.names)}
    print(json.dumps({"config": run.config, "latest": figures}, indent=1))
    return 0


def _request(options: argparse.Namespace) -> int:
    run = open_run(options.run)
    if vars(options).get("force"):
        end_worker(run)
        return 0
    run.request(options.command)
    if seconds := silent_for(run):
        print(
            f"Its worker has given no sign of life for {seconds:.0f} s; if it does not obey: "
            f"python -m core runs stop --force {run.id}",
            file=sys.stderr,
        )
    return 0


def _resume(options: argparse.Namespace) -> int:
    if not distributed.is_first():
        return follow_first()
    run = open_run(options.run)
    if options.as_queued:  # a command that has checked and queued it goes on as this one
        return train_here(run)
    load_method(run.method)
    if why := why_never(run):  # its settings too are checked, now that the method is there
        raise GlimpseError(why)
    if in_background(options):
        launcher.resume(run)
        return 0
    launcher.requeue(run)
    wait_without_torch(run)
    return train_here(run)


def _export(options: argparse.Namespace) -> int:
    from core.zoo.weights import export

    card = export(open_run(options.run), options.destination, half=options.half)
    print(json.dumps(card, indent=1))
    return 0


def _delete(options: argparse.Namespace) -> int:
    delete_run(options.run)
    return 0
