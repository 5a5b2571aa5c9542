"""The fully connected autoencoder, a baseline that does not get the mask as an input."""

from itertools import pairwise

from torch import Tensor, nn

_WIDTHS = (784, 256, 128, 256, 784)


class Autoencoder(nn.Module):
    """Fully connected, 784-256-128-256-784 with ReLU between the layers.

    Inputs are scaled to [-1, 1], with hidden pixels at 0, and outputs are scaled back. The last
    layer is linear, so that raw completions may leave [0, 1].
    """

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for fan_in, fan_out in pairwise(_WIDTHS):
            layers += [nn.Linear(fan_in, fan_out), nn.ReLU()]
        self.layers = nn.Sequential(*layers[:-1])

    def forward(self, visible: Tensor, masks: Tensor) -> Tensor:
        """Concealed pictures `(B, 1, 28, 28)` in [0, 1] and their masks to raw completions."""
        scaled = (2 * visible - 1) * masks
        completed: Tensor = self.layers(scaled.flatten(1))  # (B, 784)
        return ((completed + 1) / 2).view_as(visible)
