"""Classes of pictures, from the folders that they are in as people have them."""

import re

from core.data.picture_files.found import listed

Parts = tuple[str, ...]
# train, Validation, test_set, testing images, ...
_SPLIT = re.compile(
    r"(train|training|val|valid|validation|dev|test|testing|eval|evaluation)"
    r"([ _-]?(set|data|split|images|imgs|pictures))?",
    re.IGNORECASE,
)
NO_FOLDER = "."


def class_names(files: list[str]) -> tuple[list[str], list[str]]:
    """The class of each file, of which the paths are given, and sentences about what was done.

    A class is the folders above a file, without those that all files share and without train,
    validation and test, whose classes are the same.
    """
    folders = [tuple(file.split("/")[:-1]) for file in files]
    shared: list[str] = []
    folders = _without_shared(folders, shared)
    splits: set[str] = set()
    for place in (0, -1):
        folders = _without_splits(folders, place, splits)
    folders = _without_shared(folders, shared)
    said = []
    if shared:
        said.append(f"All pictures are in {listed(shared)}: the names of classes leave this out.")
    if splits:
        said.append(f"The folders {_joined(sorted(splits))} are not classes: they are joined.")
    return ["/".join(parts) or NO_FOLDER for parts in folders], said


def _without_shared(folders: list[Parts], shared: list[str]) -> list[Parts]:
    """Folders without the first and the last part that all have, as long as a class is left.

    What was taken away is added to `shared`.
    """
    if len(set(folders)) == 1:
        shared += folders[0][:-1]
        return [parts[-1:] for parts in folders]
    while len({parts[:1] for parts in folders}) == 1 and all(folders):
        shared.append(folders[0][0])
        folders = [parts[1:] for parts in folders]
    while len({parts[-1:] for parts in folders}) == 1 and all(len(parts) > 1 for parts in folders):
        shared.append(folders[0][-1])
        folders = [parts[:-1] for parts in folders]
    return folders


def _without_splits(folders: list[Parts], place: int, joined: set[str]) -> list[Parts]:
    """Folders without train, test, ... at a place, if there are several; adds these to `joined`.

    Where there are other folders beside them, they must have classes in common.
    """
    rest = slice(1, None) if place == 0 else slice(0, -1)
    splits = {parts[place] for parts in folders if parts and _SPLIT.fullmatch(parts[place])}
    if len(splits) < 2:
        return folders
    pairs = {(parts[place], parts[rest]) for parts in folders if parts and parts[place] in splits}
    classes = [below for _, below in pairs if below]
    everywhere = all(parts and parts[place] in splits for parts in folders)
    if not everywhere and len(set(classes)) == len(classes):
        return folders
    joined |= splits
    return [parts[rest] if parts and parts[place] in splits else parts for parts in folders]


def _joined(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"
