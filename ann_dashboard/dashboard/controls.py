"""How every control of the dashboard looks: a description, a tooltip, a width."""

from collections.abc import Mapping
from typing import Any, Protocol

import ipywidgets as widgets

from ann_dashboard.checks import InputError


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


def worded(error: Exception, labels: Mapping[str, str]) -> str:
    """What an error says, with the label of its control for the wrong thing: "Batch is 0" for batch_size.

    ``labels``: the label of each control by the name in Python of what it sets.
    """
    if isinstance(error, InputError) and error.thing in labels:
        return error.named(labels[error.thing])
    return str(error)


def row(*controls: widgets.Widget) -> widgets.Box:
    """Controls beside each other, as many as fit on a line."""
    return widgets.Box(controls, layout=unscrolled(flex_flow="row wrap", align_items="center"))


def unscrolled(**settings: str) -> widgets.Layout:
    """The layout of a box that never scrolls by itself."""
    return widgets.Layout(overflow="visible", **settings)


def show(control: widgets.Widget, shown: bool) -> None:
    """Show a control, or take it off the page."""
    control.layout.display = None if shown else "none"
