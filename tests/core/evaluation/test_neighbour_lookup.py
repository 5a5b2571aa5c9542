"""Neighbours in numpy, against scipy-free second computations and the encoder's own features."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from core.evaluation.neighbour_lookup import (
    N_NEAREST,
    most_changed,
    nearest_in,
    nearest_labels,
    nearest_over_time,
    nearest_to,
    unit_pixels,
)
from core.methods.simclr.method import SimClr
from core.training.recording import open_recording
from core.zoo.weights import load_shipped_method


def all_nearest(points: np.ndarray, k: int = N_NEAREST) -> np.ndarray:
    """(N, k) by torch's own distances, in float64."""
    tensor = torch.from_numpy(points.astype(np.float64))
    distances = torch.cdist(tensor, tensor)
    distances.fill_diagonal_(torch.inf)
    nearest: np.ndarray = distances.topk(k, largest=False).indices.numpy()
    return nearest


def test_nearest_are_those_of_all_distances() -> None:
    frames = np.random.default_rng(0).normal(size=(3, 40, 5)).astype(np.float32)
    labels = np.arange(40) % 4
    expected = np.stack([all_nearest(frame) for frame in frames])
    for point in (0, 17, 39):
        np.testing.assert_array_equal(nearest_over_time(point, frames), expected[:, point])
    np.testing.assert_array_equal(nearest_labels(frames[1], labels), labels[expected[1, :, 0]])


def test_a_place_between_points_is_nearest_to_them() -> None:
    points = np.array([[0.0, 0], [10, 0], [0, 10], [10, 10]])
    np.testing.assert_array_equal(nearest_in(np.array([9.0, 2]), points, 2), [1, 3])
    np.testing.assert_array_equal(nearest_to(0, points, 1), [1])


def test_euclid_orders_pixels_of_unit_length_as_the_cosine_does() -> None:
    pictures = np.random.default_rng(1).integers(0, 256, (30, 6, 6), np.uint8)
    flat = torch.from_numpy(pictures.reshape(30, -1)).double()
    cosine = F.cosine_similarity(flat[:1], flat[1:])
    expected = 1 + cosine.argsort(descending=True)[:N_NEAREST].numpy()
    np.testing.assert_array_equal(nearest_to(0, unit_pixels(pictures)), expected)
    assert not unit_pixels(np.zeros((1, 3, 3), np.uint8)).any()


def test_the_most_changed_point_found_its_class() -> None:
    labels = np.repeat([0, 1], 12)
    last = np.where(labels == 0, -1.0, 1.0)[:, None] + np.linspace(0, 0.1, 24)[:, None]
    first = last.copy()
    first[20] = -1.05  # a 1 among the 0s, which finds home
    assert most_changed(first, last, labels) == 20


@pytest.mark.parametrize(("frame", "least"), [(0, 0.58), (-1, 0.72)])
def test_recorded_components_name_most_neighbours_of_the_whole_features(
    frame: int, least: float
) -> None:
    """The page says so: about three in five at the first frame, three in four at the last."""
    run = open_recording("simclr")
    snapshot = run.snapshot(run.snapshot_steps()[frame])
    model = load_shipped_method("simclr", SimClr)
    net = model.net if frame else model._untrained()
    features = _features(net.encoder, model.tracked.images)
    recorded, whole = all_nearest(snapshot["embedding"]), all_nearest(features)
    shared = [len(set(a) & set(b)) / N_NEAREST for a, b in zip(recorded, whole, strict=True)]
    assert least < np.mean(shared) < 0.9  # else the page's words are wrong
    labels = snapshot["labels"]
    same = [(labels[nearest] == labels[:, None]).mean() for nearest in (recorded, whole)]
    assert abs(same[0] - same[1]) < 0.02


def _features(encoder: torch.nn.Module, images: torch.Tensor) -> np.ndarray:
    encoder.eval()
    with torch.no_grad():
        features: np.ndarray = F.normalize(encoder(images[:, None].float() / 255), dim=1).numpy()
    return features
