"""Random numbers as a function of keys."""

import math

import torch

from core.data.hashing import mix, normal, uniform


def test_splitmix64_gives_the_published_sequence() -> None:
    """The first outputs for the seed 1234567, as in the algorithm's reference implementation."""
    golden = 0x9E3779B97F4A7C15 - 2**64
    states = torch.tensor(1234567) + torch.arange(5) * golden
    published = [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
    ]
    assert [value % 2**64 for value in mix(states).tolist()] == published


def test_uniform_numbers_are_even_and_in_range() -> None:
    numbers = uniform(torch.arange(1000), 200)
    assert float(numbers.min()) >= 0
    assert float(numbers.max()) < 1
    shares = torch.histc(numbers, bins=20, min=0, max=1) / numbers.numel()
    assert float((shares - 0.05).abs().max()) < 0.003


def test_neighbouring_keys_and_counters_are_unrelated() -> None:
    numbers = uniform(torch.arange(2000), 50) - 0.5
    scale = float(numbers.var())
    assert abs(float((numbers[1:] * numbers[:-1]).mean())) < 0.02 * scale
    assert abs(float((numbers[:, 1:] * numbers[:, :-1]).mean())) < 0.02 * scale


def test_a_number_depends_on_key_and_counter_alone() -> None:
    keys = torch.tensor([5, -3, 2**62])
    together = uniform(keys, 4, 6)
    assert torch.equal(uniform(keys[1:2], 4, 6)[0], together[1])
    assert torch.equal(uniform(keys, 4)[:, 1], together[:, 0, 1])


def test_normal_numbers_have_the_moments_of_a_normal() -> None:
    numbers = normal(torch.arange(1000), 200).double()
    assert abs(float(numbers.mean())) < 0.01
    assert abs(float(numbers.square().mean()) - 1) < 0.01
    assert abs(float(numbers.pow(4).mean()) - 3) < 0.1
    within = float((numbers.abs() < 1).double().mean())
    assert abs(within - math.erf(1 / math.sqrt(2))) < 0.005
    assert bool(torch.isfinite(numbers).all())
