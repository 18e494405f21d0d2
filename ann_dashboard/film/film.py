"""Film: pictures of a training as SVG, drawn once, and what changes in them from frame to frame.

A frame is one recorded epoch. Every artist that shows a symbol has it as its gid; a film has, for each gid
that changes, its text, offset, line width or dash at every frame. All of it is formatted here; the browser
only shows frame i. The same film is a notebook's widget and a page of its own.
"""

import io
import itertools
import math
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from os import PathLike
from typing import NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from ann_dashboard import checks
from ann_dashboard.engine.history import History, recorded
from ann_dashboard.film import page, wire
from ann_dashboard.film.step_texts import Walk
from ann_dashboard.film.wire import PART
from ann_dashboard.views.curves import EpochAxis

OVERVIEW = 1000
"""Frames that a film holds at once; of a longer one every k-th, and the rest comes in parts."""
STEPS_AT_ONCE = 300_000
"""Numbers of the steps inside an epoch, at all frames, up to which all are sent at once.

The lecture's 1000 epochs are 0.3 MB, made in 0.1 s.
"""
STRETCH, STRETCH_FRAMES = 25_000, 100
"""Where there are more: the numbers of a stretch, made in 10 to 50 ms, and the fewest frames that it has."""
LAYER_TITLES = {
    "weights": "Weights λ on their connections and biases b at their nodes",
    "forward": "Inputs, weighted signals, pre- and post-activations, prediction, truth and loss",
    "backward": "Derivatives of the loss at every node, weight and bias",
}


class Change(NamedTuple):
    """What changes with the frame: its values, one a frame, and how a stretch of them is written."""

    values: np.ndarray
    write: Callable[[np.ndarray], list[str]]


@dataclass(frozen=True, eq=False, kw_only=True)
class Film:
    """Pictures and all their frames.

    ``history``: what was filmed. ``stills``: picture name -> SVG.
    ``epochs`` (frames,): epoch of each frame; ``counts``: "epoch", or "update" where each frame is one.
    ``changes``: channel -> gid -> Change, the channels are those of frontend/src/channels.ts.
    ``scenes``: what changes in the panels; each gives for a slice of the frames channel -> gid -> values, one
    a frame, or fewer where the last one holds.
    ``beside``: panel's name -> draws it as a figure at an epoch, to take away.
    ``titles``: picture name -> its title and what it shows, where a picture does not say so itself.
    ``fixed``: picture name -> channel ("text", "move", "d") -> gid -> what a training changes once in a still
    that was drawn before it.
    ``layers``: layer -> symbols of the network's picture. ``speech``: picture name -> its description, with
    {symbol} where a number belongs.
    ``table``: what the tables beside the pictures list. ``walk``: the steps inside every epoch.
    ``derivative_of``: "L", or "P" where −∂L/∂· is shown as ∂P/∂·. ``decimals``, ``sample``: decimals that are
    shown, and of which sample.
    ``epoch_axis``: that of the curves.
    ``showing``: how the network's picture is shown, layers together or in turns, beside the curves or across
    the page; see views.diagram.
    """

    history: History
    stills: Mapping[str, str]
    epochs: np.ndarray
    counts: str
    changes: Mapping[str, Mapping[str, Change]]
    fixed: Mapping[str, Mapping[str, Mapping[str, str]]]
    layers: Mapping[str, tuple[str, ...]]
    speech: Mapping[str, str]
    table: wire.Table
    walk: Walk
    scenes: Sequence[Callable[[slice], Mapping[str, Mapping[str, list[str]]]]]
    beside: Mapping[str, Callable[[int], Figure]]
    titles: Mapping[str, tuple[str, str]]
    derivative_of: str
    decimals: int
    sample: int
    epoch_axis: EpochAxis
    showing: wire.Showing

    def part(self, first: int, *, count: int = PART, step: int = 1) -> wire.Part:
        """The frames first, first + step, ..., at most ``count``.

        Raises LookupError for a frame that does not exist.
        """
        if not 0 <= first < len(self.epochs):
            raise LookupError(f"frame {first} does not exist: choose 0 to {len(self.epochs) - 1}")
        frames = slice(first, min(first + count * step, len(self.epochs)), step)
        channels: dict[str, dict[str, str]] = {
            channel: {
                gid: _joined(change.write(until_it_stays(change.values[frames])))
                for gid, change in changes.items()
            }
            for channel, changes in self.changes.items()
        }
        for scene in self.scenes:
            for channel, changes in scene(frames).items():
                channels.setdefault(channel, {}).update(
                    {gid: _joined(values) for gid, values in changes.items()}
                )
        return {
            "first": first,
            "step": step,
            "count": len(range(*frames.indices(len(self.epochs)))),
            "channels": channels,
        }

    def frame_of(self, epoch: int) -> int:
        """The frame of an epoch.

        Raises LookupError for an epoch that is not recorded, TypeError or ValueError for what is not a whole
        number from 0.
        """
        frame = int(
            np.searchsorted(
                self.epochs, min(checks.whole("epoch", epoch, least=0, most=math.inf), checks.LARGEST_WHOLE)
            )
        )
        if frame == len(self.epochs) or self.epochs[frame] != epoch:
            raise LookupError(
                f"{self.counts} {checks.told(epoch)} is not recorded: choose {recorded(self.epochs)}"
            )
        return frame

    def steps(self, *, whole: bool = False) -> wire.Steps:
        """The steps inside every epoch, the same for all trainings of a network.

        Each is described at once, or in outline where there are many; those in outline are described by the
        stretches of `walked`. ``whole``: all are described, however many there are.
        """
        if self.walk.refusal:
            return {"identity": "", "list": []}
        outline = self.walk.outline()
        if not (whole or self._all_at_once):
            return {"identity": self.walk.identity, "list": outline}
        described = zip(outline, self.walk.described(), strict=True)
        return {"identity": self.walk.identity, "list": [wire.Step(**one, **more) for one, more in described]}

    def walked(self, *, whole: int = 0) -> wire.Walked:
        """How the numbers of the steps come, or why they do not.

        All stretches come at once, or each when it is asked for. ``whole``: all at once, with so many frames
        each.
        """
        if self.walk.refusal:
            return {"refusal": self.walk.refusal, "frames": 1, "borders": [0], "stretches": []}
        if whole:
            starts = range(0, len(self.epochs), whole)
            stretches = [
                self.stretch_of(range(first, min(first + whole, len(self.epochs)))) for first in starts
            ]
            return {"refusal": "", "frames": whole, "borders": [0], "stretches": stretches}
        stretches = [self.stretch(0, 0)] if self._all_at_once else []
        return {
            "refusal": "",
            "frames": self._stretch_frames,
            "borders": self._borders,
            "stretches": stretches,
        }

    def stretch(self, frame: int, step: int, *, described: bool = True) -> wire.Stretch:
        """The numbers of the steps around a given one at the frames around a given one.

        ``described``: whether the browser has the steps described; else they come, too.
        Raises LookupError for a frame or a step that does not exist.
        """
        if self.walk.refusal or not (0 <= frame < len(self.epochs) and 0 <= step < len(self.walk.sizes)):
            raise LookupError(f"step {step} at frame {frame} does not exist")
        first = frame - frame % self._stretch_frames
        frames = range(first, min(first + self._stretch_frames, len(self.epochs)))
        border = bisect_right(self._borders, step)
        steps = slice(self._borders[border - 1], [*self._borders, len(self.walk.sizes)][border])
        found = self.stretch_of(frames, steps)
        if not described:
            found["steps"] = self.walk.described(steps)
        return found

    def stretch_of(self, frames: range, steps: slice = slice(None)) -> wire.Stretch:
        """The numbers of some steps at a stretch of the frames.

        They are worked out for a few steps at a time, in little memory.
        """
        first, last, _ = steps.indices(len(self.walk.sizes))
        texts: dict[str, str] = {}
        for few in _slices(self.walk.sizes[first:last], STEPS_AT_ONCE // len(frames), start=first):
            texts |= {
                gid: _joined(column)
                for gid, column in self.walk.texts(slice(frames.start, frames.stop), few).items()
            }
        return {"first": frames.start, "count": len(frames), "from": first, "to": last, "texts": texts}

    @cached_property
    def _all_at_once(self) -> bool:
        return sum(self.walk.sizes) * len(self.epochs) <= STEPS_AT_ONCE

    @cached_property
    def _stretch_frames(self) -> int:
        """Frames of a stretch: as many as all steps have room for, or so many that the steps are divided."""
        if self._all_at_once:
            return len(self.epochs)
        return min(max(STRETCH_FRAMES, STRETCH // sum(self.walk.sizes)), len(self.epochs))

    @cached_property
    def _borders(self) -> list[int]:
        """The first step of each stretch."""
        most = STEPS_AT_ONCE if self._all_at_once else STRETCH
        return [steps.start for steps in _slices(self.walk.sizes, most // self._stretch_frames)]

    def reel(self) -> wire.Reel:
        """The film without its stills and the steps, with the frames that are sent at once."""
        step = -(-len(self.epochs) // OVERVIEW) if len(self.epochs) > OVERVIEW + 1 else 1
        every = int(self.epochs[1]) if len(self.epochs) > 1 else 1
        return {
            "epochs": {
                "count": len(self.epochs),
                "step": every,
                "last": int(self.epochs[-1]),
                "counts": self.counts,
            },
            "part": self.part(0, count=len(self.epochs), step=step),
            "fixed": self.fixed,
            "showing": self.showing,
            "layers": {
                name: {"title": LAYER_TITLES[name], "symbols": symbols}
                for name, symbols in self.layers.items()
            },
            "speech": self.speech,
            "titles": self.titles,
            "table": self.table,
        }

    def to_html(self, path: str | PathLike[str], *, title: str = "") -> None:
        """Write the film as one page that needs no server, no kernel and no network.

        It has the slider, Play, the arrow keys, the tables, the steps and the CSV. It opens at the state in
        its address, ``?epoch=12&show=weights&steps=yes``. Of several films `page.to_html` makes one page.
        """
        page.to_html(path, {"": self}, title=title)


def svg(figure: Figure, name: str) -> str:
    """A figure as an SVG element that fills its container.

    Every id in it begins with the picture's name, so that two pictures can share a page.
    """
    written = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": name}):
        figure.savefig(
            written,
            format="svg",
            metadata={"Date": None, "Creator": None, "Format": None, "Type": None},
            transparent=True,
        )
    text = written.getvalue()
    text = re.sub(r"<!--.*?-->", "", text[text.index("<svg") :], flags=re.DOTALL)
    text = re.sub(
        r'^(<svg [^>]*?)\s(?:width|height)="[^"]*"',
        r"\1",
        re.sub(r'^(<svg [^>]*?)\s(?:width|height)="[^"]*"', r"\1", text),
    )
    text = re.sub(r'\bid="', f'id="{name}/', text)
    text = re.sub(r'(href="#|url\(#)', rf"\g<1>{name}/", text)
    text = re.sub(r'\bd="[^"]*"', lambda data: re.sub(r"(?<=\.\d\d)\d+", "", data[0]), text)
    return re.sub(r"\s*\n\s*", " ", text).replace("> <", "><")


def until_it_stays(values: np.ndarray) -> np.ndarray:
    """The values (frames, ...) up to the first after which nothing changes: the last one holds to the end."""
    other = np.flatnonzero((values != values[-1]).reshape(len(values), -1).any(axis=1))
    return values[: other[-1] + 2] if len(other) else values[:1]


def _slices(sizes: Sequence[int], most: int, *, start: int = 0) -> Iterator[slice]:
    """Cuts what has these sizes, counted from a start, into stretches of at most so much together.

    What is larger alone is a stretch of its own.
    """
    first, total = start, 0
    for place, size in enumerate(sizes, start=start):
        if place > first and total + size > most:
            yield slice(first, place)
            first, total = place, 0
        total += size
    yield slice(first, start + len(sizes))


def _joined(texts: list[str]) -> str:
    """Texts joined by "|", empty where one repeats the text before it, up to the last that differs."""
    return "|".join(
        [texts[0], *("" if text == before else text for before, text in itertools.pairwise(texts))]
    ).rstrip("|")
