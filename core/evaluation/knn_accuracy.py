"""k-nearest-neighbour classification in an embedding."""

import torch
import torch.nn.functional as F
from torch import Tensor

K = 20
TEMPERATURE = 0.1
CHUNK = 1024  # queries that are compared with the bank at once


def knn_predict(
    queries: Tensor,
    bank: Tensor,
    labels: Tensor,
    k: int = K,
    temperature: float = TEMPERATURE,
    without: Tensor | None = None,
) -> Tensor:
    """The class (Q,) of each query (Q, D), by a vote of its k nearest in the bank (N, D).

    The weighted k-NN of Wu et al. 2018 (section 3.4): neighbours are those of highest cosine
    similarity s, and each vote has the weight exp(s / temperature). Where the queries are part of
    the bank, `without` (Q,) are their indices in it: a point is not its own neighbour.
    """
    bank = F.normalize(bank.flatten(1), dim=1)
    queries = F.normalize(queries.flatten(1), dim=1)
    votes = F.one_hot(labels).float()  # (N, C)
    predicted = []
    k = min(k, len(bank) - (without is not None))
    for index, chunk in enumerate(torch.split(queries, CHUNK)):
        similarities = chunk @ bank.T
        if without is not None:
            own = torch.split(without, CHUNK)[index]
            similarities[torch.arange(len(chunk)), own] = -torch.inf
        similarity, nearest = similarities.topk(k, dim=1)  # (q, k)
        weight = ((similarity - 1) / temperature).exp()  # - 1 avoids an overflow
        predicted.append(torch.einsum("qk,qkc->qc", weight, votes[nearest]).argmax(dim=1))
    return torch.cat(predicted)


def knn_accuracy(
    queries: Tensor,
    query_labels: Tensor,
    bank: Tensor,
    bank_labels: Tensor,
    k: int = K,
    without: Tensor | None = None,
) -> float:
    """Fraction of the queries that `knn_predict` classifies correctly."""
    predicted = knn_predict(queries, bank, bank_labels, k, without=without)
    return (predicted == query_labels).float().mean().item()
