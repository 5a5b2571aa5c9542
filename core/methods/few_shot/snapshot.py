"""What a snapshot of few-shot learning has to be: see `FewShot.snapshot`. Imports no torch."""

from collections.abc import Mapping
from typing import Any

from core.methods.snapshot_arrays import Arrays, Expected, check_arrays

MOST_WAYS = 64
LEAST_FRAMES = 2  # before and after an inner step
LOSS = {"support_loss": Expected("f", ("S",))}
PICTURES = LOSS | {
    "support": Expected("u", ("R", 28, 28)),
    "query": Expected("u", ("Q", 28, 28)),
    "query_class": Expected("iu", ("Q",)),
    "probability": Expected("f", ("S", "Q", "W")),
}
SINUSOID = LOSS | {
    "support_x": Expected("f", ("K",)),
    "support_y": Expected("f", ("K",)),
    "curve_x": Expected("f", ("C",)),
    "curve_y": Expected("f", ("C",)),
    "prediction": Expected("f", ("S", "C")),
}


def check_snapshot(arrays: Arrays, config: Mapping[str, Any], _is_first: bool) -> None:
    """Raises ValueError where the page cannot draw them."""
    if config.get("source") == "sinusoids":
        sizes = check_arrays(arrays, SINUSOID)
    else:
        sizes = check_arrays(arrays, PICTURES)
        ways = sizes["W"]
        if not 1 < ways <= MOST_WAYS or sizes["R"] % ways or sizes["Q"] % ways:
            raise ValueError("its pictures are not as many for each class")
        probability, classes = arrays["probability"], arrays["query_class"]
        if probability.min() < 0 or probability.max() > 1:
            raise ValueError("probability is not between 0 and 1")
        if classes.min() < 0 or classes.max() >= ways:
            raise ValueError("query_class has classes that are not there")
    if sizes["S"] < LEAST_FRAMES:
        raise ValueError("it has no inner steps")
