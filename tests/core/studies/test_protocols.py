"""The four settings of the protocols, on the test tasks of one network."""

from typing import Any

import pytest

from core.__main__ import main
from core.methods.few_shot.config import FewShotConfig
from core.methods.few_shot.method import FewShot
from core.studies import protocols
from core.training.loop import train
from core.training.run_folder import RunFolder, create_run

TINY = {"steps": 1, "filters": 32, "meta_batch": 1, "train_way": 5, "eval_tasks": 2}


def trained(**settings: Any) -> RunFolder:
    config = FewShotConfig.model_validate(TINY | settings)
    run = create_run("maml", config.model_dump(mode="json"), config.steps)
    train(run)
    return run


def test_a_run_without_labels_stands_beside_those_that_had_none(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = trained(source="unlabelled", algorithm="protonet")
    digits = trained(source="unlabelled", views_of="sample", algorithm="protonet")
    shapes = []

    def scores(_method: object, _source: object, split: str, n_tasks: int, shape: Any,
               *_more: object) -> dict[str, float]:  # fmt: skip
        shapes.append(shape)
        assert split == "test" and n_tasks == 1000
        return {"accuracy_after": 0.5, "accuracy_interval": 0.01}

    monkeypatch.setattr(FewShot, "scores", scores)
    assert main(["evaluate", "protocols", "--of", run.id]) == 0
    said = capsys.readouterr().out
    assert shapes == 2 * list(protocols.SETTINGS)
    assert f"| {run.id} | inductive | 50.0 ± 1.0 | 50.0 ± 1.0 | 50.0 ± 1.0 | 50.0 ± 1.0 |" in said
    assert "| *published: UMTRA* | | 83.8 | 95.4 | 74.3 | 92.1 |" in said
    assert "| *published: UFLST* | | 97 | 99.2 | – | – |" in said and "MAML++" not in said

    assert main(["evaluate", "protocols", "--of", digits.id]) == 0
    assert "| transductive | 50.0 ± 1.0 | 50.0 ± 1.0 | – | – |" in capsys.readouterr().out


def test_what_has_no_protocols_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    for words, sentence in (
        (["evaluate", "views", "--of", "maml"], "--of is for protocols, not for views"),
        (["evaluate", "protocols", "--of", "simclr"], "simclr tells no classes apart"),
        (
            ["evaluate", "protocols", "--of", "sinusoid-maml"],
            "sinusoid-maml tells no classes apart",
        ),
        (["evaluate", "protocols", "--of", "gone"], "There are no usable weights at gone"),
    ):
        assert main(words) == 1
        assert sentence in capsys.readouterr().err
