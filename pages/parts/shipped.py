"""The networks that come with Glimpse, each loaded once for all pages and visitors."""

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from core.methods.few_shot.method import FewShot
    from core.methods.inpainting.method import Inpainting
    from core.methods.simclr.method import SimClr


@st.cache_resource(max_entries=1)
def shipped_few_shot() -> "FewShot":
    """MAML on Omniglot, the network of the Few-shot page."""
    from core.methods.few_shot.method import FewShot
    from core.zoo.weights import load_shipped_method

    return load_shipped_method("maml", FewShot)


@st.cache_resource(max_entries=1)
def shipped_simclr() -> "SimClr":
    """SimCLR on digits, the network of the Embeddings page."""
    from core.methods.simclr.method import SimClr
    from core.zoo.weights import load_shipped_method

    return load_shipped_method("simclr", SimClr)


@st.cache_resource(max_entries=4)
def shipped_inpainting(name: str) -> "Inpainting":
    """A network of the Inpainting page by the name of its weights, for example `inpainting`."""
    from core.methods.inpainting.method import Inpainting
    from core.zoo.weights import load_shipped_method

    return load_shipped_method(name, Inpainting)
