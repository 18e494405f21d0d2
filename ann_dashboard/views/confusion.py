"""Draws the confusion matrix with accuracy, precision and recall.

The matrix counts how many samples of each true class the network takes for which class.
"""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from ann_dashboard.analysis import scores
from ann_dashboard.engine import arrays
from ann_dashboard.engine.history import History
from ann_dashboard.views import measures, palette, sheet
from ann_dashboard.views.sheet import FONT, Channels

MOST_CLASSES = 6
"""Classes for whose counts there is room."""
SHADES = 10
TOP, LEFT = 80.0, 230.0
SCORES = ("accuracy", "precision", "recall")


def draw_confusion(
    figure: Figure,
    history: History,
    epoch: int,
    *,
    classes: tuple[str, ...],
    decimals: int = 2,
    threshold: float = 0.5,
) -> None:
    """Draw the matrix and the scores on a sheet.

    A cell has the gid "cell:1:0" (truth, prediction), its count "count_train_1_0". In each cell stands the
    count of the training samples, below it that of the test samples.
    """
    page = sheet.page(figure)
    states = sheet.at_epoch(history, epoch)
    shown = frames(history, states, classes, decimals, threshold)
    parts = [part for part, _ in sheet.parts(history)]
    foot = 70.0 + 1.5 * FONT * (len(parts) + 1)
    width, height = (sheet.WIDTH - LEFT - 20) / len(classes), (figure.bbox.height - TOP - foot) / len(classes)
    sheet.write(page, LEFT, figure.bbox.height - 34, _rule(classes, history, threshold))
    sheet.write(page, 16, figure.bbox.height - 70, "truth")
    for of, name in enumerate(classes):
        bottom = figure.bbox.height - TOP - (of + 1) * height
        sheet.write(page, 16, bottom + height / 2, sheet.shortened(name, 12), va="center")
        sheet.write(
            page,
            LEFT + (of + 0.5) * width,
            figure.bbox.height - 70,
            sheet.shortened(name, int(width / 20)),
            ha="center",
        )
        for by in range(len(classes)):
            _draw_cell(page, (LEFT + by * width, bottom, width, height), shown, parts, of, by)
    _draw_scores(page, foot - 1.5 * FONT - 6, shown, parts)
    whose = f"of {sheet.shortened(classes[1], 12)}" if len(classes) == 2 else "class means"
    sheet.write(page, 16, 18, f"precision, recall: {whose}{'' if len(parts) == 1 else '; lower count: test'}")


def frames(
    history: History, states: np.ndarray, classes: tuple[str, ...], decimals: int, threshold: float
) -> Channels:
    """The counts and scores as texts, and the colour of each cell, at each state.

    A cell is the darker, the larger its share of the training samples of its class.
    """
    texts, fills = {}, {}
    for part, data in sheet.parts(history):
        truth = scores.decided(data.y)
        predicted = scores.decided(arrays.predictions(history.network, states, data.x), threshold)
        counts = scores.confusion(truth, predicted, len(classes))
        for of, by in np.ndindex(counts.shape[1:]):
            texts[f"count_{part}_{of}_{by}"] = [str(count) for count in counts[:, of, by].tolist()]
            if part == "train":
                fills[f"cell:{of}:{by}"] = _shades(
                    counts[:, of, by] / max((truth == of).sum(), 1), right=of == by
                )
        for score, values in _scores(truth, predicted, len(classes)).items():
            texts[f"{score}_{part}"] = measures.score_texts(values, decimals)
    return {"text": texts, "fill": fills}


def speech(history: History, classes: tuple[str, ...]) -> str:
    """The picture in words, with {symbol} where a number of the frame belongs."""
    pairs = [(of, by) for of in range(len(classes)) for by in range(len(classes))]
    cells = [
        f"{{count_train_{of}_{by}}} of {sheet.said(classes[of])} taken for {sheet.said(classes[by])}"
        for of, by in pairs
    ]
    return (
        f"Confusion matrix at epoch {{epoch}}, training samples: {', '.join(cells)}. "
        f"{scores_speech(history)}."
    )


def scores_speech(history: History) -> str:
    """The scores in words, with {symbol} where a number of the frame belongs."""
    return "; ".join(
        f"{part} " + ", ".join(f"{score} {{{score}_{part}}}" for score in SCORES)
        for part, _ in sheet.parts(history)
    )


def _scores(truth: np.ndarray, predicted: np.ndarray, count: int) -> dict[str, np.ndarray]:
    """Accuracy, precision and recall at each state.

    Of two classes those of class 1, of more the means over the classes.
    """
    asked = [1] if count == 2 else range(count)
    precisions, recalls = (
        [score(truth, predicted, of) for of in asked] for score in (scores.precision, scores.recall)
    )
    return {
        "accuracy": scores.accuracy(truth, predicted),
        "precision": np.mean(precisions, axis=0),
        "recall": np.mean(recalls, axis=0),
    }


def _shades(shares: np.ndarray, *, right: bool) -> list[str]:
    colour = palette.CLASSES[0 if right else 1].colour
    tints = [palette.mixed(colour, 0.4 * shade / SHADES) for shade in range(SHADES + 1)]
    return [tints[round(SHADES * share)] for share in shares.tolist()]


def _rule(classes: tuple[str, ...], history: History, threshold: float) -> str:
    if history.network.widths[-1] == 1:
        return f"predicted: {sheet.shortened(classes[1], 12)} where ŷ ≥ {threshold:g}"
    return "predicted: the largest output"


def _draw_cell(
    page: Axes, box: tuple[float, float, float, float], shown: Channels, parts: list[str], of: int, by: int
) -> None:
    left, bottom, width, height = box
    gid = f"cell:{of}:{by}"
    page.add_artist(
        Rectangle(
            (left, bottom),
            width,
            height,
            gid=gid,
            zorder=2 if of == by else 1,
            facecolor=shown["fill"][gid][0],
            edgecolor=palette.INK,
            linewidth=5 if of == by else 1.5,
        )
    )
    for place, part in enumerate(parts):
        count = f"count_{part}_{of}_{by}"
        size = FONT * (1.3 if part == "train" and height > 3 * FONT else 1.0)
        up = bottom + height * (1 - (place + 0.5) / len(parts))
        right = left + width / 2 + (0 if part == "train" else 0.3 * FONT)
        sheet.write(
            page,
            right,
            up,
            shown["text"][count][0],
            gid=count,
            size=size,
            ha="center",
            va="center",
            zorder=3,
            color=palette.PARTS[part].colour,
        )


def _draw_scores(page: Axes, top: float, shown: Channels, parts: list[str]) -> None:
    columns = (LEFT, 450.0, 670.0)
    for left, score in zip(columns, SCORES, strict=True):
        sheet.write(page, left, top, score)
        for row, part in enumerate(parts, start=1):
            sheet.write(
                page, left, top - 1.5 * FONT * row, shown["text"][f"{score}_{part}"][0], gid=f"{score}_{part}"
            )
    for row, part in enumerate(parts, start=1):
        sheet.write(page, 16, top - 1.5 * FONT * row, part, color=palette.PARTS[part].colour)
