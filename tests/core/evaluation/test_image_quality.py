"""MSE, PSNR and SSIM against scikit-image."""

import math

import numpy as np
import pytest
import torch
from skimage.metrics import mean_squared_error, peak_signal_noise_ratio, structural_similarity
from torch import Tensor

from core.data.digits import load_digits
from core.data.images import to_unit
from core.data.masks import centre_box
from core.evaluation.image_quality import psnr, quality, quality_where_hidden, ssim_map
from core.seeding import generator

EVERYWHERE = torch.ones(6, 1, 28, 28)


def pictures() -> tuple[Tensor, Tensor]:
    """Six digits, and the same with noise."""
    truth = to_unit(load_digits("sample", "held_out").images[:6])
    noise = torch.randn(truth.shape, generator=generator("noise"))
    return (truth + 0.2 * noise).clamp(0, 1), truth


def reference_ssim(first: Tensor, second: Tensor) -> np.ndarray:
    """scikit-image's map with the window and the constants of Wang et al. 2004."""
    _, full = structural_similarity(  # type: ignore[no-untyped-call]
        first.double().numpy(),
        second.double().numpy(),
        data_range=1.0,
        gaussian_weights=True,
        sigma=1.5,
        use_sample_covariance=False,
        full=True,
    )
    return np.asarray(full)


def test_ssim_agrees_with_scikit_image_at_every_pixel() -> None:
    noisy, truth = pictures()
    ours = ssim_map(noisy, truth)
    for i in range(6):
        reference = reference_ssim(noisy[i, 0], truth[i, 0])
        np.testing.assert_allclose(ours[i, 0].numpy(), reference, atol=2e-3)
        double = ssim_map(noisy[i : i + 1].double(), truth[i : i + 1].double())
        np.testing.assert_allclose(double[0, 0].numpy(), reference, atol=1e-9)


def test_whole_picture_figures_agree_with_scikit_image() -> None:
    noisy, truth = pictures()
    ours = quality(noisy, truth, EVERYWHERE)
    for i in range(6):
        a, b = truth[i, 0].numpy(), noisy[i, 0].numpy()
        assert ours.mse[i].item() == pytest.approx(mean_squared_error(a, b), rel=1e-5)
        decibels = peak_signal_noise_ratio(a, b, data_range=1.0)  # type: ignore[no-untyped-call]
        assert ours.psnr[i].item() == pytest.approx(decibels, rel=1e-5)
        ssim = reference_ssim(noisy[i, 0], truth[i, 0]).mean()
        assert ours.ssim[i].item() == pytest.approx(ssim, abs=1e-4)


def test_hidden_figures_are_means_over_the_hidden_pixels_alone() -> None:
    noisy, truth = pictures()
    hidden = (1 - centre_box(6)).bool()
    ours = quality(noisy, truth, hidden.float())
    for i in range(6):
        a, b = truth[i][hidden[i]].numpy(), noisy[i][hidden[i]].numpy()
        assert ours.mse[i].item() == pytest.approx(mean_squared_error(a, b), rel=1e-5)
        ssim = reference_ssim(noisy[i, 0], truth[i, 0])[hidden[i, 0].numpy()].mean()
        assert ours.ssim[i].item() == pytest.approx(ssim, abs=1e-4)


def test_the_truth_itself_is_perfect() -> None:
    _, truth = pictures()
    perfect = quality(truth, truth, EVERYWHERE)
    assert (perfect.mse == 0).all()
    assert perfect.psnr.isposinf().all()
    assert torch.allclose(perfect.ssim, torch.ones(6))


def test_where_no_pixel_counts_there_is_no_figure() -> None:
    noisy, truth = pictures()
    empty = quality(noisy, truth, torch.zeros_like(truth))
    assert all(math.isnan(v) for figure in vars(empty).values() for v in figure.tolist())


def test_a_tenth_of_the_error_is_ten_decibels() -> None:
    assert torch.allclose(psnr(torch.tensor([0.1, 0.01])), torch.tensor([10.0, 20.0]))


def test_completions_of_one_picture_are_evaluated_as_one_by_one() -> None:
    digits = load_digits("sample", "held_out").images
    visible = centre_box(1)
    together = quality_where_hidden(digits[1:5].numpy(), digits[0].numpy(), visible[0, 0].numpy())
    counted = 1 - visible
    for i in range(4):
        alone = quality(to_unit(digits[i + 1 : i + 2]), to_unit(digits[:1]), counted)
        for name in ("mse", "psnr", "ssim"):
            assert getattr(together, name)[i] == pytest.approx(getattr(alone, name).item())
