"""Downloads of an adaptation: animations and a table."""

from typing import Any

from core.data.catalog import SOURCES
from core.export.film import Caption
from core.export.film_gif import film_gif
from core.export.film_html import film_html
from core.export.table import film_table
from core.figures.few_shot import TaskFrames
from pages.parts.card import load_card
from pages.parts.downloads import Download, offer_downloads, weights_download
from pages.parts.few_shot.task_choice import TaskChoice


def offer_adaptation_downloads(
    frames: TaskFrames, task: TaskChoice, stem: str, *, weights: str
) -> None:
    """The *Download* section of a page that shows shipped weights learning a task.

    Args:
        task: what is learnt, which the animation says.
        stem: of the names of the files.
        weights: name of the shipped weights, for example `maml`.
    """
    card = load_card(weights)
    caption = Caption(_title(frames, task.things), task.title, _model(card), card["command"])
    offer_downloads(
        [*_adaptation_downloads(frames, caption, stem), weights_download(weights)],
        card["command"],
        key="film",
    )


def _adaptation_downloads(frames: TaskFrames, caption: Caption, stem: str) -> list[Download]:
    return [
        Download(
            "Film as GIF",
            "gif_box",
            "An animation of all inner steps, for a slide.",
            f"{stem}.gif",
            "image/gif",
            lambda: film_gif(frames, caption),
        ),
        Download(
            "Film as HTML",
            "html",
            "The same in one file for any browser, offline: play, step or scrub.",
            f"{stem}.html",
            "text/html",
            lambda: film_html(frames, caption),
        ),
        Download(
            "Table as CSV",
            "table",
            "Every answer after every step with its confidence, and the support loss.",
            f"{stem}.csv",
            "text/csv",
            lambda: film_table(frames),
        ),
    ]


def _title(frames: TaskFrames, things: str) -> str:
    n_way = frames.probability.shape[-1]
    k_shot = len(frames.support) // n_way
    drawings = "one drawing" if k_shot == 1 else f"{k_shot} drawings"
    return f"MAML learns {n_way} {things} from {drawings} of each"


def _model(card: dict[str, Any]) -> str:
    config = card["config"]
    return (
        f"Weights shipped with Glimpse, trained on {config['train_way']}-way "
        f"{config['k_shot']}-shot tasks of {SOURCES[config['source']].title} for "
        f"{card['steps']:,} meta-updates, seed {config['seed']}"
    )
