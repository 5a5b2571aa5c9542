"""What a rank trains in `test_distributed`, and what one process alone trains for comparison."""

import sys
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from core import distributed
from core.data.episodes import Episodes
from core.data.omniglot import Split
from core.methods.base import Method
from core.methods.few_shot.config import FewShotConfig
from core.methods.few_shot.method import FewShot
from core.methods.few_shot.task_sources import Shape, TaskSource
from core.methods.simclr.config import SimClrConfig
from core.methods.simclr.method import SimClr

STEPS = 5
PICTURES = {"source": "strokes", "train_way": 3, "n_query": 2, "filters": 32, "inner_steps": 2}
CURVES = {"source": "sinusoids", "k_shot": 5, "inner_lr": 0.01}
CASES = {
    "second order": PICTURES | {"algorithm": "maml", "multi_step_loss": True},
    "first order": PICTURES | {"algorithm": "first-order"},
    "anil": PICTURES | {"algorithm": "anil"},
    "reptile": PICTURES | {"algorithm": "reptile", "lr": 0.5},
    "protonet": PICTURES | {"algorithm": "protonet"},
    "even shares": PICTURES | {"meta_batch": 2},
    "curves": CURVES,
    "supervised on curves": CURVES | {"algorithm": "supervised"},
}
EMBEDDING: dict[str, Any] = {"width": 4, "learning_rate": 1e-3}
SIMCLR_CASES = {
    "simclr": EMBEDDING | {"batch_size": 8},
    "simclr, uneven shares": EMBEDDING | {"batch_size": 7, "loss": "dcl"},
    "simclr, no head": EMBEDDING | {"batch_size": 8, "head": False, "loss": "attraction"},
    "simclr, vicreg": EMBEDDING | {"batch_size": 8, "loss": "vicreg"},
    "simclr, simsiam": EMBEDDING | {"batch_size": 8, "loss": "simsiam"},
}
PRECISIONS = {"float64": torch.float64, "float32": torch.float32}


class PreciseSource(TaskSource):
    """The same tasks in float64."""

    def draw(
        self, split: Split, n_tasks: int, shape: Shape, generator: torch.Generator
    ) -> Episodes:
        tasks = super().draw(split, n_tasks, shape, generator)
        values = [getattr(tasks, field.name) for field in fields(tasks)]
        return Episodes(*(v.double() if v.is_floating_point() else v for v in values))


def trained(case: str, precision: str) -> dict[str, Tensor]:
    """The gradient of the first step (`gradient.*`), its scalars, and the weights of the last."""
    method, network = (_simclr if case in SIMCLR_CASES else _maml)(case, precision)
    scalars = method.step(1)
    found = {
        f"gradient.{name}": weight.grad.clone()
        for name, weight in network.named_parameters()
        if weight.grad is not None
    }
    found |= {f"scalars.{name}": torch.tensor(value) for name, value in scalars.items()}
    for step in range(2, STEPS + 1):
        method.step(step)
    return found | {f"weights.{name}": value for name, value in method.weights().items()}


def _maml(case: str, precision: str) -> tuple[Method[Any], nn.Module]:
    settings = {"meta_batch": 3, "device": "cpu", "steps": STEPS} | CASES[case]
    method = FewShot(FewShotConfig.model_validate(settings))
    if precision == "float64":
        method.learner.double()
        method.source = PreciseSource(method.source.origin)
    return method, method.learner


def _simclr(case: str, precision: str) -> tuple[Method[Any], nn.Module]:
    settings = {"precision": "float32", "device": "cpu", "steps": STEPS} | SIMCLR_CASES[case]
    method = SimClr(SimClrConfig.model_validate(settings))
    if precision == "float64":
        method.net.double()
        method.objective.double()
        method.forward = _precise(method.net)
    return method, method.net


def _precise(network: nn.Module) -> Callable[[Tensor], Tensor]:
    """The network of the same pictures in float64."""
    return lambda images: network(images.double())


def main(folder: Path) -> None:
    torch.set_num_threads(1)
    with distributed.together():
        for case in (*CASES, *SIMCLR_CASES):
            for precision in PRECISIONS:
                path = folder / f"{case}-{precision}-{distributed.rank()}.safetensors"
                save_file(trained(case, precision), path)
    (folder / f"threads-{distributed.rank()}.txt").write_text("\n".join(living_threads()))


def living_threads() -> list[str]:
    """The names of this process's threads, those of libraries among them."""
    return [(thread / "comm").read_text().strip() for thread in Path("/proc/self/task").iterdir()]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
