"""What a layout of 1,000 digits costs and keeps: `python -m tests.benchmarks.projections`.

On the last frames of the shipped recording.
"""

import time
from collections.abc import Callable
from itertools import pairwise

import numpy as np

from core.evaluation.neighbour_lookup import N_NEAREST, nearest_labels, nearest_to
from core.evaluation.projection import align
from core.evaluation.tsne import first_layout, next_layout
from core.evaluation.umap_layout import umap_layout
from core.training.recording import open_recording

Layout = Callable[[np.ndarray], np.ndarray]  # of components (N, D): (N, 2)
FRAMES = 5
SETTLE = 500  # steps of t-SNE before the first frame


def main() -> None:
    run = open_recording("simclr")
    snapshots = [run.snapshot(step) for step in run.snapshot_steps()[-FRAMES:]]
    frames = [snapshot["embedding"].astype(np.float32) for snapshot in snapshots]
    print("| projection | first frame, s | next, s | moved, of the radius | neighbours kept "
          "| nearest has its label |\n| --- | --- | --- | --- | --- | --- |")  # fmt: skip
    starts = iter([snapshot["layout"].astype(np.float32) for snapshot in snapshots])
    layouts: dict[str, Callable[[], Layout]] = {
        "PCA": pca,
        "t-SNE, from the frame before": tsne,
        "UMAP, from the frame's t-SNE": lambda: lambda each: umap_layout(each, next(starts)),
    }
    for name, start in layouts.items():
        print(_row(name, start, frames, snapshots[-1]["labels"]), flush=True)


def pca() -> Layout:
    return lambda components: components[:, :2]


def tsne() -> Layout:
    """Each layout starts from the one before."""
    kept: list[np.ndarray] = []

    def layout(components: np.ndarray) -> np.ndarray:
        start = kept.pop() if kept else next_layout(first_layout(components), components, SETTLE)
        kept.append(next_layout(start, components))
        return kept[0]

    return layout


def _row(
    name: str, start: Callable[[], Layout], frames: list[np.ndarray], labels: np.ndarray
) -> str:
    seconds: list[float] = []
    placed: list[np.ndarray] = []
    begun = time.perf_counter()  # the import is part of the first frame
    layout = start()
    for components in frames:
        points = layout(components)
        placed.append(align(points, placed[-1] if placed else None))
        seconds.append(time.perf_counter() - begun)
        begun = time.perf_counter()
    moved = [float(np.linalg.norm(b - a, axis=1).mean()) for a, b in pairwise(placed)]
    return (
        f"| {name} | {seconds[0]:.2f} | {np.median(seconds[1:]):.3f} | {np.mean(moved):.2f} "
        f"| {kept_neighbours(placed[-1], frames[-1]):.0%} "
        f"| {np.mean(nearest_labels(placed[-1], labels) == labels):.1%} |"
    )


def kept_neighbours(layout: np.ndarray, components: np.ndarray) -> float:
    """Share of the 8 nearest in the components that are among the 8 nearest in the plane."""
    shared = [
        len(np.intersect1d(nearest_to(i, layout), nearest_to(i, components)))
        for i in range(len(layout))
    ]
    return float(np.mean(shared)) / N_NEAREST


if __name__ == "__main__":
    main()
