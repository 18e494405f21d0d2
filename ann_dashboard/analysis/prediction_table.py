"""The samples with their predictions, in original units, as a table to take away."""

import re
from itertools import chain, count
from typing import TYPE_CHECKING

import numpy as np

from ann_dashboard import checks
from ann_dashboard.analysis import scores
from ann_dashboard.data.dataset import Dataset
from ann_dashboard.engine import arrays
from ann_dashboard.engine.history import History

if TYPE_CHECKING:
    import pandas as pd

FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
"""With what a cell begins that a spreadsheet may calculate; the wide forms count as the plain ones in some.
"""
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


def predicted(history: History, epoch: int) -> "pd.DataFrame":
    """One row a sample, training data first, then the test data, at the start of a recorded epoch.

    Columns: ``part`` ("train" or "test"), the predictors and the responses, and the prediction of each
    response, all in original units; for classes of several outputs also ``predicted class``, that of the
    largest. Raises LookupError for an epoch that is not recorded.
    """
    import pandas as pd

    checks.instance("history", history, History).at(epoch)
    place = int(np.searchsorted(history.recorded_epochs, epoch))
    state = history.states[place : place + 1]
    parts = {"train": history.data} | ({"test": history.test} if history.test is not None else {})
    return pd.concat([_part(history, state, name, data) for name, data in parts.items()], ignore_index=True)


def csv_text(history: History, epoch: int) -> str:
    """The table of `predicted` as CSV, with names and classes that no spreadsheet takes for formulas.

    Raises LookupError for an epoch that is not recorded.
    """
    table = predicted(history, epoch)
    table.columns = [defused(name) for name in table.columns]
    texts = table.select_dtypes(exclude="number").columns
    table[texts] = table[texts].map(defused)
    return str(table.to_csv(index=False, lineterminator="\n"))


def defused(text: str) -> str:
    """A text that no spreadsheet takes for a formula.

    It gets an apostrophe in front where it would be taken for one. A number never is, whatever its sign.
    Source: OWASP, "CSV Injection".
    """
    return f"'{text}" if FORMULA.match(text) and not NUMBER.fullmatch(text) else text


def _part(history: History, state: np.ndarray, name: str, data: Dataset) -> "pd.DataFrame":
    import pandas as pd

    scaled = arrays.predictions(history.network, state, data.x)[0]
    responses = [column.label for column in data.responses]
    columns: list[tuple[str, object]] = [("part", np.full(len(data), name))]
    columns += zip((column.label for column in data.predictors), data.x_original().T, strict=True)
    columns += zip(responses, data.y_original().T, strict=True)
    columns += zip((f"predicted {label}" for label in responses), data.original(scaled).T, strict=True)
    classes = scores.classes(history.network, history.data, history.training.loss)
    if classes is not None and len(responses) > 1:
        names = np.array(
            [*classes, ""]
        )  # the last is taken for what is no class: a prediction that is not a number
        columns.append(("predicted class", names[scores.decided(scaled)]))
    taken: list[str] = []
    for wanted, _ in columns:
        numbered = chain([wanted], (f"{wanted} ({number})" for number in count(2)))
        taken.append(next(label for label in numbered if label not in taken))
    return pd.DataFrame(dict(zip(taken, (values for _, values in columns), strict=True)))
