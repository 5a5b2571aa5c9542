"""The file of characters that Glimpse ships, made from the archives."""

import zipfile
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.data.alphabets import BACKGROUND, EVALUATION, character_names
from core.data.omniglot import load_omniglot
from core.makers.omniglot import read_archive


def write_archive(path: Path, alphabets: dict[str, int], drawings: int, side: int = 105) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name in character_names(alphabets):
            for drawing in range(1, drawings + 1):
                png = BytesIO()
                Image.new("1", (side, side), 1).save(png, "PNG")
                archive.writestr(f"{path.stem}/{name}/0001_{drawing:02}.png", png.getvalue())


@pytest.mark.slow
@pytest.mark.parametrize(("name", "alphabets", "first"), [
    ("images_background", BACKGROUND, 0), ("images_evaluation", EVALUATION, 964),
])  # fmt: skip
def test_the_shipped_pictures_are_those_of_the_archives(
    name: str, alphabets: dict[str, int], first: int, omniglot_root: Path
) -> None:
    made = read_archive(omniglot_root / "omniglot-py" / f"{name}.zip", alphabets)
    shipped = load_omniglot().images[first : first + len(made)].numpy()
    np.testing.assert_array_equal(made, shipped)


@pytest.mark.parametrize(("drawings", "side", "reason"), [
    (19, 105, "19 drawings instead of 20"), (20, 104, r"\(104, 104\) pixels"),
])  # fmt: skip
def test_an_archive_that_is_not_omniglots_is_refused(
    drawings: int, side: int, reason: str, tmp_path: Path
) -> None:
    archive = tmp_path / "images_background.zip"
    write_archive(archive, {"A": 2}, drawings, side)
    with pytest.raises(ValueError, match=reason):
        read_archive(archive, {"A": 2})
