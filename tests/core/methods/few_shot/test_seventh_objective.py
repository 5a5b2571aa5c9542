"""A new algorithm costs one file and one line in the registry."""

import json
import os
import subprocess
import sys
from pathlib import Path

from core.paths import PROJECT

TRAIN = (
    "train maml --algorithm compact --steps 3 --meta-batch 2 --train-way 5 --eval-tasks 4 "
    "--filters 32 --device cpu"
)


def test_a_seventh_algorithm_trains_at_the_command_line(runs_folder: Path) -> None:
    done = _python(TRAIN)
    assert done.returncode == 0, done.stderr
    (run,) = runs_folder.glob("maml-*")
    rows = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    losses = [row["loss"] for row in rows[1:]]
    assert len(losses) == 3 and 0 < losses[-1] < losses[0]
    assert "accuracy_after" in rows[-1]


def test_the_help_text_explains_it() -> None:
    done = _python("train maml --help")
    assert "Compact pulls the pictures of a class together" in " ".join(done.stdout.split())


def _python(arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.core.methods.few_shot.toy_objective"]
    return subprocess.run(
        [*command, *arguments.split()], cwd=PROJECT, env=os.environ, capture_output=True, text=True
    )
