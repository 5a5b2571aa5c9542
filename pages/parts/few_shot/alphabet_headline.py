"""The answer to a drawn query in one large line."""

from collections.abc import Sequence

import numpy as np

from core.figures.pictures import UNDECIDED, answers, class_colour, class_name

SURE = 0.9  # from here on it is said without a doubt
HEADLINE_HEIGHT = 92  # px, also of a sentence in its place that asks for a drawing
_HTML = (
    '<p style="margin:0;font-size:2.25rem;line-height:1.3;font-weight:600">{large}</p>'
    '<p style="margin:0;opacity:0.75">{small}</p>'
)


def headline(probability: np.ndarray, numbers: Sequence[int]) -> str:
    """HTML of which of the symbols with those numbers a query is: probability (n,), summing to 1.

    The network has to choose one of them, so that this says what it chose from.
    """
    choice = int(answers(probability))
    letters = [class_name(number) for number in numbers]
    among = f"{', '.join(letters[:-1])} and {letters[-1]}"
    if choice == UNDECIDED:
        return _HTML.format(large="It may be any", small=f"of {among}: nothing is learnt yet")
    share, number = probability[choice], numbers[choice]
    says = "It is" if share >= SURE else "Perhaps it is"
    letter = f'<span style="color:{class_colour(number)}">{class_name(number)}</span>'
    return _HTML.format(
        large=f"{says} {letter}: {100 * share:.0f}&nbsp;%", small=f"the likeliest of {among}"
    )
