"""Words that figures and pages share."""

from collections.abc import Sequence

_SPELLED = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
)  # fmt: skip
_VOWELS = "aeiou"
# Letters whose names begin with a vowel, as in "an F"; U is "you".
_VOWEL_LETTERS = "AEFHILMNORSX"


def counted(number: int, what: str = "step") -> str:
    """1 step, 2 steps, 1,000 steps, ..."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def spelled(number: int) -> str:
    """seven, eight, ...; from 13 on in digits."""
    return _SPELLED[number] if number < len(_SPELLED) else f"{number:,}"


def with_article(name: str) -> str:
    """A number, a letter or a noun after its indefinite article: an 8, a 1, an F, a cat.

    The article follows the sound: an 11 and an 80, but a 100. Of other words it is guessed from
    the first letter.
    """
    return f"{'an' if _sounds_like_a_vowel(name.strip()) else 'a'} {name}"


def listed(names: Sequence[str], last: str = "and") -> str:
    """A, B and C."""
    *first, end = names
    return f"{', '.join(first)} {last} {end}" if first else end


def _sounds_like_a_vowel(name: str) -> bool:
    digits = name[: len(name) - len(name.lstrip("0123456789"))]
    if digits:
        # Eight, eighty, eight hundred; eleven and eighteen, also of thousands.
        return digits[0] == "8" or (digits[:2] in ("11", "18") and len(digits) % 3 == 2)
    if len(name) == 1:
        return name.upper() in _VOWEL_LETTERS
    return name[:1].lower() in _VOWELS
