"""The sheet of one picture beside the diagram, and how the lines that move in it become SVG path data.

A sheet is shown at about half its size, so that whole numbers, the shortest way to write a path, are half
pixels.
"""

import re
from typing import Any, Literal

import numpy as np
from contourpy import ContourGenerator
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.path import Path
from matplotlib.ticker import MaxNLocator

from ann_dashboard.data.columns import Column
from ann_dashboard.data.dataset import Dataset
from ann_dashboard.engine.history import History
from ann_dashboard.notation import MINUS
from ann_dashboard.views import palette, ranges
from ann_dashboard.views.diagram import Number

WIDTH, HEIGHT = 860.0, 660.0
"""Width and usual height of a sheet, in SVG units."""
LEFT, RIGHT = 160.0, 45.0
"""Room for the ticks and the name of a vertical axis, and for half of the last tick of a horizontal one."""
FONT = 28.0
LINE = 4.0
MOST_ROWS = 4
"""Responses that a picture shows below each other at most."""
NOTHING = "M0 0"
"""Path data of a line or area that is not there: an empty text would repeat the one before."""
NEAR = 0.25
"""How far, in SVG units, a point may lie off the line between its neighbours and still be left out."""
ROUNDS = 4
LARGE, NO_TICK = 1e5, 1e-12
"""Ticks from this size on are written with a power of ten; smaller ones than that are 0, off by rounding."""

Channels = dict[str, dict[str, list[str]]]
"""What changes in a picture: channel -> gid -> one value a frame."""


def sheet(height: float = HEIGHT) -> Figure:
    """An empty sheet."""
    return Figure(figsize=(WIDTH / 72, height / 72), dpi=72)


def panel(figure: Figure, left: float, bottom: float, width: float, height: float) -> Axes:
    """Axes at a place of a sheet, in SVG units from its lower left corner."""
    whole = figure.bbox
    return figure.add_axes(
        (left / whole.width, bottom / whole.height, width / whole.width, height / whole.height)
    )


def rows_height(rows: int) -> float:
    """Height of a sheet with one panel a response, below each other."""
    return HEIGHT if rows == 1 else 60.0 + 380.0 * rows


def frame(ax: Axes, *, x: str, y: str) -> None:
    """Draw frame, ticks and names of the axes, in the sheet's font and the page's ink.

    Call it when the limits are set.
    """
    room = ax.get_window_extent()
    for axis, most in ((ax.xaxis, max(1, int(room.width // 120))), (ax.yaxis, 5)):
        if axis.get_scale() == "linear":
            low, high = axis.get_view_interval()
            ticks = [
                tick for tick in map(float, MaxNLocator(most).tick_values(low, high)) if low <= tick <= high
            ]
            axis.set_ticks(ticks, [_tick_text(tick) for tick in ticks])
    ax.tick_params(labelsize=FONT, labelcolor=palette.INK, color=palette.MUTED, width=2, length=7)
    ax.grid(color=palette.GRID, linewidth=1.5)
    ax.set_axisbelow(True)
    ax.set_xlabel(
        ranges.named(shortened(x, 36), ax.get_xlim()), fontsize=FONT, color=palette.INK, parse_math=False
    )
    ax.set_ylabel(
        ranges.named(shortened(y, 24), ax.get_ylim()), fontsize=FONT, color=palette.INK, parse_math=False
    )
    ax.yaxis.set_label_coords((34 - room.x0) / room.width, 0.5)
    for side in ax.spines.values():
        side.set(color=palette.MUTED, linewidth=2)


def page(figure: Figure) -> Axes:
    """Axes over the whole sheet for what is written on it, in SVG units from its lower left corner."""
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, figure.bbox.width), ylim=(0, figure.bbox.height))
    ax.set_axis_off()
    return ax


def _tick_text(value: float) -> str:
    text = f"{value:.3g}" if abs(value) >= LARGE else f"{0.0 if abs(value) < NO_TICK else value:.6g}"
    return re.sub(r"e\+?(-?)0*", r"e\1", text).replace("-", MINUS)


def write(ax: Axes, x: float, y: float, text: str, **options: Any) -> None:
    """Write a text on the page; one with a gid can be changed by a film. A dollar sign is a dollar sign."""
    usual: dict[str, Any] = {
        "size": FONT,
        "color": palette.INK,
        "family": "sans-serif",
        "va": "baseline",
        "parse_math": False,
    }
    ax.add_artist(Number(x, y, text, **(usual | options)))


def said(name: str) -> str:
    """A name within a speech: its braces are none around the symbol of a number."""
    return name.replace("{", "{\N{WORD JOINER}")


def parts(history: History) -> tuple[tuple[str, Dataset], ...]:
    """The training data and, where there are any, the test data, with their names."""
    return (("train", history.data), *((("test", history.test),) if history.test is not None else ()))


def rows(history: History) -> tuple[Column, ...]:
    """The responses that a picture shows below each other, one a row."""
    return history.data.responses[:MOST_ROWS]


def at_epoch(history: History, epoch: int) -> np.ndarray:
    """The state (1, parameters) of a recorded epoch."""
    return history.states[[int(np.searchsorted(history.recorded_epochs, epoch))]]


def places(ax: Axes, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Points of a panel in SVG units from the sheet's top left corner (..., 2).

    They are given in the panel's data coordinates.
    """
    points = np.stack(np.broadcast_arrays(x, y), axis=-1)
    on_sheet = ax.transData.transform(points.reshape(-1, 2)).reshape(points.shape) * 72 / ax.figure.dpi
    on_sheet[..., 1] = ax.figure.bbox.height * 72 / ax.figure.dpi - on_sheet[..., 1]
    return on_sheet


def path_data(
    points: np.ndarray, lengths: np.ndarray, counts: np.ndarray, *, ends: Literal["open", "closed"] = "open"
) -> list[str]:
    """SVG path data of the lines of each frame, in whole numbers, relative to the point before.

    ``points`` (points, 2) of all lines, one behind the other, in SVG units; ``lengths``: points of each line;
    ``counts``: lines of each frame.
    """
    points, lengths = thinned(points, lengths, NEAR)
    there = counts > 0
    if not there.any():
        return [NOTHING] * len(counts)
    whole = np.rint(points).astype(int)
    place = _places_in_line(lengths)
    line_ends = np.cumsum(lengths) - 1
    moves = np.where((place == 0)[:, np.newaxis], whole, np.diff(whole, axis=0, prepend=0))
    templates = np.select([place == 0, place == 1], ["M%d %d", "l%d %d"], " %d %d").astype(object)
    if ends == "closed":
        templates[line_ends] += "z"
    templates[line_ends[np.cumsum(counts)[there] - 1]] += "|"
    written = ("".join(templates.tolist()) % tuple(moves.ravel().tolist())).replace(" -", "-").split("|")
    data = np.full(len(counts), NOTHING, dtype=object)
    data[there] = written[:-1]
    return data.tolist()


def path(points: np.ndarray, lengths: np.ndarray) -> Path:
    """The same lines as a matplotlib path, to draw them where they do not move."""
    return (
        Path(points, np.where(_places_in_line(lengths) == 0, Path.MOVETO, Path.LINETO))
        if len(points)
        else Path(np.zeros((1, 2)))
    )


def filled(contours: ContourGenerator, low: float, high: float) -> tuple[np.ndarray, np.ndarray]:
    """The area between two levels: points (points, 2) of all rings, and points of each ring.

    ``contours``: made with ``FillType.ChunkCombinedOffset`` and one chunk.
    """
    areas, ends = contours.filled(low, high)[:2]
    points, offsets = areas[0], ends[0]
    if points is None or offsets is None:
        return np.empty((0, 2)), np.empty(0, dtype=int)
    return np.asarray(points), np.diff(np.asarray(offsets).astype(int))


def _places_in_line(lengths: np.ndarray) -> np.ndarray:
    """The place of each point in its line."""
    return np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)


def thinned(points: np.ndarray, lengths: np.ndarray, near: float) -> tuple[np.ndarray, np.ndarray]:
    """The points and lengths of the same lines with fewer points.

    In each of a few rounds every second point is left out that is as ``near`` to the line between its
    neighbours.
    """
    for _ in range(ROUNDS):
        place = _places_in_line(lengths)
        second = np.flatnonzero((place % 2 == 1) & (place < np.repeat(lengths, lengths) - 1))
        along, aside = points[second + 1] - points[second - 1], points[second] - points[second - 1]
        length = np.hypot(*along.T)
        off = np.abs(along[:, 0] * aside[:, 1] - along[:, 1] * aside[:, 0])
        kept = np.ones(len(points), dtype=bool)
        kept[second[(off <= near * length) & (length > 0)]] = False
        lengths = np.add.reduceat(kept, np.cumsum(lengths) - lengths) if len(lengths) else lengths
        points = points[kept]
    return points, lengths


def shortened(text: str, most: int) -> str:
    """A text of at most so many characters, with … in its middle where it is longer.

    The ends of names often differ.
    """
    end = most // 3
    return text if len(text) <= most else f"{text[: most - 1 - end]}…{text[len(text) - end :]}"
