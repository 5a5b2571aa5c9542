"""Nothing that trains weights or chooses among them can draw from the test split."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.methods.few_shot import task_sources
from core.methods.few_shot.config import FewShotConfig
from core.methods.few_shot.method import FewShot
from core.methods.few_shot.objectives import OBJECTIVES
from core.paths import PROJECT
from core.training.loop import train
from core.training.run_folder import create_run

# Every function of `core` that names the test split; each measures weights that are finished.
MEASURING = {
    "core/methods/few_shot/method.py: test",
    "core/studies/protocols.py: cell",
    "core/studies/unlabelled.py: measure",
    "core/studies/within_alphabet.py: measure",
    "core/studies/task_averages.py: average",
}
# Those that have `Method.test` measure: at the export of weights, and on demand.
ASKING = {"core/zoo/weights.py: _figures", "core/commands/evaluate.py: run_command"}
SEARCHED = ("methods/few_shot", "training", "zoo", "studies", "commands")  # within `core`
SMALL = {"steps": 4, "eval_every": 2, "snapshot_every": 2, "checkpoint_every": 2, "eval_tasks": 2,
         "filters": 32, "train_way": 5, "meta_batch": 1, "device": "cpu"}  # fmt: skip
KINDS = [
    {"algorithm": algorithm, "source": source, "protocol": protocol}
    for algorithm in OBJECTIVES
    for source, protocol in (
        ("omniglot", "random"),
        ("omniglot", "alphabet"),
        ("strokes", "random"),
    )
] + [{"algorithm": "protonet", "source": "unlabelled", "protocol": "alphabet"}]


class DrawnFromTestError(Exception):
    """Raised where the guard sees the test split asked for."""


@pytest.fixture
def guarded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pools and characters of the test split are refused, wherever they are asked for."""

    def refusing(draw: Any) -> Any:
        def guard(*asked: object) -> Any:
            if "test" in asked:
                raise DrawnFromTestError
            return draw(*asked)

        return guard

    for name in ("characters", "stroke_classes", "held_pool", "_alphabets"):
        monkeypatch.setattr(task_sources, name, refusing(getattr(task_sources, name)))


@pytest.mark.usefixtures("guarded")
@pytest.mark.parametrize("settings", KINDS, ids=lambda each: "-".join(each.values()))
def test_a_run_trains_and_is_scored_without_the_test_split(settings: dict[str, str]) -> None:
    run = create_run("maml", {**SMALL, **settings}, 1)
    assert train(run).state == "finished"
    assert [row["step"] for row in run.metrics() if "accuracy_after" in row] == [0, 2, 4]


@pytest.mark.usefixtures("guarded")
def test_the_guard_notices_a_test_task() -> None:
    method = FewShot(FewShotConfig(**SMALL, source="omniglot"))
    with pytest.raises(DrawnFromTestError):
        method.test()


def test_only_what_measures_finished_weights_names_the_test_split() -> None:
    places = {
        path.relative_to(PROJECT).as_posix(): functions(path)
        for folder in SEARCHED
        for path in (PROJECT / "core" / folder).rglob("*.py")
    }
    named = {f"{place}: {name}" for place, found in places.items() for name in found["names"]}
    asked = {f"{place}: {name}" for place, found in places.items() for name in found["asks"]}
    assert named == MEASURING
    assert asked == ASKING


def functions(path: Path) -> dict[str, set[str]]:
    """The functions of a file that hold the word "test", and those that call a method's `test`."""
    found: dict[str, set[str]] = {"names": set(), "asks": set()}
    for function, node in _with_function(ast.parse(path.read_text()), ""):
        if isinstance(node, ast.Constant) and node.value == "test" and function:
            found["names"].add(function)
        if isinstance(node, ast.Attribute) and node.attr == "test":
            found["asks"].add(function)
    return found


def _with_function(node: ast.AST, function: str) -> Iterator[tuple[str, ast.AST]]:
    """Every node below, with the name of the innermost function that it is in."""
    for child in ast.iter_child_nodes(node):
        inside = child.name if isinstance(child, ast.FunctionDef) else function
        yield inside, child
        yield from _with_function(child, inside)
