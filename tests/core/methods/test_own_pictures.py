"""Methods that train on a person's own pictures."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.__main__ import main
from core.config import parse_config
from core.errors import GlimpseError
from core.methods.inpainting import Inpainting
from core.methods.inpainting_config import InpaintingConfig
from core.methods.simclr import SimClr
from core.methods.simclr_config import SimClrConfig
from core.training.run_folder import list_runs
from tests.core.data.test_own_pictures import DIGITS, GOOD, as_zip

SMALL: dict[type, dict[str, Any]] = {
    SimClr: {"width": 4, "batch_size": 8},
    Inpainting: {"width": 8, "batch_size": 4},
}


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    return as_zip(tmp_path / "own.zip", GOOD)


@pytest.mark.parametrize("kind", SMALL)
def test_a_run_goes_on_with_the_same_pictures_and_no_others(
    kind: type[SimClr] | type[Inpainting], pictures: Path
) -> None:
    config = parse_config(
        kind.Config, {"source": "own", "pictures": str(pictures), "steps": 2} | SMALL[kind]
    )
    method = kind(config)  # type: ignore[arg-type]
    trained_on = method.pictures.images if isinstance(method, SimClr) else method.images
    np.testing.assert_array_equal(trained_on.numpy(), DIGITS)
    method.step(1)
    state = method.state()
    kind(config).load_state(state)  # type: ignore[arg-type]

    as_zip(pictures, {name: content for name, content in GOOD.items() if name != "a/02.png"})
    with pytest.raises(GlimpseError, match=r"own.zip are no longer those that this run began with"):
        kind(config).load_state(state)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", [SimClrConfig, InpaintingConfig])
def test_pictures_and_their_source_go_together(
    kind: type[SimClrConfig] | type[InpaintingConfig],
) -> None:
    with pytest.raises(GlimpseError, match="The source own needs pictures: give a folder or a zip"):
        parse_config(kind, {"source": "own"})
    with pytest.raises(GlimpseError, match="Pictures are for the source own, not for sample"):
        parse_config(kind, {"pictures": "here.zip"})


def test_the_command_line_trains_on_them_or_says_why_not(
    pictures: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["train", "simclr", "--source", "own", "--pictures", str(pictures), "--steps", "1",
             "--batch-size", "8", "--width", "4"]  # fmt: skip
    monkeypatch.setattr("sys.argv", ["core", *words])
    assert main(words) == 0
    (run,) = list_runs()
    assert run.config["pictures"] == str(pictures) and run.status().state == "finished"
    pictures.write_text("no zip")
    assert main(words) == 1
    assert "own.zip is not a zip that can be read" in capsys.readouterr().out
