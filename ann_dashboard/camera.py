"""Camera: makes the films of a network, from the diagram and the curves and the history's numbers."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.path import Path
from matplotlib.text import Text

from ann_dashboard import notation, walkthrough
from ann_dashboard.film import Change, Film, svg
from ann_dashboard.history import History
from ann_dashboard.lessons import Printed
from ann_dashboard.network import Network
from ann_dashboard.views import curves, diagram, nudge, numbers
from ann_dashboard.views.tex import Tex


class Camera:
    """Makes the films of one network. It keeps the stills: a new training moves the curves of a still and writes numbers into it."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self._diagrams: dict[tuple[int, str], str] = {}
        self._curves, self._panels = curves.figure(network)
        self._curves_still: str | None = None
        self._still_places: dict[str, np.ndarray] = {}

    def film(
        self,
        history: History,
        *,
        decimals: int = 2,
        derivative_of: str = notation.LOSS,
        epoch_axis: curves.EpochAxis = "log",
        sample: int = 0,
        printed: tuple[Printed, ...] = (),
    ) -> Film:
        """The film of one sample's passes. ``derivative_of="P"`` shows −∂L/∂· as ∂P/∂·; ``printed``: the source's figures for these settings."""
        shown = _shown_columns(history, sample, derivative_of)
        drawn_at = int(history.epochs[0])
        curves.draw_curves(self._panels, history, drawn_at, epoch_axis=epoch_axis, sample=sample)
        if self._curves_still is None:
            self._curves_still, self._still_places = svg(self._curves, "curves"), _places(self._curves)
        marks = curves.marks(self._panels, history.recorded_epochs)
        weights = {f"connection:{symbol}": shown[symbol] for symbol in self.network.weights}
        changes = {
            "text": {
                notation.EPOCH: Change(history.recorded_epochs, lambda epochs: [str(epoch) for epoch in epochs.tolist()]),
                **{symbol: Change(values, lambda column: numbers.texts(column, decimals)) for symbol, values in shown.items()},
            },
            "x": {gid: Change(places - self._still_places[gid][0], _offsets) for gid, places in marks.items()},
            "width": {gid: Change(values, lambda column: _offsets(diagram.line_widths(column))) for gid, values in weights.items()},
            "dash": {gid: Change(values, diagram.dashes) for gid, values in weights.items()},
        }
        stills = {"network": self._diagram(history, decimals, derivative_of), "curves": self._curves_still}
        table = _table(self.network, derivative_of, printed)
        fixed = {"curves": _fixed(self._curves, self._still_places)}
        how = {"derivative_of": derivative_of, "batch": len(history.data) > 1, "biases_move": history.training.train_biases}
        updates = history.training.record_every == 1
        walked = shown | (_means(history, derivative_of) if how["batch"] else {})
        steps = walkthrough.described(self.network, **how, updates=updates)

        def walk(first: int, last: int) -> dict[str, list[str]]:
            stretch = {symbol: values[first:last] for symbol, values in walked.items()}
            following = {parameter: np.append(shown[parameter], np.nan)[first + 1 : last + 1] for parameter in self.network.parameters if updates}
            return walkthrough.texts(self.network, stretch, following, **how, decimals=decimals)

        layers = diagram.layers(self.network, decimals=decimals)
        return Film(
            stills,
            history.recorded_epochs,
            changes,
            fixed,
            layers,
            _speech(self.network, derivative_of),
            table,
            steps,
            walk,
            derivative_of,
            decimals,
            sample,
        )

    def _diagram(self, history: History, decimals: int, derivative_of: str) -> str:
        """The network's picture; its numbers are those of the first history that was filmed, and each frame writes its own over them."""
        key = (decimals, derivative_of)
        if key not in self._diagrams:
            drawn, ax = diagram.figure(self.network, decimals=decimals)
            diagram.draw_network(ax, history, int(history.epochs[0]), derivative_of=derivative_of, decimals=decimals)
            self._diagrams[key] = svg(drawn, "network")
        return self._diagrams[key]


def nudge_still(history: History, epoch: int, parameter: str, *, sample: int = 0, decimals: int = 2) -> str:
    """The picture of the loss around one parameter at one epoch, as SVG."""
    drawn, ax = nudge.figure()
    nudge.draw_nudge(ax, history, epoch, parameter, sample=sample, decimals=decimals)
    return svg(drawn, "nudge")


def _places(figure: Figure) -> dict[str, np.ndarray]:
    """Where each artist with a gid stands, in SVG units from the top left corner: gid -> (x, y)."""
    return {artist.get_gid(): _place(artist) for artist in _named(figure)}


def _fixed(figure: Figure, still_places: Mapping[str, np.ndarray]) -> dict[str, dict[str, str]]:
    """How the artists of a figure differ from its still: the texts, how far things moved, and the curves themselves."""
    fixed: dict[str, dict[str, str]] = {"text": {}, "move": {}, "d": {}}
    for artist in _named(figure):
        gid = artist.get_gid()
        if gid.startswith("curve:"):
            fixed["d"][gid] = _path_data(artist)
        elif not gid.startswith("now:"):
            x, y = _place(artist) - still_places[gid]
            fixed["move"][gid] = f"{x:.1f},{y:.1f}"
            if isinstance(artist, Text) and not isinstance(artist, Tex):
                fixed["text"][gid] = artist.get_text()
    return fixed


def _named(figure: Figure) -> Iterator[Line2D | Text]:
    return (artist for ax in figure.axes for artist in (*ax.lines, *ax.texts) if artist.get_gid() and artist.get_visible())


def _place(artist: Line2D | Text) -> np.ndarray:
    start = artist.get_xydata()[0] if isinstance(artist, Line2D) else artist.get_unitless_position()
    x, y = artist.get_transform().transform(start)
    return np.array([x, artist.figure.bbox.height - y]) * 72 / artist.figure.dpi


def _path_data(line: Line2D) -> str:
    """A line as SVG path data, without the points that make no difference to the eye."""
    path = line.get_transform().transform_path(line.get_path()).cleaned(remove_nans=True, simplify=True)
    drawn = path.codes != Path.STOP
    points = path.vertices[drawn] * 72 / line.figure.dpi
    points[:, 1] = line.figure.bbox.height * 72 / line.figure.dpi - points[:, 1]
    letters = np.where(path.codes[drawn] == Path.MOVETO, "M%.1f %.1f", "L%.1f %.1f").tolist()
    return "".join(letters) % tuple(points.ravel().tolist())


def _shown_columns(history: History, sample: int, derivative_of: str) -> dict[str, np.ndarray]:
    """Symbol -> the numbers shown for it at each frame: every column of the history, and the terms of the weighted sums."""
    network = history.network
    table = dict(zip(network.columns, history.of_sample(sample).T, strict=True))
    with np.errstate(invalid="ignore", over="ignore"):
        return {symbol: diagram.values(table, network, symbol, derivative_of=derivative_of) for symbol in (*network.columns, *network.terms)}


def _offsets(values: np.ndarray) -> list[str]:
    return [f"{value:.1f}" for value in values.tolist()]


def _means(history: History, derivative_of: str) -> dict[str, np.ndarray]:
    """Symbol of each parameter's mean derivative over the samples -> its numbers at each frame, with the sign that is shown."""
    network, sign = history.network, 1.0 if derivative_of == notation.LOSS else -1.0
    means = history.values.reshape(-1, len(history.data), len(network.columns)).mean(axis=1)
    derivatives = [notation.derivative(parameter) for parameter in network.parameters]
    return {notation.mean(symbol): sign * means[:, network.columns.index(symbol)] for symbol in derivatives}


def _table(network: Network, derivative_of: str, printed: tuple[Printed, ...]) -> dict[str, Any]:
    """Rows of the table of one epoch (a quantity and its derivative), columns of the history, and the printed figures by epoch and row."""
    differentiable = {*network.signals, *network.parameters}
    rows = [
        {"symbol": symbol, "html": notation.form(symbol).html, "derivative": notation.derivative(symbol) if symbol in differentiable else None}
        for symbol in (*network.signals, *network.truths, notation.LOSS, *network.parameters, notation.ETA)
    ]
    figures: dict[int, dict[str, list[dict[str, str]]]] = {}
    for figure in printed:
        name = notation.form(figure.symbol, of="P" if notation.is_derivative(figure.symbol) else notation.LOSS).html
        row = figure.symbol.removeprefix(notation.derivative(""))
        figures.setdefault(figure.epoch, {}).setdefault(row, []).append({"html": f"{name} = {figure.figure}", "note": figure.note})
    return {
        "derivative": f"∂{derivative_of}/∂ symbol",
        "rows": rows,
        "columns": [{"symbol": symbol, "html": notation.form(symbol, of=derivative_of).html} for symbol in network.columns],
        "printed": figures,
    }


def _speech(network: Network, derivative_of: str) -> dict[str, str]:
    """What each picture tells, in words, with {symbol} where the frame's number belongs."""

    def said(symbols: Iterable[str]) -> str:
        return ", ".join(f"{notation.form(symbol, of=derivative_of).spoken} {{{symbol}}}" for symbol in symbols)

    shape = "-".join(map(str, network.widths))
    inputs, outputs = network.layers[0], network.layers[-1]
    hidden = [node for layer in network.layers[1:-1] for node in layer]
    derivatives = [notation.derivative(symbol) for symbol in network.parameters]
    return {
        "network": f"Network {shape} at epoch {{epoch}}. Inputs: {said(inputs)}. Hidden nodes: {said(hidden) or 'none'}. "
        f"Prediction: {said(outputs)}; {said(network.truths)}; loss {{L}}. "
        f"Weights and biases: {said(network.parameters)}. Derivatives: {said(derivatives)}.",
        "curves": "Curves over the epochs: prediction and truth, loss, weights, biases; "
        f"marked is epoch {{epoch}}. Prediction: {said(outputs)}; loss {{L}}.",
    }
