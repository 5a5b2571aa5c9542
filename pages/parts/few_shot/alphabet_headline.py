"""The answer to a drawn query in one large line."""

from collections.abc import Sequence

import numpy as np

from core.figures.pictures import UNDECIDED, answers, class_colour, class_name
from core.figures.words import listed
from pages.parts.few_shot.none_of_these import Within, is_far

SURE = 0.9  # from here on it is said without a doubt
HEADLINE_HEIGHT = 92  # px, also of a sentence in its place that asks for a drawing
_HTML = (  # an answer fits one line of a phone
    '<p style="margin:0;font-size:min(2.25rem, 8.5vw);line-height:1.3;font-weight:600">{large}</p>'
    '<p style="margin:0;opacity:0.75">{small}</p>'
)


def headline(
    probability: np.ndarray, numbers: Sequence[int], distances: np.ndarray, within: Within
) -> str:
    """HTML of which of the symbols with those numbers a query is: probability (n,), summing to 1.

    The network has to choose one of them, so that this says what it chose from, and that it may be
    none where the query is far from all in the features: distances (n,).
    """
    choice = int(answers(probability))
    among = listed([class_name(number) for number in numbers])
    if choice == UNDECIDED:
        return _HTML.format(large="It may be any", small=f"of {among}: nothing is learnt yet")
    if is_far(distances, within):
        nearest = _letter(numbers[int(distances.argmin())])
        return _HTML.format(
            large="Perhaps none of these",
            small=f"Nearest is {nearest}, but farther off than is usual",
        )
    share = probability[choice]
    says = "It is" if share >= SURE else "Perhaps it is"
    return _HTML.format(
        large=f"{says} {_letter(numbers[choice])}: {100 * share:.0f}&nbsp;%",
        small=f"the likeliest of {among}",
    )


def _letter(number: int) -> str:
    return f'<span style="color:{class_colour(number)}">{class_name(number)}</span>'
