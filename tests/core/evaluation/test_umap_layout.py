"""UMAP of one frame: what it keeps, where it lies, and that it is the same again."""

import sys

import numpy as np
import pytest

from core.errors import GlimpseError
from core.evaluation.neighbour_lookup import nearest_labels
from core.evaluation.projection import align
from core.evaluation.umap_layout import umap_layout
from tests.helpers.points import blobs


@pytest.mark.slow
def test_clouds_stay_apart_and_the_layout_is_turned_onto_its_start() -> None:
    components, labels = blobs(150)
    start = components[:, :2] @ np.array([[0.0, 1.0], [-1.0, 0.0]])
    layout = umap_layout(components, start)
    assert layout.shape == (150, 2)
    assert (nearest_labels(layout, labels) == labels).all()
    np.testing.assert_allclose(layout.mean(axis=0), 0, atol=1e-9)
    assert np.square(layout).sum(axis=1).mean() == pytest.approx(1)
    onto = align(start, None)
    turns = [np.linalg.norm(layout @ turn - onto) for turn in turns_of_the_plane()]
    assert np.linalg.norm(layout - onto) <= min(turns)
    np.testing.assert_array_equal(umap_layout(components, start), layout)


def turns_of_the_plane() -> list[np.ndarray]:
    """A hundred, and their mirrors."""
    angles = np.linspace(0, 2 * np.pi, 100, endpoint=False)
    turns = [np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]]) for a in angles]
    return turns + [turn @ np.diag([1, -1]) for turn in turns]


@pytest.mark.slow
def test_a_start_on_one_spot_is_no_obstacle() -> None:
    """As of a collapsed embedding."""
    assert np.isfinite(umap_layout(blobs(150)[0], np.zeros((150, 2)))).all()


def test_without_umap_learn_one_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "umap", None)
    with pytest.raises(GlimpseError, match="pip install umap-learn"):
        umap_layout(*blobs()[:1], np.zeros((90, 2)))


def test_points_that_are_no_numbers_are_refused_in_one_sentence() -> None:
    with pytest.raises(GlimpseError, match="choose an earlier step"):
        umap_layout(np.full((20, 4), np.nan), np.zeros((20, 2)))
