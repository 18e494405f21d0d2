"""What a page may set of the widgets in a served kernel: the values of its controls, and nothing else.

ipywidgets lets a page set every synchronised value of every widget: tooltips, layouts, options, limits. A
visitor could fill the memory with them. The kernels of the served page load this as an extension of IPython
(serving/configuration.py); a notebook's kernel is its reader's own.
"""

import json
from functools import partial
from typing import Any

import ipywidgets as widgets
from IPython import get_ipython
from traitlets import TraitError
from traitlets.log import get_logger

from ann_dashboard.dashboard.film_widget import FilmWidget
from ann_dashboard.dashboard.link_widget import LinkWidget
from ann_dashboard.dashboard.number_box import NumberBox
from ann_dashboard.dashboard.table_widget import FileWidget, TableWidget

SETTABLE: dict[type[widgets.Widget], frozenset[str]] = {
    **dict.fromkeys((widgets.Dropdown, widgets.SelectMultiple), frozenset({"index"})),
    **dict.fromkeys((widgets.Text, widgets.Checkbox), frozenset({"value"})),
    **dict.fromkeys((widgets.IntSlider, widgets.FloatSlider, widgets.FloatLogSlider), frozenset({"value"})),
    NumberBox: frozenset({"text", "steps"}),
    FilmWidget: frozenset({"frame", "layers", "stepping"}),
    TableWidget: frozenset({"rows"}),
    FileWidget: frozenset(),
    LinkWidget: frozenset(),
}
"""The values that a page sets, by the kind of widget. A kind that is not here, such as a layout or a style,
takes none.
"""
LONGEST_TEXT, LARGEST_LIST = 1000, 100_000
"""Letters of one value in JSON: a number or a typed text; a list. The largest table has 66 000."""


def load_ipython_extension(_shell: object) -> None:
    """Guard every widget that is made from now on."""
    widgets.Widget.on_widget_constructed(_guard)


def settable(widget: widgets.Widget) -> frozenset[str]:
    """The names of the values that a page may set of a widget."""
    return next((SETTABLE[kind] for kind in type(widget).__mro__ if kind in SETTABLE), frozenset())


def fits(value: Any) -> bool:
    """Whether a value that a page has sent is one, and as small as those of its controls.

    None is none: a list of options without a chosen one has no value to train with.
    """
    most = LARGEST_LIST if isinstance(value, list) else LONGEST_TEXT
    return value is not None and len(json.dumps(value, ensure_ascii=False)) <= most


def _guard(widget: widgets.Widget) -> None:
    """Let a widget hear its page only through the guard; it gets its comm after this."""
    widget.observe(partial(_listen, widget), "comm")


def _listen(widget: widgets.Widget, change: dict[str, Any]) -> None:
    if change["new"] is not None:
        change["new"].on_msg(partial(hear, widget))


def hear(widget: widgets.Widget, message: dict[str, Any]) -> None:
    """Take a page's message to a widget. What it may not set, or is no value of its kind, is forgotten, and
    the page is told what holds.
    """
    told = message["content"]["data"]
    if told["method"] != "update":
        widget._handle_msg(message)
        return
    asked = told["state"]
    taken = {name: value for name, value in asked.items() if name in settable(widget) and fits(value)}
    try:
        widget.set_state(taken)
    except TraitError:  # its text and its traceback hold the value
        taken = {}
    except Exception:
        get_ipython().showtraceback()
    if refused := [name for name in asked if name not in taken and name in widget.keys]:
        get_logger().warning(
            "A page may not set %s of %s to what it has sent.", ", ".join(refused), type(widget).__name__
        )
        widget.send_state(refused)
