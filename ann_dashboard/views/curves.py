"""Draws prediction, loss, weights and biases over the epochs, with the current epoch marked.

Each ``draw_...`` draws on the Axes it is given, from scratch, and keeps nothing. The mark of the current
epoch has the gid "now:" and the panel's name; `marks` gives its place at every epoch.

A drawing is first described by values, its lines and texts, and then made of matplotlib's artists, which
takes three times as long. A film that has its still needs only the values of a new training: `drawings` and
`places`.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure, FigureBase
from matplotlib.lines import Line2D
from matplotlib.path import Path
from matplotlib.scale import SymmetricalLogScale
from matplotlib.text import Text
from matplotlib.ticker import MaxNLocator, NullLocator
from matplotlib.transforms import Affine2D, BboxTransformTo, ScaledTranslation, Transform, TransformedPath
from matplotlib.typing import LineStyleType

from ann_dashboard import notation
from ann_dashboard.engine.history import History
from ann_dashboard.engine.network import Network
from ann_dashboard.notation import MINUS
from ann_dashboard.views import palette, ranges
from ann_dashboard.views.tex import Tex

MEAN_LOSS = "C"
SIZE = (430.0, 600.0)
"""Width and height of the four panels together, in SVG units."""
FONT = 12.0
LEGEND_ROWS, LEGEND_WIDTH = 7, 74.0
MOST_LEGEND_COLUMNS, LEGEND_COLUMNS_OF_SOME = 3, 2
"""Columns of names beside a panel at most; where they do not hold all names, fewer columns hold some of them
and leave the curves their room.
"""
STEEP = 1e3
"""Ratio of sizes from which a vertical axis is logarithmic on both sides of zero."""
LINE_STYLES: tuple[LineStyleType, ...] = ("-", (0, (5, 1.5)), (0, (5, 1.5, 1, 1.5)), (0, (1.2, 1.2)))
BINS = 400
"""Points along a curve beyond which each bin keeps its first, smallest, largest and last value."""

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
THIN_SPACE = "\N{NARROW NO-BREAK SPACE}"

BLANK = "\N{NO-BREAK SPACE}"
MOST_VALUE_TICKS, MOST_EPOCH_TICKS = 5, 8

Tick = tuple[float, str]
EpochAxis = Literal["log", "linear"]
Places = Mapping[str, tuple[float, float]]
"""gid -> (x, y) in SVG units from the top left corner."""


class Curve(NamedTuple):
    """One curve: its symbol, the TeX of its name, its values (epochs,), colour and line style."""

    symbol: str
    name: str
    values: np.ndarray
    colour: str
    style: LineStyleType


class Panel(NamedTuple):
    """What a panel shows: its name, title and curves, and the scale of its values where that is given."""

    name: str
    title: str
    curves: list[Curve]
    value_axis: str | None = None


class Stroke(NamedTuple):
    """One line of a panel: its points in a space, its look, and whether it is clipped.

    ``space``: see `_spaces`; ``width``: in points; ``clipped``: whether it ends at the panel's edge.
    """

    gid: str
    space: str
    x: Sequence[float] | np.ndarray
    y: Sequence[float] | np.ndarray
    colour: str
    width: float
    style: LineStyleType = "-"
    clipped: bool = True


class Words(NamedTuple):
    """One text of a panel, or a curve's name in TeX, with its colour.

    ``x`` and ``y``: where it begins in a ``space``; see `_spaces` and `TEXTS`.
    """

    gid: str
    space: str
    x: float
    y: float
    text: str
    colour: str = palette.INK


class Drawing(NamedTuple):
    """All that is drawn in a panel."""

    strokes: list[Stroke]
    words: list[Words]


class Aligned(NamedTuple):
    """How far a kind of text is from its place on the panel, in points, and how it is aligned there."""

    right: float
    up: float
    across: str
    upright: str


TEXTS = {
    "title": Aligned(0, 5, "left", "baseline"),
    "value": Aligned(-6, 0, "right", "center_baseline"),
    "epoch": Aligned(0, -15, "center", "baseline"),
    "axis": Aligned(0, -31, "center", "baseline"),
}
"""How each kind of text stands at its place: a panel's title, the ticks of the values and of the epochs, and
what the epoch axis counts.
"""


def figure(network: Network) -> tuple[Figure, dict[str, Axes]]:
    """A figure for the four panels, and its Axes by name: prediction, loss, weights, biases.

    Keep it: its Axes are drawn on again.
    """
    sheet = Figure(figsize=(SIZE[0] / 72, SIZE[1] / 72), dpi=72)
    return sheet, lay_out(sheet, network)


def lay_out(sheet: FigureBase, network: Network) -> dict[str, Axes]:
    """The Axes of the four panels, by name, on a figure or a part of one that is as large as ``SIZE``."""
    left, right = 52.0, 12.0 + LEGEND_WIDTH * _legend_columns(max(network.weight_count, network.bias_count))
    heights, top, bottom, gap = (0.8, 0.8, 1.5, 0.9), 20.0, 38.0, 26.0
    unit = (SIZE[1] - top - bottom - gap * (len(heights) - 1)) / sum(heights)
    panels: dict[str, Axes] = {}
    edge = SIZE[1] - top
    for name, height in zip(("prediction", "loss", "weights", "biases"), heights, strict=True):
        box = (
            left / SIZE[0],
            (edge - height * unit) / SIZE[1],
            (SIZE[0] - left - right) / SIZE[0],
            height * unit / SIZE[1],
        )
        panels[name] = sheet.add_axes(box, sharex=panels.get("prediction"))
        edge -= height * unit + gap
    return panels


def draw_curves(
    panels: dict[str, Axes], history: History, epoch: int, *, epoch_axis: EpochAxis = "log", sample: int = 0
) -> None:
    """All four panels."""
    draw(panels, drawings(panels, history, epoch, epoch_axis=epoch_axis, sample=sample))


def drawings(
    panels: Mapping[str, Axes],
    history: History,
    epoch: int,
    *,
    epoch_axis: EpochAxis = "log",
    sample: int = 0,
) -> dict[str, Drawing]:
    """What is drawn in each of the four panels, by name.

    Their axes are scaled for it, and nothing is drawn yet.
    """
    shown = (
        _prediction(history, sample),
        _loss(history, sample),
        _parameters(history, sample, of="weights"),
        _parameters(history, sample, of="biases"),
    )
    return {panel.name: _drawing(panels[panel.name], history, epoch, panel, epoch_axis) for panel in shown}


def draw(panels: Mapping[str, Axes], drawings: Mapping[str, Drawing]) -> None:
    """Draw what `drawings` tells, and nothing else, in the panels that it was given."""
    clear(panels)
    for name, drawing in drawings.items():
        _draw(panels[name], drawing)


def of_first_points(drawings: Mapping[str, Drawing]) -> dict[str, Drawing]:
    """The same drawings, of each curve only the first point: enough for matplotlib to write its line.

    A film brings the path data of every curve, so the points in its still would be worked out for nothing.
    """
    return {
        name: drawing._replace(
            strokes=[
                stroke._replace(x=stroke.x[:1], y=stroke.y[:1]) if stroke.space == "data" else stroke
                for stroke in drawing.strokes
            ]
        )
        for name, drawing in drawings.items()
    }


def clear(panels: Mapping[str, Axes]) -> None:
    """Take away what is drawn; the axes keep their scales. A thousand curves take 200 MB."""
    for ax in panels.values():
        for artist in (*ax.lines, *ax.texts):
            artist.remove()


def places(panels: Mapping[str, Axes], drawings: Mapping[str, Drawing]) -> Places:
    """Where each text and each line other than a curve begins: gid -> (x, y).

    A film moves these; it writes the path of a curve anew.
    """
    found = {}
    for name, drawing in drawings.items():
        spaces, height, dpi = _spaces(panels[name]), panels[name].figure.bbox.height, panels[name].figure.dpi
        starts = [
            (stroke.gid, stroke.space, (stroke.x[0], stroke.y[0]))
            for stroke in drawing.strokes
            if stroke.space != "data"
        ]
        starts += [(words.gid, words.space, (words.x, words.y)) for words in drawing.words]
        for gid, space, start in starts:
            x, y = spaces[space].transform(start).tolist()
            found[gid] = x * 72 / dpi, (height - y) * 72 / dpi
    return found


def marks(panels: dict[str, Axes], epochs: np.ndarray) -> dict[str, np.ndarray]:
    """Where the mark of each panel stands at each epoch: gid -> (epochs,).

    In SVG units from the left edge.
    """
    points = np.column_stack([epochs, np.ones(len(epochs))])
    return {
        f"now:{name}": ax.transData.transform(points)[:, 0] * 72 / ax.figure.dpi
        for name, ax in panels.items()
    }


def _columns(history: History, sample: int) -> dict[str, np.ndarray]:
    return dict(zip(history.columns, history.of_sample(sample).T, strict=True))


def _legend_columns(count: int) -> int:
    columns = -(-count // (LEGEND_ROWS + 1))
    return columns if columns <= MOST_LEGEND_COLUMNS else LEGEND_COLUMNS_OF_SOME


def _prediction(history: History, sample: int) -> Panel:
    """ŷ and y of each output node."""
    network, table = history.network, _columns(history, sample)
    curves = []
    for number, (node, truth) in enumerate(zip(network.layers[-1], network.truths, strict=True), start=1):
        mark = f"_{{{number}}}" if len(network.truths) > 1 else ""
        colour = palette.node_colour(network, node)
        curves.append(Curve(node, rf"\hat{{y}}{mark}", table[node], colour, "-"))
        curves.append(Curve(truth, f"y{mark}", table[truth], palette.INK, (0, (4, 2))))
    return Panel("prediction", "Prediction ŷ and truth y", curves)


def _loss(history: History, sample: int) -> Panel:
    """The loss L and, of several samples, the mean loss C = (1/N) Σ L.

    A loss of exactly 0 has no place on a logarithmic axis.
    """
    shown = [Curve(notation.LOSS, notation.LOSS, _columns(history, sample)[notation.LOSS], palette.INK, "-")]
    title = "Loss L"
    if len(history.data) > 1:
        shown = [
            Curve(MEAN_LOSS, MEAN_LOSS, history.losses, palette.INK, "-"),
            shown[0]._replace(colour=palette.MUTED, style=(0, (1.5, 1.5))),
        ]
        title = f"Mean loss C, loss L of sample {sample}"
    curves = [curve._replace(values=np.where(curve.values > 0, curve.values, np.nan)) for curve in shown]
    converged = (
        None if history.training.dropout else history.converged_at()
    )  # with dropout, predictions without it converge
    title = title if converged is None else f"{title}, converged at {history.counts} {converged}"
    return Panel("loss", title, curves, "log")


def _parameters(history: History, sample: int, *, of: str) -> Panel:
    """The weights or the biases.

    Erratum: the third convergence panel of the e-book is titled biases and draws weights.
    """
    network, table = history.network, _columns(history, sample)
    colours = palette.connection_colours(network) if of == "weights" else palette.bias_colours(network)
    curves = [
        Curve(symbol, notation.form(symbol).tex, table[symbol], colour, LINE_STYLES[place % len(LINE_STYLES)])
        for place, (symbol, colour) in enumerate(colours.items())
    ]
    return Panel(of, f"{of.capitalize()} {'λ' if of == 'weights' else 'b'}", curves)


def _drawing(ax: Axes, history: History, epoch: int, panel: Panel, epoch_axis: EpochAxis) -> Drawing:
    """Curves with their names at the right, a title, ticks, and the mark of the current epoch.

    A panel has the same lines and texts for every training, so that a film need not write the picture anew: a
    tick too many has a blank text.
    """
    name, title, curves, value_axis = panel
    epochs, named = history.recorded_epochs, _named(ax, curves)
    title = title if len(named) == len(curves) else f"{title}, {len(named)} of {len(curves)} named"
    ticks = _ticks(
        ax, name, history.counts, scale_epochs(ax, epochs, epoch_axis), scale_values(ax, curves, value_axis)
    )
    names = _names(ax, named)
    strokes = [
        Stroke(
            f"curve:{curve.symbol}",
            "data",
            *_thinned(ax, epochs, curve.values),
            curve.colour,
            1.6,
            curve.style,
        )
        for curve in curves
    ]
    mark = Stroke(f"now:{name}", "now", [epoch, epoch], [0, 1], palette.INK, 2.5, clipped=False)
    heading = Words(f"title:{name}", "title", 0, 1, title)
    return Drawing([*ticks.strokes, *strokes, mark, *names.strokes], [*ticks.words, heading, *names.words])


def _ticks(ax: Axes, panel: str, counts: str, epoch_ticks: list[Tick], value_ticks: list[Tick]) -> Drawing:
    """The two axes with their ticks.

    The values stand on the left, each with a faint line across; the epochs stand below the lowest of the
    panels that share them.
    """
    to_panel = ax.transData + ax.transAxes.inverted()
    low = ax.get_ylim()[0]
    frame = Stroke(f"frame:{panel}", "panel", [0, 0, 1], [1, 0, 0], palette.INK, 0.9, clipped=False)
    values, texts = zip(*_filled(value_ticks, MOST_VALUE_TICKS, low), strict=True)
    heights = to_panel.transform([(0, value) for value in values])[:, 1].tolist()
    strokes = [
        Stroke(f"grid:{panel}:{place}", "panel", [0, 1], [up, up], palette.GRID, 0.8)
        for place, up in enumerate(heights)
    ]
    words = [
        Words(f"value:{panel}:{place}", "value", 0, up, text)
        for place, (up, text) in enumerate(zip(heights, texts, strict=True))
    ]
    if ax is not min(ax.get_shared_x_axes().get_siblings(ax), key=lambda sharing: sharing.get_position().y0):
        return Drawing([*strokes, frame], words)
    epochs, texts = zip(*_filled(epoch_ticks, MOST_EPOCH_TICKS, 0), strict=True)
    widths = to_panel.transform([(epoch, low) for epoch in epochs])[:, 0].tolist()
    words += [
        Words(f"epoch:{panel}:{place}", "epoch", across, 0, text)
        for place, (across, text) in enumerate(zip(widths, texts, strict=True))
    ]
    return Drawing([*strokes, frame], [*words, Words(f"axis:{panel}", "axis", 0.5, 0, counts)])


def _filled(ticks: list[Tick], count: int, place: float) -> list[Tick]:
    """Always as many ticks: those that are missing have a blank text, at a place of the axis."""
    return [*ticks, *[(place, BLANK)] * (count - len(ticks))]


def _names(ax: Axes, named: list[Curve]) -> Drawing:
    """A sample of each line with its name, right of the panel, the largest last value on top."""
    order = sorted(named, key=lambda curve: np.nan_to_num(curve.values[-1]), reverse=True)
    rows = max(1, min(len(order), _name_rows(ax)))
    step = min(FONT + 4, (ax.get_position().height * SIZE[1] + 4) / rows)
    strokes, words = [], []
    for place, curve in enumerate(order):
        column, row = divmod(place, rows)
        x, y = 8 + LEGEND_WIDTH * column, 2 - FONT / 2 - row * step
        strokes.append(
            Stroke(
                f"sample:{curve.symbol}",
                "name",
                [x, x + 20],
                [y, y],
                curve.colour,
                1.8,
                curve.style,
                clipped=False,
            )
        )
        words.append(Words(f"name:{curve.symbol}", "name", x + 24, y - FONT / 3, curve.name, curve.colour))
    return Drawing(strokes, words)


def _spaces(ax: Axes) -> dict[str, Transform]:
    """What x and y of a panel's lines and texts mean, as matplotlib's way from them to the paper.

    "data": epoch and value; "now": epoch, and share of the panel's height; "name": points from the panel's
    upper right corner; "panel", and each kind of `TEXTS`: shares of the panel's width and height.
    """
    points = ax.figure.dpi_scale_trans
    moved = {
        kind: ax.transAxes + ScaledTranslation(text.right / 72, text.up / 72, points)
        for kind, text in TEXTS.items()
    }
    corner = Affine2D().scale(1 / 72) + points + ScaledTranslation(1, 1, BboxTransformTo(ax.bbox))
    return {
        "data": ax.transData,
        "now": ax.get_xaxis_transform(),
        "name": corner,
        "panel": ax.transAxes,
        **moved,
    }


def _draw(ax: Axes, drawing: Drawing) -> None:
    """Draw on an empty Axes; its limits stay as they are."""
    ax.set_axis_off()
    spaces, inside = _spaces(ax), _inside(ax)
    for stroke in drawing.strokes:
        line = Line2D(
            stroke.x,
            stroke.y,
            color=stroke.colour,
            linewidth=stroke.width,
            linestyle=stroke.style,
            gid=stroke.gid,
            transform=spaces[stroke.space],
            clip_path=inside,
            clip_on=stroke.clipped,
        )
        ax.add_artist(line)
    for words in drawing.words:
        text = _text(words, spaces[words.space])
        text.set(clip_path=inside, clip_on=False)
        ax.add_artist(text)


def _text(words: Words, space: Transform) -> Text:
    """A text as it is aligned, or a curve's name, which is TeX."""
    if words.space == "name":
        return Tex(
            words.x,
            words.y,
            words.text,
            fontsize=FONT,
            color=words.colour,
            transform=space,
            gid=words.gid,
        )
    aligned = TEXTS[words.space]
    return Text(
        words.x,
        words.y,
        words.text,
        ha=aligned.across,
        va=aligned.upright,
        fontsize=FONT,
        color=words.colour,
        transform=space,
        gid=words.gid,
    )


def _inside(ax: Axes) -> TransformedPath:
    """The panel as a clip path, one for all artists.

    Without one given, matplotlib works it out anew for each: a third of the time a panel takes.
    """
    return TransformedPath(Path.unit_rectangle(), ax.transAxes)


def _name_rows(ax: Axes) -> int:
    """Names that fit below each other beside a panel."""
    return int((ax.get_position().height * SIZE[1] + 8) // (FONT + 2))


def _named(ax: Axes, curves: list[Curve]) -> list[Curve]:
    """The curves that get a name, the same ones for every training.

    All if there is room, else some from the first to the last.
    """
    columns = int((1 - ax.get_position().x1) * SIZE[0] // LEGEND_WIDTH)
    room = min(len(curves), columns * _name_rows(ax))
    return [curves[place] for place in np.linspace(0, len(curves) - 1, room).round().astype(int)]


def scale_epochs(ax: Axes, epochs: np.ndarray, epoch_axis: EpochAxis) -> list[Tick]:
    """An axis that holds every epoch; returns its ticks."""
    last = float(epochs[-1]) or 1.0  # a training that ended at its start has an axis too
    if epoch_axis == "log":
        _set_scale(ax, "x", "symlog")
        steps = (1, 2, 5) if last < 50 else (1,)
        ticks = [
            0.0,
            *(float(step * 10**power) for power in range(16) for step in steps if step * 10**power <= last),
        ]
    else:
        _set_scale(ax, "x", "linear")
        ticks = [
            float(tick) for tick in MaxNLocator(5, integer=True).tick_values(0, last) if 0 <= tick <= last
        ]
    if ax.get_xlim() != (0, last):
        ax.set_xlim(0, last)
    return [(tick, f"{tick:,.0f}".replace(",", THIN_SPACE)) for tick in ticks]


def scale_values(ax: Axes, curves: list[Curve], value_axis: str | None) -> list[Tick]:
    """Scale an axis so that it holds every finite value with a little room; returns its ticks.

    It is logarithmic where the values are steep.
    """
    values = np.concatenate([curve.values for curve in curves])
    values = values[np.isfinite(values)]
    low, high = (float(values.min()), float(values.max())) if len(values) else (0.1, 1.0)
    if value_axis == "log":
        _set_scale(ax, "y", "log")
        low, high = ranges.logarithmic(low, high)
        ticks = _log_ticks(low, high)
    elif max(abs(low), abs(high)) > STEEP:
        _set_scale(ax, "y", "symlog")
        low, high = min(low, 0.0), max(high, 0.0)
        powers = [power for power in _powers(0, np.log10(max(abs(low), abs(high))), most=2) if power > 0]
        up = [(10.0**power, _power_text(power)) for power in powers if 10.0**power <= high]
        down = [(-(10.0**power), MINUS + _power_text(power)) for power in powers if -(10.0**power) >= low]
        ticks = [(0.0, "0"), *up, *down]
    else:
        _set_scale(ax, "y", "linear")
        room = 0.06 * (high - low) or 0.5
        low, high = ranges.drawable(low - room, high + room)
        ticks = [
            (float(tick), f"{tick:.6g}".replace("-", MINUS))
            for tick in MaxNLocator(4).tick_values(low, high)
            if low <= tick <= high
        ]
    ax.set_ylim(low, high)
    return ticks


def _set_scale(ax: Axes, axis: str, scale: str) -> None:
    """Change the scale of one axis where it is another.

    matplotlib makes all ticks anew for a scale, drawn or not. The axis gets none of them: ours are drawn in
    their place, and those of a logarithmic axis near the largest float overflow.
    """
    if getattr(ax, f"get_{axis}scale")() == scale:
        return
    ax.set(
        **{
            f"{axis}scale": SymmetricalLogScale(None, linthresh=1.0, linscale=0.5)
            if scale == "symlog"
            else scale
        }
    )
    scaled = getattr(ax, f"{axis}axis")
    scaled.set_major_locator(NullLocator())
    scaled.set_minor_locator(NullLocator())


def _powers(low: float, high: float, *, most: int = 4) -> list[int]:
    """Whole powers of ten from high down to low, equally far apart."""
    first, last = int(np.ceil(low)), int(np.floor(high))
    return list(range(last, first - 1, -max(1, -(-(last - first + 1) // most))))


def _log_ticks(low: float, high: float) -> list[Tick]:
    """Powers of ten, or where only one lies on the axis, 1, 2 and 5 times them too.

    A single tick says nothing about the scale.
    """
    powers = _powers(np.log10(low), np.log10(high))
    if len(powers) > 1:
        return [(10.0**power, _power_text(power)) for power in powers]
    around = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1)
    return [
        (float(f"{step}e{power}"), _step_text(step, power))
        for power in around
        for step in (1, 2, 5)
        if low <= float(f"{step}e{power}") <= high
    ]


def _step_text(step: int, power: int) -> str:
    return f"{float(f'{step}e{power}'):g}" if -3 <= power <= 2 else f"{step}·{_power_text(power)}"


def _power_text(power: int) -> str:
    return "10" + str(power).translate(SUPERSCRIPTS)


def _thinned(ax: Axes, epochs: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A curve that looks the same with fewer points.

    Of each bin along the axis it keeps the first, smallest, largest and last value; inf becomes a gap.
    """
    values = np.where(np.isfinite(values), values, np.nan)
    if len(epochs) <= 4 * BINS:
        return epochs, values
    place = ax.transScale.transform(np.column_stack([epochs, np.ones(len(epochs))]))[:, 0]
    bins = np.floor((place - place[0]) / (place[-1] - place[0]) * BINS).astype(int)
    starts = np.flatnonzero(np.diff(bins, prepend=-1))
    kept = [starts, np.append(starts[1:], len(epochs)) - 1]
    for fill, extreme in ((np.inf, np.minimum), (-np.inf, np.maximum)):
        filled = np.where(np.isnan(values), fill, values)
        reached = filled == np.repeat(
            extreme.reduceat(filled, starts), np.diff(np.append(starts, len(epochs)))
        )
        first = np.flatnonzero(reached)
        kept.append(first[np.unique(bins[first], return_index=True)[1]])
    points = np.unique(np.concatenate(kept))
    return epochs[points], values[points]
