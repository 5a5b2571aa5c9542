"""The two views that SimCLR gets of each picture."""

import numpy as np
import streamlit as st

from core.figures.embeddings import picture_sheet

AUGMENTATIONS = ("crop", "rotation", "shear", "brightness", "contrast", "blur", "erase")


@st.fragment
def two_views() -> None:
    """Pairs of views, as the network gets them."""
    from core.data.digits import load_digits
    from core.data.views import Augmentation
    from core.data.views import two_views as make_two_views
    from core.seeding import generator

    st.session_state.setdefault("views-draw", 0)
    chosen = st.pills(
        "Augmentations",
        AUGMENTATIONS,
        selection_mode="multi",
        default=AUGMENTATIONS,
        key="views-chosen",
    )
    controls, pictures = st.columns([2, 3], gap="large", vertical_alignment="center")
    with controls:
        strength = st.slider(
            "How strong", 0.0, 1.9, 1.0, 0.1, key="views-strength", help="1 is what training used."
        )
        if st.button("Other views", icon=":material/casino:"):
            st.session_state["views-draw"] += 1
    defaults = vars(Augmentation())
    augmentation = Augmentation(
        **{name: strength * defaults[name] * (name in chosen) for name in AUGMENTATIONS}
    )
    images = load_digits("sample", "held_out").images[:10, None].float() / 255
    draws = generator("page", st.session_state["views-draw"])
    first, second = make_two_views(images, augmentation, draws)
    sheet = np.stack([stack[:, 0].numpy() for stack in (images, first, second)])
    pictures.image(
        picture_sheet(sheet, scale=3),
        width="stretch",
        alt="Ten digits, and below each two random views of it",
        caption="A digit, and its positive pair below it. The loss sees only the pairs.",
    )
