"""Advice: what a person should know of the columns of a table before a network learns from them."""

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ann_dashboard.data import encoding, kinds, numerals

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Finding:
    """What was found in one column.

    ``unsuitable``: why it can be neither a predictor nor a response, or ""; ``names_rows``: how its numbers
    name the rows, or "";
    ``codes``: the few whole numbers that may be classes, or "".
    """

    name: Hashable
    unsuitable: str = ""
    names_rows: str = ""
    codes: str = ""

    @property
    def label(self) -> str:
        """What the column is called."""
        return encoding.label_of(self.name)


def finding(series: "pd.Series[Any]") -> Finding:
    """What is found in a column; missing values are told apart from that."""
    gaps = encoding.gaps(series)
    present = series[~gaps] if gaps.any() else series
    if present.empty:
        return Finding(series.name)
    try:
        feature = encoding.feature_of(present, as_categories=False)
    except (TypeError, ValueError) as error:
        return Finding(series.name, unsuitable=str(error))
    if feature.categories:
        return Finding(series.name)
    return Finding(
        series.name, names_rows="" if gaps.any() else _names_rows(feature), codes=_codes(feature.values)
    )


def _names_rows(feature: encoding.Feature) -> str:
    if not kinds.is_identifier(feature.name, feature.values):
        return ""
    first = ", ".join(numerals.shown(value) for value in feature.values[:3].tolist())
    return (
        f"counts the rows ({first}, …)"
        if kinds.counts_rows(feature.values)
        else f"looks like an identifier ({first}, …, all different)"
    )


def _codes(values: np.ndarray) -> str:
    return (
        ", ".join(numerals.shown(value) for value in np.unique(values).tolist())
        if kinds.are_codes(values)
        else ""
    )


def findings(frame: "pd.DataFrame") -> tuple[Finding, ...]:
    """What is found in each column of a table."""
    return tuple(finding(frame.iloc[:, place]) for place in range(frame.shape[1]))


def suggested(found: Sequence[Finding]) -> tuple[list[Finding], list[Finding]]:
    """Predictors and response to begin with.

    The last column that can be learned is the response; the others predict it, except those that name the
    rows.
    """
    usable = [column for column in found if not column.unsuitable]
    if len(usable) < 2:
        usable = list(found)
    measured = [column for column in usable if not column.names_rows]
    response = (measured or usable)[-1]
    counting = [
        column for column in usable if not (column.names_rows and kinds.named_identifier(column.label))
    ]
    for predictors in (measured, counting, usable):
        if others := [column for column in predictors if column is not response]:
            break
    return others, [response]


def left_out(found: Sequence[Finding], chosen: Collection[Finding]) -> tuple[str, ...]:
    """A sentence on each column that is not chosen, and why.

    It cannot be learned from, or it names the rows.
    """
    others = [column for column in found if column not in chosen]
    told = [
        column.unsuitable or (column.names_rows and f"column {column.label!r} {column.names_rows}")
        for column in others
    ]
    return tuple(f"not chosen: {why}" for why in told if why)


def odd(
    predictors: Sequence[Finding], responses: Sequence[Finding], categories: Collection[Finding] = ()
) -> tuple[str, ...]:
    """A sentence on each chosen column that may be meant otherwise.

    A predictor may name the rows; the numbers of a response may be classes.
    """
    answers = " and ".join(repr(column.label) for column in responses) or "the response"
    why = (
        f"a row's number says nothing about a new sample, and where the rows are sorted by {answers} it "
        "gives the answer away"
    )
    naming = [column for column in predictors if column.names_rows and column not in categories]
    coded = [column for column in responses if column.codes and column not in categories]
    return (
        *(
            f"column {column.label!r} {column.names_rows}: {why}; leave it out unless it was measured"
            for column in naming
        ),
        *(
            f"response {column.label!r} holds whole numbers only ({column.codes}): if they are classes, "
            f"say categories=[{column.name!r}]"
            for column in coded
        ),
    )
