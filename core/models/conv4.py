"""The four-layer convolutional network of few-shot learning, for 28x28 pictures.

Vinyals et al. 2016 (section 4.1) with the strides of Finn et al. 2017 (section 5.2, appendix A.1):
four times [3x3 convolution, batch norm, ReLU]. Features are kept flat; the linear layer after them
belongs to the learner (`core.methods.few_shot.inner_loop`), one output a class of the task.

The network comes in three forms, tested to be equal. `forward` is the textbook's, for one task.
`features` takes many tasks at once, each with its own weights: a convolution is then one batched
matrix product of patches of the pictures with kernels, which are kept as matrices.
`features_in_turn` takes one task after the other. Both of these fold the batch norm of the first
layer, whose outputs are the largest, into its kernel: see `_first_layer`.
"""

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

Layout = Literal["conv4", "folded"]
Parameters = dict[str, Tensor]

KERNEL = 3
EPSILON = 1e-5


def batch_norm(x: Tensor, scale: Tensor, shift: Tensor, reference: int | None = None) -> Tensor:
    """(x - mean) / deviation * scale + shift, for x (..., R, C); scale and shift are (..., 1, C).

    The R rows are of one task; mean and deviation are those of its first `reference` rows, or of
    all. They come from the batch at hand, in training and in use. Running averages over tasks would
    fit none of them: with those, in `eval()` mode, accuracy falls to chance.

    Written out by hand, because under `torch.func.vmap` the second-order gradients of
    `nn.BatchNorm2d` are silently wrong by 2e-3 to 2e-2.
    """
    rows = x[..., :reference, :]
    mean = rows.mean(-2, keepdim=True)
    variance = (rows - mean).square().mean(-2, keepdim=True)
    return torch.addcmul(shift, x - mean, scale * torch.rsqrt(variance + EPSILON))


class Conv4(nn.Module):
    """Pictures (1, 28, 28) to features (D,), D = 4 * filters.

    `conv4` halves the picture in each of four layers: 28, 14, 7, 4, 2. `folded` replaces the first
    layer by moving each 2x2 block of pixels into the channels, (1, 28, 28) to (4, 14, 14). The
    three layers after that have the same sizes, and the network is several times faster. `folded`
    ends without a ReLU: the first inner step writes class means into the head, and those are
    further apart when features can be negative (5-way 1-shot after 30 s of training: 93.2 % against
    91.6 %).
    """

    def __init__(self, filters: int, layout: Layout = "conv4") -> None:
        super().__init__()
        self.fold = 2 if layout == "folded" else 1
        depths = [4, *[filters] * 3] if layout == "folded" else [1, *[filters] * 4]
        self.width = filters * 2 * 2  # of the features
        self.relus = 2 if layout == "folded" else 4  # layers that end with a ReLU: the first ones
        # Without a bias, which batch norm would subtract again.
        self.kernels = nn.ParameterList(
            _kernel(before, after) for before, after in pairwise(depths)
        )
        self.scales = nn.ParameterList(torch.ones(1, depth) for depth in depths[1:])
        self.shifts = nn.ParameterList(torch.zeros(1, depth) for depth in depths[1:])

    def forward(self, x: Tensor, reference: int | None = None) -> Tensor:
        """Features (B, D) of the pictures (B, 1, 28, 28) of one task; see `batch_norm`."""
        x = F.pixel_unshuffle(x, self.fold)
        for layer, kernel in enumerate(self.kernels):
            x = F.conv2d(x, as_weight(kernel), stride=2, padding=1).permute(0, 2, 3, 1)
            rows = None if reference is None else reference * x.shape[1] * x.shape[2]
            normal = batch_norm(x.flatten(0, 2), self.scales[layer], self.shifts[layer], rows)
            normal = normal.relu() if layer < self.relus else normal
            x = normal.view_as(x).permute(0, 3, 1, 2)
        return x.permute(0, 2, 3, 1).flatten(1)

    def prepare(self, x: Tensor) -> Tensor:
        """The patches (T, B, 14 or 7, same, 9 * C) that the first layer takes from pictures.

        The pictures are (T, B, 1, 28, 28). No weight is involved: once per task is enough.
        """
        folded = F.pixel_unshuffle(x.flatten(0, 1), self.fold).permute(0, 2, 3, 1).contiguous()
        columns = patches(folded)
        return columns.view(*x.shape[:2], *columns.shape[1:])

    def features(self, theta: Parameters, prepared: Tensor, reference: int | None = None) -> Tensor:
        """Features (T, B, D) of T tasks, with weights `theta` of shape (T or 1, ...) each."""
        *_, features = self.activations(theta, prepared, reference)
        return features

    def activations(
        self, theta: Parameters, prepared: Tensor, reference: int | None = None
    ) -> Iterator[Tensor]:
        """The outputs (T, B, h * w * C) of each layer; those of the last are the `features`."""
        n_tasks, n_pictures, height, width, _ = prepared.shape
        kernel, shift = self._first_layer(theta, prepared, reference)
        x = torch.baddbmm(shift, prepared.flatten(1, 3), kernel).relu_()  # (T, B * h * w, C)
        yield x.view(n_tasks, n_pictures, -1)
        for layer in range(1, len(self.kernels)):
            columns = Patches.apply(x.view(n_tasks * n_pictures, height, width, -1))
            height, width = columns.shape[1:3]
            rows = None if reference is None else reference * height * width
            x = columns.view(n_tasks, -1, columns.shape[-1]) @ theta[f"kernels.{layer}"]
            x = batch_norm(x, theta[f"scales.{layer}"], theta[f"shifts.{layer}"], rows)
            x = x.relu() if layer < self.relus else x
            yield x.view(n_tasks, n_pictures, -1)

    def features_in_turn(self, theta: Parameters, prepared: Tensor) -> Tensor:
        """`features`, one task after the other with PyTorch's convolution and batch norm.

        Faster on a CPU, whose caches hold one task but not all of them, if a task has many pictures
        and is differentiated once. The second derivative of a convolution is slow.
        """
        kernel, shift = self._first_layer(theta, prepared)
        theta = theta | {"kernels.0": kernel, "shifts.0": shift}
        each = zip(*(w.expand(len(prepared), *w.shape[1:]) for w in theta.values()), strict=True)
        thetas = (dict(zip(theta, weights, strict=True)) for weights in each)
        tasks = zip(thetas, prepared, strict=True)
        return torch.stack([self._features_of_one(*task) for task in tasks])

    def _features_of_one(self, theta: Parameters, columns: Tensor) -> Tensor:
        """Features (B, D) of one task; theta's first kernel and shift include the batch norm."""
        x = torch.addmm(theta["shifts.0"], columns.flatten(0, 2), theta["kernels.0"]).relu_()
        x = x.view(*columns.shape[:3], -1).permute(0, 3, 1, 2)  # (B, C, h, w)
        for layer in range(1, len(self.kernels)):
            x = F.conv2d(x, as_weight(theta[f"kernels.{layer}"]), stride=2, padding=1)
            scale, shift = theta[f"scales.{layer}"][0], theta[f"shifts.{layer}"][0]
            x = F.batch_norm(x, None, None, scale, shift, training=True, eps=EPSILON)
            x = x.relu_() if layer < self.relus else x
        return x.permute(0, 2, 3, 1).flatten(1)

    def _first_layer(
        self, theta: Parameters, columns: Tensor, reference: int | None = None
    ) -> tuple[Tensor, Tensor]:
        """Kernel (T, k, C) and shift (T, 1, C) of the first layer, batch norm included.

        A convolution is linear: mean and variance of its outputs follow from mean and covariance of
        its k = 9 or 36 inputs. So batch norm can scale the kernel in place of the outputs, which
        are the largest tensor of the network.
        """
        rows = columns[:, :reference].flatten(1, 3)  # (T, B * h * w, k)
        mean = rows.mean(1, keepdim=True)
        covariance = rows.mT @ rows / rows.shape[1] - mean.mT @ mean
        kernel = theta["kernels.0"]
        variance = (kernel * (covariance @ kernel)).sum(1, keepdim=True)  # of each output (T, 1, C)
        kernel = kernel * (theta["scales.0"] * torch.rsqrt(variance + EPSILON))
        return kernel, theta["shifts.0"] - mean @ kernel


def _kernel(before: int, after: int) -> Tensor:
    """A kernel as a matrix (9 * before, after), with PyTorch's default initialisation."""
    bound = 1 / math.sqrt(KERNEL * KERNEL * before)
    return torch.empty(KERNEL * KERNEL * before, after).uniform_(-bound, bound)


def as_weight(kernel: Tensor) -> Tensor:
    """A kernel (9 * before, after) in the shape that `F.conv2d` takes, (after, before, 3, 3)."""
    return kernel.view(KERNEL, KERNEL, -1, kernel.shape[1]).permute(3, 2, 0, 1)


def patches(x: Tensor) -> Tensor:
    """The 3x3 patches of x (N, H, W, C) with a padding of 1 and a stride of 2: (N, h, w, 9 * C).

    Known as im2col: it makes a convolution a matrix product.
    """
    n, height, width, depth = x.shape
    padded = F.pad(x, (0, 0, 1, 1, 1, 1))
    of_picture, of_row, of_column, of_channel = padded.stride()
    view = padded.as_strided(
        (n, (height + 1) // 2, (width + 1) // 2, KERNEL, KERNEL, depth),
        (of_picture, 2 * of_row, 2 * of_column, of_row, of_column, of_channel),
    )
    return view.reshape(*view.shape[:3], -1)


def scattered(columns: Tensor, height: int, width: int) -> Tensor:
    """The adjoint of `patches`: adds each patch where it was taken, (N, height, width, C)."""
    n, rows, across, _ = columns.shape
    padded = columns.new_zeros(n, height + 2, width + 2, columns.shape[-1] // KERNEL**2)
    for place, part in enumerate(columns.chunk(KERNEL**2, dim=-1)):
        i, j = divmod(place, KERNEL)
        padded[:, i : i + 2 * rows : 2, j : j + 2 * across : 2] += part
    return padded[:, 1:-1, 1:-1]


class Patches(torch.autograd.Function):
    """`patches`, differentiable any number of times: its gradient is `Scattered`."""

    @staticmethod
    def forward(ctx, x: Tensor) -> Tensor:  # type: ignore[no-untyped-def]
        ctx.height, ctx.width = x.shape[1:3]
        return patches(x)

    @staticmethod
    def backward(ctx, gradient: Tensor) -> Tensor:  # type: ignore[no-untyped-def]
        return Scattered.apply(gradient, ctx.height, ctx.width)  # type: ignore[no-any-return]


class Scattered(torch.autograd.Function):
    """`scattered`, whose gradient is `Patches`."""

    @staticmethod
    def forward(_ctx, columns: Tensor, height: int, width: int) -> Tensor:  # type: ignore[no-untyped-def]
        return scattered(columns, height, width)

    @staticmethod
    def backward(_ctx, gradient: Tensor) -> tuple[Tensor, None, None]:  # type: ignore[no-untyped-def]
        return Patches.apply(gradient), None, None
