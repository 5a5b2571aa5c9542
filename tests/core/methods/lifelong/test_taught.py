"""Own symbols in a stream: deleting and undoing leave no trace, and bad input is refused."""

from collections.abc import Callable

import numpy as np
import pytest
import torch

from core.data.strokes import render_strokes, stroke_classes
from core.errors import GlimpseError
from core.methods.lifelong import learnt_log
from core.methods.lifelong.characters import Characters, Choice
from core.methods.lifelong.own_symbols import SameSymbolError, Symbol
from core.methods.lifelong.snapshot import ASKED
from core.methods.lifelong.stream import stream_pictures
from core.methods.lifelong.taught import AT_FIRST, TaughtStream

REPLAY, SHOTS = 2, 2
# Two drawings of each of six symbols, uint8 (6, 2, 28, 28).
DRAWN = render_strokes(stroke_classes("train", 6), torch.arange(2)).numpy()
EMPTY = np.zeros((28, 28), np.uint8)


@pytest.fixture(scope="module")
def characters() -> Characters:
    return Characters(Choice(features="pixels", k_shot=SHOTS))


@pytest.fixture
def taught(characters: Characters) -> TaughtStream:
    return TaughtStream(characters, REPLAY, seed=0)


def bits(taught: TaughtStream) -> dict[str, bytes]:
    """All that the learners know."""
    return {
        f"{name}.{buffer}": values.numpy().tobytes()
        for name, learner in taught.learners.items()
        for buffer, values in learner.state_dict().items()
    }


def test_it_begins_with_some_characters_of_the_stream(taught: TaughtStream) -> None:
    assert taught.n_met == AT_FIRST
    assert taught.n_left == 659 - AT_FIRST
    assert not taught.symbols
    assert not taught.can_undo
    assert {learner.n_known for learner in taught.learners.values()} == {AT_FIRST}


def test_a_deleted_symbol_was_never_learnt(characters: Characters) -> None:
    with_it, without = (TaughtStream(characters, REPLAY, seed=0) for _ in range(2))
    kept = with_it.teach(DRAWN[0, 0], "kept")
    gone = with_it.teach(DRAWN[1, 0], "gone")
    without.teach(DRAWN[0, 0], "kept")
    for each in (with_it, without):
        each.let_pass(30)
    with_it.add_example(gone, DRAWN[1, 1])
    with_it.add_example(kept, DRAWN[0, 1])
    without.add_example(0, DRAWN[0, 1])
    assert bits(with_it) != bits(without)
    with_it.delete(gone)
    assert bits(with_it) == bits(without)
    assert with_it.met == without.met
    assert [symbol.name for symbol in with_it.symbols.values()] == ["kept"]


def test_every_change_can_be_undone(taught: TaughtStream) -> None:
    changes: list[Callable[[], object]] = [
        lambda: taught.teach(DRAWN[0, 0], "star"),
        lambda: taught.let_pass(7),
        lambda: taught.add_example(0, DRAWN[0, 1]),
        lambda: taught.rename(0, "sun"),
        lambda: taught.join([Symbol("moon", tuple(DRAWN[1]))]),
        lambda: taught.delete(0),
        taught.start_again,
    ]
    before = []
    for change in changes:
        before.append((bits(taught), names(taught), taught.n_met))
        change()
    for expected in reversed(before):
        taught.undo()
        assert (bits(taught), names(taught), taught.n_met) == expected
    with pytest.raises(GlimpseError, match="nothing to undo"):
        taught.undo()


def names(taught: TaughtStream) -> list[str]:
    return [symbol.name for symbol in taught.symbols.values()]


def test_two_parts_of_the_stream_are_learnt_as_one(characters: Characters) -> None:
    one, other = (TaughtStream(characters, REPLAY, seed=0) for _ in range(2))
    one.let_pass(30)
    one.let_pass(10)
    other.let_pass(40)
    assert one.met == other.met
    for name, learner in one.learners.items():
        for buffer, values in learner.state_dict().items():
            expected = other.learners[name].state_dict()[buffer]
            assert torch.allclose(values, expected, rtol=1e-4, atol=1e-5), (name, buffer)


def test_class_means_answer_with_the_nearest_mean(
    taught: TaughtStream,
) -> None:
    star = taught.teach(DRAWN[0, 0], "star")
    taught.let_pass(100)
    taught.add_example(star, DRAWN[0, 1])
    learnt = stream_pictures("omniglot", AT_FIRST + 100, 0)[:, :SHOTS].numpy()
    means = {place: mean_of(pictures) for place, pictures in enumerate(learnt)}
    means[-1] = mean_of(DRAWN[0])
    for query in (*DRAWN[:, 1], *learnt[::20, 0]):
        distances = {place: np.linalg.norm(unit(query) - mean) for place, mean in means.items()}
        nearest = min(distances, key=distances.__getitem__)
        answer = taught.ask(query)["means"]
        assert answer.met.is_own == (nearest == -1)
        assert nearest == -1 or answer.met.number == nearest
        assert answer.ranks[star] == 1 + sum(d < distances[-1] for d in distances.values())
        expected = DRAWN[0, 0] if nearest == -1 else learnt[nearest, 0]
        assert np.array_equal(answer.picture, expected)


def unit(picture: np.ndarray) -> np.ndarray:
    flat = picture.reshape(-1).astype(float)
    scaled: np.ndarray = flat / np.linalg.norm(flat)
    return scaled


def mean_of(pictures: np.ndarray) -> np.ndarray:
    mean: np.ndarray = np.mean([unit(picture) for picture in pictures], 0)
    return mean


def test_held_out_drawings_are_asked_of_each_character(taught: TaughtStream) -> None:
    taught.teach(DRAWN[0, 0], "between")
    taught.let_pass(5)
    known = taught.still_known()
    assert {len(right) for right in known.values()} == {AT_FIRST + 5}
    for place in (3, AT_FIRST + 2):
        held_out = stream_pictures("omniglot", AT_FIRST + 5, 0)[place, -ASKED:].numpy()
        answers = [taught.ask(picture)["means"].met for picture in held_out]
        right = sum(not met.is_own and met.number == place for met in answers)
        assert known["means"][place] == right


def test_characters_have_their_alphabet(characters: Characters) -> None:
    from core.data.omniglot import load_omniglot

    omniglot = load_omniglot()
    for place in (0, 17, 600):
        alike = (omniglot.images == characters.pictures[place, 0]).all(-1).all(-1).any(1)
        alphabets = {omniglot.alphabets[i].replace("_", " ") for i in alike.nonzero()[:, 0]}
        assert characters.alphabets[place] in alphabets


def test_refusals_leave_everything_as_it_was(taught: TaughtStream) -> None:
    star = taught.teach(DRAWN[0, 0], "star")
    moon = taught.teach(DRAWN[1, 0], "moon")
    before = bits(taught), taught.state
    refused: list[tuple[Callable[[], object], str]] = [
        (lambda: taught.teach(EMPTY), "drawing is empty"),
        (lambda: taught.add_example(star, EMPTY), "drawing is empty"),
        (lambda: taught.ask(EMPTY), "drawing is empty"),
        (lambda: taught.teach(DRAWN[2, 0], "star"), "called star already"),
        (lambda: taught.teach(DRAWN[2, 0], "s" * 31), "at most 30 letters"),
        (lambda: taught.rename(moon, " "), "needs a name"),
        (lambda: taught.rename(moon, "star"), "called star already"),
        (lambda: taught.let_pass(640), "639 characters are left, not 640"),
        (lambda: taught.teach(DRAWN[1, 0], "other"), "nearly the drawing of your moon"),
        (lambda: taught.add_example(star, DRAWN[1, 0]), "nearly the drawing of your moon"),
    ]
    for change, sentence in refused:
        with pytest.raises(GlimpseError, match=sentence):
            change()
        assert (bits(taught), taught.state) == before


def test_a_drawing_that_is_there_already_says_which(taught: TaughtStream) -> None:
    taught.teach(DRAWN[0, 0], "star")
    moon = taught.teach(DRAWN[1, 0], "moon")
    by_a_pixel = np.roll(DRAWN[1, 0], 1, axis=1)
    with pytest.raises(SameSymbolError) as refusal:
        taught.teach(by_a_pixel)
    assert refusal.value.number == moon
    for _ in range(19):
        taught.add_example(moon, by_a_pixel)  # of its own symbol it is welcome
    assert len(taught.symbols[moon].drawings) == 20
    with pytest.raises(GlimpseError, match="moon has 20 drawings"):
        taught.add_example(moon, by_a_pixel)


def test_there_is_room_for_so_many_classes(
    characters: Characters, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learnt_log, "CAPACITY", AT_FIRST + 2)
    taught = TaughtStream(characters, REPLAY, seed=0)
    with pytest.raises(GlimpseError, match="room for 22 classes, and 20 are taken"):
        taught.let_pass(3)
    with pytest.raises(GlimpseError, match="room for 22 classes"):
        taught.join([Symbol(str(number), (DRAWN[number, 0],)) for number in range(3)])
    assert not taught.symbols
    taught.teach(DRAWN[0, 0])
    taught.teach(DRAWN[1, 0])
    with pytest.raises(GlimpseError, match="room for 22 classes"):
        taught.teach(DRAWN[2, 0])
    assert names(taught) == ["symbol 1", "symbol 2"]


def test_an_alphabet_joins_without_what_is_there(taught: TaughtStream) -> None:
    taught.teach(DRAWN[0, 0], "star")
    alphabet = [Symbol("mine", tuple(DRAWN[0])), Symbol("star", tuple(DRAWN[1])),
                Symbol("moon", (DRAWN[2, 0],))]  # fmt: skip
    assert taught.join(alphabet) == 2
    assert names(taught) == ["star", "star 2", "moon"]
    assert [len(symbol.drawings) for symbol in taught.symbols.values()] == [1, 2, 1]
    assert taught.join(alphabet) == 0


def test_the_same_is_learnt_anew_of_other_characters(taught: TaughtStream) -> None:
    digits = Characters(Choice(source="digits", features="pixels", k_shot=SHOTS))
    taught.teach(DRAWN[0, 0], "star")
    taught.let_pass(50)
    moved = taught.on(digits, REPLAY, seed=0)
    assert (moved.n_met, moved.n_left) == (10, 0)
    assert names(moved) == ["star"]
    answers = moved.ask(DRAWN[0, 0])
    assert {answers[name].ranks[0] for name in ("means", "lda", "ridge")} == {1}
    back = moved.on(taught.characters, REPLAY, seed=0)
    assert bits(back) == bits(taught)
    back.undo()
    assert back.n_met == AT_FIRST
    assert TaughtStream(digits, REPLAY, seed=0).n_met == 5
