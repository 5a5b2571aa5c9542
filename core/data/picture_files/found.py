"""The pictures that a folder or a zip holds, and what else it holds and is left out."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from core.data.picture_files.decoding import readable_suffixes
from core.data.picture_files.names import shown

NAMED = 3  # examples in a sentence
ARCHIVES = (".zip", ".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz")
PHOTOS = (".heic", ".heif", ".hif")
# Pictures and films of formats that Pillow does not read.
OTHER_PICTURES = (
    ".svg", ".eps", ".pdf", ".ai", ".psd", ".xcf", ".jxl", ".exr", ".hdr", ".ico", ".raw", ".dng",
    ".cr2", ".cr3", ".nef", ".arw", ".orf", ".rw2", ".mp4", ".mov", ".avi", ".mkv", ".webm",
)  # fmt: skip
SYSTEM_FOLDERS = {
    "__macosx", "@eadir", "@tmp", "#recycle", "#snapshot", "@recycle", "@recently-snapshot",
    "$recycle.bin", "system volume information", "lost+found",
}  # fmt: skip
SYSTEM_FILES = {"thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r", "icon␍"}
# Why something is left out, and what to do about it, in the order in which it is said.
HEIC = "HEIC cannot be read here: save it as JPEG."
NO_FORMAT = "This format cannot be read: save it as PNG or JPEG."
NO_KIND = "Files of this format can be read, but not of this kind: save them as PNG or JPEG."
NOT_ALLOWED = "Reading is not permitted: change the permissions."
LINKS = "Links are not followed: put copies there."
NO_FILES = "Only files and folders are read."
NESTED = "Zips and other archives within are not opened: unpack them first."
NO_NAME = "A name is missing."
NO_PICTURES = "Only files that end in .png, .jpg or as other pictures do are read."
SYSTEM = "Hidden files and those of the system are not used."
_REASONS = (
    HEIC, NO_FORMAT, NO_KIND, NOT_ALLOWED, LINKS, NO_FILES, NESTED, NO_NAME, NO_PICTURES, SYSTEM,
)  # fmt: skip
_NOUNS = {LINKS: "link", NOT_ALLOWED: "item", NO_FILES: "item"}  # where it may not be a file


@dataclass(frozen=True)
class PictureFile:
    """A file with a readable ending that has not been read yet, of so many bytes."""

    name: str
    size: int
    read: Callable[[], bytes]


@dataclass
class Found:
    """What a folder or a zip holds. Names are paths within it, with slashes, that fit into a line.

    `title` is the name of the whole; `remarks` are sentences about it.
    """

    title: str
    pictures: list[PictureFile] = field(default_factory=list)
    left_out: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    remarks: list[str] = field(default_factory=list)

    def add(self, name: str, size: int, read: Callable[[], bytes]) -> None:
        """Takes a file as a picture, or leaves it out and remembers why."""
        reason = reason_against(name)
        if reason is None:
            self.pictures.append(PictureFile(shown(name), size, read))
        else:
            self.leave_out(name, reason)

    def leave_out(self, name: str, reason: str) -> None:
        self.left_out[reason].append(system_part(name) or shown(name) or "?")

    def sentences(self) -> list[str]:
        """What was left out and why, and which folders have lost all their files by it."""
        said = [
            f"Left out: {_counted(self.left_out[reason], reason)}. {reason}"
            for reason in _REASONS
            if self.left_out.get(reason)
        ]
        empty = self._folders_without_pictures()
        if empty:
            said.append(f"No picture that can be read is in {listed(empty)}.")
        return said

    def _folders_without_pictures(self) -> list[str]:
        kept = {folder for file in self.pictures for folder in _folders_above(file.name)}
        lost = {
            folder
            for reason, names in self.left_out.items()
            for name in names
            if reason != SYSTEM
            for folder in _folders_above(name)[:1]
        }
        return sorted(lost - kept)


def reason_against(name: str) -> str | None:
    """Why a file of this name is not taken as a picture; None where it is."""
    suffix = PurePosixPath(name).suffix.lower()
    if not name:
        return NO_NAME
    if system_part(name):
        return SYSTEM
    if suffix in readable_suffixes():
        return None
    if suffix in PHOTOS:
        return HEIC
    if suffix in OTHER_PICTURES:
        return NO_FORMAT
    return NESTED if suffix in ARCHIVES else NO_PICTURES


def system_part(name: str) -> str | None:
    """The first part of a path that is hidden or the system's: __MACOSX, @eaDir, .thumbnails."""
    parts = name.split("/")
    return next((shown(part) for part in parts if is_of_system(part)), None)


def is_of_system(part: str) -> bool:
    """Whether a file or folder of this name is hidden or belongs to the system, not to a person."""
    low = part.lower()
    return part.startswith(".") or low in SYSTEM_FOLDERS or low in SYSTEM_FILES


def listed(names: Iterable[str]) -> str:
    """The first few names, and how many more there are."""
    every = list(names)
    more = f" and {len(every) - NAMED:,} more" if len(every) > NAMED else ""
    return f"{', '.join(every[:NAMED])}{more}"


def _counted(names: list[str], reason: str) -> str:
    """4 .heic files (a/1.heic, ...), 2 links (...), or the names alone where these say enough."""
    if reason in (SYSTEM, NESTED):
        return listed(dict.fromkeys(names))
    plural = "" if len(names) == 1 else "s"
    if reason in _NOUNS:
        return f"{len(names):,} {_NOUNS[reason]}{plural} ({listed(names)})"
    suffixes = sorted({PurePosixPath(name).suffix.lower() for name in names} - {""})
    kind = f" {' and '.join(suffixes)}" if 0 < len(suffixes) <= NAMED else ""
    return f"{len(names):,}{kind} file{plural} ({listed(names)})"


def _folders_above(name: str) -> list[str]:
    """The folders that a file is in, the nearest first."""
    return [str(folder) for folder in PurePosixPath(name).parents if str(folder) != "."]
