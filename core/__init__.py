"""Glimpse: few-shot learning, contrastive embeddings and inpainting, trained in the open.

In a notebook, `from core import load` is all that is needed: see `core.notebook`.
"""

from typing import TYPE_CHECKING

__all__ = ["load"]

if TYPE_CHECKING:
    from core.notebook import load as load
else:

    def __getattr__(name: str) -> object:
        """`load`, imported when it is asked for: it brings torch, which takes seconds."""
        if name != "load":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from core.notebook import load

        return load
