"""Words of figures and pages: numbers with their nouns, and the article that a name takes."""

import re
from pathlib import Path

import pytest

from core.figures.words import counted, listed, spelled, with_article
from core.paths import PROJECT

# An article in front of a name or number that the code fills in: `a {label}`, `a ${name}`.
BEFORE_A_VALUE = re.compile(r"\b[Aa]n? \$?\{(?!type\()")


@pytest.mark.parametrize(
    "expected",
    [
        *("a 0", "a 1", "a 2", "a 7", "an 8", "a 9", "a 10", "an 11", "a 12", "an 18", "a 19"),
        *("an 80", "an 88", "a 100", "a 110", "a 118", "an 800", "a 1800", "an 11000", "an 8-way"),
        *("an A", "a B", "a C", "an F", "an R", "a U", "a T", "an X"),
        *("a cat", "an airplane", "an automobile", "a truck", "an ogonek"),
    ],
)
def test_the_article_follows_the_sound(expected: str) -> None:
    article, name = expected.split()
    assert with_article(name) == f"{article} {name}"


def test_no_text_guesses_the_article_of_what_it_fills_in() -> None:
    sources = [
        path
        for folder in ("core", "pages")
        for ending in ("py", "js", "html")
        for path in Path(PROJECT / folder).rglob(f"*.{ending}")
    ]
    assert len(sources) > 200
    guessing = [path.name for path in sources if BEFORE_A_VALUE.search(path.read_text())]
    assert guessing == []


def test_one_is_singular() -> None:
    assert [counted(number, "shot") for number in (0, 1, 2, 1000)] == [
        "0 shots", "1 shot", "2 shots", "1,000 shots",
    ]  # fmt: skip


def test_names_are_listed() -> None:
    assert listed(["MAML"]) == "MAML"
    assert listed(["MAML", "ANIL"]) == "MAML and ANIL"
    assert listed(["MAML", "ANIL", "Reptile"], "or") == "MAML, ANIL or Reptile"


def test_small_numbers_are_spelled() -> None:
    assert [spelled(number) for number in (0, 1, 7, 8, 12, 13, 1000)] == [
        "no", "one", "seven", "eight", "twelve", "13", "1,000",
    ]  # fmt: skip
