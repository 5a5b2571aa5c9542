"""The learners of a stream by name: a file each, and a line here."""

from collections.abc import Callable
from functools import partial

import torch

from core.methods.lifelong.learners.base import StreamLearner
from core.methods.lifelong.learners.class_means import ClassMeans
from core.methods.lifelong.learners.fine_tuning import FineTuning
from core.methods.lifelong.learners.maml_continued import MamlContinued
from core.methods.lifelong.learners.oml import OmlHead
from core.methods.lifelong.learners.random_ridge import RandomRidge
from core.methods.lifelong.learners.replay import Replay
from core.methods.lifelong.learners.streaming_lda import StreamingLda
from core.methods.lifelong.snapshot import learner_names

CPU = torch.device("cpu")
LEARNERS: dict[str, type[StreamLearner]] = {
    "tuning": FineTuning,
    "replay": Replay,
    "maml": MamlContinued,
    "oml": OmlHead,
    "means": ClassMeans,
    "lda": StreamingLda,
    "ridge": RandomRidge,
}
Make = Callable[[int, int], StreamLearner]


def make_learners(
    features: str,
    n_features: int,
    capacity: int,
    replay: int,
    seed: int,
    device: torch.device = CPU,
) -> dict[str, StreamLearner]:
    """One of each that takes part with these features, for up to `capacity` classes.

    `replay` are the examples of a class in memory.
    """
    makers: dict[str, Make] = LEARNERS | {
        "replay": partial(Replay, replay=replay, seed=seed),
        "maml": partial(MamlContinued, features=features),
        "ridge": partial(RandomRidge, seed=seed),
    }
    names = learner_names(features)
    return {name: makers[name](n_features, capacity).to(device) for name in names}
