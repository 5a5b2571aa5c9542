"""The folders of data, runs and shipped assets."""

from pathlib import Path

from core.environment import folder

CORE = Path(__file__).resolve().parent
PROJECT = CORE.parent  # the checkout, or what `core` was installed in
IS_INSTALLED = (CORE / "assets").is_dir()  # where pyproject.toml puts them in the wheel
ASSETS = (CORE if IS_INSTALLED else PROJECT) / "assets"


def data_root() -> Path:
    """Folder of the datasets, laid out as torchvision does: `GLIMPSE_DATA`, else `data/`."""
    return folder("GLIMPSE_DATA", lambda: _home() / "data")


def runs_root() -> Path:
    """Folder of the runs: `GLIMPSE_RUNS`, else `runs/`."""
    return folder("GLIMPSE_RUNS", lambda: _home() / "runs")


def _home() -> Path:
    """Where data and runs are by default: the checkout, else the same place for all notebooks."""
    return Path.home() / "glimpse" if IS_INSTALLED else PROJECT


def with_ending(path: Path, ending: str) -> Path:
    """A path with an ending behind a name that a person chose: `lr-0.1` to `lr-0.1.json`."""
    return path.with_name(path.name + ending)


def without_ending(path: Path, endings: tuple[str, ...]) -> Path:
    """A path without the first of these endings that it has; what else follows a dot is name."""
    ending = next((each for each in endings if path.name.endswith(each)), "")
    return path.with_name(path.name.removesuffix(ending)) if path.name != ending else path
