"""Classes from folders as people have them: wrapped, split into train and test, or neither."""

import pytest

from core.data.picture_files.classes import class_names

LAYOUTS: dict[str, tuple[list[str], list[str]]] = {  # folders, and the classes of the files there
    "plain": (["a", "b"], ["a", "b"]),
    "none": ([""], ["."]),
    "some without": (["", "a"], [".", "a"]),
    "one": (["cats"], ["cats"]),
    "one, wrapped": (["my data/set/cats"], ["cats"]),
    "wrapped": (["my data/a", "my data/b"], ["a", "b"]),
    "wrapped twice": (["x/y/a", "x/y/b"], ["a", "b"]),
    "wrapped, some loose": (["data", "data/a"], [".", "a"]),
    "wrapped within": (["a/images", "b/images"], ["a", "b"]),
    "a class like a folder of another": (["a", "b/a"], ["a", "b/a"]),
    "deeper": (["x/a", "y/b", "y/c"], ["x/a", "y/b", "y/c"]),
    "split": (["train/a", "train/b", "test/a", "test/b"], ["a", "b", "a", "b"]),
    "split in three": (["train/a", "val/a", "Test/b"], ["a", "a", "b"]),
    "split and wrapped": (["data/training/0", "data/testing/0", "data/testing/1"], ["0", "0", "1"]),
    "split, wrapped within": (["train/images/a", "test/images/b"], ["a", "b"]),
    "split within classes": (["a/train", "a/test", "b/train", "b/test"], ["a", "a", "b", "b"]),
    "sets": (["training_set/cats", "test_set/cats", "test_set/dogs"], ["cats", "cats", "dogs"]),
    "split without classes": (["train", "test"], [".", "."]),
    "test without classes": (["train/a", "train/b", "test"], ["a", "b", "."]),
    "split beside another": (["train/a", "test/a", "more/b"], ["a", "a", "more/b"]),
    "only train": (["train/a", "train/b"], ["a", "b"]),
    "words that are classes": (["train", "bus", "car"], ["train", "bus", "car"]),
    "more words that are classes": (["test", "dev", "prod"], ["test", "dev", "prod"]),
    "classes below words": (["test/a", "dev/b", "prod/c"], ["test/a", "dev/b", "prod/c"]),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_folders_become_classes(layout: str) -> None:
    folders, classes = LAYOUTS[layout]
    files = [f"{folder}/{i}.png" if folder else f"{i}.png" for i, folder in enumerate(folders)]
    found, said = class_names(files)
    assert found == classes
    unchanged = classes == [folder or "." for folder in folders]
    assert bool(said) != unchanged, "what is changed is said, and nothing else"


def test_what_was_done_is_said_by_name() -> None:
    _, said = class_names(["my data/train/a/1.png", "my data/val/a/1.png", "my data/test/b/1.png"])
    assert said == [
        "All pictures are in my data: the names of classes leave this out.",
        "The folders test, train and val are not classes: they are joined.",
    ]
