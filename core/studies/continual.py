"""Accuracy on all classes so far, while the characters of the evaluation alphabets arrive.

The protocol of OML and ANML (Javed and White 2019; Beaulieu et al. 2020): 600 of the 659 characters
one after the other, 15 drawings of each seen once, 5 to be judged by. All learners get the same
examples in the same orders, and nothing was tuned on these characters.

`python -m core evaluate continual > assets/continual.json` repeats the measurement.
"""

import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor

from core.evaluation.few_shot import estimate
from core.methods.lifelong.features import load_features
from core.methods.lifelong.learners import make_learners
from core.methods.lifelong.learners.base import Drawings, StreamLearner
from core.methods.lifelong.snapshot import ASKED
from core.methods.lifelong.stream import arrivals, evaluation_characters, shuffled
from core.seeding import generator
from core.training.provenance import provenance

COMMAND = "python -m core evaluate continual > assets/continual.json"
MET = (10, 50, 100, 200, 400, 600)  # classes, at each of which all learners are judged
K_SHOT, ORDERS, REPLAY = 15, 10, 8
SORTED, SHUFFLED = 1.0, 0.0
SHUFFLED_TOO = ("tuning",)  # learners that run through a random order as well; see `orders`
NO_VIEWS = ("maml", "oml")  # these look at a drawing as it is
RUNS = {  # features by name and whether five views are averaged
    "alphabet": ("alphabet", False),
    "alphabet_views": ("alphabet", True),
    "strokes": ("strokes", False),
    "strokes_views": ("strokes", True),
    "simclr": ("simclr", False),
    "untrained": ("untrained", False),
    "pixels": ("pixels", False),
}
TICKS = len(RUNS) * ORDERS  # calls of `tick`


class Race(NamedTuple):
    """Of each learner: accuracies at `MET` on held-out drawings and on those learnt from, and the
    seconds of processor time in which it learnt.
    """

    held_out: dict[str, list[float]]
    learnt: dict[str, list[float]]
    seconds: dict[str, float]


def measure(tick: Callable[[], object]) -> dict[str, Any]:
    """The whole study. Calls `tick` `TICKS` times."""
    began = time.process_time()
    pictures = evaluation_characters()
    curves: dict[str, dict[str, Any]] = {}
    for name, (features, views) in RUNS.items():
        embedded = load_features(features, views)(pictures.flatten(0, 1))
        of_all = embedded.view(*pictures.shape[:2], -1)  # (659, 20, D)
        races = []
        for order in range(ORDERS):
            places = shuffled(of_all.shape[0], of_all.shape[1], MET[-1], order)
            drawings = Drawings(pictures[places], of_all[places])
            races.append(race(drawings, features, order, NO_VIEWS if views else ()))
            tick()
        curves[name] = _summary(races)
    return {
        "command": COMMAND,
        "minutes": round((time.process_time() - began) / 60, 1),
        **provenance(torch.device("cpu")),
        "orders": ORDERS,
        "k_shot": K_SHOT,
        "replay": REPLAY,
        "met": list(MET),
        "curves": curves,
    }


def race(drawings: Drawings, features: str, order: int, without: Sequence[str] = ()) -> Race:
    """All learners on drawings (600, 20) of a stream, class after class; `features` by name.

    Some run through the same examples in random order too. Learners `without` are left out.
    """
    found = Race({}, {}, {})
    for suffix, sortedness in (("", SORTED), ("_shuffled", SHUFFLED)):
        stream = arrivals(MET[-1], K_SHOT, sortedness, generator("arrivals", order))
        width = drawings.features.shape[-1]
        for name, learner in make_learners(features, width, MET[-1], REPLAY, order).items():
            if name in without or (suffix and name not in SHUFFLED_TOO):
                continue
            run = name + suffix
            judged = follow(learner, learner.sees(drawings), stream)
            found.held_out[run], found.learnt[run], found.seconds[run] = judged
    return found


def follow(
    learner: StreamLearner, seen: Tensor, stream: tuple[Tensor, Tensor]
) -> tuple[list[float], list[float], float]:
    """What `Race` has of one learner, judged each time that as many classes as in `MET` have come.

    It sees (600, 20, ...) of the drawings.

    Where the stream is not sorted, it is judged on those classes that have come.
    """
    classes, numbers = stream
    held_out, learnt, seconds = [], [], 0.0
    begun = 0
    for met in MET:
        part = slice(begun, met * K_SHOT)
        began = time.process_time()
        learner.learn(seen[classes[part], numbers[part]], classes[part])
        seconds += time.process_time() - began
        begun = part.stop
        held_out.append(_accuracy(learner, seen[:, -ASKED:]))
        learnt.append(_accuracy(learner, seen[:, :K_SHOT]))
    return held_out, learnt, seconds


def _accuracy(learner: StreamLearner, asked: Tensor) -> float:
    """On what it sees (C, M, ...) of drawings, of the classes that the learner knows."""
    known = learner.known
    answers = learner.answers(asked[known].flatten(0, 1)).view(len(known), -1)
    return (answers == known[:, None]).float().mean().item()


def _summary(races: list[Race]) -> dict[str, Any]:
    """Mean and half the width of its 95 % interval over the races, for each learner."""
    return {
        name: {
            "held_out": _intervals([race.held_out[name] for race in races]),
            "learnt": _intervals([race.learnt[name] for race in races]),
            "seconds": round(sum(race.seconds[name] for race in races) / len(races), 2),
        }
        for name in races[0].held_out
    }


def _intervals(rows: list[list[float]]) -> list[tuple[float, float]]:
    estimates = [estimate(torch.tensor(values)) for values in zip(*rows, strict=True)]
    return [(round(each.mean, 4), round(each.interval, 4)) for each in estimates]
