"""What one example of a new class does to old ones, against the formula of the page."""

import torch
from torch.nn import functional as F

from core.methods.lifelong.interference import logit_changes
from core.methods.lifelong.learners.class_means import ClassMeans
from core.methods.lifelong.learners.fine_tuning import RATE, FineTuning

CLASSES, K_SHOT, WIDTH = 6, 3, 16


def features() -> torch.Tensor:
    random = torch.Generator().manual_seed(0)
    centres = torch.randn(CLASSES, 1, WIDTH, generator=random)
    return F.normalize(centres + torch.randn(CLASSES, 20, WIDTH, generator=random), dim=2)


def test_class_means_change_no_logit_of_another_class() -> None:
    assert (logit_changes(ClassMeans(WIDTH, CLASSES), features(), K_SHOT) == 0).all()


def test_a_step_takes_from_old_classes_by_their_probability_and_likeness() -> None:
    x = features()
    changes = logit_changes(FineTuning(WIDTH, CLASSES), x, K_SHOT)
    learner = FineTuning(WIDTH, CLASSES)
    for number in range(K_SHOT):
        learner.learn(x[:-1, number], torch.arange(CLASSES - 1))
    new = x[-1, 0]
    # The new class begins with weights of zero, and is among the known ones when the step is taken.
    z = torch.cat([learner.logits(new[None])[0, :-1], torch.zeros(1)])
    p = z.softmax(0)[:-1]
    likeness = (x[:-1, -5:] @ new + 1).mean(1)
    torch.testing.assert_close(changes, -RATE * likeness[:, None] * p[None], atol=1e-5, rtol=1e-4)
