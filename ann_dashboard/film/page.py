"""A page of its own: one film, or several with a chooser, that needs no server, no kernel and no network.

The page holds the stills, all frames with the steps inside every epoch, and the record itself, from which it
writes the CSV. It opens at the state in its address: ``?epoch=12&show=weights,forward&steps=yes&training=2``;
page.ts reads it, says what it ignored, and keeps it.
"""

import base64
import html
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import fields
from importlib.resources import files
from os import PathLike
from pathlib import Path
from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np

from ann_dashboard import checks, lessons
from ann_dashboard.engine.history import History
from ann_dashboard.engine.training import Training
from ann_dashboard.film import wire
from ann_dashboard.film.step_texts import Walk
from ann_dashboard.views.diagram import LAYERS
from ann_dashboard.words import counted

TITLE = "Training of a small neural network"
TOLD = ("eta", "epochs", "seed", "loss")
"""Settings of a training that are told whatever they are."""
FRAMES = 1000
"""Frames of a part of a long film, all of which a page holds."""
SAMPLE = 50
"""Frames of which the size of all is judged."""
NUMBERS = 100_000
"""Numbers of a piece of the record, at most."""


@runtime_checkable
class Filmed(Protocol):
    """What a page takes of a film."""

    @property
    def history(self) -> History: ...

    @property
    def epochs(self) -> np.ndarray: ...

    @property
    def stills(self) -> Mapping[str, str]: ...

    @property
    def walk(self) -> Walk: ...

    def part(self, first: int, *, count: int) -> wire.Part: ...

    def reel(self) -> wire.Reel: ...

    def steps(self, *, whole: bool) -> wire.Steps: ...

    def walked(self, *, whole: int) -> wire.Walked: ...

    def stretch_of(self, frames: range) -> wire.Stretch: ...


class Opening(NamedTuple):
    """The state that a page opens at where its address asks for no other.

    Its epoch, the layers of the network's picture, and whether the steps inside the epoch are open.
    """

    epoch: int = 0
    layers: Sequence[str] = LAYERS
    steps: bool = False


PLAIN = Opening()


def to_html(
    path: str | PathLike[str], films: Mapping[str, Filmed], *, title: str = "", opening: Opening = PLAIN
) -> None:
    """Write films as one page that opens at a state, with a chooser of their labels where there are several.

    ``title``: its heading; "" takes that of the example that is filmed. What is equal in all films is written
    once; films of one camera have their stills in common. Raises ValueError where there is no film.
    """
    if not isinstance(path, str | PathLike):
        raise TypeError(f"path is {checks.told(path)}, not a path: give the name of the file to write")
    Path(path).write_bytes(encoded(films, title=title, opening=opening))


def encoded(films: Mapping[str, Filmed], *, title: str = "", opening: Opening = PLAIN) -> bytes:
    """The page that `to_html` writes, in UTF-8.

    It is encoded text by text, for as one text a long film would take several times its memory.
    """
    if not isinstance(films, Mapping):
        raise TypeError(f"films is {checks.told(films)}, no mapping: give {{label: film}}")
    for label, film in films.items():
        checks.instance("a label of films", label, str, 'give a text, e.g. "η = 0.1"')
        if not isinstance(film, Filmed):
            told = checks.told(film)
            raise TypeError(f"the film {label!r} is {told}, no film: give Camera(network).film(history)")
    checks.instance("title", title, str, "give a text")
    checks.instance("opening", opening, Opening)
    if not films:
        raise ValueError("there is no film: give at least one, {label: film}")
    heading = title or next((one for film in films.values() if (one := example(film.history))), TITLE)
    filling = {
        "title": html.escape(heading),
        "css": style("film"),
        "js": bundle("page"),
    }
    opens: wire.Opens = {
        "epoch": opening.epoch,
        "show": [layer for layer in LAYERS if layer in opening.layers],
        "steps": opening.steps,
    }
    before, after = _frontend("film.html").split("{{page}}")
    written = io.BytesIO()
    written.write(_filled(before, filling))
    encoder = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
    for piece in encoder.iterencode(_content(films, opens)):
        written.write(piece.replace("<", "\\u003c").encode())
    written.write(_filled(after, filling))
    return written.getvalue()


def size(film: Filmed) -> int:
    """About how many bytes a page of a film has.

    Counted are its record, the steps, and the frames as they are amid the training.
    """
    count = len(film.epochs)
    middle = film.part(count // 2, count=SAMPLE)
    frame = _bytes(middle) / middle["count"]
    if film.walk.refusal:
        return round(film.history.values.nbytes * 4 / 3 + frame * count)
    told = film.walk.described(slice(0, None, 1 + len(film.walk.sizes) // SAMPLE))
    frames = range(count // 2, min(count // 2 + SAMPLE, count))
    frame += _bytes(film.stretch_of(frames)) / len(frames)
    return round(
        film.history.values.nbytes * 4 / 3 + frame * count + _bytes(told) / len(told) * len(film.walk.sizes)
    )


def example(history: History) -> str:
    """The title of the example whose training a history is, "" where it is none."""
    return lessons.title_of(history.network, history.data, history.training)


def about(history: History) -> str:
    """What was trained, in one line.

    Network, samples, η, seed, epochs, loss, and every other setting that is not the plain one.
    """
    network, training, plain = history.network, history.training, Training()
    count = len(history.data)
    shape, activations = "-".join(map(str, network.widths)), ", ".join(network.layer_activations)
    told = [
        f"Network {shape} ({activations})",
        f"{counted(count, 'sample')}",
        f"η = {eta_text(training.eta)}",
        f"seed {training.seed}",
    ]
    told += [counted(training.epochs, history.counts), f"loss {training.loss}".replace("_", " ")]
    settings = {
        field.name: getattr(training, field.name) for field in fields(training) if field.name not in TOLD
    }
    told += [_setting(name, value) for name, value in settings.items() if value != getattr(plain, name)]
    return ", ".join([*told, *filter(None, [history.stopped])])


def eta_text(eta: float) -> str:
    """A learning rate with all digits that tell it from others."""
    short = f"{eta:g}"
    return short if float(short) == eta else repr(eta)


def file_name(history: History, ending: str) -> str:
    """The name of a file about a training: "history_seed3_eta0.1_epochs1000.csv"."""
    training = history.training
    return f"history_seed{training.seed}_eta{training.eta:g}_{history.counts}s{training.epochs}.{ending}"


def bundle(entry: str) -> str:
    """The browser's module of an entry, as frontend/src builds it: "film_widget", "page", "link", ..."""
    return _frontend(f"bundles/{entry}.js")


def style(name: str) -> str:
    """The stylesheet of that name: "film", "table", "number"."""
    return _frontend(f"styles/{name}.css")


def _frontend(path: str) -> str:
    return files("ann_dashboard").joinpath("frontend", path).read_text(encoding="utf-8")


def _setting(name: str, value: object) -> str:
    """A setting of a training that is not the plain one, in words."""
    match name:
        case "start" | "batches":
            return f"{name} as given"
        case "train_biases":
            return "biases held"
        case "optimiser":
            return str(value)
    return f"{name} {value}".replace("_", " ")


def _filled(template: str, filling: Mapping[str, str]) -> bytes:
    """A part of the template with what stands in for its {{names}}."""
    return re.sub(r"\{\{(\w+)\}\}", lambda match: filling[match[1]], template).encode()


def _content(films: Mapping[str, Filmed], opens: wire.Opens) -> wire.PageContent:
    """What page.ts reads: every still once, what the films have in common, and of each training the rest."""
    reels: list[Mapping[str, object]] = [_reel(film) for film in films.values()]
    shared = {key: value for key, value in reels[0].items() if all(reel.get(key) == value for reel in reels)}
    stills = list(dict.fromkeys(still for film in films.values() for still in film.stills.values()))
    trainings: list[wire.PageTraining] = [
        {
            "label": label,
            "about": about(film.history),
            "reel": {key: value for key, value in reel.items() if key not in shared},
            "stills": {name: stills.index(still) for name, still in film.stills.items()},
            "record": _record(film.history),
        }
        for (label, film), reel in zip(films.items(), reels, strict=True)
    ]
    return {"opens": opens, "stills": stills, "shared": shared, "trainings": trainings}


def _reel(film: Filmed) -> wire.PageReel:
    """The reel of a film with all frames and the steps inside them.

    A long one comes in parts, each made at once in little memory.
    """
    reel, count = film.reel(), len(film.epochs)
    is_whole = reel["part"]["step"] == 1
    firsts = [] if is_whole else range(0, count, FRAMES)
    return {
        **reel,
        "steps": film.steps(whole=True),
        "walked": film.walked(whole=count if is_whole else FRAMES),
        "parts": [film.part(first, count=FRAMES) for first in firsts],
    }


def _bytes(content: object) -> int:
    """Bytes of what page.ts reads."""
    return len(json.dumps(content, ensure_ascii=False).encode())


def _record(history: History) -> wire.FilmRecord:
    """The history as page.ts writes it as CSV."""
    rows = max(1, NUMBERS // len(history.columns))
    pieces = (history.values[first : first + rows] for first in range(0, len(history), rows))
    return {
        "name": file_name(history, "csv"),
        "index": {name: numbers.tolist() for name, numbers in history.index.items()},
        "columns": history.columns,
        "values": [base64.b64encode(piece.astype("<f8").tobytes()).decode("ascii") for piece in pieces],
    }
