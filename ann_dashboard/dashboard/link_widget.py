"""A button that copies a link to what is shown.

In a served page it also hands over the link that the page was opened with.
"""

from collections.abc import Callable
from typing import Any

import anywidget
import traitlets

from ann_dashboard.film.page import bundle, style


class LinkWidget(anywidget.AnyWidget):
    """The button and the state that its link holds.

    ``query``: the state of the dashboard as the query of a URL. ``note``: what such a link does not hold, or
    "". ``asked`` is called once with the query that a page of Voila was opened with; a notebook's address is
    not the dashboard's.
    """

    _esm = bundle("link")
    _css = style("table")
    query = traitlets.Unicode("").tag(sync=True)
    note = traitlets.Unicode("").tag(sync=True)
    opened = traitlets.Bool(False).tag(sync=True)

    def __init__(self) -> None:
        super().__init__()
        self.asked: Callable[[str], None] = lambda query: None
        self.on_msg(self._open)

    def _open(self, _widget: "LinkWidget", message: Any, _buffers: Any) -> None:
        match message:
            case {"open": str(query)} if not self.opened:
                self.opened = True
                self.asked(query)
