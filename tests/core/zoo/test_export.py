"""Exported weights: under the name that was chosen, with a card that is true, and without data."""

import shlex
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
import torch

from core.__main__ import main
from core.config import choices, parse_config
from core.errors import GlimpseError
from core.export.weights import weights_zip
from core.flags import command_line
from core.methods.few_shot.config import FewShotConfig
from core.methods.few_shot.method import FewShot
from core.registry import load_method
from core.training.files import replace_json
from core.training.run_folder import RunFolder, create_run, list_runs, open_run
from core.training.worker import work
from core.zoo.weights import (
    SHIPPED,
    export,
    load_weights,
    restore,
    restore_run,
    restore_with_card,
    shipped_names,
)
from tests.helpers.own_pictures import GOOD, as_zip
from tests.helpers.training import final_bytes, pause_at

TINY: dict[str, dict[str, Any]] = {
    "simclr": {"width": 4, "batch_size": 8},
    "inpainting": {"width": 8, "batch_size": 4},
    "maml": {"source": "sinusoids", "inner_lr": 0.01, "eval_tasks": 4},
}


def trained(method: str, steps: int = 2, pause: int = 0, **settings: Any) -> RunFolder:
    kind = load_method(method).Config
    config = parse_config(kind, {"steps": steps} | TINY[method] | settings)
    run = create_run(method, config.model_dump(), steps)
    status = work(run, pause_at(run, pause) if pause else None)
    assert status.state == ("paused" if pause else "finished"), status.message
    return run


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    return as_zip(tmp_path / "own.zip", GOOD)


@pytest.mark.parametrize("method", ["simclr", "inpainting"])
@pytest.mark.parametrize("change", ["gone", "changed", "no longer pictures"])
def test_a_network_is_restored_and_exported_without_the_pictures_it_was_trained_on(
    method: str, change: str, pictures: Path, tmp_path: Path
) -> None:
    run = trained(method, source="own", pictures=str(pictures))
    before = restore_run(run).weights()
    if change == "gone":
        pictures.unlink()
    elif change == "changed":
        as_zip(pictures, dict(list(GOOD.items())[:11]))
    else:
        pictures.write_text("no zip")
    card = export(run, tmp_path / "mine")
    loaded = restore(load_weights(tmp_path / "mine")).weights()
    for name, value in restore_run(run).weights().items():
        assert torch.equal(value, before[name]) and torch.equal(loaded[name], before[name])
    if method == "simclr":  # whose figures are of these pictures
        reasons = {"gone": "There is no folder or zip", "changed": "have changed since this run"}
        assert card["figures"] == {} and reasons.get(change, "own.zip") in card["unmeasured"]
    else:
        assert card["figures"]["half_ssim"] > -1 and "unmeasured" not in card


@pytest.mark.parametrize(
    ("method", "settings"),
    [
        *[("maml", {"source": "omniglot", "algorithm": each, "filters": 32})
          for each in choices(FewShotConfig.model_fields["algorithm"])],
        *[("simclr", {"source": each, "width": 4}) for each in ("mnist", "omniglot", "cifar10")],
        *[("inpainting", {"source": each, "width": 8}) for each in ("mnist", "omniglot")],
    ],
    ids=str,
)  # fmt: skip
def test_no_network_needs_a_download_to_be_restored(
    method: str, settings: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLIMPSE_DATA", str(tmp_path / "empty"))
    kind = load_method(method)
    trained, restored = (kind(parse_config(kind.Config, settings | {"seed": n})) for n in (1, 2))
    restored.load_network(trained.state())
    for name, value in trained.weights().items():
        assert torch.equal(restored.weights()[name], value)
    if method == "maml":  # making the first optimiser takes seconds, which a page would wait for
        assert "optimizer" not in vars(restored)


def test_a_run_is_restored_with_a_card_that_says_how_it_was_made() -> None:
    run = trained("maml", steps=4, pause=2, source="strokes", filters=32, train_way=4, eval_tasks=2)
    method, card = restore_with_card(run)
    assert method.config.steps == 4 and card["config"] == method.config.model_dump()
    assert (card["steps"], card["unfinished"]) == (2, "after 2 of 4 steps")
    assert card["command"] == command_line("maml", method.config, stop_at=2)
    assert card["evaluate"] == f"python -m core evaluate {run.id}"
    assert card["figures"] == {} and card["date"] != "not recorded"


def test_moved_pictures_can_be_named_to_evaluate(
    pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = trained("simclr", source="own", pictures=str(pictures))
    figures = restore_run(run).test()
    moved = tmp_path / "elsewhere.zip"
    pictures.rename(moved)
    assert main(["evaluate", run.id]) == 1
    assert "There is no folder or zip" in capsys.readouterr().err
    assert main(["evaluate", run.id, "--pictures", str(moved)]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert {name: float(value) for name, value in lines} == pytest.approx(figures, abs=1e-4)


def test_a_run_does_not_go_on_with_other_pictures(pictures: Path) -> None:
    run = trained("simclr", steps=4, pause=2, source="own", pictures=str(pictures))
    as_zip(pictures, dict(list(GOOD.items())[:11]))
    assert main(["runs", "resume", run.id]) == 1
    assert "have changed since this run began" in run.status().message


def test_a_relative_place_is_kept_absolute(pictures: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(pictures.parent)
    monkeypatch.setenv("HOME", str(pictures.parent))
    for typed in ("own.zip", "./own.zip", "~/own.zip", str(pictures)):
        config = parse_config(load_method("simclr").Config, {"source": "own", "pictures": typed})
        assert config.model_dump()["pictures"] == str(pictures)


def test_what_follows_a_dot_in_a_chosen_name_is_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run, out = trained("maml"), tmp_path / "out"
    for name in ("lr-0.1", "lr-0.5.safetensors", "v1.2.json", ".hidden", "a.b.c"):
        assert main(["runs", "export", run.id, str(out / name)]) == 0
    names = ("lr-0.1", "lr-0.5", "v1.2", ".hidden", "a.b.c")
    expected = {f"{name}{ending}" for name in names for ending in (".json", ".safetensors")}
    assert {path.name for path in out.iterdir()} == expected
    capsys.readouterr()
    for typed in ("lr-0.1", "lr-0.5.json", "lr-0.5.safetensors", "a.b.c"):
        assert main(["evaluate", str(out / typed)]) == 0
        assert "error_after" in capsys.readouterr().out
    assert b"lr-0.1.safetensors" in weights_zip(out / "lr-0.1")
    with pytest.raises(GlimpseError, match="has no name for the weights"):
        export(run, Path("/"))


@pytest.mark.parametrize("typed", ["mine", "weights/mine 2", "mine.safetensors"])
def test_the_command_of_a_card_evaluates_what_was_exported(
    typed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    card = export(trained("maml"), Path(typed))
    words = shlex.split(card["evaluate"])
    assert words[:3] == ["python", "-m", "core"] and main(words[3:]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert {name: float(value) for name, value in lines} == card["figures"]


@pytest.mark.parametrize("method", ["maml", "simclr"])
def test_half_the_bits_are_half_the_file_and_have_figures_of_their_own(
    method: str, tmp_path: Path
) -> None:
    run = trained(method)
    sizes = []
    for name, half in (("whole", False), ("half", True)):
        card = export(run, tmp_path / name, half=half)
        sizes.append(sum(v.nbytes for v in load_weights(tmp_path / name).tensors.values()))
    assert sizes[1] < 0.51 * sizes[0]
    whole, rounded = (restore(load_weights(tmp_path / name)) for name in ("whole", "half"))
    for name, value in whole.weights().items():
        found = rounded.weights()[name]
        assert found.dtype == value.dtype == torch.float32 or not value.is_floating_point()
        assert torch.equal(found, value.half().float() if value.is_floating_point() else value)
    figures = {name: round(value, 4) for name, value in rounded.test().items()}
    assert figures == card["figures"]


def test_weights_that_are_shipped_are_evaluated_by_their_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.zoo.weights.SHIPPED", tmp_path)
    card = export(trained("maml"), tmp_path / "maml-new")
    assert card["evaluate"] == "python -m core evaluate maml-new"


def test_a_wrong_name_is_answered_with_the_right_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "mamlnew"]) == 1
    answer = capsys.readouterr().err
    assert answer.startswith("There are no usable weights at mamlnew") and "labels" in answer
    of_methods = {path.stem for path in SHIPPED.glob("*.json")} - {"digit_classifier", "oml"}
    assert shipped_names() == sorted(of_methods)
    assert all(f" {name}," in answer for name in shipped_names())


def test_a_card_records_the_training_not_the_export(tmp_path: Path) -> None:
    torch.set_num_threads(1)
    run = trained("maml", steps=9, pause=3)
    torch.set_num_threads(2)
    card = export(run, tmp_path / "mine")
    assert card["hardware"].startswith("1 thread of ")
    assert torch.__version__.startswith(card["torch"]) and len(card["date"]) == 10
    assert card["steps"] == 3 and card["unfinished"] == "after 3 of 9 steps"


def test_the_command_of_a_run_that_was_paused_makes_the_same_network(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run = trained("maml", steps=9, pause=3)
    _, card = restore_with_card(run)
    assert card["command"].endswith(
        "--steps 9 --source sinusoids --inner-lr 0.01 --eval-tasks 4 --stop-at 3"
    )
    monkeypatch.setattr(sys, "argv", shlex.split(card["command"])[2:])
    assert main() == 0
    [again] = [each for each in list_runs() if each.id != run.id]
    assert (again.status().state, again.status().step) == ("stopped", 3)
    assert final_bytes(again) == final_bytes(run)


def test_an_older_run_does_not_say_what_was_not_recorded(
    runs_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FewShot, "test", lambda _: {})
    made_before = Path(__file__).parents[1] / "training" / "runs_made_before"
    [old] = made_before.glob("maml-*")
    shutil.copytree(old, runs_folder / old.name)
    card = export(open_run(old.name), tmp_path / "old")
    assert card["hardware"] == card["torch"] == card["date"] == "not recorded"


def test_a_card_that_is_no_card_is_one_sentence(tmp_path: Path) -> None:
    export(trained("maml"), tmp_path / "mine")
    cards: list[Any] = [[], {"method": "maml", "config": 3}, {"method": []}, None]
    for card in cards:
        replace_json(tmp_path / "mine.json", card)
        with pytest.raises(GlimpseError, match="no usable weights at mine"):
            load_weights(tmp_path / "mine")
