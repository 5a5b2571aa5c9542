"""A film of a stream as one HTML file that needs nothing else."""

from core.export.cabinet import CabinetFrames, cabinet_message
from core.export.embedding import sprite, sprite_columns
from core.export.film import Caption
from core.export.page import page, png_url
from core.export.scripts import BYTES, CABINET, PORTRAIT, TIME, VIEW


def stream_html(film: CabinetFrames, learners: tuple[int, int], caption: Caption) -> bytes:
    """The film to play and scrub in any browser, with the learners to choose from, in UTF-8.

    `learners` are those of the left and the right cabinet at first. Raises ValueError where the
    parts of the film do not fit each other.
    """
    data = cabinet_message(film) | {
        "usual": learners,
        "alt": caption.title,
        "pictures": png_url(sprite(film.pictures)),
        "columns": sprite_columns(len(film.pictures)),
        "live": False,
    }
    return page("stream", caption, data, (BYTES, TIME, VIEW, PORTRAIT, *CABINET))
