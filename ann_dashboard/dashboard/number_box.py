"""A number that is typed: Python decides what the text in the box means, in every locale the same."""

import reprlib
from decimal import Decimal
from typing import Any

import anywidget
import ipywidgets as widgets
import traitlets

from ann_dashboard.data.numerals import readings, shown, typed
from ann_dashboard.film.page import bundle, style

MOST_LETTERS = 40
MOST_STEPS = 1000
"""Presses of an arrow key that can come as one."""
LARGEST_WHOLE = 10**15
"""Below it a float holds every whole number, and it is written with all its digits."""


class NumberBox(anywidget.AnyWidget):
    """A box with its description, its tooltip and its width in pixels.

    ``value``: its number; set it from Python as a person would type it. A text that is not a number leaves
    the number as it is, is refused by `number`, and stays in the box to be corrected.
    ``entry``: (number, what is wrong with the text or ""); observe it: it changes once with each entry.
    ``thing``: what a message calls it, by default its description. ``step``: what an arrow key adds or
    subtracts.
    """

    _esm = bundle("number")
    _css = style("number")
    description = traitlets.Unicode("").tag(sync=True)
    inputmode = traitlets.Unicode("decimal").tag(sync=True)
    text = traitlets.Unicode("").tag(sync=True)
    wrong = traitlets.Unicode("").tag(sync=True)
    steps = traitlets.Int(0).tag(sync=True)
    disabled = traitlets.Bool(False).tag(sync=True)
    entry = traitlets.Tuple(default_value=(None, ""))

    def __init__(
        self,
        description: str,
        tooltip: str,
        width: int,
        *,
        value: float | None,
        thing: str = "",
        step: str = "0.01",
    ) -> None:
        self._thing, self._step = thing or description, Decimal(step)
        super().__init__(description=description, tooltip=tooltip, layout=widgets.Layout(width=f"{width}px"))
        self.value = value

    @property
    def value(self) -> Any:
        """The number that was there last."""
        return self.entry[0]

    @value.setter
    def value(self, number: float | str | None) -> None:
        self.text = number if isinstance(number, str) else self._written(number)

    def number(self) -> Any:
        """The number in the box.

        Raises ValueError that names the thing, the text and the cure where the text is not a number.
        """
        if self.wrong:
            raise ValueError(self.wrong)
        return self.value

    def _read(self, text: str) -> float | None:
        """The number that a text means. Raises ValueError."""
        return typed(text, self._thing)

    def _written(self, number: float | None) -> str:
        """The text of a number."""
        return str(number) if number is None else shown(number)

    @traitlets.validate("text")
    def _short_text(self, proposal: dict[str, Any]) -> str:
        """A text that a client sends has a bounded size; cut, it is no number any more."""
        text = proposal["value"]
        return text if len(text) <= MOST_LETTERS else f"{text[:MOST_LETTERS]}…"

    @traitlets.observe("text")
    def _typed(self, change: dict[str, Any]) -> None:
        try:
            number = self._read(change["new"])
        except ValueError as error:
            self.wrong = str(error)
            self.entry = (self.value, self.wrong)
            return
        self.wrong = ""
        self.text = self._written(number)
        self.entry = (number, "")

    @traitlets.observe("steps")
    def _stepped(self, change: dict[str, Any]) -> None:
        """An arrow key was pressed, so many times since the last time."""
        presses = max(-MOST_STEPS, min(change["new"] - change["old"], MOST_STEPS))
        self.value = f"{Decimal(self._written(self.value or 0)) + presses * self._step:f}"


class WholeBox(NumberBox):
    """A box for whole numbers: 1e3 and 1000.0 are read, 1.5 is refused.

    So is 1.000, which is a thousand to some and one to others.
    """

    inputmode = traitlets.Unicode("numeric").tag(sync=True)

    def __init__(self, description: str, tooltip: str, width: int, *, value: int, thing: str = "") -> None:
        super().__init__(description, tooltip, width, value=value, thing=thing, step="1")

    def _read(self, text: str) -> int:
        found = sorted(set(readings(text).values()), reverse=True)
        problem = f"{self._thing} is {reprlib.repr(text.strip())}"
        if len(found) == 2:
            both = f"{shown(found[0])} or {shown(found[1])}"
            raise ValueError(f"{problem}, which could be {both}: give a whole number without point and comma")
        if not found or not found[0].is_integer() or abs(found[0]) >= LARGEST_WHOLE:
            raise ValueError(f"{problem}: give a whole number such as {self._written(self.value or 1)}")
        return int(found[0])


class OptionalBox(NumberBox):
    """A box that may be empty: its number is None then."""

    def _read(self, text: str) -> float | None:
        if not text.strip():
            return None
        try:
            return super()._read(text)
        except ValueError as error:
            raise ValueError(f"{error}, or nothing") from None

    def _written(self, number: float | None) -> str:
        return "" if number is None else super()._written(number)
