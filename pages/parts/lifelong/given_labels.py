"""The labels that a person has given, in the session and as one parameter of the address.

`?labels=12:3,877:0` says that picture 12 is a 3 and picture 877 a 0, in this order.
"""

import re
from dataclasses import dataclass, field

import streamlit as st

from pages.parts.url_state import UrlValue, restore, write

LABELS = "labels"  # in session state and in the address
MOST = 100  # labels: servers and messengers cut addresses that are much longer
SHOWN_LETTERS, SHOWN_PARTS = 40, 3  # of what makes no sense
_PART = re.compile(r"(\d{1,6}):(\d)", re.ASCII)

Given = dict[int, int]  # class by picture, the newest last


@dataclass(frozen=True)
class GivenLabels(UrlValue):
    """The labels of some of `n_pictures`."""

    n_pictures: int
    key: str = LABELS
    label: str = "Labels"
    default: Given = field(default_factory=dict)

    def nearest(self, given: str) -> Given:
        return self._read(given)[0]

    def text(self, value: Given) -> str:
        return ",".join(f"{picture}:{digit}" for picture, digit in value.items())

    def sentence(self, given: str, value: Given) -> str:
        ignored = self._read(given)[1]
        if not ignored:
            return ""  # the same labels, written in another way
        shown = ", ".join(repr(part[:SHOWN_LETTERS]) for part in ignored[:SHOWN_PARTS])
        more = f" and {len(ignored) - SHOWN_PARTS} more" if len(ignored) > SHOWN_PARTS else ""
        return (
            f"Left out of the labels in the address: {shown}{more}. A label is the number of a "
            f"picture, below {self.n_pictures:,}, and its digit, such as 12:3; there are at most "
            f"{MOST}."
        )

    def _read(self, given: str) -> tuple[Given, list[str]]:
        """The labels, and the parts that are none, or too many; a picture's last one counts."""
        labels: Given = {}
        ignored = []
        for part in given.split(",") if given else []:
            found = _PART.fullmatch(part)
            if not found or int(found[1]) >= self.n_pictures or len(labels) >= MOST:
                ignored.append(part)
                continue
            labels.pop(int(found[1]), None)
            labels[int(found[1])] = int(found[2])
        return labels, ignored


def restore_labels(n_pictures: int) -> None:
    """Begins the session's labels with those of the address, and keeps them there.

    Call it first: where the address has to be corrected, the page runs again from the top.
    """
    labels = GivenLabels(n_pictures)
    restore(labels)
    keep_labels()


def given_labels() -> Given:
    """The labels given so far; change them by the functions below."""
    given: Given = st.session_state[LABELS]
    return given


def keep_labels() -> None:
    """Puts the labels into the address, which a visit to another page drops."""
    write(LABELS, GivenLabels(0).text(given_labels()))


def give_label(picture: int, digit: int) -> None:
    """A picture that has a label gets the new one in its place; the address has room for MOST."""
    given = given_labels()
    others = {each: label for each, label in given.items() if each != picture}
    if len(others) < MOST:
        st.session_state[LABELS] = others | {picture: digit}


def undo_label() -> None:
    """Takes the newest label back, if there is one."""
    st.session_state[LABELS] = dict(list(given_labels().items())[:-1])


def start_again() -> None:
    st.session_state[LABELS] = {}
