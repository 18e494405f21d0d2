"""Field: a map of what the network predicts from a map of its one predictor, in original units."""

import matplotlib as mpl
import numpy as np
from contourpy import FillType, contour_generator
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle

from ann_dashboard.data.property_map import Field
from ann_dashboard.engine import arrays
from ann_dashboard.engine.history import History
from ann_dashboard.views import numbers, palette, ranges, sheet, svg_paths
from ann_dashboard.views.sheet import Channels

LEVELS = 40
"""Steps of the predictor: places of one step have one colour."""
SHADES = 48
"""Colours of the scale."""
SCALE = tuple(to_hex(mpl.colormaps["cividis"](share)) for share in np.linspace(0, 1, SHADES))
"""From dark blue to light yellow: it gets lighter all the way, and reads the same without red and green."""
NOT_A_NUMBER = palette.PAPER
BOTTOM, ASIDE = 96.0, 190.0


def draw_field(figure: Figure, history: History, epoch: int, field: Field) -> Axes:
    """The map of the first response on a sheet, with a colour bar that spans the truths; returns its Axes.

    The places of step 3 of the predictor have the gid "field:3".
    Every step covers all places from its lower end on, the next one lies on it: so no gaps are seen between
    them.
    Source: lecture deck, porosity map from an acoustic impedance map.
    """
    states = sheet.at_epoch(history, epoch)
    ax = sheet.panel(
        figure, sheet.LEFT, BOTTOM, sheet.WIDTH - sheet.LEFT - ASIDE, figure.bbox.height - BOTTOM - 70
    )
    ax.set(xlim=(0, field.width), ylim=(0, field.height))
    ax.set_aspect("equal", adjustable="box", anchor="C")
    colours = frames(history, field, states)["fill"]
    across, up = (
        _to_the_edges(size, cells)
        for size, cells in ((field.width, field.values.shape[1]), (field.height, field.values.shape[0]))
    )
    contours = contour_generator(
        across,
        up,
        np.pad(field.values, 1, mode="edge"),
        name="serial",
        fill_type=FillType.ChunkCombinedOffset,
    )
    ends, near = steps(field), svg_paths.NEAR * field.width / ax.get_window_extent().width
    for place, lower in enumerate(ends[:-1]):
        gid = f"field:{place}"
        points, lengths = svg_paths.filled(contours, lower if place else -np.inf, np.inf)
        if len(points):
            area = svg_paths.path(*svg_paths.thinned(points, lengths, near))
            ax.add_artist(
                PathPatch(
                    area, facecolor=colours[gid][0], edgecolor="none", zorder=1 + place / LEVELS, gid=gid
                )
            )
    sheet.frame(ax, x="west to east, m", y="south to north, m")
    ax.grid(False)
    page = sheet.page(figure)
    response = history.data.responses[0].label
    sheet.write(
        page, 16, figure.bbox.height - 42, sheet.shortened(f"predicted {response} from {field.name}", 50)
    )
    _draw_scale(figure, history)
    return ax


def frames(history: History, field: Field, states: np.ndarray, decimals: int = 2) -> Channels:
    """The colour of each step of the predictor at each state, and two texts.

    The texts are the lowest and the highest prediction on the map.
    """
    values = predicted(history, field, states)
    fills = {}
    for place, shades in enumerate(_shades(history, values).T):
        fills[f"field:{place}"] = [SCALE[shade] if shade >= 0 else NOT_A_NUMBER for shade in shades.tolist()]
    ends = {"field_least": values.min(axis=1), "field_most": values.max(axis=1)}
    return {
        "fill": fills,
        "text": {symbol: numbers.texts(column, decimals) for symbol, column in ends.items()},
    }


def speech(history: History) -> str:
    """The picture in words, with {symbol} where a number of the frame belongs."""
    response = sheet.said(history.data.responses[0].label)
    return f"Map of predicted {response} at epoch {{epoch}}, from {{field_least}} to {{field_most}}."


def steps(field: Field) -> np.ndarray:
    """The ends of the steps of the predictor (steps + 1,), in original units."""
    return np.linspace(field.values.min(), field.values.max(), LEVELS + 1)


def predicted(history: History, field: Field, states: np.ndarray) -> np.ndarray:
    """Predictions in the middle of each step of the predictor (states, steps).

    In original units.
    """
    ends = steps(field)
    x = history.data.predictors[0].scaled((ends[1:] + ends[:-1]) / 2)[:, np.newaxis]
    return history.data.original(arrays.predictions(history.network, states, x))[..., 0]


def _to_the_edges(size: float, cells: int) -> np.ndarray:
    """The middles of the cells along one side of the map, and its two ends."""
    return np.concatenate([[0.0], (np.arange(cells) + 0.5) * size / cells, [size]])


def _span(history: History) -> tuple[float, float]:
    return ranges.around([data.y_original()[:, 0] for _, data in sheet.parts(history)], 0.0)


def _shades(history: History, values: np.ndarray) -> np.ndarray:
    """The number of the colour of each value.

    Beyond the scale that of its end, −1 for NaN.
    """
    low, high = _span(history)
    with np.errstate(over="ignore", invalid="ignore"):
        shares = np.clip((values - low) / (high - low), 0.0, 1.0)
    return np.where(np.isnan(shares), -1, np.nan_to_num(shares) * (SHADES - 1)).round().astype(int)


def _draw_scale(figure: Figure, history: History) -> None:
    """The colour bar, in the units of the response."""
    low, high = _span(history)
    bar = sheet.panel(figure, sheet.WIDTH - ASIDE + 30, BOTTOM, 36, figure.bbox.height - BOTTOM - 70)
    bar.set(xlim=(0, 1), ylim=(low, high))
    for place, colour in enumerate(SCALE):
        bottom = low + (high - low) * place / SHADES
        bar.add_artist(Rectangle((0, bottom), 1, high - bottom, facecolor=colour, edgecolor="none"))
    sheet.frame(bar, x="", y="")
    bar.grid(False)
    bar.set_xticks([])
    bar.yaxis.tick_right()
