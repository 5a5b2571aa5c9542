"""The initialisations of the race: all there, of one network with other weights, and small."""

import json

import pytest
import torch

from core.data.episodes import Episodes
from core.flags import command_line
from core.methods.few_shot import task_sources
from core.methods.few_shot.config import FewShotConfig
from core.paths import ASSETS
from core.studies.protocols import PROTOCOLS, PUBLISHED, SETTINGS, Protocol, Row, measure, table
from core.zoo.initialisations import RACE, SINUSOIDS, Initialisation, load_initialisation

FEW_SHOT_BYTES = 5_000_000
WEIGHTS = ASSETS / "weights"


@pytest.mark.parametrize("initialisation", [*RACE, *SINUSOIDS], ids=lambda each: each.title)
def test_an_initialisation_loads_and_its_command_makes_its_config(
    initialisation: Initialisation,
) -> None:
    like = "race-maml" if initialisation in RACE else "sinusoid-maml"
    method = load_initialisation(initialisation, like)
    assert all(value.isfinite().all() for value in method.weights().values())
    if initialisation.weights:
        card = json.loads((WEIGHTS / f"{initialisation.weights}.json").read_text())
        assert card["command"] == command_line("maml", FewShotConfig(**card["config"]))
        assert card["figures"]["test_tasks"] == 1000


def test_an_initialisation_adapts_without_the_data_that_it_was_trained_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing(*_: object) -> None:
        raise AssertionError("data were asked for")

    monkeypatch.setattr(task_sources, "held_pool", missing)
    monkeypatch.setattr(task_sources, "load_omniglot", missing)
    ink = torch.rand(1, 4, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    labels = torch.tensor([[0, 0, 1, 1]])
    for initialisation in RACE:
        adaptation = load_initialisation(initialisation).adapt(
            Episodes(ink, labels, ink, labels), steps=1
        )
        assert adaptation.outputs.shape == (1, 2, 4, 2)
        assert adaptation.outputs.isfinite().all()


@pytest.mark.parametrize("rotations", [False, True])
@pytest.mark.parametrize("origin", ["omniglot", "strokes"])
def test_the_training_classes_are_counted_without_looking(
    origin: task_sources.Origin, rotations: bool
) -> None:
    source = task_sources.TaskSource(origin, "random", rotations)
    assert source.n_training_classes() == len(source.training_pool())


def test_the_race_is_between_equal_networks_with_other_weights() -> None:
    networks = [load_initialisation(each).learner.network.state_dict() for each in RACE]
    for one in networks[1:]:
        assert {k: v.shape for k, v in one.items()} == {k: v.shape for k, v in networks[0].items()}
        assert not torch.equal(one["kernels.0"], networks[0]["kernels.0"])


def test_all_few_shot_weights_together_are_small() -> None:
    names = {each.weights for each in (*RACE, *SINUSOIDS) if each.weights}
    names |= {protocol.weights for protocol in PROTOCOLS}
    assert sum((WEIGHTS / f"{name}.safetensors").stat().st_size for name in names) < FEW_SHOT_BYTES


def test_a_protocol_is_measured_in_both_ways_of_batch_norm() -> None:
    rows = list(measure(Protocol("strokes", "maml", "strokes"), n_tasks=10))
    assert [row.statistics for row in rows] == ["transductive", "inductive"]
    for row in rows:
        assert len(row.cells) == len(SETTINGS)
        assert all(cell and 0.5 < cell[0] <= 1 for cell in row.cells)


def test_views_are_measured_for_one_shot_alone() -> None:
    row = next(measure(Protocol("strokes", "maml", "strokes"), n_tasks=4, shifted_views=True))
    assert [cell is None for cell in row.cells] == [False, True, False, True]


def test_digits_have_no_twenty_classes() -> None:
    row = next(measure(Protocol("digits", "maml", "digits"), n_tasks=2))
    assert [cell is None for cell in row.cells] == [False, False, True, True]


def test_the_table_shows_measured_beside_published_figures() -> None:
    cell = (0.9871, 0.002)
    text = table([Row("ours", "inductive", (cell, None, cell, cell))])
    assert "| ours | inductive | 98.7 ± 0.2 | – | 98.7 ± 0.2 | 98.7 ± 0.2 |" in text
    assert all(title in text for title in PUBLISHED)
    assert "99.47 | 99.85 | 97.65 | 99.33" in text
