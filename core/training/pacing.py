"""Minutes as steps: how many fit into a time on this machine.

A run's steps and schedule are fixed before it starts, so that it can be repeated. Whoever thinks in
minutes gets a number of steps from a few throwaway ones, timed first. It is an estimate: whatever
else wants the cores, then or later, moves it.
"""

import json
import math
import statistics
import time
from bisect import bisect_right
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial

from core.config import RunConfig, parse_config
from core.errors import GlimpseError
from core.registry import load_method
from core.training.slots import threads_per_worker

MOST_STEPS = 1_000_000  # that a config takes
MOST_MINUTES = 24 * 60
STEPPING_S = 0.6  # for the steps that are timed; one is, however long it takes
MOST_TIMED = 50


@dataclass(frozen=True)
class Pace:
    """What a run pays for, in seconds each. Its checkpoints, milliseconds each, are left out."""

    step: float
    evaluation: float
    snapshot: float

    def seconds(self, config: RunConfig, steps: int) -> float:
        """What so many steps take with what is due before, during and after them."""
        evaluations = 1 + math.ceil(steps / config.eval_every)
        snapshots = 1 + math.ceil(steps / config.snapshot_every)
        return steps * self.step + evaluations * self.evaluation + snapshots * self.snapshot

    def steps_in(self, config: RunConfig, seconds: float) -> int:
        """The most steps that take no longer, but at least one."""
        cost = partial(self.seconds, config)
        return max(1, bisect_right(range(MOST_STEPS + 1), seconds, key=cost) - 1)


def steps_in(method: str, config: RunConfig, minutes: float) -> int:
    """How many steps of a method fit into so many minutes, by timing a few of them now.

    Raises GlimpseError where the minutes are not more than 0 and at most a day, or the method
    cannot be built.
    """
    if not 0 < minutes <= MOST_MINUTES:
        raise GlimpseError(
            f"minutes {minutes:g} cannot be used: choose more than 0 and at most {MOST_MINUTES}, "
            "a day."
        )
    return measure(method, config).steps_in(config, 60 * minutes)


def measure(method: str, config: RunConfig) -> Pace:
    """Builds the method and times it as a worker would train it; nothing of that is kept.

    Raises GlimpseError where the method cannot be built.
    """
    endless = config.model_copy(update={"steps": MOST_STEPS})  # no schedule ends while it is timed
    with _like_a_worker():
        built = load_method(method)(endless)
        built.step(1)  # the first one allocates, compiles and fills caches
        steps = list(_timed_steps(built.step))
        return Pace(
            step=statistics.median(steps),
            evaluation=_seconds(built.validate, len(steps) + 1),
            snapshot=_seconds(built.snapshot, len(steps) + 1),
        )


def answer(question: str) -> str:
    """What a waiting worker says to `launcher.pace`: a line of JSON for a line of JSON."""
    asked = json.loads(question)
    try:
        config = parse_config(load_method(asked["method"]).Config, asked["config"])
        return json.dumps(asdict(measure(asked["method"], config)))
    except GlimpseError as refusal:
        return json.dumps({"refusal": str(refusal)})


def _timed_steps(step: Callable[[int], object]) -> Iterator[float]:
    """Seconds of each step from the second on."""
    end = time.monotonic() + STEPPING_S
    for number in range(2, 2 + MOST_TIMED):
        yield _seconds(step, number)
        if time.monotonic() > end:
            return


def _seconds(act: Callable[[int], object], step: int) -> float:
    start = time.perf_counter()
    act(step)
    return time.perf_counter() - start


@contextmanager
def _like_a_worker() -> Iterator[None]:
    """A worker's threads, and random numbers that are drawn in vain; both are put back."""
    import torch  # pages reckon with a Pace, and need not wait for it

    threads = torch.get_num_threads()
    torch.set_num_threads(threads_per_worker())
    try:
        with torch.random.fork_rng(devices=[]):
            yield
    finally:
        torch.set_num_threads(threads)
