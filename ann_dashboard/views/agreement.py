"""Draws predictions against truths in original units, with the diagonal, R² and RMSE."""

from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from ann_dashboard.data.dataset import Dataset
from ann_dashboard.engine import arrays
from ann_dashboard.engine.history import History
from ann_dashboard.views import measures, palette, ranges, sheet, svg_paths
from ann_dashboard.views.sheet import FONT, Channels

MOST_MARKS = 200
"""Marks in a picture, those of all responses and of both parts together; the measures are those of all
samples.
"""
ROOM = 0.15
ASIDE = 300.0
"""Room for the measures right of a panel."""


class Point(NamedTuple):
    """One sample that is drawn, and its mark.

    ``part``: "train" or "test"; ``sample``: its number in that part; ``response``: counted from 0; ``line``:
    the mark, on the Axes ``ax``.
    """

    part: str
    sample: int
    response: int
    line: Line2D
    ax: Axes

    @property
    def gid(self) -> str:
        """Name of the mark, e.g. "agreement:test:1:17": response 1 of sample 17."""
        return f"agreement:{self.part}:{self.response + 1}:{self.sample}"


def draw_agreement(
    figure: Figure, history: History, epoch: int, *, decimals: int = 2, to_move: bool = False
) -> list[Point]:
    """Draw predicted against true values of each response; returns the marked samples.

    A sheet has room for a few responses, one below the other. A mark beyond its panel is not seen.
    ``to_move``: drawn for a film, which moves the marks; such a mark then stands on the diagonal meanwhile,
    because what is outside the sheet is not written to the file and could not come back.
    """
    responses = sheet.rows(history)
    states = sheet.at_epoch(history, epoch)
    page, points = sheet.page(figure), []
    shown = measures.texts(history, states, decimals)
    height = (figure.bbox.height - 20) / len(responses)
    for place, response in enumerate(responses):
        bottom = figure.bbox.height - (place + 1) * height
        ax = sheet.panel(figure, sheet.LEFT, bottom + 90, sheet.WIDTH - sheet.LEFT - ASIDE, height - 100)
        ends = ranges.around([data.y_original()[:, place] for _, data in sheet.parts(history)], ROOM)
        ax.set(xlim=ends, ylim=ends)
        ax.add_line(
            Line2D(
                ends,
                ends,
                color=palette.MUTED,
                linewidth=2.5,
                linestyle=(0, (4, 3)),
                gid=f"agreement:diagonal:{place + 1}",
            )
        )
        points += [
            point
            for part, data in sheet.parts(history)
            for point in _drawn(ax, history, states, part, data, place, to_move=to_move)
        ]
        sheet.frame(ax, x=f"true {response.label}", y="predicted")
        _draw_measures(page, sheet.WIDTH - ASIDE + 30, bottom + height - 40, history, shown, place + 1)
    return points


def frames(points: list[Point], history: History, states: np.ndarray) -> Channels:
    """How far each mark is below the place where it was drawn, in SVG units, at each state.

    A mark beyond its panel is moved off the sheet.
    """
    predicted = {
        part: data.original(arrays.predictions(history.network, states, data.x))
        for part, data in sheet.parts(history)
    }
    down = {}
    for point in points:
        ax, (true, drawn) = point.ax, (np.asarray(one)[0] for one in point.line.get_data())
        values = predicted[point.part][:, point.sample, point.response]
        inside = _inside(ax, values)
        drawn_at = svg_paths.places(ax, true, drawn)[1]
        moved = svg_paths.places(ax, true, np.where(inside, values, drawn))[:, 1] - drawn_at
        down[point.gid] = [
            f"{away:.0f}" for away in np.where(inside, moved, 4 * ax.figure.bbox.height).tolist()
        ]
    return {"y": down}


def speech(history: History) -> str:
    """The picture in words, with {symbol} where a number of the frame belongs."""
    return f"Predicted against true values at epoch {{epoch}}. {measures.speech(history, ('r2', 'rmse'))}."


def _inside(ax: Axes, values: np.ndarray) -> np.ndarray:
    """Which predictions lie in a panel; what is not a number does not."""
    low, high = ax.get_ylim()
    return (values >= low) & (values <= high)


def _drawn(
    ax: Axes, history: History, states: np.ndarray, part: str, data: Dataset, place: int, *, to_move: bool
) -> list[Point]:
    every = -(
        -len(sheet.rows(history)) * sum(len(samples) for _, samples in sheet.parts(history)) // MOST_MARKS
    )
    truths = data.y_original()[:, place]
    predicted = data.original(arrays.predictions(history.network, states, data.x))[0, :, place]
    inside = _inside(ax, predicted)
    heights = np.where(inside, predicted, truths)
    points = []
    for sample in range(0, len(data), every):
        style = palette.PARTS[part].style(0.36 * FONT)
        seen = to_move or bool(inside[sample])
        line = Line2D(
            [truths[sample]],
            [heights[sample]],
            linestyle="none",
            zorder=3,
            clip_on=False,
            visible=seen,
            **style,
        )
        ax.add_artist(line)
        points.append(Point(part, sample, place, line, ax))
        line.set_gid(points[-1].gid)
    return points


def _draw_measures(
    page: Axes, left: float, top: float, history: History, shown: Channels, response: int
) -> None:
    """For each part its mark, R² and RMSE, below each other."""
    row = 1.5 * FONT
    for block, (part, _) in enumerate(sheet.parts(history)):
        first = top - block * 3.6 * row
        measures.draw_part(page, left, first, part)
        for place, measure in enumerate(("r2", "rmse"), start=1):
            measures.draw_measure(page, left, first - place * row, shown, measure, part, response)
