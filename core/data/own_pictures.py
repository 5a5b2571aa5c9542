"""A user's own training pictures: a folder or a zip in which each folder is a class.

Pictures of any size and colour become grey, 28x28 pixels, ink = 255.
"""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from core.data.picture_files.classes import NO_FOLDER, class_names
from core.data.picture_files.deep import SIXTEEN_BITS, WHITE, Span
from core.data.picture_files.folders import UnreadableNowError, fingerprint, open_folder
from core.data.picture_files.found import NESTED, Found, listed
from core.data.picture_files.names import shown
from core.data.picture_files.reading import Progress, ReadPicture, read_pictures
from core.data.picture_files.zips import open_zip
from core.errors import GlimpseError
from core.paths import data_root

MIN_PICTURES, MAX_PICTURES = 10, 100_000
MAX_FILE_BYTES = 32 * 2**20
MAX_TOTAL_BYTES = 2**30  # of all pictures, unpacked
KEPT = 2  # sets of pictures in memory
BLANK = 8  # grey levels between the lightest and the darkest pixel of an empty picture


@dataclass(frozen=True)
class OwnPictures:
    """Pictures uint8 (N, 28, 28), ink = 255, with the class of each and the classes' names.

    The digest identifies these pictures in this order. The notes are sentences about what was done
    to names and classes, and about what was left out and why.
    """

    images: Tensor
    labels: Tensor  # int64 (N,)
    names: tuple[str, ...]
    digest: str
    notes: tuple[str, ...] = ()

    def counts(self) -> list[tuple[str, int]]:
        """How many pictures each class has; where there are no folders, the name says so."""
        counts = torch.bincount(self.labels, minlength=len(self.names)).tolist()
        names = ["no folder" if name == NO_FOLDER else name for name in self.names]
        return list(zip(names, counts, strict=True))


_Key = tuple[str, object]
_kept: dict[_Key, OwnPictures | str] = {}  # what was refused is kept as the sentence alone


def load_own(place: str, on_progress: Progress | None = None) -> OwnPictures:
    """The pictures of a folder or a zip in the order of their names, cached in memory.

    A picture's class is its folder. The paper is light or dark as most pictures' borders are;
    transparent pixels are paper too. They are read again when a file's name, size or time has
    changed. `on_progress` is called with the number of pictures read, and of all, now and then; it
    may raise to end the work. Raises GlimpseError for anything that cannot be used, with the name
    of the file.
    """
    path = _resolved(place)
    with _refusals(f"{shown(place[:200])} cannot be read"):
        key = (str(path), _fingerprint(path, place))
        found = _kept.pop(key, None) or _read_or_refuse(path, on_progress)
        _keep(key, found)
    if isinstance(found, str):
        raise GlimpseError(found)
    return found


def digest_of(images: Tensor, labels: Tensor) -> str:
    """What identifies pictures in their order, with their classes."""
    digest = hashlib.sha256(images.cpu().numpy().tobytes())
    digest.update(labels.cpu().numpy().tobytes())
    return digest.hexdigest()


def keep_zip(name: str, content: bytes) -> str:
    """Stores an uploaded zip in the data root, where runs find it; returns its path.

    Raises GlimpseError where the disk is full or cannot be written to.
    """
    stem = re.sub(r"[^\w-]+", "-", Path(name).stem)[:40]
    place = data_root() / "own" / f"{stem}-{hashlib.sha256(content).hexdigest()[:12]}.zip"
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        aside = place.with_suffix(".part")
        aside.write_bytes(content)
        aside.replace(place)
    except OSError as error:
        raise GlimpseError(
            f"{name} cannot be stored in {place.parent} ({error.strerror}): "
            "free some space there, or give the folder of the pictures instead."
        ) from error
    return str(place)


def _resolved(place: str) -> Path:
    """Where the pictures are. Raises GlimpseError where nothing can be."""
    try:
        return Path(place).expanduser().resolve()
    except (OSError, RuntimeError, ValueError) as error:  # no such user, a loop of links, a NUL
        raise _nothing_at(place) from error


def _nothing_at(place: str) -> GlimpseError:
    return GlimpseError(f"There is no folder or zip {shown(place[:200])}: check the path.")


@contextmanager
def _refusals(sentence: str) -> Iterator[None]:
    """Turns whatever goes wrong while a person's files are read into one sentence."""
    try:
        yield
    except GlimpseError:
        raise
    except Exception as error:
        why = getattr(error, "strerror", None) or "it is damaged"
        raise GlimpseError(f"{sentence} ({why}): check the path and the permissions.") from error


def _fingerprint(path: Path, place: str) -> object:
    """What changes when the pictures do."""
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise _nothing_at(place) from error
    if path.is_dir():
        return hashlib.sha256(repr(fingerprint(path, shown(path.name))).encode()).digest()
    if not path.is_file():
        raise _nothing_at(place)
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _keep(key: _Key, found: OwnPictures | str) -> None:
    """Puts the newest last, in place of the set that was not asked for for the longest."""
    while len(_kept) >= KEPT:
        _kept.pop(next(iter(_kept)), None)
    _kept[key] = found


def _read_or_refuse(path: Path, on_progress: Progress | None) -> OwnPictures | str:
    """The pictures, or the sentence that refuses them, since that takes as long to find out."""
    try:
        with _opened(path) as found:
            _check_sizes(found)
            read, span = read_pictures(found, on_progress)
            _check_count(found)
            return _made(found, read, span)
    except UnreadableNowError:
        raise
    except GlimpseError as refusal:
        return str(refusal)


def _made(found: Found, read: list[ReadPicture], span: Span) -> OwnPictures:
    light = np.mean([each.paper for each in read if each.paper is not None] or [0]) > WHITE / 2
    greys = [WHITE - each.grey if light and each.paper is not None else each.grey for each in read]
    folders, done = class_names([each.name for each in read])
    names = tuple(sorted(set(folders)))
    numbers = {name: number for number, name in enumerate(names)}
    labels = torch.tensor([numbers[folder] for folder in folders])
    images = torch.from_numpy(np.stack(greys))
    notes = [
        *found.remarks,
        *done,
        *_about_values(span),
        *_about_pictures(read),
        *found.sentences(),
    ]
    return OwnPictures(images, labels, names, digest_of(images, labels), tuple(notes))


def _about_values(span: Span) -> list[str]:
    if span == SIXTEEN_BITS:
        return []
    return [
        f"The files of more than 8 bits hold values from {span.low:g} to {span.high:g}: these are "
        "black and white."
    ]


def _about_pictures(read: list[ReadPicture]) -> list[str]:
    """What cannot be seen of single pictures once there are thousands."""
    series = [each.name for each in read if each.is_first]
    blank = [each.name for each in read if np.ptp(each.grey.astype(int)) < BLANK]
    said = []
    if series:
        said.append(f"Of files with several frames or pages the first is used: {listed(series)}.")
    if blank:
        said.append(f"There is nothing to see, one tone alone, in {listed(blank)}.")
    return said


@contextmanager
def _opened(path: Path) -> Iterator[Found]:
    if path.is_dir():
        yield open_folder(path, shown(path.name), MAX_FILE_BYTES)
        return
    title = re.sub(r"-[0-9a-f]{12}\.zip$", ".zip", path.name)  # without the digest of `keep_zip`
    with open_zip(path, shown(title)) as found:
        yield found


def _check_sizes(found: Found) -> None:
    """Raises GlimpseError for too few pictures and for too many bytes, before reading any."""
    _check_count(found)
    for file in found.pictures:
        if file.size > MAX_FILE_BYTES:
            raise GlimpseError(
                f"{file.name} has {file.size / 2**20:,.0f} MB: "
                f"a picture may have {MAX_FILE_BYTES // 2**20} MB at most."
            )
    total = sum(file.size for file in found.pictures)
    if total > MAX_TOTAL_BYTES:
        raise GlimpseError(
            f"The pictures in {found.title} have {total / 2**30:,.1f} GB unpacked: "
            f"they may have {MAX_TOTAL_BYTES // 2**30} GB at most."
        )


def _check_count(found: Found) -> None:
    count = len(found.pictures)
    if MIN_PICTURES <= count <= MAX_PICTURES:
        return
    if found.left_out.get(NESTED) and count < MIN_PICTURES:
        raise GlimpseError(
            f"{found.title} has {count} pictures, and archives within it that are not opened "
            f"({listed(found.left_out[NESTED])}): unpack these, each into a folder named as its "
            "class, and make one zip of the folders."
        )
    why = " ".join(["", *found.sentences()]) if count < MIN_PICTURES else ""
    raise GlimpseError(
        f"{found.title} has {count:,} pictures that can be read, such as .png, .jpg or .tif: "
        f"give {MIN_PICTURES} to {MAX_PICTURES:,}.{why}"
    )
