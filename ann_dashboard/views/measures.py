"""R² and RMSE of the training and test data, in the responses' units: texts and their places."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from ann_dashboard.analysis import scores
from ann_dashboard.engine import arrays
from ann_dashboard.engine.history import History
from ann_dashboard.views import numbers, palette, sheet
from ann_dashboard.views.sheet import FONT, Channels, parts, write

MOST_DECIMALS = 4
"""Decimals for which there is room."""
NAMES = {"r2": "R²", "rmse": "RMSE"}
SPOKEN = {"r2": "R squared", "rmse": "root mean squared error"}


def symbol(measure: str, part: str, response: int) -> str:
    """The symbol of a measure's text: "rmse", "test", 1 -> "rmse_test_1".

    Responses are counted from 1.
    """
    return f"{measure}_{part}_{response}"


def texts(history: History, states: np.ndarray, decimals: int) -> Channels:
    """The text of each measure at each state (states, parameters)."""
    written = {}
    for part, data in parts(history):
        truths, predicted = (
            data.y_original(),
            data.original(arrays.predictions(history.network, states, data.x)),
        )
        for measure, values in (
            ("r2", scores.r_squared(truths, predicted)),
            ("rmse", scores.rmse(truths, predicted)),
        ):
            for response, column in enumerate(values.T, start=1):
                written[symbol(measure, part, response)] = score_texts(column, decimals)
    return {"text": written}


def speech(history: History, named: tuple[str, ...]) -> str:
    """Some measures of each part and response in words, with {symbol} where a number of the frame belongs."""
    responses = enumerate(sheet.rows(history), start=1)
    spoken = [
        f"{sheet.said(column.label)}, {part}: "
        + ", ".join(f"{SPOKEN[measure]} {{{symbol(measure, part, k)}}}" for measure in named)
        for k, column in responses
        for part, _ in sheet.parts(history)
    ]
    return "; ".join(spoken)


def score_texts(values: np.ndarray, decimals: int) -> list[str]:
    """Texts of scores: an undefined one is a dash."""
    return ["–" if text == "NaN" else text for text in numbers.texts(values, min(decimals, MOST_DECIMALS))]


def draw_part(ax: Axes, x: float, y: float, part: str) -> None:
    """The marker of the training or test samples and their name."""
    mark = palette.PARTS[part]
    ax.add_line(Line2D([x], [y + 0.35 * FONT], linestyle="none", **mark.style(0.5 * FONT)))
    write(ax, x + 0.7 * FONT, y, part, color=mark.colour)


def draw_measure(
    ax: Axes, x: float, y: float, shown: Channels, measure: str, part: str, response: int
) -> None:
    """Draw a measure's name and its text, which a film changes.

    The text is that at the first of the states that ``texts`` was asked for.
    """
    gid = symbol(measure, part, response)
    write(ax, x, y, NAMES[measure])
    write(ax, x + 3.4 * FONT, y, shown["text"][gid][0], gid=gid)
