"""Time of training steps: the processor's, by which what else the machine does counts little, or
the wall's.
"""

import statistics
import time
from collections.abc import Callable

WARM_UP, TIMED = 5, 25  # steps
TRIAL = WARM_UP + TIMED
Step = Callable[[int], object]
Clock = Callable[[], float]


def seconds_of(step: Step, first: int, last: int, clock: Clock = time.process_time) -> list[float]:
    """Of each step from `first` to `last`, which are taken."""
    took = []
    for number in range(first, last + 1):
        began = clock()
        step(number)
        took.append(clock() - began)
    return took


def steps_in(seconds: float, step: Step, clock: Clock = time.process_time) -> int:
    """How many steps fit into so many seconds, by the mean of the first few of `TRIAL`."""
    return max(1, round(seconds / statistics.fmean(seconds_of(step, 1, TRIAL, clock)[WARM_UP:])))
