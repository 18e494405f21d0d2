"""Lines and areas of a picture as SVG path data, and their points on the sheet.

A sheet is shown at about half its size, so that whole numbers, the shortest way to write a path, are half
pixels.
"""

from typing import Literal

import numpy as np
from contourpy import ContourGenerator
from matplotlib.axes import Axes
from matplotlib.path import Path

NOTHING = "M0 0"
"""Path data of a line or area that is not there: an empty text would repeat the one before."""
NEAR = 0.25
"""How far, in SVG units, a point may lie off the line between its neighbours and still be left out."""
ROUNDS = 4


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
