"""First-order MAML: the same without the gradient of the gradient.

Finn, Abbeel and Levine (2017), section 5.2: the gradients of the inner steps are taken as
constants, which saves about half of the time.
"""

from core.methods.few_shot.inner_loop import Order
from core.methods.few_shot.objectives.maml import Maml


class FirstOrder(Maml):
    """MAML whose inner gradients are constants in algorithm 2, line 7."""

    label = "First-order MAML"
    idea = "leaves out the gradient of the gradient"
    order: Order = "first"
