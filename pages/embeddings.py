"""Embeddings: watch SimCLR sort digits that it was given no labels for."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from core.evaluation.projection import align_frames
from core.figures.curves import training_curves
from core.figures.embeddings import (
    DIGIT_COLOURS,
    geometry_curve,
    neighbour_curve,
    picture_sheet,
    without_step,
)
from core.paths import ASSETS
from core.registry import load_method
from core.training.recording import film_steps, open_recording
from core.training.run_folder import ACTIVE, RunFolder
from core.training.series import Series
from pages.parts.card import load_card
from pages.parts.form import Preset
from pages.parts.live import Moment, Panel, live_view
from pages.parts.live_figure import live_figure
from pages.parts.scatter_film import scatter_film

NAME = "simclr"
FILM_HEIGHT = 420
PAIR_HEIGHT = 320  # of each of two films side by side
PROJECTION = "projection"  # in session state and in the address
LIVE_FRAMES = 100  # at most, of a long run
AUGMENTATIONS = ("crop", "rotation", "shear", "brightness", "contrast", "blur", "erase")
PROJECTIONS = {  # what each keeps
    "t-SNE": "t-SNE keeps neighbours together; how far apart two groups lie, and how large they "
    "are, means little. Each frame starts from the one before.",
    "PCA": "The two directions in which the features vary most: distances are true, but groups "
    "that differ in the other directions cover each other.",
}
BASELINES = {"raw pixels": "_pixels", "before training": "_untrained"}
PANELS = (
    Panel("NT-Xent loss", ["loss"]),
    Panel(
        "k-NN accuracy",
        ["knn_accuracy", "knn_accuracy_pixels", "knn_accuracy_untrained"],
        percent=True,
    ),
)
PRESETS = {
    "As above": Preset(
        {},
        "Within a hundred steps the neighbours in the features name a digit better than those in "
        "raw pixels do, and the colours draw together, though no label was ever seen.",
    ),
    "No crop": Preset(
        {"crop": 0.0},
        "Pairs that are not cropped are easier to match, so the loss falls lower, and yet k-NN "
        "ends lower too: a better loss is not a better embedding.",
        rival={},
    ),
    "No augmentation": Preset(
        dict.fromkeys(AUGMENTATIONS, 0.0),
        "The two views are one and the same picture, and to match them nothing has to be known of "
        "digits: the loss is at its floor at once, and k-NN falls below that of the untrained "
        "network.",
        rival={},
    ),
    "Temperature 1": Preset(
        {"temperature": 1.0},
        "The temperature divides the similarities, so the two losses cannot be compared: look at "
        "k-NN. At 1 all strangers are pushed alike, at 0.2 the nearest hardest, which learns "
        "faster.",
        rival={},
    ),
}


def see_it() -> None:
    """A recorded run as a film, and beside it how good its frames are."""
    series = _recorded_series()
    film_side, curve_side = st.columns([3, 2], gap="large")
    with film_side:
        _recorded_film()
    with curve_side:
        baselines = {
            name: float(series.curve(f"knn_accuracy{suffix}")[1][0])
            for name, suffix in BASELINES.items()
        }
        _curve(neighbour_curve(series.curve("knn_accuracy"), baselines), height=240)
        left, right = st.columns(2)
        with left:
            loss = {"NT-Xent": series.curve("loss")}
            _curve(without_step(training_curves(loss, "NT-Xent loss")), height=200)
        with right:
            geometry = series.curve("alignment"), series.curve("uniformity")
            _curve(geometry_curve(*geometry), height=200)
        _scores()


@st.fragment
def _recorded_film() -> None:
    """1,000 digits as points, from random weights to the last step."""
    steps, layouts, labels = _recorded_frames()
    projection = _begin_with(st.query_params.get("projection"))
    scatter_film(
        layouts[projection],
        labels,
        key="embeddings-film",
        alt="1,000 digits as points, coloured by what they are, while the network learns",
        steps=steps,
        pictures=_watched_digits(),
        palette=DIGIT_COLOURS,
        autoplay=True,
        height=FILM_HEIGHT,
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.segmented_control(
            "Projection",
            list(PROJECTIONS),
            key=PROJECTION,
            bind="query-params",
            required=True,
            label_visibility="collapsed",
            width="content",
        )
        st.caption(PROJECTIONS[projection])


def _begin_with(given: str | None) -> str:
    """The projection chosen last, at first that of the address."""
    names = list(PROJECTIONS)
    if st.session_state.get(PROJECTION) not in names:
        st.session_state[PROJECTION] = given if given in names else names[0]
    return str(st.session_state[PROJECTION])


def _curve(figure: Any, height: int) -> None:
    title = figure.layout.title.text
    live_figure(
        figure,
        key=f"embeddings-{title}",
        height=height,
        alt=f"{title} over the steps of the recorded run",
    )


@st.cache_data(max_entries=1)
def _recorded_frames() -> tuple[list[int], dict[str, np.ndarray], np.ndarray]:
    """Steps, for each projection its layouts (F, 1000, 2), and labels (1000,)."""
    run = open_recording(NAME)
    snapshots = [run.snapshot(step) for step in run.snapshot_steps()]
    planes = align_frames([snapshot["embedding"][:, :2] for snapshot in snapshots])
    layouts = {
        "t-SNE": np.stack([snapshot["layout"] for snapshot in snapshots]).astype(np.float32),
        "PCA": np.stack(planes),
    }
    return run.snapshot_steps(), layouts, snapshots[0]["labels"]


@st.cache_resource(max_entries=1)
def _recorded_series() -> Series:
    series = Series(open_recording(NAME))
    series.update()
    return series


@st.cache_data(max_entries=1)
def _watched_digits() -> np.ndarray:
    """The digits (1000, 28, 28) uint8 that are the points: read here without torch."""
    with np.load(ASSETS / "digits.npz", allow_pickle=False) as arrays:
        images: np.ndarray = arrays["held_out_images"]
    return images


def _scores() -> None:
    """The shipped encoder beside two that learned nothing."""
    figures = load_card(NAME)["figures"]
    rows = BASELINES | {"SimCLR": ""}
    st.table(
        {
            "Features": list(rows),
            "20-NN": [_share(figures, f"knn_accuracy{s}") for s in rows.values()],
            "Linear probe": [_share(figures, f"probe_accuracy{s}") for s in rows.values()],
        }
    )


def _share(figures: Mapping[str, float], name: str) -> str:
    return f"{100 * figures[name]:.1f} %"


def draw(moment: Moment) -> None:
    """The run's film so far, and the rival's beside it."""
    sides = [moment] if moment.rival is None else [moment, moment.rival]
    for column, side in zip(st.columns(len(sides)), sides, strict=True):
        with column:
            if side.name:
                st.markdown(f"**{side.name}**")
            _live_film(side, FILM_HEIGHT if len(sides) == 1 else PAIR_HEIGHT)


def _live_film(moment: Moment, height: int) -> None:
    """It follows the newest frame while the run goes on."""
    run = moment.run
    steps = film_steps(run.snapshot_steps(), LIVE_FRAMES)
    layouts = _layouts(run, steps)
    scatter_film(
        np.stack(layouts),
        moment.arrays["labels"],
        key=f"{run.id}-film",
        alt=f"1,000 digits as points, up to step {moment.step} of this run",
        steps=steps,
        pictures=_watched_digits(),
        palette=DIGIT_COLOURS,
        live=run.status().state in ACTIVE,
        height=height,
    )


def _layouts(run: RunFolder, steps: list[int]) -> list[np.ndarray]:
    """The layout (1000, 2) of each step; those of before are kept in the session."""
    key = f"{run.id}-layouts"
    kept: dict[int, np.ndarray] = st.session_state.get(key, {})
    layouts = {
        step: kept[step] if step in kept else run.snapshot(step)["layout"].astype(np.float32)
        for step in steps
    }
    st.session_state[key] = layouts
    return list(layouts.values())


@st.fragment
def two_views() -> None:
    """Pairs of views, as the network gets them."""
    from core.data.digits import load_digits
    from core.data.views import Augmentation
    from core.data.views import two_views as make_two_views
    from core.seeding import generator

    st.session_state.setdefault("views-draw", 0)
    chosen = st.pills(
        "Augmentations",
        AUGMENTATIONS,
        selection_mode="multi",
        default=AUGMENTATIONS,
        key="views-chosen",
    )
    controls, pictures = st.columns([2, 3], gap="large", vertical_alignment="center")
    with controls:
        strength = st.slider(
            "How strong", 0.0, 1.9, 1.0, 0.1, key="views-strength", help="1 is what training used."
        )
        if st.button("Other views", icon=":material/casino:"):
            st.session_state["views-draw"] += 1
    defaults = vars(Augmentation())
    augmentation = Augmentation(
        **{name: strength * defaults[name] * (name in chosen) for name in AUGMENTATIONS}
    )
    images = load_digits("sample", "held_out").images[:10, None].float() / 255
    draws = generator("page", st.session_state["views-draw"])
    first, second = make_two_views(images, augmentation, draws)
    sheet = np.stack([stack[:, 0].numpy() for stack in (images, first, second)])
    pictures.image(
        picture_sheet(sheet, scale=3),
        width="stretch",
        alt="Ten digits, and below each two random views of it",
        caption="A digit, and its positive pair below it. The loss sees only the pairs.",
    )


def look_inside() -> None:
    """The loss, what the measures mean, and how the shipped encoder was made."""
    two_views()
    idea, details = st.columns(2, gap="large")
    with idea:
        st.markdown(
            "**What is learned** is to find, among all the views in a batch, the other view of the "
            "same picture. With $s_{ij}$ the cosine similarity of the projections $z_i$ and $z_j$ "
            "and the temperature $\\tau$, a positive pair $(i, j)$ costs"
        )
        st.latex(
            r"\ell_{ij} = -\log \frac{\exp(s_{ij} / \tau)}"
            r"{\sum_{k \neq i} \exp(s_{ik} / \tau)}"
        )
        st.markdown(
            "The numerator pulls the pair together (*alignment*), the denominator pushes all "
            "others away, so that the points spread over the sphere (*uniformity*): lower is "
            "better for both. The projection head is thrown away afterwards: what is plotted and "
            "judged are the features before it."
        )
        st.markdown(
            "Chen et al. 2020, [SimCLR](https://arxiv.org/abs/2002.05709) · Wang & Isola 2020, "
            "[Alignment and uniformity](https://arxiv.org/abs/2005.10242)"
        )
    with details:
        _how_it_was_made()


def _how_it_was_made() -> None:
    card = load_card(NAME)
    st.markdown(
        f"**The shipped encoder, and the film above**: trained on the sample of 4,000 digits with "
        f"seed {card['config']['seed']} for {card['steps']:,} steps in {card['minutes']} minutes "
        f"on {card['hardware']}, torch {card['torch']}, {card['date']}."
    )
    st.code(card["command"], language="bash", wrap_lines=True)
    st.markdown("Its figures come from")
    st.code(card["evaluate"], language="bash", wrap_lines=True)


st.title("Embeddings", anchor=False)
st.markdown(
    "**SimCLR** gets two random views of each picture and learns to tell which belong together. "
    "It never sees a label: the colours are added afterwards, to 1,000 digits that it did not "
    "train on."
)
see_it()
st.header("Train it", anchor=False, divider="gray")
live_view(
    NAME,
    load_method(NAME).Config,
    draw,
    presets=PRESETS,
    panels=PANELS,
    scrubber=False,
)
st.header("Look inside", anchor=False, divider="gray")
look_inside()
