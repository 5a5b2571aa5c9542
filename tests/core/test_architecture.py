"""Imports only ever point down the list of the design, and what must be on screen at once is."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.registry import METHODS

PROJECT = Path(__file__).resolve().parents[2]
# From the top down; parts that share a line know nothing of each other.
CORE_LAYERS = (
    ("core.__main__",),
    ("core.commands", "core.makers", "core.notebook"),
    ("core.studies",),
    ("core.methods.lifelong",),  # its learners look through networks that others trained
    ("core.zoo", "core.export"),
    ("core.training", "core.figures"),
    ("core.methods",),
    ("core.evaluation",),
    ("core.models", "core.data"),
    ("core.registry", "core.seeding", "core.flags", "core.distributed"),
    ("core.config", "core.paths"),
    ("core.environment", "core.terminal"),
    ("core.errors",),
)
RANK = {part: rank for rank, layer in enumerate(CORE_LAYERS) for part in layer}
SOURCES = sorted((PROJECT / "core").rglob("*.py"))
PAGE_LAYERS = ("parts", "components", "training", "feature", "page", "app")  # from the bottom up
# Each of the other folders is of one page.
FEATURES = sorted(
    file.parent.name
    for file in (PROJECT / "pages/parts").glob("*/__init__.py")
    if file.parent.name not in PAGE_LAYERS
)
PAGE_SOURCES = [PROJECT / "app.py", *sorted((PROJECT / "pages").rglob("*.py"))]


def _module(source: Path) -> str:
    parts = source.relative_to(PROJECT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports(node: ast.AST) -> Iterator[str]:
    """Modules that the code imports, wherever in it, types alone left out."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
            continue
        if isinstance(child, ast.Import):
            yield from (alias.name for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            assert child.level == 0, "imports are absolute"
            yield from (f"{child.module}.{alias.name}" for alias in child.names)
        else:
            yield from _imports(child)


def _imports_of(source: Path) -> list[str]:
    return list(_imports(ast.parse(source.read_text())))


def _part(module: str) -> str:
    """`core.data.digits` belongs to `core.data`, a method with a layer of its own to that."""
    names = module.split(".")
    own = ".".join(names[:3])
    return own if own in RANK else ".".join(names[:2])


@pytest.mark.parametrize("source", SOURCES, ids=_module)
def test_the_core_knows_no_browser_and_imports_downwards(source: Path) -> None:
    here = _part(_module(source))
    for module in _imports_of(source):
        assert module.split(".")[0] not in ("streamlit", "pages", "app", "tests")
        there = _part(module)
        if here == "core" or there == here or not module.startswith("core."):
            continue
        assert there in RANK, f"{there} has no place in the layers"
        assert RANK[here] < RANK[there], f"{_module(source)} imports {module}, which is above it"


def _page_layer(module: str) -> str:
    """The layer of a module of the pages: `pages.parts.few_shot.race` is of a feature."""
    names = module.split(".")
    if names[0] == "app":
        return "app"
    if names[:2] != ["pages", "parts"]:
        return "page"
    folder = names[2] if len(names) > 2 else ""
    return "feature" if folder in FEATURES else folder if folder in PAGE_LAYERS else "parts"


@pytest.mark.parametrize("source", PAGE_SOURCES, ids=_module)
def test_pages_import_downwards_and_features_not_each_other(source: Path) -> None:
    here = _module(source)
    for module in _imports_of(source):
        if module.split(".")[0] not in ("app", "pages"):
            continue
        above, below = (PAGE_LAYERS.index(_page_layer(name)) for name in (here, module))
        assert above >= below, f"{here} imports {module}, which is above it"
        if _page_layer(here) == _page_layer(module) == "feature":
            assert here.split(".")[2] == module.split(".")[2], f"{here} imports {module}"
        assert _page_layer(module) != "page", f"{here} imports the page {module}"


def test_the_layers_name_only_what_is_there() -> None:
    for part in RANK:
        path = PROJECT / part.replace(".", "/")
        assert path.is_dir() or path.with_suffix(".py").is_file(), part
    for folder in ("components", "training"):
        assert (PROJECT / "pages/parts" / folder).is_dir()


def test_every_method_has_its_page_and_every_page_its_title() -> None:
    for entry in METHODS.values():
        assert (PROJECT / f"pages/{entry.page}.py").is_file(), entry.title
    pages = {source.stem for source in (PROJECT / "pages").glob("*.py")}
    others = {"__init__", "start", "runs", "no_such_page"}
    assert pages == others | {entry.page for entry in METHODS.values()}


@pytest.mark.parametrize("source", sorted((PROJECT / "tests").rglob("*.py")), ids=_module)
def test_tests_share_helpers_and_import_no_other_test(source: Path) -> None:
    here = _module(source)
    for module in _imports_of(source):
        shared = module.startswith("tests.helpers")
        if here.startswith("tests.benchmarks"):  # these share what they time and print
            shared |= module.startswith("tests.benchmarks")
        assert shared or not module.startswith("tests"), f"{here} imports {module}"


@pytest.mark.parametrize("source", sorted((PROJECT / "core/figures").glob("*.py")), ids=_module)
def test_figures_take_arrays_alone(source: Path) -> None:
    allowed = ("core.figures", "core.errors", "core.paths")
    for module in _imports_of(source):
        assert module.split(".")[0] not in ("torch", "torchvision")
        assert not module.startswith("core.") or module.startswith(allowed)


@pytest.mark.parametrize("source", sorted((PROJECT / "core/export").glob("*.py")), ids=_module)
def test_exports_are_made_of_arrays_alone(source: Path) -> None:
    allowed = ("core.export", "core.figures", "core.errors")
    for module in _imports_of(source):
        assert module.split(".")[0] not in ("torch", "torchvision", "plotly")
        assert not module.startswith("core.") or module.startswith(allowed)


@pytest.mark.parametrize(
    "modules",
    ["core.registry, core.training.run_folder, core.training.launcher, core.training.series",
     "core.figures.curves", "pages.parts.training.form, pages.parts.training.live_view",
     "pages.parts.components.film.film, pages.parts.warmup, pages.parts.few_shot.downloads"],
)  # fmt: skip
def test_what_is_on_screen_at_once_waits_for_no_torch(modules: str) -> None:
    code = f"import sys, {modules}; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=PROJECT).returncode == 0


@pytest.mark.parametrize("page", ["start", "runs"])
def test_a_page_without_a_model_runs_without_torch(page: str, tmp_path: Path) -> None:
    code = f"""
import sys
from streamlit.testing.v1 import AppTest
from pages.parts import warmup
warmup.begin = lambda: None
app = AppTest.from_file("app.py", default_timeout=30).run()
app = app.switch_page("pages/{page}.py").run()
assert not app.exception, app.exception
sys.exit("torch" in sys.modules)
"""
    environment = {"PATH": "", "HOME": str(tmp_path), "GLIMPSE_RUNS": str(tmp_path / "runs")}
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, env=environment)
    assert done.returncode == 0


def test_pandas_is_whole_before_the_first_visit() -> None:
    """Plotly asks what lies in memory for its classes, and another thread may be half way."""
    code = """
import sys
from pages.parts import warmup
warmup.begin = lambda: None
import app
sys.exit(not hasattr(sys.modules.get("pandas"), "Series"))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT)
    assert done.returncode == 0
