"""How every control of the dashboard looks: a description, a tooltip, a width."""

import re
from collections.abc import Mapping
from typing import Any, Protocol

import ipywidgets as widgets


class Described(Protocol):
    """What stands in a catalogue."""

    @property
    def description(self) -> str:
        """What it is, for a person who chooses it."""


def labelled(kind: type[widgets.Widget], description: str, tooltip: str, width: int, **settings: Any) -> Any:
    """A control with its description, its tooltip and its width in pixels."""
    layout = widgets.Layout(width=f"{width}px")
    return kind(
        description=description,
        tooltip=tooltip,
        style={"description_width": "initial"},
        layout=layout,
        **settings,
    )


def describe(choice: widgets.Dropdown, catalogue: Mapping[str, Described]) -> None:
    """Let the tooltip of a choice from a catalogue describe what is chosen, too."""
    tooltip = choice.tooltip

    def follow(_change: object = None) -> None:
        choice.tooltip = f"{tooltip}: {catalogue[choice.value].description}"

    choice.observe(follow, "value")
    follow()


def worded(sentence: str, labels: Mapping[str, str]) -> str:
    """A sentence that names arguments of Python with the labels of their controls: "batch_size is 0" becomes
    "Batch is 0".
    """
    if not labels:
        return sentence
    names = "|".join(map(re.escape, labels))
    return re.sub(
        rf"(?<![\w'])({names})\b(=?)", lambda name: labels[name[1]] + (" " if name[2] else ""), sentence
    )


def row(*controls: widgets.Widget) -> widgets.Box:
    """Controls beside each other, as many as fit on a line."""
    return widgets.Box(controls, layout=unscrolled(flex_flow="row wrap", align_items="center"))


def unscrolled(**settings: str) -> widgets.Layout:
    """The layout of a box that never scrolls by itself."""
    return widgets.Layout(overflow="visible", **settings)


def show(control: widgets.Widget, shown: bool) -> None:
    """Show a control, or take it off the page."""
    control.layout.display = None if shown else "none"
