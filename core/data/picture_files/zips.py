"""The pictures in a zip, which is never unpacked to the disk."""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from core.data.picture_files.found import Found
from core.data.picture_files.names import decoded, shown
from core.errors import GlimpseError

UTF8_FLAG, LOCKED_FLAG = 0x800, 0x1
DOS = 0
UNICODE_PATH = 0x7075  # extra field with the name in UTF-8, of Info-ZIP
READABLE_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
METHODS = {9: "Deflate64", 93: "Zstandard", 95: "XZ", 98: "PPMd", 99: "AES"}
MAX_DIRECTORY_BYTES = 64 * 2**20  # some 500,000 files
_END, _END_64 = b"PK\x05\x06", b"PK\x06\x06"


@contextmanager
def open_zip(path: Path, title: str) -> Iterator[Found]:
    """The files in a zip, to be read while it is open.

    Raises GlimpseError for what is not a zip, and for paths that leave it.
    """
    _check_directory(path, title)
    with _opened(path, title) as archive:
        members = archive.infolist()
        names, code_page = _names(members)
        found = Found(title)
        for name, member in dict(zip(names, members, strict=True)).items():  # the last of a name
            _check_path(name, title)
            if not name.endswith("/"):
                found.add(name, member.file_size, partial(_unpacked, archive, member, shown(name)))
        if code_page is not None:
            found.remarks.append(
                f"The zip does not say how its names are written: they are read as {code_page}."
            )
        yield found


def _opened(path: Path, title: str) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except PermissionError:
        raise
    except UnicodeDecodeError as error:
        raise GlimpseError(
            f"{title} is damaged, the name of a file in it is not valid text: make a new zip."
        ) from error
    except NotImplementedError as error:
        raise GlimpseError(
            f"{title} cannot be read, it says that it needs a newer kind of unzipping: "
            "make a new zip, or choose a folder."
        ) from error
    except Exception as error:  # a damaged directory raises nearly anything
        raise GlimpseError(
            f"{title} is not a readable zip: choose another zip, or a folder."
        ) from error


def _check_directory(path: Path, title: str) -> None:
    """Raises GlimpseError where the list of files alone would fill the memory."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 2**17))
        tail = file.read()
    sizes = [tail[at + 12 : at + 16] for at in [tail.rfind(_END)] if at >= 0]
    sizes += [tail[at + 40 : at + 48] for at in [tail.rfind(_END_64)] if at >= 0]
    known = [int.from_bytes(size, "little") for size in sizes]
    if any(MAX_DIRECTORY_BYTES < size < 2**32 - 1 for size in known):
        raise GlimpseError(f"{title} holds too many files: make a zip of fewer pictures.")


def _names(members: list[zipfile.ZipInfo]) -> tuple[list[str], str | None]:
    """The paths of members, with slashes, and the code page if it had to be guessed."""
    named = [member.filename if member.flag_bits & UTF8_FLAG else None for member in members]
    named = [name or _unicode_path(member) for name, member in zip(named, members, strict=True)]
    unknown = [place for place, name in enumerate(named) if name is None]
    texts, code_page = decoded([_raw(members[place]) for place in unknown])
    for place, text in zip(unknown, texts, strict=True):
        named[place] = text
    pairs = zip(named, members, strict=True)
    return [_with_slashes(name or "", member) for name, member in pairs], code_page


def _raw(member: zipfile.ZipInfo) -> bytes:
    """A name without the flag for UTF-8, as it is in the file: zipfile takes it as cp437."""
    return member.orig_filename.partition("\0")[0].encode("cp437", "replace")


def _unicode_path(member: zipfile.ZipInfo) -> str | None:
    """The name in the extra field for it, where that is meant for the present name."""
    extra, raw = member.extra, _raw(member)
    while len(extra) >= 4:
        kind, size = struct.unpack("<HH", extra[:4])
        field, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == UNICODE_PATH and field[1:5] == struct.pack("<L", zlib.crc32(raw)):
            return field[5:].decode("utf-8", "replace")
    return None


def _with_slashes(name: str, member: zipfile.ZipInfo) -> str:
    """Windows' programs separate by backslashes; elsewhere these may be part of a name."""
    by_windows = member.create_system == DOS or "/" not in name
    return name.replace("\\", "/") if by_windows else name


def _check_path(name: str, title: str) -> None:
    parts = name.replace("\\", "/").split("/")
    outside = ".." in parts or name.startswith(("/", "\\")) or re.fullmatch(r"[A-Za-z]:", parts[0])
    if outside:
        raise GlimpseError(
            f"{title} has a path that leaves the zip, {shown(name)!r}: make a new zip of one "
            "folder."
        )


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> bytes:
    if member.compress_type not in READABLE_METHODS:
        method = METHODS.get(member.compress_type, f"number {member.compress_type}")
        raise GlimpseError(
            f"{name} is compressed by a method that cannot be read, {method}: unpack the zip, and "
            "make a new one by the method Deflate: in 7-Zip, choose it under Compression method."
        )
    if member.flag_bits & LOCKED_FLAG:
        raise GlimpseError(f"{name} needs a password: make a new zip without one.")
    try:
        with archive.open(member) as file:  # reads at most the size that was checked
            return file.read()
    except Exception as error:  # each method of compression has its own errors
        raise GlimpseError(
            f"{name} in the zip is damaged: replace or remove it and make a new zip."
        ) from error
