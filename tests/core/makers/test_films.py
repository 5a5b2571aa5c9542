"""The Start page's films: made of a run's snapshots, those that come with Glimpse too."""

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from core.errors import GlimpseError
from core.makers import films
from core.makers.films import FILMS, film_of, main
from core.methods.few_shot import start_page_film as few_shot
from core.methods.inpainting import start_page_film as inpainting
from core.registry import METHODS, load_film
from core.training.recording import open_recording
from core.training.run_folder import create_run


def shipped(method: str) -> dict[str, np.ndarray]:
    films = load_file(FILMS)
    return {k.partition(".")[2]: v for k, v in films.items() if k.startswith(f"{method}.")}


def masked_digits(step: int) -> dict[str, np.ndarray]:
    """A snapshot of inpainting: the left half is visible, the right one completed with a grey."""
    masks = np.zeros((6, 28, 28), np.uint8)
    masks[:, :, :14] = 1
    completions = np.full((6, 28, 28), 10 * step, np.uint8)
    return {
        "masks": masks, "truth": np.full((6, 28, 28), 100, np.uint8), "completions": completions,
    }  # fmt: skip


def test_the_film_of_embeddings_is_of_the_recorded_run() -> None:
    film, made = shipped("simclr"), film_of(open_recording("simclr"))
    assert {f"simclr.{name}" for name in film} == made.keys()
    for name, array in film.items():
        np.testing.assert_array_equal(array, made[f"simclr.{name}"])


@pytest.mark.parametrize("method", METHODS)
def test_every_method_that_has_a_film_makes_it_itself(method: str) -> None:
    assert (load_film(method) is not None) == bool(METHODS[method].film)


def test_a_film_is_made_again_byte_for_byte_and_the_others_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(films, "FILMS", tmp_path / FILMS.name)
    (tmp_path / FILMS.name).write_bytes(FILMS.read_bytes())
    main(["simclr"])
    assert (tmp_path / FILMS.name).read_bytes() == FILMS.read_bytes()


def test_a_run_s_film_takes_the_place_of_its_method_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(films, "FILMS", tmp_path / FILMS.name)
    (tmp_path / FILMS.name).write_bytes(FILMS.read_bytes())
    run = create_run("inpainting", {}, 10)
    with pytest.raises(GlimpseError, match="has no snapshot yet"):
        main([run.id])
    for step in range(3):
        run.write_snapshot(step, masked_digits(step))
    main([run.id])
    made, before = load_file(tmp_path / FILMS.name), load_file(FILMS)
    assert made.keys() == before.keys()
    assert len(made["inpainting.ink"]) != len(before["inpainting.ink"])
    np.testing.assert_array_equal(made["maml.ink"], before["maml.ink"])


def test_a_method_without_a_film_is_one_sentence() -> None:
    with pytest.raises(GlimpseError, match="There is no method 'diffusion'"):
        film_of(create_run("diffusion", {}, 10))


def test_a_drawing_lights_up_once_it_is_recognised() -> None:
    n_way, n_query = 5, 3
    truth = np.repeat(np.arange(n_way), n_query)
    undecided, knowing = np.full((15, 5), 0.2), np.eye(n_way)[truth]
    mistaken = knowing.copy()
    mistaken[truth == 2] = np.eye(n_way)[0]
    pictures = np.full((15, 28, 28), 200, np.uint8)
    arrays: dict[str, np.ndarray] = {
        "support": pictures[:n_way], "query": pictures, "query_class": truth,
        "probability": np.stack([undecided, mistaken, knowing]).astype(np.float32),
    }  # fmt: skip
    film = few_shot.start_page_film([{}, arrays])
    lit = (film["hue"] > 0).sum((1, 2)) / 28**2
    np.testing.assert_array_equal(lit, [0, 12, 15, 15, 15, 15])  # the end is shown for a while
    assert film["ink"].max() == 200
    np.testing.assert_array_equal((film["ink"] == 200).sum((1, 2)) / 28**2 - 5, lit)


def test_in_the_shipped_film_nobody_is_recognised_before_the_first_step() -> None:
    lit = (shipped("maml")["hue"] > 0).sum((1, 2)) / 28**2
    assert lit[0] == 0
    assert lit[-1] > 10  # of 15 drawings


def test_visible_pixels_stay_and_hidden_ones_are_completed() -> None:
    film = inpainting.start_page_film([masked_digits(step) for step in range(3)])
    left = film["hue"][0] == 0
    assert left.sum() == 6 * 28 * 14
    assert (film["ink"][:, left] == 100).all()
    hidden = film["ink"][:, ~left]
    assert (hidden == hidden[:, :1]).all()
    np.testing.assert_array_equal(hidden[:, 0], [0, 0, 10, 20, 20, 20, 20, 20, 20])
