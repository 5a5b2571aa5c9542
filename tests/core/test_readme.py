"""What the READMEs promise is there: commands, files, and the three lines for a notebook."""

import re
from importlib.util import find_spec
from pathlib import Path

import pytest
import torch

from core.data.digits import load_digits
from core.paths import PROJECT
from core.zoo.weights import SHIPPED

READMES = [
    PROJECT / place
    for place in (
        "README.md",
        "assets/README.md",
        "core/training/README.md",
        "tests/benchmarks/README.md",
    )
]
WEIGHTS = {card.stem for card in SHIPPED.glob("*.json")}
STUDIES = {
    "protocols", "views", "within-alphabet", "tasks", "clock", "labels", "features", "completions",
    "continual", "orders", "asking", "unlabelled",
}  # fmt: skip
COMMANDS = {"train", "evaluate", "runs", "data"}


def name(path: Path) -> str:
    return str(path.relative_to(PROJECT))


def test_three_lines_load_the_encoder_in_a_notebook() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", READMES[0].read_text(), re.DOTALL)
    assert len(list(filter(None, code.splitlines()))) == 3
    images = load_digits("sample", "held_out").images[:7]
    names: dict[str, object] = {"images": images}
    exec(code, names)
    features = names["features"]
    assert isinstance(features, torch.Tensor)
    assert features.dtype == torch.float32 and features.shape[0] == len(images)


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
