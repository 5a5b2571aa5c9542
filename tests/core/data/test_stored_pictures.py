"""Uploaded zips: found, listed and removed by their names, and nothing else with them."""

from pathlib import Path

import pytest

from core.__main__ import main
from core.data.own_pictures import keep_zip
from core.data.stored_pictures import find_stored, is_stored, stored_zips
from core.errors import GlimpseError


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GLIMPSE_DATA", str(tmp_path / "data"))
    return tmp_path / "data" / "own"


def test_an_upload_is_listed_and_removed_in_the_terminal(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = Path(keep_zip("my cats.zip", bytes(2_000_000)))
    (root / "folder.zip").mkdir()
    (root / "link.zip").symlink_to(place)
    (root / "half.part").write_bytes(b"")
    assert [each.title for each in stored_zips()] == ["my-cats.zip"]
    assert main(["data", "list"]) == 0
    assert f"{place.name}  2.0 MB, pictures that were uploaded" in capsys.readouterr().out
    assert main(["data", "remove", place.name]) == 0 and not place.exists()
    assert main(["data", "list"]) == 0
    assert "uploaded" not in capsys.readouterr().out.partition("is removed")[2]


@pytest.mark.parametrize("name", ["../secret.zip", "link.zip", "gone.zip", "", "."])
def test_nothing_else_is_removed(root: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    root.mkdir(parents=True)
    secret = root.parent / "secret.zip"
    secret.write_bytes(b"")
    (root / "link.zip").symlink_to(secret)
    assert main(["data", "remove", name]) == 1
    assert "There is no uploaded zip" in capsys.readouterr().err
    assert secret.exists() and (root / "link.zip").is_symlink()


def test_a_place_is_stored_where_it_lies_below_the_folder_of_own_pictures(root: Path) -> None:
    inside = Path(keep_zip("a.zip", b"PK"))
    found = find_stored(str(inside))
    assert found is not None and found.n_bytes == 2
    (root / "out").symlink_to(root.parent)
    assert is_stored(str(root / "folder"))
    for place in (root, root.parent, root / "out" / "a.zip", f"{root}/../own/a.zip", "a.zip", ""):
        assert not is_stored(str(place)), place


def test_a_folder_that_cannot_be_read_is_one_sentence(root: Path) -> None:
    root.parent.mkdir()
    root.write_text("a file where the folder should be")
    with pytest.raises(GlimpseError, match="cannot be read"):
        stored_zips()
