"""A GIF read back by pillow shows the pictures that it was made of, each for its time."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from core.errors import GlimpseError
from core.export.film_gif import FIRST_S, STEP_S, film_frames, film_gif
from core.export.gif import HOLD_S, animated_gif
from core.figures.pictures import CLASS_COLOURS, GREY, WRONG
from tests.helpers.task_films import CAPTION, STEPS, diverged, film, undecided_at_first

SIDE = 112  # pixels of a picture on the frame, in a film as small as this


def read(gif: bytes) -> tuple[list[np.ndarray], list[float]]:
    """Each frame (H, W, 3) as a viewer shows it, and its seconds."""
    with Image.open(BytesIO(gif)) as file:
        frames, seconds = [], []
        for index in range(file.n_frames):  # type: ignore[attr-defined]
            file.seek(index)
            frames.append(np.asarray(file.convert("RGB")))
            seconds.append(file.info["duration"] / 1000)
        assert file.info["loop"] == 0  # for ever
        return frames, seconds


def squares(count: int) -> list[np.ndarray]:
    """A white square that wanders over a coloured ground."""
    frames = []
    for index in range(count):
        frame = np.full((20, 40, 3), (10, 60, 120), np.uint8)
        frame[5:10, 3 * index : 3 * index + 5] = 255
        frames.append(frame)
    return frames


def smooth(count: int) -> list[np.ndarray]:
    """Slopes between two colours and white: more colours than a GIF can have."""
    rows, columns = np.mgrid[0:1:120j, 0:1:160j]
    ground = np.stack([255 - 200 * rows, 255 - 100 * columns, 255 - 150 * rows * columns], -1)
    return [np.roll(ground.round().astype(np.uint8), 10 * index, axis=1) for index in range(count)]


def test_few_colours_are_kept_exactly() -> None:
    frames, seconds = read(animated_gif(squares(7), [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7], hold=2))
    np.testing.assert_array_equal(frames, squares(7))
    assert seconds == pytest.approx([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 2])


def test_one_time_for_all_and_the_last_frame_is_held() -> None:
    assert read(animated_gif(squares(3), 0.25))[1] == pytest.approx([0.25, 0.25, HOLD_S])


def test_equal_neighbours_are_one_frame_for_as_long_as_both() -> None:
    still, moving = squares(2)
    frames, seconds = read(animated_gif([still, still, moving], 0.5, hold=1))
    np.testing.assert_array_equal(frames, [still, moving])
    assert seconds == pytest.approx([1, 1])


def test_many_colours_show_no_bands() -> None:
    source = smooth(4)
    shown, _seconds = read(animated_gif(source, 0.5))
    error = np.abs(np.asarray(shown).astype(int) - np.asarray(source))
    assert len(np.unique(np.concatenate(source).reshape(-1, 3), axis=0)) > 5000
    assert error.max() <= 24 and error.mean() < 5


def test_the_same_frames_make_the_same_bytes() -> None:
    assert animated_gif(smooth(3), 0.5) == animated_gif(smooth(3), 0.5)
    assert film_gif(film(), CAPTION) == film_gif(film(), CAPTION)


@pytest.mark.parametrize(
    "frames", [[], [np.zeros((4, 4, 3), np.uint8), np.zeros((4, 5, 3), np.uint8)]]
)
def test_no_frames_or_odd_ones_are_one_sentence(frames: list[np.ndarray]) -> None:
    with pytest.raises(GlimpseError, match="all of one size"):
        animated_gif(frames, 1)


def test_a_film_has_a_frame_a_step() -> None:
    frames, seconds = read(film_gif(film(), CAPTION))
    assert frames[0].shape == (720, 1280, 3)
    assert seconds == pytest.approx([FIRST_S, *[STEP_S] * (STEPS - 1), HOLD_S])
    for shown, drawn in zip(frames, film_frames(film(), CAPTION), strict=True):
        error = np.abs(shown.astype(int) - drawn)
        assert error.max() <= 16 and error.mean() < 1


def find_picture(frame: np.ndarray, picture: np.ndarray, colour: str) -> list[tuple[int, int]]:
    """Left and top of each place that shows a picture, enlarged and in a colour."""
    ink = np.frombuffer(bytes.fromhex(colour[1:]), np.uint8).astype(float)
    large = Image.fromarray(picture).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
    share = np.maximum(np.asarray(large), 26)[..., None] / 255
    wanted = 255 * (1 - share) + ink * share
    height, width = frame.shape[0] - len(wanted), frame.shape[1] - len(wanted)
    fits = np.ones((height, width), bool)
    for at in range(0, len(wanted), 7):  # a few pixels tell nearly all other places apart
        seen = frame[at : at + height, at : at + width]
        fits &= np.abs(seen - wanted[at, at]).max(-1) <= 1
    return [
        (int(x), int(y))
        for y, x in np.argwhere(fits)
        if np.abs(frame[y : y + len(wanted), x : x + len(wanted)] - wanted).max() <= 1
    ]


def test_a_query_is_drawn_in_the_colour_of_its_answer_and_framed_where_wrong() -> None:
    task = film()
    before, after = film_frames(task, CAPTION)[:2]  # the first query becomes right
    [(x, y)] = find_picture(before, task.query[0], CLASS_COLOURS[1])
    assert find_picture(after, task.query[0], CLASS_COLOURS[0]) == [(x, y)]
    edge = np.s_[y : y + SIDE, x - 3 : x - 1]
    red = np.frombuffer(bytes.fromhex(WRONG[1:]), np.uint8)
    framed = (np.abs(before[edge].astype(int) - red).max(-1) < 30).mean()
    assert 0.3 < framed < 0.8  # dashes
    assert (after[edge] == 255).all()


def test_who_is_undecided_is_grey_and_not_wrong() -> None:
    task = undecided_at_first()
    frame = film_frames(task, CAPTION)[0]
    [(x, y)] = find_picture(frame, task.query[0], GREY)
    assert (frame[y : y + SIDE, x - 3 : x - 1] == 255).all()


def test_examples_are_drawn_in_the_colour_of_their_class() -> None:
    task = film()
    frame = film_frames(task, CAPTION)[0]
    places = [
        find_picture(frame, task.support[index], CLASS_COLOURS[index // 2]) for index in range(6)
    ]
    assert all(len(place) == 1 for place in places)
    assert len({x for [(x, _y)] in places}) == 2  # two columns of three


def test_a_film_of_no_steps_is_one_picture() -> None:
    task = film()
    still = task._replace(probability=task.probability[:1], support_loss=task.support_loss[:1])
    frames, _seconds = read(film_gif(still, CAPTION))
    assert len(frames) == 1


@pytest.mark.parametrize("shape", [(2, 10, 10), (20, 1, 5), (5, 5, 5)])
def test_every_shape_of_task_fits_its_frame(shape: tuple[int, int, int]) -> None:
    frame = film_frames(film(*shape), CAPTION)[0]
    border = [frame[:20], frame[-8:], frame[:, :20], frame[:, -20:]]
    assert all((part == 255).all() for part in border)


def test_a_film_that_diverged_says_where_and_what_to_do() -> None:
    with pytest.raises(GlimpseError, match=r"after step 3 .* smaller inner learning rate"):
        film_gif(diverged(), CAPTION)
