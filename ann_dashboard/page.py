"""A page of its own: one film, or several with a chooser, that needs no server, no kernel and no network.

The page holds the stills, all frames with the steps inside every epoch, and the record itself, from which it writes the CSV. It opens at the
state in its address: ``?epoch=12&show=weights,forward&steps=yes&training=2``; page.js reads it, says what it ignored, and keeps it.
"""

import base64
import html
import json
import re
from collections.abc import Mapping
from importlib.resources import files
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ann_dashboard.history import History

if TYPE_CHECKING:
    from ann_dashboard.film import Film

TITLE = "Training of a small neural network"


def to_html(path: str | PathLike[str], films: "Mapping[str, Film]", *, title: str = TITLE, epoch: int = 0) -> None:
    """Write films as one page that opens at an epoch, with a chooser of their labels where there are several.

    What is equal in all of them is written once; films of one camera have their stills in common. Raises ValueError where there is no film.
    """
    Path(path).write_text(text(films, title=title, epoch=epoch), encoding="utf-8")


def text(films: "Mapping[str, Film]", *, title: str = TITLE, epoch: int = 0) -> str:
    """The page that `to_html` writes."""
    if not films:
        raise ValueError("there is no film: give at least one, {label: film}")
    filling = {
        "title": html.escape(title),
        "css": source("film.css"),
        "js": source("steps.js", "film.js", "page.js"),
        "page": json.dumps({"opens": epoch, **_content(films)}, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c"),
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda match: filling[match[1]], source("film.html"))


def file_name(history: History, ending: str) -> str:
    """The name of a file about a training: "history_seed3_eta0.1_epochs1000.csv"."""
    training = history.training
    return f"history_seed{training.seed}_eta{training.eta:g}_{history.counts}s{training.epochs}.{ending}"


def source(*names: str) -> str:
    """The text of files of the package, one behind the other."""
    return "\n".join(files("ann_dashboard").joinpath(name).read_text(encoding="utf-8") for name in names)


def script() -> str:
    """The film's JavaScript module: the step player and the film itself."""
    return source("steps.js", "film.js")


def _content(films: "Mapping[str, Film]") -> dict[str, Any]:
    """What page.js reads: every still once, what the films have in common, and of each training the rest, its stills by number, its record."""
    reels = [{**film.reel(inside=True), "part": film.part(0, count=len(film.epochs), inside=True)} for film in films.values()]
    shared = {key: value for key, value in reels[0].items() if all(reel[key] == value for reel in reels)}
    stills = list(dict.fromkeys(still for film in films.values() for still in film.stills.values()))
    trainings = [
        {
            "label": label,
            "reel": {key: value for key, value in reel.items() if key not in shared},
            "stills": {name: stills.index(still) for name, still in film.stills.items()},
            "record": _record(film.history),
        }
        for (label, film), reel in zip(films.items(), reels, strict=True)
    ]
    return {"stills": stills, "shared": shared, "trainings": trainings}


def _record(history: History) -> dict[str, Any]:
    """The history as page.js writes it as CSV: its index by name, its columns, and its values as base64 of float64, row after row."""
    index = history.table.index
    return {
        "name": file_name(history, "csv"),
        "index": {name: index.get_level_values(name).tolist() for name in index.names},
        "columns": history.columns,
        "values": base64.b64encode(np.ascontiguousarray(history.values, dtype="<f8").tobytes()).decode("ascii"),
    }
