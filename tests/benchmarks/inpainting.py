"""Completions of MNIST's test digits beside what people would otherwise use, and their speed.

    python -m tests.benchmarks.inpainting [DIGITS]

One thread. MSE is over the hidden pixels, masks fixed by seed, visible pixels pasted back. DIGITS
(1,000 unless given) are completed; the first 300 of them by sampling. Needs the full MNIST.
"""

import sys
import time
from collections.abc import Callable
from typing import cast

import numpy as np
import torch
from torch import Tensor

from core.data.digits import load_digits
from core.data.images import to_unit
from core.data.masks import (
    ALL_KINDS,
    MIXTURE_KINDS,
    centre_box,
    conceal,
    draw,
    held_out_masks,
    paste,
)
from core.evaluation.classical import METHODS, classical
from core.evaluation.digit_classifier import classify_digits
from core.evaluation.image_quality import mean_over, quality
from core.methods.inpainting.method import Inpainting
from core.methods.inpainting.sampling import STEPS, TEMPERATURE, samples, sampling_frames
from core.models.unet import UNet, ink_deviation
from core.seeding import generator
from core.zoo.weights import load_shipped_method

NEIGHBOURS = 20
SAMPLED, GUESSES = 300, 6
CALLS = 100
MASKS, MASK_BATCHES = 500, 20
Row = dict[str, tuple[float, float]]  # MSE and SSIM by kind of mask


def nearest_mean(pictures: Tensor, masks: Tensor, bank: Tensor) -> Tensor:
    """The mean of the digits `(N, 784)` that are nearest to each picture where it is visible."""
    seen, shown = (pictures * masks).flatten(1), masks.flatten(1)
    found = []
    for x, m in zip(torch.split(seen, 200), torch.split(shown, 200), strict=True):
        distances = m @ bank.square().T - 2 * x @ bank.T  # up to |x|², the same for all
        nearest = distances.topk(NEIGHBOURS, dim=1, largest=False).indices
        found.append(bank[nearest].mean(dim=1))
    return torch.cat(found).view_as(pictures)


def by_classical(pictures: Tensor, masks: Tensor) -> dict[str, Tensor]:
    answers = [
        classical(picture, visible)
        for picture, visible in zip(
            (pictures[:, 0] * 255).round().byte().numpy(), masks[:, 0].byte().numpy(), strict=True
        )
    ]
    return {
        name: to_unit(torch.from_numpy(np.stack([answer[name] for answer in answers])))
        for name in METHODS
    }


def completions(
    models: dict[str, Inpainting], pictures: Tensor, masks: Tensor, bank: Tensor
) -> dict[str, Tensor]:
    """Raw completions `(B, 1, 28, 28)` by method."""
    learned = {name: model.complete(pictures, masks) for name, model in models.items()}
    return {
        **learned,
        "mean of 20 nearest": nearest_mean(pictures, masks, bank),
        **by_classical(pictures, masks),
    }


def quality_table(models: dict[str, Inpainting], pictures: Tensor, bank: Tensor) -> dict[str, Row]:
    table: dict[str, Row] = {}
    for kind in MIXTURE_KINDS:
        masks = held_out_masks(kind, len(pictures), generator("held-out masks", kind))
        for name, raw in completions(models, pictures, masks, bank).items():
            figures = quality(paste(pictures, raw, masks), pictures, 1 - masks)
            table.setdefault(name, {})[kind] = figures.mse.mean().item(), figures.ssim.mean().item()
    return table


def sampling_figures(model: Inpainting, pictures: Tensor, labels: Tensor) -> None:
    """Best of six, what a classifier reads, and whether the network knows where it errs."""
    network = cast(UNet, model.model).eval()
    for kind in ("box", "half"):
        masks = held_out_masks(kind, len(pictures), generator("held-out masks", kind))
        many = [t.repeat_interleave(GUESSES, dim=0) for t in (pictures, masks)]
        film, _ = sampling_frames(
            network, many[0], many[1], STEPS, TEMPERATURE, generator("benchmark", kind)
        )
        errors = mean_over((film[-1] - many[0]).square(), 1 - many[1]).view(-1, GUESSES)
        mean = mean_over((model.complete(pictures, masks) - pictures).square(), 1 - masks)
        read = classify_digits((film[-1][:, 0] * 255).round().byte().numpy()).argmax(axis=1)
        right = (read.reshape(-1, GUESSES) == labels.numpy()[:, None]).mean()
        with torch.inference_mode():
            variance = ink_deviation(network(conceal(pictures, masks), masks)).square()
        wrong = (model.complete(pictures, masks) - pictures).square()
        hidden = masks == 0
        agreement = np.corrcoef(variance[hidden].numpy(), wrong[hidden].numpy())[0, 1]
        print(
            f"{kind}: MSE of the mean {mean.mean():.4f}, of a sample {errors.mean():.4f}, best of "
            f"{GUESSES} {errors.min(dim=1).values.mean():.4f}; the classifier is right in "
            f"{right:.1%} of samples; variance and squared error correlate by {agreement:.2f}"
        )
    read = classify_digits((pictures[:, 0] * 255).round().byte().numpy()).argmax(axis=1)
    print(f"the truth is read rightly in {(read == labels.numpy()).mean():.1%}")


def milliseconds(call: Callable[[], object]) -> str:
    """Median and 95th percentile of the time that a call takes."""
    call()
    took = []
    for _ in range(CALLS):
        began = time.perf_counter()
        call()
        took.append(1000 * (time.perf_counter() - began))
    return f"{np.median(took):.1f} ms, 95 % within {np.percentile(took, 95):.1f} ms"


def speed(model: Inpainting, picture: np.ndarray) -> None:
    visible = centre_box(1)[0, 0].numpy()
    print("one completion:", milliseconds(lambda: model.answer(picture, visible)))
    print(f"{GUESSES} samples:", milliseconds(lambda: samples(model, picture, visible, GUESSES)))
    for kind in ALL_KINDS:
        took = []
        for batch in range(MASK_BATCHES):
            began = time.process_time()
            draw(kind, MASKS, generator("speed", batch), (0.5, 1.0))
            took.append(time.process_time() - began)
        print(f"{kind} masks: {MASKS / np.median(took):,.0f} a second")


def main(count: int = 1000) -> None:
    torch.set_num_threads(1)
    models = {
        title: load_shipped_method(name, Inpainting)
        for title, name in (("U-Net", "inpainting"), ("autoencoder", "autoencoder"))
    }
    test = load_digits("mnist", "held_out")
    pictures = to_unit(test.images[:count])
    bank = to_unit(load_digits("mnist", "train").images).flatten(1)
    print(
        "| MSE / SSIM |",
        " | ".join(MIXTURE_KINDS),
        "|\n" + "| --- " * (len(MIXTURE_KINDS) + 1) + "|",
    )
    for name, row in quality_table(models, pictures, bank).items():
        print(f"| {name} |", " | ".join(f"{m:.4f} / {s:.3f}" for m, s in row.values()), "|")
    sampling_figures(models["U-Net"], pictures[:SAMPLED], test.labels[:SAMPLED])
    speed(models["U-Net"], test.images[0].numpy())


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
