"""ANIL ("almost no inner loop"): MAML whose inner loop adapts the head alone.

Raghu, Raghu, Bengio and Vinyals, "Rapid Learning or Feature Reuse? Towards Understanding the
Effectiveness of MAML" (2020), section 4. The body is still learned by the outer loop.
"""

from core.methods.few_shot.objectives.maml import Maml


class Anil(Maml):
    """MAML with the body frozen in algorithm 2, lines 6 and 7."""

    label = "ANIL"
    idea = "adapts the head alone"
    frozen_body = True
