"""Run folders written by hand, as a worker would leave them."""

import json

import numpy as np

from core.training.run_folder import RunFolder, create_run
from core.training.status import State, Status

STEPS = 100


def run_of(
    method: str,
    state: State,
    step: int = 30,
    message: str = "",
    key_figure: str = "accuracy_after",
    **config: object,
) -> RunFolder:
    """A run at `step` of 100: key figure 0.75, loss 1/step, a picture of step/100 every ten."""
    run = create_run(method, {"steps": STEPS} | config, STEPS)
    run.write_status(Status(state, step, STEPS, 3.0, 10.0, message, key_figure, 0.75))
    with (run.path / "metrics.jsonl").open("w") as file:
        for at in range(1, step + 1):
            file.write(json.dumps({"step": at, "elapsed": at / 10, "loss": 1 / at}) + "\n")
    for at in range(0, step + 1, 10):
        run.write_snapshot(at, {"picture": np.full(3, at / STEPS, np.float32)})
    return run
