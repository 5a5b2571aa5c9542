"""Omniglot from its archives, its cache and its splits."""

import hashlib
import shutil
import zipfile
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from core.data import omniglot
from core.data.alphabets import BACKGROUND, EVALUATION, character_names
from core.data.omniglot import CharacterSet, characters, load_omniglot
from core.errors import GlimpseError

SPLITS = ("train", "validation", "test")


@pytest.fixture(scope="module")
def loaded(omniglot_root: Path) -> CharacterSet:
    assert omniglot_root.is_dir()
    return load_omniglot()


@pytest.fixture
def tiny_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data root with archives of one alphabet of two characters each, and a separate cache."""
    monkeypatch.setenv("GLIMPSE_DATA", str(tmp_path))
    monkeypatch.setenv("GLIMPSE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(omniglot, "ARCHIVES", {"images_background": {"A": 2}})
    write_archive(tmp_path, "images_background", {"A": 2})
    return tmp_path


def drawing(seed: int) -> np.ndarray:
    """Ink bool (105, 105): random blobs."""
    rng = np.random.default_rng(seed)
    return np.kron(rng.random((21, 21)) < 0.2, np.ones((5, 5))).astype(bool)


def write_archive(root: Path, folder: str, alphabets: dict[str, int], drawings: int = 20) -> Path:
    path = root / "omniglot-py" / f"{folder}.zip"
    path.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for c, name in enumerate(character_names(alphabets)):
            for d in range(drawings):
                png = BytesIO()
                Image.fromarray(~drawing(20 * c + d)).save(png, "PNG")
                archive.writestr(f"{folder}/{name}/{c:04d}_{d + 1:02d}.png", png.getvalue())
    return path


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


def test_missing_archives_say_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLIMPSE_DATA", str(tmp_path))
    with pytest.raises(GlimpseError, match="python -m core data download omniglot"):
        load_omniglot()


def test_cache_is_used_and_follows_the_archive(
    tiny_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = fresh_images()
    assert first.shape == (2, 20, 28, 28)
    with monkeypatch.context() as patch:
        patch.setattr(omniglot, "_read_archive", refuse)
        assert torch.equal(fresh_images(), first)
    write_archive(tiny_root, "images_background", {"B": 2})
    with pytest.raises(GlimpseError, match="damaged or not Omniglot's"):
        fresh_images()


@pytest.mark.parametrize("damage", [b"", b"not a cache", None])
def test_damaged_cache_is_made_anew(tiny_root: Path, damage: bytes | None) -> None:
    first = fresh_images()
    cache = tiny_root / "cache" / "omniglot.npz"
    cache.write_bytes(cache.read_bytes()[:-300] if damage is None else damage)
    assert torch.equal(fresh_images(), first)
    assert zipfile.is_zipfile(cache)


def test_cache_that_cannot_be_written_costs_nothing_else(
    tiny_root: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tiny_root / "cache").write_text("a file where the folder should be")
    assert fresh_images().shape == (2, 20, 28, 28)
    assert "not cached" in caplog.text


@pytest.mark.parametrize("kept", [0.0, 0.5, 0.999])
def test_truncated_archive_is_one_sentence(tiny_root: Path, kept: float) -> None:
    archive = tiny_root / "omniglot-py" / "images_background.zip"
    content = archive.read_bytes()
    archive.write_bytes(content[: int(kept * len(content))])
    with pytest.raises(GlimpseError, match="damaged"):
        fresh_images()


def test_archive_with_flipped_bytes_is_one_sentence(tiny_root: Path) -> None:
    archive = tiny_root / "omniglot-py" / "images_background.zip"
    content = bytearray(archive.read_bytes())
    content[200:260] = bytes(60)
    archive.write_bytes(content)
    with pytest.raises(GlimpseError, match="damaged"):
        fresh_images()


def test_archive_that_lacks_a_drawing_is_refused(tiny_root: Path) -> None:
    write_archive(tiny_root, "images_background", {"A": 2}, drawings=19)
    with pytest.raises(GlimpseError, match="damaged or not Omniglot's"):
        fresh_images()


def test_cache_is_small(loaded: CharacterSet, shared_cache: Path) -> None:
    assert len(loaded.names) == 1623
    assert 1_000_000 < (shared_cache / "omniglot.npz").stat().st_size < 4_000_000
    assert [path.name for path in shared_cache.iterdir()] == ["omniglot.npz"]  # nothing left aside


def fresh_images() -> torch.Tensor:
    """What a process that has not loaded them yet would get."""
    omniglot._load.cache_clear()
    return load_omniglot().images


def refuse(*_: object) -> None:
    raise AssertionError("the archive was read although there is a cache")


def test_a_copied_root_gives_the_same_pictures(tiny_root: Path) -> None:
    first = fresh_images()
    copied = tiny_root / "omniglot-py" / "copied"
    shutil.copy(tiny_root / "omniglot-py" / "images_background.zip", copied)
    copied.replace(tiny_root / "omniglot-py" / "images_background.zip")  # a new time stamp
    assert torch.equal(fresh_images(), first)
