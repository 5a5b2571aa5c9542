"""How good an embedding is by the company its points keep: k nearest neighbours."""

import torch
import torch.nn.functional as F
from torch import Tensor

K = 20
TEMPERATURE = 0.1
CHUNK = 1024  # queries compared with the whole bank at a time


def knn_predict(
    queries: Tensor,
    bank: Tensor,
    labels: Tensor,
    k: int = K,
    temperature: float = TEMPERATURE,
    without: Tensor | None = None,
) -> Tensor:
    """The class (Q,) of each query (Q, D) by a vote of its k nearest in the bank (N, D).

    Nearness is cosine similarity s, and each neighbour's vote counts exp(s / temperature): the
    weighted k-NN of Wu et al. 2018 (section 3.4), which leaves no ties to break. Where the queries
    are themselves of the bank, `without` (Q,) says where: a point is no neighbour of its own.
    """
    bank = F.normalize(bank.flatten(1), dim=1)
    queries = F.normalize(queries.flatten(1), dim=1)
    votes = F.one_hot(labels).float()  # (N, C)
    predicted = []
    k = min(k, len(bank) - (without is not None))
    for place, chunk in enumerate(torch.split(queries, CHUNK)):
        similarities = chunk @ bank.T
        if without is not None:
            own = torch.split(without, CHUNK)[place]
            similarities[torch.arange(len(chunk)), own] = -torch.inf
        similarity, nearest = similarities.topk(k, dim=1)  # (q, k)
        weight = ((similarity - 1) / temperature).exp()  # - 1: no overflow at low temperatures
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
    """Fraction of the queries that `knn_predict` puts into their class."""
    predicted = knn_predict(queries, bank, bank_labels, k, without=without)
    return (predicted == query_labels).float().mean().item()
