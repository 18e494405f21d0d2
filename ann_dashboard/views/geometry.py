"""Geometry: where the nodes of a network stand in a picture, and where every block of labels fits without touching another.

One rule for any network. Layers are columns; a block of label rows is a rectangle. Each node's two blocks stand beside it, each
connection's block on its own connection; which of the candidate places is taken is decided by the least cost: no two things may overlap,
covering somebody else's connection costs its covered length, standing away from the natural place costs a little. Deterministic.
Units are points, y upward; lengths of text come from the fonts' metrics.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

ROW = 1.3
DESCENT = 0.37
PAD = 3.0
MARGIN = 8.0
BETWEEN = 6.0
ARROW = 13.0
SHIFTS = (0.0, 0.25, -0.25, 0.5, -0.5, 0.75, -0.75, 1.0, -1.0)
HEAD_WEIGHT = 3
LOSS_SHARE = 0.6
PLACES = 36
OFFSETS = (
    (0.0, 0.0),
    *((x, y) for size in (0.2, 0.45) for x, y in ((0.0, size), (0.0, -size), (size, 0.0), (-size, 0.0))),
    *((x, y) for x in (0.3, -0.3) for y in (0.3, -0.3)),
)
CANDIDATES = 1000
STARTS = 240
FULL = 0.5
FORBIDDEN = 1e5

Point = tuple[float, float]


class Block(NamedTuple):
    """Rows of labels that stand together, equals signs below each other: widest fixed part, a usual and the widest number, number of rows."""

    fixed: float
    usual: float
    number: float
    rows: int

    @property
    def left(self) -> float:
        """Extent to the left of the anchor, which is the middle of the block when its numbers are of usual width."""
        return (self.fixed + self.usual) / 2

    @property
    def right(self) -> float:
        """Extent to the right of the anchor, room for the widest number included."""
        return self.fixed + self.number - self.left


class Box(NamedTuple):
    """A rectangle: left, bottom, right, top."""

    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True)
class Sheet:
    """The paper: its size and the size of the text on it."""

    width: float
    height: float
    font_size: float

    @property
    def row(self) -> float:
        """Height of a row of text."""
        return ROW * self.font_size


@dataclass(frozen=True)
class Arrangement:
    """Where everything stands on a sheet: node centres, their radius, and a box for each block."""

    sheet: Sheet
    radius: float
    nodes: Mapping[str, Point]
    boxes: Mapping[object, Box]


@cache
@cache
def text_width(text: str) -> float:
    """Width of a text at font size 1."""
    return text_to_path.get_text_width_height_descent(text, FontProperties(size=100), ismath=False)[0] / 100


def arrange(
    columns: Sequence[Sequence[str]],
    links: Sequence[tuple[str, str]],
    node_blocks: Mapping[str, Sequence[Block | None]],
    link_blocks: Mapping[tuple[str, str], Block],
    sheet: Sheet,
) -> Arrangement | None:
    """Places for the nodes and all blocks on a sheet, or None if they do not fit.

    ``columns``: node names from left to right, each column from top to bottom. ``node_blocks``: for each node three blocks, the forward one
    (naturally above), the backward one (naturally below) and the bias (next to the node). ``link_blocks``: the block of each link that has one.
    """
    radius = _radius(columns, node_blocks, sheet)
    if _too_full(columns, node_blocks, radius, sheet):
        return None
    xs = _column_places(columns, links, node_blocks, link_blocks, radius, sheet)
    if xs is None:
        return None
    nodes = {
        name: (x, y)
        for x, column in zip(xs, columns, strict=True)
        for name, y in zip(column, _heights(column, node_blocks, radius, sheet, beside=column is columns[0]), strict=True)
    }
    lines = np.array([(*nodes[source], *nodes[target]) for source, target in links])
    lines = np.concatenate([lines, *HEAD_WEIGHT * [_heads(lines, radius)]])
    boxes: dict[object, Box] = {}
    for index in reversed(range(len(columns))):
        for name in sorted(columns[index], key=lambda name: name not in (columns[index][0], columns[index][-1])):
            placed = _node_places(name, columns, nodes, node_blocks[name], lines, radius, sheet, list(boxes.values()))
            if placed is None:
                return None
            boxes.update({(name, part): box for part, box in placed.items()})
    fixed = list(boxes.values())
    for column in columns[:-1]:
        gap = [link for link in links if link[0] in column and link in link_blocks]
        placed = _link_places(gap, links, nodes, link_blocks, lines, fixed, radius, sheet, OFFSETS[:1])
        placed = _link_places(gap, links, nodes, link_blocks, lines, fixed, radius, sheet, OFFSETS) if placed is None else placed
        if placed is None:
            return None
        boxes.update(placed)
    return Arrangement(sheet, radius, nodes, boxes)


def _radius(columns: Sequence[Sequence[str]], node_blocks: Mapping[str, Sequence[Block | None]], sheet: Sheet) -> float:
    """The largest radius, up to twice the text, that leaves room for the blocks of the fullest column."""
    rooms = []
    for column in columns:
        rows = max(sum(block.rows for block in node_blocks[name] if block) for name in column)
        rooms.append((sheet.height - 2 * MARGIN) / len(column) - (rows * sheet.row + 4 * PAD if column is not columns[0] else 0))
    return float(np.clip(min(rooms) / 2 - PAD, 5, 1.85 * sheet.font_size))


def _too_full(columns: Sequence[Sequence[str]], node_blocks: Mapping[str, Sequence[Block | None]], radius: float, sheet: Sheet) -> bool:
    """Whether the nodes and labels of a column are higher than the sheet, so that nothing else need be tried."""
    for column in columns:
        rows = [sum(block.rows for block in node_blocks[name] if block) * sheet.row for name in column]
        needs = [max(height, 2 * radius) if column is columns[0] else height + 2 * radius for height in rows]
        if sum(needs) > sheet.height:
            return True
    return False


def _reach(radius: float, sheet: Sheet) -> float:
    """From a node's centre to its labels: off the circle, and high enough for a connection's three rows to pass between."""
    return max(radius, 1.5 * sheet.row) + PAD + 1


def _heights(column: Sequence[str], node_blocks: Mapping[str, Sequence[Block | None]], radius: float, sheet: Sheet, *, beside: bool) -> np.ndarray:
    """y of a column's nodes from top to bottom: evenly spread, the outer ones far enough inside for all their labels on the outer side."""
    outer = sheet.height / (2 * len(column))
    if not beside and len(column) > 1:
        rows = max(sum(block.rows for block in node_blocks[name] if block) for name in column) * sheet.row
        wanted = MARGIN + rows + 2 * BETWEEN + _reach(radius, sheet)
        reach = _reach(radius, sheet)
        apart = {2: 2 * radius, 3: reach + rows / 2 + radius}.get(len(column), rows + 2 * reach) + PAD
        possible = (sheet.height - (len(column) - 1) * apart) / 2
        outer = max(outer, min(wanted, possible))
    return np.linspace(sheet.height - outer, outer, len(column)) if len(column) > 1 else np.array([sheet.height / 2])


def _column_places(
    columns: Sequence[Sequence[str]],
    links: Sequence[tuple[str, str]],
    node_blocks: Mapping[str, Sequence[Block | None]],
    link_blocks: Mapping[tuple[str, str], Block],
    radius: float,
    sheet: Sheet,
) -> list[float] | None:
    """x of each column: the first column's blocks are beside it, the others' above and below; the more connections, the wider the gap."""
    lefts, rights = [], []
    for column in columns:
        blocks = [block for name in column for block in node_blocks[name] if block]
        lefts.append(max([radius, *(block.left for block in blocks)]))
        rights.append(max([radius, *(block.right for block in blocks)]))
    beside = max((block.left + block.right for name in columns[0] for block in node_blocks[name] if block), default=0)
    aside = 0.6 * lefts[-1] if len(columns[-2]) > 1 else 0
    first, last = MARGIN + beside + PAD + 1 + radius, sheet.width - MARGIN - rights[-1] - aside
    rights[0] = radius
    least, shares = [], []
    for index, (left, right) in enumerate(pairwise(columns)):
        gap = [link_blocks[link] for link in links if link[0] in left and link[1] in right and link in link_blocks]
        widest = max((block.left + block.right for block in gap), default=ARROW)
        least.append(max(rights[index] + lefts[index + 1] + PAD, 2 * radius + ARROW + 2 * PAD + widest))
        shares.append(len(gap) ** 0.4 if gap else LOSS_SHARE)
    free = last - first - sum(least)
    if free < 0:
        return None
    return [first, *(first + np.cumsum(_shared(last - first, np.array(least), np.array(shares))))]


def _shared(length: float, least: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Lengths in the proportion of their shares, none below its least, that add up to a length."""
    lengths, open_ = least.astype(float), shares > 0
    while open_.any():
        given = (length - lengths[~open_].sum()) * shares / shares[open_].sum()
        short = open_ & (given < least)
        if not short.any():
            return np.where(open_, given, lengths)
        open_ &= ~short
    return lengths


def _node_places(
    name: str,
    columns: Sequence[Sequence[str]],
    nodes: Mapping[str, Point],
    blocks: Sequence[Block | None],
    lines: np.ndarray,
    radius: float,
    sheet: Sheet,
    taken: Sequence[Box],
) -> dict[int, Box] | None:
    """The cheapest places for a node's blocks: split above and below, all on one side, or beside an input; the bias always next to the node."""
    x, y = nodes[name]
    index = next(number for number, column in enumerate(columns) if name in column)
    column = columns[index]
    place, last = column.index(name), len(column) - 1
    outer = last > 0 and place in (0, last)
    split_cost, stack_cost = (14, 0) if outer else (0, 14)
    parts = [part for part, block in enumerate(blocks) if block]
    if not parts:
        return {}
    top = sheet.height - MARGIN / 2 if place == 0 or (not outer and place == 1) else (y + nodes[column[place - 1]][1]) / 2
    bottom = MARGIN / 2 if place == last or (not outer and place == last - 1) else (y + nodes[column[place + 1]][1]) / 2
    forward, backward, bias = heights = [block.rows * sheet.row if block else 0.0 for block in blocks]
    reach, between = _reach(radius, sheet), BETWEEN * (bool(backward) and len(parts) > 1)
    split = (y + reach + bias, y - reach - backward, y + reach)
    lowest = y + reach + bias + BETWEEN * bool(bias and backward)
    above = (lowest + backward + between, lowest, y + reach)
    below = (y - reach - bias - forward, y - reach - bias - forward - between - backward, y - reach - bias)
    beside = (y + (backward - forward + between) / 2, y - (forward + backward + between) / 2, y)
    options: list[tuple[float, dict[int, Box]]] = []

    def boxes(anchors: Sequence[float], bottoms: Sequence[float]) -> dict[int, Box]:
        return {
            part: Box(anchors[part] - blocks[part].left, bottoms[part], anchors[part] + blocks[part].right, bottoms[part] + heights[part])
            for part in parts
        }

    if index == 0:
        equals = x - reach - max(block.number for block in blocks if block)
        options.append((-1000.0, boxes([equals - (block.fixed - block.left if block else 0) for block in blocks], beside)))
    spread = 0.9 * max(block.left for block in blocks if block)
    for one in SHIFTS:
        here = x + one * spread
        for other in SHIFTS:
            there = x + other * spread
            options.append((split_cost + 0.08 * spread * (abs(one) + abs(other)) + 3 * abs(one - other), boxes((here, there, here), split)))
        options.extend((stack_cost + 0.16 * spread * abs(one), boxes((here, here, here), bottoms)) for bottoms in (above, below))
    rectangles = np.array([[option[part] for part in parts] for _, option in options])
    costs = np.array([cost for cost, _ in options])
    flat = rectangles.reshape(-1, 4)
    costs = costs + covered(flat, lines, 3.0).sum(1).reshape(len(options), -1).sum(1)
    inside = (flat[:, 0] >= MARGIN / 2) & (flat[:, 2] <= sheet.width - MARGIN / 2) & (flat[:, 1] >= bottom) & (flat[:, 3] <= top)
    circles = _circles((node for node in nodes if node != name), nodes, radius)
    free = inside & ~overlapping(flat, np.array([*taken, *circles]).reshape(-1, 4), PAD).any(1)
    allowed = free.reshape(len(options), -1).all(1)
    if not allowed.any():
        return None
    return options[int(np.argmin(np.where(allowed, costs, np.inf)))][1]


def _link_places(
    gap: Sequence[tuple[str, str]],
    links: Sequence[tuple[str, str]],
    nodes: Mapping[str, Point],
    blocks: Mapping[tuple[str, str], Block],
    lines: np.ndarray,
    taken: Sequence[Box],
    radius: float,
    sheet: Sheet,
    offsets: Sequence[Point],
) -> dict[object, Box] | None:
    """A place for each connection's block: a point of its own connection is its middle, or an offset (in block sizes) from it.

    None if there is no way without overlap.
    """
    if not gap:
        return {}
    area = sum((blocks[link].left + blocks[link].right) * blocks[link].rows * sheet.row for link in gap)
    if area > FULL * sheet.height * (nodes[gap[0][1]][0] - nodes[gap[0][0]][0]):
        return None
    obstacles = np.array([*taken, *_circles(nodes, nodes, radius)])
    rectangles, costs, owners = [], [], []
    for owner, link in enumerate(gap):
        (x0, y0), (x1, y1) = nodes[link[0]], nodes[link[1]]
        length = np.hypot(x1 - x0, y1 - y0)
        first, last = radius / length, 1 - (radius + ARROW) / length
        block = blocks[link]
        t, shift = np.tile(np.linspace(first, last, PLACES), len(offsets)), np.repeat(np.array(offsets), PLACES, axis=0)
        half = block.rows * sheet.row / 2
        x = x0 + t * (x1 - x0) + shift[:, 0] * (block.left + block.right)
        y = y0 + t * (y1 - y0) + shift[:, 1] * 2 * half
        candidates = np.stack([x - block.left, y - half, x + block.right, y + half], axis=1)
        room = Box(x0 + PAD, MARGIN, x1 - PAD, sheet.height - MARGIN)
        inside = (candidates[:, :2] > room[:2]).all(1) & (candidates[:, 2:] < room[2:]).all(1)
        free = inside & ~overlapping(candidates, obstacles, PAD).any(1)
        if not free.any():
            return None
        cover = covered(candidates, lines, 4.0)
        own = cover[:, list(links).index(link)]
        cost = cover.sum(1) - own + 20 * (t - (first + last) / 2) ** 2 + 40 * np.abs(shift).sum(1)
        best = np.flatnonzero(free)[np.argsort(cost[free], kind="stable")[: max(20, CANDIDATES // len(gap))]]
        rectangles.append(candidates[best])
        costs.append(cost[best])
        owners.append(np.full(len(best), owner))
    everything, cost, owner = np.concatenate(rectangles), np.concatenate(costs), np.concatenate(owners)
    pairs = FORBIDDEN * overlapping(everything, everything, PAD) + 6.0 * overlapping(everything, everything, 3 * PAD)
    pairs[owner[:, None] == owner] = 0
    chosen = _cheapest(cost, pairs.astype(np.float32), owner)
    if pairs[np.ix_(chosen, chosen)].max() >= FORBIDDEN:
        return None
    return {link: Box(*map(float, everything[choice])) for link, choice in zip(gap, chosen, strict=True)}


def _cheapest(cost: np.ndarray, pairs: np.ndarray, owner: np.ndarray) -> np.ndarray:
    """One candidate for each owner with the least total cost: coordinate descent from several starts, always the same ones."""
    random = np.random.default_rng(1)
    groups = [np.flatnonzero(owner == number) for number in range(owner.max() + 1)]
    best, least = None, np.inf
    for start in range(max(4, min(40, STARTS // len(groups)))):
        chosen = np.array([group[np.argmin(cost[group])] if start == 0 else random.choice(group) for group in groups])
        pressure = pairs[:, chosen].sum(1)
        for _ in range(30):
            before = chosen.copy()
            for number in random.permutation(len(groups)):
                group, old = groups[number], chosen[number]
                new = group[np.argmin(cost[group] + pressure[group] - pairs[group, old])]
                if new != old:
                    pressure += pairs[:, new] - pairs[:, old]
                    chosen[number] = new
            if (chosen == before).all():
                break
        total = cost[chosen].sum() + pairs[np.ix_(chosen, chosen)].sum() / 2
        if total < least - 1e-9:
            best, least = chosen, total
    return best


def _heads(lines: np.ndarray, radius: float) -> np.ndarray:
    """The last piece of each line, where its arrow head is: to cover one hides the direction."""
    step = lines[:, 2:] - lines[:, :2]
    along = step / np.hypot(*step.T)[:, None]
    return np.concatenate([lines[:, 2:] - along * (radius + ARROW + 4), lines[:, 2:] - along * radius], axis=1)


def _circles(names: Iterable[str], nodes: Mapping[str, Point], radius: float) -> list[Box]:
    """The squares around nodes."""
    return [Box(x - radius, y - radius, x + radius, y + radius) for x, y in (nodes[name] for name in names)]


def overlapping(some: np.ndarray, others: np.ndarray, pad: float) -> np.ndarray:
    """Whether boxes come nearer than pad to other boxes: shape (n, m) from (n, 4) and (m, 4)."""
    if not len(others):
        return np.zeros((len(some), 0), dtype=bool)
    one, other = some[:, None], others[None]
    return (
        (one[..., 0] < other[..., 2] + pad)
        & (other[..., 0] < one[..., 2] + pad)
        & (one[..., 1] < other[..., 3] + pad)
        & (other[..., 1] < one[..., 3] + pad)
    )


def covered(boxes: np.ndarray, lines: np.ndarray, pad: float) -> np.ndarray:
    """Length of each line, given as (x0, y0, x1, y1), inside each box widened by pad: shape (n, m). Liang-Barsky clipping."""
    low, high = boxes[:, None, :2] - pad, boxes[:, None, 2:] + pad
    start, step = lines[None, :, :2], lines[None, :, 2:] - lines[None, :, :2]
    with np.errstate(divide="ignore", invalid="ignore"):
        one, other = (low - start) / step, (high - start) / step
    still, inside = step == 0, (start >= low) & (start <= high)
    enter = np.where(still, np.where(inside, -np.inf, np.inf), np.minimum(one, other)).max(2).clip(min=0)
    leave = np.where(still, np.where(inside, np.inf, -np.inf), np.maximum(one, other)).min(2).clip(max=1)
    return (leave - enter).clip(min=0) * np.hypot(step[..., 0], step[..., 1])
