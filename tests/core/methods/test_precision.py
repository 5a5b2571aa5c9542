"""bfloat16 where the processor has it: a step that differs by rounding alone."""

import pytest
import torch

from core.methods import precision
from core.methods.precision import autocast
from core.methods.simclr.config import SimClrConfig
from core.methods.simclr.method import SimClr

CPU = torch.device("cpu")


@pytest.mark.parametrize(
    ("asked", "has", "expected"),
    [
        ("auto", True, torch.bfloat16),
        ("auto", False, torch.float32),
        ("float32", True, torch.float32),
        ("bfloat16", False, torch.bfloat16),
    ],
)
def test_auto_is_what_the_processor_has(
    asked: precision.Precision,
    has: bool,
    expected: torch.dtype,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(precision, "has_bfloat16", lambda _: has)
    with autocast(CPU, asked):
        assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype is expected


def test_a_step_in_bfloat16_is_that_in_float32_but_for_rounding() -> None:
    gradients, losses = [], []
    for asked in ("float32", "bfloat16"):
        method = SimClr(SimClrConfig(precision=asked, width=8, batch_size=64, device="cpu"))
        losses.append(method.step(1)["loss"])
        weights = list(method.net.parameters())
        assert {weight.dtype for weight in weights} == {torch.float32}
        gradients.append(torch.cat([w.grad.flatten() for w in weights if w.grad is not None]))
    assert losses[0] == pytest.approx(losses[1], rel=0.01) and losses[0] != losses[1]
    assert torch.cosine_similarity(gradients[0], gradients[1], dim=0) > 0.99
