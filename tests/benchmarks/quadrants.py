"""How likely hidden quadrants of MNIST are, in nats, beside the conditional VAE of Pyro's tutorial.

    python -m tests.benchmarks.quadrants [STEPS] [DIGITS]

The tutorial shows a network 1, 2 or 3 quadrants and takes each hidden pixel's grey as the chance
that the pixel is white: its figure is the mean over digits of -log p, summed over hidden pixels
that are black or white by that chance. Ours is the same figure. The completer is trained for STEPS
steps (3,000 unless given) on hidden pixels drawn black or white, from the weights that ship; then
the likelihood is taken one pixel at a time, each given those before it, in an order drawn at
random. That is the exact likelihood of the model which draws in that order, not a bound. Measured
on the first DIGITS (300 unless given) of the test set. Needs the full MNIST.
"""

import math
import sys
from typing import cast

import torch
from torch import Tensor
from tqdm import tqdm

from core.data.digits import load_digits
from core.data.images import SIDE, to_unit
from core.data.masks import conceal
from core.methods.inpainting.method import Inpainting, reconstruction_loss
from core.methods.precision import autocast
from core.models.unet import LEVELS, UNet
from core.seeding import generator
from core.zoo.weights import load_shipped_method

PUBLISHED = {"neural network": (100.4, 61.9, 25.4), "conditional VAE": (71.8, 51.0, 24.2)}
BATCH, LEARNING_RATE = 128, 1e-3


def visible_quadrants() -> Tensor:
    """Masks (3, 1, 28, 28): the lower left is visible; the left half; all but the lower right."""
    masks, half = torch.zeros(3, 1, SIDE, SIDE), SIDE // 2
    masks[:, :, half:, :half] = 1
    masks[1, :, :, :half] = 1
    masks[2, :, :half] = 1
    return masks


def drawn_where_hidden(pictures: Tensor, masks: Tensor, draws: torch.Generator) -> Tensor:
    """Pictures whose hidden pixels are black or white, white as often as they are bright."""
    return torch.where(masks == 1, pictures, torch.bernoulli(pictures, generator=draws))


def train(network: UNet, images: Tensor, steps: int) -> None:
    optimizer = torch.optim.AdamW(network.parameters(), lr=LEARNING_RATE, weight_decay=0.01)
    tasks = visible_quadrants()
    network.train()
    for step in tqdm(range(steps), mininterval=10):
        for group in optimizer.param_groups:
            group["lr"] = LEARNING_RATE * (1 + math.cos(math.pi * step / steps)) / 2
        draws = generator("quadrants", "training", step)
        masks = tasks[torch.randint(len(tasks), (BATCH,), generator=draws)]
        chosen = torch.randint(len(images), (BATCH,), generator=draws)
        pictures = drawn_where_hidden(to_unit(images[chosen]), masks, draws)
        share = torch.rand(BATCH, 1, 1, 1, generator=draws)
        shown = torch.maximum(masks, (torch.rand(masks.shape, generator=draws) < share).float())
        with autocast(pictures.device, "auto"):
            logits = network(conceal(pictures, shown), shown)
        loss = reconstruction_loss(logits.float(), pictures, shown, "hidden")
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()


def nats(network: UNet, pictures: Tensor, mask: Tensor, draws: torch.Generator) -> Tensor:
    """-log p of the hidden pixels of black-or-white pictures, summed: `(B,)`."""
    network.eval()
    shown = mask.expand_as(pictures).clone()
    n_hidden = int((mask == 0).sum())
    order = (torch.rand(shown.shape, generator=draws) + shown).flatten(1).argsort(dim=1)
    targets = (pictures * (LEVELS - 1)).long().flatten(1)  # white is the highest level of grey
    total, row = torch.zeros(len(pictures)), torch.arange(len(pictures))
    for pixel in tqdm(order.T[:n_hidden], mininterval=10):
        with torch.inference_mode():
            logits = network(conceal(pictures, shown), shown).flatten(2)
        likely = logits[row, :, pixel].log_softmax(dim=1)  # (B, 9)
        total -= likely[row, targets[row, pixel]]
        shown.flatten(1)[row, pixel] = 1
    return total


def main(steps: int = 3000, digits: int = 300) -> None:
    torch.set_num_threads(1)
    network = cast(UNet, load_shipped_method("inpainting", Inpainting).model)
    train(network, load_digits("mnist", "train").images, steps)
    pictures = to_unit(load_digits("mnist", "held_out").images[:digits])
    found = []
    for shown, mask in enumerate(visible_quadrants(), 1):
        draws = generator("quadrants", "test", shown)
        drawn = drawn_where_hidden(pictures, mask.expand_as(pictures), draws)
        each = nats(network, drawn, mask, draws)
        error = each.std() / math.sqrt(digits)
        found.append(f"{each.mean():.1f} ± {1.96 * error:.1f}")
    print("| nats, quadrants visible | 1 | 2 | 3 |\n| --- | --- | --- | --- |")
    for name, figures in PUBLISHED.items():
        print(f"| Pyro's {name} |", " | ".join(map(str, figures)), "|")
    print("| Glimpse |", " | ".join(found), "|")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
