"""What a training did over its epochs: prediction, loss, weights, biases and their derivatives as curves, the current epoch marked.

Each ``draw_...`` draws on the Axes it is given, from scratch, and keeps nothing. The mark of the current epoch has the gid "now:" and the
panel's name; `marks` tells where it stands at every epoch.
"""

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.path import Path
from matplotlib.scale import SymmetricalLogScale
from matplotlib.text import Text
from matplotlib.ticker import MaxNLocator, NullLocator
from matplotlib.transforms import Affine2D, ScaledTranslation, TransformedPath

from ann_dashboard import notation
from ann_dashboard.history import History
from ann_dashboard.network import Network
from ann_dashboard.notation import MINUS
from ann_dashboard.views import palette
from ann_dashboard.views.tex import Tex

SIZE = (430.0, 600.0)
"""Width and height of the four panels together, in SVG units."""
FONT = 12.0
LEGEND_ROWS, LEGEND_WIDTH = 7, 74.0
STEEP = 1e3
"""Ratio of sizes from which a vertical axis is logarithmic on both sides of zero."""
LINE_STYLES = ("-", (0, (5, 1.5)), (0, (5, 1.5, 1, 1.5)), (0, (1.2, 1.2)))
BINS = 400
"""Points along a curve beyond which each bin keeps its first, smallest, largest and last value."""

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
THIN_SPACE = "\N{NARROW NO-BREAK SPACE}"

BLANK = "\N{NO-BREAK SPACE}"
MOST_VALUE_TICKS, MOST_EPOCH_TICKS = 5, 8

Tick = tuple[float, str]
EpochAxis = Literal["log", "linear"]


class Curve(NamedTuple):
    """One curve: its symbol, the TeX of its name, its values (epochs,), colour and line style."""

    symbol: str
    name: str
    values: np.ndarray
    colour: str
    style: object


def figure(network: Network) -> tuple[Figure, dict[str, Axes]]:
    """A figure for the four panels, and its Axes by name: prediction, loss, weights, biases. Keep it: its axes are drawn on again."""
    sheet = Figure(figsize=(SIZE[0] / 72, SIZE[1] / 72), dpi=72)
    left, right = 52.0, 12.0 + LEGEND_WIDTH * _legend_columns(max(network.weight_count, network.bias_count))
    heights, top, bottom, gap = (0.8, 0.8, 1.5, 0.9), 20.0, 38.0, 26.0
    unit = (SIZE[1] - top - bottom - gap * (len(heights) - 1)) / sum(heights)
    panels, edge = {}, SIZE[1] - top
    for name, height in zip(("prediction", "loss", "weights", "biases"), heights, strict=True):
        box = (left / SIZE[0], (edge - height * unit) / SIZE[1], (SIZE[0] - left - right) / SIZE[0], height * unit / SIZE[1])
        panels[name] = sheet.add_axes(box, sharex=panels.get("prediction"))
        edge -= height * unit + gap
    return sheet, panels


def draw_curves(panels: dict[str, Axes], history: History, epoch: int, *, epoch_axis: EpochAxis = "log", sample: int = 0) -> None:
    """All four panels."""
    draw_prediction(panels["prediction"], history, epoch, epoch_axis=epoch_axis, sample=sample)
    draw_loss(panels["loss"], history, epoch, epoch_axis=epoch_axis, sample=sample)
    draw_parameters(panels["weights"], history, epoch, epoch_axis=epoch_axis, of="weights", sample=sample)
    draw_parameters(panels["biases"], history, epoch, epoch_axis=epoch_axis, of="biases", sample=sample)


def draw_prediction(ax: Axes, history: History, epoch: int, *, epoch_axis: EpochAxis = "log", sample: int = 0) -> None:
    """ŷ over the epochs, and the truth y as a dashed line, for each output node. Scaled, no unit."""
    network, table = history.network, _columns(history, sample)
    curves = []
    for number, (node, truth) in enumerate(zip(network.layers[-1], network.truths, strict=True), start=1):
        mark = f"_{{{number}}}" if len(network.truths) > 1 else ""
        colour = palette.node_colour(network, node)
        curves.append(Curve(node, rf"\hat{{y}}{mark}", table[node], colour, "-"))
        curves.append(Curve(truth, f"y{mark}", table[truth], palette.INK, (0, (4, 2))))
    _draw(ax, history, epoch, "prediction", "Prediction ŷ and truth y", curves, epoch_axis)


def draw_loss(ax: Axes, history: History, epoch: int, *, epoch_axis: EpochAxis = "log", sample: int = 0) -> None:
    """L over the epochs on a logarithmic axis; a loss of exactly 0 has no place on it and ends the curve."""
    values = _columns(history, sample)[notation.LOSS]
    curve = Curve(notation.LOSS, notation.LOSS, np.where(values > 0, values, np.nan), palette.INK, "-")
    converged = history.converged_at()
    title = "Loss L" if converged is None else f"Loss L, converged at epoch {converged}"
    _draw(ax, history, epoch, "loss", title, [curve], epoch_axis, value_axis="log")


def draw_parameters(
    ax: Axes,
    history: History,
    epoch: int,
    *,
    epoch_axis: EpochAxis = "log",
    of: str = "weights",
    show: str = "values",
    derivative_of: str = notation.LOSS,
    sample: int = 0,
) -> None:
    """The weights or the biases (``of``), or their derivatives (``show="derivatives"``), over the epochs; ``derivative_of="P"`` draws −∂L/∂·.

    Erratum: the third convergence panel of the e-book is titled biases and draws weights.
    """
    network, table = history.network, _columns(history, sample)
    colours = palette.connection_colours(network) if of == "weights" else palette.bias_colours(network)
    curves = []
    for place, symbol in enumerate(colours):
        column = symbol if show == "values" else notation.derivative(symbol)
        values = -table[column] if show == "derivatives" and derivative_of != notation.LOSS else table[column]
        curves.append(Curve(column, notation.form(column, of=derivative_of).tex, values, colours[symbol], LINE_STYLES[place % len(LINE_STYLES)]))
    letter = "λ" if of == "weights" else "b"
    title = f"{of.capitalize()} {letter}" if show == "values" else f"∂{derivative_of}/∂{letter}, derivatives by the {of}"
    _draw(ax, history, epoch, of, title, curves, epoch_axis)


def marks(panels: dict[str, Axes], epochs: np.ndarray) -> dict[str, np.ndarray]:
    """Where the mark of each panel stands at each epoch, in SVG units from the left edge: gid -> (epochs,)."""
    points = np.column_stack([epochs, np.ones(len(epochs))])
    return {f"now:{name}": ax.transData.transform(points)[:, 0] * 72 / ax.figure.dpi for name, ax in panels.items()}


def _columns(history: History, sample: int) -> dict[str, np.ndarray]:
    return dict(zip(history.network.columns, history.of_sample(sample).T, strict=True))


def _legend_columns(count: int) -> int:
    return -(-count // (LEGEND_ROWS + 1))


def _draw(
    ax: Axes, history: History, epoch: int, panel: str, title: str, curves: list[Curve], epoch_axis: EpochAxis, *, value_axis: str | None = None
) -> None:
    """Curves with their names at the right, a title, ticks, and the mark of the current epoch.

    A panel has the same artists for every training, so that a film need not write the picture anew: a tick too many has a blank text.
    """
    for artist in (*ax.lines, *ax.texts):
        artist.remove()
    ax.set_axis_off()
    epochs = history.recorded_epochs
    epoch_ticks, value_ticks = _scale_epochs(ax, epochs, epoch_axis), _scale_values(ax, curves, value_axis)
    _draw_ticks(ax, panel, epoch_ticks, value_ticks)
    for curve in curves:
        x, y = _thinned(ax, epochs, curve.values)
        _draw_line(ax, x, y, f"curve:{curve.symbol}", color=curve.colour, linestyle=curve.style, linewidth=1.6)
    across = ax.get_xaxis_transform()
    _draw_line(ax, [epoch, epoch], [0, 1], f"now:{panel}", color=palette.INK, linewidth=2.5, transform=across, clip_on=False)
    _write(ax, 0, 1, 0, 5, title, gid=f"title:{panel}")
    _draw_names(ax, curves)


def _draw_ticks(ax: Axes, panel: str, epoch_ticks: list[Tick], value_ticks: list[Tick]) -> None:
    """The two axes, the values left with a faint line across, and the epochs below the lowest of the panels that share them."""
    to_panel = ax.transData + ax.transAxes.inverted()
    low = ax.get_ylim()[0]
    for place in range(MOST_VALUE_TICKS):
        value, text = value_ticks[place] if place < len(value_ticks) else (low, BLANK)
        up = to_panel.transform((0, value))[1]
        _draw_line(ax, [0, 1], [up, up], f"grid:{panel}:{place}", color=palette.GRID, linewidth=0.8, transform=ax.transAxes)
        _write(ax, 0, up, -6, 0, text, ha="right", va="center_baseline", gid=f"value:{panel}:{place}")
    _draw_line(ax, [0, 0, 1], [1, 0, 0], f"frame:{panel}", color=palette.INK, linewidth=0.9, transform=ax.transAxes, clip_on=False)
    if ax is not min(ax.get_shared_x_axes().get_siblings(ax), key=lambda sharing: sharing.get_position().y0):
        return
    for place in range(MOST_EPOCH_TICKS):
        epoch, text = epoch_ticks[place] if place < len(epoch_ticks) else (0.0, BLANK)
        _write(ax, to_panel.transform((epoch, low))[0], 0, 0, -15, text, ha="center", gid=f"epoch:{panel}:{place}")
    _write(ax, 0.5, 0, 0, -31, "epoch", ha="center", gid=f"axis:{panel}")


def _draw_line(ax: Axes, x: Sequence[float] | np.ndarray, y: Sequence[float] | np.ndarray, gid: str, **options: Any) -> None:
    """A line that leaves the limits of the panel as they are."""
    ax.add_artist(Line2D(x, y, gid=gid, **({"transform": ax.transData, "clip_path": _inside(ax)} | options)))


def _write(ax: Axes, x: float, y: float, right: float, up: float, text: str, **options: Any) -> None:
    """A text at a place of the panel (0 to 1), moved by points."""
    place = ScaledTranslation(right / 72, up / 72, ax.figure.dpi_scale_trans)
    ax.add_artist(Text(x, y, text, transform=ax.transAxes + place, fontsize=FONT, color=palette.INK, clip_on=False, clip_path=_inside(ax), **options))


def _inside(ax: Axes) -> TransformedPath:
    """The panel as a clip path. Without one given, matplotlib works it out anew for every artist: a third of the time a panel takes."""
    return TransformedPath(Path.unit_rectangle(), ax.transAxes)


def _draw_names(ax: Axes, curves: list[Curve]) -> None:
    """A sample of each line with its name, right of the panel, the largest last value on top."""
    order = sorted(curves, key=lambda curve: np.nan_to_num(curve.values[-1]), reverse=True)
    height = ax.get_position().height * SIZE[1]
    rows = max(1, min(len(order), int((height + 8) // (FONT + 2))))
    step = min(FONT + 4, (height + 4) / rows)
    points = Affine2D().scale(1 / 72) + ax.figure.dpi_scale_trans + ScaledTranslation(1, 1, ax.transAxes)
    for place, curve in enumerate(order):
        column, row = divmod(place, rows)
        x, y = 8 + LEGEND_WIDTH * column, 2 - FONT / 2 - row * step
        line = {"color": curve.colour, "linestyle": curve.style, "linewidth": 1.8, "clip_on": False}
        _draw_line(ax, [x, x + 20], [y, y], f"sample:{curve.symbol}", transform=points, **line)
        ax.add_artist(
            Tex(x + 24, y - FONT / 3, curve.name, size=FONT, color=curve.colour, transform=points, clip_path=_inside(ax), gid=f"name:{curve.symbol}")
        )


def _scale_epochs(ax: Axes, epochs: np.ndarray, epoch_axis: EpochAxis) -> list[Tick]:
    """An axis that holds every epoch; returns its ticks."""
    last = float(epochs[-1])
    if epoch_axis == "log":
        _set_scale(ax, "x", "symlog")
        steps = (1, 2, 5) if last < 50 else (1,)
        ticks = [0.0, *(float(step * 10**power) for power in range(16) for step in steps if step * 10**power <= last)]
    else:
        _set_scale(ax, "x", "linear")
        ticks = [float(tick) for tick in MaxNLocator(5, integer=True).tick_values(0, last) if 0 <= tick <= last]
    if ax.get_xlim() != (0, last):
        ax.set_xlim(0, last)
    return [(tick, f"{tick:,.0f}".replace(",", THIN_SPACE)) for tick in ticks]


def _scale_values(ax: Axes, curves: list[Curve], value_axis: str | None) -> list[Tick]:
    """An axis that holds every finite value with a little room, logarithmic where the values are steep; returns its ticks."""
    values = np.concatenate([curve.values for curve in curves])
    values = values[np.isfinite(values)]
    low, high = (float(values.min()), float(values.max())) if len(values) else (0.1, 1.0)
    if value_axis == "log":
        _set_scale(ax, "y", "log")
        low, high = max(low / 2, np.finfo(float).tiny), max(high, low * 10, np.finfo(float).tiny * 100) * (2 if high < 1e300 else 1)
        ticks = [(10.0**power, _power_text(power)) for power in _powers(np.log10(low), np.log10(high))]
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
        low, high = low - room, high + room
        ticks = [(float(tick), f"{tick:.6g}".replace("-", MINUS)) for tick in MaxNLocator(4).tick_values(low, high) if low <= tick <= high]
    ax.set_ylim(low, high)
    return ticks


def _set_scale(ax: Axes, axis: str, scale: str) -> None:
    """Change the scale of one axis where it is another: matplotlib makes all ticks anew for a scale, drawn or not."""
    if getattr(ax, f"get_{axis}scale")() == scale:
        return
    ax.set(**{f"{axis}scale": SymmetricalLogScale(None, linthresh=1.0, linscale=0.5) if scale == "symlog" else scale})
    getattr(ax, f"{axis}axis").set_minor_locator(NullLocator())


def _powers(low: float, high: float, *, most: int = 4) -> list[int]:
    """Whole powers of ten from high down to low, equally far apart."""
    first, last = int(np.ceil(low)), int(np.floor(high))
    return list(range(last, first - 1, -max(1, -(-(last - first + 1) // most))))


def _power_text(power: int) -> str:
    return "10" + str(power).translate(SUPERSCRIPTS)


def _thinned(ax: Axes, epochs: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A curve that looks the same with fewer points: of each bin along the axis its first, smallest, largest and last value; inf as a gap."""
    values = np.where(np.isfinite(values), values, np.nan)
    if len(epochs) <= 4 * BINS:
        return epochs, values
    place = ax.transScale.transform(np.column_stack([epochs, np.ones(len(epochs))]))[:, 0]
    bins = np.floor((place - place[0]) / (place[-1] - place[0]) * BINS).astype(int)
    starts = np.flatnonzero(np.diff(bins, prepend=-1))
    kept = [starts, np.append(starts[1:], len(epochs)) - 1]
    for fill, extreme in ((np.inf, np.minimum), (-np.inf, np.maximum)):
        filled = np.where(np.isnan(values), fill, values)
        reached = filled == np.repeat(extreme.reduceat(filled, starts), np.diff(np.append(starts, len(epochs))))
        first = np.flatnonzero(reached)
        kept.append(first[np.unique(bins[first], return_index=True)[1]])
    points = np.unique(np.concatenate(kept))
    return epochs[points], values[points]
