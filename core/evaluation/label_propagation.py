"""Label propagation: a few labels spread along the graph of nearest neighbours to all points.

Zhou et al. 2004, "Learning with Local and Global Consistency". The limit that their iteration
approaches is solved for: its system is sparse, and factorised once for all labels to come.
"""

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from scipy import sparse
from scipy.sparse.linalg import splu
from sklearn.neighbors import NearestNeighbors
from torch import Tensor

# Both chosen on training digits without a label; held-out ones had no part in it.
GRAPH_NEIGHBOURS, SPREADING = 10, 0.99
NO_LABEL = -1

Mass = npt.NDArray[np.float64]


class LabelPropagation:
    """A graph that joins each of some points to its nearest by cosine.

    Args:
        features: (N, D), N > GRAPH_NEIGHBOURS.
    """

    def __init__(self, features: Tensor) -> None:
        nodes = _unit(features)
        self._nearest = NearestNeighbors(n_neighbors=GRAPH_NEIGHBOURS).fit(nodes)
        joined = self._nearest.kneighbors_graph()  # no node is a neighbour of its own
        joined = joined.maximum(joined.T)  # W, with an edge if either is near the other
        degree = np.asarray(joined.sum(axis=1)).ravel()
        scale = sparse.diags(1 / np.sqrt(degree))
        alike = scale @ joined @ scale  # S = D^-1/2 W D^-1/2
        system = sparse.identity(len(nodes)) - SPREADING * alike
        # It is symmetric and positive definite, so that no pivot has to be looked for.
        self._system = splu(
            system.tocsc(), permc_spec="MMD_AT_PLUS_A", options={"SymmetricMode": True}
        )

    def spread(self, labels: Tensor, n_classes: int) -> Mass:
        """How much of each class's labels arrives at each point: F, (N, n_classes), at least 0.

        `labels` (N,) are classes, or NO_LABEL. F = (I - alpha S)^-1 Y, the paper's equation 4. A
        point that no edge leads to from a label has zeros.
        """
        given = np.flatnonzero(labels != NO_LABEL)
        start = np.zeros((len(labels), n_classes))
        start[given, labels.numpy()[given]] = 1  # Y
        return np.asarray(self._system.solve(start))

    def classify(self, queries: Tensor, mass: Mass) -> Tensor:
        """The class (Q,) of queries (Q, D), which are no part of the graph.

        It is that of the sum of what their neighbours in the graph ended with, each weighing the
        same.
        """
        shares = mass / np.where(mass.any(axis=1), mass.sum(axis=1), 1)[:, None]
        near = self._nearest.kneighbors(_unit(queries), return_distance=False)  # (Q, neighbours)
        return torch.from_numpy(shares[near].sum(axis=1).argmax(axis=1))


def _unit(features: Tensor) -> np.ndarray:
    unit: np.ndarray = F.normalize(features.double(), dim=1).numpy()
    return unit
