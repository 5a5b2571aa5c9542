"""No run folder, however damaged, touches another run: each is refused or shown by itself."""

import argparse
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import safetensors

from core.__main__ import main
from core.commands import runs as commands
from core.errors import GlimpseError
from core.registry import METHODS, load_method
from core.training import launcher, queue
from core.training.resumable import why_never
from core.training.run_folder import RunFolder, open_run, scan_runs
from core.training.series import Series
from tests.helpers.hostile_runs import hostile_runs, whole_run
from tests.helpers.hostile_snapshots import STEP

DRAWN = ("arrays", "all", "snapshots", "info-config")  # kinds that other methods draw in other ways
COMMANDS = (["show"], ["pause"], ["stop"], ["resume", "--background"], ["export"], ["delete"])


def test_every_folder_is_a_run_or_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    healthy = whole_run("maml")
    kinds = {folder.name: kind for kind, folder in hostile_runs(whole_run("maml"))}
    assert len(kinds) > 400
    scan = scan_runs()
    assert {run.id for run in scan.runs} | scan.problems.keys() == kinds.keys() | {healthy.id}
    for sentence in scan.problems.values():
        assert_sentence(sentence)
    for run in scan.runs:
        _ask_all(run, kinds.get(run.id, "healthy"))
    assert main(["runs", "list"]) == 0
    said = capsys.readouterr()
    for name, kind in kinds.items():
        assert (name in said.out) != (name in said.err), kind


@pytest.mark.parametrize(
    ("method", "source"), [("simclr", None), ("simclr", "own"), ("inpainting", None),
                           ("maml", "sinusoids")],
)  # fmt: skip
def test_every_snapshot_is_arrays_that_can_be_drawn_or_a_sentence(
    method: str, source: str | None
) -> None:
    kinds = {folder.name: kind for kind, folder in hostile_runs(whole_run(method, source), *DRAWN)}
    for run in scan_runs().runs:
        _ask_all(run, kinds[run.id])


@pytest.mark.parametrize("kind", ["arrays-complex", "all-complex"])
def test_a_snapshot_of_complex_numbers_is_refused(kind: str) -> None:
    """Older versions of safetensors cannot read the file, newer ones can."""
    [(_kind, folder)] = hostile_runs(whole_run("maml"), kind)
    can_read = tuple(map(int, safetensors.__version__.split(".")[:2])) >= (0, 7)
    reason = r" \(.+ has numbers of the kind complex64\)" if can_read else ""
    sentence = rf"^The picture of step {STEP} is missing or damaged{reason}: choose another step\.$"
    with pytest.raises(GlimpseError, match=sentence):
        open_run(folder.name).snapshot(STEP)


def test_every_command_answers_or_says_why_not(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(launcher, "_start", _end_at_once)
    monkeypatch.setattr("os.fsync", lambda _descriptor: None)  # of thousands of files
    parser = argparse.ArgumentParser()
    commands.add_parser(parser.add_subparsers())
    healthy = whole_run("maml")
    kinds = {folder.name: kind for kind, folder in hostile_runs(whole_run("maml"))}
    assert _command(parser.parse_args(["runs", "list"]), "all", capsys) == ""
    for name, kind in kinds.items():
        for action, *options in COMMANDS:
            where = [str(tmp_path / "weights")] if action == "export" else []
            chosen = parser.parse_args(["runs", action, name, *where, *options])
            refusal = _command(chosen, f"{action}, {kind}", capsys)
            assert action != "delete" or not refusal, kind
    assert [run.id for run in scan_runs().runs] == [healthy.id]
    assert scan_runs().problems == {}


def _end_at_once(run: RunFolder) -> None:
    """As a worker whose run is stopped before it has begun."""
    place = queue.place_of(run.id)
    assert place is not None
    place.path.unlink()
    run.write_status(replace(run.recorded_status(), state="stopped"))


def _command(options: argparse.Namespace, what: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Runs a command; returns the sentence with which it is refused, empty where it is not."""
    refusal = ""
    try:
        options.run_command(options)
    except GlimpseError as error:
        refusal = str(error)
        assert_sentence(refusal)
    except Exception as error:
        raise AssertionError(f"{what}: {type(error).__name__}") from error
    said = capsys.readouterr()
    assert_printable(said.out + said.err)
    return refusal


def assert_printable(text: str) -> None:
    assert all(line.isprintable() for line in text.splitlines()), text


def assert_sentence(text: str) -> None:
    assert text.endswith(".") and text.isprintable() and len(text) < 600, text


def _settings(run: RunFolder) -> object:
    return run.completed(load_method(run.method).Config) if run.method in METHODS else None


def _scalars(run: RunFolder) -> object:
    series = Series(run)
    series.update()
    return [series.curve(name) for name in series.names]


ASKED: tuple[Callable[[RunFolder], object], ...] = (
    RunFolder.status,
    RunFolder.requested,
    RunFolder.archive,
    lambda run: [run.snapshot(step) for step in run.snapshot_steps()],
    _settings,
    _scalars,
    why_never,
)


def _ask_all(run: RunFolder, kind: str) -> None:
    for ask in ASKED:
        if ask is RunFolder.archive and "1-gb" in kind:
            continue  # it would have to read all that
        try:
            ask(run)
        except GlimpseError as refusal:
            assert_sentence(str(refusal))
        except Exception as error:
            raise AssertionError(f"{kind}: {type(error).__name__}") from error
