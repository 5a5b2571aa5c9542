"""A fragment that offers files, two of which cannot be made."""

import streamlit as st

from core.errors import GlimpseError
from pages.parts.downloads import Download, offer_downloads


def download(label: str, number: int) -> Download:
    def make() -> bytes:
        if label == "Refused":
            raise GlimpseError("This film is too long: choose fewer steps.")
        if label == "Broken":
            raise ZeroDivisionError
        return f"{label} {number}".encode()

    what = f"What {label.lower()} means, in a sentence."
    return Download(label, "table", what, f"{label.lower()}-{number}.txt", "text/plain", make)


@st.fragment
def choose() -> None:
    number = st.number_input("Number", 0, 99, key="number", bind="query-params")
    st.header("Download", anchor=False)
    downloads = [download(label, number) for label in ("Fine", "Refused", "Broken")]
    offer_downloads(downloads, f"python -m core train maml --seed {number}", key="demo")


choose()
