"""Panels: the pictures that can stand beside the network and its curves.

Which of them a training has, and what each changes from frame to frame.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from ann_dashboard import checks
from ann_dashboard.analysis import scores
from ann_dashboard.data.property_map import Field
from ann_dashboard.engine.history import History
from ann_dashboard.film.film import svg, until_it_stays
from ann_dashboard.views import agreement, confusion, fit, losses, measures, property_map, region, sheet
from ann_dashboard.views.curves import EpochAxis
from ann_dashboard.views.sheet import Channels


@dataclass(frozen=True)
class Panel:
    """One kind of picture: its name in a film, its title and what it shows."""

    name: str
    title: str
    tooltip: str


FIT = Panel("fit", "Fit", "The data of one predictor and the curve the network predicts, in original units")
REGION = Panel(
    "region", "Decision region", "Where in the plane of two predictors the network decides for which class"
)
AGREEMENT = Panel(
    "agreement", "Predicted against true", "Predictions against truths, with R² and RMSE, in original units"
)
FIELD = Panel("field", "Map", "A map of what the network predicts from a map of its predictor")
LOSSES = Panel(
    "losses", "Train and test loss", "The mean loss over the training and over the test data at every epoch"
)
CONFUSION = Panel(
    "confusion", "Confusion matrix", "Right and wrong classes, with accuracy, precision and recall"
)
PANELS: Mapping[str, Panel] = MappingProxyType(
    {panel.name: panel for panel in (FIT, REGION, AGREEMENT, CONFUSION, FIELD, LOSSES)}
)


@dataclass(frozen=True)
class Settings:
    """How panels are shown.

    ``decimals``: of their numbers; ``threshold``: of a single probability; ``field``: a map; ``epoch_axis``:
    its kind. Raises TypeError or ValueError for a threshold that is not a probability between 0 and 1.
    """

    decimals: int = 2
    threshold: float = 0.5
    field: Field | None = None
    epoch_axis: EpochAxis = "log"

    def __post_init__(self) -> None:
        scores.check_threshold(self.threshold)


Frames = Callable[[History, slice], Channels]


class Drawn(NamedTuple):
    """A panel that is drawn: its SVG, and what changes in it.

    ``frames``: gives the changes at a slice of the recorded epochs of a history with the same data.
    """

    still: str
    frames: Frames


def panels_for(history: History, field: Field | None = None) -> tuple[Panel, ...]:
    """The panels that make sense for a history's network, data and loss, in their order.

    ``field``: a map of its one predictor.
    """
    classes = _classes(history)
    numbers = all(predictor.category is None for predictor in history.data.predictors)
    predictors, outputs = history.network.widths[0], history.network.widths[-1]
    offered = {
        FIT: numbers and predictors == 1 and (classes is None or outputs == 1),
        REGION: numbers
        and predictors == 2
        and classes is not None
        and len(classes) <= confusion.MOST_CLASSES,
        AGREEMENT: classes is None and len(history.data) > 1,
        CONFUSION: classes is not None and len(classes) <= confusion.MOST_CLASSES,
        FIELD: field is not None and numbers and predictors == 1 and classes is None,
        LOSSES: True,
    }
    return tuple(panel for panel, fits in offered.items() if fits)


def usual(history: History, field: Field | None = None) -> tuple[str, ...]:
    """The panels that a training opens with.

    All of its own kind, and the losses where there are test data.
    """
    names = tuple(panel.name for panel in panels_for(history, field))
    return names if history.test is not None else tuple(name for name in names if name != LOSSES.name)


def check_names(names: Iterable[str], history: History, field: Field | None) -> tuple[str, ...]:
    """The names of panels, each once. Raises ValueError for one that does not make sense for the history."""
    possible = [panel.name for panel in panels_for(history, field)]
    if isinstance(names, str) or not isinstance(names, Iterable):
        raise TypeError(
            f"panels is {checks.told(names)}, not a list of names: give some of {', '.join(possible)}"
        )
    names = tuple(dict.fromkeys(names))
    if wrong := [name for name in names if name not in possible]:
        raise ValueError(f"panels has {wrong[0]!r}: this network and its data have {', '.join(possible)}")
    return names


def still_key(name: str, history: History, settings: Settings) -> tuple[object, ...]:
    """What a panel's still depends on: histories with the same key share one.

    The curves of the losses are their history's own.
    """
    return (
        history.data,
        history.test,
        history.training.loss,
        settings,
        *((history,) if name == LOSSES.name else ()),
    )


def draw_panel(name: str, history: History, settings: Settings) -> Drawn:
    """A panel, drawn at the first recorded epoch."""
    figure, frames = _STILLS[name](history, settings, int(history.epochs[0]))
    return Drawn(svg(figure, name), frames)


def figure_at(epoch: int, *, name: str, history: History, settings: Settings) -> Figure:
    """A panel as a figure that stands by itself, drawn at a recorded epoch."""
    return _DRAWING[name](history, settings, epoch)[0]


def spoken(name: str, history: History) -> str:
    """What a panel tells, in words, with {symbol} where the frame's number belongs."""
    match name:
        case "fit":
            return fit.speech(history)
        case "region":
            return region.speech(history, _class_names(history))
        case "agreement":
            return agreement.speech(history)
        case "confusion":
            return confusion.speech(history, _class_names(history))
        case "field":
            return property_map.speech(history)
    return losses.speech(history)


def _draw_fit(history: History, settings: Settings, epoch: int) -> tuple[Figure, Frames]:
    figure = sheet.sheet(sheet.rows_height(len(sheet.rows(history))))
    threshold = None if _classes(history) is None else settings.threshold
    axes = fit.draw_fit(figure, history, epoch, decimals=settings.decimals, threshold=threshold)

    def frames(of: History, states: np.ndarray) -> Channels:
        return _together(
            fit.frames(axes, of, states, settings.decimals), measures.texts(of, states, settings.decimals)
        )

    return figure, _of_states(frames)


def _draw_region(history: History, settings: Settings, epoch: int) -> tuple[Figure, Frames]:
    figure, classes = sheet.sheet(), _class_names(history)
    ax = region.draw_region(figure, history, epoch, classes=classes, threshold=settings.threshold)

    def frames(of: History, states: np.ndarray) -> Channels:
        counted = confusion.frames(of, states, classes, settings.decimals, settings.threshold)
        return _together(region.frames(ax, of, states, settings.threshold), {"text": counted["text"]})

    return figure, _of_states(frames)


def _draw_agreement(
    history: History, settings: Settings, epoch: int, *, to_move: bool = False
) -> tuple[Figure, Frames]:
    figure = sheet.sheet(sheet.rows_height(len(sheet.rows(history))))
    points = agreement.draw_agreement(figure, history, epoch, decimals=settings.decimals, to_move=to_move)

    def frames(of: History, states: np.ndarray) -> Channels:
        return _together(agreement.frames(points, of, states), measures.texts(of, states, settings.decimals))

    return figure, _of_states(frames)


def _draw_confusion(history: History, settings: Settings, epoch: int) -> tuple[Figure, Frames]:
    figure, classes = sheet.sheet(), _class_names(history)
    confusion.draw_confusion(
        figure, history, epoch, classes=classes, decimals=settings.decimals, threshold=settings.threshold
    )
    return figure, _of_states(
        lambda of, states: confusion.frames(of, states, classes, settings.decimals, settings.threshold)
    )


def _draw_field(history: History, settings: Settings, epoch: int) -> tuple[Figure, Frames]:
    figure, field = sheet.sheet(), settings.field
    if field is None:
        raise ValueError(f"panels has {FIELD.name!r}, and there is no map: give a field")
    property_map.draw_field(figure, history, epoch, field)
    return figure, _of_states(lambda of, states: property_map.frames(of, field, states, settings.decimals))


def _draw_losses(history: History, settings: Settings, epoch: int) -> tuple[Figure, Frames]:
    figure = sheet.sheet()
    ax = losses.draw_losses(
        figure, history, epoch, decimals=settings.decimals, epoch_axis=settings.epoch_axis
    )
    return figure, lambda of, stretch: losses.frames(ax, of, stretch, settings.decimals)


_DRAWING: Mapping[str, Callable[[History, Settings, int], tuple[Figure, Frames]]] = MappingProxyType(
    {
        FIT.name: _draw_fit,
        REGION.name: _draw_region,
        AGREEMENT.name: _draw_agreement,
        CONFUSION.name: _draw_confusion,
        FIELD.name: _draw_field,
        LOSSES.name: _draw_losses,
    }
)
_STILLS: Mapping[str, Callable[[History, Settings, int], tuple[Figure, Frames]]] = MappingProxyType(
    {**_DRAWING, AGREEMENT.name: partial(_draw_agreement, to_move=True)}
)
"""How each is drawn for a film, which moves what is in it."""


def _classes(history: History) -> tuple[str, ...] | None:
    return scores.classes(history.network, history.data, history.training.loss)


def _class_names(history: History) -> tuple[str, ...]:
    """The classes of a history whose panels show them; ValueError of another."""
    classes = _classes(history)
    if classes is None:
        raise ValueError(f"the responses are no classes: this network has {', '.join(usual(history))}")
    return classes


def _of_states(frames: Callable[[History, np.ndarray], Channels]) -> Frames:
    """The same, for the states of a slice of the recorded epochs, up to the first after which they stay."""
    return lambda history, stretch: frames(history, until_it_stays(history.states[stretch]))


def _together(*all_channels: Channels) -> Channels:
    """What changes in a picture, from several sources."""
    names = {channel: None for channels in all_channels for channel in channels}
    return {
        name: {gid: values for channels in all_channels for gid, values in channels.get(name, {}).items()}
        for name in names
    }
