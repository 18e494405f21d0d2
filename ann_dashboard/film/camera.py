"""Makes the films of a network from its diagram, its curves and a history's numbers."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.path import Path

from ann_dashboard import checks, notation
from ann_dashboard.data.property_map import Field
from ann_dashboard.engine.history import History
from ann_dashboard.engine.network import Network
from ann_dashboard.equations.variant import Manner, manner
from ann_dashboard.film import step_texts
from ann_dashboard.film.film import Change, Film, svg
from ann_dashboard.film.panels import (
    PANELS,
    Drawn,
    Settings,
    check_names,
    draw_panel,
    figure_at,
    spoken,
    still_key,
)
from ann_dashboard.film.wire import PrintedFigure, Readout, ReadoutNumber, Row, Showing, Table
from ann_dashboard.lessons import ERRATA, Printed, badge
from ann_dashboard.views import curves, diagram, nudge, numbers

MOST_DECIMALS = 17
"""Behind them a float has no digit that tells it from another."""


class Camera:
    """Makes the films of one network, and keeps the stills.

    A new training moves the curves of a still and writes numbers into it.
    """

    def __init__(self, network: Network) -> None:
        self.network = checks.instance("network", network, Network)
        self._diagrams: dict[tuple[int, str], str] = {}
        self._curves, self._panels = curves.figure(network)
        self._curves_stills: dict[bool, tuple[str, curves.Places]] = {}
        self._drawn: dict[str, tuple[object, Drawn]] = {}

    def film(
        self,
        history: History,
        *,
        decimals: int = 2,
        derivative_of: str = notation.LOSS,
        epoch_axis: curves.EpochAxis = "log",
        sample: int = 0,
        printed: tuple[Printed, ...] = (),
        panels: Sequence[str] = (),
        threshold: float = 0.5,
        field: Field | None = None,
    ) -> Film:
        """The film of one sample's passes.

        ``derivative_of="P"`` shows −∂L/∂· as ∂P/∂·; ``printed``: the source's figures for these settings;
        ``panels``: names of further pictures, of those that ``panels.panels_for`` gives; ``threshold``: of a
        single probability, from which on it is class 1; ``field``: a map of the one predictor.

        Raises ValueError for a panel that does not fit, an invalid threshold, and a history of another
        network.
        """
        checks.instance("history", history, History)
        if history.network != self.network:
            raise ValueError(
                f"history is of the network {history.network.widths}, the camera of {self.network.widths}: "
                "give each network its Camera"
            )
        decimals = checks.whole("decimals", decimals, least=0, most=MOST_DECIMALS)
        checks.choice("derivative_of", derivative_of, (notation.LOSS, notation.PERFORMANCE))
        settings = Settings(decimals, threshold, field, epoch_axis)
        beside = self._beside(history, check_names(panels, history, field), settings)
        shown = _shown_columns(history, sample, derivative_of)
        drawings = curves.drawings(
            self._panels, history, int(history.epochs[0]), epoch_axis=epoch_axis, sample=sample
        )
        curves_still, places = self._curves_still(drawings, several=len(history.data) > 1)
        how = manner(history.training, history.data, own=history.moves_alone(sample))
        return Film(
            history=history,
            stills={"network": self._diagram(history, decimals, derivative_of), "curves": curves_still}
            | {name: drawn.still for name, drawn in beside.items()},
            epochs=history.recorded_epochs,
            counts=history.counts,
            changes=self._changes(history, shown, places, decimals),
            scenes=[partial(drawn.frames, history) for drawn in beside.values()],
            beside={
                name: partial(figure_at, name=name, history=history, settings=settings) for name in beside
            },
            titles={name: (PANELS[name].title, PANELS[name].tooltip) for name in beside},
            fixed={"curves": _fixed(self._panels, drawings, places)},
            layers=diagram.layers(self.network, decimals=decimals),
            speech=_speech(self.network, derivative_of, history.counts)
            | {name: spoken(name, history) for name in beside},
            table=_table(history, derivative_of, sample, printed),
            walk=step_texts.Walk(
                self.network,
                how,
                shown,
                partial(_given, history, how, derivative_of),
                derivative_of=derivative_of,
                decimals=decimals,
                note=_next_frame(history),
            ),
            derivative_of=derivative_of,
            decimals=decimals,
            sample=sample,
            epoch_axis=epoch_axis,
            showing=_showing(self.network, decimals),
        )

    def _curves_still(
        self, drawings: Mapping[str, curves.Drawing], *, several: bool
    ) -> tuple[str, curves.Places]:
        """The still of the curves, and where its parts stand.

        It is that of the first history that was filmed with one sample or with several.
        """
        if several not in self._curves_stills:
            curves.draw(self._panels, curves.of_first_points(drawings))
            self._curves_stills[several] = svg(self._curves, "curves"), curves.places(self._panels, drawings)
            curves.clear(self._panels)
        return self._curves_stills[several]

    def _changes(
        self, history: History, shown: Mapping[str, np.ndarray], places: curves.Places, decimals: int
    ) -> dict[str, dict[str, Change]]:
        """What each frame changes in the network and in the curves: channel -> gid -> Change.

        ``places``: where the parts of the curves' still stand.
        """
        marks = curves.marks(self._panels, history.recorded_epochs)
        weights = {f"connection:{symbol}": shown[symbol] for symbol in self.network.weights}
        return {
            "text": {
                notation.EPOCH: Change(
                    history.recorded_epochs, lambda epochs: [str(epoch) for epoch in epochs.tolist()]
                ),
                **{
                    symbol: Change(values, lambda column: numbers.texts(column, decimals))
                    for symbol, values in shown.items()
                },
            },
            "x": {gid: Change(along - places[gid][0], _offsets) for gid, along in marks.items()},
            "width": {
                gid: Change(values, lambda column: _offsets(diagram.line_widths(column)))
                for gid, values in weights.items()
            },
            "dash": {gid: Change(values, diagram.dashes) for gid, values in weights.items()},
        }

    def _beside(self, history: History, names: Iterable[str], settings: Settings) -> dict[str, Drawn]:
        """The panels with these names; one whose still would be the same is not drawn again."""
        keys = {name: still_key(name, history, settings) for name in names}
        before = self._drawn
        self._drawn = {
            name: before[name]
            if name in before and before[name][0] == key
            else (key, draw_panel(name, history, settings))
            for name, key in keys.items()
        }
        return {name: drawn for name, (_, drawn) in self._drawn.items()}

    def _diagram(self, history: History, decimals: int, derivative_of: str) -> str:
        """The still of the network.

        Its numbers are those of the first history that was filmed; each frame writes its own over them.
        """
        key = (decimals, derivative_of)
        if key not in self._diagrams:
            drawn, ax = diagram.figure(self.network, decimals=decimals)
            diagram.draw_layers(
                ax,
                history,
                int(history.epochs[0]),
                diagram.LAYERS,
                derivative_of=derivative_of,
                decimals=decimals,
            )
            self._diagrams[key] = svg(drawn, "network")
        return self._diagrams[key]


def nudge_still(history: History, epoch: int, parameter: str, *, sample: int = 0, decimals: int = 2) -> str:
    """The picture of the loss around one parameter at one epoch, as SVG."""
    drawn, ax = nudge.figure()
    nudge.draw_nudge(ax, history, epoch, parameter, sample=sample, decimals=decimals)
    return svg(drawn, "nudge")


def _fixed(
    panels: Mapping[str, Axes], drawings: Mapping[str, curves.Drawing], still_places: curves.Places
) -> dict[str, dict[str, str]]:
    """How drawings differ from their still: the texts, how far things moved, and the curves themselves."""
    fixed: dict[str, dict[str, str]] = {"text": {}, "move": {}, "d": {}}
    for gid, place in curves.places(panels, drawings).items():
        if not gid.startswith("now:"):
            (x, y), (still_x, still_y) = place, still_places[gid]
            fixed["move"][gid] = f"{x - still_x:.1f},{y - still_y:.1f}"
    for name, drawing in drawings.items():
        fixed["text"] |= {words.gid: words.text for words in drawing.words if words.space != "name"}
        fixed["d"] |= {
            stroke.gid: _path_data(panels[name], stroke)
            for stroke in drawing.strokes
            if stroke.space == "data"
        }
    return fixed


def _path_data(ax: Axes, curve: curves.Stroke) -> str:
    """A curve as SVG path data, without the points that make no difference to the eye."""
    path = ax.transData.transform_path(Path(np.column_stack([curve.x, curve.y]))).cleaned(
        remove_nans=True, simplify=True
    )
    codes = np.asarray(path.codes)
    drawn = codes != Path.STOP
    points = np.asarray(path.vertices)[drawn] * 72 / ax.figure.dpi
    points[:, 1] = ax.figure.bbox.height * 72 / ax.figure.dpi - points[:, 1]
    letters = np.where(codes[drawn] == Path.MOVETO, "M%.1f %.1f", "L%.1f %.1f").tolist()
    return "".join(letters) % tuple(points.ravel().tolist())


def _shown_columns(history: History, sample: int, derivative_of: str) -> dict[str, np.ndarray]:
    """The numbers shown at each frame, by symbol.

    Every column of the history, and the terms of the weighted sums.
    """
    network = history.network
    table = dict(zip(history.columns, history.of_sample(sample).T, strict=True))
    turned = derivative_of != notation.LOSS
    further = {
        symbol: -table[symbol] if turned and notation.turns_with_the_sign(symbol) else table[symbol]
        for symbol in _further(history)
    }
    with np.errstate(invalid="ignore", over="ignore"):
        shown = {
            symbol: diagram.values(table, network, symbol, derivative_of=derivative_of)
            for symbol in (*network.columns, *network.terms)
        }
    return shown | further


def _further(history: History) -> tuple[str, ...]:
    """The columns behind those that every history of the network has.

    Dropout masks and the optimiser's running means.
    """
    return history.columns[len(history.network.columns) :]


def _offsets(values: np.ndarray) -> list[str]:
    return [f"{value:.1f}" for value in values.tolist()]


def _given(history: History, how: Manner, derivative_of: str, frames: slice) -> dict[str, np.ndarray]:
    """What the steps need at a stretch of frames besides the columns that are shown.

    With the sign that is shown.
    """
    turned = derivative_of != notation.LOSS
    found = step_texts.given(history, how, frames)
    return {
        symbol: -values if turned and notation.turns_with_the_sign(symbol) else values
        for symbol, values in found.items()
    }


def _next_frame(history: History) -> str:
    """What the update's steps say where the next frame is not the state after it."""
    if history.training.record_every > 1:
        return " The next frame is a later state: not every epoch is recorded."
    if history.update_numbers.any():
        return " The next frame is the state after all updates of the epoch."
    return ""


def _table(history: History, derivative_of: str, sample: int, printed: tuple[Printed, ...]) -> Table:
    """What the tables beside the pictures list.

    Rows of the table of one epoch (a quantity and its derivative), columns of the history, and the printed
    figures by epoch and row.
    """
    network = history.network
    differentiable = {*network.signals, *network.parameters}
    rows: list[Row] = [
        {
            "symbol": symbol,
            "html": notation.form(symbol).html,
            "derivative": notation.derivative(symbol) if symbol in differentiable else None,
        }
        for symbol in (
            *network.signals,
            *network.truths,
            notation.LOSS,
            *network.parameters,
            notation.ETA,
            *_further(history),
        )
    ]
    figures: dict[int, dict[str, list[PrintedFigure]]] = {}
    for figure in printed:
        if figure.epoch in history.recorded_epochs:
            row = figure.symbol.removeprefix(notation.derivative(""))
            figures.setdefault(figure.epoch, {}).setdefault(row, []).append(_figure(history, figure, sample))
    return {
        "derivative": f"∂{derivative_of}/∂ symbol",
        "rows": rows,
        "columns": [
            {"symbol": symbol, "html": notation.form(symbol, of=derivative_of).html}
            for symbol in history.columns
        ],
        "printed": figures,
        "readouts": _readouts(network, derivative_of),
    }


def _figure(history: History, figure: Printed, sample: int) -> PrintedFigure:
    """A printed figure as the table shows it, with its badge, erratum and note.

    The badge is what the figure deserves beside the history's value.
    """
    earned = badge(figure, history.at(figure.epoch, sample)[figure.symbol])
    name = notation.form(figure.symbol, of=figure.of).html
    return {
        "html": f"{name} = {figure.figure}",
        "badge": earned.words,
        "why": "" if earned.erratum is None else ERRATA.get(earned.erratum, ""),
        "note": figure.note,
    }


def _readouts(network: Network, derivative_of: str) -> list[Readout]:
    """Each node and connection of the network's picture with its name and all its numbers."""
    found: list[Readout] = []
    inputs = network.layers[0]
    given = {notation.LOSS, *network.truths, *inputs, *map(notation.pre_activation, inputs)}
    nodes_of = {
        notation.weight(i, j): [f"node:{network.nodes[place - 1]}" for place in (i, j)]
        for i, j in network.connections
    }
    for gid, symbols in diagram.readouts(network).items():
        kind, _, symbol = gid.partition(":")
        thing, forms = (
            notation.form(symbol),
            {number: notation.form(number, of=derivative_of) for number in symbols},
        )
        shown = [
            ReadoutNumber(symbol=number, html=form.html, spoken=form.spoken, opens=number not in given)
            for number, form in forms.items()
        ]
        found.append(
            {
                "gid": gid,
                "symbol": symbol,
                "kind": "node" if kind == "node" else "connection",
                "ends": nodes_of.get(symbol, []),
                "plain": thing.plain,
                "html": f"{kind.capitalize()} <b>{thing.html}</b>:",
                "numbers": shown,
            }
        )
    return found


def _showing(network: Network, decimals: int) -> Showing:
    """How the network's picture is shown."""
    shown = diagram.showing(network, decimals=decimals)
    return {
        "layers": shown["layers"],
        "place": shown["place"],
        "width": shown["width"],
        "hint": shown["hint"],
    }


def _speech(network: Network, derivative_of: str, counts: str) -> dict[str, str]:
    """What each picture tells, in words, with {symbol} where the frame's number belongs."""

    def said(symbols: Iterable[str]) -> str:
        return ", ".join(
            f"{notation.form(symbol, of=derivative_of).spoken} {{{symbol}}}" for symbol in symbols
        )

    shape = "-".join(map(str, network.widths))
    inputs, outputs = network.layers[0], network.layers[-1]
    hidden = [node for layer in network.layers[1:-1] for node in layer]
    derivatives = [notation.derivative(symbol) for symbol in network.parameters]
    return {
        "network": f"Network {shape} at {counts} {{epoch}}. "
        f"Inputs: {said(inputs)}. Hidden nodes: {said(hidden) or 'none'}. "
        f"Prediction: {said(outputs)}; {said(network.truths)}; loss {{L}}. "
        f"Weights and biases: {said(network.parameters)}. Derivatives: {said(derivatives)}.",
        "curves": f"Curves over the {counts}s: prediction and truth, loss, weights, biases; "
        f"marked is {counts} {{epoch}}. Prediction: {said(outputs)}; loss {{L}}.",
    }
