"""The widget that shows a film in a notebook or in Voila."""

from typing import Any

import anywidget
import traitlets

from ann_dashboard import notation
from ann_dashboard.camera import nudge_still
from ann_dashboard.dashboard.diagnosis import diagnosis
from ann_dashboard.derivation import steps
from ann_dashboard.film import Film, script, source
from ann_dashboard.history import History
from ann_dashboard.views.diagram import LAYERS


class FilmWidget(anywidget.AnyWidget):
    """Player, pictures and tables of a film. Moving through its frames stays in the browser.

    ``frame``: where the hand came to rest; set it to move the picture. ``layers``: layers of the network's picture that are shown.
    ``stepping``: whether the steps inside the epoch are shown. ``message``: the line above the pictures.
    """

    _esm = script()
    _css = source("film.css")
    pictures = traitlets.List(traitlets.Unicode()).tag(sync=True)
    reel = traitlets.Dict().tag(sync=True)
    frame = traitlets.Int(0).tag(sync=True)
    layers = traitlets.List(traitlets.Unicode(), list(LAYERS)).tag(sync=True)
    stepping = traitlets.Bool(False).tag(sync=True)
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
            self.reel = {**film.reel(inside=self.stepping), "number": self._number}
            self.frame = min(self.frame, len(film.epochs) - 1)

    @traitlets.observe("stepping")
    def _load_the_steps(self, change: dict[str, Any]) -> None:
        if change["new"] and not self.reel["steps"]:
            self.show(self.film, self.history)

    @traitlets.validate("frame")
    def _frame_of_the_film(self, proposal: dict[str, Any]) -> int:
        return max(0, min(proposal["value"], len(self.film.epochs) - 1))

    @traitlets.validate("layers")
    def _known_layers(self, proposal: dict[str, Any]) -> list[str]:
        return [layer for layer in LAYERS if layer in proposal["value"]]

    def _answer(self, _widget: "FilmWidget", request: Any, _buffers: Any) -> None:
        """Send what film.js asks for; what is no such request, or belongs to a film that is not shown any more, gets no answer."""
        match request:
            case {"want": "csv"}:
                training = self.history.training
                name = f"history_seed{training.seed}_eta{training.eta:g}_epochs{training.epochs}.csv"
                self.send({"kind": "csv", "name": name}, [self.history.to_csv().encode()])
            case {"want": str(wanted), "film": number, "frame": int(frame), **details}:
                known = number == self._number and 0 <= frame < len(self.film.epochs)
                if known and (answer := self._about(wanted, frame, details)) is not None:
                    self.send({"kind": wanted, "film": number, "frame": frame, **answer})

    def _about(self, wanted: str, frame: int, details: dict[str, Any]) -> dict[str, Any] | None:
        """A part of a long film; or of one of the steps a hint at a mistake, its equation with all digits, or the loss around its parameter."""
        epoch, of = int(self.film.epochs[frame]), self.film.derivative_of
        if wanted == "part":
            return {"part": self.film.part(frame, inside=bool(self.reel["steps"]))}
        step = next((step for step in steps(self.history, epoch, self.film.sample, of=of) if step.symbol == details.get("symbol")), None)
        match wanted, details:
            case _ if step is None:
                return None
            case "diagnosis", {"answer": int(answer) | float(answer), "unit": int(unit) | float(unit)}:
                return {"symbol": step.symbol, "hint": diagnosis(step, float(answer), unit=float(unit), derivative_of=of)}
            case "digits", _:
                return {"symbol": step.symbol, "text": f"{step.substituted()} = {step.value!r}".replace("-", notation.MINUS)}
            case "nudge", _ if step.block == "parameter":
                parameter = step.symbol.removeprefix(notation.derivative(""))
                still = nudge_still(self.history, epoch, parameter, sample=self.film.sample, decimals=self.film.decimals)
                return {"symbol": step.symbol, "svg": still}
        return None
