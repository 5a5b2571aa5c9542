"""Every command that a README, a card, a docstring or a sentence prints, run to its first output.

Whatever takes long after that is replaced: training, measuring, timing and downloading.
"""

import importlib
import inspect
import re
import shlex
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from core.__main__ import main
from core.commands import data, evaluate, runs, train
from core.data.catalog import SOURCES
from core.methods import picture_sources
from core.methods.few_shot.method import FewShot
from core.methods.inpainting.method import Inpainting
from core.methods.simclr.method import SimClr
from core.paths import PROJECT
from core.training.run_folder import RunFolder, create_run
from tests.helpers.own_pictures import GOOD

PRINTED = re.compile(r"(?:python|torchrun --nproc-per-node \d+) -m ((?:[^`\"\n\\]|\\\n)+)")
SCANNED = ("*.md", "*.json", "*.py")
FOLDERS = ("core", "pages", "assets", "tests/benchmarks")
PLACES = sorted(
    {PROJECT / "README.md", PROJECT / "app.py"}
    | {path for folder in FOLDERS for kind in SCANNED for path in (PROJECT / folder).rglob(kind)}
)
PARAMETERS = {"FOLDER": "pictures", "PLACE": "pictures", "METHOD": "maml"}
ENOUGH = 264  # pictures, for a batch of the default size
LISTED = "--help"  # what a bare list of commands is tried with


def printed_in(path: Path) -> Iterator[str]:
    """The commands after `python -m`, without what a shell or a sentence adds."""
    for match in PRINTED.findall(path.read_text()):
        command = match.replace("\\\n", " ").split(" > ")[0].split("  #")[0].split(" && ")[0]
        if "{" not in command:  # made when it is printed: tested where it is
            yield command.strip().rstrip(".,:;)'")


COMMANDS = {path: sorted(set(printed_in(path))) for path in PLACES}


def spelt_out(command: str) -> Iterator[list[str]]:
    """`runs list|show` as its commands, and every name in capitals as something that there is."""
    words = [word for word in shlex.split(command) if not word.startswith("[")]
    names = PARAMETERS | {"NAME": "maml" if "evaluate" in words else "mnist"}
    for chosen in product(*(word.split("|") for word in words)):
        yield [names.get(word, word) for word in chosen]


@pytest.fixture
def until_output(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> RunFolder:
    """Ends each command where its long work would begin; returns a run that there is."""
    monkeypatch.chdir(tmp_path)
    for name, content in GOOD.items():
        path = tmp_path / PARAMETERS["FOLDER"] / name
        path.parent.mkdir(parents=True, exist_ok=True)
        for copy in range(ENOUGH // len(GOOD)):
            path.with_name(f"{copy}-{path.name}").write_bytes(content)

    def begin(run: RunFolder) -> int:
        return 0 if run.recorded_status().state == "queued" else 1

    def known(name: str, _report: object) -> None:
        assert name in SOURCES, name

    for module in (train, runs):
        monkeypatch.setattr(module, "train_here", begin)
    monkeypatch.setattr(train, "steps_in", lambda *_: 7)
    monkeypatch.setattr(picture_sources, "check_present", lambda name: known(name, None))
    monkeypatch.setattr(data, "download", known)
    monkeypatch.setattr(data, "remove_stored", lambda name: known(name, None))
    for method in (FewShot, Inpainting, SimClr):
        monkeypatch.setattr(method, "test", lambda _: {"measured": 1.0})
    for name, study in evaluate.STUDIES.items():
        monkeypatch.setitem(evaluate.STUDIES, name, replace(study, run=lambda: "measured"))
    monkeypatch.setattr(evaluate, "_protocols_of", lambda *_: "measured")
    return create_run("maml", {}, 1)


def run(words: list[str], some_run: RunFolder, patch: pytest.MonkeyPatch) -> None:
    """Runs a command of `python -m core`; where it only names what there is, its help."""
    words = [some_run.id if word == "RUN" else word for word in words]
    is_whole = words[0] == "train" or len(words) > 2 or words[0] == "evaluate"
    if words in (["runs", "list"], ["data", "list"]):
        is_whole = True
    if len(words) == 1 or not is_whole:
        words = [*words, LISTED]
    patch.setattr("sys.argv", ["core", *words])
    try:
        # A run that is in no state for it refuses in a sentence; what is misspelt exits with 2.
        assert main(words) in ((0, 1) if words[0] == "runs" else (0,)), words
    except SystemExit as end:
        assert LISTED in words and end.code == 0, words


@pytest.mark.parametrize(
    "path", [path for path in PLACES if COMMANDS[path]], ids=lambda p: str(p.relative_to(PROJECT))
)
def test_a_printed_command_runs(
    path: Path,
    until_output: RunFolder,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for command in COMMANDS[path]:
        for module, *words in spelt_out(command):
            if module == "core":
                if words:
                    run(words, until_output, monkeypatch)
                    assert any(capsys.readouterr()) or words[0] == "train"
            elif module.startswith(("core.", "tests.")):
                source = inspect.getsource(importlib.import_module(module))
                assert 'if __name__ == "__main__":' in source, module
            else:
                assert module in sys.stdlib_module_names, module


def test_the_places_where_commands_are_printed_are_found() -> None:
    found = {str(path.relative_to(PROJECT)) for path in PLACES if COMMANDS[path]}
    assert {"README.md", "tests/benchmarks/README.md", "assets/weights/maml.json"} <= found
    assert {"core/makers/films.py", "core/training/README.md", "assets/labels.json"} <= found
    assert sum(map(len, COMMANDS.values())) > 80


@pytest.mark.parametrize("wrong", ["core evaluate mamlnew", "core trian maml", "core data fetch x",
                                   "core train maml --no-such 1", "core.makers.gone",
                                   "core runs halt RUN", "core runs stop --no-such"])  # fmt: skip
def test_a_command_that_does_not_exist_is_noticed(
    wrong: str, until_output: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    [(module, *words)] = spelt_out(wrong)
    with pytest.raises((AssertionError, ModuleNotFoundError)):
        if module == "core":
            run(words, until_output, monkeypatch)
        else:
            importlib.import_module(module)
