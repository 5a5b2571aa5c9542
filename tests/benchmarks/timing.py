"""Processor time of training steps, by which what else the machine does counts little."""

import statistics
import time
from collections.abc import Callable

WARM_UP, TIMED = 5, 25  # steps
TRIAL = WARM_UP + TIMED
Step = Callable[[int], object]


def processor_seconds(step: Step, first: int, last: int) -> list[float]:
    """Of each step from `first` to `last`, which are taken."""
    took = []
    for number in range(first, last + 1):
        began = time.process_time()
        step(number)
        took.append(time.process_time() - began)
    return took


def steps_in(seconds: float, step: Step) -> int:
    """How many steps fit into so many seconds, by the median of the first few of `TRIAL`."""
    return max(1, round(seconds / statistics.median(processor_seconds(step, 1, TRIAL)[WARM_UP:])))
