"""Three ways to draw completions, each trained from scratch in the same time on the same masks.

    python -m tests.benchmarks.samplers [SECONDS]

The U-Net of grey levels that Glimpse ships, a U-Net by flow matching (Lipman et al. 2023; 12 Euler
steps), and a conditional VAE (Sohn et al. 2015). Seconds are those of one thread's processor time,
240 unless given; how many steps fit is measured first. 300 test digits of MNIST, masks fixed by
seed: MSE over hidden pixels of a sample and of the best of six, and in how many samples a
classifier reads the true class. Needs the full MNIST.
"""

import sys
from collections.abc import Callable
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.config import parse_config
from core.data.digits import load_digits
from core.data.images import to_unit
from core.data.masks import MIXTURE_KINDS, held_out_masks, paste
from core.evaluation.digit_classifier import classify_digits
from core.evaluation.image_quality import mean_over, quality
from core.methods.inpainting.config import InpaintingConfig
from core.methods.inpainting.method import Inpainting
from core.methods.inpainting.sampling import STEPS, TEMPERATURE, sampling_frames
from core.methods.precision import autocast
from core.models.unet import UNet
from core.seeding import generator
from core.studies.processor_time import TRIAL, seconds_of, steps_in

WIDTH, BATCH, DIGITS, GUESSES = 32, 128, 300, 6
EULER_STEPS, LATENT, HIDDEN = 12, 32, 512
CPU = torch.device("cpu")
Sample = Callable[[Tensor, Tensor, torch.Generator], Tensor]


class FlowUNet(UNet):
    """The same U-Net; it also takes a noisy picture and a time, and predicts the velocity."""

    def __init__(self) -> None:
        super().__init__(WIDTH)
        self.enter = nn.Conv2d(16, WIDTH, 3, padding=1)
        self.leave = nn.Conv2d(WIDTH, 4, 3, padding=1)

    def velocity(self, noisy: Tensor, moment: Tensor, visible: Tensor, masks: Tensor) -> Tensor:
        seen = torch.cat([2 * visible - masks, masks, noisy, moment.expand_as(masks)], dim=1)
        return self.transform(seen)

    def loss(self, pictures: Tensor, masks: Tensor) -> Tensor:
        """Mean squared error of the velocity on the way from noise (t = 0) to the picture."""
        ends, noise = 2 * pictures - 1, torch.randn_like(pictures)
        moment = torch.rand(len(pictures), 1, 1, 1)
        noisy = moment * ends + (1 - moment) * noise
        found = self.velocity(noisy, moment, pictures * masks, masks).float()
        return mean_over((found - (ends - noise)).square(), 1 - masks).mean()

    def sample(self, pictures: Tensor, masks: Tensor, random: torch.Generator) -> Tensor:
        noisy = torch.randn(pictures.shape, generator=random)
        for step in range(EULER_STEPS):
            moment = torch.full((len(noisy), 1, 1, 1), step / EULER_STEPS)
            noisy = noisy + self.velocity(noisy, moment, pictures * masks, masks) / EULER_STEPS
        return ((noisy + 1) / 2).clamp(0, 1)


class Cvae(nn.Module):
    """A conditional VAE of fully connected layers, whose prior knows what is visible."""

    def __init__(self) -> None:
        super().__init__()
        self.prior = _layers(2 * 784, 2 * LATENT)
        self.recognition = _layers(3 * 784, 2 * LATENT)
        self.decoder = _layers(LATENT + 2 * 784, 784)

    def loss(self, pictures: Tensor, masks: Tensor) -> Tensor:
        """Negative evidence lower bound, in nats a hidden pixel."""
        known = _flat(pictures * masks, masks)
        mean, log_scale = self.recognition(torch.cat([pictures.flatten(1), known], 1)).chunk(2, 1)
        guide = torch.distributions.Normal(mean, log_scale.exp())
        z = guide.rsample()
        logits = self.decoder(torch.cat([z, known], 1)).view_as(pictures)
        errors = F.binary_cross_entropy_with_logits(logits, pictures, reduction="none")
        apart = torch.distributions.kl_divergence(guide, self._prior(known)).sum(dim=1)
        n_hidden = (1 - masks).flatten(1).sum(dim=1).clamp_min(1)
        return (((errors * (1 - masks)).flatten(1).sum(dim=1) + apart) / n_hidden).mean()

    def sample(self, pictures: Tensor, masks: Tensor, random: torch.Generator) -> Tensor:
        known = _flat(pictures * masks, masks)
        prior = self._prior(known)
        z = prior.loc + prior.scale * torch.randn(prior.loc.shape, generator=random)
        drawn: Tensor = self.decoder(torch.cat([z, known], 1)).sigmoid()
        return drawn.view_as(pictures)

    def _prior(self, known: Tensor) -> torch.distributions.Normal:
        mean, log_scale = self.prior(known).chunk(2, 1)
        return torch.distributions.Normal(mean, log_scale.exp())


def _layers(width_in: int, width_out: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(width_in, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, HIDDEN), nn.ReLU(),
        nn.Linear(HIDDEN, width_out),
    )  # fmt: skip


def _flat(visible: Tensor, masks: Tensor) -> Tensor:
    return torch.cat([visible.flatten(1), masks.flatten(1)], dim=1)


def completer(steps: int) -> Inpainting:
    settings = {"source": "mnist", "width": WIDTH, "batch_size": BATCH, "steps": steps}
    return Inpainting(parse_config(InpaintingConfig, settings | {"device": "cpu"}))


def trained_completer(seconds: float) -> tuple[Inpainting, float]:
    steps = steps_in(seconds, completer(TRIAL).step)
    model = completer(steps)
    return model, sum(seconds_of(model.step, 1, steps))


def train(network: FlowUNet | Cvae, seconds: float, batches: Inpainting) -> float:
    """Trains by Adam, whose rate falls in a line, on the batches that a completer would see."""

    def step(number: int) -> None:
        optimizer.param_groups[0]["lr"] = 2e-3 * max(0.0, 1 - took / seconds) + 1e-5
        pictures, masks = batches.batch(number)
        with autocast(CPU, "auto" if isinstance(network, FlowUNet) else "float32"):
            loss = network.loss(pictures, masks)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()

    optimizer = torch.optim.AdamW(network.parameters(), lr=2e-3)
    network.train()
    took, number = 0.0, 0
    while took < seconds:
        number += 1
        took += seconds_of(step, number, number)[0]
    network.eval()
    return took


def row(name: str, took: float, sample: Sample, pictures: Tensor, labels: Tensor) -> str:
    cells = []
    for kind in ("box", "half"):
        masks = held_out_masks(kind, len(pictures), generator("held-out masks", kind))
        many, shown = (t.repeat_interleave(GUESSES, dim=0) for t in (pictures, masks))
        with torch.inference_mode():
            drawn = paste(many, sample(many, shown, generator("samplers", kind)), shown)
        errors = mean_over((drawn - many).square(), 1 - shown).view(-1, GUESSES)
        read = classify_digits((drawn[:, 0] * 255).round().byte().numpy()).argmax(axis=1)
        right = (read.reshape(-1, GUESSES) == labels.numpy()[:, None]).mean()
        best = errors.min(dim=1).values.mean()
        cells += [f"{errors.mean():.4f}", f"{best:.4f}", f"{100 * right:.1f}"]
    return f"| {name} | {took:.0f} | {' | '.join(cells)} |"


def main(seconds: float = 240) -> None:
    torch.set_num_threads(1)
    torch.manual_seed(0)
    test = load_digits("mnist", "held_out")
    pictures, labels = to_unit(test.images[:DIGITS]), test.labels[:DIGITS]
    print(
        "| | seconds | box: a sample | best of 6 | read, % | half: a sample | best of 6 | read, % |"
    )
    print("| --- " * 8 + "|", flush=True)
    model, took = trained_completer(seconds)
    network = cast(UNet, model.model).eval()

    def by_levels(many: Tensor, shown: Tensor, random: torch.Generator) -> Tensor:
        return sampling_frames(network, many, shown, STEPS, TEMPERATURE, random)[0][-1]

    print(row("U-Net of grey levels", took, by_levels, pictures, labels), flush=True)
    for name, rival in (("U-Net by flow matching", FlowUNet()), ("conditional VAE", Cvae())):
        took = train(rival, seconds, completer(1))
        print(row(name, took, rival.sample, pictures, labels), flush=True)
    every = to_unit(test.images)
    print("The mean answer of the first, on all test digits, MSE / SSIM:")
    for kind in MIXTURE_KINDS:
        masks = held_out_masks(kind, len(every), generator("held-out masks", kind))
        figures = quality(paste(every, model.complete(every, masks), masks), every, 1 - masks)
        print(f"{kind} {figures.mse.mean():.4f} / {figures.ssim.mean():.3f}")


if __name__ == "__main__":
    main(*map(float, sys.argv[1:]))
