"""The data sources: what each is, where its files are, and whether they are here.

Imports neither torch nor torchvision, so that a page can list the sources at once.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from core.data.places import IDX_BYTES, KERAS_ARCHIVE, PHOTOS_ARCHIVE, find, refusal
from core.paths import ASSETS, data_root

DIGIT_SAMPLE = ASSETS / "digits.npz"
CHARACTERS = ASSETS / "omniglot.npz"
TRAINING_DIGITS = {"sample": 4000, "mnist": 59_000}  # see `core.data.digits.load_digits`


@dataclass(frozen=True)
class Source:
    """A source of data. Without download_bytes there is nothing to fetch."""

    name: str
    title: str
    about: str
    licence: str
    origin: Literal["shipped", "generated", "download"]
    asset: Path | None = None  # the file that is shipped
    files: tuple[str, ...] = ()  # below the data root, as torchvision names them
    archive: str = ""  # a file that all of them may still be in
    download_bytes: int = 0
    unpacked_bytes: int = 0  # disk space after the download
    instead: str = ""  # what to use while it is not here

    def paths(self) -> list[Path]:
        """The source's files, whether they are here or not."""
        if self.asset is not None:
            return [self.asset]
        return [data_root() / file for file in self.files]

    def found(self) -> list[Path]:
        """The files that are here and look whole, under any of their usual names."""
        if self.asset is not None:
            return [self.asset]
        files = [path for path in map(find, self.files) if path is not None]
        archive = find(self.archive) if self.archive else None
        return [archive] if archive is not None and len(files) < len(self.files) else files

    def present(self) -> bool:
        """Whether every file is here and looks whole."""
        found = self.found()
        is_packed = bool(self.archive) and [path.name for path in found] == [self.archive]
        return self.origin != "download" or is_packed or len(found) == len(self.files)

    def where(self) -> Path | None:
        """The folder of the files, whether they are here or not; None for generated data."""
        paths = self.paths()
        return paths[0].parent if paths else None

    def disk_bytes(self) -> int:
        """The size of the files that are here, without what torchvision unpacks beside them."""
        return sum(path.stat().st_size for path in self.found() if path.is_file())


_SOURCES = (
    Source(
        "digits",
        "Digit sample",
        "5,000 handwritten digits of MNIST, 500 per class.",
        "CC BY-SA 3.0",
        "shipped",
        asset=DIGIT_SAMPLE,
    ),
    Source(
        "omniglot",
        "Omniglot",
        "1,623 characters of 50 alphabets, each drawn by 20 people.",
        "MIT",
        "shipped",
        asset=CHARACTERS,
    ),
    Source(
        "strokes",
        "Strokes",
        "Endless generated alphabets, with one to four strokes per character.",
        "part of Glimpse",
        "generated",
    ),
    Source(
        "sinusoids",
        "Sinusoids",
        "Curves of random amplitude and phase, for regression from a few points.",
        "part of Glimpse",
        "generated",
    ),
    Source(
        "mnist",
        "MNIST",
        "60,000 handwritten digits to train on and 10,000 to test on.",
        "CC BY-SA 3.0",
        "download",
        files=tuple(f"MNIST/raw/{name}" for name in IDX_BYTES),
        archive=KERAS_ARCHIVE,
        download_bytes=11_594_722,
        unpacked_bytes=66_600_000,
        instead="the shipped digit sample",
    ),
    Source(
        "cifar10",
        "CIFAR-10",
        "60,000 colour photos in ten classes, 32x32 pixels.",
        "none stated; free for research",
        "download",
        files=tuple(
            f"cifar-10-batches-py/{name}"
            for name in (*(f"data_batch_{n}" for n in range(1, 6)), "test_batch", "batches.meta")
        ),
        archive=PHOTOS_ARCHIVE,
        download_bytes=170_498_071,
        unpacked_bytes=357_000_000,  # torchvision keeps the archive
        instead="the shipped digit sample",
    ),
)

PHOTOS: Final = "cifar10"  # the source of colour photos
PHOTO_CLASSES = ("airplane", "automobile", "bird", "cat", "deer",
                 "dog", "frog", "horse", "ship", "truck")  # fmt: skip

SOURCES: dict[str, Source] = {source.name: source for source in _SOURCES}


def check_present(name: str) -> None:
    """Raises GlimpseError, with the command that fetches it, for a source that is not here."""
    source = SOURCES[name]
    if not source.present():
        raise refusal(source.title, name, source.files, f"use {source.instead}")
