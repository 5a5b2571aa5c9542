"""What is sent of a cabinet to the browser, and the films that are refused."""

from base64 import b64decode
from typing import Any

import numpy as np
import pytest

from core.export.cabinet import cabinet_message
from tests.helpers.cabinet_films import crosses, stream


def test_the_numbers_travel_as_bytes_frame_after_frame() -> None:
    film = stream(3)
    sent: Any = cabinet_message(film)
    numbers = np.frombuffer(b64decode(sent["right"]), np.uint8).reshape(3, 3, 12)
    np.testing.assert_array_equal(numbers, film.right)
    assert sent["steps"] == [3, 6, 9]
    assert sent["accuracy"][2][:2] == [0.3333, 1]  # three of nine known, and all of them


def test_an_accuracy_of_nothing_is_none() -> None:
    film = stream(1)
    sent: Any = cabinet_message(film._replace(accuracy=np.array([[np.nan, 0.5, 1]])))
    assert sent["accuracy"] == [[None, 0.5, 1]]


@pytest.mark.parametrize(
    ("parts", "refusal"),
    [
        ({"accuracy": np.zeros((2, 2))}, "accuracies"),
        ({"steps": [1]}, "a step"),
        ({"notes": ["a", "b", "c"]}, "a note"),
        ({"learners": ["One"]}, "a label"),
        ({"pictures": crosses(11)}, "11 pictures of 12"),
        ({"asked": 4}, "more right answers than the 4"),
    ],
)
def test_parts_that_do_not_fit_are_refused(parts: dict[str, Any], refusal: str) -> None:
    with pytest.raises(ValueError, match=refusal):
        cabinet_message(stream(2)._replace(**parts))
