"""Writes what the browser's unit tests read: ``python tests/tools/make_fixture.py``.

One small film as it travels, and what it says at every frame by Python's own reckoning.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np

from ann_dashboard import Network, Training, lessons, notation, train
from ann_dashboard.dashboard.film_widget import _nearest
from ann_dashboard.engine.history import History
from ann_dashboard.film import page, wire
from ann_dashboard.film.camera import Camera
from ann_dashboard.film.film import Film

TARGET = Path(__file__).parents[1] / "frontend" / "fixture.json"
BOUNDS = [0.0, -0.0, 1e-4, 9.999e-5, 1e16, 1e15, 123.0, 5e-324, 0.1, 1 / 3, 2.5e-7, -1.25e22, 1.7e308]


def fixture() -> dict[str, Any]:
    """The film, its messages, and what is to be read from them."""
    history = trained(epochs=6)
    film = Camera(history.network).film(history)
    part = film.part(2, count=3)
    texts = {gid: change.write(np.asarray(change.values)) for gid, change in film.changes["text"].items()}
    outline = film.walk.outline()
    return {
        "reel": wire.Reel(**{**film.reel(), "number": 1}),
        "steps": film.steps(),
        "outline": outline,
        "walked": film.walked(),
        "stretch": film.stretch(3, 0, described=False),
        "part": part,
        "texts": texts,
        "stepTexts": film.walk.texts(slice(None)),
        "places": places(film),
        "stripped": {
            step["symbol"]: {
                "row": step["symbol"].removeprefix(notation.derivative("")).removesuffix(notation.moved("")),
                "plain": step["plain"].removeprefix("∂L/∂"),
            }
            for step in outline
        },
        "epochs": [epochs(6, 1), epochs(7, 3), epochs(1, 1)],
        "floats": [repr(value) for value in floats()],
        "record": page._record(history),
        "csv": history.to_csv(),
    }


def trained(*, epochs: int, record_every: int = 1) -> History:
    """A small training of two samples' worth of numbers."""
    data = lessons.XOR.data
    return train(
        Network((2, 2, 1)), data, Training(eta=0.5, epochs=epochs, seed=3, record_every=record_every)
    )


def places(film: Film) -> dict[str, str]:
    """Gids of the picture and the symbol of the step that each stands for."""
    return {
        "connection:lambda_1_3": "dL_dlambda_1_3",
        "arrow:lambda_1_3": "dL_dlambda_1_3",
        "label:lambda_1_3": "dL_dlambda_1_3",
        "node:H3": "H3",
        "name:H3": "H3",
        "box:H3in": "H3in",
        "dL_dH3": "dL_dH3",
        "lambda_1_3_I1": "H3in",
        "b_3": "dL_db_3",
        "node:I1": "I1",
        "y_1": "",
    }


def epochs(count: int, record_every: int) -> dict[str, Any]:
    """The frames of a training, its epochs by frame, and the frame nearest to each epoch."""
    history = trained(epochs=count, record_every=record_every)
    film = Camera(history.network).film(history)
    return {
        "epochs": film.reel()["epochs"],
        "at": film.epochs.tolist(),
        "nearest": [_nearest(film, epoch) for epoch in range(count + 3)],
    }


def floats() -> list[float]:
    """Floats of all sizes, and at the bounds between the two ways of writing."""
    rng = np.random.default_rng(0)
    return [*(rng.normal(size=300) * 10.0 ** rng.integers(-320, 300, 300)).tolist(), *BOUNDS]


def written() -> str:
    """The text of the fixture."""
    return json.dumps(fixture(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    TARGET.write_text(written(), encoding="utf-8")
