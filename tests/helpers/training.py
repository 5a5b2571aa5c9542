"""What the tests of runs ask of them: their last state, their rows, and to wait for something."""

import time
from collections.abc import Callable

from core.training.checkpoint import load_newest
from core.training.run_folder import RunFolder
from core.training.status import Status


def final_bytes(run: RunFolder) -> dict[str, bytes]:
    checkpoint = load_newest(run)
    assert checkpoint is not None
    return {name: tensor.numpy().tobytes() for name, tensor in checkpoint.state.items()}


def scalars(run: RunFolder) -> list[dict[str, float]]:
    return [{k: v for k, v in row.items() if k != "elapsed"} for row in run.metrics()]


def pause_at(run: RunFolder, step: int) -> Callable[[Status, dict[str, float]], None]:
    def report(_status: Status, row: dict[str, float]) -> None:
        if row["step"] == step:
            (run.path / "control").write_text("pause")

    return report


def wait_until(condition: Callable[[], bool], what: str, patience_s: float = 60) -> None:
    deadline = time.monotonic() + patience_s
    while not condition():
        assert time.monotonic() < deadline, f"never came: {what}"
        time.sleep(0.01)


def state(run: RunFolder) -> str:
    return run.status().state
