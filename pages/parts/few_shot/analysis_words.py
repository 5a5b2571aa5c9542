"""What the pictures of the inside say, in sentences made from their numbers."""

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from core.figures.analysis import Surface, telling, two_digits

if TYPE_CHECKING:
    from core.evaluation.adaptation import GradientParts
    from pages.parts.few_shot.analysis_measures import Moved

ALIKE = 0.99  # a CKA from which on a layer says the same as before


class Told(NamedTuple):
    """A finding: what stands over a picture, and what below it."""

    headline: str
    detail: str

    @property
    def alt(self) -> str:
        """Both for a screen reader, without the stars of Markdown."""
        return f"{self.headline}. {self.detail}".replace("*", "")


def counted(steps: int) -> str:
    """1 inner step, 2 inner steps."""
    return f"{steps} inner step{'s' * (steps != 1)}"


def percent(share: float, digits: int = 1) -> str:
    """0.123 as 12.3 %, and 0.9999 as 99.99 %."""
    return f"{telling(100 * share, 100, digits)} %"


def signed(points: float) -> str:
    """+1.2 or −1.2, with a minus as wide as the plus."""
    return f"{round(points, 1) + 0.0:+.1f}".replace("-", "−")  # + 0.0 makes -0.0 positive


def about_movement(title: str, moved: "Moved") -> Told:
    """Who does the moving, and what the body's part of it is worth."""
    after = counted(len(moved.relative))
    body = moved.relative[-1, :-1]
    far = int(body.argmax())
    accuracy = f"{100 * moved.accuracy.mean:.1f} ± {percent(moved.accuracy.interval)}"
    if body[far] == 0:
        return Told(
            f"**{title}**: the head alone moves, by design",
            f"After {after} it names {accuracy} of the queries with the features that it had.",
        )
    gain, interval = 100 * moved.gain.mean, 100 * moved.gain.interval
    worth = (
        f"no difference that {moved.gain.n_tasks} tasks can show"
        if abs(gain) <= interval
        else f"the body's movement {'helped' if gain > 0 else 'did harm'}"
    )
    return Told(
        f"**{title}**: the head does **{percent(moved.share[-1])}** of the moving",
        f"After {after} the farthest layer of the body, {moved.layers[far]}, is "
        f"{two_digits(100 * body[far])} % of its length from where it started. Put the body back, "
        f"keep the head, and the accuracy of {accuracy} changes by {signed(-gain)} ± "
        f"{interval:.1f} points: {worth}.",
    )


def about_similarity(title: str, moved: "Moved", unlike: np.ndarray) -> Told:
    """Whether the features after adaptation are those from before."""
    if np.nanmax(moved.relative) == 0:
        return Told(
            f"**{title}**: the features stay what they were, by design",
            "Its body does not move. Two networks of different weights have "
            f"{unlike[-1]:.2f} in {moved.layers[len(unlike) - 1]}.",
        )
    least = int(moved.similarity.argmin())
    stays = moved.similarity[least] >= ALIKE
    return Told(
        f"**{title}**: the features {'stay what they were' if stays else 'change'}",
        f"After {counted(len(moved.relative))} the layer that changed most, {moved.layers[least]}, "
        f"has a CKA of **{telling(moved.similarity[least], 1, 4)}** with itself before. Two "
        f"networks of different weights have {unlike[least]:.2f} there.",
    )


def about_path(title: str, support: Surface, query: Surface) -> Told:
    """How far down a path leads, on the loss that it follows and on the one that it cannot see."""
    (start, end), (unseen_start, unseen_end) = (
        surface.path_loss[[0, -1]].tolist() for surface in (support, query)
    )
    return Told(
        f"**{title}**: the queries' loss falls to **{unseen_end:.2f}**",
        f"{counted(len(support.path) - 1)} take the support loss from {start:.2f} to {end:.2f}, "
        f"and that of the queries, which no step has seen, from {unseen_start:.2f} to "
        f"{unseen_end:.2f}.",
    )


def about_gradient(title: str, parts: "GradientParts", steps: int) -> Told:
    """How much of the meta-gradient the first order misses."""
    ratio = parts.second_order / parts.first_order
    gain = math.cos(math.radians(parts.angle))
    return Told(
        f"**{title}**: the first order is off by **{parts.angle:.0f}°**",
        f"Through {counted(steps)} the second-order part is {ratio:.2f} times as long as the "
        f"first-order one. Without it a small step gains {percent(gain, 0)} of what one as long "
        "gains along the whole.",
    )
