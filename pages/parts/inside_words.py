"""What the pictures of the inside say, in sentences made from their numbers."""

from typing import TYPE_CHECKING

import numpy as np

from core.figures.inside import Surface

if TYPE_CHECKING:
    from core.evaluation.adaptation import GradientParts
    from pages.parts.inside_measures import Moved

ALIKE = 0.99  # a CKA from which on a layer says the same as before


def steps_of(count: int) -> str:
    """1 inner step, 2 inner steps."""
    return f"{count} inner step{'s' * (count != 1)}"


def movement_sentence(title: str, moved: "Moved") -> str:
    """Who does the moving, and what the body's part of it is worth."""
    after = steps_of(len(moved.relative))
    body = moved.relative[-1, :-1]
    far = int(body.argmax())
    accuracy = f"{100 * moved.accuracy.mean:.1f} ± {100 * moved.accuracy.interval:.1f} %"
    if body[far] == 0:
        return (
            f"**{title}: only the head moves**, by design. After {after} it names {accuracy} of "
            "the queries with the features that it started with."
        )
    gain, interval = 100 * moved.gain.mean, 100 * moved.gain.interval
    worth = (
        f"no difference that {moved.gain.n_tasks} tasks can show"
        if abs(gain) <= interval
        else f"the body's movement {'helped' if gain > 0 else 'did harm'}"
    )
    return (
        f"**{title}: the head does {moved.share[-1]:.1%} of the moving.** After {after} the layer "
        f"of the body that moved most, {moved.layers[far]}, is {body[far]:.2%} of its length from "
        f"where it started. Put the body back and keep the head, and accuracy changes by "
        f"{-gain:+.1f} ± {interval:.1f} points from {accuracy}: {worth}."
    )


def similarity_sentence(title: str, moved: "Moved", unlike: np.ndarray) -> str:
    """Whether the features after adaptation are those from before."""
    least = int(moved.similarity.argmin())
    verdict = "are still" if moved.similarity[least] >= ALIKE else "are no longer quite"
    return (
        f"**{title}: the features after {steps_of(len(moved.relative))} {verdict} those from "
        f"before**: the layer that changed most, {moved.layers[least]}, has a CKA of "
        f"{moved.similarity[least]:.4f}. Two networks of different weights have "
        f"{unlike[least]:.2f} there."
    )


def path_sentence(title: str, support: Surface, query: Surface) -> str:
    """How far down a path leads, on the loss that it follows and on the one that it cannot see."""
    (start, end), (blind_start, blind_end) = (
        surface.path_loss[[0, -1]].tolist() for surface in (support, query)
    )
    return (
        f"**{title}**: {steps_of(len(support.path) - 1)} take the support loss from {start:.2f} to "
        f"{end:.2f}, and the queries' loss, which no step has seen, from {blind_start:.2f} to "
        f"**{blind_end:.2f}**."
    )


def gradient_sentence(title: str, parts: "GradientParts", steps: int) -> str:
    """How much of the meta-gradient the first order misses."""
    ratio = parts.second_order / parts.first_order
    return (
        f"**{title}**: through {steps_of(steps)} the second-order part is {ratio:.2f} times as "
        f"long as the first-order one, and leaving it out turns the meta-gradient by "
        f"**{parts.angle:.0f}°**: a small step then gains {np.cos(np.radians(parts.angle)):.0%} of "
        "what one of the same length along the whole gradient does."
    )
