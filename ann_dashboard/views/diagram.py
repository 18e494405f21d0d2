"""Draws the network with every number of one pass, in three layers.

Any combination of the layers may be shown. Where the three do not fit together they take turns: each has all
its numbers, at the same places, and one is shown at a time. A network that is too large for that has fewer
kinds of numbers, and one that is too large for any has a sentence instead of a picture.

*weights*: λ on its connection, b at its node. *forward*: data, signals, the terms λ·signal, prediction, truth
and loss. *backward*: the loss derivatives of signals and parameters. On a connection and at a node the
forward numbers stand above, the backward numbers below; a label stands at the same place whatever else is
shown. A connection is as wide as its weight is large, dashed if negative.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_mixed import MixedModeRenderer
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, FancyBboxPatch, Polygon, Rectangle
from matplotlib.text import Text
from matplotlib.typing import LineStyleType

from ann_dashboard import notation
from ann_dashboard.engine.network import Network
from ann_dashboard.notation import MINUS
from ann_dashboard.views import numbers, palette, placement, tex
from ann_dashboard.views.placement import BACKWARD, BIAS, FORWARD, Block, Box, Layers, Place, Plan, Sheet
from ann_dashboard.views.tex import Tex

LAYERS = ("weights", "forward", "backward")
HEIGHT = 600.0
SHEETS = tuple(
    Sheet(width, HEIGHT, size)
    for width, size in (
        (900, 14),
        (900, 13),
        (900, 12.3),
        (990, 12.6),
        (1080, 13),
        (1080, 12.5),
        (1080, 12.1),
    )
)
IN_TURNS_SHEETS = (*SHEETS[:3], Sheet(1080, 720, 12.1))
LEAST_TEXT = 10.05
"""Size in pixels of the smallest text that can be read."""
ACROSS_SHEETS = tuple(Sheet(1300, 620, size) for size in (15, 14, 13, 12))
"""The paper of a network too large to stand beside its curves: as wide as a lecture room's projector."""
SMALL_SHEET = Sheet(1300, 620, LEAST_TEXT)
"""The last of these: where its text would be smaller, there is less of it."""
NAMED_RADIUS = 0.9
"""Radius of a node that can hold a short name, in font sizes: with smaller ones a picture had better be
larger.
"""
# A kind is left out where it finds no room; those that share their places come one after the other.
LEFT_OUT_FIRST = (
    "terms",
    "derivatives of weights",
    "weights",
    "derivatives of biases",
    "derivatives before activation",
    "signals before activation",
    "truths",
    "derivatives of signals",
    "biases",
    "signals",
    "data",
    "loss",
)
MOST_NODES, MOST_CONNECTIONS = 64, 600
"""Nodes of a layer and connections beyond which a picture is a grey mass, and slow."""
LAYER_OF_KIND = {
    "weights": "weights",
    "biases": "weights",
    "data": "forward",
    "terms": "forward",
    "signals before activation": "forward",
    "signals": "forward",
    "truths": "forward",
    "loss": "forward",
    "derivatives of weights": "backward",
    "derivatives of biases": "backward",
    "derivatives before activation": "backward",
    "derivatives of signals": "backward",
}
LOSS_NODE = notation.LOSS
SVG_FONTS = ["DejaVu Sans", "Verdana"]
"""Fonts of a number in an SVG: that of the layout, and one as wide."""
DASH, GAP = 9.0, 5.0
GAP_AFTER_EQUALS = 0.28


class Label(NamedTuple):
    """One number of the diagram: its symbol, its kind, the TeX before it, and its place.

    The place is (node, FORWARD, BACKWARD or BIAS) or a link.
    """

    symbol: str
    kind: str
    tex: str
    place: Place

    @property
    def layer(self) -> str:
        """The layer that shows it."""
        return LAYER_OF_KIND[self.kind]

    @property
    def fixed(self) -> str:
        """The part that never changes, "\\lambda_{1,4}="."""
        return f"{self.tex}="


Slot = tuple[Place, str]
"""A place, and the layer whose turn it is there; "" where all are shown together."""


class Group(NamedTuple):
    """Labels that stand together, and the width of their widest fixed part at font size 1."""

    labels: tuple[Label, ...]
    width: float


class Layout(NamedTuple):
    """Where everything of a diagram stands.

    ``arrangement``: nodes and blocks; ``rows``: (x of the equals sign, baseline, box) by symbol;
    ``left_out``: the kinds without a place; ``layers``: whether they are shown "together" or "in turns".
    Without any node it is the layout of a network too large for a picture.
    """

    arrangement: placement.Arrangement
    rows: Mapping[str, tuple[float, float, Box]]
    left_out: tuple[str, ...]
    layers: Layers


TOO_LARGE = Layout(placement.Arrangement(SHEETS[0], 0.0, {}, {}), {}, LEFT_OUT_FIRST, "in turns")
"""The layout of a network of which no one could read a picture."""


class Number(Text):
    """A text that stays text in SVG, while TeX becomes paths, so that a film can change it."""

    def draw(self, renderer: RendererBase) -> None:
        """Draw with SVG's own text, in a font that is there or in one as wide.

        For pixels there is nothing to set.
        """
        if not isinstance(renderer, MixedModeRenderer):
            super().draw(renderer)
            return
        settings = mpl.rcParams  # rc_context copies all 300 of them, for every number
        written_as, fonts = settings["svg.fonttype"], settings["font.sans-serif"]
        settings["svg.fonttype"], settings["font.sans-serif"] = "none", SVG_FONTS
        try:
            super().draw(renderer)
        finally:
            settings["svg.fonttype"], settings["font.sans-serif"] = written_as, fonts


@lru_cache(maxsize=8)
def labels(network: Network, derivative_of: str = notation.LOSS) -> tuple[Label, ...]:
    """Every label of a network's diagram, in each block from top to bottom."""
    return (*_node_labels(network, derivative_of), *_connection_labels(network, derivative_of))


def layers(network: Network, *, decimals: int = 2) -> dict[str, tuple[str, ...]]:
    """The symbols of each layer that the diagram shows: what a film changes when that layer is drawn."""
    shown = [label for label in labels(network) if label.symbol in layout(network, decimals).rows]
    return {layer: tuple(label.symbol for label in shown if label.layer == layer) for layer in LAYERS}


def left_out(network: Network, *, decimals: int = 2) -> tuple[str, ...]:
    """The kinds of labels for which the picture has no room, () for the sources' networks.

    In the order of ``LEFT_OUT_FIRST``.
    """
    return layout(network, decimals).left_out


def showing(network: Network, *, decimals: int = 2) -> dict[str, Any]:
    """How a film shows the picture.

    Its ``layers`` "together" or "in turns", its ``place`` "beside" the curves or "across" the page, the least
    ``width`` in pixels at which its text can be read, and a ``hint`` how to read all numbers, which names the
    kinds left out.
    """
    placed = layout(network, decimals)
    hint = "Point at a node or connection to read all its numbers, click to keep it."
    if not placed.arrangement.nodes:
        hint = "Choose a node or connection to read all its numbers."
    elif placed.left_out:
        hint += f" Not in the picture for want of room: {', '.join(placed.left_out)}."
    sheet = placed.arrangement.sheet
    place, width = (
        "across" if sheet in (*ACROSS_SHEETS, SMALL_SHEET) else "beside",
        round(sheet.width * LEAST_TEXT / sheet.font_size),
    )
    return {"layers": placed.layers, "place": place, "width": width, "hint": hint}


def readouts(network: Network) -> dict[str, tuple[str, ...]]:
    """All the numbers of each node and connection, by the gid of its circle, box or line.

    A film shows them when one is chosen.
    """
    at: dict[str, list[str]] = {}
    for label in labels(network):
        source, target = label.place
        name = (
            f"connection:{notation.weight(int(source[1:]), int(target[1:]))}"
            if isinstance(target, str)
            else f"node:{source}"
        )
        at.setdefault(name, []).append(label.symbol)
    return {name: tuple(symbols) for name, symbols in at.items()}


def values(table: Any, network: Network, symbol: str, *, derivative_of: str = notation.LOSS) -> Any:
    """The numbers a label shows, from a row (symbol -> float) or from a history's table (symbol -> column).

    A term is λ_ij times the signal of node i. With ``derivative_of="P"`` a derivative is that of the
    performance P = −L: −∂L/∂·.
    """
    if symbol in _terms(network):
        weight, signal = _terms(network)[symbol]
        return table[weight] * table[signal]
    return (
        -table[symbol] if derivative_of != notation.LOSS and notation.is_derivative(symbol) else table[symbol]
    )


def line_widths(weights: np.ndarray | float) -> np.ndarray:
    """Width of connections in points.

    1 for a weight of 0, 3.5 for ±1, towards 6 for large ones; 1 for NaN.
    """
    size = np.nan_to_num(np.abs(np.asarray(weights, dtype=float)), nan=0.0, posinf=np.finfo(float).max)
    return 6 - 5 / (1 + size)


def dashes(weights: np.ndarray) -> list[str]:
    """SVG dash pattern of connections: dashed if the weight is negative."""
    dashed = f"{DASH:g},{GAP:g}"
    return [dashed if negative else "none" for negative in (np.asarray(weights, dtype=float) < 0).tolist()]


def figure(network: Network, *, decimals: int = 2) -> tuple[Figure, Axes]:
    """A figure of the size the network's diagram needs, and the Axes that fill it."""
    sheet = layout(network, decimals).arrangement.sheet
    drawn = Figure(figsize=(sheet.width / 72, sheet.height / 72), dpi=72)
    return drawn, drawn.add_axes((0, 0, 1, 1))


def draw_network(
    ax: Axes,
    history: Any,
    epoch: int,
    *,
    layers: Sequence[str] = LAYERS,
    derivative_of: str = notation.LOSS,
    decimals: int = 2,
) -> None:
    """Draw the state of a history's network at an epoch; ``layers`` are any of ``LAYERS``.

    Layers that take turns share their places: of these the first is drawn. A network too large for a picture
    gets a sentence. Numbers have gid=symbol, their TeX "label:symbol", the paper behind "box:symbol"; circles
    "node:H4", lines "connection:lambda_1_4", their heads "arrow:lambda_1_4".
    """
    if unknown := [layer for layer in layers if layer not in LAYERS]:
        raise ValueError(f"layers has {unknown[0]!r}: give any of {', '.join(LAYERS)}")
    shown = [layer for layer in LAYERS if layer in layers]
    if layout(history.network, decimals).layers == "in turns":
        shown = shown[:1]
    draw_layers(ax, history, epoch, shown, derivative_of=derivative_of, decimals=decimals)


def draw_layers(
    ax: Axes,
    history: Any,
    epoch: int,
    layers: Sequence[str],
    *,
    derivative_of: str = notation.LOSS,
    decimals: int = 2,
) -> None:
    """Draw as ``draw_network`` does, but all the layers given, also those that take turns.

    They lie one over the other: for a film, which shows one of them.
    """
    network, row = history.network, history.at(epoch)
    placed = layout(network, decimals)
    sheet = placed.arrangement.sheet
    ax.set(xlim=(0, sheet.width), ylim=(0, sheet.height))
    ax.set_axis_off()
    if not placed.arrangement.nodes:
        _draw_sentence(ax, network, sheet)
        return
    _draw_connections(ax, network, row, placed)
    _draw_nodes(ax, network, placed)
    for label in labels(network, derivative_of):
        if label.layer in layers and label.symbol in placed.rows:
            value = values(row, network, label.symbol, derivative_of=derivative_of)
            _draw_label(ax, label, numbers.text(value, decimals), _colour(network, label), placed)


def layout(network: Network, decimals: int = 2) -> Layout:
    """The first arrangement without any overlap, kept for each network.

    All layers together, else in turns, else with fewer kinds of labels. Beside the curves if possible, but
    all numbers at once come first: then the picture goes across the page.
    """
    return _first_layout(network, decimals)


@lru_cache(maxsize=8)
def _first_layout(network: Network, decimals: int) -> Layout:
    if network.weight_count > MOST_CONNECTIONS or max(network.widths) > MOST_NODES:
        return TOO_LARGE
    together = _groups(network, "together")
    for sheet in (*SHEETS, *ACROSS_SHEETS):
        if placed := _layout(network, decimals, sheet, together, "together"):
            return placed
    in_turns = _groups(network, "in turns")
    for sheet in (*IN_TURNS_SHEETS, *ACROSS_SHEETS):
        placed = _layout(network, decimals, sheet, in_turns, "in turns")
        if placed and placed.arrangement.radius >= NAMED_RADIUS * sheet.font_size:
            return placed
    for count in range(len(LEFT_OUT_FIRST) + 1):
        if placed := _small_layout(network, decimals, in_turns, LEFT_OUT_FIRST[:count]):
            return _with_more(placed, network, decimals, in_turns)
    return TOO_LARGE


def _with_more(placed: Layout, network: Network, decimals: int, groups: Mapping[Slot, Group]) -> Layout:
    """A small layout with those kinds put back that still fit, the most important first."""
    for kind in reversed(placed.left_out[:-1]):
        fewer = tuple(other for other in placed.left_out if other != kind)
        placed = _small_layout(network, decimals, groups, fewer) or placed
    return placed


def _small_layout(
    network: Network, decimals: int, groups: Mapping[Slot, Group], without: tuple[str, ...]
) -> Layout | None:
    """The layout on the sheet with the smallest text, in turns and without some kinds of labels."""
    kept = {
        slot: _group([label for label in group.labels if label.kind not in without])
        for slot, group in groups.items()
        if any(label.kind not in without for label in group.labels)
    }
    placed = _layout(network, decimals, SMALL_SHEET, kept, "in turns")
    return placed and placed._replace(left_out=without)


def _layout(
    network: Network, decimals: int, sheet: Sheet, groups: Mapping[Slot, Group], layers: Layers
) -> Layout | None:
    """The layout of groups of labels on one sheet, None if they do not fit."""
    links = [(network.nodes[i - 1], network.nodes[j - 1]) for i, j in network.connections]
    links += [(node, LOSS_NODE) for node in network.layers[-1]]
    columns = (*network.layers, (LOSS_NODE,))
    blocks = _blocks(groups, decimals, sheet)
    arrangement = placement.arrange(Plan(columns, links, _largest(blocks), sheet, layers))
    if arrangement is None:
        return None
    return Layout(arrangement, _rows(groups, blocks, arrangement), (), layers)


def _node_labels(network: Network, of: str) -> list[Label]:
    made = []
    for node in network.nodes:
        number = int(node[1:])
        before, bias = notation.pre_activation(node), notation.bias(number)
        above, below = (node, FORWARD), (node, BACKWARD)
        slope = notation.form(notation.derivative(node), of=of).tex
        if node in network.layers[0]:
            made.append(Label(before, "data", f"x_{{{number}}}", above))
            made.append(Label(node, "signals", notation.form(node).tex, above))
            made.append(Label(notation.derivative(node), "derivatives of signals", slope, below))
            continue
        signal = notation.form(node).tex
        if node in network.layers[-1]:
            response = network.layers[-1].index(node) + 1
            prediction = r"\hat{y}" if len(network.layers[-1]) == 1 else rf"\hat{{y}}_{{{response}}}"
            truth = "y" if len(network.layers[-1]) == 1 else f"y_{{{response}}}"
            signal = f"{prediction}={signal}"
            slope = rf"\partial {of}/\partial {prediction}={slope}"
            made.append(Label(notation.truth(response), "truths", truth, above))
        made.append(Label(before, "signals before activation", notation.form(before).tex, above))
        made.append(Label(node, "signals", signal, above))
        made.append(Label(bias, "biases", notation.form(bias).tex, (node, BIAS)))
        made.append(Label(notation.derivative(node), "derivatives of signals", slope, below))
        for symbol, kind in ((before, "derivatives before activation"), (bias, "derivatives of biases")):
            derivative = notation.derivative(symbol)
            made.append(Label(derivative, kind, notation.form(derivative, of=of).tex, below))
    made.append(Label(notation.LOSS, "loss", notation.form(notation.LOSS).tex, (LOSS_NODE, FORWARD)))
    return made


def _connection_labels(network: Network, of: str) -> list[Label]:
    made = []
    for i, j in network.connections:
        source, target = network.nodes[i - 1], network.nodes[j - 1]
        term, weight = notation.term(source, j), notation.weight(i, j)
        derivative = notation.derivative(weight)
        for symbol, kind in ((term, "terms"), (weight, "weights"), (derivative, "derivatives of weights")):
            made.append(Label(symbol, kind, notation.form(symbol, of=of).tex, (source, target)))
    return made


@lru_cache(maxsize=8)
def _terms(network: Network) -> dict[str, tuple[str, str]]:
    """The two factors of each term, by its symbol."""
    return {
        notation.term(network.nodes[i - 1], j): (notation.weight(i, j), network.nodes[i - 1])
        for i, j in network.connections
    }


def _groups(network: Network, layers: Layers) -> dict[Slot, Group]:
    """All labels of a network, those that stand together in one group.

    If the layers take turns, a group has the labels of one layer, and a node has one place. Measured with ∂P,
    which is wider than ∂L: both fit.
    """
    members: dict[Slot, list[Label]] = {}
    for label in labels(network, "P"):
        place, turn = label.place, ""
        if layers == "in turns":
            place, turn = place if isinstance(place[1], str) else (place[0], FORWARD), label.layer
        members.setdefault((place, turn), []).append(label)
    return {slot: _group(together) for slot, together in members.items()}


def _group(members: Sequence[Label]) -> Group:
    return Group(tuple(members), max(tex.outline(label.fixed).width for label in members))


def _blocks(groups: Mapping[Slot, Group], decimals: int, sheet: Sheet) -> dict[Slot, Block]:
    """The block of each group, as large as it needs with the widest numbers."""
    size = sheet.font_size
    usual = (GAP_AFTER_EQUALS + placement.text_width(f"{MINUS}8." + "8" * decimals)) * size
    widest = (GAP_AFTER_EQUALS + placement.text_width(numbers.width(decimals))) * size
    return {
        slot: Block(group.width * size, usual, widest, len(group.labels)) for slot, group in groups.items()
    }


def _largest(blocks: Mapping[Slot, Block]) -> dict[Place, Block]:
    """The block that each place needs: as wide and as high as the largest of those that take turns there."""
    at: dict[Place, Block] = {}
    for (place, _), block in blocks.items():
        at[place] = at[place].enclosing(block) if place in at else block
    return at


def _rows(
    groups: Mapping[Slot, Group],
    blocks: Mapping[Slot, Block],
    arrangement: placement.Arrangement,
) -> dict[str, tuple[float, float, Box]]:
    """(x where the number's room begins, baseline, box) of each label."""
    rows, sheet, largest = {}, arrangement.sheet, _largest(blocks)
    for (place, turn), group in groups.items():
        block, anchor = blocks[place, turn], arrangement.boxes[place].left + largest[place].left
        equals, right = anchor - block.left + block.fixed, anchor + block.right
        top = _top(arrangement, place, block.rows * sheet.row)
        for number, label in enumerate(group.labels):
            above, below = top - number * sheet.row, top - (number + 1) * sheet.row
            left = equals - tex.outline(label.fixed).width * sheet.font_size
            rows[label.symbol] = (
                equals,
                below + placement.DESCENT * sheet.font_size,
                Box(left, below, right, above),
            )
    return rows


def _top(arrangement: placement.Arrangement, place: Place, high: float) -> float:
    """Where labels of some height begin in the box of their place.

    Next to their node if the box stands above or below it, else in its middle.
    """
    node, part = place
    _, bottom, _, top = arrangement.boxes[place]
    _, y = arrangement.nodes[node]
    if isinstance(part, str) or bottom < y < top:
        return (top + bottom + high) / 2
    return bottom + high if bottom > y else top


def _colour(network: Network, label: Label) -> str:
    """A connection's labels have its colour, a node's labels the node's."""
    source, below = label.place
    if isinstance(below, str):
        return palette.connection_colours(network)[notation.weight(int(source[1:]), int(below[1:]))]
    return palette.INK if source == LOSS_NODE else palette.node_colour(network, source)


def _draw_sentence(ax: Axes, network: Network, sheet: Sheet) -> None:
    """What stands in place of a picture that no one could read."""
    shape = "-".join(map(str, network.widths))
    sentences = (
        f"The network {shape} is too large to be drawn legibly.",
        "Its curves, its tables and the CSV have every number.",
    )
    ax.text(
        sheet.width / 2,
        sheet.height / 2,
        "\n".join(sentences),
        size=sheet.font_size,
        ha="center",
        va="center",
        color=palette.INK,
        gid="too large",
    )


def _draw_connections(ax: Axes, network: Network, row: Mapping[str, float], placed: Layout) -> None:
    colours = palette.connection_colours(network)
    for (i, j), weight in zip(network.connections, network.weights, strict=True):
        width = float(line_widths(row[weight]))
        _draw_arrow(
            ax,
            network.nodes[i - 1],
            network.nodes[j - 1],
            weight,
            placed,
            colours[weight],
            width,
            dashed=row[weight] < 0,
        )
    for node in network.layers[-1]:
        _draw_arrow(ax, node, LOSS_NODE, f"{LOSS_NODE}_{node}", placed, palette.MUTED, 1.0, dashed=False)


def _draw_arrow(
    ax: Axes, source: str, target: str, name: str, placed: Layout, colour: str, width: float, *, dashed: bool
) -> None:
    """A line from rim to rim with a head of fixed size."""
    start, end = (np.array(placed.arrangement.nodes[node]) for node in (source, target))
    along = (end - start) / np.hypot(*(end - start))
    across = np.array([-along[1], along[0]])
    tip, radius = end - along * (placed.arrangement.radius + 1), placed.arrangement.radius
    head = min(placement.ARROW, 2 * radius)
    base = tip - along * head
    (x0, y0), (x1, y1) = start + along * radius, base + along * 1.0
    style: LineStyleType = (0, (DASH / width, GAP / width)) if dashed else "-"
    ax.add_artist(
        Line2D(
            [x0, x1],
            [y0, y1],
            color=colour,
            linewidth=width,
            linestyle=style,
            dash_capstyle="butt",
            solid_capstyle="butt",
            zorder=1,
            gid=f"connection:{name}",
        )
    )
    half = across * head * 0.42
    ax.add_artist(
        Polygon(
            [tip, base + half, base - half],
            closed=True,
            facecolor=colour,
            edgecolor="none",
            zorder=2.5,
            gid=f"arrow:{name}",
        )
    )


def _draw_nodes(ax: Axes, network: Network, placed: Layout) -> None:
    radius, sheet = placed.arrangement.radius, placed.arrangement.sheet
    for node, (x, y) in placed.arrangement.nodes.items():
        if node == LOSS_NODE:
            half = 0.8 * radius
            colour, name = palette.INK, notation.form(node).tex
            ax.add_artist(
                FancyBboxPatch(
                    (x - half, y - half),
                    2 * half,
                    2 * half,
                    boxstyle=f"round,pad=0,rounding_size={min(5.0, half / 2)}",
                    facecolor=palette.PAPER,
                    edgecolor=palette.MUTED,
                    linewidth=1.5,
                    zorder=3,
                    gid=f"node:{node}",
                )
            )
        else:
            colour, name = palette.node_colour(network, node), notation.form(node).tex
            tint = palette.node_tint(network, node)
            ax.add_artist(
                Circle(
                    (x, y),
                    radius,
                    facecolor=tint,
                    edgecolor=colour,
                    linewidth=2,
                    zorder=3,
                    gid=f"node:{node}",
                )
            )
        fits = min(1.25 * sheet.font_size, 1.7 * radius / tex.outline(name).width, 1.5 * radius)
        if fits >= sheet.font_size:
            ax.add_artist(
                Tex(
                    x,
                    y - 0.33 * fits,
                    name,
                    color=colour,
                    size=fits,
                    ha="center",
                    zorder=4,
                    gid=f"name:{node}",
                )
            )


def _draw_label(ax: Axes, label: Label, number: str, colour: str, placed: Layout) -> None:
    """A label: paper, TeX up to the equals sign, number."""
    size = placed.arrangement.sheet.font_size
    equals, baseline, box = placed.rows[label.symbol]
    ax.add_artist(
        Rectangle(
            (box.left, box.bottom),
            box.right - box.left,
            box.top - box.bottom,
            facecolor=palette.PAPER,
            alpha=0.9,
            edgecolor="none",
            zorder=2,
            gid=f"box:{label.symbol}",
        )
    )
    ax.add_artist(
        Tex(
            equals,
            baseline,
            label.fixed,
            color=colour,
            size=size,
            ha="right",
            zorder=4,
            gid=f"label:{label.symbol}",
        )
    )
    start = equals + GAP_AFTER_EQUALS * size
    ax.add_artist(
        Number(
            start,
            baseline,
            number,
            color=colour,
            size=size,
            ha="left",
            va="baseline",
            family="sans-serif",
            zorder=4,
            gid=label.symbol,
        )
    )
