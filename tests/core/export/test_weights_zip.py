"""Downloaded weights are the file and its card, byte for byte."""

import json
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from safetensors.numpy import load

from core.errors import GlimpseError
from core.export.weights import weights_zip
from core.paths import ASSETS

SHIPPED = ASSETS / "weights" / "maml"


def test_the_zip_holds_weights_and_card() -> None:
    with zipfile.ZipFile(BytesIO(weights_zip(SHIPPED))) as archive:
        assert archive.testzip() is None
        files = {name: archive.read(name) for name in archive.namelist()}
    assert files == {
        "maml.safetensors": SHIPPED.with_suffix(".safetensors").read_bytes(),
        "maml.json": SHIPPED.with_suffix(".json").read_bytes(),
    }
    assert load(files["maml.safetensors"])
    assert json.loads(files["maml.json"])["method"] == "maml"


def test_the_same_weights_make_the_same_zip() -> None:
    assert weights_zip(SHIPPED) == weights_zip(SHIPPED)


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "mine.safetensors").write_bytes(b"")
    with pytest.raises(GlimpseError, match=r"^mine\.json is not in the folder"):
        weights_zip(tmp_path / "mine")
