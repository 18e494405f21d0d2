"""The sheet of one picture beside the diagram: its panels, their frames, and what is written on it.

Also what such a picture shows of a history: its parts, its rows, the state at an epoch.
"""

import re
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
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


def shortened(text: str, most: int) -> str:
    """A text of at most so many characters, with … in its middle where it is longer.

    The ends of names often differ.
    """
    end = most // 3
    return text if len(text) <= most else f"{text[: most - 1 - end]}…{text[len(text) - end :]}"
