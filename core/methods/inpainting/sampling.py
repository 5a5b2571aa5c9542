"""Several completions of one picture, each a coherent guess, from the U-Net that knows the mask.

A few of the hidden pixels are drawn from what the network thinks of them, shown to it as if they
had been visible, and so on: Uria et al. 2014, "A Deep and Tractable Density Estimator", in any
order of the pixels, and several a step as in Chang et al. 2022, "MaskGIT". The later steps draw no
more: once a sixth of the pixels is drawn they say which digit it is, and the rest are at their mean
given those, which breaks off fewer strokes and errs less.
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
# Nats, in the order of the pixels: of 0.5, 1, 2, 4 and luck alone that whose best of six errs least
GUMBEL_SCALE = 1.0
DRAWN = 3 / 8  # of the steps draw pixels: of 3/8, 4/8 ... 1 that whose best of six errs least


@dataclass(frozen=True)
class Samples:
    """What may be under a mask: S guesses, and how sure the network is."""

    pictures: np.ndarray  # uint8 (S, 28, 28), visible pixels as they are
    film: np.ndarray  # uint8 (F, S, 28, 28): before the first step, after it, ... the pictures
    revealed: np.ndarray  # bool (F, S, 28, 28): what the network was shown at that moment
    deviation: np.ndarray  # float32 (28, 28) in [0, 1]: the standard deviation of each pixel
    mean: np.ndarray  # uint8 (28, 28): the mean of all that the network thinks possible


def samples(
    method: Inpainting,
    picture: np.ndarray,
    visible: np.ndarray,
    n: int = N_SAMPLES,
    steps: int = STEPS,
    temperature: float = TEMPERATURE,
    seed: int = 0,
) -> Samples:
    """Guesses at the hidden part of a picture uint8 (28, 28); `visible` is 1 or 0 a pixel.

    The network's own standard deviation of each pixel, not that of a few samples, is given. Raises
    GlimpseError for a model that has one answer alone, or where nothing is left of a setting.
    """
    if n < 1 or steps < 1:
        raise GlimpseError("Sampling takes at least one sample and one step: ask for more.")
    truth = to_unit(torch.from_numpy(picture))[None]  # (1, 1, 28, 28)
    masks = (torch.from_numpy(visible) > 0).float()[None, None]
    network = _network(method)
    logits = _logits(network, truth, masks)
    frames, shown = sampling_frames(
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
        revealed=shown.squeeze(2).bool().numpy(),
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
    """A film `(steps + 1, B, 1, 28, 28)` of each picture's completion, and the masks that it saw.

    Pixels that a step has not drawn yet are shown at the mean of what the network thinks of them.
    Step t leaves cos(π t / 2 steps) of the hidden pixels: the first steps, when least is known,
    draw fewest. Then come means.
    """
    shown, drawn = masks, conceal(pictures, masks)
    frames, seen = [], []
    for step in range(1, steps + 1):
        logits = _logits(network, drawn, shown)
        frames.append(paste(drawn, expected_ink(logits), shown))
        seen.append(shown)
        left = math.cos(math.pi / 2 * step / steps) if step < steps else 0.0
        is_drawn = step <= max(1, round(DRAWN * steps))
        guess = draw_levels(logits, temperature, random) if is_drawn else expected_ink(logits)
        drawn = paste(drawn, guess, shown)
        n_left = (left * (1 - masks).sum((1, 2, 3))).floor()
        shown = show_surest(shown, logits, n_left, random)
        drawn = conceal(drawn, shown)
    return torch.stack([*frames, drawn]), torch.stack([*seen, shown])


def show_surest(shown: Tensor, logits: Tensor, n_left: Tensor, random: torch.Generator) -> Tensor:
    """Masks `(B, 1, H, W)` that show more than `shown`: all pixels but `n_left` (B,).

    Those of which the network is surest, by the entropy of its logits `(B, 9, H, W)`, come first.
    Luck has a hand in it, so that samples of one picture part ways: by entropy alone all would
    begin with the paper at the border.
    """
    logs = logits.log_softmax(dim=1)
    entropy = -(logs.exp() * logs).sum(dim=1)  # (B, H, W)
    order = GUMBEL_SCALE * gumbel(entropy.shape, random) - entropy
    order = order.flatten(1).masked_fill(shown.flatten(1) > 0, math.inf)
    place = order.argsort(dim=1, descending=True).argsort(dim=1)
    is_shown = place < place.shape[1] - n_left[:, None]
    return is_shown.float().view_as(shown)


def draw_levels(logits: Tensor, temperature: float, random: torch.Generator) -> Tensor:
    """Greys `(B, 1, H, W)`, each drawn on its own from logits `(B, 9, H, W)`.

    A low temperature prefers what is likely anyway; 0 always takes the likeliest.
    """
    if temperature > 0:
        logits = logits / temperature + gumbel(logits.shape, random)  # Gumbel's trick
    return logits.argmax(dim=1, keepdim=True).float() / (LEVELS - 1)


def gumbel(shape: torch.Size, random: torch.Generator) -> Tensor:
    """Draws from the standard Gumbel distribution."""
    uniform = torch.rand(shape, generator=random).clamp_min(1e-20)
    noise: Tensor = -(-uniform.log()).log()
    return noise


def _network(method: Inpainting) -> UNet:
    if not isinstance(method.model, UNet):
        raise GlimpseError(
            "The plain autoencoder has one answer and no others to draw: choose the U-Net."
        )
    return method.model.eval()


def _logits(network: nn.Module, pictures: Tensor, masks: Tensor) -> Tensor:
    """`(B, 9, 28, 28)` on the CPU, wherever the network is."""
    device = next(network.parameters()).device
    with torch.inference_mode():
        logits: Tensor = network(conceal(pictures, masks).to(device), masks.to(device))
    return logits.cpu()
