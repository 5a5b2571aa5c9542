"""The methods that Glimpse trains: a line each. Importing this imports neither torch nor them."""

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from core.errors import GlimpseError

if TYPE_CHECKING:
    from core.methods.base import Method


@dataclass(frozen=True)
class Entry:
    """A method by name: the class that trains it, and the page that shows it."""

    name: str
    target: str  # module:class
    title: str  # the page `pages/<title in snake case>.py`
    icon: str  # a Material symbol
    promise: str  # what a person gets, in a sentence

    @property
    def page(self) -> str:
        return self.title.lower().replace("-", "_").replace(" ", "_")


_ENTRIES = (
    Entry("maml", "core.methods.few_shot.method:FewShot", "Few-shot", "neurology",
          "Learn five new characters from one drawing of each, step by step."),
    Entry("simclr", "core.methods.simclr.method:SimClr", "Embeddings", "bubble_chart",
          "Watch digits find their clusters without a single label."),
    Entry("inpainting", "core.methods.inpainting.method:Inpainting", "Inpainting", "ink_eraser",
          "Paint over a digit and see what the network thinks was there."),
)  # fmt: skip

METHODS: dict[str, Entry] = {entry.name: entry for entry in _ENTRIES}


def load_method(name: str) -> "type[Method[Any]]":
    """The class of a method by its name. Raises GlimpseError for an unknown one."""
    if name not in METHODS:
        raise GlimpseError(f"There is no method {name!r}: choose one of {', '.join(METHODS)}.")
    module, _, attribute = METHODS[name].target.partition(":")
    loaded: type[Method[Any]] = getattr(import_module(module), attribute)
    return loaded
