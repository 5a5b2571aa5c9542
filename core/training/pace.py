"""What a run spends time on, and how many steps fit into a time."""

import math
from bisect import bisect_right
from dataclasses import dataclass
from functools import partial

from core.config import RunConfig

FREE = set(RunConfig.model_fields) - {"device"}  # settings that do not change a step's time


@dataclass(frozen=True)
class Pace:
    """What a run spends time on, in seconds each. Checkpoints, of milliseconds, are left out."""

    step: float
    evaluation: float
    snapshot: float

    def seconds(self, config: RunConfig, steps: int) -> float:
        """The time of so many steps, with the evaluations and snapshots before and between them."""
        evaluations = 1 + math.ceil(steps / config.eval_every)
        snapshots = 1 + math.ceil(steps / config.snapshot_every)
        return steps * self.step + evaluations * self.evaluation + snapshots * self.snapshot

    def steps_in(self, config: RunConfig, seconds: float) -> int:
        """The most steps that fit into a time, at least one.

        The first and the last evaluation and snapshot count as half of the time at most. Where they
        would fill it, as on a busy machine, a run takes longer, and still learns something.
        """
        cost = partial(self.seconds, config)
        around = 2 * (self.evaluation + self.snapshot)
        seconds = max(seconds, seconds / 2 + around)
        return max(1, bisect_right(range(config.most_steps + 1), seconds, key=cost) - 1)
