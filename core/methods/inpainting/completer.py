"""A completer as one module that can be exported and used without Glimpse."""

from torch import Tensor, nn

from core.methods.inpainting.method import predict


class Completer(nn.Module):
    """`predict` with a trained network."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, pictures: Tensor, masks: Tensor) -> Tensor:
        """Pictures in [0, 1] and masks, 1 = visible, each `(B, 1, 28, 28)`, to raw completions."""
        return predict(self.model, pictures, masks)
