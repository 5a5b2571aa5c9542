"""Films for the tests of downloads: small, and every figure in them known."""

import numpy as np

from core.export.film import Caption
from core.figures.few_shot import TaskFrames

CAPTION = Caption(
    title="Two <classes> & a \"film\" of '$them'",
    task="Strokes · task 7",
    model="A model that says </script><script>alert(1)</script>",
    command="python -m core train maml --seed 3 && echo '<done>'",
)
N_WAY, K_SHOT, N_QUERY, STEPS = 3, 2, 2, 4
ASKED = N_WAY * N_QUERY


def film(n_way: int = N_WAY, k_shot: int = K_SHOT, n_query: int = N_QUERY) -> TaskFrames:
    """Noisy pictures; after step s the first s queries are right, surer each time.

    A wrong query is taken for the class after its own. The loss halves with each step.
    """
    random = np.random.default_rng(0)
    support, query = (
        random.integers(0, 256, (n_way * count, 28, 28), np.uint8) for count in (k_shot, n_query)
    )
    truth = np.repeat(np.arange(n_way), n_query)
    probability = np.zeros((STEPS + 1, len(truth), n_way), np.float32)
    for step in range(STEPS + 1):
        right = np.arange(len(truth)) < step
        sure = 0.6 + 0.05 * step
        probability[step] = (1 - sure) / (n_way - 1)
        answer = np.where(right, truth, (truth + 1) % n_way)
        probability[step, np.arange(len(truth)), answer] = sure
    return TaskFrames(
        support, query, probability, (2.0 ** -np.arange(STEPS + 1)).astype(np.float32)
    )


def undecided_at_first() -> TaskFrames:
    """The film with all classes equally likely before the first step."""
    task = film()
    task.probability[0] = 1 / N_WAY
    return task


def diverged() -> TaskFrames:
    """The film with figures that are no numbers from step 3 on."""
    lost = film()
    lost.probability[3:] = np.nan
    return lost
