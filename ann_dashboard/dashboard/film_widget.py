"""The widget that shows a film in a notebook or in Voila."""

from typing import Any

import anywidget
import traitlets

from ann_dashboard.film import Film, source
from ann_dashboard.history import History
from ann_dashboard.views.diagram import LAYERS


class FilmWidget(anywidget.AnyWidget):
    """Player, pictures and tables of a film. Moving through its frames stays in the browser.

    ``frame``: where the hand came to rest; set it to move the picture. ``layers``: layers of the network's picture that are shown.
    ``message``: the line above the pictures.
    """

    _esm = source("film.js")
    _css = source("film.css")
    pictures = traitlets.List(traitlets.Unicode()).tag(sync=True)
    reel = traitlets.Dict().tag(sync=True)
    frame = traitlets.Int(0).tag(sync=True)
    layers = traitlets.List(traitlets.Unicode(), list(LAYERS)).tag(sync=True)
    message = traitlets.Unicode("").tag(sync=True)

    def __init__(self, film: Film, history: History) -> None:
        super().__init__()
        self._number = 0
        self.add_traits(**{f"still_{name}": traitlets.Unicode().tag(sync=True) for name in film.stills})
        self.pictures = list(film.stills)
        self.show(film, history)
        self.on_msg(self._answer)

    def show(self, film: Film, history: History) -> None:
        """Show another film of the same pictures; a still that has not changed is not sent again."""
        self.film, self.history = film, history
        self._number += 1
        with self.hold_sync():
            for name, still in film.stills.items():
                setattr(self, f"still_{name}", still)
            self.reel = {**film.reel(), "number": self._number}
            self.frame = min(self.frame, len(film.epochs) - 1)

    @traitlets.validate("frame")
    def _frame_of_the_film(self, proposal: dict[str, Any]) -> int:
        return max(0, min(proposal["value"], len(self.film.epochs) - 1))

    @traitlets.validate("layers")
    def _known_layers(self, proposal: dict[str, Any]) -> list[str]:
        return [layer for layer in LAYERS if layer in proposal["value"]]

    def _answer(self, _widget: "FilmWidget", request: Any, _buffers: Any) -> None:
        """Send what film.js asks for: a part of a long film, or the history as CSV. What is no such request gets no answer."""
        match request:
            case {"want": "part", "first": int(first), "film": number} if number == self._number and 0 <= first < len(self.film.epochs):
                self.send({"kind": "part", "film": number, "part": self.film.part(first)})
            case {"want": "csv"}:
                training = self.history.training
                name = f"history_seed{training.seed}_eta{training.eta:g}_epochs{training.epochs}.csv"
                self.send({"kind": "csv", "name": name}, [self.history.to_csv().encode()])
