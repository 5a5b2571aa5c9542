"""Run folders written by hand, as a worker would leave them."""

import json

import numpy as np

from core.training.run_folder import RunFolder, create_run
from core.training.status import State, Status

STEPS = 100


def arrays_of(method: str, source: object = None) -> dict[str, np.ndarray]:
    """The smallest arrays that the views of a method draw, as in the first snapshot of a run.

    Empty for an unknown method.
    """
    if method == "maml" and source == "sinusoids":
        curves = {name: np.zeros(101, np.float32) for name in ("curve_x", "curve_y")}
        support = {name: np.zeros(5, np.float32) for name in ("support_x", "support_y")}
        loss = {"support_loss": np.ones(6, np.float32)}
        return curves | support | loss | {"prediction": np.zeros((6, 101), np.float32)}
    if method == "maml":
        return {
            "support": np.zeros((2, 28, 28), np.uint8),
            "query": np.zeros((4, 28, 28), np.uint8),
            "query_class": np.array([0, 0, 1, 1]),
            "probability": np.full((6, 4, 2), 0.5, np.float32),
            "support_loss": np.ones(6, np.float32),
        }
    if method == "simclr":
        return _points(60 if source == "own" else 1000, with_pictures=source == "own")
    if method == "inpainting":
        return dict.fromkeys(("truth", "masks", "completions"), np.ones((8, 28, 28), np.uint8))
    return {}


def _points(count: int, *, with_pictures: bool) -> dict[str, np.ndarray]:
    angles = np.linspace(0, 6, count, dtype=np.float16)[:, None]
    points = {
        "embedding": np.hstack([np.cos(angles), np.sin(angles), angles]),
        "layout": np.hstack([np.cos(angles), np.sin(angles)]),
        "labels": (np.arange(count) % 3).astype(np.uint8),
    }
    if with_pictures:
        points["pictures"] = np.ones((count, 28, 28), np.uint8)
        points["names"] = np.frombuffer(b"a\nb\nc", np.uint8)
    return points


def run_of(
    method: str,
    state: State,
    step: int = 30,
    message: str = "",
    key_figure: str = "accuracy_after",
    **config: object,
) -> RunFolder:
    """A run at `step` of 100: key figure 0.75, loss 1/step, a picture of step/100 every ten.

    Beside that picture a snapshot has what the method's views need.
    """
    run = create_run(method, {"steps": STEPS} | config, STEPS)
    run.write_status(Status(state, step, STEPS, 3.0, 10.0, message, key_figure, 0.75))
    with (run.path / "metrics.jsonl").open("w") as file:
        for at in range(1, step + 1):
            file.write(json.dumps({"step": at, "elapsed": at / 10, "loss": 1 / at}) + "\n")
    for at in range(0, step + 1, 10):
        arrays = arrays_of(method, config.get("source"))
        run.write_snapshot(at, arrays | {"picture": np.full(3, at / STEPS, np.float32)})
    return run
