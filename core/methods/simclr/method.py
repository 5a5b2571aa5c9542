"""SimCLR: an embedding learned from two views of each picture, without labels.

Chen, Kornblith, Norouzi & Hinton 2020, "A Simple Framework for Contrastive Learning of Visual
Representations", algorithm 1. The encoder gives features h, the head turns them into z, and the
loss pulls the two z of one picture together and pushes those of other pictures away.
"""

from collections.abc import Callable
from functools import cached_property

import torch
import torch.nn.functional as F
from torch import Tensor

from core import distributed
from core.data.colour_views import ColourAugmentation, two_colour_views
from core.data.digits import LabelledImages
from core.data.views import two_views
from core.errors import GlimpseError
from core.evaluation.hypersphere import alignment, uniformity
from core.evaluation.knn_accuracy import knn_accuracy
from core.evaluation.linear_probe import fit_linear_probe
from core.evaluation.projection import align, principal_components
from core.evaluation.tsne import first_layout, next_layout
from core.methods.base import Arrays, Method, Scalars
from core.methods.compiling import compiled
from core.methods.epoch import Epoch, InEpochs
from core.methods.picture_sources import DIGEST, check_own, check_pictures, own_digest
from core.methods.precision import autocast
from core.methods.schedule import cosine_decay
from core.methods.simclr.config import SimClrConfig
from core.methods.simclr.losses import Objective
from core.methods.simclr.network import Embed, SimClrNet, as_input, embed_with, pixels
from core.methods.simclr.pictures import (
    EvaluationData,
    count_training_data,
    evaluation_data,
    labelled_split,
    load_training_data,
    n_neighbours,
    tracked_arrays,
)
from core.methods.state import load_weights, pack, unpack
from core.models.exported import about_pictures
from core.models.shared_norm import share_norms
from core.seeding import generator, seeded

N_CLASSES = 10
WARM_UP_STEPS = 20
EVALUATION_BANK = 10_000  # pictures in which `validate` searches for neighbours
SNAPSHOT_COMPONENTS = 16
OBJECTIVE = "objective."  # before the names of its weights in a state
SMALL_SOURCES = ("sample", "own")  # the only ones that may have fewer pictures than a batch


def learning_rate(step: int, config: SimClrConfig) -> float:
    """The rate of a step (from 1): a linear warm-up, then half a cosine to 0 at the last step."""
    warm_up = min(WARM_UP_STEPS, config.steps)
    if step <= warm_up:
        return config.learning_rate * step / warm_up
    progress = (step - warm_up) / (config.steps - warm_up)
    return cosine_decay(config.learning_rate, progress)


class SimClr(InEpochs, Method[SimClrConfig]):
    """Trains and evaluates an embedding."""

    Config = SimClrConfig
    key_figure = "knn_accuracy"

    def __init__(self, config: SimClrConfig) -> None:
        super().__init__(config)
        self.net = self._untrained()
        with seeded(config.seed, "objective"):
            self.objective = Objective(config.loss, self.net.dimension, config.temperature)
        self.objective.to(self.device)
        self.forward: Callable[[Tensor], Tensor] = (
            compiled(self.net) if config.compile else self.net
        )
        self._trained_on: dict[str, Tensor] = {}  # own pictures, where a state was restored
        self._baselines: Scalars = {}  # empty until the first evaluation
        self.layout = torch.zeros(0, 2)  # of the last snapshot, if there is one

    @cached_property
    def optimizer(self) -> torch.optim.Optimizer:
        """Made when training begins: the first one has torch import its compiler, for seconds."""
        weights = [*self.net.parameters(), *self.objective.parameters()]
        return torch.optim.Adam(weights, lr=self.config.learning_rate)

    def prepare(self) -> None:
        _ = self.epoch  # for which the pictures are counted

    @cached_property
    def pictures(self) -> LabelledImages:
        """The training pictures, on the device."""
        return _to(self.device, load_training_data(self.config))

    @cached_property
    def epoch(self) -> Epoch:
        return Epoch(len(self.pictures), self.config.batch_size)

    @cached_property
    def evaluated(self) -> EvaluationData:
        """The labelled pictures on which the embedding is evaluated, on the device."""
        bank, tracked, places = evaluation_data(self.config, lambda: self.pictures)
        return EvaluationData(_to(self.device, bank), _to(self.device, tracked), places)

    @property
    def bank(self) -> LabelledImages:
        return self.evaluated.bank

    @property
    def tracked(self) -> LabelledImages:
        return self.evaluated.tracked

    @property
    def places(self) -> Tensor | None:
        return self.evaluated.places

    @staticmethod
    def epoch_of(config: SimClrConfig) -> Epoch:
        return Epoch(count_training_data(config), config.batch_size)

    @classmethod
    def check(cls, config: SimClrConfig) -> None:
        super().check(config)
        check_pictures(config.source, config.pictures)

    @classmethod
    def check_batch(cls, config: SimClrConfig) -> None:
        """As in `InEpochs`. Sources that have more pictures than the largest batch are not read."""
        if config.source in SMALL_SOURCES:
            super().check_batch(config)

    def step(self, step: int) -> Scalars:
        """One batch of algorithm 1 of Chen et al. 2020."""
        images = as_input(self.pictures.images[self._batch(step)])
        share = distributed.share(len(images))
        views = self._views(images, generator(self.config.seed, "views", step), share)
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate(step, self.config)
        self.net.train()
        with autocast(self.device, self.config.precision):
            projections = self.forward(torch.cat(views)).chunk(2)
        first, second = (distributed.all_gather(z, self.config.batch_size) for z in projections)
        loss = self.objective(first, second)
        self.optimizer.zero_grad()
        loss.backward()
        # Every rank has the gradient of the objective's own weights, over all pictures, already.
        distributed.all_reduce(w.grad for w in self.net.parameters() if w.grad is not None)
        self.optimizer.step()
        return {"loss": loss.item()}

    def validate(self, step: int) -> Scalars:
        """k-NN accuracy of the tracked pictures, that of two baselines, and the geometry.

        The baselines are raw pixels and the untrained encoder. Neighbours are searched in the first
        10,000 pictures of the bank (see `simclr.pictures`). Tracked pictures are never trained on,
        except own ones. Pictures of a single class have no accuracy.
        """
        return self._accuracies() | self._geometry()

    def snapshot(self, step: int) -> Arrays:
        """The tracked pictures: `embedding` (1000, 16), `layout` (1000, 2), `labels` (1000,) uint8.

        The embedding is the first 16 principal components of the features, normalised to unit
        length; the layout is a t-SNE of them, begun at the layout of the previous snapshot. The
        first snapshot of a run on own pictures also has `pictures` and `names` (see
        `tracked_arrays`).
        """
        features = F.normalize(self.embed(self.tracked.images), dim=1).cpu().numpy()
        components = principal_components(features, SNAPSHOT_COMPONENTS)
        before = self.layout.numpy() if self.layout.any() else first_layout(components)
        layout = next_layout(before, components)
        self.layout = torch.from_numpy(layout)
        return {
            "embedding": components.astype("float16"),
            "layout": align(layout, None).astype("float16"),
            **tracked_arrays(self.config, self.tracked, is_first=step == 0),
        }

    def state(self) -> dict[str, Tensor]:
        objective = {f"{OBJECTIVE}{k}": v for k, v in self.objective.state_dict().items()}
        state = pack(self.net, self.optimizer) | objective | {"layout": self.layout}
        return state | own_digest(self.config, lambda: self.pictures)

    def load_state(self, state: dict[str, Tensor]) -> None:
        check_own(self.config, state)
        self.load_network(state)
        if len(self.layout) not in (0, len(self.tracked)):
            raise _no_place()

    def load_network(self, state: dict[str, Tensor]) -> None:
        unpack(state, self.net, self.optimizer)
        own = {k.removeprefix(OBJECTIVE): v for k, v in state.items() if k.startswith(OBJECTIVE)}
        load_weights(self.objective, own)
        layout = state.get("layout", torch.empty(0))
        if layout.ndim != 2 or layout.shape[1] != 2:
            raise _no_place()
        self.layout = layout
        self._trained_on = {name: state[name] for name in state if name == DIGEST}

    def weights(self) -> dict[str, Tensor]:
        return self.net.state_dict()

    def load_weights(self, weights: dict[str, Tensor]) -> None:
        load_weights(self.net, weights)

    def test(self) -> Scalars:
        """k-NN and linear probe on all evaluation data (see `simclr.pictures`).

        A run on own pictures has the k-NN of `validate` alone. Raises GlimpseError where these
        pictures are not there any more, or others in their place.
        """
        if self.config.source == "own":
            if self._trained_on:
                check_own(self.config, self._trained_on)
            return self._accuracies()
        return self.test_on(self.bank, labelled_split(self.config.source, "held_out"))

    def test_on(self, bank: LabelledImages, held_out: LabelledImages) -> Scalars:
        """k-NN and linear-probe accuracy on `held_out`, fitted on the labels of the bank.

        With the suffix `_pixels` that of raw pixels, with `_untrained` that of the encoder before
        training.
        """
        bank, held_out = _to(self.device, bank), _to(self.device, held_out)
        untrained = self._untrained().encoder
        scalars: Scalars = {}
        for suffix, embed in (
            ("", self.embed),
            ("_pixels", pixels),
            ("_untrained", lambda images: embed_with(untrained, images)),
        ):
            known, queries = embed(bank.images), embed(held_out.images)
            scalars[f"knn_accuracy{suffix}"] = knn_accuracy(
                queries, held_out.labels, known, bank.labels, n_neighbours(self.config.source)
            )
            probe = fit_linear_probe(known, bank.labels, N_CLASSES)
            scalars[f"probe_accuracy{suffix}"] = probe.accuracy(queries, held_out.labels)
        return scalars

    def embed(self, images: Tensor) -> Tensor:
        """Features h (N, D) of images, uint8 or float in [0, 1]; see `embed_with`."""
        return embed_with(self.net.encoder, images)

    def about_input(self) -> str:
        return about_pictures(self.net.encoder.picture)

    def _accuracies(self) -> Scalars:
        if not self.tracked.labels.any():
            return {}
        accuracy = self._knn(self.embed)
        self._baselines = self._baselines or self._measure_baselines(accuracy)
        return {"knn_accuracy": accuracy, **self._baselines}

    def _measure_baselines(self, accuracy: float) -> Scalars:
        """k-NN accuracy of raw pixels and of the untrained encoder.

        Before the first step the latter is the `accuracy` that was just measured.
        """
        untrained = self._untrained().encoder
        now, before = self.net.encoder.state_dict(), untrained.state_dict()
        if not all(torch.equal(now[name], before[name]) for name in now):
            accuracy = self._knn(lambda images: embed_with(untrained, images))
        return {"knn_accuracy_pixels": self._knn(pixels), "knn_accuracy_untrained": accuracy}

    def _untrained(self) -> SimClrNet:
        """The network before the first step."""
        with seeded(self.config.seed, "model"):
            return share_norms(SimClrNet(self.config)).to(self.device)

    def _batch(self, step: int) -> Tensor:
        """Indices (batch_size,) of a step's pictures; each epoch has a random order of its own."""
        epoch, batch = divmod(step - 1, self.epoch.steps)
        order = torch.randperm(
            len(self.pictures), generator=generator(self.config.seed, "epoch", epoch)
        )
        start = batch * self.config.batch_size
        return order[start : start + self.config.batch_size].to(self.device)

    def _views(
        self, images: Tensor, random: torch.Generator, share: slice = slice(None)
    ) -> tuple[Tensor, Tensor]:
        """Two views of each picture in a share of the images."""
        augmentation = self.config.augmentation()
        if isinstance(augmentation, ColourAugmentation):
            return two_colour_views(images, augmentation, random, share)
        return two_views(images, augmentation, random, share)

    def _knn(self, embed: Embed) -> float:
        bank = self.bank.images[:EVALUATION_BANK]
        return knn_accuracy(
            embed(self.tracked.images),
            self.tracked.labels,
            embed(bank),
            self.bank.labels[:EVALUATION_BANK],
            n_neighbours(self.config.source),
            self.places,
        )

    @torch.no_grad()
    def _geometry(self) -> Scalars:
        """Alignment and uniformity of two views of each tracked picture, the same at every call."""
        views = self._views(as_input(self.tracked.images), generator(self.config.seed, "geometry"))
        self.net.eval()
        first, second = (self.net(view) for view in views)
        return {"alignment": alignment(first, second), "uniformity": uniformity(first)}


def _to(device: torch.device, digits: LabelledImages) -> LabelledImages:
    return LabelledImages(digits.images.to(device), digits.labels.to(device), digits.names)


def _no_place() -> GlimpseError:
    return GlimpseError("This checkpoint has no place for every point: train anew.")
