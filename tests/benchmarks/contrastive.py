"""How fast Glimpse makes views and contrasts them: `python -m tests.benchmarks.contrastive`.

Each does the same work in one process on one thread, in turns, so that what else the machine does
hits all alike. Times are the processor's; the figures are medians over the rounds, and a ratio is
the median of the rounds' ratios. Printed as markdown. A peer of `requirements-contrastive.txt`
that is not installed is left out with a note.
"""

import argparse
import time
from collections.abc import Callable, Mapping
from importlib import import_module
from statistics import median
from typing import Any, TypeVar

import torch
from torch import Tensor

from core.data.digits import load_digits
from core.data.views import ASPECT_RATIO, Augmentation, two_views
from core.methods.simclr.losses.contrastive import nt_xent

BATCHES = (256, 512, 1024)
DIMENSION, TEMPERATURE = 64, 0.2
SAMPLE = 64  # pictures of which the slow peers make views in one round
LARGEST_ERROR = 1e-6
STRENGTHS = Augmentation()
AREA = (1 - STRENGTHS.crop, 1.0)
RATIO = (1 / ASPECT_RATIO, ASPECT_RATIO)
SIGMAS, KERNEL = (0.1, STRENGTHS.blur), 5
WIPED = (0.001, STRENGTHS.erase**2)

MakeViews = Callable[[Tensor], object]  # (B, 1, 28, 28) in [0, 1] to two views of each
Contrast = Callable[[Tensor, Tensor], Tensor]
Peer = TypeVar("Peer")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=15)
    rounds: int = parser.parse_args().rounds
    torch.set_num_threads(1)
    _print_views(rounds)
    _print_losses(rounds)


# ---- views -----------------------------------------------------------------------------------


def by_glimpse(images: Tensor) -> object:
    return two_views(images, STRENGTHS, torch.Generator().manual_seed(0))


def lightly_views() -> MakeViews:
    """lightly's SimCLRTransform, which has no shear and wipes nothing."""
    transform = import_module("lightly.transforms").SimCLRTransform(
        input_size=28, cj_prob=1.0, cj_strength=1.0, cj_bright=STRENGTHS.brightness,
        cj_contrast=STRENGTHS.contrast, cj_sat=0.0, cj_hue=0.0, min_scale=AREA[0],
        random_gray_scale=0.0, gaussian_blur=1.0, sigmas=SIGMAS, hf_prob=0.0, rr_prob=1.0,
        rr_degrees=STRENGTHS.rotation, normalize=None,
    )  # fmt: skip
    return lambda images: [transform(picture) for picture in _pictures(images)]


def torchvision_views() -> MakeViews:
    """torchvision's transforms of the same kinds, picture by picture."""
    ops = import_module("torchvision.transforms")
    transform = ops.Compose([
        ops.RandomAffine(STRENGTHS.rotation, shear=STRENGTHS.shear),
        ops.RandomResizedCrop(28, AREA, RATIO),
        ops.ColorJitter(STRENGTHS.brightness, STRENGTHS.contrast),
        ops.GaussianBlur(KERNEL, SIGMAS),
        ops.ToTensor(),
        ops.RandomErasing(1.0, WIPED),
    ])  # fmt: skip
    return lambda images: [(transform(each), transform(each)) for each in _pictures(images)]


def kornia_views() -> MakeViews:
    """kornia's batched augmentations of the same kinds."""
    ops = import_module("kornia.augmentation")
    transform = ops.AugmentationSequential(
        ops.RandomAffine(STRENGTHS.rotation, shear=STRENGTHS.shear, p=1.0),
        ops.RandomResizedCrop((28, 28), AREA, RATIO, p=1.0),
        ops.RandomBrightness((1 - STRENGTHS.brightness, 1 + STRENGTHS.brightness), p=1.0),
        ops.RandomContrast((1 - STRENGTHS.contrast, 1 + STRENGTHS.contrast), p=1.0),
        ops.RandomGaussianBlur((KERNEL, KERNEL), SIGMAS, p=1.0),
        ops.RandomErasing(WIPED, p=1.0),
    )  # fmt: skip
    return lambda images: transform(images.repeat(2, 1, 1, 1))


VIEWS = {
    "lightly, SimCLRTransform": (lightly_views, SAMPLE),
    "torchvision, picture by picture": (torchvision_views, SAMPLE),
    "kornia, batched": (kornia_views, 256),
}


def _pictures(images: Tensor) -> list[Any]:
    """PIL pictures, which such transforms take."""
    to_picture = import_module("torchvision.transforms.functional").to_pil_image
    return [to_picture(image) for image in images]


def _print_views(rounds: int) -> None:
    images = load_digits("sample", "train").images[:256, None].float() / 255
    calls: dict[str, Callable[[], object]] = {"Glimpse": lambda: by_glimpse(images)}
    made = {"Glimpse": 2 * len(images)}
    for name, (build, count) in VIEWS.items():
        transform = _present(name, build)
        if transform is not None:
            calls[name] = _bound(transform, images[:count])
            made[name] = 2 * count
    speeds = {
        name: [made[name] / seconds for seconds in spent]
        for name, spent in _times(calls, rounds).items()
    }
    print(
        "Two views of 28x28 pictures: crop, rotation, shear, brightness, contrast, blur, erase.\n"
    )
    _print_row("", "views a second, one core", "Glimpse is faster")
    _print_row("---", "---", "---")
    for name, values in speeds.items():
        times = median(ours / other for ours, other in zip(speeds["Glimpse"], values, strict=True))
        _print_row(name, f"{median(values):,.0f}", "" if name == "Glimpse" else f"{times:.1f} ×")
    print()


def _bound(transform: MakeViews, images: Tensor) -> Callable[[], object]:
    return lambda: transform(images)


# ---- losses ----------------------------------------------------------------------------------


def lightly_loss() -> Contrast:
    loss: Contrast = import_module("lightly.loss").NTXentLoss(temperature=TEMPERATURE)
    return loss


def _print_losses(rounds: int) -> None:
    theirs = _present("lightly, NTXentLoss", lightly_loss)
    print(f"NT-Xent, forward and backward, {DIMENSION} dimensions, milliseconds.\n")
    _print_row(
        "pairs", "Glimpse", "lightly, NTXentLoss", "Glimpse is faster", "gradients differ by"
    )
    _print_row(*["---"] * 5)
    for batch in BATCHES:
        z = torch.randn(2, batch, DIMENSION, generator=torch.Generator().manual_seed(batch))
        losses: dict[str, Contrast] = {
            "Glimpse": lambda one, other: nt_xent(one, other, TEMPERATURE)
        }
        if theirs is not None:
            losses["lightly"] = theirs
        spent = _times({name: _both_ways(loss, z) for name, loss in losses.items()}, rounds)
        cells = [f"{1000 * median(values):.1f}" for values in spent.values()]
        if theirs is not None:
            pairs = zip(spent["Glimpse"], spent["lightly"], strict=True)
            cells.append(f"{median(other / ours for ours, other in pairs):.1f} ×")
            cells.append(f"{_difference(losses, z):.0e}")
        _print_row(batch, *cells)


def _both_ways(loss: Contrast, z: Tensor) -> Callable[[], Tensor]:
    def run() -> Tensor:
        leaf = z.clone().requires_grad_()
        return torch.autograd.grad(loss(leaf[0], leaf[1]), leaf)[0]

    return run


def _difference(losses: Mapping[str, Contrast], z: Tensor) -> float:
    """Largest difference of the losses and of their gradients, which is small or an error."""
    values = [loss(z[0], z[1]).item() for loss in losses.values()]
    gradients = [_both_ways(loss, z)() for loss in losses.values()]
    largest = float((gradients[0] - gradients[1]).abs().max())
    assert abs(values[0] - values[1]) < LARGEST_ERROR * values[1], values
    assert largest < LARGEST_ERROR, largest
    return largest


# ---- both ------------------------------------------------------------------------------------


def _present(name: str, build: Callable[[], Peer]) -> Peer | None:
    """What `build` makes; None, and a sentence, where its package is not installed."""
    try:
        return build()
    except ImportError as missing:
        print(
            f"{name} is left out: {missing}. See tests/benchmarks/requirements-contrastive.txt.\n"
        )
        return None


def _times(calls: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Seconds of the processor of each call in each round, after one that is not counted."""
    spent: dict[str, list[float]] = {name: [] for name in calls}
    for counted in range(rounds + 1):
        for name, call in calls.items():
            start = time.process_time()
            call()
            if counted:
                spent[name].append(time.process_time() - start)
    return spent


def _print_row(*cells: object) -> None:
    print("|", " | ".join(map(str, cells)), "|", flush=True)


if __name__ == "__main__":
    main()
