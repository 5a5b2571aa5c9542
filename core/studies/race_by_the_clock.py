"""What every algorithm of the race reaches in the same time, instead of in as many updates.

Each is trained anew for a number of seconds, with the settings on its card; its learning rate falls
to zero over just the steps that fit. `python -m core evaluate clock > assets/clock.json` repeats
the measurement.
"""

import time
from collections.abc import Callable
from typing import Any

import torch

from core.methods.few_shot.config import FewShotConfig
from core.methods.few_shot.method import FewShot
from core.studies.processor_time import TRIAL, seconds_of, steps_in
from core.studies.task_averages import K_SHOT, STEPS, average, tasks_of
from core.training.provenance import provenance
from core.zoo.initialisations import RACE
from core.zoo.weights import load_shipped

COMMAND = "python -m core evaluate clock > assets/clock.json"
SECONDS = (10, 30, 90, 180)  # of one thread's processor time
N_WAY = 20
TRAINED = tuple(each.weights for each in RACE if each.weights)
TICKS = len(SECONDS) * len(TRAINED)  # calls of `tick`


def measure(tick: Callable[[], object]) -> dict[str, Any]:
    """The whole study, in most of an hour. Calls `tick` `TICKS` times.

    All are trained for one time before any is for the next, so that what else the machine does
    counts for all alike.
    """
    began = time.process_time()
    torch.set_num_threads(1)
    reached: dict[str, list[dict[str, float]]] = {name: [] for name in TRAINED}
    for seconds in SECONDS:
        for name in TRAINED:
            config = load_shipped(name).config
            assert isinstance(config, FewShotConfig)
            reached[name].append(train_for(seconds, config))
            tick()
    return {
        "command": COMMAND,
        "minutes": round((time.process_time() - began) / 60, 1),
        **provenance(torch.device("cpu")),
        "seconds": list(SECONDS),
        "n_way": N_WAY,
        "k_shot": K_SHOT,
        "inner_steps": STEPS,
        "tasks": tasks_of(N_WAY),
        "reached": reached,
    }


def train_for(seconds: float, config: FewShotConfig) -> dict[str, float]:
    """Trains from scratch for about so many seconds.

    Returns the seconds it took, its training steps, and its mean accuracy after `STEPS` inner steps
    on test tasks with the half-width of its 95 % interval.
    """
    steps = steps_in(seconds, FewShot(_with_steps(config, TRIAL)).step)
    method = FewShot(_with_steps(config, steps))
    took = sum(seconds_of(method.step, 1, steps))
    curve = average(method, "omniglot", N_WAY, "transductive", tasks_of(N_WAY))
    return {
        "seconds": round(took, 1),
        "steps": steps,
        "mean": curve["mean"][STEPS],
        "interval": curve["interval"][STEPS],
    }


def _with_steps(config: FewShotConfig, steps: int) -> FewShotConfig:
    return config.model_copy(update={"steps": steps, "device": "cpu"})
