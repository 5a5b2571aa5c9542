"""Text that others wrote is shown as it is."""

import pytest

from pages.parts.plain_text import plain

JOINER = "\N{WORD JOINER}"


@pytest.mark.parametrize(
    "text",
    ["loss became nan at step 30: try a lower rate.", "There is no run '../x': choose one (a-b).",
     "12:30, 50 %, 1.5 against -2", "0.5", "a - b", "Few-shot", "inner_lr -1", ""],
)  # fmt: skip
def test_a_plain_sentence_stays_as_it_is(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("![x](http://a.b/c.png)", rf"!\[x\](http:{JOINER}//a.b/c.png)"),
        ("<img src=x>", r"\<img src=x\>"),
        ("**b** _i_ `c` $x$ ~~s~~", r"\*\*b\*\* \_i\_ \`c\` \$x\$ \~\~s\~\~"),
        (":material/home: :red[x]", rf":{JOINER}material/home: :{JOINER}red\[x\]"),
        ("www.a.b me@a.b", f"www{JOINER}.a.b me@{JOINER}a.b"),
        ("__init__ a__b _c", r"\_\_init\_\_ a\_\_b \_c"),
        ("# a", r"\# a"),
        ("- a", r"\- a"),
        ("1. a", f"{JOINER}1. a"),
        ("a\n\n# b", "a # b"),
        (r"C:\[x]", r"C:\\\[x\]"),
    ],
)
def test_markup_is_text(text: str, markdown: str) -> None:
    assert plain(text) == markdown
