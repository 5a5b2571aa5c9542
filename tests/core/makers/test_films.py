"""The Start page's films: drawn from a run's snapshots, and those that come with Glimpse are so."""

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from core.makers.films import FILMS, embedding_film, few_shot_film, inpainting_film
from core.training.recording import open_recording
from core.training.run_folder import RunFolder, create_run


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> RunFolder:
    monkeypatch.setenv("GLIMPSE_RUNS", str(tmp_path))
    return create_run("maml", {}, 10)


def shipped(method: str) -> dict[str, np.ndarray]:
    films = load_file(FILMS)
    return {k.partition(".")[2]: v for k, v in films.items() if k.startswith(f"{method}.")}


def test_the_film_of_embeddings_is_of_the_recorded_run() -> None:
    film, made = shipped("simclr"), embedding_film(open_recording("simclr"))
    assert film.keys() == made.keys()
    for name, array in made.items():
        np.testing.assert_array_equal(film[name], array)


def test_a_drawing_lights_up_once_it_is_recognised(run: RunFolder) -> None:
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
    run.write_snapshot(10, arrays)
    film = few_shot_film(run)
    lit = (film["hue"] > 0).sum((1, 2)) / 28**2
    np.testing.assert_array_equal(lit, [0, 12, 15, 15, 15, 15])  # the end is seen for a while
    assert film["ink"].max() == 200
    np.testing.assert_array_equal((film["ink"] == 200).sum((1, 2)) / 28**2 - 5, lit)


def test_in_the_shipped_film_nobody_is_recognised_before_the_first_step() -> None:
    lit = (shipped("maml")["hue"] > 0).sum((1, 2)) / 28**2
    assert lit[0] == 0
    assert lit[-1] > 10  # of 15 drawings


def test_what_is_visible_stays_and_what_is_hidden_is_imagined(run: RunFolder) -> None:
    masks = np.zeros((6, 28, 28), np.float32)
    masks[:, :, :14] = 1
    truth = np.full((6, 28, 28), 100, np.uint8)
    for step in range(3):
        completions = np.full((6, 28, 28), 10 * step, np.uint8)
        run.write_snapshot(step, {"masks": masks, "truth": truth, "completions": completions})
    film = inpainting_film(run)
    left = film["hue"][0] == 0
    assert left.sum() == 6 * 28 * 14
    assert (film["ink"][:, left] == 100).all()
    hidden = film["ink"][:, ~left]
    assert (hidden == hidden[:, :1]).all()
    np.testing.assert_array_equal(hidden[:, 0], [0, 0, 10, 20, 20, 20, 20, 20, 20])
