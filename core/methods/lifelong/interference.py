"""What one example of a new class does to the logits of the classes before it."""

import torch
from torch import Tensor

from core.methods.lifelong.learners.base import StreamLearner
from core.methods.lifelong.snapshot import ASKED


def logit_changes(learner: StreamLearner, features: Tensor, k_shot: int) -> Tensor:
    """How the logits of old classes change by one example of a new one, (C - 1, C - 1).

    The untaught `learner` first gets `k_shot` examples of all C classes but the last, in turn, one
    of each at a time, from features (C, 20, D). Rows are held-out drawings of an old class, of
    which it is the mean; columns are logits of old classes.
    """
    n_old = len(features) - 1
    old = torch.arange(n_old)
    for number in range(k_shot):
        learner.learn(features[:n_old, number], old)
    asked = features[:n_old, -ASKED:].flatten(0, 1)
    before = learner.logits(asked)[:, :n_old]
    learner.learn(features[n_old, :1], torch.tensor([n_old]))
    change = learner.logits(asked)[:, :n_old] - before
    return change.view(n_old, ASKED, n_old).mean(1)
