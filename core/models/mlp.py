"""The small network that MAML regresses sinusoids with (Finn et al. 2017, section 5.1)."""

from torch import Tensor, nn
from torch.nn import functional as F


class Mlp(nn.Module):
    """x (B, 1) to y (B, 1) through two hidden layers of ReLU."""

    def __init__(self, hidden: int = 40) -> None:
        super().__init__()
        self.layers = nn.ModuleList(
            [nn.Linear(1, hidden), nn.Linear(hidden, hidden), nn.Linear(hidden, 1)]
        )

    def forward(self, x: Tensor, reference: int | None = None) -> Tensor:
        """Values at x. `reference` is there for the call that Conv4 has: nothing is normalised."""
        first, second, last = self.layers
        y: Tensor = last(F.relu(second(F.relu(first(x)))))
        return y
