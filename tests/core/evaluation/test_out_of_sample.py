"""Points that a plot was made without land where they would have been."""

import numpy as np

from core.evaluation.out_of_sample import component_directions, place_by_neighbours, place_linearly
from core.evaluation.projection import align, align_frames, principal_components

RNG = np.random.default_rng(0)
FEATURES = RNG.normal(size=(200, 30)) * np.geomspace(3, 0.1, 30) + 5


def test_a_feature_lands_on_its_own_component() -> None:
    components = principal_components(FEATURES, 4)
    directions = component_directions(FEATURES, components)
    _, _, right = np.linalg.svd(FEATURES - FEATURES.mean(axis=0), full_matrices=False)
    np.testing.assert_allclose(np.abs(directions.T @ right[:4].T), np.eye(4), atol=1e-6)
    landed = (FEATURES[7] - FEATURES.mean(axis=0)) @ directions
    np.testing.assert_allclose(landed, components[7], atol=1e-6)


def test_a_turned_and_scaled_layout_is_landed_in_exactly() -> None:
    points = RNG.normal(size=(50, 2))
    layout = align_frames([RNG.normal(size=(50, 2)), points])[1]
    landed = place_linearly(points[3], points, layout)
    np.testing.assert_allclose(landed, layout[3], atol=1e-9)
    middle = place_linearly((points[3] + points[9]) / 2, points, layout)
    np.testing.assert_allclose(middle, (layout[3] + layout[9]) / 2, atol=1e-9)
    np.testing.assert_allclose(align(points, layout), layout, atol=1e-9)


def test_without_a_formula_it_lands_among_its_neighbours() -> None:
    points = np.array([[0.0, 0], [2, 0], [50, 50], [60, 60]])
    layout = np.array([[10.0, 0], [20, 0], [-9, -9], [-9, 9]])
    np.testing.assert_allclose(place_by_neighbours(np.array([1.0, 0]), points, layout, 2), [15, 0])
    np.testing.assert_allclose(
        place_by_neighbours(points[1], points, layout, 2), [20, 0], atol=1e-6
    )
    thirds = place_by_neighbours(
        np.array([2 / 3, 0]), points, layout, 2
    )  # weights 9 / 4 and 9 / 16
    np.testing.assert_allclose(thirds, [10 * 0.8 + 20 * 0.2, 0])
