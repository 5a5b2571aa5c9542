"""Omniglot as it is shipped, and its splits."""

import hashlib
import zipfile
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from core.data import omniglot
from core.data.alphabets import BACKGROUND, EVALUATION, character_names
from core.data.catalog import CHARACTERS
from core.data.omniglot import CharacterSet, characters, load_omniglot
from core.errors import GlimpseError

SPLITS = ("train", "validation", "test")


@pytest.fixture(scope="module")
def loaded() -> CharacterSet:
    return load_omniglot()


def test_all_characters_are_there(loaded: CharacterSet) -> None:
    assert loaded.images.shape == (1623, 20, 28, 28)
    assert loaded.images.dtype == torch.uint8
    assert len(loaded.names) == len(set(loaded.names)) == len(loaded.alphabets) == 1623
    assert len(set(loaded.alphabets)) == 50
    assert loaded.names[0] == "Alphabet_of_the_Magi/character01"
    assert loaded.alphabets[964] == "Angelic"


def test_ink_is_bright_and_no_drawing_is_empty(loaded: CharacterSet) -> None:
    ink = loaded.images.float().mean(dim=(2, 3)) / 255
    assert 0.05 < ink.mean() < 0.12
    assert ink.min() > 0


def test_pixels_are_area_averages_of_the_original(
    loaded: CharacterSet, omniglot_root: Path
) -> None:
    """Against 4x enlargement and 15x15 blocks, which is the same average done another way."""
    name = "images_evaluation/Tibetan/character10"
    with zipfile.ZipFile(omniglot_root / "omniglot-py" / "images_evaluation.zip") as archive:
        member = sorted(m for m in archive.namelist() if m.startswith(name) and "png" in m)[3]
        paper = np.asarray(Image.open(BytesIO(archive.read(member))).convert("L"))
    large = np.kron(1 - paper / 255, np.ones((4, 4)))  # 420 = 28 * 15
    expected = large.reshape(28, 15, 28, 15).mean(axis=(1, 3))
    index = loaded.names.index("Tibetan/character10")
    difference = loaded.images[index, 3].numpy() / 255 - expected
    assert np.abs(difference).max() <= 0.5 / 15 + 1e-6  # half a grey level


def test_random_split_is_the_committed_one() -> None:
    parts = [characters(split, "random") for split in SPLITS]  # type: ignore[arg-type]
    assert [len(part) for part in parts] == [1100, 100, 423]
    assert torch.equal(torch.cat(parts).sort().values, torch.arange(1623))
    digest = hashlib.sha256(torch.cat(parts).numpy().astype("<i8").tobytes()).hexdigest()
    assert digest[:16] == "c6822a308227902a"


def test_alphabet_split_shares_no_alphabet() -> None:
    names = character_names(BACKGROUND) + character_names(EVALUATION)
    parts = [characters(split, "alphabet") for split in SPLITS]  # type: ignore[arg-type]
    assert [len(part) for part in parts] == [806, 158, 659]
    assert torch.equal(torch.cat(parts).sort().values, torch.arange(1623))
    train, validation, test = ({names[i].split("/")[0] for i in part} for part in parts)
    assert test == set(EVALUATION)
    assert not train & validation
    assert validation == {
        "Balinese",
        "Early_Aramaic",
        "Inuktitut_(Canadian_Aboriginal_Syllabics)",
        "Mkhedruli_(Georgian)",
        "Tifinagh",
    }


@pytest.mark.parametrize("kept", [None, 0.0, 0.5, 0.999])
def test_a_missing_or_truncated_file_is_one_sentence(
    kept: float | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    damaged = tmp_path / "omniglot.npz"
    if kept is not None:
        content = CHARACTERS.read_bytes()
        damaged.write_bytes(content[: int(kept * len(content))])
    assert_refused(damaged, monkeypatch)


def test_other_pictures_are_refused(
    loaded: CharacterSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One pixel is enough: figures of other data would stand beside the shipped ones."""
    images = loaded.images.numpy().copy()
    images[700, 3, 5, 5] ^= 255
    other = tmp_path / "omniglot.npz"
    np.savez(other, images=images)
    assert_refused(other, monkeypatch)


def assert_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(omniglot, "CHARACTERS", path)
    with pytest.raises(GlimpseError, match="is missing or damaged: get it again") as refusal:
        omniglot.load_omniglot.__wrapped__()
    assert "\n" not in str(refusal.value)
