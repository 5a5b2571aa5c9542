"""SimCLR against the paper's equation, its own interrupted self, and its untrained self."""

from typing import Any

import numpy as np
import pytest
import torch

from core.data.digits import load_digits
from core.errors import GlimpseError
from core.methods.simclr.config import SimClrConfig
from core.methods.simclr.method import SimClr, learning_rate


def quick(**changes: Any) -> SimClrConfig:
    return SimClrConfig(**({"steps": 40, "batch_size": 64, "width": 8} | changes))


def test_learning_rate_warms_up_and_falls_to_nothing() -> None:
    config = quick(steps=120, learning_rate=1e-2)
    rates = [learning_rate(step, config) for step in range(1, 121)]
    assert rates[9] == pytest.approx(5e-3)
    assert rates[19] == pytest.approx(1e-2)
    assert rates[69] == pytest.approx(5e-3)
    assert rates[-1] == pytest.approx(0, abs=1e-12)
    assert max(rates) == pytest.approx(1e-2)


def test_a_run_shorter_than_the_warm_up() -> None:
    config = quick(steps=3, learning_rate=3e-3)
    assert [learning_rate(step, config) for step in (1, 2, 3)] == pytest.approx([1e-3, 2e-3, 3e-3])


@pytest.mark.parametrize("loss", ["nt-xent", "simsiam"])
def test_a_resumed_run_is_the_uninterrupted_one(loss: str) -> None:
    straight = SimClr(quick(loss=loss))
    for step in range(1, 9):
        straight.step(step)
        if step == 4:
            straight.snapshot(4)

    first = SimClr(quick(loss=loss))
    for step in range(1, 5):
        first.step(step)
    first.validate(4)
    first.snapshot(4)
    kept = {name: tensor.clone() for name, tensor in first.state().items()}
    torch.manual_seed(99)
    resumed = SimClr(quick(loss=loss))
    resumed.load_state(kept)
    for step in range(5, 9):
        resumed.step(step)

    expected, found = straight.state(), resumed.state()
    assert expected.keys() == found.keys()
    assert all(torch.equal(expected[name], found[name]) for name in expected)


def test_training_lowers_the_loss_and_beats_the_untrained_encoder() -> None:
    method = SimClr(quick(steps=100, batch_size=128))
    losses = [method.step(step)["loss"] for step in range(1, 101)]
    assert np.mean(losses[-10:]) < np.mean(losses[:10]) - 0.5
    scores = method.validate(100)
    assert scores["knn_accuracy"] > scores["knn_accuracy_untrained"] + 0.02
    assert scores["knn_accuracy_pixels"] == pytest.approx(0.927, abs=1e-6)


@pytest.mark.parametrize("loss", ["vicreg", "barlow-twins", "simsiam"])
def test_losses_without_negatives_do_not_collapse(loss: str) -> None:
    method = SimClr(quick(loss=loss, steps=60, batch_size=128))
    for step in range(1, 61):
        method.step(step)
    scores = method.validate(60)
    assert scores["uniformity"] < -0.5  # 0 on a single point
    assert scores["knn_accuracy"] > scores["knn_accuracy_untrained"] - 0.02


def test_a_checkpoint_without_the_predictor_is_refused() -> None:
    kept = SimClr(quick(loss="simsiam")).state()
    with pytest.raises(GlimpseError, match="do not fit"):
        SimClr(quick(loss="simsiam")).load_state(
            {name: value for name, value in kept.items() if "predictor" not in name}
        )


def test_without_repulsion_it_collapses() -> None:
    method = SimClr(quick(loss="attraction", head=False, steps=60, batch_size=128))
    before = method.validate(0)
    for step in range(1, 61):
        last = method.step(step)
    after = method.validate(60)
    assert last["loss"] < 0.2
    assert before["uniformity"] < -0.5 < -0.1 < after["uniformity"] <= 0
    assert after["knn_accuracy"] < before["knn_accuracy"] - 0.03


def test_dcl_learns_too() -> None:
    method = SimClr(quick(loss="dcl", steps=40, batch_size=128))
    for step in range(1, 41):
        method.step(step)
    scores = method.validate(40)
    assert scores["knn_accuracy"] > scores["knn_accuracy_untrained"]


def test_without_a_head_the_loss_compares_the_features() -> None:
    method = SimClr(quick(head=False))
    images = method.tracked.images[:4]
    method.net.eval()
    assert torch.equal(method.net(images[:, None].float() / 255), method.embed(images))
    assert not any(name.startswith("head") for name in method.weights())


def test_evaluation_repeats_itself() -> None:
    method = SimClr(quick())
    method.step(1)
    assert method.validate(1) == method.validate(1)


def test_an_epoch_meets_each_picture_once() -> None:
    method = SimClr(quick(batch_size=500))
    epoch = torch.cat([method._batch(step) for step in range(1, 9)])
    assert torch.equal(epoch.sort().values, torch.arange(4000))
    assert not torch.equal(method._batch(1), method._batch(9))


def test_snapshot_holds_the_tracked_digits() -> None:
    snapshot = SimClr(quick()).snapshot(0)
    assert snapshot["embedding"].shape == (1000, 16)
    assert snapshot["embedding"].dtype == np.float16
    expected = load_digits("sample", "held_out").labels.numpy()
    np.testing.assert_array_equal(snapshot["labels"], expected)
    assert snapshot["layout"].shape == (1000, 2)
    assert sum(array.nbytes for array in snapshot.values()) < 40_000


def test_a_layout_starts_from_the_one_before_also_after_a_resume() -> None:
    straight, resumed = SimClr(quick()), SimClr(quick())
    first = straight.snapshot(0)["layout"]
    resumed.load_state(straight.state())
    second = straight.snapshot(1)["layout"]
    np.testing.assert_array_equal(resumed.snapshot(1)["layout"], second)
    assert np.abs(second - first).mean() < 0.5
    assert not np.array_equal(SimClr(quick()).snapshot(1)["layout"], second)


def test_weights_give_the_same_embedding_back() -> None:
    trained, fresh = SimClr(quick()), SimClr(quick(seed=1))
    trained.step(1)
    images = trained.tracked.images[:10]
    assert not torch.equal(trained.embed(images), fresh.embed(images))
    fresh.load_weights(trained.weights())
    assert torch.equal(trained.embed(images), fresh.embed(images))


def test_weights_of_another_width_are_refused() -> None:
    with pytest.raises(GlimpseError, match="do not fit"):
        SimClr(quick()).load_weights(SimClr(quick(width=16)).weights())


def test_a_batch_larger_than_the_data_is_refused() -> None:
    with pytest.raises(GlimpseError, match="choose a smaller"):
        SimClr(quick(batch_size=4001)).prepare()


@pytest.mark.usefixtures("mnist_root")
def test_runs_on_the_full_mnist_track_the_same_digits() -> None:
    method = SimClr(quick(source="mnist"))
    assert len(method.pictures) == 59_000
    assert torch.equal(method.tracked.images, load_digits("sample", "held_out").images)
    method.step(1)
    assert method.validate(1)["knn_accuracy_pixels"] > 0.93  # more neighbours than in the sample
