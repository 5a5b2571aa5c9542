"""What the learners say of a drawing, in words."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from core.figures.words import counted, listed

if TYPE_CHECKING:
    from core.methods.lifelong.learnt_log import Met
    from core.methods.lifelong.taught import Answer, TaughtStream

SPOKEN = {  # the learners within a sentence
    "tuning": "fine-tuning",
    "replay": "fine-tuning with replay",
    "maml": "continued MAML",
    "oml": "OML",
    "means": "class means",
    "lda": "streaming LDA",
    "ridge": "ridge",
}
PLURAL = ("means",)
Answers = Mapping[str, "Answer"]


def title(met: "Met", taught: "TaughtStream") -> str:
    """star, or character 17: what a class is called."""
    if met.is_own:
        return taught.symbols[met.number].name
    return f"character {met.number + 1}"


def what_happened(answers: Answers, mine: int | None, taught: "TaughtStream") -> str:
    """One sentence on all answers to a drawing; `mine` is the symbol that it is said to be."""
    if mine is None:
        return _capital("; ".join(_who_says_what(answers, taught))) + "."
    know = [name for name, answer in answers.items() if answer.ranks.get(mine) == 1]
    others = {name: answer for name, answer in answers.items() if name not in know}
    since = taught.since(mine)
    still = " still" if since else ""
    yours = f"your {taught.symbols[mine].name}"
    if not others:
        knowing = f"all {len(know)}{still} know {yours}"
    elif know:
        knowing = f"{_names(know)}{still} {_verb(know, 'know')} {yours}"
    else:
        knowing = f"no learner knows {yours}{' any more' if since else ''}"
    after = f"after {counted(since, 'more character')}, " if since else ""
    return _capital(after + "; ".join([knowing, *_who_says_what(others, taught)])) + "."


def _who_says_what(answers: Answers, taught: "TaughtStream") -> list[str]:
    """Learners with the same answer together, the most frequent answer first."""
    by_answer: dict[Met, list[str]] = {}
    for name, answer in answers.items():
        by_answer.setdefault(answer.met, []).append(name)
    grouped = sorted(by_answer.items(), key=lambda each: -len(each[1]))
    return [
        f"{_names(names)} {_verb(names, 'say')} {_said(met, len(names), taught)}"
        for met, names in grouped
    ]


def _said(met: "Met", count: int, taught: "TaughtStream") -> str:
    said = f"your {title(met, taught)}" if met.is_own else title(met, taught)
    they = "they" if count > 1 else "it"
    return f"{said}, the last that {they} met" if met == taught.last_met else said


def _names(names: list[str]) -> str:
    return listed([SPOKEN[name] for name in names])


def _verb(names: list[str], verb: str) -> str:
    return verb if len(names) > 1 or names[0] in PLURAL else f"{verb}s"


def _capital(sentence: str) -> str:
    return sentence[0].upper() + sentence[1:]
