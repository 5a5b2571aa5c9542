"""Each file of an embedding, read back by another library, holds what the arrays held."""

import csv
import re
from base64 import b64decode
from collections.abc import Callable
from io import BytesIO, StringIO
from zipfile import ZipFile

import numpy as np
import pytest
from PIL import Image

from core.errors import GlimpseError
from core.export.embedding import (
    EmbeddingFrames,
    embedding_csv,
    embedding_npz,
    features_csv,
    projector_zip,
)
from core.export.embedding_gif import (
    FIGURES,
    RADIUS,
    STAGE,
    embedding_frames,
    embedding_gif,
    place_points,
)
from core.export.embedding_html import embedding_html
from core.figures.embeddings import DIGIT_COLOURS
from tests.helpers.embedding_films import STEPS, N, diverged, embedding_film
from tests.helpers.html import Page, data_of
from tests.helpers.task_films import CAPTION


def test_the_csv_is_the_last_frame() -> None:
    film = embedding_film()
    rows = list(csv.DictReader(StringIO(embedding_csv(film).decode(), newline="")))
    assert list(rows[0]) == ["point", "label", "x", "y", "pc1", "pc2", "pc3", "pc4"]
    assert [int(row["label"]) for row in rows] == film.labels.tolist()
    read = np.array([[float(value) for value in row.values()] for row in rows])
    np.testing.assert_array_equal(read[:, 2:4].astype(film.layouts.dtype), film.layouts[-1])
    np.testing.assert_array_equal(read[:, 4:].astype(np.float32), film.components[-1])


def test_the_features_are_whole_and_no_components() -> None:
    film, features = embedding_film(), np.linspace(-1, 1, N * 7, dtype=np.float32).reshape(N, 7)
    rows = list(csv.reader(StringIO(features_csv(film, features).decode(), newline="")))
    assert rows[0] == ["point", "label", *(f"h{i}" for i in range(1, 8))]
    assert [row[1] for row in rows[1:]] == [film.names[label] for label in film.labels]
    read = np.array([row[2:] for row in rows[1:]]).astype(np.float32)
    np.testing.assert_array_equal(read, features)


def test_the_npz_is_every_frame_and_the_features() -> None:
    film, features = embedding_film(), np.arange(N * 7, dtype=np.float32).reshape(N, 7)
    with np.load(BytesIO(embedding_npz(film, features)), allow_pickle=False) as arrays:
        expected = {
            "steps": STEPS, "layout": film.layouts, "components": film.components,
            "features": features, "labels": film.labels, "names": film.names,
            "pictures": film.pictures,
        }  # fmt: skip
        assert set(arrays) == set(expected)
        for name, array in expected.items():
            np.testing.assert_array_equal(arrays[name], array)


def test_the_projector_finds_vectors_labels_and_pictures_in_one_order() -> None:
    film, features = embedding_film(), np.linspace(-1, 1, N * 7, dtype=np.float32).reshape(N, 7)
    with ZipFile(BytesIO(projector_zip(film, features))) as archive:
        assert archive.testzip() is None
        files = {name: archive.read(name) for name in archive.namelist()}
    config = files["projector_config.pbtxt"].decode()
    assert set(re.findall(r'path: "(.+)"', config)) == set(files) - {"projector_config.pbtxt"}
    assert re.findall(r"single_image_dim: (\d+)", config) == ["28", "28"]
    vectors = np.loadtxt(BytesIO(files["vectors.tsv"]), delimiter="\t")
    np.testing.assert_allclose(vectors, features, rtol=1e-5)
    header, *labels = files["metadata.tsv"].decode().splitlines()
    assert header == "label\tpoint"
    assert [line.split("\t") for line in labels] == [
        [str(label), str(i)] for i, label in enumerate(film.labels)
    ]
    sheet = np.asarray(Image.open(BytesIO(files["sprite.png"])))
    columns = sheet.shape[1] // 28
    for point, picture in enumerate(film.pictures):  # as the projector cuts them out
        top, left = 28 * (point // columns), 28 * (point % columns)
        np.testing.assert_array_equal(255 - sheet[top : top + 28, left : left + 28], picture)


ODD_NAMES = ('say "hi"', "a\tb", "a\nb", "a\r\nb", "a\u2028b", "'", "=1+1", "a,b", "<b>", "")


def test_odd_names_of_classes_break_no_table_and_no_page() -> None:
    film = embedding_film()._replace(names=ODD_NAMES)
    with ZipFile(BytesIO(projector_zip(film, np.zeros((N, 2))))) as archive:
        text = archive.read("metadata.tsv").decode()
    lines = text.split("\n")
    assert text.splitlines() == lines[:-1] and len(lines) == N + 2
    cells = [line.split("\t") for line in lines[1:-1]]
    spaced = [re.sub(r"\s", " ", name) for name in ODD_NAMES]
    assert cells == [[spaced[label], str(i)] for i, label in enumerate(film.labels)]

    rows = list(csv.DictReader(StringIO(embedding_csv(film).decode(), newline="")))
    guarded = [f"'{name}" if name.startswith("=") else name for name in ODD_NAMES]
    assert [row["label"] for row in rows] == [guarded[label] for label in film.labels]
    assert data_of(embedding_html(film, CAPTION))["names"] == list(ODD_NAMES)
    arrays = np.load(BytesIO(embedding_npz(film, np.zeros((N, 2)))), allow_pickle=False)
    assert arrays["names"].tolist() == list(ODD_NAMES)


def test_the_html_stands_alone_and_carries_points_and_pictures() -> None:
    film = embedding_film()
    page = embedding_html(film, CAPTION)
    assert Page(page).links == []
    forbidden = r"https?:|url\(|@import|import\(|fetch\(|XMLHttpRequest|WebSocket"
    assert not re.search(forbidden, page.decode())
    assert Page(page).texts["code"][0].strip() == CAPTION.command
    data = data_of(page)
    assert data["steps"] == STEPS and data["accuracy"] == film.accuracy
    whole = np.frombuffer(b64decode(str(data["coordinates"])), "<u2").reshape(3, N, 2)
    span = np.array(data["span"])
    moved = film.layouts - film.layouts.min((0, 1))
    np.testing.assert_allclose(whole / 65535 * span, moved, atol=span.max() / 65535)
    sheet = np.asarray(Image.open(BytesIO(b64decode(str(data["pictures"]).partition(",")[2]))))
    np.testing.assert_array_equal(sheet[28:56, 28:56], film.pictures[5])  # 4 columns: row 1, 1


def test_the_gif_has_a_frame_a_step_and_a_point_where_it_belongs() -> None:
    film = embedding_film()
    with Image.open(BytesIO(embedding_gif(film, CAPTION))) as gif:
        assert getattr(gif, "n_frames", 1) == len(STEPS)
    frames = embedding_frames(film, CAPTION)
    left, top, right, bottom = STAGE
    for frame, layout in zip(frames, place_points(film.layouts)[0], strict=True):
        assert ((layout > [left, top]) & (layout < [right, bottom])).all()
        x, y = np.rint(layout[-1]).astype(int)  # the last one lies on top
        colour = bytes.fromhex(DIGIT_COLOURS[film.labels[-1]][1:])
        assert tuple(frame[y, x]) == tuple(colour)
    assert (frames[0][180:, FIGURES:] == 255).all()  # nothing was measured yet
    assert not (frames[1][180:, FIGURES:] == 255).all()


def test_points_keep_their_proportions() -> None:
    film = embedding_film()
    (placed, _), points = place_points(film.layouts), film.layouts
    scale = np.diff(placed, axis=1) / np.diff(points, axis=1)
    np.testing.assert_allclose(scale[..., 0], -scale[..., 1], rtol=1e-3)
    assert RADIUS > 1


def in_space() -> EmbeddingFrames:
    film = embedding_film()
    return film._replace(layouts=np.random.default_rng(1).normal(size=(3, N, 3)) * [3, 1, 2])


def test_a_film_in_space_is_seen_from_further_around_at_each_frame() -> None:
    """Against rotation matrices, and the farthest point that is drawn first."""
    film = in_space()
    low, high = film.layouts.min((0, 1)), film.layouts.max((0, 1))
    centred = film.layouts - (low + high) / 2
    placed, order = place_points(film.layouts)
    seen = []
    for frame, yaw in zip(centred, 0.35 + np.array([0, 2, 4]) * np.pi / 3, strict=True):
        upright = [[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]]
        c, s = np.cos(0.25), np.sin(0.25)
        seen.append(frame @ np.array(upright).T @ np.array([[1, 0, 0], [0, c, -s], [0, s, c]]).T)
    turned = np.stack(seen)
    scale = np.diff(placed, axis=1) / np.diff(turned[..., :2], axis=1)
    np.testing.assert_allclose(scale, np.broadcast_to([1, -1], scale.shape) * scale[0, 0, 0])
    np.testing.assert_array_equal(order[:, 0], turned[..., 2].argmin(axis=1))
    left, top, right, bottom = STAGE
    assert ((placed > [left, top]) & (placed < [right, bottom])).all()


def test_tables_and_html_of_a_film_in_space_have_three_places() -> None:
    film = in_space()
    [row, *_] = csv.DictReader(StringIO(embedding_csv(film).decode(), newline=""))
    assert [float(row[axis]) for axis in "xyz"] == film.layouts[-1, 0].tolist()
    data = data_of(embedding_html(film, CAPTION))
    whole = np.frombuffer(b64decode(str(data["coordinates"])), "<u2").reshape(3, N, 3)
    span = np.array(data["span"])
    moved = film.layouts - film.layouts.min((0, 1))
    np.testing.assert_allclose(whole / 65535 * span, moved, atol=span.max() / 65535)


@pytest.mark.parametrize(
    "make",
    [
        embedding_csv,
        lambda film: projector_zip(film, np.zeros((N, 2))),
        lambda film: embedding_npz(film, np.zeros((N, 2))),
        lambda film: embedding_html(film, CAPTION),
        lambda film: embedding_gif(film, CAPTION),
    ],
)
def test_points_that_are_no_numbers_are_one_sentence(
    make: Callable[[EmbeddingFrames], bytes],
) -> None:
    with pytest.raises(GlimpseError, match="at step 5 some coordinates are not finite numbers"):
        make(diverged())
