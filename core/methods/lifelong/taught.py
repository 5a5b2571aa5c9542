"""A stream of characters that a person's own symbols join, and the learners that take in both.

What the learners know is a function of the log: what came, in which order. To undo something or to
delete a symbol is to change the log, and the learners then learn all of it anew. None of them can
take a class out again, and so nothing of it is left.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
import torch

from core.errors import GlimpseError
from core.methods.lifelong.characters import Characters
from core.methods.lifelong.learners.base import Drawings, StreamLearner
from core.methods.lifelong.learnt_log import Drawn, LearntLog, Met, Passed
from core.methods.lifelong.own_symbols import (
    MOST_DRAWINGS,
    MOST_LETTERS,
    Symbol,
    check_differs,
    check_ink,
    same_symbol,
)
from core.methods.lifelong.snapshot import ASKED

AT_FIRST = 20  # characters that are known before the first own symbol


@dataclass(frozen=True)
class State:
    """All that a person can change; the names are those of the symbols by number."""

    log: tuple[Passed | Drawn, ...]
    names: Mapping[int, str]


@dataclass(frozen=True)
class Answer:
    """What a learner takes a drawing for, with the first example of it uint8 (28, 28).

    `ranks` has, for each own symbol, which guess it would be: 1 for the answer itself.
    """

    met: Met
    picture: np.ndarray
    ranks: Mapping[int, int]


class TaughtStream(LearntLog):
    """Learners to which characters come, and a person's symbols whenever they are taught.

    `replay` and `seed` are of `make_learners`. A change that is refused with a GlimpseError leaves
    everything as it was.
    """

    def __init__(self, characters: Characters, replay: int, seed: int) -> None:
        super().__init__(characters, replay, seed)
        self._earlier: list[State] = []
        self._numbers = count()  # of symbols: none is given twice
        self._become(self._at_first())

    def on(self, characters: Characters, replay: int, seed: int) -> "TaughtStream":
        """The same that came, of other characters or for learners with other settings."""
        other = TaughtStream(characters, replay, seed)
        other._numbers = self._numbers
        if self.can_undo:
            other._earlier = list(self._earlier)
            other._become(self.state)
        return other

    # ---- what there is ---------------------------------------------------------------------------

    @property
    def symbols(self) -> dict[int, Symbol]:
        """The own symbols by number, in the order in which they were first taught."""
        drawings: dict[int, list[np.ndarray]] = {}
        for event in self.state.log:
            if isinstance(event, Drawn):
                drawings.setdefault(event.symbol, []).append(event.picture)
        names = self.state.names
        return {number: Symbol(names[number], tuple(d)) for number, d in drawings.items()}

    @property
    def n_left(self) -> int:
        """The characters that can still come."""
        return len(self.characters) - self.n_met

    @property
    def can_undo(self) -> bool:
        return bool(self._earlier)

    def since(self, symbol: int) -> int:
        """How many characters came after the last drawing of an own symbol."""
        return self.n_met - self._met_before[symbol]

    # ---- what can be changed ---------------------------------------------------------------------

    def let_pass(self, number: int) -> None:
        """The next characters come. Raises GlimpseError where there are not so many."""
        if number > self.n_left:
            raise GlimpseError(
                f"{self.n_left:,} characters are left, not {number:,}: let fewer pass, or start "
                "again."
            )
        self._check_room(number)
        self._change(State((*self.state.log, Passed(number)), self.state.names))

    def teach(self, picture: np.ndarray, name: str = "") -> int:
        """A drawing uint8 (28, 28) as a new class; without a name it is called symbol 1 and so on.

        Returns its number. Raises GlimpseError for a drawing without ink, one of another own symbol
        (SameSymbolError), a name that another has, and where there is no room for another class.
        """
        check_ink(picture)
        check_differs(picture, self.symbols)
        self._check_room(1)
        name = self._checked_name(name) if name.strip() else self._free_name("symbol 1")
        number = next(self._numbers)
        names = {**self.state.names, number: name}
        self._change(State((*self.state.log, Drawn(number, picture)), names))
        return number

    def add_example(self, symbol: int, picture: np.ndarray) -> None:
        """Another drawing of an own symbol; refused as in `teach`."""
        check_ink(picture)
        if len(self.symbols[symbol].drawings) >= MOST_DRAWINGS:
            raise GlimpseError(
                f"{self.state.names[symbol]} has {MOST_DRAWINGS} drawings, and more are not kept: "
                "teach another symbol."
            )
        check_differs(picture, {n: s for n, s in self.symbols.items() if n != symbol})
        self._change(State((*self.state.log, Drawn(symbol, picture)), self.state.names))

    def join(self, symbols: Sequence[Symbol]) -> int:
        """Teaches all drawings of an alphabet, as one change; returns how many symbols were new.

        A symbol that there is already is left out, and a name that there is already gets a number.
        """
        before = self.state
        events, names, there = list(before.log), dict(before.names), self.symbols
        for symbol in symbols:
            if any(same_symbol(drawing, there) is not None for drawing in symbol.drawings):
                continue
            number = next(self._numbers)
            names[number] = self._free_name(symbol.name, names)
            there[number] = symbol
            events += [Drawn(number, drawing) for drawing in symbol.drawings]
        n_new = len(there) - len(self.symbols)
        self._check_room(n_new)
        if n_new:
            self._change(State(tuple(events), names))
        return n_new

    def rename(self, symbol: int, name: str) -> None:
        """Raises GlimpseError for a blank name, a long one, and one that another symbol has."""
        name = self._checked_name(name, symbol)
        if name != self.state.names[symbol]:
            self._change(State(self.state.log, {**self.state.names, symbol: name}))

    def delete(self, symbol: int) -> None:
        """As if the symbol had never been taught."""
        log = tuple(e for e in self.state.log if not (isinstance(e, Drawn) and e.symbol == symbol))
        names = {number: name for number, name in self.state.names.items() if number != symbol}
        self._change(State(log, names))

    def undo(self) -> None:
        """Takes the last change back. Raises GlimpseError where there is none."""
        if not self._earlier:
            raise GlimpseError("There is nothing to undo: teach a symbol first.")
        self._become(self._earlier.pop())

    def start_again(self) -> None:
        """No own symbols, and the first characters alone; it can be undone."""
        self._change(self._at_first())

    # ---- what the learners know ------------------------------------------------------------------

    def ask(self, picture: np.ndarray) -> dict[str, Answer]:
        """What each learner takes a drawing uint8 (28, 28) for, among all that it has met.

        Raises GlimpseError for a drawing without ink.
        """
        check_ink(picture)
        drawing = self._drawing(picture)
        return {name: self._answer(learner, drawing) for name, learner in self.learners.items()}

    def still_known(self) -> dict[str, np.ndarray]:
        """How many of five held-out drawings of each character so far each learner names rightly.

        A uint8 (n_met,) for each learner, kept until something else is learnt.
        """
        if self._still_known is None:
            self._still_known = self._asked_of_held_out()
        return self._still_known

    def _asked_of_held_out(self) -> dict[str, np.ndarray]:
        asked = self.characters.held_out(0, self.n_met)
        places = [place for place, met in enumerate(self.met) if not met.is_own]
        truth = torch.tensor(places).repeat_interleave(ASKED)
        right = {
            name: learner.answers(learner.sees(asked).flatten(0, 1)) == truth
            for name, learner in self.learners.items()
        }
        return {
            name: each.view(-1, ASKED).sum(1).numpy().astype(np.uint8)
            for name, each in right.items()
        }

    def _answer(self, learner: StreamLearner, drawing: Drawings) -> Answer:
        logits = learner.logits(learner.sees(drawing))[0, : len(self.met)]
        met = self.met[int(logits.argmax())]
        ranks = {
            each.number: 1 + int((logits > logits[place]).sum())
            for place, each in enumerate(self.met)
            if each.is_own
        }
        return Answer(met, self._first_example(met), ranks)

    def _first_example(self, met: Met) -> np.ndarray:
        if met.is_own:
            return self.symbols[met.number].drawings[0]
        picture: np.ndarray = self.characters.pictures[met.number, 0].numpy()
        return picture

    # ---- states ----------------------------------------------------------------------------------

    def _at_first(self) -> State:
        """A source with few characters keeps half of them to come."""
        return State((Passed(min(AT_FIRST, len(self.characters) // 2)),), {})

    def _change(self, state: State) -> None:
        self._earlier.append(self.state)
        self._become(state)

    def _become(self, state: State) -> None:
        self.state = state
        self.learn_log(state.log)

    # ---- checks ----------------------------------------------------------------------------------

    def _check_room(self, number: int) -> None:
        if number > self._room():
            raise GlimpseError(
                f"There is room for {self.capacity:,} classes, and {len(self.met):,} are taken: "
                "delete some symbols, or start again."
            )

    def _free_name(self, name: str, names: Mapping[int, str] | None = None) -> str:
        """The name, or the name with the first number that makes it one of its own."""
        taken = set((self.state.names if names is None else names).values())
        stem = name.removesuffix(" 1")
        more = (f"{stem} {number}" for number in range(2, len(taken) + 3))
        return next(each for each in (name, *more) if each not in taken)

    def _checked_name(self, name: str, symbol: int | None = None) -> str:
        name = " ".join(name.split())
        if not name:
            raise GlimpseError("A symbol needs a name: write one.")
        if len(name) > MOST_LETTERS:
            raise GlimpseError(f"The name is too long: write at most {MOST_LETTERS} letters.")
        if name in {each for number, each in self.state.names.items() if number != symbol}:
            raise GlimpseError(f"You have a symbol called {name} already: choose another name.")
        return name
