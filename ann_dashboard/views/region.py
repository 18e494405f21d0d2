"""Draws where in the plane of two predictors the network decides for which class.

With the samples and their true classes.
"""

from typing import Any

import numpy as np
from contourpy import FillType, contour_generator
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch, Rectangle

from ann_dashboard.analysis import scores
from ann_dashboard.engine import arrays
from ann_dashboard.engine.activations import ACTIVATIONS
from ann_dashboard.engine.history import History
from ann_dashboard.engine.network import Network
from ann_dashboard.views import confusion, palette, ranges, sheet, svg_paths
from ann_dashboard.views.sheet import FONT, Channels

CELLS = 40
"""Cells of the grid along each predictor on which the network is asked."""
ROOM = 0.12
SURE = 1e9
"""Margins beyond this size, and infinite ones, count as this one."""
EDGE = 1e-12
HATCHES = ("", "", "/", "\\", ".", "x")


def draw_region(
    figure: Figure, history: History, epoch: int, *, classes: tuple[str, ...], threshold: float = 0.5
) -> Axes:
    """Draw the decision regions on a sheet; returns the Axes.

    The area of a class has the gid "region:1"; class 0 has what is left. One output: class 1 is where ŷ is at
    least the ``threshold``. Several: a class is where its output is the largest.

    Source: Higham & Higham, the classifier of the points in a field.
    """
    states = sheet.at_epoch(history, epoch)
    bottom = 96.0 + 44.0 * _legend_rows(classes, history)
    ax = sheet.panel(
        figure, sheet.LEFT, bottom, sheet.WIDTH - sheet.LEFT - sheet.RIGHT, figure.bbox.height - bottom - 20
    )
    ends = (
        ranges.around([data.x_original()[:, place] for _, data in sheet.parts(history)], ROOM)
        for place in (0, 1)
    )
    ax.set(**dict(zip(("xlim", "ylim"), ends, strict=True)))
    ax.add_artist(
        Rectangle(
            (0, 0),
            1,
            1,
            transform=ax.transAxes,
            facecolor=_tint(0),
            edgecolor="none",
            gid="region:0",
            zorder=0,
        )
    )
    for of, (points, lengths, _) in outlines(ax, history, states, threshold).items():
        ax.add_artist(
            PathPatch(
                svg_paths.path(points, lengths),
                gid=f"region:{of}",
                zorder=1,
                facecolor=_tint(of),
                edgecolor=palette.CURVE,
                linewidth=sheet.LINE,
                hatch=HATCHES[of % len(HATCHES)],
            )
        )
    _draw_samples(ax, history, len(classes))
    names = [predictor.label for predictor in history.data.predictors]
    sheet.frame(ax, x=names[0], y=names[1])
    ax.grid(False)
    _draw_legend(sheet.page(figure), history, classes, threshold)
    return ax


def frames(ax: Axes, history: History, states: np.ndarray, threshold: float = 0.5) -> Channels:
    """The areas of the classes at each state, as path data.

    Where a state is NaN, only the first class has an area.
    """
    found = outlines(ax, history, states, threshold)
    data = {}
    for of, (points, lengths, counts) in found.items():
        data[f"region:{of}"] = svg_paths.path_data(
            svg_paths.places(ax, *points.T), lengths, counts, ends="closed"
        )
    return {"d": data}


def speech(history: History, classes: tuple[str, ...]) -> str:
    """The picture in words, with {symbol} where a number of the frame belongs."""
    plane = " and ".join(sheet.said(predictor.label) for predictor in history.data.predictors)
    names = ", ".join(map(sheet.said, classes))
    return (
        f"Decision regions of {names} at epoch {{epoch}} in the plane of {plane}. "
        f"{confusion.scores_speech(history)}."
    )


def outlines(
    ax: Axes, history: History, states: np.ndarray, threshold: float
) -> dict[int, tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """The outline of each class but the first, in original units.

    Points (points, 2), points of each ring, rings at each state. The grid reaches one cell beyond the panel,
    so that of an outline only the boundary between two classes is seen.
    """
    along = []
    for low, high in (ax.get_xlim(), ax.get_ylim()):
        cell = (high - low) / (CELLS - 2)
        along.append(np.linspace(low - cell, high + cell, CELLS + 1))
    asked = np.stack(np.meshgrid(*along), axis=-1).reshape(-1, 2)
    x = np.column_stack(
        [column.scaled(values) for column, values in zip(history.data.predictors, asked.T, strict=True)]
    )
    leads = margins(history.network, states, x, threshold)
    found = {}
    for of in range(1, leads.shape[-1]):
        found[of] = _rings(leads[..., of].reshape(len(states), CELLS + 1, CELLS + 1), *along)
    return found


@np.errstate(over="ignore", invalid="ignore")
def margins(network: Network, states: np.ndarray, x: np.ndarray, threshold: float) -> np.ndarray:
    """How far each class leads (states, samples, classes): it is decided for where its margin is above 0.

    Of one output the distance of its pre-activation from where the activation reaches the threshold; of
    several the distance of each one from the largest other one. Pre-activations bend less between the places
    of a grid than activations do. NaN is no lead.
    """
    signals = arrays.outputs_before_activation(network, states, x)
    if signals.shape[-1] == 1:
        lead = signals - ACTIVATIONS[network.output].reached_at(threshold) + EDGE
        leads = np.concatenate([-lead, lead], axis=-1)
    else:
        if not ACTIVATIONS[network.output].rises:
            signals = arrays.predictions(network, states, x)
        largest = [np.delete(signals, of, axis=-1).max(axis=-1) for of in range(signals.shape[-1])]
        leads = signals - np.stack(largest, axis=-1)
    return np.clip(np.nan_to_num(leads, nan=-SURE), -SURE, SURE)


def _rings(
    leads: np.ndarray, across: np.ndarray, up: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    points, lengths, counts = [np.empty((0, 2))], [np.empty(0, dtype=int)], np.zeros(len(leads), dtype=int)
    for place, lead in enumerate(leads):
        if lead.max() <= 0:
            continue
        contours = contour_generator(across, up, lead, name="serial", fill_type=FillType.ChunkCombinedOffset)
        ring_points, ring_lengths = svg_paths.filled(contours, 0.0, 2 * SURE)
        points.append(ring_points)
        lengths.append(ring_lengths)
        counts[place] = len(ring_lengths)
    return np.concatenate(points), np.concatenate(lengths), counts


def _tint(of: int) -> str:
    return palette.mixed(palette.CLASSES[of].colour, 0.10 if of == 0 else 0.32)


def _draw_samples(ax: Axes, history: History, count: int) -> None:
    for part, data in sheet.parts(history):
        truth = scores.decided(data.y)
        for of in range(count):
            x, y = data.x_original()[truth == of].T
            ax.plot(x, y, linestyle="none", zorder=3, gid=f"region:{part}:{of}", **_style(of, part))


def _style(of: int, part: str) -> dict[str, Any]:
    mark = palette.CLASSES[of]
    return (mark if part == "train" else mark._replace(face=palette.PAPER)).style(0.5 * FONT)


def _legend_rows(classes: tuple[str, ...], history: History) -> int:
    return -(-(len(classes) + 1 + (history.test is not None)) // 3)


def _draw_legend(page: Axes, history: History, classes: tuple[str, ...], threshold: float) -> None:
    """Draw each class with its marker, the test samples and the boundary.

    Three in a row at the foot of the sheet, the marker on the colour of its area.
    """
    places = [
        (60 + 265 * (place % 3), 16 + 44 * (_legend_rows(classes, history) - 1 - place // 3))
        for place in range(len(classes) + 2)
    ]
    for of, (name, (x, y)) in enumerate(zip(classes, places, strict=False)):
        page.add_artist(
            Rectangle(
                (x - 24, y - 8),
                48,
                38,
                facecolor=_tint(of),
                edgecolor=palette.CURVE,
                linewidth=1.5,
                hatch=HATCHES[of],
            )
        )
        page.add_line(Line2D([x], [y + 11], linestyle="none", **_style(of, "train")))
        sheet.write(page, x + 34, y, sheet.shortened(name, 12))
    x, y = places[len(classes)]
    page.add_line(Line2D([x - 24, x + 24], [y + 11, y + 11], color=palette.CURVE, linewidth=sheet.LINE))
    sheet.write(page, x + 34, y, _boundary(history.network, threshold))
    if history.test is not None:
        x, y = places[len(classes) + 1]
        page.add_line(Line2D([x], [y + 11], linestyle="none", **_style(0, "test")))
        sheet.write(page, x + 34, y, "hollow: test")


def _boundary(network: Network, threshold: float) -> str:
    """What holds on the boundary between two classes."""
    outputs = network.layers[-1]
    return (
        f"ŷ = {threshold:g}"
        if len(outputs) == 1
        else " = ".join(outputs)
        if len(outputs) == 2
        else "equal outputs"
    )
