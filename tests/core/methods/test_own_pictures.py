"""Methods that train on a person's own pictures."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from core.__main__ import main
from core.config import parse_config
from core.errors import GlimpseError
from core.methods.inpainting.config import InpaintingConfig
from core.methods.inpainting.method import Inpainting
from core.methods.simclr import pictures as simclr_pictures
from core.methods.simclr.config import SimClrConfig
from core.methods.simclr.method import SimClr
from core.methods.simclr.pictures import names_in, shown_classes
from core.training.run_folder import list_runs
from tests.helpers.own_pictures import DIGITS, GOOD, INPUTS, as_zip

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
    with pytest.raises(GlimpseError, match=r"own.zip have changed since this run began"):
        kind(config).load_state(state)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", SMALL)
def test_a_run_keeps_the_pictures_that_it_began_with(
    kind: type[SimClr] | type[Inpainting], pictures: Path
) -> None:
    """What is changed or removed while it trains shows when it is resumed, and not before."""
    config = parse_config(
        kind.Config, {"source": "own", "pictures": str(pictures), "steps": 3} | SMALL[kind]
    )
    method = kind(config)  # type: ignore[arg-type]
    method.step(1)
    before = method.state()["own_pictures"]
    as_zip(pictures, {name.replace("a/", "c/"): content for name, content in GOOD.items()})
    method.step(2)
    assert torch.equal(method.state()["own_pictures"], before)
    with pytest.raises(GlimpseError, match=r"own.zip have changed since this run began"):
        kind(config).load_state(method.state())  # type: ignore[arg-type]
    pictures.unlink()
    method.step(3)
    arrays = method.snapshot(0)
    assert torch.equal(method.state()["own_pictures"], before)
    if "names" in arrays:
        assert arrays["names"].tobytes() == b"a\nb"

    as_zip(pictures, GOOD)
    kind(config).load_state(method.state())  # type: ignore[arg-type]


def simclr_of(place: Path, **settings: Any) -> SimClr:
    config = {"source": "own", "pictures": str(place), "steps": 2} | SMALL[SimClr] | settings
    return SimClr(parse_config(SimClrConfig, config))


def test_the_points_are_the_pictures_and_are_evaluated_on_each_other(pictures: Path) -> None:
    method = simclr_of(pictures)
    first, later = method.snapshot(0), method.snapshot(1)
    np.testing.assert_array_equal(first["pictures"], DIGITS)
    assert first["names"].tobytes().decode() == "a\nb"
    assert first["labels"].tolist() == later["labels"].tolist() == [0] * 6 + [1] * 6
    assert set(later) == {"embedding", "layout", "labels"}
    assert first["layout"].shape == (12, 2) and np.isfinite(first["layout"]).all()

    measured = method.validate(0)
    pixels = DIGITS.reshape(12, -1).astype(np.float64)
    assert measured["knn_accuracy_pixels"] == pytest.approx(left_out(pixels, first["labels"]))
    features = method.embed(method.tracked.images).double().numpy()
    assert measured["knn_accuracy"] == pytest.approx(left_out(features, first["labels"]))
    assert method.test() == {name: measured[name] for name in measured if "knn" in name}


def left_out(points: np.ndarray, labels: np.ndarray) -> float:
    """How many are named by all others, weighted by exp(cosine / 0.1)."""
    points = points / np.linalg.norm(points, axis=1, keepdims=True)
    votes = np.exp(points @ points.T / 0.1)
    np.fill_diagonal(votes, 0)
    named = (votes @ np.eye(labels.max() + 1)[labels]).argmax(axis=1)
    return float((named == labels).mean())


def test_pictures_of_one_folder_have_no_accuracy(tmp_path: Path) -> None:
    flat = {name.replace("b/", "a/"): content for name, content in GOOD.items()}
    method = simclr_of(as_zip(tmp_path / "flat.zip", flat))
    assert set(method.validate(0)) == {"alignment", "uniformity"}
    assert method.test() == {}


def test_of_many_pictures_some_are_tracked(monkeypatch: pytest.MonkeyPatch, pictures: Path) -> None:
    monkeypatch.setattr(simclr_pictures, "BANK_OF_OWN", 6)
    monkeypatch.setattr(simclr_pictures, "TRACKED_OF_OWN", 3)
    method = simclr_of(pictures)
    assert len(method.pictures) == 12 and len(method.bank) == 6
    np.testing.assert_array_equal(method.tracked.images.numpy(), DIGITS[[0, 4, 8]])
    assert method.places is not None
    assert torch.equal(method.bank.images[method.places], method.tracked.images)
    assert 0 <= method.validate(0)["knn_accuracy"] <= 1


def test_more_classes_than_colours_are_shown_as_the_largest_and_the_others() -> None:
    names = tuple("abcdefghijkl")
    labels = torch.tensor(
        [place for place in range(12) for _ in range(1 + (place not in (2, 5, 7)))]
    )
    shown, shown_names = shown_classes(labels, names)
    assert shown_names == ("a", "b", "d", "e", "g", "i", "j", "k", "l", "others")
    assert [shown_names[label] for label in shown.tolist()] == [
        names[label] if names[label] in shown_names else "others" for label in labels.tolist()
    ]
    two = torch.tensor([0, 1, 1])
    assert shown_classes(two, ("a", "b")) == (two, ("a", "b"))


def test_odd_names_keep_their_places(tmp_path: Path) -> None:
    """In a folder with a line break, and in a run that somebody else may have made."""
    names = {"a": 'first\nsecond\tthird "fourth"', "b": "z"}
    files = {f"{names[name[0]]}{name[1:]}": content for name, content in GOOD.items()}
    arrays = simclr_of(as_zip(tmp_path / "own.zip", files)).snapshot(0)
    assert names_in(arrays) == ('first␊second␉third "fourth"', "z")
    assert arrays["labels"].tolist() == [0] * 6 + [1] * 6
    broken = arrays | {"names": np.frombuffer(b"\xffa\tb", np.uint8)}
    assert names_in(broken) == ("�a␉b", "class 1")


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
    assert "12 pictures of 2 classes: a (6), b (6).\n" in capsys.readouterr().err
    assert main([word if word != "8" else "13" for word in words]) == 1
    assert "--batch-size 13 is more than the 12 pictures" in capsys.readouterr().err
    pictures.write_text("no zip")
    assert main(words) == 1
    assert "own.zip is not a readable zip" in capsys.readouterr().err
    assert len(list_runs()) == 1, "no run is left that can never work"


def test_the_command_line_says_what_was_done_and_left_out(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    place = INPUTS / "mixed_known_unknown.zip"
    words = ["train", "inpainting", "--source", "own", "--pictures", str(place), "--steps", "1",
             "--batch-size", "2", "--width", "8"]  # fmt: skip
    monkeypatch.setattr("sys.argv", ["core", *words])
    assert main(words) == 0
    said = capsys.readouterr().err
    assert "Left out: 50 .heic files" in said and "No picture that can be read is in c." in said
