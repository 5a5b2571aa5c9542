"""SimSiam: a predictor and a stop-gradient, and neither negatives nor statistics of the batch.

Chen & He 2021, "Exploring Simple Siamese Representation Learning", algorithm 1.
"""

import torch.nn.functional as F
from torch import Tensor, nn

BOTTLENECK = 4  # the predictor's hidden layer has a quarter of z's dimensions, as in section 3


class SimSiam(nn.Module):
    """The loss of N positive pairs z, with the predictor that it trains.

    The predictor guesses one view's z from the other's. The guessed z is a constant: without this
    stop-gradient the embedding would collapse (the paper's figure 2).
    """

    def __init__(self, dimension: int) -> None:
        super().__init__()
        hidden = max(dimension // BOTTLENECK, 1)
        self.predictor = nn.Sequential(
            nn.Linear(dimension, hidden, bias=False),
            nn.BatchNorm1d(hidden),
            nn.ReLU(),
            nn.Linear(hidden, dimension),
        )

    def forward(self, first: Tensor, second: Tensor) -> Tensor:
        """-1, where each z (N, D) is predicted, to 1 (equation 4)."""
        distances = self._distance(first, second) + self._distance(second, first)
        return distances / 2

    def _distance(self, seen: Tensor, guessed: Tensor) -> Tensor:
        """The negative cosine similarity of the prediction and the constant (equation 1)."""
        return -F.cosine_similarity(self.predictor(seen), guessed.detach()).mean()
