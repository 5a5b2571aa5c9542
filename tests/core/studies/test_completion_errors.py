"""The errors by kind of mask are those that a plain loop finds, and the shipped files hold them."""

import json

import numpy as np
import pytest
import torch

from core.data.digits import load_digits
from core.data.images import to_unit
from core.data.masks import ALL_KINDS, centre_box, held_out_masks
from core.evaluation.classical import telea
from core.evaluation.knn_accuracy import knn_accuracy
from core.methods.inpainting.config import InpaintingConfig
from core.methods.inpainting.features import features
from core.methods.inpainting.method import Inpainting
from core.paths import ASSETS
from core.seeding import generator
from core.studies import completion_errors, feature_scores
from core.zoo.weights import load_shipped_method


def test_errors_are_means_over_pictures_of_means_over_hidden_pixels() -> None:
    plain = Inpainting(InpaintingConfig(model="autoencoder"))
    images, masks = load_digits("sample", "held_out").images[:3], centre_box(3, side=10)
    found = completion_errors.errors({"Autoencoder": plain}, to_unit(images), masks)
    hidden = masks[0, 0].numpy() == 0
    expected: dict[str, list[float]] = {"Autoencoder": [], "Telea": []}
    for image in images.numpy():
        truth = image.astype(np.float64) / 255
        raw = plain.complete(to_unit(torch.from_numpy(image)[None]), masks[:1])[0, 0].numpy()
        expected["Autoencoder"].append(np.square(raw - truth)[hidden].mean())
        filled = telea(np.where(hidden, 0, image), ~hidden) / 255
        expected["Telea"].append(np.square(filled - truth)[hidden].mean())
    for name, values in expected.items():
        assert abs(found[name] - np.mean(values)) < 1e-5


def test_the_shipped_files_are_of_the_shape_that_the_commands_write() -> None:
    errors = json.loads((ASSETS / "completions.json").read_text())
    assert errors["command"] == completion_errors.COMMAND
    assert list(errors["kinds"]) == list(ALL_KINDS)
    assert all(len(row) == len(errors["shares"]) for row in errors["by_share"].values())
    assert errors["kinds"]["box"]["U-Net"] < min(
        errors["kinds"]["box"][name] for name in ("Telea", "Navier-Stokes", "Biharmonic")
    )
    scores = json.loads((ASSETS / "features.json").read_text())
    assert scores["command"] == feature_scores.COMMAND
    assert list(scores["features"]) == ["Raw pixels", "Autoencoder", "U-Net", "SimCLR"]


def test_the_shipped_files_are_of_the_weights_that_are_shipped() -> None:
    """Whoever trains new weights has to measure again."""
    shipped = load_shipped_method("inpainting", Inpainting)
    images = load_digits("sample", "held_out").images[: completion_errors.DIGITS]
    masks = held_out_masks("box", len(images), generator("completion errors", "box"))
    found = completion_errors.errors({"U-Net": shipped}, to_unit(images), masks)["U-Net"]
    written = json.loads((ASSETS / "completions.json").read_text())["kinds"]["box"]["U-Net"]
    assert found == pytest.approx(written, abs=1e-4)

    train, held_out = load_digits("sample", "train"), load_digits("sample", "held_out")
    bank, queries = features(shipped, train.images), features(shipped, held_out.images)
    accuracy = knn_accuracy(queries, held_out.labels, bank, train.labels)
    rows = json.loads((ASSETS / "features.json").read_text())["features"]
    assert accuracy == pytest.approx(rows["U-Net"]["knn_accuracy"], abs=3e-3)
