"""The network with fixed norms, against the one that measures them in each task."""

import pytest
import torch

from core.methods.few_shot.method import FewShot
from core.models.conv4 import Conv4
from core.models.fixed_norm import FixedNormConv4
from core.zoo.weights import load_shipped_method


@pytest.mark.parametrize("name", ["alphabet", "strokes", "maml"])
def test_it_is_the_network_of_a_task_with_the_reference_in_it(name: str) -> None:
    method = load_shipped_method(name, FewShot)
    random = torch.Generator().manual_seed(0)
    pictures = torch.rand(60, 1, 28, 28, generator=random).square()
    reference, asked = pictures[:50], pictures[50:]
    theta = method.learner.initial_parameters(1)
    network = method.learner.network
    assert isinstance(network, Conv4)
    expected = network.features(theta, network.prepare(pictures[None]), 50)[0, 50:]
    fixed = FixedNormConv4(network, {k: w[0] for k, w in theta.items()}, reference)
    torch.testing.assert_close(fixed(asked), expected.detach(), atol=2e-4, rtol=1e-4)
    # A picture's features do not depend on the others.
    torch.testing.assert_close(fixed(asked[:1]), fixed(asked)[:1], atol=1e-5, rtol=1e-5)
