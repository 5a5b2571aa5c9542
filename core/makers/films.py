"""Makes `assets/films.safetensors`, the three short films of the Start page.

    python -m core train maml --source omniglot
    python -m core train inpainting --source mnist --steps 2000
    python -m core.makers.films MAML_RUN INPAINTING_RUN

Two are of finished runs, given by their ids: those that come with Glimpse are of the two commands
above, as they stand. The third is of the SimCLR run that Glimpse ships.
A film is a run's snapshots: nothing is drawn that a network did not do. Imports no torch, and
neither does the page that shows the films.
"""

import sys

import numpy as np
from safetensors.numpy import save

from core.figures.pictures import answers
from core.paths import ASSETS
from core.training.files import replace_file
from core.training.recording import open_recording
from core.training.run_folder import RunFolder, open_run

FILMS = ASSETS / "films.safetensors"
GAP = 10  # pixels between columns
MOMENTS = 14  # pictures of an inpainting run
DIGITS = 6
POINTS = 400
HELD = 16  # frames for which the last one is seen
FilmArrays = dict[str, np.ndarray]


def few_shot_film(run: RunFolder) -> FilmArrays:
    """One task, learned step by step: a drawing lights up once it is recognised.

    On top the one example of each character; below each, three drawings that the network has not
    seen. `ink` and `hue` (S + 1, 120, 180).
    """
    arrays = run.snapshot(run.snapshot_steps()[-1])
    recognised = answers(arrays["probability"]) == arrays["query_class"]  # (S + 1, Q)
    n_way = arrays["probability"].shape[-1]
    support = _spread(arrays["support"][:n_way])
    ink, hue = [], []
    for right in recognised:
        rows = [support, np.zeros((8, support.shape[1]), np.uint8)]
        lit = [np.zeros_like(row) for row in rows]
        for place in range(3):
            chosen = [np.flatnonzero(arrays["query_class"] == c)[place] for c in range(n_way)]
            shown = np.where(right[chosen], 255, 70)[:, None, None] / 255
            rows.append(_spread((arrays["query"][chosen] * shown).astype(np.uint8)))
            lit.append(_spread(np.broadcast_to(right[chosen, None, None], (n_way, 28, 28))))
        ink.append(np.concatenate(rows))
        hue.append(np.concatenate(lit))
    return _film(np.stack(ink), np.stack(hue), seconds=0.9, hold=3)


def embedding_film(run: RunFolder) -> FilmArrays:
    """Digits in the plane, a colour a class, while they find together.

    `points` (F, N, 2) uint16 over the range of the film, `hue` (N,).
    """
    frames = [run.snapshot(step) for step in run.snapshot_steps()]
    plane = np.stack([frame["layout"][:POINTS] for frame in frames]).astype(np.float64)
    low, high = plane.min((0, 1)), plane.max((0, 1))
    points = np.round((plane - low) / (high - low) * 65535).astype(np.uint16)
    hue = frames[0]["labels"][:POINTS] + 1
    held = np.concatenate([points, np.repeat(points[-1:], HELD, axis=0)])
    return {"points": held, "hue": hue.astype(np.uint8), "seconds": np.array([0.2], np.float32)}


def inpainting_film(run: RunFolder) -> FilmArrays:
    """What is hidden, imagined better and better while the network trains.

    Visible ink has the text's colour, imagined ink the first of the charts'. (F, 56, 84).
    """
    steps = np.array(run.snapshot_steps())
    places = np.unique(np.geomspace(1, len(steps), MOMENTS).round().astype(int) - 1)
    moments = [run.snapshot(int(step)) for step in steps[places]]
    visible = moments[0]["masks"][:DIGITS].astype(bool)
    truth = moments[0]["truth"][:DIGITS]
    ink = [_sheet(np.where(visible, truth, 0))]
    ink += [_sheet(np.where(visible, truth, moment["completions"][:DIGITS])) for moment in moments]
    hue = np.broadcast_to(_sheet((~visible).astype(np.uint8)), (len(ink), 56, 84))
    return _film(np.stack(ink), hue, seconds=0.5, hold=5)


def _film(ink: np.ndarray, hue: np.ndarray, seconds: float, hold: int) -> FilmArrays:
    """Films end on a moment of rest: the last picture, `hold` times."""
    ink, hue = (np.concatenate([a, np.repeat(a[-1:], hold, axis=0)]) for a in (ink, hue))
    return {"ink": ink, "hue": hue.astype(np.uint8), "seconds": np.array([seconds], np.float32)}


def _spread(pictures: np.ndarray) -> np.ndarray:
    """Pictures (N, 28, 28) side by side, with gaps: (28, N * (28 + GAP) - GAP), as uint8."""
    padded = np.pad(pictures.astype(np.uint8), ((0, 0), (0, 0), (0, GAP)))
    return np.concatenate(list(padded), axis=1)[:, :-GAP]


def _sheet(pictures: np.ndarray) -> np.ndarray:
    """Six pictures (6, 28, 28) in two rows: (56, 84)."""
    return pictures.reshape(2, 3, 28, 28).transpose(0, 2, 1, 3).reshape(56, 84)


def main(few_shot: str, inpainting: str) -> None:
    films = {
        "maml": few_shot_film(open_run(few_shot)),
        "simclr": embedding_film(open_recording("simclr")),
        "inpainting": inpainting_film(open_run(inpainting)),
    }
    arrays = {
        f"{method}.{name}": np.ascontiguousarray(array)
        for method, film in films.items()
        for name, array in film.items()
    }
    replace_file(FILMS, save(arrays))
    print(f"{FILMS.name}: {FILMS.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
