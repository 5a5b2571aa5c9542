"""Few-shot tasks drawn from a pool whose pictures are numbered."""

from dataclasses import replace
from functools import partial

import pytest
import torch
from torch import Tensor

from core.data.episodes import Episodes, redrawn, sample_episodes, with_rotations
from core.data.views import Augmentation, augment
from core.errors import GlimpseError


def pool_of_names(n_classes: int = 12, n_images: int = 20) -> Tensor:
    """A pool in which pixel (0, 0) is the class and pixel (0, 1) the picture."""
    pool = torch.zeros(n_classes, n_images, 28, 28, dtype=torch.uint8)
    pool[:, :, 0, 0] = torch.arange(n_classes)[:, None]
    pool[:, :, 0, 1] = torch.arange(n_images)
    return pool


def names(pictures: Tensor) -> Tensor:
    """The (class, picture) pairs (..., 2) that the pixels encode."""
    return (pictures[..., 0, 0, :2] * 255).round().long()


def draw(seed: int = 0, n_tasks: int = 200) -> Episodes:
    generator = torch.Generator().manual_seed(seed)
    return sample_episodes(pool_of_names(), n_tasks, 5, 3, 7, generator)


def test_shapes_and_range() -> None:
    tasks = draw(n_tasks=4)
    assert tasks.support_x.shape == (4, 15, 1, 28, 28)
    assert tasks.query_x.shape == (4, 35, 1, 28, 28)
    assert tasks.support_x.dtype == torch.float32
    assert tasks.support_y.dtype == torch.int64
    bright = torch.full((1, 2, 28, 28), 255, dtype=torch.uint8)
    one = sample_episodes(bright, 1, 1, 1, 1, torch.Generator())
    assert float(one.support_x.min()) == 1.0


def test_rows_are_sorted_by_class() -> None:
    tasks = draw(n_tasks=3)
    assert tasks.support_y.tolist() == [[0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]] * 3
    assert torch.equal(tasks.query_y[0], torch.arange(5).repeat_interleave(7))


def test_a_label_is_one_class_and_classes_are_distinct() -> None:
    tasks = draw()
    support = names(tasks.support_x)[..., 0].view(200, 5, 3)
    query = names(tasks.query_x)[..., 0].view(200, 5, 7)
    assert torch.equal(support, support[..., :1].expand_as(support))
    assert torch.equal(query, support[..., :1].expand_as(query))
    assert all(len(set(classes)) == 5 for classes in support[..., 0].tolist())


def test_no_picture_is_drawn_twice() -> None:
    tasks = draw()
    pictures = torch.cat([names(tasks.support_x), names(tasks.query_x)], dim=1)
    for task in pictures.tolist():
        assert len({tuple(name) for name in task}) == 50


def test_every_class_and_picture_is_as_likely() -> None:
    tasks = sample_episodes(pool_of_names(), 4000, 5, 1, 1, torch.Generator().manual_seed(0))
    drawn = names(tasks.support_x).flatten(0, 1)
    classes = drawn[:, 0].bincount(minlength=12) / len(drawn)
    pictures = drawn[:, 1].bincount(minlength=20) / len(drawn)
    assert float((classes - 1 / 12).abs().max()) < 0.01
    assert float((pictures - 1 / 20).abs().max()) < 0.01


def test_the_same_drawers_make_every_class_of_a_task() -> None:
    tasks = sample_episodes(
        pool_of_names(), 200, 5, 2, 3, torch.Generator().manual_seed(0), same_drawers=True
    )
    support = names(tasks.support_x)[..., 1].view(200, 5, 2)
    query = names(tasks.query_x)[..., 1].view(200, 5, 3)
    both = torch.cat([support, query], -1)
    assert torch.equal(both, both[:, :1].expand_as(both)), "of each class the same pictures"
    assert all(len(set(people)) == 5 for people in both[:, 0].tolist()), "no one draws both"
    assert len({tuple(people) for people in both[:, 0].tolist()}) > 190, "others in every task"
    classes = names(tasks.support_x)[..., 0].view(200, 5, 2)[..., 0]
    assert all(len(set(task)) == 5 for task in classes.tolist())


def test_tasks_differ_and_come_from_the_generator_alone() -> None:
    torch.manual_seed(0)
    first = draw(seed=1)
    torch.manual_seed(99)
    assert torch.equal(first.support_x, draw(seed=1).support_x)
    assert not torch.equal(first.support_x, draw(seed=2).support_x)
    assert not torch.equal(first.support_x[0], first.support_x[1])


def test_whole_pool_can_be_used() -> None:
    tasks = sample_episodes(pool_of_names(5, 4), 1, 5, 1, 3, torch.Generator())
    both = torch.cat([names(tasks.support_x), names(tasks.query_x)], dim=1)[0]
    assert {tuple(name) for name in both.tolist()} == {(c, m) for c in range(5) for m in range(4)}


def test_too_many_classes_or_pictures_are_refused() -> None:
    with pytest.raises(GlimpseError, match="13 classes needs 13, and this pool has 12"):
        sample_episodes(pool_of_names(), 1, 13, 1, 1, torch.Generator())
    with pytest.raises(GlimpseError, match="make 21, and there are 20"):
        sample_episodes(pool_of_names(), 1, 5, 6, 15, torch.Generator())


def test_rotations_are_new_classes() -> None:
    pool = torch.arange(2 * 3 * 28 * 28).view(2, 3, 28, 28) % 251
    turned = with_rotations(pool)
    assert turned.shape == (8, 3, 28, 28)
    assert torch.equal(turned[:2], pool)
    # A quarter turn against the clock takes row r, column c to row 27 - c, column r.
    assert turned[2 + 1, 2, 27 - 5, 9] == pool[1, 2, 9, 5]
    assert torch.equal(turned[4], pool[0].flip(-1).flip(-2))
    back = with_rotations(with_rotations(pool)[6:8])[2:4]  # 270 and 90 degrees
    assert torch.equal(back, pool)


def test_redrawn_tasks_keep_their_labels_and_see_each_picture_anew() -> None:
    pool = torch.randint(256, (6, 9, 28, 28), dtype=torch.uint8)
    tasks = sample_episodes(pool, 2, 3, 2, 3, torch.Generator().manual_seed(0))
    nothing = Augmentation(crop=0, rotation=0, shear=0, brightness=0, contrast=0, blur=0, erase=0)
    same = redrawn(tasks, partial(view, nothing))
    assert torch.allclose(same.support_x, tasks.support_x, atol=1e-6)
    turned = redrawn(tasks, partial(view, replace(nothing, rotation=20)))
    assert torch.equal(turned.query_y, tasks.query_y)
    changes = (turned.query_x - tasks.query_x).abs().mean((2, 3, 4))
    assert (changes > 0).all() and torch.unique(changes).numel() == changes.numel()


def view(augmentation: Augmentation, pictures: torch.Tensor) -> torch.Tensor:
    return augment(pictures, augmentation, torch.Generator().manual_seed(0))
