"""A hand that draws on a canvas in the browser."""

import numpy as np
from playwright.sync_api import Locator, Page

Stroke = np.ndarray  # (P, 2) points (x, y), in shares of the paper


def by_hand(strokes: list[Stroke], seed: int) -> list[Stroke]:
    """Turned, stretched, moved and shaken a little, as no hand draws the same thing twice."""
    random = np.random.default_rng(seed)
    turn = random.normal(0, 0.1)
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    size = random.uniform(0.5, 0.9) * random.normal(1, 0.06, 2)
    place = 0.5 + random.uniform(-0.05, 0.05, 2)
    return [
        (stroke + random.normal(0, 0.008, stroke.shape) - 0.5) @ rotation * size + place
        for stroke in strokes
    ]


def canvas(page: Page, label: str) -> Locator:
    return page.locator(f'.pixel-canvas[aria-label="{label}"]')


def on_screen(paper: Locator, stroke: Stroke) -> list[tuple[float, float]]:
    surface = paper.locator(".surface")
    surface.scroll_into_view_if_needed()
    box = surface.bounding_box()
    assert box is not None
    return [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]


def draw(page: Page, paper: Locator, strokes: list[Stroke]) -> None:
    for stroke in strokes:
        first, *others = on_screen(paper, stroke)
        page.mouse.move(*first)
        page.mouse.down()
        for point in others:
            page.mouse.move(*point)
        page.mouse.up()
