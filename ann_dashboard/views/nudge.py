"""Draws the loss against one parameter, with its tangent and the place after the update.

The slope of the tangent is ∂L/∂θ.
"""

import functools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import ScaledTranslation

from ann_dashboard import notation
from ann_dashboard.analysis.gradient_check import Tangent, loss_at, tangent
from ann_dashboard.engine.history import History
from ann_dashboard.equations.steps import steps
from ann_dashboard.views import numbers, palette, ranges
from ann_dashboard.views.tex import Tex

SIZE = (430.0, 330.0)
"""Width and height of a figure for one plot, in SVG units."""
FONT = 12.0
POINTS = 201
NEAR, FAR = 0.4, 2.5
"""Half the range in units of |L′/L″|, the way to the bottom of the valley: the tangent parts visibly at 0.4;
2.5 is beyond the far side.
"""
LEAST, MOST = 0.25, 3.0
"""Half the range at least and at most, in units of the parameter, or of its size where that is larger."""


def figure() -> tuple[Figure, Axes]:
    """A figure with room for one plot, the names of its axes and the lines above it."""
    sheet = Figure(figsize=(SIZE[0] / 72, SIZE[1] / 72), dpi=72)
    left, right, bottom, top = 74.0, 16.0, 46.0, 64.0
    return sheet, sheet.add_axes(
        (left / SIZE[0], bottom / SIZE[1], 1 - (left + right) / SIZE[0], 1 - (bottom + top) / SIZE[1])
    )


@np.errstate(over="ignore", invalid="ignore")
def draw_nudge(
    ax: Axes,
    history: History,
    epoch: int,
    parameter: str,
    *,
    sample: int = 0,
    update: int = 0,
    decimals: int = 2,
) -> None:
    """Draw L of one sample against one parameter, with its tangent; scaled, no unit.

    All other parameters are as before an update of the epoch. The range is chosen so that curve and tangent
    part visibly. The place after the update is marked where an update follows and it lies in that range; over
    a batch, with a penalty or by another optimiser the update does not go by this tangent. Three lines of
    text stand above the plot.

    Raises as `ann_dashboard.analysis.gradient_check.tangent` does.
    """
    now = tangent(history, epoch, parameter, sample, update=update)
    ax.clear()
    plain, colour = notation.form(parameter).plain, _colour(history, parameter)
    after = _moved(history, epoch, parameter, sample, update)
    loss = functools.partial(loss_at, history, epoch, parameter, sample=sample, update=update)
    values = _range(loss, now, after)
    losses = loss(values)
    if not np.isfinite([now.value, now.loss, now.slope, *losses]).all():
        ax.set_axis_off()
        ax.text(
            0,
            1,
            f"At epoch {epoch} the loss around {plain} is not finite.",
            gid="nudge:none",
            va="top",
            fontsize=FONT,
            color=palette.INK,
        )
        return
    ax.plot(values, losses, gid="nudge:loss", color=palette.INK, linewidth=1.8)
    line = now.loss + now.slope * (values - now.value)
    words = f"slope ∂L/∂{plain} = {numbers.text(now.slope, decimals)}"
    (along,) = ax.plot(
        values, line, gid="nudge:tangent", color=colour, linewidth=1.8, linestyle=(0, (5, 2)), label=words
    )
    words = f"{plain} = {numbers.text(now.value, decimals)}, L = {numbers.text(now.loss, decimals)}"
    point = _mark(ax, now.value, now.loss, "nudge:point", label=words, markersize=8, color=colour)
    shown = [point, along]
    if after is not None:
        inside = values[0] <= after <= values[-1]
        words = f"after the update {plain} = {numbers.text(after, decimals)}" + (
            "" if inside else ", outside the plot"
        )
        (height,) = loss((after if inside else math.nan,))
        shown.append(
            _mark(
                ax,
                after,
                height,
                "nudge:next",
                label=words,
                markersize=12,
                markerfacecolor="none",
                color=palette.INK,
            )
        )
    ax.set(xlim=(values[0], values[-1]), ylim=_limits(losses))
    _name_axes(ax, parameter)
    legend = ax.legend(
        handles=shown,
        loc="lower left",
        bbox_to_anchor=(0, 1),
        frameon=False,
        fontsize=FONT,
        borderaxespad=0.1,
        labelspacing=0.2,
    )
    for text, artist in zip(legend.get_texts(), shown, strict=True):
        text.set(gid=f"{artist.get_gid()}:text", color=palette.INK)


def _mark(ax: Axes, x: float, y: float, gid: str, **options: Any) -> Line2D:
    (mark,) = ax.plot(
        [x], [y], marker="o", linestyle="none", markeredgewidth=1.8, gid=gid, zorder=3, **options
    )
    return mark


def _name_axes(ax: Axes, parameter: str) -> None:
    """The symbols at the ends of the two axes, and ticks that can be read."""
    ax.tick_params(labelsize=FONT, colors=palette.INK)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(MaxNLocator(5))
        axis.set_major_formatter(
            lambda tick, _place: (
                f"{tick:.6g}".replace("e+", "e").replace("e-0", "e-").replace("-", notation.MINUS)
            )
        )
    ax.spines[["top", "right"]].set_visible(False)
    ax.grid(color=palette.GRID, linewidth=0.8)
    ax.set_axisbelow(True)
    below = ax.transAxes + ScaledTranslation(0, -36 / 72, ax.figure.dpi_scale_trans)
    left = ax.transAxes + ScaledTranslation(-64 / 72, 0, ax.figure.dpi_scale_trans)
    ax.add_artist(
        Tex(
            0.5,
            0,
            notation.form(parameter).tex,
            ha="center",
            size=FONT + 3,
            color=palette.INK,
            transform=below,
            gid="nudge:parameter",
        )
    )
    ax.add_artist(
        Tex(
            0,
            0.5,
            notation.form(notation.LOSS).tex,
            ha="center",
            size=FONT + 3,
            color=palette.INK,
            transform=left,
            gid="nudge:L",
        )
    )


def _limits(losses: np.ndarray) -> tuple[float, float]:
    """From a little below to a little above the curve; the tangent may leave the plot."""
    low, high = ranges.drawable(float(losses.min()), float(losses.max()))
    room = max(0.12 * (high - low), 0.01 * abs(high), 1e-12)
    return ranges.drawable(low - room, high + room)


def _colour(history: History, parameter: str) -> str:
    """The parameter's colour in the diagram and in the curves."""
    return (palette.connection_colours(history.network) | palette.bias_colours(history.network))[parameter]


def _moved(history: History, epoch: int, parameter: str, sample: int, update: int) -> float | None:
    """θ after the update, by whatever optimiser; None where no update follows or θ is held."""
    if parameter in history.network.biases and not history.training.train_biases:
        return None
    moved = notation.moved(parameter)
    return next(
        (step.value for step in steps(history, epoch, sample, update=update) if step.symbol == moved), None
    )


def _range(loss: Callable[[tuple[float, ...]], np.ndarray], now: Tangent, after: float | None) -> np.ndarray:
    """Values around the parameter's (points,).

    The next one is among them unless it leaps far out of the valley.
    """
    size = max(1.0, abs(now.value))
    step = 1e-3 * size
    below, above = loss((now.value - step, now.value + step)).tolist()
    curvature = abs(above - 2 * now.loss + below) / step / step
    valley = abs(now.slope) / curvature if curvature else math.inf
    reach = 1.3 * abs(after - now.value) if after is not None else 0.0
    half = min(max(NEAR * valley, min(reach, FAR * valley), LEAST * size), MOST * size)
    return now.value + half * np.linspace(-1, 1, POINTS)
