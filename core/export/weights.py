"""Trained weights with their card as one zip file."""

from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from core.errors import GlimpseError

_MOMENT = (1980, 1, 1, 0, 0, 0)  # the same weights make the same zip


def weights_zip(path: Path) -> bytes:
    """`<path>.safetensors` and its card `<path>.json`. Raises GlimpseError where one is missing."""
    parts = [path.with_name(path.name + ending) for ending in (".safetensors", ".json")]
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for part in parts:
            archive.writestr(ZipInfo(part.name, _MOMENT), _content(part), ZIP_DEFLATED)
    return file.getvalue()


def _content(part: Path) -> bytes:
    try:
        return part.read_bytes()
    except OSError as error:
        raise GlimpseError(
            f"{part.name} is not in the folder of the weights: put it back, or export a run."
        ) from error
