"""Fit: the data of one predictor and the curve that the network predicts, both back in the original units."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from ann_dashboard.engine import arrays
from ann_dashboard.engine.history import History
from ann_dashboard.views import measures, numbers, palette, ranges, sheet, svg_paths
from ann_dashboard.views.sheet import FONT, Channels

POINTS = 121
"""Places along the predictor where the network is asked."""
ROOM_ASIDE, ROOM_ABOVE = 0.05, 0.2
BEYOND = 4.0
"""How many times the panel's height a curve may leave it, before it is cut."""


def draw_fit(
    figure: Figure, history: History, epoch: int, *, decimals: int = 2, threshold: float | None = None
) -> list[Axes]:
    """The fit of each response on a sheet, as many as it has room for; returns their Axes.

    ``threshold``: of a probability, from which on the class is 1: drawn as a line. The curve of response 1
    has the gid "fit:1".
    """
    responses = sheet.rows(history)
    states = sheet.at_epoch(history, epoch)
    page, panels = sheet.page(figure), []
    shown = measures.texts(history, states, decimals)
    height = (figure.bbox.height - 30) / len(responses)
    for place, response in enumerate(responses):
        bottom = figure.bbox.height - (place + 1) * height
        ax = sheet.panel(
            figure, sheet.LEFT, bottom + 60, sheet.WIDTH - sheet.LEFT - sheet.RIGHT, height - 120
        )
        _limit(ax, history, place, threshold)
        _draw_samples(ax, history, place)
        if threshold is not None:
            ax.axhline(
                threshold, color=palette.INK, linewidth=2.5, linestyle=(0, (4, 3)), gid="fit:threshold"
            )
            left, right = _across(history)
            sheet.write(
                ax, left + 0.03 * (right - left), threshold + 0.02, f"threshold {threshold:g}", zorder=5
            )
        points = curve(history, states)[0, :, place]
        ax.add_line(
            Line2D(
                places(history),
                ranges.near(points, ax.get_ylim(), BEYOND),
                color=palette.CURVE,
                linewidth=sheet.LINE + 1,
                zorder=4,
                gid=f"fit:{place + 1}",
            )
        )
        sheet.frame(ax, x=history.data.predictors[0].label, y=response.label)
        for column, (part, _) in enumerate(sheet.parts(history)):
            left, top = 180 + 345 * column, bottom + height - 40
            measures.draw_part(page, left, top, part)
            if threshold is None:
                measures.draw_measure(page, left + 3.9 * FONT, top, shown, "rmse", part, place + 1)
        panels.append(ax)
    return panels


def frames(panels: list[Axes], history: History, states: np.ndarray, decimals: int) -> Channels:
    """The curve of each response at each state as path data, and its two ends as texts.

    The texts are for the description of the picture.
    """
    values = curve(history, states)
    data, texts = {}, {}
    for place, ax in enumerate(panels):
        points = svg_paths.places(
            ax, places(history), ranges.near(values[:, :, place], ax.get_ylim(), BEYOND)
        )
        drawn = np.isfinite(points).all(axis=(1, 2))
        lengths = np.full(int(drawn.sum()), POINTS)
        data[f"fit:{place + 1}"] = svg_paths.path_data(
            points[drawn].reshape(-1, 2), lengths, drawn.astype(int)
        )
        for name, end in (("first", 0), ("last", -1)):
            texts[f"fit_{name}_{place + 1}"] = numbers.texts(values[:, end, place], decimals)
    return {"d": data, "text": texts}


def speech(history: History) -> str:
    """The picture in words, with {symbol} where a number of the frame belongs."""
    ends = [
        f"{sheet.said(column.label)} from {{fit_first_{k}}} to {{fit_last_{k}}}"
        for k, column in enumerate(sheet.rows(history), start=1)
    ]
    over = f"over {sheet.said(history.data.predictors[0].label)}, from its lowest to its highest value"
    return (
        f"Fit at epoch {{epoch}}: predicted {over}, {', '.join(ends)}. {measures.speech(history, ('rmse',))}."
    )


def places(history: History) -> np.ndarray:
    """Where along the predictor the network is asked (points,), in original units."""
    return np.linspace(*_across(history), POINTS)


def curve(history: History, states: np.ndarray) -> np.ndarray:
    """What the network predicts there (states, points, responses), in original units."""
    x = history.data.predictors[0].scaled(places(history))[:, np.newaxis]
    return history.data.original(arrays.predictions(history.network, states, x))


def _across(history: History) -> tuple[float, float]:
    return ranges.around([data.x_original() for _, data in sheet.parts(history)], ROOM_ASIDE)


def _limit(ax: Axes, history: History, place: int, threshold: float | None) -> None:
    truths = [data.y_original()[:, place] for _, data in sheet.parts(history)]
    ax.set(
        xlim=_across(history),
        ylim=(-0.1, 1.1) if threshold is not None else ranges.around(truths, ROOM_ABOVE),
    )


def _draw_samples(ax: Axes, history: History, place: int) -> None:
    for part, data in sheet.parts(history):
        style = palette.PARTS[part].style(0.36 * FONT)
        ax.plot(
            data.x_original()[:, 0],
            data.y_original()[:, place],
            linestyle="none",
            gid=f"fit:{part}:{place + 1}",
            zorder=3,
            **style,
        )
