"""The figures of errors show every value that they are given, each method in its own colour."""

import numpy as np

from core.figures.completion_errors import errors_by_kind, errors_by_share

rng = np.random.default_rng(0)
NAMES = ("U-Net", "Autoencoder", "Telea", "Navier-Stokes", "Biharmonic")
SHARES = np.array([0.1, 0.5, 0.9])
ERRORS = {name: rng.random(3) for name in NAMES}


def test_every_method_has_a_line_of_its_own() -> None:
    lines = errors_by_share(SHARES, ERRORS).data
    assert [line.name for line in lines] == list(NAMES)
    assert len({line.line.color for line in lines}) == len(NAMES)
    assert len({line.marker.symbol for line in lines}) == len(NAMES)
    for line in lines:
        assert (line.x == SHARES).all() and (line.y == ERRORS[line.name]).all()


def test_every_kind_has_a_point_of_each_method() -> None:
    figure = errors_by_kind(["box", "half", "brush"], ERRORS)
    assert figure.layout.yaxis.type == "log"
    for points in figure.data:
        assert list(points.x) == ["box", "half", "brush"]
        assert (points.y == ERRORS[points.name]).all()
