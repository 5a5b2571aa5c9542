"""Own pictures in the data root: zips that were uploaded stay there until somebody removes them."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from core.errors import GlimpseError
from core.paths import data_root

MOST_LETTERS = 1000  # of a path
_DIGEST = re.compile(r"-[0-9a-f]{12}(?=\.zip$)")


@dataclass(frozen=True)
class StoredZip:
    """A zip that was uploaded."""

    path: Path
    n_bytes: int

    @property
    def title(self) -> str:
        """Its name without the digest that makes it unique."""
        return _DIGEST.sub("", self.path.name)


def own_root() -> Path:
    """Where uploaded zips are kept, and folders of pictures that everybody may open."""
    return data_root() / "own"


def stored_zips() -> list[StoredZip]:
    """All that were uploaded, by name. Raises GlimpseError where their folder cannot be read."""
    root = own_root()
    try:
        files = [each for each in os.scandir(root) if each.is_file(follow_symlinks=False)]
        zips = [StoredZip(Path(each.path), each.stat().st_size) for each in files]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise GlimpseError(
            f"{root} cannot be read ({error.strerror}): check who may read it."
        ) from error
    return sorted((each for each in zips if each.path.suffix == ".zip"), key=lambda z: z.path)


def find_stored(place: str) -> StoredZip | None:
    """The uploaded zip at a place, if it is one."""
    path = Path(place)
    if path.suffix != ".zip" or not is_stored(place) or not path.is_file():
        return None
    return StoredZip(path, path.stat().st_size)


def remove_stored(name: str) -> None:
    """Removes an uploaded zip by its file name.

    Raises GlimpseError for a name that is none of `stored_zips`, and where it cannot be removed.
    """
    found = next((each for each in stored_zips() if each.path.name == name), None)
    if found is None:
        raise GlimpseError(
            f"There is no uploaded zip {name[:80]!r}: see `python -m core data list`."
        )
    try:
        found.path.unlink(missing_ok=True)
    except OSError as error:
        raise GlimpseError(
            f"{found.path} cannot be removed ({error.strerror}): check who may write there."
        ) from error


def is_stored(place: str) -> bool:
    """Whether a path lies in `own_root`. For any other the disk is not even looked at."""
    root = own_root()
    if (
        len(place) > MOST_LETTERS
        or "\0" in place
        or os.path.normpath(place) != place
        or root not in Path(place).parents
    ):
        return False
    try:
        return root in Path(place).resolve().parents  # a link may lead out of it
    except (OSError, RuntimeError):
        return False
