"""Film: pictures of a training as SVG, drawn once, and what changes in them from frame to frame.

A frame is one recorded epoch. Every artist that shows a symbol has it as its gid; a film has, for each gid that changes, its text, offset,
line width or dash at every frame. All of it is formatted here; film.js only shows frame i. The same film is a notebook's widget and a
page of its own.
"""

import html
import io
import itertools
import json
import pathlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from os import PathLike
from typing import Any, NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.path import Path
from matplotlib.text import Text

from ann_dashboard import notation
from ann_dashboard.history import History
from ann_dashboard.lessons import Printed
from ann_dashboard.network import Network
from ann_dashboard.views import curves, diagram, numbers
from ann_dashboard.views.tex import Tex

OVERVIEW = 1000
"""Frames that a film holds at once; of a longer one every k-th, and the rest comes in parts."""
PART = 500
"""Frames of a part; the same number stands in film.js."""
LAYER_TITLES = {
    "weights": "Weights λ on their connections and biases b at their nodes",
    "forward": "Inputs, weighted signals, pre- and post-activations, prediction, truth and loss",
    "backward": "Derivatives of the loss at every node, weight and bias",
}


class Change(NamedTuple):
    """What changes with the frame: its values, one a frame, and how a stretch of them is written."""

    values: np.ndarray
    write: Callable[[np.ndarray], list[str]]


@dataclass(frozen=True, eq=False)
class Film:
    """Pictures and all their frames.

    ``stills``: picture name -> SVG. ``epochs`` (frames,): epoch of each frame. ``changes``: channel ("text", "x", "width", "dash") -> gid -> Change.
    ``fixed``: channel ("text", "move", "d") -> gid -> what a training changes once in a still that was drawn before it.
    ``layers``: layer -> symbols of the network's picture. ``speech``: picture name -> its description, with {symbol} where a number belongs.
    ``table``: what the tables beside the pictures list.
    """

    stills: Mapping[str, str]
    epochs: np.ndarray
    changes: Mapping[str, Mapping[str, Change]]
    fixed: Mapping[str, Mapping[str, str]]
    layers: Mapping[str, tuple[str, ...]]
    speech: Mapping[str, str]
    table: Mapping[str, Any]

    def part(self, first: int, *, count: int = PART, step: int = 1) -> dict[str, Any]:
        """The frames first, first + step, ... as film.js reads them, at most ``count``. Raises LookupError for a frame that does not exist."""
        if not 0 <= first < len(self.epochs):
            raise LookupError(f"frame {first} does not exist: choose 0 to {len(self.epochs) - 1}")
        frames = slice(first, min(first + count * step, len(self.epochs)), step)
        channels = {
            channel: {gid: _joined(change.write(_until_it_stays(change.values[frames]))) for gid, change in changes.items()}
            for channel, changes in self.changes.items()
        }
        return {"first": first, "step": step, "count": len(range(*frames.indices(len(self.epochs)))), "channels": channels}

    def reel(self) -> dict[str, Any]:
        """Everything but the stills, with the frames that are sent at once."""
        step = -(-len(self.epochs) // OVERVIEW) if len(self.epochs) > OVERVIEW + 1 else 1
        every = int(self.epochs[1]) if len(self.epochs) > 1 else 1
        return {
            "epochs": {"count": len(self.epochs), "step": every, "last": int(self.epochs[-1])},
            "part": self.part(0, count=len(self.epochs), step=step),
            "fixed": self.fixed,
            "layers": {name: {"title": LAYER_TITLES[name], "symbols": symbols} for name, symbols in self.layers.items()},
            "speech": self.speech,
            "table": self.table,
        }

    def to_html(self, path: str | PathLike[str], *, title: str = "Training of a small neural network") -> None:
        """Write the film as one page that needs no server, no kernel and no network: slider, Play, arrow keys, tables."""
        reel = {**self.reel(), "part": self.part(0, count=len(self.epochs)), "stills": dict(self.stills), "number": 0}
        page = files("ann_dashboard").joinpath("film.html").read_text(encoding="utf-8")
        filling = {
            "title": html.escape(title),
            "css": source("film.css"),
            "js": source("film.js"),
            "film": json.dumps(reel, ensure_ascii=False).replace("</", "<\\/"),
        }
        pathlib.Path(path).write_text(re.sub(r"\{\{(\w+)\}\}", lambda match: filling[match[1]], page), encoding="utf-8")


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
        fixed = _fixed(self._curves, self._still_places)
        return Film(
            stills,
            history.recorded_epochs,
            changes,
            fixed,
            diagram.layers(self.network, decimals=decimals),
            _speech(self.network, derivative_of),
            table,
        )

    def _diagram(self, history: History, decimals: int, derivative_of: str) -> str:
        """The network's picture; its numbers are those of the first history that was filmed, and each frame writes its own over them."""
        key = (decimals, derivative_of)
        if key not in self._diagrams:
            drawn, ax = diagram.figure(self.network, decimals=decimals)
            diagram.draw_network(ax, history, int(history.epochs[0]), derivative_of=derivative_of, decimals=decimals)
            self._diagrams[key] = svg(drawn, "network")
        return self._diagrams[key]


def source(name: str) -> str:
    """The text of a file of the package, film.js or film.css."""
    return files("ann_dashboard").joinpath(name).read_text(encoding="utf-8")


def svg(figure: Figure, name: str) -> str:
    """A figure as an SVG element that fills its container; every id in it begins with the picture's name, so that two pictures share a page."""
    written = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": name}):
        figure.savefig(written, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None}, transparent=True)
    text = written.getvalue()
    text = re.sub(r"<!--.*?-->", "", text[text.index("<svg") :], flags=re.DOTALL)
    text = re.sub(r'^(<svg [^>]*?)\s(?:width|height)="[^"]*"', r"\1", re.sub(r'^(<svg [^>]*?)\s(?:width|height)="[^"]*"', r"\1", text))
    text = re.sub(r'\bid="', f'id="{name}/', text)
    text = re.sub(r'(href="#|url\(#)', rf"\g<1>{name}/", text)
    text = re.sub(r'\bd="[^"]*"', lambda data: re.sub(r"(\.\d\d)\d+", r"\1", data[0]), text)
    return re.sub(r"\s*\n\s*", " ", text).replace("> <", "><")


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


def _until_it_stays(values: np.ndarray) -> np.ndarray:
    """The values up to the first after which nothing changes: the last one holds to the end."""
    other = np.flatnonzero(values != values[-1])
    return values[: other[-1] + 2] if len(other) else values[:1]


def _joined(texts: list[str]) -> str:
    """Texts joined by "|", empty where one repeats the text before it."""
    return "|".join([texts[0], *("" if text == before else text for before, text in itertools.pairwise(texts))])


def _offsets(values: np.ndarray) -> list[str]:
    return [f"{value:.1f}" for value in values.tolist()]


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
    said = lambda symbols: ", ".join(f"{notation.form(symbol, of=derivative_of).spoken} {{{symbol}}}" for symbol in symbols)  # noqa: E731
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
