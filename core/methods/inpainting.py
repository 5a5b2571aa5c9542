"""Inpainting: a network is shown the visible part of a picture and says what the rest was.

Pathak et al. 2016, "Context Encoders: Feature Learning by Inpainting", with the reconstruction
loss alone (equation 1), and masks of many kinds. A mask is 1 where a pixel is visible, 0 where it
is hidden; what is hidden never reaches the network.
"""

import math
from functools import cached_property
from typing import Any, Literal

import numpy as np
import torch
from pydantic import Field, JsonValue, model_validator
from torch import Tensor, nn
from torch.nn import functional as F

from core.config import RunConfig
from core.data.digits import Source, load_digits
from core.data.images import to_unit
from core.data.masks import KINDS, MaskKind, conceal, draw, held_out_masks, mixture, paste
from core.data.own_pictures import load_own
from core.data.strokes import render_strokes, stroke_classes
from core.evaluation.image_quality import Quality, psnr, quality
from core.methods.base import Arrays, Method, Scalars
from core.methods.picture_sources import PICTURES, check_own, own_digest, own_needs_pictures
from core.methods.state import load_weights, pack, unpack
from core.models.autoencoder import Autoencoder
from core.models.unet import UNet
from core.seeding import generator, seeded

EVALUATED = 120  # held-out digits a mask kind in `evaluate`
WATCHED = 8  # masked digits in the row of a live view: each kind of mask twice
CHUNK = 500  # pictures at once where nothing is learned
STROKE_CLASSES, STROKE_INSTANCES = 500, 20
MIXTURE_HIDDEN = (0.5, 1.0)  # range of the fraction that a mixture's random masks hide
_RARE: dict[str, JsonValue] = {"rare": True}


class InpaintingConfig(RunConfig):
    """Settings of inpainting; `ORIGINAL_RECIPE` has those of the plain baseline."""

    steps: int = Field(600, ge=1, le=1_000_000, description="Optimisation steps in all.")
    eval_every: int = Field(
        50, ge=1, description="Steps between two evaluations.", json_schema_extra=_RARE
    )
    snapshot_every: int = Field(
        20, ge=1, description="Steps between two pictures of the run.", json_schema_extra=_RARE
    )
    model: Literal["unet", "autoencoder"] = Field(
        "unet", description="A U-Net that knows the mask, or the plain fully connected one."
    )
    source: Literal["sample", "mnist", "strokes", "own"] = Field(
        "sample",
        description="4,000 digits that come with Glimpse, the full MNIST, 10,000 characters of "
        "made-up alphabets, or your own pictures. Whatever it is, digits are completed for you to "
        "see.",
    )
    pictures: str = PICTURES
    mask: Literal["mixture", "random", "box", "strokes", "half"] = Field(
        "mixture", description="What hides the pixels; a mixture has each kind equally often."
    )
    hidden: float = Field(
        0.75,
        gt=0,
        le=1,
        description="Share of the pixels that random masks hide, outside mixtures.",
    )
    loss: Literal["hidden", "all"] = Field(
        "hidden", description="Pixels over which the error is taken."
    )
    width: Literal[8, 16, 24, 32] = Field(
        16, description="Channels of the U-Net at 14x14; it has twice as many at 7x7."
    )
    batch_size: int = Field(64, ge=1, le=4096, description="Pictures a step.")
    learning_rate: float = Field(2e-3, gt=0, le=1, description="Of AdamW, at its highest.")
    schedule: Literal["cosine", "constant"] = Field(
        "cosine", description="How the learning rate goes on.", json_schema_extra=_RARE
    )
    weight_decay: float = Field(
        0.01, ge=0, le=10, description="Of AdamW; 0 is plain Adam.", json_schema_extra=_RARE
    )

    _pictures_fit = model_validator(mode="after")(own_needs_pictures)


ORIGINAL_RECIPE: dict[str, Any] = {
    "model": "autoencoder",
    "mask": "random",
    "hidden": 0.75,
    "loss": "all",
    "batch_size": 64,
    "learning_rate": 1e-3,
    "schedule": "constant",
    "weight_decay": 0.0,
}


def training_images(source: str, own: str = "") -> Tensor:
    """uint8 `(N, 28, 28)`; `own` is the folder or zip of the source own.

    Raises GlimpseError where MNIST is asked for and not there, or one's own cannot be used.
    """
    if source == "own":
        return load_own(own).images
    if source == "strokes":
        classes = stroke_classes("train", STROKE_CLASSES)
        return render_strokes(classes, torch.arange(STROKE_INSTANCES)).flatten(0, 1)
    return load_digits("mnist" if source == "mnist" else "sample", "train").images


def build_model(config: InpaintingConfig) -> nn.Module:
    """The untrained network: (concealed pictures, masks), each (B, 1, 28, 28), to completions."""
    return UNet(config.width) if config.model == "unet" else Autoencoder()


def predict(model: nn.Module, pictures: Tensor, masks: Tensor) -> Tensor:
    """Raw completions `(B, 1, 28, 28)`. The model is given nothing of the hidden pixels."""
    completions: Tensor = model(conceal(pictures, masks), masks)
    return completions


def reconstruction_loss(
    completions: Tensor, pictures: Tensor, masks: Tensor, config: InpaintingConfig
) -> Tensor:
    """Mean error over the hidden pixels of a batch, or over all its pixels.

    The plain autoencoder has the squared error of its recipe (Pathak et al. 2016, equation 1). The
    U-Net's pixels lie between 0 and 1, so that it can have the cross-entropy: its best answer is
    the same mean, but it minds a grey veil over black far more, and learns faster.
    """
    if config.model == "autoencoder":
        errors = (completions - pictures).square()
    else:
        errors = F.binary_cross_entropy(completions, pictures, reduction="none")
    if config.loss == "all":
        return errors.mean()
    hidden = 1 - masks
    return (errors * hidden).sum() / hidden.sum().clamp_min(1)


def learning_rate(step: int, config: InpaintingConfig) -> float:
    """Of a step (from 1): constant, or half a cosine down towards 0 after the last step."""
    if config.schedule == "constant":
        return config.learning_rate
    return config.learning_rate * (1 + math.cos(math.pi * (step - 1) / config.steps)) / 2


class Inpainting(Method[InpaintingConfig]):
    """Trains and judges a completer."""

    Config = InpaintingConfig
    key_figure = "ssim"

    def __init__(self, config: InpaintingConfig) -> None:
        super().__init__(config)
        self.held_out = load_digits("sample", "held_out").images  # the same for every run
        with seeded(config.seed, "model"):
            self.model = build_model(config).to(self.device)
        self.optimizer = torch.optim.AdamW(
            self.model.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay
        )

    @cached_property
    def images(self) -> Tensor:
        """uint8 `(N, 28, 28)` to train on; a model that only completes needs none of them."""
        return training_images(self.config.source, self.config.pictures)

    def step(self, step: int) -> Scalars:
        pictures = self._pictures(step)
        masks = self._masks(step)
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate(step, self.config)
        self.model.train()
        completions = predict(self.model, pictures, masks)
        loss = reconstruction_loss(completions, pictures, masks, self.config)
        self.optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimizer.step()
        return {"loss": loss.item()}

    def complete(self, pictures: Tensor, masks: Tensor) -> Tensor:
        """Raw completions `(B, 1, 28, 28)` in [0, 1], on the CPU; visible pixels not pasted."""
        self.model.eval()
        batches = zip(torch.split(pictures, CHUNK), torch.split(masks, CHUNK), strict=True)
        with torch.inference_mode():
            raw = [predict(self.model, p.to(self.device), m.to(self.device)) for p, m in batches]
        return torch.cat(raw).clamp(0, 1).cpu()

    def answer(self, picture: np.ndarray, visible: np.ndarray) -> tuple[np.ndarray, Quality]:
        """The raw completion uint8 (28, 28) of one picture, and its quality over hidden pixels.

        `picture` is uint8 (28, 28), `visible` 1 or 0 a pixel. The quality is that of the completion
        with visible pixels pasted back; it is nan where nothing is hidden.
        """
        truth = to_unit(torch.from_numpy(picture))[None]  # (1, 1, 28, 28)
        masks = torch.from_numpy(visible).float()[None, None]
        raw = self.complete(truth, masks)
        return _to_bytes(raw)[0], quality(paste(truth, raw, masks), truth, 1 - masks)

    def evaluate(self, step: int) -> Scalars:
        """MSE, PSNR and SSIM over the hidden pixels by kind of mask, and `ssim`, over the kinds."""
        pictures = to_unit(self.held_out[:EVALUATED])
        scalars: Scalars = {}
        for kind in KINDS:
            completed, masks = self._completed(kind, pictures)
            scalars |= mean_figures(kind, completed, pictures, 1 - masks)
        return {"ssim": sum(scalars[f"{kind}_ssim"] for kind in KINDS) / len(KINDS), **scalars}

    def measure(self) -> Scalars:
        """As `evaluate`, over the whole pictures too, on many more digits.

        Of MNIST's 10,000 test digits for a model trained on MNIST, else the sample's 1,000.
        """
        source: Source = "mnist" if self.config.source == "mnist" else "sample"
        pictures = to_unit(load_digits(source, "held_out").images)
        scalars: Scalars = {}
        for kind in KINDS:
            completed, masks = self._completed(kind, pictures)
            scalars |= mean_figures(kind, completed, pictures, 1 - masks)
            scalars |= mean_figures(f"{kind}_whole", completed, pictures, torch.ones_like(masks))
        return scalars

    def snapshot(self, step: int) -> Arrays:
        """One fixed row, each uint8 (8, 28, 28): `truth`, `masks` (1 = visible), `completions`.

        Completions are raw, ink = 255: whoever draws them pastes the visible pixels back.
        """
        images = self.held_out[:WATCHED]
        masks = torch.cat([held_out_masks(kind, 2, _watched(kind)) for kind in KINDS])
        return {
            "truth": images.numpy(),
            "masks": masks.squeeze(1).byte().numpy(),
            "completions": _to_bytes(self.complete(to_unit(images), masks)),
        }

    def state(self) -> dict[str, Tensor]:
        return pack(self.model, self.optimizer) | own_digest(self.config)

    def load_state(self, state: dict[str, Tensor]) -> None:
        check_own(self.config, state)
        unpack(state, self.model, self.optimizer)

    def weights(self) -> dict[str, Tensor]:
        return self.model.state_dict()

    def load_weights(self, weights: dict[str, Tensor]) -> None:
        load_weights(self.model, weights)

    def _pictures(self, step: int) -> Tensor:
        draws = generator(self.config.seed, "pictures", step)
        chosen = torch.randint(len(self.images), (self.config.batch_size,), generator=draws)
        return to_unit(self.images[chosen]).to(self.device)

    def _masks(self, step: int) -> Tensor:
        draws = generator(self.config.seed, "masks", step)
        n, fraction = self.config.batch_size, self.config.hidden
        if self.config.mask == "mixture":
            return mixture(n, draws, MIXTURE_HIDDEN).to(self.device)
        return draw(self.config.mask, n, draws, (fraction, fraction)).to(self.device)

    def _completed(self, kind: MaskKind, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """Completions with the visible pixels pasted back, and their masks: the same each time."""
        masks = held_out_masks(kind, len(pictures), generator("held-out masks", kind))
        return paste(pictures, self.complete(pictures, masks), masks), masks


def mean_figures(prefix: str, completed: Tensor, pictures: Tensor, counted: Tensor) -> Scalars:
    """Means over pictures of MSE and SSIM where `counted` is 1, and the mean MSE's PSNR.

    The PSNR is not a mean of PSNRs: a single perfect picture would make that infinite.
    """
    figures = quality(completed, pictures, counted)
    mse = figures.mse.mean()
    return {
        f"{prefix}_mse": mse.item(),
        f"{prefix}_psnr": psnr(mse).item(),
        f"{prefix}_ssim": figures.ssim.mean().item(),
    }


def _watched(kind: MaskKind) -> torch.Generator:
    return generator("watched masks", kind)


def _to_bytes(completions: Tensor) -> np.ndarray:
    """`(B, 1, 28, 28)` in [0, 1] to uint8 (B, 28, 28), ink = 255."""
    return (completions.squeeze(1) * 255).round().byte().numpy()
