"""SimCLR: an embedding learned from nothing but two views of each picture.

Chen, Kornblith, Norouzi & Hinton 2020, "A Simple Framework for Contrastive Learning of Visual
Representations", algorithm 1. The encoder gives features h, the head turns them into z, and the
loss pulls the two z of one picture together and pushes all others away. No label is used.
"""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from core import distributed
from core.data.colour_views import ColourAugmentation, two_colour_views
from core.data.digits import LabelledImages
from core.data.views import two_views
from core.evaluation.hypersphere import alignment, uniformity
from core.evaluation.knn import knn_accuracy
from core.evaluation.linear_probe import fit_linear_probe
from core.evaluation.projection import align, principal_components
from core.evaluation.tsne import first_layout, next_layout
from core.methods.base import Arrays, Method, Scalars
from core.methods.compiling import compiled
from core.methods.epoch import Epoch, InEpochs
from core.methods.picture_sources import check_own, own_digest
from core.methods.precision import autocast
from core.methods.schedule import cosine_decay
from core.methods.simclr.config import SimClrConfig
from core.methods.simclr.losses import LOSSES
from core.methods.simclr.pictures import (
    evaluation_data,
    how_many,
    labelled_split,
    learned_from,
    picture_shape,
    points,
    voters,
)
from core.methods.state import load_weights, pack, unpack
from core.models.encoder import Encoder, ProjectionHead, build_encoder
from core.models.shared_norm import share_norms
from core.seeding import generator, seeded

N_CLASSES = 10
WARM_UP_STEPS = 20
HEAD_HIDDEN = 128
EVALUATION_BANK = 10_000  # training pictures among which an evaluation looks for neighbours
SNAPSHOT_COMPONENTS = 16
EMBED_CHUNK = 1024
SMALL_SOURCES = ("sample", "own")  # may have fewer pictures than a batch
Embed = Callable[[Tensor], Tensor]  # uint8 images, (N, 28, 28) or (N, 3, 32, 32), to (N, D)


def learning_rate(step: int, config: SimClrConfig) -> float:
    """Of a step (from 1): a linear warm-up, then half a cosine down to 0 at the end."""
    warm_up = min(WARM_UP_STEPS, config.steps)
    if step <= warm_up:
        return config.learning_rate * step / warm_up
    progress = (step - warm_up) / (config.steps - warm_up)
    return cosine_decay(config.learning_rate, progress)


class SimClrNet(nn.Module):
    """Encoder, and projection head if it is wanted."""

    def __init__(self, config: SimClrConfig) -> None:
        super().__init__()
        shape = picture_shape(config.source)
        self.encoder = build_encoder(config.encoder, config.width, shape)
        self.head = (
            ProjectionHead(self.encoder.dimension, HEAD_HIDDEN, config.projection)
            if config.head
            else nn.Identity()
        )

    def forward(self, images: Tensor) -> Tensor:
        z: Tensor = self.head(self.encoder(images))  # (B, projection); features without a head
        return z


class SimClr(InEpochs, Method[SimClrConfig]):
    """Trains and judges an embedding."""

    Config = SimClrConfig
    key_figure = "knn_accuracy"

    def __init__(self, config: SimClrConfig) -> None:
        super().__init__(config)
        self.pictures = _to(self.device, learned_from(config))
        self.epoch = Epoch(len(self.pictures), config.batch_size)
        bank, tracked, self.places = evaluation_data(config, self.pictures)
        self.bank, self.tracked = _to(self.device, bank), _to(self.device, tracked)
        self.net = self._untrained()
        self.forward: Callable[[Tensor], Tensor] = (
            compiled(self.net) if config.compile else self.net
        )
        self._baselines: Scalars = {}  # not yet measured
        self.layout = torch.zeros(len(self.tracked), 2)  # of the last snapshot; zero before it
        self.optimizer = torch.optim.Adam(self.net.parameters(), lr=config.learning_rate)

    @staticmethod
    def epoch_of(config: SimClrConfig) -> Epoch:
        return Epoch(how_many(config), config.batch_size)

    @classmethod
    def check_batch(cls, config: SimClrConfig) -> None:
        """As `InEpochs` has it; sources with more pictures than the largest batch are not read."""
        if config.source in SMALL_SOURCES:
            super().check_batch(config)

    def step(self, step: int) -> Scalars:
        """Algorithm 1 of Chen et al. 2020 for one batch."""
        images = _scaled(self.pictures.images[self._batch(step)])
        share = distributed.share(len(images))
        views = self._views(images, generator(self.config.seed, "views", step), share)
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate(step, self.config)
        self.net.train()
        with autocast(self.device, self.config.precision):
            projections = self.forward(torch.cat(views)).chunk(2)
        first, second = (distributed.all_gather(z, self.config.batch_size) for z in projections)
        loss = LOSSES[self.config.loss](first, second, self.config.temperature)
        self.optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        distributed.all_reduce(w.grad for w in self.net.parameters() if w.grad is not None)
        self.optimizer.step()
        return {"loss": loss.item()}

    def validate(self, step: int) -> Scalars:
        """k-NN accuracy of the watched pictures beside two that learned nothing, and the geometry.

        The neighbours are the first 10,000 where there are more (see `simclr_pictures`). What is
        watched is in no training set, but for one's own pictures; where these are of one class
        there is no accuracy.
        """
        return self._accuracies() | self._geometry()

    def snapshot(self, step: int) -> Arrays:
        """The watched pictures: `embedding` (1000, 16), `layout` (1000, 2), `labels` (1000,) uint8.

        The embedding is the first 16 principal components of the features, scaled to unit length;
        the layout is a t-SNE of them that starts from the layout of the snapshot before. With the
        first one's own pictures (N, 28, 28) come, and the names of their classes in `names`, UTF-8.
        """
        features = F.normalize(self.embed(self.tracked.images), dim=1).cpu().numpy()
        components = principal_components(features, SNAPSHOT_COMPONENTS)
        before = self.layout.numpy() if self.layout.any() else first_layout(components)
        layout = next_layout(before, components)
        self.layout = torch.from_numpy(layout)
        return {
            "embedding": components.astype("float16"),
            "layout": align(layout, None).astype("float16"),
            **points(self.config, self.tracked, is_first=step == 0),
        }

    def state(self) -> dict[str, Tensor]:
        state = pack(self.net, self.optimizer) | {"layout": self.layout}
        return state | own_digest(self.config)

    def load_state(self, state: dict[str, Tensor]) -> None:
        check_own(self.config, state)
        unpack(state, self.net, self.optimizer)
        self.layout = state["layout"]

    def weights(self) -> dict[str, Tensor]:
        return self.net.state_dict()

    def load_weights(self, weights: dict[str, Tensor]) -> None:
        load_weights(self.net, weights)

    def test(self) -> Scalars:
        """k-NN and linear probe with all that it is judged by (see `simclr_pictures`).

        With one's own pictures it is the k-NN of `evaluate`.
        """
        if self.config.source == "own":
            return self._accuracies()
        return self.test_on(self.bank, labelled_split(self.config.source, "held_out"))

    def test_on(self, bank: LabelledImages, held_out: LabelledImages) -> Scalars:
        """k-NN and linear probe of pictures held out, by the classes of those in the bank.

        Beside each stand raw pixels and the encoder before training.
        """
        bank, held_out = _to(self.device, bank), _to(self.device, held_out)
        untrained = self._untrained().encoder
        scalars: Scalars = {}
        for suffix, embed in (
            ("", self.embed),
            ("_pixels", _pixels),
            ("_untrained", lambda images: embed_with(untrained, images)),
        ):
            known, queries = embed(bank.images), embed(held_out.images)
            scalars[f"knn_accuracy{suffix}"] = knn_accuracy(
                queries, held_out.labels, known, bank.labels, voters(self.config.source)
            )
            probe = fit_linear_probe(known, bank.labels, N_CLASSES)
            scalars[f"probe_accuracy{suffix}"] = probe.accuracy(queries, held_out.labels)
        return scalars

    def embed(self, images: Tensor) -> Tensor:
        """Features h (N, D) of uint8 images, with the batch norms' running values."""
        return embed_with(self.net.encoder, images)

    def _accuracies(self) -> Scalars:
        if not self.tracked.labels.any():
            return {}
        accuracy = self._knn(self.embed)
        self._baselines = self._baselines or self._measure_baselines(accuracy)
        return {"knn_accuracy": accuracy, **self._baselines}

    def _measure_baselines(self, accuracy: float) -> Scalars:
        """Beside the accuracy of now, which is that before training where nothing has changed."""
        untrained = self._untrained().encoder
        now, before = self.net.encoder.state_dict(), untrained.state_dict()
        if not all(torch.equal(now[name], before[name]) for name in now):
            accuracy = self._knn(lambda images: embed_with(untrained, images))
        return {"knn_accuracy_pixels": self._knn(_pixels), "knn_accuracy_untrained": accuracy}

    def _untrained(self) -> SimClrNet:
        """The network before its first step."""
        with seeded(self.config.seed, "model"):
            return share_norms(SimClrNet(self.config)).to(self.device)

    def _batch(self, step: int) -> Tensor:
        """Indices (batch_size,) of step's pictures: an epoch meets each once, in its own order."""
        epoch, batch = divmod(step - 1, self.epoch.steps)
        order = torch.randperm(
            len(self.pictures), generator=generator(self.config.seed, "epoch", epoch)
        )
        start = batch * self.config.batch_size
        return order[start : start + self.config.batch_size].to(self.device)

    def _views(
        self, images: Tensor, chance: torch.Generator, share: slice = slice(None)
    ) -> tuple[Tensor, Tensor]:
        """Two views of each picture in a share of them."""
        augmentation = self.config.augmentation()
        if isinstance(augmentation, ColourAugmentation):
            return two_colour_views(images, augmentation, chance, share)
        return two_views(images, augmentation, chance, share)

    def _knn(self, embed: Embed) -> float:
        bank = self.bank.images[:EVALUATION_BANK]
        return knn_accuracy(
            embed(self.tracked.images),
            self.tracked.labels,
            embed(bank),
            self.bank.labels[:EVALUATION_BANK],
            voters(self.config.source),
            self.places,
        )

    @torch.no_grad()
    def _geometry(self) -> Scalars:
        """Of two views of each watched digit, the same views at each evaluation."""
        views = self._views(_scaled(self.tracked.images), generator(self.config.seed, "geometry"))
        self.net.eval()
        first, second = (self.net(view) for view in views)
        return {"alignment": alignment(first, second), "uniformity": uniformity(first)}


@torch.no_grad()
def embed_with(encoder: Encoder, images: Tensor) -> Tensor:
    """Features (N, D) of uint8 images, with the batch norms' running values."""
    encoder.eval()
    return torch.cat([encoder(_scaled(chunk)) for chunk in torch.split(images, EMBED_CHUNK)])


def _pixels(images: Tensor) -> Tensor:
    """Images as their own features: (N, 28, 28) to (N, 784)."""
    return _scaled(images).flatten(1)


def _scaled(images: Tensor) -> Tensor:
    """uint8 (N, 28, 28), or (N, 3, 32, 32), to float32 (N, C, H, W) in [0, 1]."""
    return (images if images.ndim == 4 else images.unsqueeze(1)).float() / 255


def _to(device: torch.device, digits: LabelledImages) -> LabelledImages:
    return LabelledImages(digits.images.to(device), digits.labels.to(device))
