"""Words from outside, such as the names of files, where Streamlit reads Markdown."""

import re

# Emphasis, links, pictures, tables, HTML, formulas; then symbols and colours, such as :red[...].
_ACTIVE = re.compile(r"([\\*\[\]<>|~$#&]|(?<!\w)_|_(?!\w)|:(?=[A-Za-z/]))")


def as_text(words: str) -> str:
    """The words so that they are shown as they are. Backticks still make code."""
    return _ACTIVE.sub(r"\\\1", words)
