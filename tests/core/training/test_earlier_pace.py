"""Minutes as steps by what earlier runs took, where they ran as this one will."""

import json
from typing import Any

import pytest
import torch

from core.training import pacing
from core.training.checkpoint import Checkpoint, made_with, save_checkpoint
from core.training.earlier_pace import earlier_pace
from core.training.pace import Pace
from core.training.pacing import steps_in
from core.training.provenance import provenance
from core.training.run_folder import RunFolder, create_run
from core.training.slots import threads_per_worker
from tests.helpers.toy import ToyConfig

TRUE = Pace(step=0.1, evaluation=0.5, snapshot=0.2)
EVERY = {"eval_every": 10, "snapshot_every": 10, "checkpoint_every": 10}


def run_at_pace(rows: int = 95, pace: Pace = TRUE, **settings: Any) -> RunFolder:
    """A run whose rows have the times of a pace; its first step took a second more."""
    config = ToyConfig(**EVERY | settings)
    run = create_run("toy", config.model_dump(), config.steps)
    elapsed = pace.snapshot + pace.evaluation
    with (run.path / "metrics.jsonl").open("w") as file:
        for step in range(rows + 1):
            if step:
                elapsed += pace.step + (step == 1)
                elapsed += pace.evaluation * (step % config.eval_every == 0 or step == config.steps)
                elapsed += pace.snapshot * ((step - 1) % config.snapshot_every == 0 and step > 1)
            file.write(json.dumps({"step": step, "elapsed": round(elapsed, 3), "loss": 1.0}) + "\n")
    made = provenance(torch.device("cpu"), threads_per_worker())
    save_checkpoint(run, Checkpoint(rows, elapsed, {"weight": torch.zeros(1)}, made))
    return run


@pytest.fixture(autouse=True)
def no_timing(monkeypatch: pytest.MonkeyPatch) -> None:
    def measure(_method: str, _config: ToyConfig) -> Pace:
        return Pace(step=7.0, evaluation=0.0, snapshot=0.0)

    monkeypatch.setattr(pacing, "measure", measure)


def test_the_pace_is_that_of_the_run() -> None:
    run = run_at_pace(lr=0.03)
    found = earlier_pace("toy", ToyConfig(lr=0.03, seed=5, steps=7, eval_every=3))
    assert found is not None
    assert vars(found) == pytest.approx(vars(TRUE), abs=0.002)
    config = ToyConfig(lr=0.03, eval_every=10**6, snapshot_every=10**6)
    assert steps_in("toy", config, minutes=1) == pytest.approx(586, abs=2)  # (60 - 1.4) / 0.1
    assert made_with(run)["torch"] == torch.__version__.split("+")[0]


def test_a_short_run_says_what_an_evaluation_takes_by_its_last() -> None:
    """Its first one includes all that a run begins with, and was slower by 20 s here."""
    run = run_at_pace(lr=0.07, steps=95, eval_every=1000)
    rows = [json.loads(line) for line in (run.path / "metrics.jsonl").read_text().splitlines()]
    late = [row | {"elapsed": row["elapsed"] + 20} for row in rows]
    (run.path / "metrics.jsonl").write_text("\n".join(map(json.dumps, late)) + "\n")
    found = earlier_pace("toy", ToyConfig(lr=0.07))
    assert found is not None
    assert vars(found) == pytest.approx(vars(TRUE), abs=0.002)


def test_the_newest_run_says_it_and_settings_that_change_a_step_are_told_apart() -> None:
    run_at_pace(lr=0.03)
    run_at_pace(lr=0.03, pace=Pace(0.2, 0.5, 0.2))
    run_at_pace(lr=0.04, pace=Pace(0.4, 0.5, 0.2))
    found = earlier_pace("toy", ToyConfig(lr=0.03))
    assert found is not None and found.step == pytest.approx(0.2, abs=0.002)
    assert earlier_pace("toy", ToyConfig(lr=0.05)) is None


@pytest.mark.parametrize("why", ["brief", "elsewhere", "not recorded", "damaged"])
def test_steps_are_timed_where_no_run_says_it(why: str) -> None:
    run = run_at_pace(rows=20 if why == "brief" else 95)
    if why == "elsewhere":
        made = provenance(torch.device("cpu"), threads=64)
        save_checkpoint(run, Checkpoint(96, 1.0, {"weight": torch.zeros(1)}, made))
    if why == "not recorded":
        save_checkpoint(run, Checkpoint(96, 1.0, {"weight": torch.zeros(1)}))
    if why == "damaged":
        run.checkpoint_path(95).write_bytes(b"\xff" * 20)
    assert earlier_pace("toy", ToyConfig()) is None
    assert steps_in("toy", ToyConfig(), minutes=1) == 8  # 60 / 7
