"""What a film of a task is taken away as."""

from typing import Any

from core.data.catalog import SOURCES
from core.export.film import Caption
from core.export.film_gif import film_gif
from core.export.film_html import film_html
from core.export.table import film_table
from core.figures.few_shot import TaskFrames
from pages.parts.card import load_card
from pages.parts.downloads import Download, offer_downloads, weights_download


def offer_film_downloads(film: TaskFrames, task: str, stem: str, *, weights: str) -> None:
    """The *Take away* layer of a page whose film shows shipped weights learning a task.

    Args:
        task: says on the film what is learnt: the source, the number of the task, how it is judged.
        stem: begins the names of the files, and tells the films of one page apart.
        weights: name of the shipped weights, for example `maml`.
    """
    card = load_card(weights)
    caption = Caption(_title(film), task, _model(card), card["command"])
    offer_downloads(
        [*_film_offers(film, caption, stem), weights_download(weights)], card["command"], key="film"
    )


def _film_offers(film: TaskFrames, caption: Caption, stem: str) -> list[Download]:
    return [
        Download(
            "Film as GIF",
            "gif_box",
            "Every inner step in a picture that moves, for a slide.",
            f"{stem}.gif",
            "image/gif",
            lambda: film_gif(film, caption),
        ),
        Download(
            "Film as HTML",
            "html",
            "One file that plays, steps and scrubs in any browser, without a network.",
            f"{stem}.html",
            "text/html",
            lambda: film_html(film, caption),
        ),
        Download(
            "Table as CSV",
            "table",
            "Every answer after every step, with its confidence and the support loss.",
            f"{stem}.csv",
            "text/csv",
            lambda: film_table(film),
        ),
    ]


def _title(film: TaskFrames) -> str:
    n_way = film.probability.shape[-1]
    k_shot = len(film.support) // n_way
    drawings = "one drawing" if k_shot == 1 else f"{k_shot} drawings"
    return f"MAML learns {n_way} characters from {drawings} of each"


def _model(card: dict[str, Any]) -> str:
    config = card["config"]
    return (
        f"Weights shipped with Glimpse: {config['n_way']} ways, {config['k_shot']} shot, trained "
        f"on {SOURCES[config['source']].title} for {card['steps']:,} meta-updates, "
        f"seed {config['seed']}"
    )
