"""The shapes of generated characters: a few strokes, each a short path of knots.

From knot to knot a stroke goes straight on, bends a little, or turns a corner. The kinds of stroke
and their shares were chosen by comparing sheets of characters with Omniglot by eye.
"""

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from core.data.hashing import mix, uniform

MAX_STROKES = 4
KNOTS = 10  # of a stroke
POINTS = 80  # along all strokes of a character together

# Share of strokes; bend, corner, bend, corner, bend along the three thirds of a stroke (degrees);
# length relative to a line. A stroke may be mirrored.
_STROKE_KINDS = torch.tensor(
    [
        [0.27, 0, 0, 0, 0, 0, 1.0],  # line
        [0.10, 45, 0, 45, 0, 45, 1.2],  # bow
        [0.08, 0, 0, 20, 0, 160, 1.3],  # hook
        [0.05, 110, 0, 0, 0, -110, 1.3],  # wave
        [0.14, 0, 0, 0, 90, 0, 1.4],  # angle
        [0.08, 0, 90, 0, 90, 0, 1.9],  # box without a lid
        [0.07, 0, 120, 0, -120, 0, 2.0],  # zigzag
        [0.04, 0, 90, 0, -90, 0, 1.7],  # step
        [0.06, 0, -90, 90, 0, 90, 1.7],  # stem with a bow
        [0.04, 80, 0, 90, -150, 190, 2.2],  # three
        [0.04, 100, 0, 160, 0, 100, 2.1],  # ring
        [0.03, 140, 0, 170, 0, 20, 2.2],  # loop with a tail
    ]
)
_STROKE_SHARES = torch.tensor([0.11, 0.42, 0.32, 0.15])  # of characters with 1, 2, 3, 4 strokes
_LEAVE, _CROSS, _CLOSE, _BESIDE = range(4)  # the relation of a stroke to an earlier one
_RELATION_SHARES = torch.tensor([0.46, 0.22, 0.27, 0.05])
_SIZE, _SIZE_PER_STROKE, _SIZE_SPREAD = 13.5, 1.4, 9.0  # pixels: a character's longer side
_MAX_SPACING = 1.0  # pixels between points: lines further apart than that look dotted

_ATTEMPTS = 5  # arrangements of the strokes of a character, of which the best is taken
_GAP = 2.5  # pixels: closer knots of two strokes count as crowded
_THINNESS = 8  # penalty of a mere line, in crowded pairs
_CHUNK = 32  # characters made at a time


@dataclass(frozen=True)
class Characters:
    """C characters in pixels around (0, 0), x to the right and y down.

    knots (C, S, K, 2) are those of all S strokes, drawn or not. A drawing has P points, evenly
    spaced along the strokes that are drawn. Each is interpolated from four knots: near int64
    (C, P, 4) are their indices among the S*K knots, weights (C, P, 4) their weights. spacing (C,)
    is the distance between points in pixels.
    """

    knots: Tensor
    near: Tensor
    weights: Tensor
    spacing: Tensor


def characters_of(classes: Tensor) -> Characters:
    """The characters of class seeds int64 (C,).

    All chunks have one size, so that a character is the same to the bit whatever else is made.
    """
    chunks = F.pad(classes, (0, -len(classes) % _CHUNK)).view(-1, _CHUNK)
    parts = zip(*(_characters(chunk) for chunk in chunks), strict=True)
    return Characters(*(torch.cat(part)[: len(classes)] for part in parts))


def _characters(classes: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """The fields of `Characters` for one chunk."""
    keys = mix(classes)
    count = _pick(uniform(keys), _STROKE_SHARES) + 1
    present = torch.arange(MAX_STROKES, device=classes.device) < count[:, None]  # (C, S)
    knots = _clearest(_paths(keys), present, keys + 5)
    return (knots, *_spread_points(knots, present))


def _clearest(paths: Tensor, present: Tensor, keys: Tensor) -> Tensor:
    """Knots (C, S, K, 2): of several arrangements of the strokes, the least crowded one.

    A long thin character counts as crowded too: most letters fill a square.
    """
    tries = torch.arange(_ATTEMPTS, device=keys.device)
    attempt_keys = mix(keys[:, None] + tries).flatten()  # (C * A,)
    shown = present.repeat_interleave(_ATTEMPTS, 0)
    placed = _placed(paths.repeat_interleave(_ATTEMPTS, 0), attempt_keys)
    knots = _centred(placed, shown, keys.repeat_interleave(_ATTEMPTS))
    score = _crowding(knots, shown) + _THINNESS * (1 - _squareness(knots, shown))
    best = score.view(-1, _ATTEMPTS).argmin(1)  # (C,)
    return knots.view(-1, _ATTEMPTS, *knots.shape[1:])[torch.arange(len(keys)), best]


def _crowding(knots: Tensor, present: Tensor) -> Tensor:
    """The number of pairs of knots of different strokes that are closer than `_GAP`: (C,)."""
    shown = knots.masked_fill(~present[:, :, None, None], math.nan)  # nan is close to nothing
    x, y = shown.flatten(1, 2)[:, :, None].unbind(-1)  # (C, S * K, 1)
    squared = (x - x.transpose(1, 2)).square_() + (y - y.transpose(1, 2)).square_()
    stroke = torch.arange(MAX_STROKES * KNOTS, device=knots.device) // KNOTS
    return ((squared < _GAP**2) & (stroke[:, None] != stroke)).sum((1, 2))


def _squareness(knots: Tensor, present: Tensor) -> Tensor:
    """The shorter side of the bounding box of a character over the longer one: (C,)."""
    low, high = _box(knots, present)
    return (high - low).amin(-1) / (high - low).amax(-1)


def _box(knots: Tensor, present: Tensor) -> tuple[Tensor, Tensor]:
    """Two opposite corners (C, 2) of the bounding box of the strokes that are drawn."""
    hidden = ~present[:, :, None, None]
    low = knots.masked_fill(hidden, math.inf).amin((1, 2))
    return low, knots.masked_fill(hidden, -math.inf).amax((1, 2))


def _pick(u: Tensor, shares: Tensor) -> Tensor:
    """Indices with the given shares (which sum to 1) from uniform numbers."""
    inner = shares.cumsum(0)[:-1].to(u.device)
    return torch.bucketize(u.contiguous(), inner, right=True)


def _paths(keys: Tensor) -> Tensor:
    """Knots (C, S, K, 2) of strokes that begin at (0, 0); a line is one unit long."""
    u = uniform(keys + 1, MAX_STROKES, 8)  # (C, S, 8)
    kind = _STROKE_KINDS.to(keys.device)[_pick(u[..., 0], _STROKE_KINDS[:, 0])]  # (C, S, 7)
    mirror = torch.where(u[..., 1:2] < 0.5, -1.0, 1.0)
    angles = torch.deg2rad(kind[..., 1:6]) * mirror * (0.8 + 0.4 * u[..., 2:7])
    third = (KNOTS - 1) // 3
    bends = (angles[..., 0::2] / third).repeat_interleave(third, dim=-1)  # (C, S, K - 1)
    corners = torch.zeros_like(bends)
    corners[..., third::third] = angles[..., 1::2]
    heading = _first_directions(keys)[..., None] + (bends + corners).cumsum(-1) - bends / 2
    thirds = 0.6 + 0.8 * uniform(keys + 2, MAX_STROKES, 3).repeat_interleave(third, dim=-1)
    length = kind[..., 6:7] * (0.6 + 0.6 * u[..., 7:8]) * thirds / (KNOTS - 1)
    steps = length[..., None] * torch.stack([heading.cos(), heading.sin()], -1)
    return F.pad(steps.cumsum(-2), (0, 0, 1, 0))


def _first_directions(keys: Tensor) -> Tensor:
    """First directions (C, S) in radians: horizontal and vertical in turn, some of them diagonal.

    In turn, because two strokes from one point in one direction would cover each other.
    """
    u = uniform(keys + 3, MAX_STROKES, 3)
    in_turn = torch.arange(MAX_STROKES, device=keys.device) + (uniform(keys + 4, 1) < 0.5).long()
    backwards = torch.where(u[..., 0] < 0.5, 2.0, 0.0)
    diagonal = torch.where(u[..., 1] < 0.2, 0.5, 0.0)
    return (in_turn + backwards + diagonal + 0.2 * (u[..., 2] - 0.5)) * (math.pi / 2)


def _placed(paths: Tensor, keys: Tensor) -> Tensor:
    """Strokes arranged: each begins at, crosses or closes an earlier one, or stands beside it."""
    u = uniform(keys, MAX_STROKES, 6)  # (C, S, 6)
    rows = torch.arange(len(paths), device=paths.device)
    placed = [paths[:, 0]]
    for s in range(1, MAX_STROKES):
        earlier = torch.stack(placed, 1)  # (C, s, K, 2)
        other = earlier[rows, (u[:, s, 0].sqrt() * s).long()]  # (C, K, 2)
        relation = _pick(u[:, s, 1], _RELATION_SHARES)[:, None]
        spot = (u[:, s, 2] * 1.6 - 0.3).clamp(0, 1)  # along the other stroke, often at an end
        spot = (spot * (KNOTS - 1)).round().long()
        anchor = other[rows, spot]  # (C, 2)
        path = paths[:, s]
        far_end = other[rows, torch.where(spot * 2 < KNOTS, KNOTS - 1, 0)]
        closing = (relation == _CLOSE) & (_straightness(path) * _straightness(other) < 0.8)
        path = torch.where(closing[..., None], _stretched(path, far_end - anchor), path)
        joint = torch.where(relation == _CROSS, path[:, KNOTS // 2], path[:, 0])
        angle = 2 * math.pi * u[:, s, 3]
        apart = (0.25 + 0.3 * u[:, s, 4])[:, None] * torch.stack([angle.cos(), angle.sin()], -1)
        offset = torch.where(relation == _BESIDE, apart, 0.0)
        placed.append(path + (anchor + offset - joint)[:, None])
    return torch.stack(placed, 1)


def _straightness(path: Tensor) -> Tensor:
    """(C, 1): the distance between the ends of paths (C, K, 2) over their length."""
    length = torch.linalg.vector_norm(path.diff(dim=1), dim=-1).sum(-1, keepdim=True)
    straight: Tensor = torch.linalg.vector_norm(path[:, -1:] - path[:, :1], dim=-1) / length
    return straight


def _stretched(path: Tensor, span: Tensor) -> Tensor:
    """Paths (C, K, 2) from (0, 0), rotated and scaled to end at `span` (C, 2).

    With complex numbers that is one product. Paths that end near (0, 0) are not changed.
    """
    end, target = torch.view_as_complex(path[:, -1].contiguous()), torch.view_as_complex(span)
    factor = target / end
    fits = (end.abs() > 0.3) & (factor.abs() > 0.3) & (factor.abs() < 2)
    factor = torch.where(fits, factor, torch.ones_like(factor))
    return torch.view_as_real(torch.view_as_complex(path.contiguous()) * factor[:, None])


def _centred(knots: Tensor, present: Tensor, keys: Tensor) -> Tensor:
    """Knots scaled to a size in pixels, with the centre of the bounding box at (0, 0)."""
    low, high = _box(knots, present)
    spread = uniform(keys, 2).mean(-1) - 0.5  # in (-1/2, 1/2), mostly small
    size = _SIZE + _SIZE_SPREAD * spread + _SIZE_PER_STROKE * present.sum(1)
    length = _segment_lengths(knots, present).sum((1, 2))
    # No larger than its points can draw without gaps.
    scale = torch.minimum(size / (high - low).amax(-1), POINTS * _MAX_SPACING / length)
    return (knots - ((low + high) / 2)[:, None, None]) * scale.view(-1, 1, 1, 1)


def _segment_lengths(knots: Tensor, present: Tensor) -> Tensor:
    """Distances between knots (C, S, K - 1), zero for strokes that are not drawn."""
    lengths: Tensor = torch.linalg.vector_norm(knots.diff(dim=2), dim=-1) * present[..., None]
    return lengths


def _spread_points(knots: Tensor, present: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """`near`, `weights` and `spacing` of `Characters`: Catmull-Rom splines through the knots."""
    lengths = _segment_lengths(knots, present).flatten(1)  # (C, segments of all strokes)
    ends = lengths.cumsum(-1)
    total = ends[:, -1:]
    middle = (torch.arange(POINTS, device=knots.device) + 0.5) / POINTS
    along = middle * total  # (C, P)
    segment = torch.searchsorted(ends, along).clamp(max=ends.shape[1] - 1)
    begins = (ends - lengths).gather(1, segment)
    t = ((along - begins) / lengths.gather(1, segment).clamp(min=1e-6)).clamp(0, 1)
    stroke, k = segment // (KNOTS - 1), segment % (KNOTS - 1)
    neighbours = k[..., None] + torch.arange(-1, 3, device=knots.device)
    near = stroke[..., None] * KNOTS + neighbours.clamp(0, KNOTS - 1)
    return near, _catmull_rom(t), total[:, 0] / POINTS


def _catmull_rom(t: Tensor) -> Tensor:
    """Weights (..., 4) of four knots for the point at t in [0, 1] between the middle two."""
    t2, t3 = t * t, t * t * t
    return 0.5 * torch.stack(
        [-t3 + 2 * t2 - t, 3 * t3 - 5 * t2 + 2, -3 * t3 + 4 * t2 + t, t3 - t2], dim=-1
    )
