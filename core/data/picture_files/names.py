"""Names of files as text: from bytes without an encoding, and without what breaks lines."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

_LINE_BREAKS = {0x85: "␤", 0x2028: "␤", 0x2029: "␤", 0x7F: "␡"}
_VISIBLE = {code: chr(0x2400 + code) for code in range(32)} | _LINE_BREAKS
# What reorders or hides the text around it, or is half a character.
_UNSHOWN = ("Cf", "Cs", "Co", "Cn")
_JOINERS = "\u200c\u200d"  # of format, but part of Persian and Indian names


@dataclass(frozen=True)
class _CodePage:
    """A code page and what text in it costs, in bits: the likelier a text, the fewer.

    Characters that are rare in it cost `_RARE`. A wrong code page gives many of these.
    """

    name: str
    title: str
    bits: float  # of a character that is usual for it
    prior: float = 0.0  # how rarely it is met


# The commonest of Windows' code pages for zips, and of the older web.
_CODE_PAGES = (
    _CodePage("cp437", "Western European", 8),
    _CodePage("cp850", "Western European", 8, 1),
    _CodePage("cp1252", "Western European", 8, 0.5),
    _CodePage("cp932", "Japanese", 11.5),
    _CodePage("gbk", "Chinese", 11.9),
    _CodePage("cp949", "Korean", 11.2, 2),
    _CodePage("big5", "Chinese", 12.4, 2),
    _CodePage("cp866", "Cyrillic", 5.5, 4),
    _CodePage("cp1251", "Cyrillic", 5.5, 5),
)
ENOUGH = 300  # names tell their code page
_ASCII, _KANA, _RARE, _CHANGE = 5.0, 7.5, 20.0, 4.0  # bits
_WESTERN_LETTERS = set("äöüßéèêëàâçñáíóúîïôûùœæøåãõìòÄÖÜÉÈÇÑÅØÆÁ¿¡")


def decoded(names: Sequence[bytes]) -> tuple[list[str], str | None]:
    """Names that belong together as text, and the title of their code page where it was guessed.

    They are UTF-8 where all are valid as such, else in the code page in which they are likeliest.
    """
    try:
        return [name.decode("utf-8") for name in names], None
    except UnicodeDecodeError:
        costs = {page: _bits(names, page) for page in _CODE_PAGES}
        page = min(costs, key=lambda each: costs[each])
        return [name.decode(page.name, "replace") for name in names], f"{page.title} ({page.name})"


def shown(name: str) -> str:
    """A name in NFC, with control characters as symbols: it fits into a line and a cell."""
    text = unicodedata.normalize("NFC", name).translate(_VISIBLE)
    return "".join(
        "�" if unicodedata.category(each) in _UNSHOWN and each not in _JOINERS else each
        for each in text
    )


def _bits(names: Sequence[bytes], page: _CodePage) -> float:
    """How unlikely the parts of these names are as text in a code page, each part once."""
    parts = {part for name in names for part in name.split(b"/")}
    strange = sorted(part for part in parts if not part.isascii())[:ENOUGH]
    return page.prior + sum(_bits_of_part(part, page) for part in strange)


def _bits_of_part(part: bytes, page: _CodePage) -> float:
    try:
        text = part.decode(page.name)
    except UnicodeDecodeError:
        return 100 * _RARE
    kinds = ["ascii" if each.isascii() else "other" for each in text if each.isalpha()]
    changes = sum(a != b for a, b in pairwise(kinds))
    western = page.title == "Western European"
    cases = sum(a.islower() and b.isupper() for a, b in pairwise(text))
    price = (0 if western else _CHANGE) * changes + _CHANGE * cases
    return price + sum(_bits_of_character(each, page) for each in text)


def _bits_of_character(character: str, page: _CodePage) -> float:
    if character.isascii():
        return _ASCII
    if page.title == "Western European":
        return page.bits if character in _WESTERN_LETTERS else _RARE
    if page.title == "Cyrillic":
        return page.bits if "А" <= character <= "я" or character in "Ёё" else _RARE
    if page.name == "cp932" and "ぁ" <= character <= "ー":
        return _KANA
    return page.bits if _is_common(character.encode(page.name), page.name) else _RARE


# Lead bytes of the common characters, and the least trail byte.
_COMMON = {
    "cp932": (0x88, 0x97, 0x40),
    "gbk": (0xB0, 0xD7, 0xA1),
    "cp949": (0xB0, 0xC8, 0xA1),
    "big5": (0xA4, 0xC6, 0x40),
}


def _is_common(pair: bytes, page: str) -> bool:
    first, last, trail = _COMMON[page]
    return len(pair) == 2 and first <= pair[0] <= last and pair[1] >= trail
