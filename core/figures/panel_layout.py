"""The layout of a few-shot task panel: examples at the left, queries at the right."""

from dataclasses import dataclass

from core.figures.pictures import SIDE

# In units of a picture's pixels.
GAP = 5  # between pictures
CAPTION = 11  # below a picture, for its answer
LEFT = 16  # of the examples, for the letters
SEPARATION = 16  # between examples and queries, and between blocks
WIDEST = 720  # of all blocks together: more would make the pictures too small
ROWS = 5  # of a block, before there is a second one

ROOMY_WAYS = 10  # up to so many, a class shows FULL_QUERIES, above FEW_QUERIES
FULL_QUERIES, FEW_QUERIES = 5, 3
LARGE_SHOTS = 25  # up to so many examples are as large as the queries, more are half as large


@dataclass(frozen=True)
class PanelLayout:
    """The places of a task's pictures: a row per class, in as many blocks as the width allows.

    Left to right a row has a letter, the examples, and `n_query` queries. Many examples are half as
    large, in two lines.
    """

    n_way: int
    k_shot: int
    n_query: int

    @property
    def shot_side(self) -> int:
        return SIDE if self.n_way * self.k_shot <= LARGE_SHOTS else SIDE // 2

    @property
    def shot_columns(self) -> int:
        return self.k_shot if self.shot_side == SIDE else -(-self.k_shot // 2)

    @property
    def query_left(self) -> int:
        """Left edge of the first query, within its block."""
        small_gap = GAP if self.shot_side == SIDE else GAP // 2
        return LEFT + self.shot_columns * (self.shot_side + small_gap) + SEPARATION

    @property
    def block_width(self) -> int:
        return self.query_left + self.n_query * (SIDE + GAP)

    @property
    def blocks(self) -> int:
        fitting = (WIDEST + SEPARATION) // (self.block_width + SEPARATION)
        return max(1, min(fitting, -(-self.n_way // ROWS)))

    @property
    def rows(self) -> int:
        return -(-self.n_way // self.blocks)

    @property
    def width(self) -> int:
        return self.blocks * (self.block_width + SEPARATION) - SEPARATION

    @property
    def height(self) -> int:
        return self.rows * (SIDE + CAPTION)

    def corner(self, label: int) -> tuple[int, int]:
        """Left and top edge of a class's row."""
        block, row = divmod(label, self.rows)
        return block * (self.block_width + SEPARATION), row * (SIDE + CAPTION)

    def shot(self, label: int, index: int) -> tuple[int, int]:
        """Left and top edge of an example."""
        x, y = self.corner(label)
        line, column = divmod(index, self.shot_columns)
        step = self.shot_side + (GAP if self.shot_side == SIDE else GAP // 2)
        return x + LEFT + column * step, y + line * step

    def query(self, label: int, index: int) -> tuple[int, int]:
        """Left and top edge of a query."""
        x, y = self.corner(label)
        return x + self.query_left + index * (SIDE + GAP), y


def panel_layout(n_way: int, k_shot: int, n_query: int) -> PanelLayout:
    """The layout of a task with `n_query` queries a class, or fewer where there are many classes.

    `height` + 2 * CAPTION over `width` is the shape of its panel.
    """
    most = FULL_QUERIES if n_way <= ROOMY_WAYS else FEW_QUERIES
    return PanelLayout(n_way, k_shot, min(n_query, most))
