"""Training tasks without labels: a class is one picture, whoever drew whatever it shows."""

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from core.__main__ import main
from core.config import parse_config
from core.data.digits import LabelledImages, load_digits
from core.data.images import to_bytes
from core.data.omniglot import Protocol, characters, load_omniglot
from core.errors import GlimpseError
from core.methods.few_shot import unlabelled_tasks
from core.methods.few_shot.config import FewShotConfig
from core.methods.few_shot.method import FewShot, task_source
from core.methods.few_shot.task_sources import Shape, TaskSource
from core.methods.few_shot.unlabelled_tasks import UnlabelledSource, ViewsOf
from core.seeding import generator
from core.training.run_folder import list_runs
from tests.helpers.own_pictures import DIGITS, GOOD, N, as_zip

SHAPE = Shape(12, 2, 3)
SMALL = {
    "source": "unlabelled", "algorithm": "protonet", "filters": 32, "eval_tasks": 50,
    "device": "cpu",
}  # fmt: skip


def few_shot(**settings: Any) -> FewShot:
    return FewShot(parse_config(FewShotConfig, SMALL | settings))


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    return as_zip(tmp_path / "own.zip", GOOD)


@pytest.fixture
def as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """Views are the pictures themselves."""
    monkeypatch.setattr(unlabelled_tasks, "by_another_hand", lambda pictures, *_: pictures)


def pool_of(views_of: ViewsOf, protocol: Protocol = "random") -> Tensor:
    """The pictures uint8 (P, 28, 28) that a run may see."""
    if views_of == "omniglot":
        return load_omniglot().images[characters("train", protocol)].flatten(0, 1)
    return load_digits("sample", "train").images


@pytest.mark.usefixtures("as_they_are")
@pytest.mark.parametrize(
    ("views_of", "protocol"),
    [("omniglot", "random"), ("omniglot", "alphabet"), ("sample", "random")],
)
def test_a_class_is_one_training_picture_and_no_two_classes_are_the_same(
    views_of: ViewsOf, protocol: Protocol
) -> None:
    source = task_source(FewShotConfig(source="unlabelled", views_of=views_of, protocol=protocol))
    tasks = source.draw("train", 3, SHAPE, generator(0, "tasks"))
    assert tasks.support_y.tolist() == [[row // 2 for row in range(24)]] * 3
    support = to_bytes(tasks.support_x).view(3, 12, 2, -1)
    query = to_bytes(tasks.query_x).view(3, 12, 3, -1)
    assert (support == support[:, :, :1]).all() and (query == support[:, :, :1]).all()
    known = {picture.numpy().tobytes() for picture in pool_of(views_of, protocol)}
    for task in support[:, :, 0].numpy():
        drawn = {picture.tobytes() for picture in task}
        assert len(drawn) == SHAPE.n_way and drawn <= known


@pytest.mark.usefixtures("as_they_are")
def test_turned_pictures_are_further_classes() -> None:
    images = load_digits("sample", "train").images
    source = task_source(FewShotConfig(source="unlabelled", views_of="sample", rotations=True))
    assert isinstance(source, UnlabelledSource)
    assert torch.equal(source.classes[2 * len(images) + 5], torch.rot90(images[5], 2))
    assert len(source.classes) == 4 * len(images)


def test_all_pictures_of_a_task_are_different_views() -> None:
    tasks = few_shot().source.draw("train", 2, SHAPE, generator(0, "tasks"))
    seen = torch.cat([tasks.support_x, tasks.query_x], 1).flatten(0, 1).flatten(1)
    assert len(torch.unique(seen, dim=0)) == len(seen) == 2 * 12 * 5


def test_labels_are_never_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """With other labels, and with none at all, a run is the same to the bit."""
    digits = load_digits("sample", "train")

    def losses(labels: Tensor) -> list[float]:
        given = LabelledImages(digits.images, labels)
        monkeypatch.setattr(unlabelled_tasks, "training_pictures", lambda *_place: given)
        method = few_shot(views_of="sample", train_way=5, meta_batch=1)
        return [method.step(step)["loss"] for step in (1, 2)]

    shuffled = digits.labels[torch.randperm(len(digits), generator=generator(0))]
    assert losses(digits.labels) == losses(shuffled) == losses(torch.empty(0))


@pytest.mark.parametrize(
    ("views_of", "origin"), [("omniglot", "omniglot"), ("sample", "digits"), ("own", "omniglot")]
)
def test_held_out_tasks_are_those_of_the_labelled_sources(
    views_of: ViewsOf, origin: Any, pictures: Path
) -> None:
    place = str(pictures) if views_of == "own" else ""
    source = few_shot(views_of=views_of, pictures=place, rotations=True).source
    held_out = source.draw("test", 2, Shape(5, 1, 4), generator(0, "tasks"))
    expected = TaskSource(origin).draw("test", 2, Shape(5, 1, 4), generator(0, "tasks"))
    assert torch.equal(held_out.query_x, expected.query_x)
    assert source.most_ways("test") == TaskSource(origin).most_ways("test")


@pytest.mark.parametrize("algorithm", ["protonet", "maml"])
def test_characters_are_told_apart_far_beyond_chance_after_a_short_run(algorithm: str) -> None:
    method = few_shot(algorithm=algorithm, steps=30, train_way=10, eval_tasks=30)
    before = method.validate(0)["accuracy_after"]
    for step in range(1, 31):
        method.step(step)
    after = method.validate(30)
    assert after["accuracy_after"] - after["accuracy_interval"] > max(0.5, before)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"algorithm": "supervised"}, "Supervised needs labels, and unlabelled pictures have none"),
        ({"views_of": "sample", "n_way": 11}, "evaluated on the 10 digits: choose at most 10 ways"),
        ({"views_of": "own"}, "Views of own pictures need pictures: give a folder or a zip"),
        ({"pictures": "a.zip"}, "Pictures are for views of own pictures, not for omniglot"),
        ({"source": "strokes", "pictures": "a.zip"}, "own pictures, not for strokes"),
    ],
)
def test_what_does_not_go_together_is_one_sentence(settings: dict[str, Any], sentence: str) -> None:
    with pytest.raises(GlimpseError, match=sentence):
        parse_config(FewShotConfig, SMALL | settings)


def test_own_pictures_are_learnt_from_in_the_folders_that_they_are_in(pictures: Path) -> None:
    method = few_shot(views_of="own", pictures=str(pictures), train_way=N)
    method.prepare()
    assert isinstance(method.source, UnlabelledSource)
    assert torch.equal(method.source.classes, torch.from_numpy(DIGITS))
    method.step(1)
    state = method.state()
    few_shot(views_of="own", pictures=str(pictures), train_way=N).load_state(state)

    as_zip(pictures, {name: content for name, content in GOOD.items() if name != "a/02.png"})
    method.step(2)  # it keeps the pictures that it began with
    changed = few_shot(views_of="own", pictures=str(pictures), train_way=11)
    with pytest.raises(GlimpseError, match=r"own.zip have changed since this run began"):
        changed.load_state(state)
    changed.load_network(state)  # which needs no pictures


def test_too_few_pictures_are_refused_before_a_run_begins(
    pictures: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["train", "maml", "--source", "unlabelled", "--views-of", "own", "--pictures",
             str(pictures), "--algorithm", "protonet", "--steps", "1", "--eval-tasks", "2",
             "--filters", "32", "--train-way", "13"]  # fmt: skip
    monkeypatch.setattr("sys.argv", ["core", *words])
    assert main(words) == 1
    said = capsys.readouterr().err
    assert "A training task of 13 ways needs 13 pictures, and there are 12: choose at most" in said
    assert main([*words, "--rotations"]) == 0, "a turned picture is a class too"
    assert main([*words[:-1], "12"]) == 0
    few = as_zip(pictures, dict(list(GOOD.items())[:3]))
    assert main(words) == 1
    said = capsys.readouterr().err
    assert f"{few.name} has 3 pictures that can be read" in said and "give 10 to" in said
    assert main([word if word != str(pictures) else "/nowhere" for word in words]) == 1
    assert "There is no folder or zip /nowhere: check the path." in capsys.readouterr().err
    assert len(list_runs()) == 2, "no run is left that can never work"
