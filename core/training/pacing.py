"""Minutes as steps: how many steps fit into a time on this machine.

A run's number of steps and schedule are fixed before it starts, so that it can be repeated. For a
length in minutes, a few steps are timed and thrown away first. The result is an estimate, since
other programs use the cores too.
"""

import json
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict

from core.config import RunConfig, parse_config
from core.errors import GlimpseError
from core.registry import load_method
from core.training.earlier_pace import earlier_pace
from core.training.pace import Pace
from core.training.slots import threads_per_worker

MOST_MINUTES = 24 * 60
TIMING_S = 0.6  # seconds in which steps are timed, at least one
MOST_TIMED = 50


def steps_in(method: str, config: RunConfig, minutes: float) -> int:
    """How many steps of a method fit into so many minutes, as in an earlier run of these settings.

    Without one, a few steps are timed now.

    Raises GlimpseError where the minutes are not more than 0 and at most a day, or the method
    cannot be built.
    """
    if not 0 < minutes <= MOST_MINUTES:
        raise GlimpseError(
            f"minutes {minutes:g} cannot be used: choose more than 0 and at most {MOST_MINUTES}, "
            "a day."
        )
    pace = earlier_pace(method, config) or measure(method, config)
    return pace.steps_in(config, 60 * minutes)


def measure(method: str, config: RunConfig) -> Pace:
    """Builds a method and times it as a worker would train it; nothing of it is kept.

    Raises GlimpseError where the method cannot be built.
    """
    # As long as can be, so that no schedule ends during the timing.
    longest = config.model_copy(update={"steps": config.most_steps})
    with _like_a_worker():
        built = load_method(method)(longest)
        built.step(1)  # the first one allocates, compiles and fills caches
        steps = list(_timed_steps(built.step, longest.steps))
        return Pace(
            step=statistics.median(steps),
            evaluation=_seconds(built.validate, len(steps) + 1),
            snapshot=_seconds(built.snapshot, len(steps) + 1),
        )


def answer(question: str) -> str:
    """A waiting worker's answer to `launcher.pace`: a line of JSON for a line of JSON."""
    request = json.loads(question)
    method = request["method"]
    try:
        config = parse_config(load_method(method).Config, request["config"])
        return json.dumps(asdict(measure(method, config)))
    except GlimpseError as refusal:
        return json.dumps({"refusal": str(refusal)})


def _timed_steps(step: Callable[[int], object], last: int) -> Iterator[float]:
    """Seconds of each step from the second on, at most up to the `last` of a run."""
    end = time.monotonic() + TIMING_S
    for number in range(2, min(last, 1 + MOST_TIMED) + 1):
        yield _seconds(step, number)
        if time.monotonic() > end:
            return


def _seconds(act: Callable[[int], object], step: int) -> float:
    start = time.perf_counter()
    act(step)
    return time.perf_counter() - start


@contextmanager
def _like_a_worker() -> Iterator[None]:
    """The number of threads of a worker; that and the random generator are restored afterwards."""
    import torch  # not above: pages use `Pace` without it

    threads = torch.get_num_threads()
    torch.set_num_threads(threads_per_worker())
    try:
        with torch.random.fork_rng(devices=[]):
            yield
    finally:
        torch.set_num_threads(threads)
