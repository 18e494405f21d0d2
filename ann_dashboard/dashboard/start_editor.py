"""StartEditor: the start value of every weight and bias, drawn or given."""

import html
from collections.abc import Callable, Mapping

import ipywidgets as widgets

from ann_dashboard import notation
from ann_dashboard.dashboard.controls import row, unscrolled
from ann_dashboard.dashboard.table_widget import TableWidget, number
from ann_dashboard.engine.network import Network
from ann_dashboard.engine.training import Training


class StartEditor(widgets.VBox):
    """A table of start values. ``take`` is called with the values that are given in place of the drawn ones;
    what it raises is shown here.
    """

    def __init__(self) -> None:
        self.table = TableWidget(label="Start values")
        self.drawn = widgets.Button(
            description="Draw all again",
            tooltip="Leave out every given value and take those drawn for the seed",
        )
        self.given = widgets.HTML()
        self.message = widgets.HTML()
        super().__init__([row(self.drawn, self.given), self.message, self.table], layout=unscrolled())
        self.take: Callable[[Mapping[str, float]], None] = lambda start: None
        self._parameters: tuple[str, ...] = ()
        self._texts: list[str] = []
        self._start: dict[str, float] = {}
        self._following = False
        self.drawn.on_click(lambda _: self._told({}))
        self.table.observe(self._edited, "rows")

    def show(self, network: Network, training: Training) -> None:
        """Show the start values of a training that is there."""
        values = training.start_of(network)
        self._parameters, self._start = network.parameters, dict(training.start or {})
        self._texts = [f"{value:.9g}" for value in values.values()]
        given = ", ".join(notation.form(symbol).html for symbol in self._start)
        others = "; the others are drawn" if len(self._start) < len(values) else ""
        self.given.value = (
            f"given: {given}{others}"
            if given
            else f"all drawn with seed {training.seed}, {training.initialiser}"
        )
        self._following = True
        try:
            names = [notation.form(symbol).plain for symbol in self._parameters]
            self.table.show(["start value"], names, [[text] for text in self._texts])
        finally:
            self._following = False

    def _edited(self, _change: object) -> None:
        if self._following:
            return
        try:
            changed = {
                symbol: number(text, f"the start of {notation.form(symbol).plain}")
                for symbol, (text,), before in zip(
                    self._parameters, self.table.rows, self._texts, strict=True
                )
                if text != before
            }
        except ValueError as error:
            self.message.value = f"<b>Not taken:</b> {html.escape(str(error))}."
            return
        self._told(self._start | changed)

    def _told(self, start: Mapping[str, float]) -> None:
        try:
            self.take(start)
        except (ValueError, TypeError) as error:
            self.message.value = f"<b>Not taken:</b> {html.escape(str(error))}. What was there stays."
        else:
            self.message.value = ""
