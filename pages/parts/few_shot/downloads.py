"""Downloads of an adaptation: animations, a table, and the network that adapts."""

from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from core.export.film import Caption
from core.export.film_gif import film_gif
from core.export.film_html import film_html
from core.export.table import film_table
from core.export.weights import weights_zip
from core.figures.few_shot import TaskFrames
from pages.parts.downloads import Download, offer_downloads, weights_download
from pages.parts.few_shot.networks import OWN, PAGE, Network, card_of, load_network
from pages.parts.few_shot.own_sentences import trained_on, updates
from pages.parts.few_shot.task_choice import TaskChoice


def offer_adaptation_downloads(
    frames: TaskFrames, task: TaskChoice, stem: str, network: Network = PAGE
) -> None:
    """The *Download* section of a page that shows a network learning a task.

    Args:
        task: what is learnt, which the animation says.
        stem: of the names of the files.
        network: the one that learns it.
    """
    card = card_of(network)
    title = _title(frames, task.things, _name(network))
    caption = Caption(title, task.title, _model(card, network), card["command"])
    weights = _own_weights(network) if network.is_own else weights_download(network.weights)
    files = step_downloads(
        stem,
        lambda: film_gif(frames, caption),
        lambda: film_html(frames, caption),
        lambda: film_table(frames),
        "Every answer after every step with its confidence, and the support loss.",
    )
    offer_downloads(
        [*files, weights],
        card["command"],
        key="film",
    )


def step_downloads(
    stem: str,
    gif: Callable[[], bytes],
    html: Callable[[], bytes],
    table: Callable[[], bytes],
    about_table: str,
) -> list[Download]:
    """The files of a film of inner steps; `stem` is of their names."""
    return [
        Download(
            "Film as GIF",
            "gif_box",
            "An animation of all inner steps, for a slide.",
            f"{stem}.gif",
            "image/gif",
            gif,
        ),
        Download(
            "Film as HTML",
            "html",
            "The same in one file for any browser, offline: play, step or scrub.",
            f"{stem}.html",
            "text/html",
            html,
        ),
        Download("Table as CSV", "table", about_table, f"{stem}.csv", "text/csv", table),
    ]


def _own_weights(network: Network) -> Download:
    """The network of a run of one's own, with its card."""
    method, card = load_network(network), card_of(network)

    def make() -> bytes:
        from core.zoo.weights import write_weights

        with TemporaryDirectory() as folder:
            place = Path(folder) / f"glimpse-{network.run}"
            write_weights(method, dict(card), place)
            return weights_zip(place)

    return Download(
        "Weights",
        "deployed_code",
        "The network of this run as safetensors, with a card that says how it was made.",
        f"glimpse-{network.run}.zip",
        "application/zip",
        make,
    )


def _name(network: Network) -> str:
    if not network.is_own:
        return network.title
    return f"{OWN} ({load_network(network).config.objective.label})"


def _title(frames: TaskFrames, things: str, name: str = PAGE.title) -> str:
    n_way = frames.probability.shape[-1]
    k_shot = len(frames.support) // n_way
    drawings = "one drawing" if k_shot == 1 else f"{k_shot} drawings"
    return f"{name} learns {n_way} {things} from {drawings} of each"


def _model(card: Mapping[str, Any], network: Network = PAGE) -> str:
    config = card["config"]
    whose = "A local run" if network.is_own else "Weights shipped with Glimpse"
    length = updates(card) if network.is_own else f"{card['steps']:,} meta-updates"
    return f"{whose}, trained on {trained_on(config)} for {length}, seed {config['seed']}"
