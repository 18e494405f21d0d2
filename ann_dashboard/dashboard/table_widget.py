"""A small table of numbers that a person edits, and a file chosen on the visitor's computer."""

from typing import Any

import anywidget
import traitlets

from ann_dashboard.data.numerals import typed
from ann_dashboard.film.page import bundle, style

MOST_CELLS, MOST_LETTERS = 1500, 40


class TableWidget(anywidget.AnyWidget):
    """A table of numbers, each in a box of its own.

    ``columns``: what stands above them. ``names``: what stands before the rows. ``rows``: the texts in the
    boxes; the browser sets it when a person leaves a box. ``grows``: whether rows can be added and deleted.
    """

    _esm = bundle("table")
    _css = style("table")
    columns = traitlets.List(traitlets.Unicode()).tag(sync=True)
    names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    rows = traitlets.List(traitlets.List(traitlets.Unicode())).tag(sync=True)
    grows = traitlets.Bool(False).tag(sync=True)
    label = traitlets.Unicode("").tag(sync=True)

    def __init__(self, **settings: Any) -> None:
        self._width = 0
        self._fitting: list[list[str]] = []
        super().__init__(**settings)

    def show(self, columns: list[str], names: list[str], rows: list[list[str]]) -> None:
        """Show another table."""
        self._width = len(columns)
        with self.hold_sync():
            self.columns, self.names, self.rows = columns, names, rows

    @traitlets.validate("rows")
    def _fitting_rows(self, proposal: dict[str, Any]) -> list[list[str]]:
        """What a client sends has the table's width and a bounded size, or the rows stay what they were."""
        rows = proposal["value"]
        wide = all(len(row) == self._width and all(len(text) <= MOST_LETTERS for text in row) for row in rows)
        if wide and 0 < len(rows) * self._width <= MOST_CELLS:
            self._fitting = rows
        return self._fitting


def number(text: str, where: str) -> float:
    """The number in a box, read as every number that is typed.

    Raises ValueError that names the place, the text and the cure.
    """
    return typed(text, where)


class FileWidget(anywidget.AnyWidget):
    """A button that lets a person choose a file.

    ``content`` is set to (name, size, bytes); observe it. The bytes of a file larger than ``most_bytes`` are
    not sent, and None there. The page is told when that is done.
    """

    _esm = bundle("file")
    _css = style("table")
    label = traitlets.Unicode("").tag(sync=True)
    hint = traitlets.Unicode("").tag(sync=True)
    accept = traitlets.Unicode("").tag(sync=True)
    most_bytes = traitlets.Int(5_000_000).tag(sync=True)
    content: traitlets.Instance[tuple[str, int, bytes | None] | None] = traitlets.Instance(
        tuple, allow_none=True
    )

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._most_bytes = self.most_bytes  # a client may set what the page is told
        self.on_msg(self._take)

    def _take(self, _widget: "FileWidget", message: Any, buffers: Any) -> None:
        match message:
            case {"name": str(name), "size": int(size)}:
                sent = bytes(buffers[0]) if buffers and len(buffers[0]) == size <= self._most_bytes else None
                self.content = None
                try:
                    self.content = (name[:100], size, sent)
                finally:
                    self.send({"kind": "taken"})
