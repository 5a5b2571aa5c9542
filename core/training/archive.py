"""A run folder as a zip archive that opens elsewhere as the same run."""

import io
import os
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

from core.training.files import open_regular

FIRST_YEAR, LAST_YEAR = 1980, 2107  # that a zip archive can write


def archive_of(folder: Path) -> bytes:
    """The regular files of a folder, zipped; neither links are followed nor hidden files taken."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in _files(folder):
            _add(archive, path, str(Path(folder.name) / path.relative_to(folder)))
    return buffer.getvalue()


def _files(folder: Path) -> Iterator[Path]:
    """The files below a folder, in order, but for its lock and those of dead writers."""
    for root, folders, names in os.walk(folder):  # goes into no link
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and name != "lock":
                yield Path(root) / name


def _add(archive: zipfile.ZipFile, path: Path, name: str) -> None:
    """Adds a file; nothing where it is not a regular one or has been deleted meanwhile."""
    try:
        source = open_regular(path)
    except OSError:
        return
    with source:
        changed = time.localtime(os.fstat(source.fileno()).st_mtime)
        year = min(max(changed.tm_year, FIRST_YEAR), LAST_YEAR)
        name = name.encode(errors="backslashreplace").decode()
        info = zipfile.ZipInfo(name, (year, *changed[1:6]))
        archive.writestr(info, source.read(), zipfile.ZIP_DEFLATED, compresslevel=1)
