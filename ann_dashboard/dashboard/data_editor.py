"""DataEditor: a CSV file of the visitor's own, or the samples that are there, edited by hand."""

import html
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import numpy as np

from ann_dashboard import checks
from ann_dashboard.dashboard.controls import labelled, row, show, unscrolled, worded
from ann_dashboard.dashboard.number_box import NumberBox, WholeBox
from ann_dashboard.dashboard.table_widget import MOST_CELLS, FileWidget, TableWidget, number
from ann_dashboard.data import advice, csv_files
from ann_dashboard.data.cells import Doubt
from ann_dashboard.data.dataset import Dataset
from ann_dashboard.notation import MINUS
from ann_dashboard.words import counted

if TYPE_CHECKING:
    import pandas as pd

SCALES = {"−1 to 1": (-1, 1), "0 to 1": (0, 1), "as given": None}
RESPONSE_SCALES = {"like predictors": None, "−1 to 1": (-1, 1), "0 to 1": (0, 1)}
DECIMALS = {"found out": None, "point": ".", "comma": ","}
KINDS = ("numbers", "classes")
GAPS = {"refuse": "refuse", "leave the rows out": "drop", "fill in the mean": "fill"}
MOST_ROWS_BY_HAND = 60
MOST_LINES = 12

WORDS = (
    (
        r", or leave these rows out \(missing_rows='fill' or 'drop'\)",
        ", or choose in Missing values to fill them in or to leave the rows out",
    ),
    (r"read the file with missing=\[\]", "take it out of Missing words"),
    (r"read the file with decimal='\.' or decimal=','", "choose it in Decimal sign"),
    (r"say categories=\[.*\]", "choose classes in Responses as"),
)
"""What the cures for Python are on the page."""

APART = "<br> "
"""What stands between sentences: each begins a line, for five of them in one paragraph are read by nobody."""

GUESSED = {
    "header": "it is taken as one. Tick <b>First line holds names</b> if it holds names.",
    "title": "it is left out. Set <b>Lines to skip</b> to 0 if it holds names.",
    "titles": "they are left out. Set <b>Lines to skip</b> to 0 if the names stand there.",
}
"""What was done with a line at the top, and how it is undone."""


class DataEditor(widgets.VBox):
    """Reads a file, lets its columns be chosen, and shows what was scaled and encoded; shows a small table to
    edit.

    ``take`` is called with each new Dataset; a ValueError or TypeError that it raises is shown here, and what
    was there stays.
    """

    def __init__(self) -> None:
        megabytes = f"{csv_files.MOST_BYTES / 1e6:g} MB"
        most = f"at most {megabytes} and {csv_files.MOST_ROWS} rows"
        tooltip = f"A CSV file with one sample a row and a line of names above them, {most}"
        accepted = ".csv,.txt,.tsv,.data,.dat,text/csv"
        self.file = FileWidget(
            label="Open a CSV file", hint=tooltip, accept=accepted, most_bytes=csv_files.MOST_BYTES
        )
        tooltip = (
            "Whether the first line of the file holds the names of the columns; else it is the first sample"
        )
        self.header = labelled(
            widgets.Checkbox, "First line holds names", tooltip, 200, indent=False, value=True
        )
        self.skip = WholeBox("Lines to skip", "Lines to leave out at the top of the file", 150, value=0)
        self.decimal = labelled(
            widgets.Dropdown,
            "Decimal sign",
            "What stands before the decimals in the file",
            210,
            options=list(DECIMALS),
        )
        tooltip = (
            "Words that stand for a missing value, with commas between them; an empty cell always is one"
        )
        words = ", ".join(csv_files.MISSING)
        self.missing = labelled(
            widgets.Text, "Missing words", tooltip, 380, value=words, continuous_update=False
        )
        several = "hold Ctrl or Shift to choose several"
        self.predictors = labelled(
            widgets.SelectMultiple, "Predictors", f"Columns at the input nodes; {several}", 300, rows=5
        )
        self.responses = labelled(
            widgets.SelectMultiple, "Responses", f"Columns at the output nodes; {several}", 300, rows=5
        )
        tooltip = (
            "Whether numbers of the responses are predicted as numbers, or each number is a class of its own"
        )
        self.response_kind = labelled(widgets.Dropdown, "Responses as", tooltip, 260, options=list(KINDS))
        self.scale = labelled(
            widgets.Dropdown,
            "Scale to",
            "What numbers are scaled to, fitted on the training part",
            260,
            options=list(SCALES),
        )
        tooltip = "What numbers of the responses are scaled to; 0 to 1 for a response that is 0 or 1, a class"
        self.response_scale = labelled(
            widgets.Dropdown, "Responses to", tooltip, 260, options=list(RESPONSE_SCALES)
        )
        tooltip = (
            "What is done with a row that has no value in a chosen column; a response is never filled in"
        )
        self.missing_rows = labelled(widgets.Dropdown, "Missing values", tooltip, 250, options=list(GAPS))
        self.test_fraction = NumberBox(
            "Test part", "Share of the rows held out to test, 0 to below 1", 150, value=0.2, step="0.05"
        )
        self.seed = WholeBox("Split seed", "Seed of the draw of the test part", 150, value=3)
        self.use = widgets.Button(
            description="Train on it", tooltip="Train on the chosen columns of this file"
        )
        self.found = widgets.HTML()
        self.notes = widgets.HTML()
        self.advice = widgets.HTML()
        self.description = widgets.HTML()
        self.message = widgets.HTML()
        self.table = TableWidget(label="Samples, in original units", grows=True)
        self._reading = row(self.header, self.skip, self.decimal, self.missing)
        encoded = widgets.VBox([self.scale, self.response_scale, self.response_kind])
        split = widgets.VBox([self.missing_rows, self.test_fraction, self.seed])
        self._choice = row(self.predictors, self.responses, encoded, split, self.use)
        told = [self.notes, self._choice, self.advice, self.message, self.description]
        super().__init__([row(self.file, self.found), self._reading, *told, self.table], layout=unscrolled())
        for shown in (self._reading, self._choice):
            show(shown, False)
        self.take: Callable[[Dataset], None] = lambda data: None
        self._file: tuple[str, bytes] | None = None
        self._frame: pd.DataFrame | None = None
        self._findings: tuple[advice.Finding, ...] = ()
        self._data: Dataset | None = None
        self._following = False
        self.file.observe(self._open, "content")
        for control in (self.header, self.decimal, self.missing):
            control.observe(self._read_again, "value")
        self.skip.observe(self._read_again, "entry")
        self.responses.observe(self._suit_response, "value")
        for control in (self.predictors, self.responses, self.response_kind):
            control.observe(self._advise, "value")
        labels = {"test_fraction": self.test_fraction.description, "seed": self.seed.description}
        for box in (self.test_fraction, self.seed):
            box.observe(self._say_of_entry, "entry")
        self.use.on_click(lambda _: self._told(self._take_columns, labels))
        self.table.observe(self._edited, "rows")

    def _edited(self, _change: object) -> None:
        """A number of the table was changed by hand."""
        if not self._following:
            self._told(self._take_rows)

    def show(self, data: Dataset) -> None:
        """Show the samples that are there, in original units."""
        if data is self._data:
            return
        self._data = data
        lines = [
            re.sub(r"(?<!\w)-(?=\d)", MINUS, html.escape(line).replace("-&gt;", "→"))
            for line in data.description
        ]
        middle = [f"and {len(lines) - MOST_LINES} more"] if len(lines) > MOST_LINES else []
        said = f"{self.notes.value} {self.advice.value}"
        notes = [sentence for note in data.notes if (sentence := _sentence(note)) not in said]
        self.description.value = " ".join(
            ["; ".join([*lines[:-1][:MOST_LINES], *middle, lines[-1]]) + ".", *notes]
        )
        labels = [column.label for column in (*data.predictors, *data.responses)]
        small = len(data) <= MOST_ROWS_BY_HAND and len(data) * len(labels) <= MOST_CELLS
        show(self.table, small)
        if small:
            self._following = True
            try:
                self.table.show(
                    [_shortened(label) for label in labels],
                    [f"sample {place}" for place in range(len(data))],
                    _texts(data),
                )
            finally:
                self._following = False

    def _told(self, act: Callable[[], Dataset], labels: Mapping[str, str] = MappingProxyType({})) -> None:
        """Do it, and hand the data on; what is wrong is said here, with the labels of the controls that it is
        about.
        """
        try:
            self.take(act())
        except (ValueError, TypeError) as error:
            why = html.escape(_on_the_page(worded(error, labels)))
            self.message.value = f"<b>Not taken:</b> {why}. What was there stays."
        else:
            self.message.value = ""

    def _open(self, change: dict[str, Any]) -> None:
        """A file was chosen: read it, with what is found out about it, and offer its columns."""
        if change["new"] is None:
            return
        name, size, content = change["new"]
        self._file, self._frame = None, None
        self.found.value = self.notes.value = self.advice.value = ""
        show(self._choice, False)
        if content is None:
            self._not_read(
                name,
                f"it has {size / 1e6:,.1f} MB, the most is {csv_files.MOST_BYTES / 1e6:g} MB: "
                "leave out rows or columns",
            )
            return
        self._file = name, content
        self._follow(header=True, skip=0, decimal="found out", missing=", ".join(csv_files.MISSING))
        self._read(name, content, header=None, skip=None)

    def _read_again(self, _change: Any) -> None:
        """What is known about the file was changed by hand: read it so."""
        if self._following or self._file is None:
            return
        name, content = self._file
        try:
            skip = checks.whole(self.skip.description, self.skip.number(), least=0)
        except ValueError as error:
            self._not_read(name, str(error))
        else:
            self._read(name, content, header=self.header.value, skip=skip)

    def _read(self, name: str, content: bytes, *, header: bool | None, skip: int | None) -> None:
        words = [word.strip() for word in self.missing.value.split(",")]
        try:
            table = csv_files.read(
                content, header=header, skip=skip, decimal=DECIMALS[self.decimal.value], missing=words
            )
        except (ValueError, TypeError) as error:
            show(self._reading, True)
            self._not_read(name, str(error))
            return
        self._follow(header=table.header, skip=table.skipped)
        guesses = [f"{_sentence(doubt.found)[:-1]}: {GUESSED[_guess(doubt)]}" for doubt in table.doubts]
        cure = (
            ["Take a word out of <b>Missing words</b> where it is a category."]
            if table.frame.attrs["missing"]
            else []
        )
        self._offer(table.frame)
        self.notes.value = APART.join([*guesses, *map(_sentence, table.notes), *cure])
        rows, columns = table.frame.shape
        named = f"{html.escape(name)}: {counted(rows, 'row')}, {counted(columns, 'column')}"
        self.found.value = f"{named}. Choose predictors and responses, then train on it."
        self.message.value = ""
        for shown in (self._reading, self._choice):
            show(shown, True)

    def _offer(self, frame: "pd.DataFrame") -> None:
        """Offer the columns of a table, and choose those that are likely meant."""
        self.predictors.value = self.responses.value = ()  # the page cannot take away columns that are chosen
        self._frame, self._findings = frame, advice.findings(frame)
        self.predictors.options = self.responses.options = list(frame.columns)
        predictors, responses = advice.suggested(self._findings)
        self.responses.value = tuple(column.label for column in responses)
        self.predictors.value = tuple(column.label for column in predictors)

    def _chosen(self) -> tuple[list[advice.Finding], list[advice.Finding]]:
        """What was found in the chosen predictors and responses."""
        predictors, responses = (
            [column for column in self._findings if column.label in control.value]
            for control in (self.predictors, self.responses)
        )
        return predictors, responses

    def _follow(
        self, *, header: bool, skip: int, decimal: str | None = None, missing: str | None = None
    ) -> None:
        """Show how the file is read, without reading it again."""
        self._following = True
        try:
            self.header.value, self.skip.value = header, skip
            self.decimal.value = decimal or self.decimal.value
            self.missing.value = self.missing.value if missing is None else missing
        finally:
            self._following = False

    def _not_read(self, name: str, why: str) -> None:
        self.message.value = (
            f"<b>{html.escape(name)} was not read:</b> {html.escape(why)}. What was there stays."
        )

    def _say_of_entry(self, change: dict[str, Any]) -> None:
        """What is wrong with a number that was typed, before anything is trained on it."""
        wrong = change["new"][1]
        self.message.value = f"<b>Not a number:</b> {html.escape(wrong)}." if wrong else ""

    def _suit_response(self, _change: Any) -> None:
        """A response that is 0 or 1 stays so; numbers are numbers until they are said to be classes."""
        chosen = [self._frame[name] for name in self.responses.value] if self._frame is not None else []
        classes = bool(chosen) and all(column.isin((0, 1)).all() for column in chosen)
        self.response_scale.value = "0 to 1" if classes else "like predictors"
        self.response_kind.value = KINDS[0]

    def _advise(self, _change: Any) -> None:
        """Say what is odd about the columns that are chosen, and why others are not, before anything is
        trained.
        """
        predictors, responses = self._chosen()
        wrong = [column.unsuitable for column in (*predictors, *responses) if column.unsuitable]
        coded = responses if self.response_kind.value == KINDS[1] else []
        left_out = advice.left_out(self._findings, [*predictors, *responses])
        self.advice.value = APART.join(
            map(_sentence, (*left_out, *wrong, *advice.odd(predictors, responses, coded)))
        )

    def _take_columns(self) -> Dataset:
        if self._frame is None:
            raise ValueError("there is no file yet: open one first")
        return Dataset.from_frame(
            self._frame,
            predictors=self.predictors.value,
            responses=self.responses.value,
            categories=self.responses.value if self.response_kind.value == KINDS[1] else (),
            missing_rows=GAPS[self.missing_rows.value],
            scale=SCALES[self.scale.value],
            response_scale=RESPONSE_SCALES[self.response_scale.value],
            test_fraction=self.test_fraction.number(),
            seed=self.seed.number(),
        )

    def _take_rows(self) -> Dataset:
        """The data that are there with the numbers of the table; a number that nobody touched keeps every
        digit.
        """
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
        return Dataset(
            x,
            y,
            predictors=data.predictors,
            responses=data.responses,
            classes=data.classes,
            test=data.test,
            notes=data.notes,
        )


def _guess(doubt: Doubt) -> str:
    """The key of what was done with one line, or with several."""
    return "titles" if doubt.about == "title" and doubt.found.startswith("lines") else doubt.about


def _on_the_page(sentence: str) -> str:
    """A sentence whose cure is one for Python, with what is on the page instead."""
    for cure, words in WORDS:
        sentence = re.sub(cure, words, sentence)
    return sentence


def _sentence(told: str) -> str:
    """Markup of a sentence with a capital and a full stop."""
    words = _on_the_page(told)
    return html.escape(f"{words[:1].upper()}{words[1:]}.")


def _places_before(rows: list[list[str]], before: list[list[str]]) -> list[int | None]:
    """Where each row of a table was before it was edited: in its place, or, where a row came or went,
    wherever it is the same; None if it is new.
    """
    if len(rows) == len(before):
        return list(range(len(rows)))
    free = {
        tuple(texts): [place for place, other in enumerate(before) if other == texts][::-1]
        for texts in before
    }
    return [free[key].pop() if free.get(key := tuple(texts)) else None for texts in rows]


def _texts(data: Dataset) -> list[list[str]]:
    """The samples in original units as short texts, row by row."""
    return [
        [f"{value:.6g}" for value in values]
        for values in np.hstack([data.x_original(), data.y_original()]).tolist()
    ]


def _shortened(label: str) -> str:
    return label if len(label) <= 24 else f"{label[:23]}…"
