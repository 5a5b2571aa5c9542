"""What the READMEs promise is there: commands, files, and the lines for a notebook."""

import re
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from core.data.digits import load_digits
from core.paths import PROJECT
from core.zoo.weights import SHIPPED

READMES = [
    PROJECT / place
    for place in (
        "README.md",
        "assets/README.md",
        "core/README.md",
        "core/training/README.md",
        "tests/benchmarks/README.md",
    )
]
WEIGHTS = {card.stem for card in SHIPPED.glob("*.json")}
STUDIES = {
    "protocols", "views", "within-alphabet", "tasks", "clock", "labels", "features", "completions",
    "continual", "orders", "asking", "unlabelled", "losses",
}  # fmt: skip
NUMBER = r"\d+(?:\.\d+)?"
ANOTHER_TORCH = 0.015  # by how much its rounding may change a figure: one query in 95
COMMANDS = {"train", "evaluate", "runs", "data"}


def name(path: Path) -> str:
    return str(path.relative_to(PROJECT))


def test_three_lines_embed_pictures_in_a_notebook() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", READMES[0].read_text(), re.DOTALL)
    imported, *lines = filter(None, code.splitlines())
    assert imported == "from core import load" and len(lines) == 3
    names: dict[str, object] = {"pictures": load_digits("sample", "held_out").images[:7].numpy()}
    exec(code, names)
    features = names["features"]
    assert isinstance(features, np.ndarray)
    assert features.dtype == np.float32 and features.shape == (7, 1024)


@pytest.mark.parametrize("number", range(3), ids=["embed", "complete", "adapt"])
def test_a_script_prints_what_is_below_it(number: int, capsys: pytest.CaptureFixture[str]) -> None:
    text = (PROJECT / "core/README.md").read_text()
    scripts = re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", text, re.DOTALL)
    assert len(scripts) == 3
    code, expected = scripts[number]
    exec(code, {})
    printed = capsys.readouterr().out
    assert re.sub(NUMBER, "#", printed) == re.sub(NUMBER, "#", expected)
    found, stated = (list(map(float, re.findall(NUMBER, each))) for each in (printed, expected))
    assert found == pytest.approx(stated, rel=ANOTHER_TORCH)


def test_the_first_page_is_short() -> None:
    assert len(READMES[0].read_text().splitlines()) <= 120


@pytest.mark.parametrize("readme", READMES, ids=name)
def test_links_lead_somewhere(readme: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", readme.read_text()):
        assert target.startswith("https://") or (readme.parent / target).exists(), target


@pytest.mark.parametrize("readme", READMES, ids=name)
def test_commands_exist(readme: Path) -> None:
    text = readme.read_text()
    for module, argument in re.findall(r"-m ([\w.]+)(?: (\w[\w-]*))?", text):
        assert find_spec(module) is not None, module
        assert module != "core" or argument in COMMANDS, argument
    targets = re.findall(r"^([\w-]+):", (PROJECT / "Makefile").read_text(), re.MULTILINE)
    assert set(re.findall(r"make (run|test[\w-]*|check|format)\b", text)) <= set(targets)


@pytest.mark.parametrize("readme", READMES, ids=name)
def test_what_is_evaluated_is_shipped_or_a_study(readme: Path) -> None:
    for what in re.findall(r"-m core evaluate ([\w-]+)", readme.read_text()):
        assert what in WEIGHTS | STUDIES, what


@pytest.mark.parametrize("card", sorted(SHIPPED.glob("*.json")), ids=lambda path: path.stem)
def test_a_card_says_how_its_weights_are_evaluated(card: Path) -> None:
    command = re.search(r'"evaluate": "python -m core evaluate (.*)"', card.read_text())
    assert command is None or command[1] == card.stem
