"""Several coherent completions of one picture, sampled from the U-Net.

Each step samples some of the hidden pixels from the predicted distributions and adds them to the
visible ones, in any order of the pixels (Uria et al. 2014, "A Deep and Tractable Density
Estimator"), several per step (Chang et al. 2022, "MaskGIT"). Only the first steps sample: their
pixels determine the digit. Later steps fill in the mean, which breaks fewer strokes and has a lower
error.
"""

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from core.data.images import to_bytes, to_unit
from core.data.masks import conceal, paste
from core.errors import GlimpseError
from core.methods.inpainting.method import Inpainting
from core.models.unet import LEVELS, UNet, expected_ink, ink_deviation
from core.seeding import generator

N_SAMPLES, STEPS, TEMPERATURE = 6, 8, 0.8
GUMBEL_SCALE = 1.0  # nats, of the noise in the reveal order; tuned on best-of-six MSE
SAMPLING_SHARE = 3 / 8  # of the steps sample, the others fill in means; tuned on best-of-six MSE


@dataclass(frozen=True)
class Samples:
    """S samples of what a mask hides, and the uncertainty of the network."""

    pictures: np.ndarray  # uint8 (S, 28, 28), with the visible pixels pasted
    film: np.ndarray  # uint8 (F, S, 28, 28): before the first step, after each step
    revealed: np.ndarray  # bool (F, S, 28, 28): the pixels that were visible in each frame
    deviation: np.ndarray  # float32 (28, 28) in [0, 1]: predicted standard deviation of each pixel
    mean: np.ndarray  # uint8 (28, 28): the mean of the predicted distributions


def samples(
    method: Inpainting,
    picture: np.ndarray,
    visible: np.ndarray,
    n: int = N_SAMPLES,
    steps: int = STEPS,
    temperature: float = TEMPERATURE,
    seed: int = 0,
) -> Samples:
    """Samples the hidden part of a picture uint8 (28, 28); `visible` is its mask, 1 = visible.

    `deviation` comes from the predicted distributions, not from the n samples. Raises GlimpseError
    for the autoencoder, and for less than one sample or step.
    """
    if n < 1 or steps < 1:
        raise GlimpseError("Sampling needs at least one sample and one step: choose more.")
    truth = to_unit(torch.from_numpy(picture))[None]  # (1, 1, 28, 28)
    masks = (torch.from_numpy(visible) > 0).float()[None, None]
    network = _network(method)
    logits = _logits(network, truth, masks)
    frames, masks_seen = sampling_frames(
        network,
        truth.expand(n, -1, -1, -1),
        masks.expand(n, -1, -1, -1),
        steps,
        temperature,
        generator("samples", seed),
    )
    return Samples(
        pictures=to_bytes(frames[-1]).numpy(),
        film=to_bytes(frames).numpy(),
        revealed=masks_seen.squeeze(2).bool().numpy(),
        deviation=(ink_deviation(logits) * (1 - masks))[0, 0].numpy(),
        mean=to_bytes(paste(truth, expected_ink(logits), masks))[0].numpy(),
    )


def sampling_frames(
    network: nn.Module,
    pictures: Tensor,
    masks: Tensor,
    steps: int,
    temperature: float,
    random: torch.Generator,
) -> tuple[Tensor, Tensor]:
    """Frames `(steps + 1, B, 1, 28, 28)` of each picture's completion, and the masks of each frame.

    After step t a share cos(π t / 2 steps) of the hidden pixels is still hidden, so that the first
    steps, which know least, reveal fewest pixels. Pixels that are still hidden are at their
    predicted mean.
    """
    visible, completed = masks, conceal(pictures, masks)
    frames, seen = [], []
    for step in range(1, steps + 1):
        logits = _logits(network, completed, visible)
        frames.append(paste(completed, expected_ink(logits), visible))
        seen.append(visible)
        left = share_hidden_after(step, steps)
        is_drawn = step <= steps_that_draw(steps)
        guess = draw_levels(logits, temperature, random) if is_drawn else expected_ink(logits)
        completed = paste(completed, guess, visible)
        n_left = (left * (1 - masks).sum((1, 2, 3))).floor()
        visible = reveal_surest(visible, logits, n_left, random)
        completed = conceal(completed, visible)
    return torch.stack([*frames, completed]), torch.stack([*seen, visible])


def share_hidden_after(step: int, steps: int) -> float:
    """The share of the hidden pixels that is still hidden after `step` of so many."""
    return math.cos(math.pi / 2 * step / steps) if step < steps else 0.0


def steps_that_draw(steps: int) -> int:
    """How many of the steps draw pixels; the others fill in means."""
    return max(1, round(SAMPLING_SHARE * steps))


def drawn_share(steps: int) -> float:
    """The share of the hidden pixels that is drawn in so many steps; the rest are means."""
    return 1 - share_hidden_after(steps_that_draw(steps), steps)


def reveal_surest(
    visible: Tensor, logits: Tensor, n_left: Tensor, random: torch.Generator
) -> Tensor:
    """Masks `(B, 1, H, W)` that extend `visible` until `n_left` (B,) pixels stay hidden.

    Pixels are revealed in the order of the entropy of the logits `(B, 9, H, W)`, lowest first, plus
    Gumbel noise. Without the noise all samples would begin with the paper at the border.
    """
    logs = logits.log_softmax(dim=1)
    entropy = -(logs.exp() * logs).sum(dim=1)  # (B, H, W)
    order = GUMBEL_SCALE * gumbel(entropy.shape, random) - entropy
    order = order.flatten(1).masked_fill(visible.flatten(1) > 0, math.inf)
    place = order.argsort(dim=1, descending=True).argsort(dim=1)
    is_visible = place < place.shape[1] - n_left[:, None]
    return is_visible.float().view_as(visible)


def draw_levels(logits: Tensor, temperature: float, random: torch.Generator) -> Tensor:
    """Grey levels `(B, 1, H, W)`, drawn independently per pixel from logits `(B, 9, H, W)`.

    Low temperatures prefer likely levels; 0 always takes the likeliest.
    """
    if temperature > 0:
        logits = logits / temperature + gumbel(logits.shape, random)  # the Gumbel-max trick
    return logits.argmax(dim=1, keepdim=True).float() / (LEVELS - 1)


def gumbel(shape: torch.Size, random: torch.Generator) -> Tensor:
    """Draws from the standard Gumbel distribution."""
    uniform = torch.rand(shape, generator=random).clamp_min(1e-20)
    noise: Tensor = -(-uniform.log()).log()
    return noise


def _network(method: Inpainting) -> UNet:
    if not isinstance(method.model, UNet):
        raise GlimpseError(
            "The autoencoder has a single answer and nothing to sample: choose the U-Net."
        )
    return method.model.eval()


def _logits(network: nn.Module, pictures: Tensor, masks: Tensor) -> Tensor:
    """The network's logits `(B, 9, 28, 28)`, on the CPU."""
    device = next(network.parameters()).device
    with torch.inference_mode():
        logits: Tensor = network(conceal(pictures, masks).to(device), masks.to(device))
    return logits.cpu()
