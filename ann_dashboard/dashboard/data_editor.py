"""DataEditor: a CSV file of the visitor's own, or the samples that are there, edited by hand."""

import html
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import numpy as np

from ann_dashboard import tables
from ann_dashboard.dashboard.controls import labelled, row, show, unscrolled, worded
from ann_dashboard.dashboard.number_box import NumberBox, WholeBox
from ann_dashboard.dashboard.table_widget import MOST_CELLS, FileWidget, TableWidget, number
from ann_dashboard.data import Dataset
from ann_dashboard.notation import MINUS

if TYPE_CHECKING:
    import pandas as pd

SCALES = {"−1 to 1": (-1, 1), "0 to 1": (0, 1), "as given": None}
RESPONSE_SCALES = {"like predictors": None, "−1 to 1": (-1, 1), "0 to 1": (0, 1)}
MOST_ROWS_BY_HAND = 60
MOST_LINES = 12


class DataEditor(widgets.VBox):
    """Reads a file, lets its columns be chosen, and shows what was scaled and encoded; shows a small table to edit.

    ``take`` is called with each new Dataset; a ValueError or TypeError that it raises is shown here, and what was there stays.
    """

    def __init__(self) -> None:
        megabytes = f"{tables.MOST_BYTES / 1e6:g} MB"
        tooltip = f"A CSV file with one sample a row and a header line, at most {megabytes} and {tables.MOST_ROWS} rows"
        self.file = FileWidget(label="Open a CSV file", hint=tooltip, accept=".csv,.txt,.tsv,text/csv", most_bytes=tables.MOST_BYTES)
        several = "hold Ctrl or Shift to choose several"
        self.predictors = labelled(widgets.SelectMultiple, "Predictors", f"Columns at the input nodes; {several}", 300, rows=5)
        self.responses = labelled(widgets.SelectMultiple, "Responses", f"Columns at the output nodes; {several}", 300, rows=5)
        self.scale = labelled(widgets.Dropdown, "Scale to", "What numbers are scaled to, fitted on the training part", 190, options=list(SCALES))
        tooltip = "What numbers of the responses are scaled to; 0 to 1 for a response that is 0 or 1, and so a class"
        self.response_scale = labelled(widgets.Dropdown, "Responses to", tooltip, 230, options=list(RESPONSE_SCALES))
        self.test_fraction = NumberBox("Test part", "Share of the rows held out to test, 0 to below 1", 150, value=0.2, step="0.05")
        self.seed = WholeBox("Split seed", "Seed of the draw of the test part", 150, value=3)
        self.use = widgets.Button(description="Train on it", tooltip="Train on the chosen columns of this file")
        self.found = widgets.HTML()
        self.description = widgets.HTML()
        self.message = widgets.HTML()
        self.table = TableWidget(label="Samples, in original units", grows=True)
        self._choice = row(self.predictors, self.responses, widgets.VBox([self.scale, self.response_scale, self.test_fraction, self.seed]), self.use)
        super().__init__([row(self.file, self.found), self._choice, self.message, self.description, self.table], layout=unscrolled())
        show(self._choice, False)
        self.take: Callable[[Dataset], None] = lambda data: None
        self._frame: pd.DataFrame | None = None
        self._data: Dataset | None = None
        self._following = False
        self.file.observe(self._read, "content")
        self.responses.observe(self._suit_response_scale, "value")
        labels = {"test_fraction": self.test_fraction.description, "seed": self.seed.description}
        for box in (self.test_fraction, self.seed):
            box.observe(self._say_of_entry, "entry")
        self.use.on_click(lambda _: self._told(self._take_columns, labels))
        self.table.observe(lambda _: self._following or self._told(self._take_rows), "rows")

    def show(self, data: Dataset) -> None:
        """Show the samples that are there, in original units."""
        if data is self._data:
            return
        self._data = data
        lines = [re.sub(r"(?<!\w)-(?=\d)", MINUS, html.escape(line).replace("-&gt;", "→")) for line in data.description]
        middle = [f"and {len(lines) - MOST_LINES} more"] if len(lines) > MOST_LINES else []
        self.description.value = "; ".join([*lines[:-1][:MOST_LINES], *middle, lines[-1]]) + "."
        labels = [column.label for column in (*data.predictors, *data.responses)]
        small = len(data) <= MOST_ROWS_BY_HAND and len(data) * len(labels) <= MOST_CELLS
        show(self.table, small)
        if small:
            self._following = True
            try:
                self.table.show([_shortened(label) for label in labels], [f"sample {place}" for place in range(len(data))], _texts(data))
            finally:
                self._following = False

    def _told(self, act: Callable[[], Dataset], labels: Mapping[str, str] = MappingProxyType({})) -> None:
        """Do it, and hand the data on; what is wrong is said here, with the labels of the controls that it is about."""
        try:
            self.take(act())
        except (ValueError, TypeError) as error:
            self.message.value = f"<b>Not taken:</b> {html.escape(worded(str(error), labels))}. What was there stays."
        else:
            self.message.value = ""

    def _read(self, change: dict[str, Any]) -> None:
        """A file was chosen: offer its columns."""
        if change["new"] is None:
            return
        name, size, content = change["new"]
        try:
            if content is None:
                raise ValueError(f"it has {size / 1e6:,.1f} MB, the most is {tables.MOST_BYTES / 1e6:g} MB: leave out rows or columns")
            frame = tables.read_table(content)
        except (ValueError, TypeError) as error:
            self.message.value = f"<b>{html.escape(name)} was not read:</b> {html.escape(str(error))}. What was there stays."
            return
        self._frame = frame
        names = list(frame.columns)
        self.predictors.value = self.responses.value = ()  # the page cannot take away columns that are chosen
        self.predictors.options = self.responses.options = names
        self.predictors.value, self.responses.value = names[:-1], names[-1:]
        self.found.value = f"{html.escape(name)}: {len(frame)} rows, {len(names)} columns. Choose predictors and responses, then train on it."
        self.message.value = ""
        show(self._choice, True)

    def _say_of_entry(self, change: dict[str, Any]) -> None:
        """What is wrong with a number that was typed, before anything is trained on it."""
        wrong = change["new"][1]
        self.message.value = f"<b>Not a number:</b> {html.escape(wrong)}." if wrong else ""

    def _suit_response_scale(self, _change: Any) -> None:
        """A response that is 0 or 1 stays so."""
        chosen = [self._frame[name] for name in self.responses.value] if self._frame is not None else []
        classes = bool(chosen) and all(column.isin((0, 1)).all() for column in chosen)
        self.response_scale.value = "0 to 1" if classes else "like predictors"

    def _take_columns(self) -> Dataset:
        if self._frame is None:
            raise ValueError("there is no file yet: open one first")
        return Dataset.from_frame(
            self._frame,
            predictors=self.predictors.value,
            responses=self.responses.value,
            scale=SCALES[self.scale.value],
            response_scale=RESPONSE_SCALES[self.response_scale.value],
            test_fraction=self.test_fraction.number(),
            seed=self.seed.number(),
        )

    def _take_rows(self) -> Dataset:
        """The data that are there with the numbers of the table; a number that nobody touched keeps every digit."""
        data, rows = self._data, self.table.rows
        if data is None:
            raise ValueError("there are no data yet: take an example first")
        before, kept = _texts(data), np.hstack([data.x, data.y])
        columns = (*data.predictors, *data.responses)
        values = np.empty((len(rows), len(columns)))
        for sample, (texts, was) in enumerate(zip(rows, _places_before(rows, before), strict=True)):
            for place, (column, text) in enumerate(zip(columns, texts, strict=True)):
                if was is not None and text == before[was][place]:
                    values[sample, place] = kept[was, place]
                else:
                    values[sample, place] = column.scaled(number(text, f"{column.label} of sample {sample}"))
        x, y = np.split(values, [len(data.predictors)], axis=1)
        return Dataset(x, y, predictors=data.predictors, responses=data.responses, classes=data.classes, test=data.test)


def _places_before(rows: list[list[str]], before: list[list[str]]) -> list[int | None]:
    """Where each row of a table was before it was edited: in its place, or, where a row came or went, wherever it is the same; None if it is new."""
    if len(rows) == len(before):
        return list(range(len(rows)))
    free = {tuple(texts): [place for place, other in enumerate(before) if other == texts][::-1] for texts in before}
    return [free[key].pop() if free.get(key := tuple(texts)) else None for texts in rows]


def _texts(data: Dataset) -> list[list[str]]:
    """The samples in original units as short texts, row by row."""
    return [[f"{value:.6g}" for value in values] for values in np.hstack([data.x_original(), data.y_original()]).tolist()]


def _shortened(label: str) -> str:
    return label if len(label) <= 24 else f"{label[:23]}…"
