"""The ways of using a few labels that the study of label efficiency compares.

Three keep the features of the shipped encoder as they are: k-NN, a linear probe, and label
propagation, which also uses the digits without a label. Three train the whole network on the
labelled digits: on from the shipped weights, or from scratch with SimCLR's views or without.
"""

from collections.abc import Callable
from copy import deepcopy
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from core.data.digits import LabelledImages, load_digits
from core.data.images import to_unit
from core.data.views import augment
from core.evaluation.knn_accuracy import K, knn_accuracy
from core.evaluation.label_propagation import NO_LABEL, LabelPropagation
from core.evaluation.linear_probe import fit_linear_probe
from core.methods.simclr.config import SimClrConfig
from core.methods.simclr.method import N_CLASSES, SimClr, learning_rate
from core.models.encoder import build_encoder
from core.seeding import generator, seeded

TRAINING_STEPS = 500
TRAINING_BATCH = 64
# Chosen on training digits without a label; the held-out ones had no part in it.
FINE_TUNING_RATE = 0.002  # a third of what SimCLR and training from scratch have

# The places of the labelled digits among the training digits, and a seed, to an accuracy.
Score = Callable[[Tensor, int], float]


def ways_of_using(method: SimClr) -> dict[str, tuple[Score, bool]]:
    """Each way's accuracy on held-out digits, and whether it is random for given labels."""
    train, held_out = load_digits("sample", "train"), load_digits("sample", "held_out")
    bank, queries = method.embed(train.images), method.embed(held_out.images)

    def by_neighbours(places: Tensor, _seed: int) -> float:
        k = min(K, len(places) // N_CLASSES)
        return knn_accuracy(queries, held_out.labels, bank[places], train.labels[places], k)

    def by_probe(places: Tensor, _seed: int) -> float:
        probe = fit_linear_probe(bank[places], train.labels[places], N_CLASSES)
        return probe.accuracy(queries, held_out.labels)

    def by_propagation(places: Tensor, _seed: int) -> float:
        labels = torch.full_like(train.labels, NO_LABEL)
        labels[places] = train.labels[places]
        return _share(propagate(bank, labels, queries) == held_out.labels)

    def by_network(train_on: Callable[[LabelledImages, int], nn.Module]) -> Score:
        def score(places: Tensor, seed: int) -> float:
            net = train_on(LabelledImages(train.images[places], train.labels[places]), seed)
            with torch.no_grad():
                return _share(net(to_unit(held_out.images)).argmax(1) == held_out.labels)

        return score

    return {
        "propagated": (by_propagation, False),
        "tuned": (by_network(partial(fine_tune, method)), True),
        "knn": (by_neighbours, False),
        "probe": (by_probe, False),
        "scratch_views": (by_network(partial(train_from_scratch, method.config, True)), True),
        "scratch": (by_network(partial(train_from_scratch, method.config, False)), True),
    }


def propagate(known: Tensor, labels: Tensor, queries: Tensor) -> Tensor:
    """The class (Q,) of each query (Q, D), by labels (N,) of known features (N, D), -1 for none.

    The labels spread among the known; the queries are no part of their graph.
    """
    graph = LabelPropagation(known)
    return graph.classify(queries, graph.spread(labels, N_CLASSES))


def fine_tune(method: SimClr, digits: LabelledImages, seed: int) -> nn.Module:
    """A copy of the method's encoder with a new linear layer, trained on to classify these digits.

    Chen et al. 2020, appendix B.5: all weights are trained, at a lower rate than from scratch.
    """
    encoder = deepcopy(method.net.encoder)
    with seeded("fine-tuned", seed):
        net = nn.Sequential(encoder, nn.Linear(encoder.dimension, N_CLASSES))
    config = method.config.model_copy(update={"learning_rate": FINE_TUNING_RATE})
    return _train(net, config, True, digits, seed)


def train_from_scratch(
    config: SimClrConfig, with_views: bool, digits: LabelledImages, seed: int
) -> nn.Module:
    """The encoder of a config with a linear layer, trained to classify these digits."""
    with seeded("from scratch", seed):
        encoder = build_encoder(config.encoder, config.width)
        net = nn.Sequential(encoder, nn.Linear(encoder.dimension, N_CLASSES))
    return _train(net, config, with_views, digits, seed)


def _train(
    net: nn.Module, config: SimClrConfig, with_views: bool, digits: LabelledImages, seed: int
) -> nn.Module:
    """Optimiser and schedule are SimCLR's; `with_views`, so are the augmentations."""
    optimizer = torch.optim.Adam(net.parameters())
    config = config.model_copy(update={"steps": TRAINING_STEPS})
    net.train()
    for step in range(1, TRAINING_STEPS + 1):
        random = generator("from scratch", seed, step)
        batch = torch.randperm(len(digits), generator=random)[:TRAINING_BATCH]
        images = to_unit(digits.images[batch])
        if with_views:
            images = augment(images, config.augmentation(), random)
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(step, config)
        optimizer.zero_grad()
        F.cross_entropy(net(images), digits.labels[batch]).backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    return net.eval()


def _share(is_right: Tensor) -> float:
    return is_right.float().mean().item()
