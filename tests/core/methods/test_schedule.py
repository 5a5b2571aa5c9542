"""The schedules: a cosine, and the formulas that the methods had before they shared it."""

import math

import pytest

from core.methods.inpainting.config import InpaintingConfig
from core.methods.inpainting.method import learning_rate as inpainting_rate
from core.methods.schedule import cosine_decay
from core.methods.simclr.config import SimClrConfig
from core.methods.simclr.method import WARM_UP_STEPS
from core.methods.simclr.method import learning_rate as simclr_rate


def test_a_cosine_falls_from_its_highest_to_0() -> None:
    assert cosine_decay(0.1, 0, 100) == 0.1
    assert cosine_decay(0.1, 50, 100) == pytest.approx(0.05)
    assert cosine_decay(0.1, 100, 100) == 0
    assert cosine_decay(0.1, 0.5) == pytest.approx(0.05)


@pytest.mark.parametrize("steps", [1, 20, 21, 600, 1000])
def test_rates_are_to_the_last_bit_those_of_runs_that_are_already_trained(steps: int) -> None:
    inpainting, simclr = InpaintingConfig(steps=steps), SimClrConfig(steps=steps)
    for step in range(1, steps + 1):
        rate = inpainting.learning_rate
        expected = rate * (1 + math.cos(math.pi * (step - 1) / steps)) / 2
        assert inpainting_rate(step, inpainting) == expected
        few_shot = 3e-3 * 0.5 * (1 + math.cos(math.pi * (step - 1) / steps))
        assert cosine_decay(3e-3, step - 1, steps) == few_shot
        if step > WARM_UP_STEPS:
            rate, progress = simclr.learning_rate, (step - WARM_UP_STEPS) / (steps - WARM_UP_STEPS)
            expected = rate * (1 + math.cos(math.pi * progress)) / 2
            assert simclr_rate(step, simclr) == expected
