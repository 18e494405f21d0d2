"""Draws the mean training and test loss over the epochs, on a logarithmic axis."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.typing import LineStyleType

from ann_dashboard.engine.history import History
from ann_dashboard.views import numbers, palette, sheet, svg_paths
from ann_dashboard.views.curves import Curve, EpochAxis, scale_epochs, scale_values
from ann_dashboard.views.sheet import FONT, Channels

NOW = "now:losses"
SYMBOLS = {"train": "L_data", "test": "L_test"}
STYLES: Mapping[str, LineStyleType] = {"train": "-", "test": (0, (4, 1.2))}
MOST_EPOCH_TICKS = 5
LEAST_DECIMALS = 4
"""Decimals of the two losses: with fewer they could not be told apart."""


def draw_losses(
    figure: Figure, history: History, epoch: int, *, decimals: int = 2, epoch_axis: EpochAxis = "log"
) -> Axes:
    """Draw both curves, their values at the epoch and its mark; returns the Axes.

    The mark has the gid "now:losses". A loss of exactly 0 has no place on the axis and ends its curve.
    Without penalty, no node left out.
    """
    losses = values(history)
    page, ax = (
        sheet.page(figure),
        sheet.panel(figure, sheet.LEFT, 96, sheet.WIDTH - sheet.LEFT - sheet.RIGHT, figure.bbox.height - 176),
    )
    with np.errstate(invalid="ignore"):
        curves = [
            Curve(
                SYMBOLS[part],
                part,
                np.where(column > 0, column, np.nan),
                palette.PARTS[part].colour,
                STYLES[part],
            )
            for part, column in losses.items()
        ]
    epoch_ticks, value_ticks = (
        scale_epochs(ax, history.recorded_epochs, epoch_axis),
        scale_values(ax, curves, "log"),
    )
    for curve in curves:
        ax.plot(
            history.recorded_epochs,
            curve.values,
            color=curve.colour,
            linestyle=curve.style,
            linewidth=sheet.LINE,
            gid=f"losses:{curve.name}",
        )
    ax.add_line(
        Line2D(
            [epoch, epoch],
            [0, 1],
            transform=ax.get_xaxis_transform(),
            color=palette.INK,
            linewidth=5,
            clip_on=False,
            gid=NOW,
        )
    )
    sheet.frame(ax, x=history.counts, y="mean loss")
    ax.set_xticks(*zip(*_fewer(epoch_ticks), strict=True))
    ax.set_yticks(*zip(*value_ticks, strict=True))
    at = int(np.searchsorted(history.recorded_epochs, epoch))
    for column, (part, all_losses) in enumerate(losses.items()):
        left, up = 180 + 345 * column, figure.bbox.height - 46
        page.add_line(
            Line2D(
                [left - 20, left + 44],
                [up + 10, up + 10],
                color=palette.PARTS[part].colour,
                linestyle=STYLES[part],
                linewidth=sheet.LINE + 1,
            )
        )
        sheet.write(page, left + 60, up, part, color=palette.PARTS[part].colour)
        sheet.write(
            page,
            left + 60 + 3 * FONT,
            up,
            numbers.text(all_losses[at], max(decimals, LEAST_DECIMALS)),
            gid=SYMBOLS[part],
        )
    return ax


def speech(history: History) -> str:
    """The picture in words, with {symbol} where a number of the frame belongs."""
    return (
        f"Mean loss at {history.counts} {{epoch}}: "
        + ", ".join(f"{part} {{{SYMBOLS[part]}}}" for part in values(history))
        + "."
    )


def values(history: History) -> dict[str, np.ndarray]:
    """Part -> its mean loss at the start of each recorded epoch (recorded epochs,)."""
    by_part = {"train": history.losses, "test": history.test_losses}
    return {part: losses for part, losses in by_part.items() if losses is not None}


def frames(ax: Axes, history: History, stretch: slice, decimals: int) -> Channels:
    """The values at a stretch of the recorded epochs as texts, and how far the mark moves.

    In SVG units from where the mark was drawn.
    """
    epochs = history.recorded_epochs[stretch]
    drawn = next(np.asarray(line.get_xdata())[0] for line in ax.lines if line.get_gid() == NOW)
    across = svg_paths.places(ax, np.append(epochs, drawn), np.full(len(epochs) + 1, ax.get_ylim()[0]))[:, 0]
    texts = {
        SYMBOLS[part]: numbers.texts(column[stretch], max(decimals, LEAST_DECIMALS))
        for part, column in values(history).items()
    }
    return {"text": texts, "x": {NOW: [f"{away:.0f}" for away in (across[:-1] - across[-1]).tolist()]}}


def _fewer(ticks: list[tuple[float, str]]) -> list[tuple[float, str]]:
    """Every tick, or every second one where they would touch each other."""
    return ticks if len(ticks) <= MOST_EPOCH_TICKS else ticks[::2]
