"""Epochs as steps: the count is what batches do, nothing is built for it, and some have none."""

from pathlib import Path

import pytest
import torch

from core.config import RunConfig
from core.errors import GlimpseError
from core.methods.epoch import Epoch, InEpochs
from core.methods.few_shot.config import FewShotConfig
from core.methods.inpainting.config import InpaintingConfig
from core.methods.inpainting.method import Inpainting
from core.methods.simclr import method as simclr
from core.methods.simclr.config import SimClrConfig
from core.methods.simclr.method import SimClr
from core.training.epochs import epoch_of, has_epochs, steps_in
from tests.helpers.own_pictures import GOOD, as_zip


@pytest.mark.parametrize(("batch_size", "steps", "left_out"), [(500, 8, 0), (900, 4, 400)])
def test_an_epoch_is_the_steps_that_meet_each_picture_once(
    batch_size: int, steps: int, left_out: int
) -> None:
    config = SimClrConfig(batch_size=batch_size, width=4)
    epoch = epoch_of("simclr", config)
    assert (epoch.pictures, epoch.steps, epoch.left_out) == (4000, steps, left_out)

    method = SimClr(config)
    met = torch.cat([method._batch(step) for step in range(1, steps_in(epoch, 3) + 1)])
    assert len(met) == 3 * (4000 - left_out)
    epochs = torch.split(met, 4000 - left_out)
    assert all(torch.bincount(each).max() == 1 for each in epochs)
    if left_out:
        assert not torch.equal(epochs[0].sort().values, epochs[1].sort().values)


def test_nothing_is_built_to_count(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_net(_config: SimClrConfig) -> None:
        raise AssertionError("a network is built")

    monkeypatch.setattr(simclr, "SimClrNet", no_net)
    assert epoch_of("simclr", SimClrConfig()).steps == 15


def test_ones_own_pictures_are_counted_as_they_are_now(tmp_path: Path) -> None:
    place = as_zip(tmp_path / "own.zip", GOOD)
    config = SimClrConfig(source="own", pictures=str(place), batch_size=4)
    assert epoch_of("simclr", config).steps == 3
    as_zip(place, {name: content for name, content in GOOD.items() if name != "a/02.png"})
    epoch = epoch_of("simclr", config)
    assert (epoch.pictures, epoch.steps, epoch.left_out) == (11, 2, 3)


def test_what_cannot_be_counted_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GLIMPSE_DATA", str(tmp_path))
    for source in ("mnist", "cifar10"):
        with pytest.raises(GlimpseError, match="is not here yet: download it on the Start page"):
            epoch_of("simclr", SimClrConfig(source=source))
    with pytest.raises(GlimpseError, match="batch_size 4096 is more than the 4,000 pictures"):
        epoch_of("simclr", SimClrConfig(batch_size=4096))


def test_a_batch_is_held_against_the_pictures_of_small_sources_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GLIMPSE_DATA", str(tmp_path))
    for source in ("mnist", "omniglot", "cifar10"):  # none is here, and none is read
        SimClr.check_batch(SimClrConfig(source=source, batch_size=4096))
    SimClr.check_batch(SimClrConfig(batch_size=4000))
    with pytest.raises(GlimpseError, match="batch_size 4096 is more than the 4,000 pictures"):
        SimClr.check_batch(SimClrConfig(batch_size=4096))


def test_a_method_that_says_nothing_of_its_sources_has_its_batches_checked() -> None:
    class Fourth(InEpochs):
        @staticmethod
        def epoch_of(config: int) -> Epoch:
            return Epoch(10, config)

    Fourth.check_batch(10)
    with pytest.raises(GlimpseError, match="batch_size 11 is more than the 10 pictures"):
        Fourth.check_batch(11)


def test_steps_keep_within_what_a_config_takes() -> None:
    epoch = epoch_of("simclr", SimClrConfig())
    assert steps_in(epoch, 66_666) == 999_990
    for epochs in (-1, 0, 66_667):
        with pytest.raises(GlimpseError, match=rf"epochs {epochs} cannot .* choose 1 to 66,666"):
            steps_in(epoch, epochs)


@pytest.mark.parametrize("config", [FewShotConfig(), InpaintingConfig()])
def test_what_is_drawn_by_chance_has_no_epochs(config: RunConfig) -> None:
    name = "maml" if isinstance(config, FewShotConfig) else "inpainting"
    assert not has_epochs(name)
    with pytest.raises(GlimpseError, match=f"{name} has no epochs: give the number"):
        epoch_of(name, config)


def test_inpainting_meets_some_pictures_again_before_others() -> None:
    """Why it has none: among as many draws as there are pictures, some are the same."""
    method = Inpainting(InpaintingConfig(batch_size=400, width=8))
    drawn = torch.cat([method._pictures(step) for step in range(1, 11)])
    assert len({picture.numpy().tobytes() for picture in drawn}) < 3000
