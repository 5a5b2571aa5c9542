"""Text that others wrote, shown as it is: in Streamlit most text is Markdown.

Of a run folder, an address or a file's name, Markdown would load pictures from other servers, and
make links and icons.
"""

import re

# A backslash keeps these from being markup; a word joiner, which is not seen, those that Streamlit
# finds in what is left: `:red[...]`, `:material/...:`, `https://...`, `www....`, `me@...`.
_MARKUP = re.compile(r"[\\`*~<>\[\]$&|]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_SHORTCODE = re.compile(r"([:@])(?=[A-Za-z_/+-])")
_WEB = re.compile(r"(www)(?=\.)", re.IGNORECASE)
_FIRST = re.compile(r"^(\s*)([#=+-]|\d+(?=[.)](?:\s|$)))")  # a heading or a list
_JOINER = "\N{WORD JOINER}"


def plain(text: object) -> str:
    """Markdown that shows a text, or an error's message, as it is, in one line."""
    line = " ".join(str(text).split())
    line = _MARKUP.sub(r"\\\g<0>", line)
    line = _FIRST.sub(_not_first, line)
    return _WEB.sub(rf"\1{_JOINER}", _SHORTCODE.sub(rf"\1{_JOINER}", line))


def _not_first(found: re.Match[str]) -> str:
    sign = found[2]
    return f"{_JOINER}{sign}" if sign.isdigit() else f"\\{sign}"
