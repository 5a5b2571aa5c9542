"""A digit of one's own among those of the film: drawn or chosen, and embedded like them."""

from collections import Counter
from typing import NamedTuple

import numpy as np
import streamlit as st

from core.errors import GlimpseError
from core.evaluation.neighbour_lookup import nearest_in, unit_pixels
from core.evaluation.out_of_sample import component_directions, place_by_neighbours, place_linearly
from pages.parts.components.digit_input.digit_input import chosen_digit, drawn_digit
from pages.parts.components.own_digit.own_digit import own_digit_panel
from pages.parts.embeddings.recording import recorded_run
from pages.parts.embeddings.tracked_digits import tracked_digits
from pages.parts.plain_text import plain
from pages.parts.shipped import shipped_simclr

WAYS = ("Draw", "Choose a picture")
ABOUT_STAR = (
    "The star is your digit at the last step, centred and scaled like MNIST's. Its neighbours are "
    "found in all 1,024 features."
)
ABOUT_PLACE = (
    "PCA places it exactly. t-SNE has no formula for new points, so there it lies at the weighted "
    "mean of its neighbours; UMAP does not show it."
)


class Placement(NamedTuple):
    """Where a digit lies among those of the film."""

    places: dict[str, list[float]]  # in each projection of the last frame
    in_features: np.ndarray  # (8,) its nearest neighbours by features
    in_pixels: np.ndarray  # (8,) by raw pixels


@st.fragment
def own_digit(film: str) -> None:
    """A canvas to draw a digit on, or a file to choose; it appears in the film `film`."""
    st.subheader("Your own digit", anchor=False)
    way = st.segmented_control(
        "Where from", WAYS, key="own-digit-way", default=WAYS[0], required=True,
        label_visibility="collapsed",
    )  # fmt: skip
    try:
        picture = drawn_digit("own-digit") if way == WAYS[0] else chosen_digit("own-digit-file")
    except GlimpseError as refusal:
        st.error(plain(refusal), icon=":material/broken_image:")
        return
    if picture is None:
        st.caption("It appears in the plot, among the digits that the network finds most similar.")
        return
    placement = _place(picture)
    labels = recorded_run().labels
    nearest = placement.in_features, placement.in_pixels
    counts = [_majority(labels[each]) for each in nearest]
    own_digit_panel(film, picture, placement.places, nearest, counts, labels)
    st.caption(ABOUT_STAR)
    st.caption(ABOUT_PLACE)


def _majority(labels: np.ndarray) -> str:
    label, count = Counter(labels.tolist()).most_common(1)[0]
    return f"{count} of {len(labels)} are {label}"


@st.cache_resource(max_entries=1, show_spinner=False)
def _encoder() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Features (1000, 1024) of length 1 of the film's digits; their mean; directions (1024, 16)."""
    features = _embed(tracked_digits())
    return features, features.mean(axis=0), component_directions(features, _last_components())


def _last_components() -> np.ndarray:
    last: np.ndarray = recorded_run().embedding[-1]
    return last


def _embed(pictures: np.ndarray) -> np.ndarray:
    """Features (N, 1024) of length 1 of pictures uint8 (N, 28, 28), by the shipped encoder."""
    import torch
    import torch.nn.functional as F

    model = shipped_simclr()
    features: np.ndarray = F.normalize(model.embed(torch.tensor(pictures)), dim=1).numpy()
    return features


@st.cache_data(max_entries=64, show_spinner=False)
def _place(picture: np.ndarray) -> Placement:
    """Where a picture uint8 (28, 28) lies at the last frame."""
    recording = recorded_run()
    features, mean, directions = _encoder()
    own = _embed(picture[None])[0]
    place = (own - mean) @ directions  # (16,)
    components = _last_components()
    linear = {}
    for name, axes in (("PCA", 2), ("PCA in 3-D", 3)):
        layout = recording.layouts[name][-1]
        linear[name] = place_linearly(place[:axes], components[:, :axes], layout).tolist()
    between = place_by_neighbours(own, features, recording.layouts["t-SNE"][-1])
    return Placement(
        places={"t-SNE": between.tolist(), **linear},
        in_features=nearest_in(own, features),
        in_pixels=nearest_in(unit_pixels(picture[None])[0], recording.pixels),
    )
