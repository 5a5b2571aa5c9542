"""A film of an embedding as one HTML file that needs nothing else."""

from core.export.embedding import EmbeddingFrames, check, sprite, sprite_columns
from core.export.film import Caption
from core.export.page import page, png_url
from core.export.points import film_message
from core.export.scripts import BYTES, SCATTER
from core.figures.embeddings import DIGIT_COLOURS


def embedding_html(film: EmbeddingFrames, caption: Caption) -> bytes:
    """The film to play and scrub in any browser, each point with its picture, in UTF-8.

    Raises GlimpseError where coordinates are not finite.
    """
    check(film)
    data = film_message(film.layouts, film.labels, film.steps, film.names) | {
        "palette": DIGIT_COLOURS[: len(film.names)],
        "pictures": png_url(sprite(film.pictures)),
        "columns": sprite_columns(len(film.pictures)),
        "side": film.pictures.shape[1],
        "accuracy": film.accuracy,
        "baselines": dict(film.baselines),
        "live": False,
    }
    return page("embedding", caption, data, (BYTES, *SCATTER))
