"""A model for a notebook answers what its method answers, and says what it cannot do."""

from pathlib import Path

import numpy as np
import pytest
import torch

import core
from core.config import parse_config
from core.data.digits import load_digits
from core.data.drawings import drawn_task
from core.errors import GlimpseError
from core.methods.few_shot.method import FewShot
from core.methods.inpainting.method import Inpainting
from core.methods.simclr.method import SimClr
from core.notebook import load
from core.registry import load_method
from core.training.run_folder import RunFolder, create_run
from core.training.worker import work
from core.zoo.weights import export, load_shipped, load_shipped_method, restore, shipped_names

DIGITS = load_digits("sample", "held_out")
IMAGES = DIGITS.images[:30].numpy()
MASKS = np.random.default_rng(0).random(IMAGES.shape) < 0.4


def test_the_package_itself_offers_load_and_nothing_else() -> None:
    assert core.load is load
    with pytest.raises(AttributeError, match="module 'core' has no attribute 'lode'"):
        core.lode  # type: ignore[attr-defined]  # noqa: B018


def test_features_are_those_of_the_method() -> None:
    expected = load_shipped_method("simclr", SimClr).embed(DIGITS.images[:30])
    model = load("simclr")
    for given in (IMAGES, IMAGES[:, None], IMAGES / 255):
        features = model.embed(given)
        assert isinstance(features, np.ndarray) and features.dtype == np.float32
        np.testing.assert_allclose(features, expected.numpy(), atol=1e-5)
    assert torch.equal(model.embed(DIGITS.images[:30]), expected)


def test_hidden_pixels_are_those_of_the_method_and_visible_ones_stay() -> None:
    method, model = load_shipped_method("inpainting", Inpainting), load("inpainting")
    completed = model.complete(IMAGES, MASKS)
    assert completed.dtype == np.uint8 and completed.shape == IMAGES.shape
    assert (completed[MASKS] == IMAGES[MASKS]).all()
    raw, _ = method.answer(IMAGES[4], MASKS[4].astype(np.uint8))  # as on the page
    assert np.abs(completed[4].astype(int) - raw)[~MASKS[4]].max() <= 1
    as_floats = model.complete(torch.from_numpy(IMAGES / 255), torch.from_numpy(MASKS))
    assert as_floats.dtype == torch.float32
    assert np.abs(as_floats.numpy() * 255 - completed).max() <= 0.501


def test_hidden_values_make_no_difference() -> None:
    model = load("inpainting")
    other = np.where(MASKS, IMAGES, 255 - IMAGES)
    assert (model.complete(other, MASKS) == model.complete(IMAGES, MASKS)).all()


def test_answers_are_those_of_the_page() -> None:
    """Three classes with 1, 2 and 3 examples, in mixed order and under names of a person's own."""
    method, model = load_shipped_method("alphabet", FewShot), load("alphabet")
    pictures = {name: IMAGES[DIGITS.labels[:30] == digit]
                for name, digit in (("ant", 4), ("bee", 0), ("cow", 7))}  # fmt: skip
    counts = {"ant": 2, "bee": 1, "cow": 3}
    queries = np.concatenate([each[-1:] for each in pictures.values()])
    task = drawn_task([pictures[name][:count] for name, count in counts.items()], queries)
    adapted = method.adapt(task, method.config.inner_steps, "inductive")
    expected = adapted.outputs[0, -1].softmax(-1).numpy()

    labels = [name for name, count in counts.items() for _ in range(count)]
    support = np.concatenate([pictures[name][:count] for name, count in counts.items()])
    order = [5, 0, 3, 1, 4, 2]  # keeps the two ants and the three cows in order
    order = sorted(order, key=lambda place: (place % 2, place))
    mixed = [labels[place] for place in order]
    found = model.adapt(support[order], mixed, queries)
    assert isinstance(found, np.ndarray) and found.shape == (3, 3)
    np.testing.assert_allclose(found.sum(1), 1, atol=1e-6)
    np.testing.assert_allclose(found, expected, atol=1e-5)
    again = model.adapt(torch.from_numpy(support), labels, torch.from_numpy(queries))
    np.testing.assert_allclose(again.numpy(), expected, atol=1e-5)


def test_inductive_answers_do_not_depend_on_other_queries() -> None:
    model, support = load("maml"), IMAGES[:5]
    alone = model.adapt(support, range(5), IMAGES[10:11])
    beside_others = model.adapt(support, range(5), IMAGES[10:])
    np.testing.assert_allclose(beside_others[:1], alone, atol=1e-5)
    together = model.adapt(support, range(5), IMAGES[10:], statistics="transductive")
    assert np.abs(together - beside_others).max() > 0.01


def test_steps_are_those_of_training_or_as_many_as_wanted() -> None:
    model = load("maml")
    one, five = (model.adapt(IMAGES[:5], range(5), IMAGES[10:], steps=n) for n in (1, 5))
    assert (model.adapt(IMAGES[:5], range(5), IMAGES[10:]) == one).all()
    assert (five != one).any()
    with pytest.raises(GlimpseError, match="0 inner steps learn nothing"):
        model.adapt(IMAGES[:5], range(5), IMAGES[10:], steps=0)
    with pytest.raises(GlimpseError, match="no statistics 'none': choose inductive or trans"):
        model.adapt(IMAGES[:5], range(5), IMAGES[10:], statistics="none")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "own", "verbs"),
    [
        ("simclr", r"embed\(pictures\)", {"complete": "inpainting", "adapt": "maml"}),
        ("inpainting", r"complete\(pictures, masks\)", {"embed": "simclr", "adapt": "maml"}),
        ("maml", r"adapt\(.*\)", {"embed": "simclr", "complete": "inpainting"}),
        ("sinusoid-maml", "", {"embed": "simclr", "complete": "inpainting", "adapt": "maml"}),
    ],
)
def test_another_verb_names_the_right_one(name: str, own: str, verbs: dict[str, str]) -> None:
    model = load(name)
    given = {"embed": (IMAGES,), "complete": (IMAGES, MASKS), "adapt": (IMAGES, [1], IMAGES)}
    for verb, shipped in verbs.items():
        advice = rf"call {own}, or load {shipped}\.$" if own else rf"not {verb}: load {shipped}\.$"
        with pytest.raises(GlimpseError, match=advice):
            getattr(model, verb)(*given[verb])


def test_the_sentence_names_the_argument() -> None:
    model = load("maml")
    with pytest.raises(GlimpseError, match=r"^The support pictures are floats from 0 to 255"):
        model.adapt(IMAGES * 1.0, range(30), IMAGES)
    with pytest.raises(GlimpseError, match=r"^The queries have the shape \(28, 28\)"):
        model.adapt(IMAGES, range(30), IMAGES[0])


@pytest.fixture
def run() -> RunFolder:
    kind = load_method("simclr").Config
    config = parse_config(kind, {"steps": 2, "width": 4, "batch_size": 8})
    run = create_run("simclr", config.model_dump(), 2)
    assert work(run).state == "finished"
    return run


def test_a_run_is_loaded_by_id_by_path_and_once_exported(
    run: RunFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    features = load(run.id).embed(IMAGES)
    assert features.shape == (30, 4 * 4 * 16)
    moved = run.path.rename(tmp_path / "mine.2")
    export(RunFolder(moved), tmp_path / "out" / "weights")
    monkeypatch.chdir(tmp_path)
    for what in (moved, str(moved), f"{moved}/", "mine.2", "./mine.2", "out/weights.safetensors"):
        model = load(what)
        assert (model.embed(IMAGES) == features).all(), what
        assert model.card["steps"] == 2 and model.card["method"] == "simclr"
        assert model.card["input"].startswith("Pictures are float32 (B, 1, 28, 28) from 0 to 1")


@pytest.mark.parametrize(
    "what",
    [
        "simcrl",
        "no/such/path",
        "simclr-20261129-120000-1a2b",
        "",
        ".",
        "..",
        "/",
        "a\0b",
        "x" * 300,
    ],
)
def test_what_is_not_there_is_one_sentence(what: str) -> None:
    with pytest.raises(GlimpseError, match=r"no usable weights at|There is no run"):
        load(what)


@pytest.mark.parametrize("name", shipped_names())
def test_a_shipped_card_says_what_its_weights_take(name: str) -> None:
    weights = load_shipped(name)
    assert weights.card["input"] == restore(weights).about_input()
    assert "from 0 to 1, ink = 1" in weights.card["input"] or name.startswith("sinusoid")
