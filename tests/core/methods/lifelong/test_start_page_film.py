"""The Start page's film of the recorded stream, against what the recording knows."""

import numpy as np

from core.methods.lifelong.snapshot import ASKED, LEARNER_NAMES
from core.methods.lifelong.start_page_film import COLUMNS, ROWS, start_page_film
from core.training.recording import open_recording


def test_lit_characters_are_those_that_a_learner_knows_at_the_end() -> None:
    run = open_recording("lifelong")
    snapshots = [run.snapshot(step) for step in run.snapshot_steps()]
    film = start_page_film(snapshots)
    assert film["ink"].shape[1:] == film["hue"].shape[1:] == (100, 150)
    last = film["hue"][-1]
    for learner, top in (("tuning", 0), ("means", 55)):
        cells = last[top : top + 45].reshape(ROWS, 15, COLUMNS, 15).max((1, 3)).flatten()
        right = snapshots[-1]["right"][LEARNER_NAMES.index(learner), : ROWS * COLUMNS]
        np.testing.assert_array_equal(cells, right > ASKED // 2)
    assert not film["hue"][0].any(), "nothing is known before anything came"
