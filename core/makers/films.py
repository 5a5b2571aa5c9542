"""Makes `assets/films.safetensors`, the short films of the Start page.

    python -m core train maml --source omniglot
    python -m core train inpainting --source mnist --steps 2000
    python -m core.makers.films MAML_RUN INPAINTING_RUN simclr lifelong

Each argument is the id of a finished run or the name of a recording that comes with Glimpse; its
film is that of its method (`Entry.film`). Methods that are not given keep the film they have. The
shipped films are of the two commands above and of the recordings of SimCLR and Lifelong.
A film shows a run's snapshots: nothing is drawn that a network did not do. Imports no torch, and
neither does the page that shows the films.
"""

import argparse

import numpy as np
from safetensors.numpy import load_file, save

from core.errors import GlimpseError
from core.paths import ASSETS
from core.registry import METHODS, load_film
from core.training.files import replace_file
from core.training.recording import RECORDINGS, open_recording
from core.training.run_folder import RunFolder, open_run

FILMS = ASSETS / "films.safetensors"


def film_of(run: RunFolder) -> dict[str, np.ndarray]:
    """The film of a run, its arrays named `<method>.<array>`.

    Raises GlimpseError where its method has none, or the run has no snapshot.
    """
    make = load_film(run.method)
    if make is None:
        raise GlimpseError(f"{run.method} has no film: its registry entry names no function.")
    steps = run.snapshot_steps()
    if not steps:
        raise GlimpseError(f"Run {run.id} has no snapshot yet: train it first.")
    film = make([run.snapshot(step) for step in steps])
    return {f"{run.method}.{name}": np.ascontiguousarray(a) for name, a in film.items()}


def _open(name: str) -> RunFolder:
    """A recording by its name, else a run by its id."""
    is_recording = name in METHODS and (RECORDINGS / name).is_dir()
    return open_recording(name) if is_recording else open_run(name)


def main(names: list[str]) -> None:
    """Makes the films of runs and recordings, and keeps those of other methods."""
    made = [film_of(_open(name)) for name in names]
    methods = {array.partition(".")[0] for film in made for array in film}
    films = load_file(FILMS) if FILMS.is_file() else {}
    films = {name: a for name, a in films.items() if name.partition(".")[0] not in methods}
    for film in made:
        films |= film
    replace_file(FILMS, save(films))
    print(f"{FILMS.name}: {FILMS.stat().st_size:,} bytes")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Make the films of the Start page.")
    parser.add_argument("runs", nargs="+", help="ids of runs, or names of recordings")
    main(parser.parse_args().runs)
