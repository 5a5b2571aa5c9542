"""Inpainting: a network sees the visible part of a picture and predicts the rest.

Pathak et al. 2016, "Context Encoders: Feature Learning by Inpainting", with the reconstruction
loss alone (equation 1) and many kinds of masks. A mask is 1 where a pixel is visible and 0 where
it is hidden; hidden pixels never reach the network.
"""

from functools import cached_property

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.data.digits import LabelledImages, Source, load_digits
from core.data.images import to_bytes, to_unit
from core.data.masks import MIXTURE_KINDS, MaskKind, conceal, draw, held_out_masks, mixture, paste
from core.evaluation.image_quality import Quality, psnr, quality
from core.methods.base import Arrays, Method, Scalars
from core.methods.inpainting.config import InpaintingConfig
from core.methods.picture_sources import (
    check_own,
    check_pictures,
    own_digest,
    training_pictures,
)
from core.methods.precision import autocast
from core.methods.schedule import cosine_decay
from core.methods.state import load_weights, pack, unpack
from core.models.autoencoder import Autoencoder
from core.models.encoder import GREY
from core.models.exported import MASKS, about_pictures
from core.models.unet import UNet, expected_ink, nearest_level
from core.seeding import generator, seeded

EVALUATED = 120  # held-out digits per kind of mask in `validate`
TRACKED = 8  # masked digits in a snapshot: two per kind of mask
CHUNK = 500  # pictures per forward pass outside training
MIXTURE_REVEALED = 0.5  # share of a mixture's masks with hidden pixels made visible again


def build_model(config: InpaintingConfig) -> nn.Module:
    """The untrained network. Its `forward` documents inputs and outputs."""
    return UNet(config.width, config.knows_mask) if config.model == "unet" else Autoencoder()


def predict(model: nn.Module, pictures: Tensor, masks: Tensor) -> Tensor:
    """Raw completions `(B, 1, 28, 28)`, made from the visible pixels alone.

    The U-Net's completion is the mean of its predicted distribution, which minimises the expected
    squared error.
    """
    output: Tensor = model(conceal(pictures, masks), masks)
    return expected_ink(output) if isinstance(model, UNet) else output


def reconstruction_loss(output: Tensor, pictures: Tensor, masks: Tensor, over: str) -> Tensor:
    """Mean error over the hidden pixels of a batch, or over `all` pixels.

    The autoencoder's output `(B, 1, 28, 28)` has the squared error (Pathak et al. 2016, equation
    1). The U-Net's output, logits `(B, 9, 28, 28)` of grey levels, has the cross-entropy in nats.
    """
    if output.shape[1] == 1:
        errors = (output - pictures).square()
    else:
        levels = nearest_level(pictures)[:, 0]  # (B, 28, 28)
        errors = F.cross_entropy(output.float(), levels, reduction="none")[:, None]
    if over == "all":
        return errors.mean()
    hidden = 1 - masks
    return (errors * hidden).sum() / hidden.sum().clamp_min(1)


def learning_rate(step: int, config: InpaintingConfig) -> float:
    """The rate of a step (from 1): constant, or half a cosine to 0 after the last step."""
    if config.schedule == "constant":
        return config.learning_rate
    return cosine_decay(config.learning_rate, step - 1, config.steps)


class Inpainting(Method[InpaintingConfig]):
    """Trains and evaluates a completer."""

    Config = InpaintingConfig
    key_figure = "ssim"

    def __init__(self, config: InpaintingConfig) -> None:
        super().__init__(config)
        self.held_out = load_digits("sample", "held_out").images  # the evaluation data of every run
        with seeded(config.seed, "model"):
            self.model = build_model(config).to(self.device)

    @classmethod
    def check(cls, config: InpaintingConfig) -> None:
        super().check(config)
        check_pictures(config.source, config.pictures)

    @cached_property
    def optimizer(self) -> torch.optim.Optimizer:
        """Made when training begins: the first one has torch import its compiler, for seconds."""
        return torch.optim.AdamW(
            self.model.parameters(),
            lr=self.config.learning_rate,
            weight_decay=self.config.weight_decay,
        )

    @cached_property
    def pictures(self) -> LabelledImages:
        """The training pictures, loaded at the first step."""
        return training_pictures(self.config.source, self.config.pictures)

    @property
    def images(self) -> Tensor:
        """Training pictures uint8 `(N, 28, 28)`."""
        return self.pictures.images

    def step(self, step: int) -> Scalars:
        pictures, masks = self.batch(step)
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate(step, self.config)
        self.model.train()
        # the autoencoder trains in float32, as in its original recipe
        with autocast(self.device, "auto" if self.config.model == "unet" else "float32"):
            output = self.model(conceal(pictures, masks), masks)
        loss = reconstruction_loss(output.float(), pictures, masks, self.config.loss)
        self.optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimizer.step()
        return {"loss": loss.item()}

    def batch(self, step: int) -> tuple[Tensor, Tensor]:
        """The pictures and the masks of a step, each `(B, 1, 28, 28)`."""
        return self._pictures(step), self._masks(step)

    def complete(self, pictures: Tensor, masks: Tensor) -> Tensor:
        """Raw completions `(B, 1, 28, 28)` in [0, 1] on the CPU; visible pixels are not pasted."""
        self.model.eval()
        batches = zip(torch.split(pictures, CHUNK), torch.split(masks, CHUNK), strict=True)
        with torch.inference_mode():
            raw = [predict(self.model, p.to(self.device), m.to(self.device)) for p, m in batches]
        return torch.cat(raw).clamp(0, 1).cpu()

    def answer(self, picture: np.ndarray, visible: np.ndarray) -> tuple[np.ndarray, Quality]:
        """The raw completion uint8 (28, 28) of one picture, and its quality over hidden pixels.

        `picture` is uint8 (28, 28), `visible` its mask (28, 28), 1 = visible. The quality is that
        of the completion with visible pixels pasted back; it is nan where nothing is hidden.
        """
        truth = to_unit(torch.from_numpy(picture))[None]  # (1, 1, 28, 28)
        masks = torch.from_numpy(visible).float()[None, None]
        raw = self.complete(truth, masks)
        return to_bytes(raw)[0].numpy(), quality(paste(truth, raw, masks), truth, 1 - masks)

    def validate(self, step: int) -> Scalars:
        """MSE, PSNR and SSIM over the hidden pixels per kind of mask, and `ssim`, their mean."""
        pictures = to_unit(self.held_out[:EVALUATED])
        scalars: Scalars = {}
        for kind in MIXTURE_KINDS:
            completed, masks = self._completed(kind, pictures)
            scalars |= mean_figures(kind, completed, pictures, 1 - masks)
        return {
            "ssim": sum(scalars[f"{kind}_ssim"] for kind in MIXTURE_KINDS) / len(MIXTURE_KINDS),
            **scalars,
        }

    def test(self) -> Scalars:
        """As `validate`, and also over whole pictures, on all test digits.

        These are MNIST's 10,000 for a model trained on MNIST, else the sample's 1,000.
        """
        source: Source = "mnist" if self.config.source == "mnist" else "sample"
        pictures = to_unit(load_digits(source, "held_out").images)
        scalars: Scalars = {}
        for kind in MIXTURE_KINDS:
            completed, masks = self._completed(kind, pictures)
            scalars |= mean_figures(kind, completed, pictures, 1 - masks)
            scalars |= mean_figures(f"{kind}_whole", completed, pictures, torch.ones_like(masks))
        return scalars

    def snapshot(self, step: int) -> Arrays:
        """The same 8 digits each time: `truth`, `masks` (1 = visible) and `completions`.

        Each is uint8 (8, 28, 28). Completions are raw, ink = 255: figures paste visible pixels.
        """
        images = self.held_out[:TRACKED]
        seed = "watched masks"  # another name would be another seed
        masks = torch.cat(
            [held_out_masks(kind, 2, generator(seed, kind)) for kind in MIXTURE_KINDS]
        )
        return {
            "truth": images.numpy(),
            "masks": masks.squeeze(1).byte().numpy(),
            "completions": to_bytes(self.complete(to_unit(images), masks)).numpy(),
        }

    def state(self) -> dict[str, Tensor]:
        state = pack(self.model, self.optimizer)
        return state | own_digest(self.config, lambda: self.pictures)

    def load_state(self, state: dict[str, Tensor]) -> None:
        check_own(self.config, state)
        self.load_network(state)

    def load_network(self, state: dict[str, Tensor]) -> None:
        unpack(state, self.model, self.optimizer)

    def weights(self) -> dict[str, Tensor]:
        return self.model.state_dict()

    def load_weights(self, weights: dict[str, Tensor]) -> None:
        load_weights(self.model, weights)

    def about_input(self) -> str:
        return f"{about_pictures(GREY)} {MASKS}"

    def _pictures(self, step: int) -> Tensor:
        draws = generator(self.config.seed, "pictures", step)
        chosen = torch.randint(len(self.images), (self.config.batch_size,), generator=draws)
        return to_unit(self.images[chosen]).to(self.device)

    def _masks(self, step: int) -> Tensor:
        draws = generator(self.config.seed, "masks", step)
        config, n = self.config, self.config.batch_size
        if config.mask == "mixture":
            hidden = config.least_hidden, config.most_hidden
            return mixture(n, draws, hidden, MIXTURE_REVEALED, config.kinds).to(self.device)
        return draw(config.mask, n, draws, (config.hidden, config.hidden)).to(self.device)

    def _completed(self, kind: MaskKind, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """Completions with visible pixels pasted back, and their masks, the same at every call."""
        masks = held_out_masks(kind, len(pictures), generator("held-out masks", kind))
        return paste(pictures, self.complete(pictures, masks), masks), masks


def mean_figures(prefix: str, completed: Tensor, pictures: Tensor, counted: Tensor) -> Scalars:
    """Mean MSE and SSIM over pictures where `counted` is 1, and the PSNR of the mean MSE.

    A mean of PSNRs would be infinite with a single perfect picture.
    """
    figures = quality(completed, pictures, counted)
    mse = figures.mse.mean()
    return {
        f"{prefix}_mse": mse.item(),
        f"{prefix}_psnr": psnr(mse).item(),
        f"{prefix}_ssim": figures.ssim.mean().item(),
    }
