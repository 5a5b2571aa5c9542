"""The file of an alphabet, and which drawings are the same symbol."""

import json

import numpy as np
import pytest
import torch

from core.data.omniglot import characters, load_omniglot
from core.data.strokes import render_strokes, stroke_classes
from core.errors import GlimpseError
from core.methods.lifelong.own_symbols import (
    SAME,
    Symbol,
    alphabet_file,
    likeness,
    read_alphabet,
)

DRAWN = render_strokes(stroke_classes("train", 3), torch.arange(2)).numpy()
ALPHABET = [Symbol("star", tuple(DRAWN[0])), Symbol("Mond ☾ </b>", (DRAWN[1, 0],))]


def test_a_file_is_read_as_it_was_written() -> None:
    read = read_alphabet(alphabet_file(ALPHABET))
    assert [symbol.name for symbol in read] == [symbol.name for symbol in ALPHABET]
    for one, other in zip(read, ALPHABET, strict=True):
        assert len(one.drawings) == len(other.drawings)
        assert all(map(np.array_equal, one.drawings, other.drawings))


def damaged() -> dict[str, bytes]:
    whole = alphabet_file(ALPHABET)
    parts = json.loads(whole)
    star = parts["symbols"][0]

    def with_symbol(**changed: object) -> bytes:
        return json.dumps({**parts, "symbols": [{**star, **changed}]}).encode()

    return {
        "nothing": b"",
        "no text": bytes(range(256)),
        "cut off": whole[: len(whole) // 2],
        "another format": whole.replace(b"alphabet 1", b"alphabet 2"),
        "a list": b"[]",
        "no format": json.dumps({"symbols": parts["symbols"]}).encode(),
        "no symbol": json.dumps({**parts, "symbols": []}).encode(),
        "no name": with_symbol(name=""),
        "a blank name": with_symbol(name="  "),
        "a long name": with_symbol(name="s" * 31),
        "a number as name": with_symbol(name=7),
        "too many drawings": with_symbol(drawings=star["drawings"][:1] * 21),
        "no drawing": with_symbol(drawings=[]),
        "a short drawing": with_symbol(drawings=[star["drawings"][0][:-4]]),
        "no base64": with_symbol(drawings=["*" * 1048]),
        "an empty drawing": with_symbol(drawings=["A" * 1045 + "A=="]),
        "more than that": with_symbol(more=1),
        "nested": b"[" * 100_000,
    }


@pytest.mark.parametrize("kind", damaged())
def test_a_damaged_file_is_refused_in_one_sentence(kind: str) -> None:
    with pytest.raises(GlimpseError, match=r"^alphabet\.json is no alphabet of Glimpse, or"):
        read_alphabet(damaged()[kind], "alphabet.json")


def test_likeness_is_a_cosine_of_blurred_pictures() -> None:
    one, other = DRAWN[0]
    padded = [np.pad(each.astype(float), 1) for each in (one, other)]
    moved = [[p[r : r + 28, c : c + 28] for r in range(3) for c in range(3)] for p in padded]
    first, second = np.sum(moved, 1)  # nine times the mean over 3x3 pixels
    expected = (first * second).sum() / (np.linalg.norm(first) * np.linalg.norm(second))
    assert likeness(one, DRAWN[0]) == pytest.approx([1, expected], rel=1e-5)


def test_different_characters_are_seldom_the_same_symbol() -> None:
    pictures = load_omniglot().images[characters("validation", "alphabet")][:60, 0].numpy()
    pairs = np.concatenate([likeness(pictures[i], pictures[:i]) for i in range(1, 60)])
    assert len(pairs) == 1770
    assert (pairs >= SAME).sum() <= 1
