"""Fine-tuning with a memory of old examples, some of which are in each gradient step.

Chaudhry et al., "On tiny episodic memories in continual learning" (2019), algorithm 1, with a
memory that keeps the first examples of each class. They join as many old examples as there are new
ones. Here one new example comes at a time, and more old ones count as much as it does, each: with a
half for the new one, examples of one class in a row drown out what a small memory holds.
"""

import torch
from torch import Tensor

from core.methods.lifelong.learners.fine_tuning import RATE, FineTuning
from core.seeding import generator

REPLAYED = 15  # old examples in a step
# A step that old examples hold back can be longer than one without. On validation alphabets, in the
# mean of streams in order and shuffled with two and eight examples kept, less is worse, and up to
# 30 hardly better.
REPLAY_RATE = 12.0


class Replay(FineTuning):
    """Fine-tuning that rehearses `replay` examples of each class; with none it is fine-tuning."""

    label = "Fine-tuning + replay"
    idea = "also rehearses a few old examples in each step"
    source = "Chaudhry et al. 2019"

    old: Tensor  # (capacity * replay, D): the first examples of each class, as they came
    old_classes: Tensor  # int64 (capacity * replay,)

    def __init__(self, n_features: int, capacity: int, replay: int = 8, seed: int = 0) -> None:
        super().__init__(n_features, capacity)
        self.replay, self.seed = replay, seed
        self.rate = REPLAY_RATE if replay else RATE
        self.register_buffer("old", torch.zeros(capacity * replay, n_features))
        self.register_buffer("old_classes", torch.zeros(capacity * replay, dtype=torch.int64))

    @property
    def n_old(self) -> int:
        """The examples in its memory."""
        return int(self.counts.clamp(max=self.replay).sum())

    @property
    def memory(self) -> int:
        return super().memory + self.n_old * (self.n_features + 1)

    def _learn(self, features: Tensor, classes: Tensor) -> None:
        for example, label in zip(features, classes, strict=True):
            n_old = self.n_old
            drawn = self._draw(n_old)
            self.counts[label] += 1
            batch = torch.cat([example[None], self.old[drawn]])
            self._step(batch, torch.cat([label[None], self.old_classes[drawn]]))
            if self.n_old > n_old:
                self.old[n_old], self.old_classes[n_old] = example, label

    def _draw(self, n_old: int) -> Tensor:
        """The places of some of `n_old` remembered examples."""
        random = generator(self.seed, "replay", int(self.counts.sum()))
        return torch.randperm(n_old, generator=random)[:REPLAYED]
