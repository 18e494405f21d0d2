"""Editor: a group of controls that a hand changes, or that show what is there without anybody being told."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import ipywidgets as widgets

from ann_dashboard.dashboard.controls import row, unscrolled
from ann_dashboard.dashboard.number_box import NumberBox


class Editor(widgets.VBox):
    """Rows of controls. ``edited`` is called when a hand has changed one of those that are watched."""

    def __init__(self, *rows: tuple[widgets.Widget, ...]) -> None:
        super().__init__([row(*controls) for controls in rows], layout=unscrolled())
        self.edited: Callable[[], None] = lambda: None
        self._following = False

    def watch(self, *controls: widgets.Widget) -> None:
        """Take a change of these controls' values as an edit."""
        for control in controls:
            control.observe(self._changed, "entry" if isinstance(control, NumberBox) else "value")

    @contextmanager
    def following(self) -> Iterator[None]:
        """Within it the controls are set to what is there, and that is no edit."""
        before, self._following = self._following, True
        try:
            yield
        finally:
            self._following = before

    def _changed(self, _change: object) -> None:
        if not self._following:
            self.edited()
