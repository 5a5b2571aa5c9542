"""A digit of one's own among those of the film: drawn or chosen, and embedded as they were."""

from base64 import b64encode
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import streamlit as st

from core.errors import GlimpseError
from core.evaluation.landing import component_directions, land_between, land_linearly
from core.evaluation.nearest import nearest_in, unit_pixels
from pages.parts.embedding_recording import NAME, recorded_run
from pages.parts.frontend import frontend
from pages.parts.own_picture import chosen_digit, drawn_digit
from pages.parts.watched_digits import watched_digits

if TYPE_CHECKING:
    from core.methods.simclr import SimClr

WAYS = ("Draw", "Choose a picture")
WORDS = (
    "The star is yours, at the last step: as a picture it is centred and scaled like MNIST's, then "
    "goes through the shipped encoder. In PCA it lies exactly where its components put it; t-SNE "
    "has no formula for new points, so there it lies at the mean of its neighbours, nearer ones "
    "counting more. UMAP does not show it. Its neighbours are found in all 1,024 features."
)

_parts = frontend("own_digit", "film_moments", "film_panel", "portrait", "picture_row")
_parts["css"] = frontend("neighbours")["css"] + _parts["css"]
_mount = st.components.v2.component("own_digit", **_parts)


class Landing(NamedTuple):
    """Where a digit lands."""

    places: dict[str, list[float]]  # in each projection of the last frame
    in_features: np.ndarray  # (8,) its nearest neighbours
    in_pixels: np.ndarray  # (8,)


@st.fragment
def own_digit(film: str) -> None:
    """A sheet to draw a digit on, or to choose one for; it lands in the film `film`."""
    st.subheader("Your own digit", anchor=False)
    way = st.segmented_control(
        "Where from", WAYS, key="own-digit-way", default=WAYS[0], required=True,
        label_visibility="collapsed",
    )  # fmt: skip
    try:
        picture = drawn_digit("own-digit") if way == WAYS[0] else chosen_digit("own-digit-file")
    except GlimpseError as refusal:
        st.error(str(refusal), icon=":material/broken_image:")
        return
    if picture is None:
        st.caption("It lands in the plot among the digits that the network finds most like it.")
        return
    landing = _land(picture)
    labels = recorded_run().labels
    nearest = landing.in_features, landing.in_pixels
    _mount(
        key=f"{film}.own-digit",
        data={
            "film": film,
            "picture": b64encode(picture.tobytes()).decode(),
            "places": landing.places,
            "nearest": [each.tolist() for each in nearest],
            "counts": [_majority(labels[each]) for each in nearest],
            "labels": b64encode(labels.astype(np.uint8).tobytes()).decode(),
            "names": [str(label) for label in range(10)],
        },
    )
    st.caption(WORDS)


def _majority(labels: np.ndarray) -> str:
    label, count = Counter(labels.tolist()).most_common(1)[0]
    return f"{count} of {len(labels)} are {label}"


@st.cache_resource(max_entries=1, show_spinner=False)
def _encoder() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Features (1000, 1024) of length 1 of the film's digits; their mean; directions (1024, 16)."""
    features = _embed(watched_digits())
    return features, features.mean(axis=0), component_directions(features, _last_components())


def _last_components() -> np.ndarray:
    last: np.ndarray = recorded_run().embedding[-1]
    return last


def _embed(pictures: np.ndarray) -> np.ndarray:
    """Features (N, 1024) of length 1 of pictures uint8 (N, 28, 28), by the shipped encoder."""
    import torch
    import torch.nn.functional as F

    features: np.ndarray = F.normalize(_model().embed(torch.tensor(pictures)), dim=1).numpy()
    return features


@st.cache_resource(max_entries=1, show_spinner=False)
def _model() -> "SimClr":
    from core.weights import load_shipped, restore

    model: SimClr = restore(load_shipped(NAME))  # type: ignore[assignment]
    return model


@st.cache_data(max_entries=64, show_spinner=False)
def _land(picture: np.ndarray) -> Landing:
    """Where a picture uint8 (28, 28) lands at the last frame."""
    recording = recorded_run()
    features, mean, directions = _encoder()
    own = _embed(picture[None])[0]
    place = (own - mean) @ directions  # (16,)
    components = _last_components()
    linear = {}
    for name, axes in (("PCA", 2), ("PCA in 3-D", 3)):
        layout = recording.layouts[name][-1]
        linear[name] = land_linearly(place[:axes], components[:, :axes], layout).tolist()
    between = land_between(own, features, recording.layouts["t-SNE"][-1])
    return Landing(
        places={"t-SNE": between.tolist(), **linear},
        in_features=nearest_in(own, features),
        in_pixels=nearest_in(unit_pixels(picture[None])[0], recording.pixels),
    )
