"""Places the nodes of a network and every block of labels, so that none touches another.

One rule for any network. Layers are columns; a block of label rows is a rectangle. Each node's two blocks
stand beside it, each connection's block on its own connection. Of the candidate places those with the least
cost are taken: no two things may overlap, covering another connection costs its covered length, standing away
from the natural place costs a little. Deterministic. If the layers take turns, a node has one block, a
connection's block is one row, and they stand as near as the rows of a text. Units are points, y upward;
lengths of text come from the fonts' metrics.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise, product
from typing import Literal, NamedTuple

import numpy as np
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

# Lengths of text, in font sizes.
ROW = 1.3
DESCENT = 0.37
LARGEST_RADIUS = 1.85

# Lengths on every sheet, in points.
PAD = 3.0
PAD_OF_ONE_ROW = 1.0
MARGIN = 8.0
BETWEEN = 6.0
ARROW = 13.0
LEAST_RADIUS, LEAST_RADIUS_IN_TURNS = 5, 4
ROUND_HEAD = 4
NEAR = 3 * PAD
RIM = 1
CLEAR_OF_LINE_AT_NODE = 3.0
CLEAR_OF_LINE_ON_LINK = 4.0

# Columns: rows of a connection that pass under a node's labels, room for a shifted loss, growth of a gap with
# its connections.
PASSING_ROWS = 1.5
LOSS_ASIDE = 0.6
LOSS_SHARE = 0.6
GROWTH = 0.4

# Places beside a node, in shares of the widest block's left part, and what they cost in points of covered
# line.
SHIFTS = (0.0, 0.25, -0.25, 0.5, -0.5, 0.75, -0.75, 1.0, -1.0)
SPREAD = 0.9
BESIDE_COST = -1000.0
UNNATURAL_COST = 14
SHIFT_COST = 0.08
ASKEW_COST = 3
HEAD_WEIGHT = 3

# Places on a connection, offsets in sizes of the block, and what they cost in points of covered line.
PLACES, PLACES_OF_ONE_ROW = 36, 60
ON_THE_LINE = ((0.0, 0.0),)
OFFSETS = (
    *ON_THE_LINE,
    *((x, y) for size in (0.2, 0.45) for x, y in ((0.0, size), (0.0, -size), (size, 0.0), (-size, 0.0))),
    *((x, y) for x in (0.3, -0.3) for y in (0.3, -0.3)),
)
FULL, FULL_OF_ONE_ROW = 0.5, 0.35
MOST_WITH_OFFSETS = 36
OFF_MIDDLE_COST = 20
OFFSET_COST = 40
NEAR_COST = 6.0
FORBIDDEN = 1e5

# The search for the cheapest places of a gap's blocks.
CANDIDATES, FEWEST_CANDIDATES, FEWEST_OF_ONE_ROW = 1000, 20, 40
STARTS, FEWEST_STARTS, MOST_STARTS = 240, 4, 40
MOST_ROUNDS = 30
CHEAPER = 1e-9

FORWARD, BACKWARD, BIAS = range(3)

Layers = Literal["together", "in turns"]
Point = tuple[float, float]
Link = tuple[str, str]
Place = tuple[str, str | int]
"""Where a block stands: at a link, (source, target), or at a node, (node, part)."""


class Block(NamedTuple):
    """Rows of labels that stand together, equals signs below each other.

    ``fixed``: width of the widest fixed part; ``usual`` and ``number``: widths of a usual and of the widest
    number; ``rows``: how many. In points.
    """

    fixed: float
    usual: float
    number: float
    rows: int

    @property
    def left(self) -> float:
        """Extent to the left of the anchor.

        The anchor is the middle of the block when its numbers are of usual width.
        """
        return (self.fixed + self.usual) / 2

    @property
    def right(self) -> float:
        """Extent to the right of the anchor, room for the widest number included."""
        return self.fixed + self.number - self.left

    @property
    def width(self) -> float:
        """Extent from left to right."""
        return self.left + self.right

    def enclosing(self, other: "Block") -> "Block":
        """A block as wide and as high as the larger of both."""
        return Block(
            max(self.fixed, other.fixed),
            max(self.usual, other.usual),
            max(self.number, other.number),
            max(self.rows, other.rows),
        )


NO_BLOCK = Block(0.0, 0.0, 0.0, 0)


class Box(NamedTuple):
    """A rectangle: left, bottom, right, top."""

    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True)
class Sheet:
    """The paper: its size, and the size of the text on it."""

    width: float
    height: float
    font_size: float

    @property
    def row(self) -> float:
        """Height of a row of text."""
        return ROW * self.font_size


@dataclass(frozen=True)
class Plan:
    """What is to be arranged on a sheet.

    ``columns``: node names from left to right, each column from top to bottom. ``links``: (source, target),
    each to the next column.
    ``blocks``: by place, which is a link or (node, part), with part FORWARD (naturally above), BACKWARD
    (naturally below) or BIAS (next to the node).
    ``layers``: "together", or "in turns": then a node has only a FORWARD block, above the upper nodes of a
    column and below the lower ones, and a connection's block is one row.
    """

    columns: Sequence[Sequence[str]]
    links: Sequence[Link]
    blocks: Mapping[Place, Block]
    sheet: Sheet
    layers: Layers = "together"

    @cached_property
    def radius(self) -> float:
        """The largest radius of a node that leaves room for the blocks of the fullest column.

        At most about twice the text.
        """
        height, (first, *others) = self.sheet.height - 2 * MARGIN, self.columns
        rooms = [height / len(column) - (self.most_labels(column) + 4 * PAD) for column in others]
        least = LEAST_RADIUS_IN_TURNS if self.in_turns else LEAST_RADIUS
        return float(
            np.clip(min(height / len(first), *rooms) / 2 - PAD, least, LARGEST_RADIUS * self.sheet.font_size)
        )

    @cached_property
    def reach(self) -> float:
        """From a node's centre to its labels.

        Off the circle, and high enough for a connection's three rows to pass between.
        """
        passing = 0.0 if self.in_turns else PASSING_ROWS * self.sheet.row
        return max(self.radius, passing) + PAD + RIM

    @property
    def in_turns(self) -> bool:
        """Whether the layers take turns."""
        return self.layers == "in turns"

    @property
    def pad(self) -> float:
        """The space between the blocks of two connections.

        A block of one row is nearly as far from the next as a row from a row.
        """
        return PAD_OF_ONE_ROW if self.in_turns else PAD

    def column(self, node: str) -> Sequence[str]:
        """The column a node is in."""
        return next(column for column in self.columns if node in column)

    def node_blocks(self, node: str) -> list[Block]:
        """A node's forward, backward and bias block, without rows where it has none."""
        return [self.blocks.get((node, part), NO_BLOCK) for part in (FORWARD, BACKWARD, BIAS)]

    def gap(self, column: Sequence[str]) -> list[Link]:
        """The links with a block between a column and the next."""
        return [link for link in self.links if link[0] in column and link in self.blocks]

    def labels(self, node: str) -> float:
        """Height of a node's labels."""
        return sum(block.rows for block in self.node_blocks(node)) * self.sheet.row

    def most_labels(self, column: Sequence[str]) -> float:
        """Height of the labels of the node in a column that has most of them."""
        return max(self.labels(node) for node in column)


class Scene(NamedTuple):
    """A plan whose nodes have their places, and the lines that labels should not cover.

    ``lines`` (m, 4): first the links, then their heads.
    """

    plan: Plan
    nodes: Mapping[str, Point]
    lines: np.ndarray


class Parts(NamedTuple):
    """One length for each block of a node."""

    forward: float
    backward: float
    bias: float


class Option(NamedTuple):
    """A way to place a node's blocks: its cost, x of each anchor, y of each bottom."""

    cost: float
    anchors: Parts
    bottoms: Parts


class Candidates(NamedTuple):
    """Boxes, shape (n, 4), that a link's block may have, and their costs, shape (n,)."""

    boxes: np.ndarray
    costs: np.ndarray

    def cheapest(self, count: int) -> "Candidates":
        """The cheapest of them."""
        best = np.argsort(self.costs, kind="stable")[:count]
        return Candidates(self.boxes[best], self.costs[best])


class Choice(NamedTuple):
    """The choice of one of n candidates from each group of indices.

    ``boxes`` (n, 4), ``costs`` (n,), and the ``penalties`` (n, n) of each pair.
    """

    groups: Sequence[np.ndarray]
    boxes: np.ndarray
    costs: np.ndarray
    penalties: np.ndarray

    def total(self, chosen: np.ndarray) -> float:
        """Cost of the candidates chosen and of all pairs among them."""
        return self.costs[chosen].sum() + self.penalties[np.ix_(chosen, chosen)].sum() / 2


@dataclass(frozen=True)
class Arrangement:
    """Where everything stands on a sheet: node centres, their radius, and a box for each block."""

    sheet: Sheet
    radius: float
    nodes: Mapping[str, Point]
    boxes: Mapping[Place, Box]


@cache
def text_width(text: str) -> float:
    """Width of a text at font size 1."""
    return text_to_path.get_text_width_height_descent(text, FontProperties(size=100), ismath=False)[0] / 100


def arrange(plan: Plan) -> Arrangement | None:
    """Places for the nodes and all blocks of a plan, or None if they do not fit."""
    if _too_full(plan):
        return None
    xs = _column_places(plan)
    if xs is None:
        return None
    nodes = _node_places(plan, xs)
    scene = Scene(plan, nodes, _lines(plan, nodes))
    if any(_crowded(scene, gap) for gap in _gaps(plan)):
        return None
    at_nodes = _boxes_at_nodes(scene)
    if at_nodes is None:
        return None
    on_links = _boxes_on_links(scene, list(at_nodes.values()))
    if on_links is None:
        return None
    return Arrangement(plan.sheet, plan.radius, nodes, at_nodes | on_links)


def _too_full(plan: Plan) -> bool:
    """Whether the nodes and labels of a column are higher than the sheet.

    Then nothing else need be tried.
    """
    circle, (first, *others) = 2 * plan.radius, plan.columns
    beside = sum(max(plan.labels(node), circle) for node in first)
    stacked = [sum(plan.labels(node) + circle for node in column) for column in others]
    return max(beside, *stacked) > plan.sheet.height


def _column_places(plan: Plan) -> list[float] | None:
    """x of each column, or None if they do not fit.

    The first column's blocks are beside it, the others' above and below; the more connections, the wider the
    gap.
    """
    first, last = _first_place(plan), _last_place(plan)
    least = [_least_gap(plan, left, right) for left, right in pairwise(plan.columns)]
    if sum(least) > last - first:
        return None
    shares = [_share(plan, column) for column in plan.columns[:-1]]
    return [first, *(first + np.cumsum(_shared(last - first, np.array(least), np.array(shares))))]


def _first_place(plan: Plan) -> float:
    """x of the first column: room for its labels on the left."""
    labels = max(block.width for node in plan.columns[0] for block in plan.node_blocks(node))
    return MARGIN + labels + PAD + RIM + plan.radius


def _last_place(plan: Plan) -> float:
    """x of the last column: room for its labels, shifted if several connections lead to it, on the right."""
    *_, outputs, loss = plan.columns
    aside = LOSS_ASIDE * _left(plan, loss) if len(outputs) > 1 else 0
    return plan.sheet.width - MARGIN - _right(plan, loss) - aside


def _left(plan: Plan, column: Sequence[str]) -> float:
    """How far a column's nodes and the labels above and below them extend to the left."""
    return max([plan.radius, *(block.left for node in column for block in plan.node_blocks(node))])


def _right(plan: Plan, column: Sequence[str]) -> float:
    """How far a column's nodes and the labels above and below them extend to the right.

    The first column's labels are on the left.
    """
    if column == plan.columns[0]:
        return plan.radius
    return max([plan.radius, *(block.right for node in column for block in plan.node_blocks(node))])


def _least_gap(plan: Plan, left: Sequence[str], right: Sequence[str]) -> float:
    """The least distance of two columns.

    Their own labels do not touch, and the widest block between them has room before the arrow.
    """
    widest = max((plan.blocks[link].width for link in plan.gap(left)), default=ARROW)
    return max(_right(plan, left) + _left(plan, right) + PAD, 2 * plan.radius + ARROW + 2 * PAD + widest)


def _share(plan: Plan, left: Sequence[str]) -> float:
    """How much of the space a gap wants in comparison with others.

    More with more blocks in it, less than one block's without any.
    """
    gap = plan.gap(left)
    return len(gap) ** GROWTH if gap else LOSS_SHARE


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


def _node_places(plan: Plan, xs: Sequence[float]) -> dict[str, Point]:
    """The centre of each node, given x of each column."""
    return {
        node: (x, y)
        for x, column in zip(xs, plan.columns, strict=True)
        for node, y in zip(column, _heights(plan, column), strict=True)
    }


def _heights(plan: Plan, column: Sequence[str]) -> np.ndarray:
    """y of a column's nodes from top to bottom, evenly spread.

    The outer ones are far enough inside for all their labels on the outer side.
    """
    height, count = plan.sheet.height, len(column)
    if count == 1:
        return np.array([height / 2])
    from_edge = height / (2 * count)
    if column != plan.columns[0]:
        wanted = MARGIN + plan.most_labels(column) + 2 * BETWEEN + plan.reach
        possible = (height - (count - 1) * _least_distance(plan, column)) / 2
        from_edge = max(from_edge, min(wanted, possible))
    return np.linspace(height - from_edge, from_edge, count)


def _least_distance(plan: Plan, column: Sequence[str]) -> float:
    """The least distance from node to node of a column.

    The labels of two stand outside, those of the middle one of three on both sides, else all between.
    """
    labels = plan.most_labels(column)
    if plan.in_turns:
        return labels + plan.reach + plan.radius + PAD
    if len(column) == 2:
        return 2 * plan.radius + PAD
    if len(column) == 3:
        return plan.reach + labels / 2 + plan.radius + PAD
    return labels + 2 * plan.reach + PAD


def _lines(plan: Plan, nodes: Mapping[str, Point]) -> np.ndarray:
    """The links as (x0, y0, x1, y1), then their heads, as often as these weigh."""
    links = np.array([(*nodes[source], *nodes[target]) for source, target in plan.links])
    return np.concatenate([links, *HEAD_WEIGHT * [_heads(links, plan.radius)]])


def _boxes_at_nodes(scene: Scene) -> dict[Place, Box] | None:
    """A box for each block of each node, None if one finds no place.

    From the last column to the first, in each the outer nodes first.
    """
    boxes: dict[Place, Box] = {}
    for column in reversed(scene.plan.columns):
        for node in dict.fromkeys((column[0], column[-1], *column)):
            placed = _boxes_at_node(scene, node, list(boxes.values()))
            if placed is None:
                return None
            boxes |= placed
    return boxes


def _boxes_at_node(scene: Scene, node: str, taken: Sequence[Box]) -> dict[Place, Box] | None:
    """The cheapest places for a node's blocks that are free, None if there are none."""
    blocks = scene.plan.node_blocks(node)
    parts = [part for part, block in enumerate(blocks) if block.rows]
    if not parts:
        return {}
    options = _options(scene, node)
    boxes = _option_boxes(options, blocks, scene.plan.sheet.row)[:, parts]
    flat = boxes.reshape(-1, 4)
    obstacles = np.array([*taken, *_circles(scene, without=node)])
    free = inside(flat, _room(scene, node)) & ~overlapping(flat, obstacles, PAD).any(1)
    allowed = free.reshape(len(options), -1).all(1)
    if not allowed.any():
        return None
    cover = covered(flat, scene.lines, CLEAR_OF_LINE_AT_NODE).sum(1).reshape(len(options), -1).sum(1)
    costs = np.array([option.cost for option in options]) + cover
    cheapest = boxes[np.argmin(np.where(allowed, costs, np.inf))]
    return {(node, part): Box(*box) for part, box in zip(parts, cheapest.tolist(), strict=True)}


def _option_boxes(options: Sequence[Option], blocks: Sequence[Block], row: float) -> np.ndarray:
    """The boxes that options give to a node's blocks: shape (options, blocks, 4)."""
    anchors, bottoms = (
        np.array([option.anchors for option in options]),
        np.array([option.bottoms for option in options]),
    )
    left, right, high = np.array([(block.left, block.right, block.rows * row) for block in blocks]).T
    return np.stack([anchors - left, bottoms, anchors + right, bottoms + high], axis=2)


def _is_outer(node: str, column: Sequence[str]) -> bool:
    """Whether a node has a neighbour in its column on one side only."""
    return len(column) > 1 and node in (column[0], column[-1])


def _room(scene: Scene, node: str) -> Box:
    """Where a node's labels may stand.

    Half-way to its neighbours; past an outer one, whose labels have their places, up to the edge. If layers
    take turns, each node's side is its own: anywhere on the sheet.
    """
    column, sheet = scene.plan.column(node), scene.plan.sheet
    place, last, (_, y) = column.index(node), len(column) - 1, scene.nodes[node]
    whole = Box(MARGIN / 2, MARGIN / 2, sheet.width - MARGIN / 2, sheet.height - MARGIN / 2)
    if scene.plan.in_turns:
        return whole
    bottom, top = whole.bottom, whole.top
    if place > 0 and (place > 1 or place == last):
        top = (y + scene.nodes[column[place - 1]][1]) / 2
    if place < last and (place < last - 1 or place == 0):
        bottom = (y + scene.nodes[column[place + 1]][1]) / 2
    return whole._replace(bottom=bottom, top=top)


def _options(scene: Scene, node: str) -> list[Option]:
    """Ways to place a node's blocks.

    Beside it in the first column, else split above and below, or stacked on one side.
    """
    beside = [_beside(scene, node)] if node in scene.plan.columns[0] else []
    if scene.plan.in_turns:
        return [*beside, *_stacks(scene, node, 0)]
    outer = _is_outer(node, scene.plan.column(node))
    split_cost, stack_cost = (UNNATURAL_COST, 0) if outer else (0, UNNATURAL_COST)
    return [*beside, *_splits(scene, node, split_cost), *_stacks(scene, node, stack_cost)]


def _beside(scene: Scene, node: str) -> Option:
    """A node's blocks on its left, equals signs below each other."""
    (x, y), plan = scene.nodes[node], scene.plan
    blocks, high = plan.node_blocks(node), _block_heights(plan, node)
    equals = x - plan.reach - max(block.number for block in blocks)
    anchors = Parts(*(equals - (block.fixed - block.left) for block in blocks))
    between = _between(high.forward, high.backward)
    forward, backward = (
        y + (high.backward - high.forward + between) / 2,
        y - (high.forward + high.backward + between) / 2,
    )
    return Option(BESIDE_COST, anchors, Parts(forward, backward, bias=y))


def _splits(scene: Scene, node: str, cost: float) -> list[Option]:
    """Options with the forward block above a node and the backward block below it.

    The bias stands right above the node. Each block is shifted to either side.
    """
    (x, y), reach = scene.nodes[node], scene.plan.reach
    high, spread = _block_heights(scene.plan, node), _spread(scene.plan, node)
    bottoms = Parts(y + reach + high.bias, y - reach - high.backward, y + reach)
    options = []
    for one, other in product(SHIFTS, SHIFTS):
        above, below = x + one * spread, x + other * spread
        shifted = SHIFT_COST * spread * (abs(one) + abs(other))
        options.append(
            Option(cost + shifted + ASKEW_COST * abs(one - other), Parts(above, below, above), bottoms)
        )
    return options


def _stacks(scene: Scene, node: str, cost: float) -> list[Option]:
    """Options with all blocks above or all below a node, shifted to either side.

    The bias stands next to the node and the forward block above the backward block.
    """
    (x, y), high, spread = scene.nodes[node], _block_heights(scene.plan, node), _spread(scene.plan, node)
    above, below = _above(y + scene.plan.reach, high), _below(y - scene.plan.reach, high)
    options = []
    for shift, bottoms in product(SHIFTS, _sides(scene.plan, node, above, below)):
        anchor = x + shift * spread
        options.append(
            Option(cost + 2 * SHIFT_COST * spread * abs(shift), Parts(anchor, anchor, anchor), bottoms)
        )
    return options


def _sides(plan: Plan, node: str, above: Parts, below: Parts) -> list[Parts]:
    """Where a stack may be: above or below.

    If layers take turns, outward, so that no node of a column takes the room of another.
    """
    column = plan.column(node)
    if not plan.in_turns or len(column) == 1:
        return [above, below]
    return [above] if column.index(node) < len(column) / 2 else [below]


def _above(bottom: float, high: Parts) -> Parts:
    """Bottoms of a node's blocks stacked upward from a height."""
    backward = bottom + high.bias + _between(high.bias, high.backward)
    forward = backward + high.backward + _between(high.forward, high.backward)
    return Parts(forward, backward, bias=bottom)


def _below(top: float, high: Parts) -> Parts:
    """Bottoms of a node's blocks stacked downward from a height."""
    bias = top - high.bias
    forward = bias - high.forward
    backward = forward - _between(high.forward + high.bias, high.backward) - high.backward
    return Parts(forward, backward, bias)


def _between(one: float, other: float) -> float:
    """The space between two blocks of these heights: none if there is only one."""
    return BETWEEN if one and other else 0.0


def _block_heights(plan: Plan, node: str) -> Parts:
    """The height of each block of a node."""
    return Parts(*(block.rows * plan.sheet.row for block in plan.node_blocks(node)))


def _spread(plan: Plan, node: str) -> float:
    """How far a node's blocks may be shifted to a side: the widest still reaches over the node."""
    return SPREAD * max(block.left for block in plan.node_blocks(node))


def _boxes_on_links(scene: Scene, taken: Sequence[Box]) -> dict[Place, Box] | None:
    """A box for each link's block, None if there is no way without overlap.

    All in the middle of their connections if possible, else offset.
    """
    boxes: dict[Place, Box] = {}
    for gap in _gaps(scene.plan):
        placed = _boxes_in_gap(scene, gap, taken, ON_THE_LINE)
        if placed is None and len(gap) <= MOST_WITH_OFFSETS:
            placed = _boxes_in_gap(scene, gap, taken, OFFSETS)
        if placed is None:
            return None
        boxes |= placed
    return boxes


def _gaps(plan: Plan) -> list[list[Link]]:
    """The links that have a block, gap by gap from left to right."""
    return [gap for column in plan.columns if (gap := plan.gap(column))]


def _crowded(scene: Scene, gap: Sequence[Link]) -> bool:
    """Whether the blocks of a gap fill so much of it that nothing else need be tried."""
    source, target = gap[0]
    blocks, sheet = [scene.plan.blocks[link] for link in gap], scene.plan.sheet
    area = sum(block.width * block.rows * sheet.row for block in blocks)
    full = FULL_OF_ONE_ROW if scene.plan.in_turns else FULL
    return area > full * sheet.height * (scene.nodes[target][0] - scene.nodes[source][0])


def _boxes_in_gap(
    scene: Scene, gap: Sequence[Link], taken: Sequence[Box], offsets: Sequence[Point]
) -> dict[Place, Box] | None:
    """The cheapest boxes for a gap's blocks at the offsets allowed.

    None if there is no way without overlap.
    """
    fewest = FEWEST_OF_ONE_ROW if scene.plan.in_turns else FEWEST_CANDIDATES
    obstacles, limit = np.array([*taken, *_circles(scene)]), max(fewest, CANDIDATES // len(gap))
    candidates = []
    for link in gap:
        free = _candidates(scene, link, obstacles, offsets)
        if not len(free.costs):
            return None
        candidates.append(free.cheapest(limit))
    choice = _choice(candidates, scene.plan.pad)
    chosen = _cheapest(choice)
    if choice.penalties[np.ix_(chosen, chosen)].max() >= FORBIDDEN:
        return None
    return {link: Box(*box) for link, box in zip(gap, choice.boxes[chosen].tolist(), strict=True)}


def _candidates(scene: Scene, link: Link, obstacles: np.ndarray, offsets: Sequence[Point]) -> Candidates:
    """The free places for a link's block.

    Its middle is a point of its own connection, or an offset (in block sizes) from it.
    """
    track = _track(scene, link)
    t, shift = np.tile(track, len(offsets)), np.repeat(np.array(offsets), len(track), axis=0)
    boxes = _boxes_along(scene, link, t, shift)
    free = inside(boxes, _room_between(scene, link)) & ~overlapping(boxes, obstacles, scene.plan.pad).any(1)
    boxes, t, shift = boxes[free], t[free], shift[free]
    cover = covered(boxes, scene.lines, CLEAR_OF_LINE_ON_LINK)
    others = cover.sum(1) - cover[:, scene.plan.links.index(link)]
    middle = (track[0] + track[-1]) / 2
    return Candidates(
        boxes, others + OFF_MIDDLE_COST * (t - middle) ** 2 + OFFSET_COST * np.abs(shift).sum(1)
    )


def _track(scene: Scene, link: Link) -> np.ndarray:
    """Points of a link from the rim of its source to its arrow head (n,).

    As shares of the way from centre to centre.
    """
    (x0, y0), (x1, y1) = (scene.nodes[node] for node in link)
    length, radius = np.hypot(x1 - x0, y1 - y0), scene.plan.radius
    places = PLACES_OF_ONE_ROW if scene.plan.in_turns else PLACES
    return np.linspace(radius / length, 1 - (radius + ARROW) / length, places)


def _boxes_along(scene: Scene, link: Link, t: np.ndarray, shift: np.ndarray) -> np.ndarray:
    """Boxes of a link's block at points of its way (n, 4).

    ``t`` (n,): shares of the way; ``shift`` (n, 2): offsets in sizes of the block.
    """
    (x0, y0), (x1, y1) = (scene.nodes[node] for node in link)
    block = scene.plan.blocks[link]
    height = block.rows * scene.plan.sheet.row
    x = x0 + t * (x1 - x0) + shift[:, 0] * block.width
    y = y0 + t * (y1 - y0) + shift[:, 1] * height
    return np.stack([x - block.left, y - height / 2, x + block.right, y + height / 2], axis=1)


def _room_between(scene: Scene, link: Link) -> Box:
    """Where a link's block may stand: between its two columns."""
    (x0, _), (x1, _) = (scene.nodes[node] for node in link)
    return Box(x0 + PAD, MARGIN, x1 - PAD, scene.plan.sheet.height - MARGIN)


def _choice(candidates: Sequence[Candidates], pad: float) -> Choice:
    """The choice of one candidate for each link.

    Boxes of two links must not overlap and should not be near each other.
    """
    boxes, costs = (np.concatenate(arrays) for arrays in zip(*candidates, strict=True))
    owner = np.repeat(np.arange(len(candidates)), [len(some.costs) for some in candidates])
    penalties = FORBIDDEN * overlapping(boxes, boxes, pad) + NEAR_COST * overlapping(boxes, boxes, NEAR)
    penalties[owner[:, None] == owner] = 0
    groups = [np.flatnonzero(owner == number) for number in range(len(candidates))]
    return Choice(groups, boxes, costs, penalties.astype(np.float32))


def _cheapest(choice: Choice) -> np.ndarray:
    """One candidate of each group with the least total cost.

    Coordinate descent from several starts, always the same ones.
    """
    random = np.random.default_rng(1)
    best, least = np.empty(0, dtype=int), np.inf
    starts = max(FEWEST_STARTS, min(MOST_STARTS, STARTS // len(choice.groups)))
    for start in range(starts):
        first = [
            group[np.argmin(choice.costs[group])] if start == 0 else random.choice(group)
            for group in choice.groups
        ]
        chosen = _descended(choice, np.array(first), random)
        total = choice.total(chosen)
        if total < least - CHEAPER:
            best, least = chosen, total
    return best


def _descended(choice: Choice, first: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A choice improved group by group, in random order, until no group has a cheaper candidate."""
    chosen, costs, penalties = first.copy(), choice.costs, choice.penalties
    pressure = penalties[:, chosen].sum(1)
    for _ in range(MOST_ROUNDS):
        before = chosen.copy()
        for number in random.permutation(len(choice.groups)):
            group, old = choice.groups[number], chosen[number]
            new = group[np.argmin(costs[group] + pressure[group] - penalties[group, old])]
            if new != old:
                pressure += penalties[:, new] - penalties[:, old]
                chosen[number] = new
        if (chosen == before).all():
            break
    return chosen


def _heads(lines: np.ndarray, radius: float) -> np.ndarray:
    """The last piece of each line, where its arrow head is: to cover one hides the direction."""
    step = lines[:, 2:] - lines[:, :2]
    along = step / np.hypot(*step.T)[:, None]
    return np.concatenate(
        [lines[:, 2:] - along * (radius + ARROW + ROUND_HEAD), lines[:, 2:] - along * radius], axis=1
    )


def _circles(scene: Scene, *, without: str = "") -> list[Box]:
    """The squares around the nodes, without one of them."""
    radius = scene.plan.radius
    return [
        Box(x - radius, y - radius, x + radius, y + radius)
        for node, (x, y) in scene.nodes.items()
        if node != without
    ]


def inside(boxes: np.ndarray, room: Box) -> np.ndarray:
    """Whether boxes, shape (n, 4), are inside a room: shape (n,)."""
    return np.asarray((boxes[:, :2] >= room[:2]).all(1) & (boxes[:, 2:] <= room[2:]).all(1))


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
    """Length of each line inside each box widened by pad: shape (n, m).

    Lines are given as (x0, y0, x1, y1). Liang-Barsky clipping.
    """
    low, high = boxes[:, None, :2] - pad, boxes[:, None, 2:] + pad
    start, step = lines[None, :, :2], lines[None, :, 2:] - lines[None, :, :2]
    with np.errstate(divide="ignore", invalid="ignore"):
        one, other = (low - start) / step, (high - start) / step
    still, inside = step == 0, (start >= low) & (start <= high)
    enter = np.where(still, np.where(inside, -np.inf, np.inf), np.minimum(one, other)).max(2).clip(min=0)
    leave = np.where(still, np.where(inside, np.inf, -np.inf), np.maximum(one, other)).min(2).clip(max=1)
    return (leave - enter).clip(min=0) * np.hypot(step[..., 0], step[..., 1])
