"""The widget that shows a film in a notebook or in Voila."""

import math
from collections.abc import Mapping
from typing import Any

import anywidget
import numpy as np
import traitlets

from ann_dashboard import notation
from ann_dashboard.dashboard.downloads import Downloads
from ann_dashboard.dashboard.exports import Exports
from ann_dashboard.engine.history import History
from ann_dashboard.equations.diagnosis import diagnosis
from ann_dashboard.equations.steps import steps
from ann_dashboard.film.camera import nudge_still
from ann_dashboard.film.film import Film
from ann_dashboard.film.page import bundle, style
from ann_dashboard.film.wire import (
    Answer,
    DiagnosisAnswer,
    DigitsAnswer,
    FileAnswer,
    NudgeAnswer,
    PartAnswer,
    Reel,
    StretchAnswer,
)
from ann_dashboard.views.diagram import LAYERS

MOST_BYTES = 24 * 2**20
"""Largest size of a film, stills and reel, as it is sent.

A server cuts off a page at 32 MiB unread (serving/kernels.py), and sends a page that comes back the states of
all widgets at once.
"""
SPARE = 0.9
"""Part of it that a film may fill whose size is judged by another one's."""


class TooLarge(ValueError):
    """A film cannot be sent to the page: it would never arrive."""


class FilmWidget(anywidget.AnyWidget):
    """Player, pictures and tables of a film. Moving through its frames stays in the browser.

    ``frame``: the frame the user stopped on; set it to move the picture. ``layers``: layers of the network's
    picture that are shown.
    ``stepping``: whether the steps inside the epoch are shown. ``message``: the line above the pictures; it
    travels with the number of the film that it is about, and no page shows it over another one's pictures.
    """

    _esm = bundle("film_widget")
    _css = style("film")
    pictures = traitlets.List(traitlets.Unicode()).tag(sync=True)
    reel = traitlets.Dict().tag(sync=True)
    steps = traitlets.Dict().tag(sync=True)
    walked = traitlets.Dict().tag(sync=True)
    frame = traitlets.Int(0).tag(sync=True)
    layers = traitlets.List(traitlets.Unicode(), list(LAYERS)).tag(sync=True)
    stepping = traitlets.Bool(False).tag(sync=True)
    message = traitlets.Unicode("").tag(
        sync=True,
        to_json=lambda text, widget: {"film": widget._number, "text": text},
        from_json=lambda _sent, widget: widget.message,  # a page only reads it
    )

    def __init__(self, film: Film, history: History, whole: History) -> None:
        self._number = 0
        super().__init__()
        self._downloads = Downloads(self._send_piece, self._say)
        self._exports = Exports(self._downloads, self._say)
        self.show(film, history, whole)
        self.on_msg(self._answer)

    def show(self, film: Film, history: History, whole: History) -> None:
        """Show another film, with the same or with other pictures.

        A still that was sent and has not changed is not sent again.
        ``history``: what was filmed; ``whole``: what is downloaded, the same or that of which it is the
        history by updates. Raises TooLarge, with the cure, for a film that no page would get; then all is as
        before.
        """
        reel = film.reel()
        _check_size(film, reel)
        moment = self._moment_in(film, whole) if self._number else 0
        self.film, self.history, self.whole = film, history, whole
        self._number += 1
        with self.hold_sync():
            for name, still in film.stills.items():
                if not self.has_trait(f"still_{name}"):
                    self.add_traits(**{f"still_{name}": traitlets.Unicode().tag(sync=True)})
                setattr(self, f"still_{name}", still)
            self.pictures = list(film.stills)
            self.reel = {**reel, "number": self._number}
            self._show_steps()
            self.go_to(moment)

    def go_to(self, epoch: int) -> None:
        """Show an epoch, or an update in a film by updates; the nearest where it is not recorded."""
        self.frame = _nearest(self.film, epoch)

    def _moment_in(self, film: Film, whole: History) -> int:
        """The epoch or update at which another film shows what is shown now.

        It has the same number, or is the same part of the training.
        """
        number = int(self.film.epochs[self.frame])
        if self.film.counts == film.counts and (
            film.counts == "epoch" or self.whole.update_count(0) == whole.update_count(0)
        ):
            return number
        epoch = number if self.film.counts == "epoch" else int(self.whole.recorded_states[0][number])
        return epoch if film.counts == "epoch" else int(np.searchsorted(whole.recorded_states[0], epoch))

    @traitlets.observe("stepping")
    def _load_the_steps(self, change: dict[str, Any]) -> None:
        if change["new"] and self.walked.get("film") != self._number:
            with self.hold_sync():
                self._show_steps()

    def _show_steps(self) -> None:
        """The steps inside each epoch of the film that is shown, where they are open.

        They are described once a network; their numbers come with them, or when they are asked for.
        """
        self.steps = {**self.film.steps()} if self.stepping else {}
        self.walked = {**self.film.walked(), "film": self._number} if self.stepping else {}

    @traitlets.validate("frame")
    def _frame_of_the_film(self, proposal: dict[str, Any]) -> int:
        return max(0, min(proposal["value"], len(self.film.epochs) - 1))

    @traitlets.validate("layers")
    def _known_layers(self, proposal: dict[str, Any]) -> list[str]:
        return [layer for layer in LAYERS if layer in proposal["value"]]

    def _answer(self, _widget: "FilmWidget", request: Any, _buffers: Any) -> None:
        """Send what the page asks for, one of `wire.Request`.

        What is no such request, or belongs to a film that is not shown any more, gets no answer or no file.
        """
        match request:
            case {"want": "alive"}:
                self.send({"kind": "alive"})
            case {"want": "more", "request": str(name), "have": int(have)}:
                self._downloads.more(name, have)
            case {"want": "stop", "request": str(name)}:
                self._exports.stop(name)
            case {"want": "file", "request": str(name)} if self._exports.again(name):
                pass  # it is on its way
            case {"film": self._number, "frame": int(frame), **asked} if 0 <= frame < len(self.film.epochs):
                match asked:
                    case {"want": "file", "request": str(name), "format": str(kind)}:
                        self._exports.start(
                            name, kind, self.film, self.whole, frame, self.layers, steps=self.stepping
                        )
                    case {"want": str(wanted)} if (answer := self._about(wanted, frame, asked)) is not None:
                        self.send(answer)
            case {"want": "file", "request": str(name)}:
                self._say("Not exported: other pictures have come since it was asked for. Ask again.")
                self._downloads.refuse(name)

    def _say(self, text: str) -> None:
        self.message = text

    def _send_piece(self, message: FileAnswer, buffers: list[bytes]) -> None:
        self.send(message, buffers)

    def _about(self, wanted: str, frame: int, details: Mapping[object, object]) -> Answer | None:
        """A part of a long film, a stretch of its steps, or what was asked about one step.

        None for what is no such request.
        """
        match wanted, details:
            case "part", _:
                part = self.film.part(frame)
                return PartAnswer(kind="part", film=self._number, frame=frame, part=part)
            case "stretch", {"step": int(step), "described": bool(described)}:
                return self._stretch(frame, step, described=described)
            case _, {"symbol": str(symbol)}:
                return self._about_step(wanted, frame, symbol, details)
        return None

    def _stretch(self, frame: int, step: int, *, described: bool) -> Answer | None:
        """The numbers of the steps around one of them at the frames around one; None for what is no step."""
        try:
            stretch = self.film.stretch(frame, step, described=described)
        except LookupError:
            return None
        return StretchAnswer(kind="stretch", film=self._number, frame=frame, stretch=stretch)

    def _about_step(
        self, wanted: str, frame: int, symbol: str, details: Mapping[object, object]
    ) -> Answer | None:
        """A hint at a mistake, all digits of a step, or the loss around its parameter."""
        epoch, of = int(self.film.epochs[frame]), self.film.derivative_of
        every = steps(self.history, epoch, self.film.sample, of=of)
        step = next((one for one in every if one.symbol == symbol), None)
        match wanted, details:
            case _ if step is None:
                return None
            case "diagnosis", {"answer": int(answer) | float(answer), "unit": int(unit) | float(unit)}:
                hint = diagnosis(step, float(answer), unit=float(unit), derivative_of=of)
                return DiagnosisAnswer(
                    kind="diagnosis", film=self._number, frame=frame, symbol=symbol, hint=hint
                )
            case "digits", _:
                text = f"{step.substituted()} = {step.value!r}".replace("-", notation.MINUS)
                return DigitsAnswer(kind="digits", film=self._number, frame=frame, symbol=symbol, text=text)
            case "nudge", _ if step.block == "parameter":
                parameter = symbol.removeprefix(notation.derivative(""))
                svg = nudge_still(
                    self.history, epoch, parameter, sample=self.film.sample, decimals=self.film.decimals
                )
                return NudgeAnswer(kind="nudge", film=self._number, frame=frame, symbol=symbol, svg=svg)
        return None


def _nearest(film: Film, epoch: int) -> int:
    """The frame that the page stays at when another film comes: that of the epoch, or the nearest."""
    last = len(film.epochs) - 1
    if epoch >= film.epochs[-1]:
        return last
    return min(int(epoch / film.epochs[1] + 0.5), last)


def size(content: object) -> int:
    """About how many bytes a message takes as JSON, with the marks around its texts and numbers."""
    match content:
        case str():
            escaped = sum(map(content.count, ('"', "\n", "\\")))
            return len(content.encode(errors="surrogatepass")) + escaped + 4
        case Mapping():
            return 2 + sum(size(key) + size(value) for key, value in content.items())
        case list() | tuple():
            return 2 + sum(map(size, content))
    return len(str(content)) + 2


def _check_size(film: Film, reel: Reel) -> None:
    """Raise TooLarge with the cure for a film that takes more than MOST_BYTES."""
    whole, frames = size(film.stills) + size(reel), size(reel["part"])
    if whole <= MOST_BYTES:
        return
    count = reel["part"]["count"]
    fit = math.floor(count * (SPARE * MOST_BYTES - (whole - frames)) / frames)
    if fit < 2:
        cure = "take a smaller network, shorter names, or fewer pictures"
    elif film.counts == "update":
        cure = f"step by epoch, or train so few epochs that there are at most {fit} updates"
    else:
        every = film.history.training.record_every
        cure = f"choose Record every {every * math.ceil(len(film.epochs) / fit)} (Settings, Training)"
        if every == 1:  # else it may have been thinned to save memory, and fewer epochs would be thinned less
            cure = f"train at most {fit - 1} epochs, or {cure}"
    shape = "-".join(map(str, film.history.network.widths))
    what = f"the network {shape} with {len(film.epochs)} recorded {film.counts}s"
    raise TooLarge(
        f"{what} is too large for the page ({whole / 1e6:.0f} MB, at most {MOST_BYTES / 1e6:.0f}): {cure}"
    )
