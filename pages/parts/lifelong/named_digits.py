"""The digits to be named, loaded once for all visitors, and what some labels make of them."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import streamlit as st

if TYPE_CHECKING:
    from core.methods.lifelong.digit_map import DigitMap
    from core.methods.lifelong.naming import Naming

THIS_WAY = "label propagation"
Items = tuple[tuple[int, int], ...]  # pictures and their classes, in the order of labelling


class Digits(NamedTuple):
    """The pictures uint8 (N, 28, 28), their true labels (N,), and what names them."""

    pictures: np.ndarray
    truth: np.ndarray
    naming: "Naming"
    map: "DigitMap"


@st.cache_resource(max_entries=1, show_spinner="Embedding the digits …")
def digits_to_name() -> Digits:
    """The sample's training digits, with the features of the encoder of the map."""
    from core.data.digits import load_digits
    from core.methods.lifelong.digit_map import ENCODER, load_digit_map
    from core.methods.lifelong.naming import Naming
    from core.methods.simclr.method import SimClr
    from core.zoo.weights import load_shipped_method

    sample = load_digits("sample", "train")
    features = load_shipped_method(ENCODER, SimClr).embed(sample.images)
    naming = Naming(sample.images, features)
    return Digits(sample.images.numpy(), sample.labels.numpy(), naming, load_digit_map())


@st.cache_data(max_entries=500, show_spinner=False)
def typical_picture(labelled: tuple[int, ...]) -> int:
    """The picture to ask about by TypiClust, given which ones have a label."""
    from core.methods.lifelong.typicality import most_typical, n_clusters

    digits = digits_to_name()
    clusters = digits.map.clusters[n_clusters(len(labelled))]
    return most_typical(digits.naming.features.numpy(), clusters, labelled)


def random_picture(labelled: tuple[int, ...], seed: int) -> int:
    """A picture without a label."""
    from core.methods.lifelong.typicality import at_random

    return at_random(len(digits_to_name().truth), labelled, seed)


@st.cache_data(max_entries=500, show_spinner=False)
def names_by(items: Items) -> tuple[np.ndarray, np.ndarray]:
    """What all digits are called (N,), negative without a name, and how certain that is (N,)."""
    classes, certainty = digits_to_name().naming.name(dict(items))
    return classes, certainty


@st.cache_data(max_entries=2000, show_spinner=False)
def shares_right(items: Items) -> dict[str, float]:
    """The share of all digits that each way names rightly by these labels, at least one."""
    digits = digits_to_name()
    names = {THIS_WAY: names_by(items)[0]} | digits.naming.name_otherwise(dict(items))
    return {way: float((classes == digits.truth).mean()) for way, classes in names.items()}
