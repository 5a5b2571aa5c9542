"""Results as CSV, for any spreadsheet and any program."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

import numpy as np

from core.export.film import answer_name, answers
from core.figures.few_shot import TaskFrames
from core.figures.pictures import class_name

Cell = str | bool | int | float | np.bool_ | np.integer | np.floating

# A spreadsheet that opens a text with one of these in front runs it as a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_table(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Rows under a header as CSV (RFC 4180: commas, CRLF, quotes where needed), in UTF-8.

    Give a column with a unit a name that says so, `time_s`. Numbers are plain decimals that read
    back as the same number, truth is 1 or 0, and what is not a number is nan, inf or -inf. A text
    that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    text = StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([_cell(name) for name in header])
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue().encode()


def film_table(film: TaskFrames) -> bytes:
    """A film as CSV, a row for each step and query.

    Queries count from 0 in the order of the page, row by row. Where all classes are equally likely,
    the predicted class is a question mark, and `right` is the share of guesses that are right: its
    mean over a step is the accuracy on the page. The support loss is a cross-entropy in nats.
    Raises GlimpseError where the film's values are not finite.
    """
    answered = answers(film)
    header = (
        "step", "query", "true_class", "predicted_class", "confidence", "right", "support_loss",
    )  # fmt: skip
    steps, queries = answered.predicted.shape
    return csv_table(
        header,
        (
            (
                step,
                query,
                class_name(answered.truth[query]),
                answer_name(answered.predicted[step, query]),
                answered.confidence[step, query],
                answered.credit[step, query],
                film.support_loss[step],
            )
            for step in range(steps)
            for query in range(queries)
        ),
    )


def _cell(value: Cell) -> str:
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA_STARTS) else value
    if isinstance(value, bool | np.bool_):
        return str(int(value))
    if isinstance(value, int | np.integer):
        return str(value)
    return np.format_float_positional(value, trim="-")
