"""What the measurements of an initialisation show, in sentences made from their numbers."""

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from core.figures.analysis import Surface
from core.figures.numbers import distinct_digits, two_digits
from core.figures.words import counted

if TYPE_CHECKING:
    from core.evaluation.adaptation import GradientParts
    from pages.parts.few_shot.analysis_measures import Movement

UNCHANGED_CKA = 0.99  # from which on features count as unchanged


class Finding(NamedTuple):
    """The sentence above a figure, and those below it."""

    headline: str
    detail: str

    @property
    def alt(self) -> str:
        """Both for a screen reader, without the stars of Markdown."""
        return f"{self.headline}. {self.detail}".replace("*", "")


def percent(share: float, digits: int = 1) -> str:
    """0.123 as 12.3 %, and 0.9999 as 99.99 %."""
    return f"{distinct_digits(100 * share, 100, digits)} %"


def signed(points: float) -> str:
    """+1.2 or −1.2, with a minus as wide as the plus."""
    return f"{round(points, 1) + 0.0:+.1f}".replace("-", "−")  # + 0.0 makes -0.0 positive


def about_movement(title: str, movement: "Movement") -> Finding:
    """Which layers move, and what the movement of the body adds to the accuracy."""
    after = counted(len(movement.relative), "inner step")
    body = movement.relative[-1, :-1]
    farthest = int(body.argmax())
    accuracy = f"{100 * movement.accuracy.mean:.1f} ± {percent(movement.accuracy.interval)}"
    if body[farthest] == 0:
        return Finding(
            f"**{title}**: only the head moves, by design",
            f"After {after} its accuracy is {accuracy}, with unchanged features.",
        )
    gain, interval = 100 * movement.gain.mean, 100 * movement.gain.interval
    verdict = (
        f"no difference that {movement.gain.n_tasks} tasks can show"
        if abs(gain) <= interval
        else f"the body's movement {'helped' if gain > 0 else 'did harm'}"
    )
    return Finding(
        f"**{title}**: the head accounts for **{percent(movement.share[-1])}** of the "
        "squared distance",
        f"After {after} {movement.layers[farthest]}, which moved most in the body, has moved by "
        f"{two_digits(100 * body[farthest])} % of its length. With the body reset and the head "
        f"kept, the accuracy of {accuracy} changes by {signed(-gain)} ± {interval:.1f} points: "
        f"{verdict}.",
    )


def about_similarity(title: str, movement: "Movement", unlike: np.ndarray) -> Finding:
    """Whether the features after adaptation are those from before."""
    if np.nanmax(movement.relative) == 0:
        return Finding(
            f"**{title}**: the features do not change, by design",
            "Its body does not move. Two networks with different weights have a CKA of "
            f"{unlike[-1]:.2f} in {movement.layers[len(unlike) - 1]}.",
        )
    least = int(movement.similarity.argmin())
    lowest = movement.similarity[least]
    return Finding(
        f"**{title}**: the features {'hardly ' if lowest >= UNCHANGED_CKA else ''}change",
        f"After {counted(len(movement.relative), 'inner step')} {movement.layers[least]}, which "
        f"changed most, has a CKA of **{distinct_digits(lowest, 1, 4)}** with itself before. Two "
        f"networks with different weights have {unlike[least]:.2f} there.",
    )


def about_path(title: str, support: Surface, query: Surface) -> Finding:
    """How the losses on the support set and on the queries change along a path."""
    (first, last), (query_first, query_last) = (
        surface.path_loss[[0, -1]].tolist() for surface in (support, query)
    )
    verb = "falls" if query_last < query_first else "rises"
    return Finding(
        f"**{title}**: the loss on the queries {verb} to **{query_last:.2f}**",
        f"{counted(len(support.path) - 1, 'inner step')} take the loss on the support set from "
        f"{first:.2f} to {last:.2f}, and that on the queries, which no step uses, from "
        f"{query_first:.2f} to {query_last:.2f}.",
    )


def about_gradient(title: str, parts: "GradientParts", steps: int) -> Finding:
    """How much of the meta-gradient the first order misses."""
    ratio = parts.second_order / parts.first_order
    gain = math.cos(math.radians(parts.angle))
    return Finding(
        f"**{title}**: the first-order gradient is off by **{parts.angle:.0f}°**",
        f"Through {counted(steps, 'inner step')} the second-order part is {ratio:.2f} times as "
        f"long as the first-order part. A small step along the first-order part alone lowers the "
        f"loss {percent(gain, 0)} as much as an equal step along the whole gradient.",
    )
