"""Encoding: columns of a table as numbers for the network. Numbers are scaled, categories become one column each."""

import difflib
import re
import reprlib
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from numbers import Number
from typing import TYPE_CHECKING, Any

import numpy as np

from ann_dashboard.columns import Column
from ann_dashboard.tables import number_in

if TYPE_CHECKING:
    import pandas as pd

MOST_COLUMNS = 64
"""Input nodes that a table may be encoded to."""
MOST_CATEGORIES = 20
"""Distinct texts of one column; above, it looks like an identifier."""
_LIKE_A_NUMBER = re.compile(r"[+-]?\d[\d.,' \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]*%?")
_LIKE_A_DATE = re.compile(r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}([T ].*)?")


@dataclass(frozen=True, eq=False)
class Feature:
    """One column of a table, read: ``values`` (n,) are its numbers, or where it has ``categories`` the place of each row's category in them."""

    name: str
    values: np.ndarray
    categories: tuple[str, ...] = ()

    def shown(self, value: float) -> str:
        """A value as the table has it."""
        return reprlib.repr(self.categories[int(value)]) if self.categories else f"{value:g}"


def chosen(frame: "pd.DataFrame", *, predictors: Iterable[Hashable], responses: Iterable[Hashable]) -> tuple[list[Hashable], list[Hashable]]:
    """The names of the predictors and of the responses: columns of the frame, each once.

    Raises TypeError or ValueError when they are not, or when the frame is no table with rows.
    """
    import pandas as pd

    if not isinstance(frame, pd.DataFrame):
        raise TypeError(f"frame is a {type(frame).__name__}, not a pandas DataFrame: give a DataFrame, or read a file with Dataset.from_csv")
    if frame.empty:
        raise ValueError(f"the table has {len(frame)} rows and {len(frame.columns)} columns: give at least one row and two columns")
    inputs, outputs = _names(frame, "predictors", predictors), _names(frame, "responses", responses)
    if both := [name for name in inputs if name in outputs]:
        raise ValueError(f"{both[0]!r} is a predictor and a response: choose it for one of the two, else the network is told the answer")
    return inputs, outputs


def _names(frame: "pd.DataFrame", role: str, names: Iterable[Hashable]) -> list[Hashable]:
    if isinstance(names, str) or not isinstance(names, Iterable):
        raise TypeError(f"{role} is {names!r}, not a list of column names: give e.g. [{frame.columns[0]!r}]")
    names = list(names)
    if not names:
        raise ValueError(f"{role} is empty: choose at least one column")
    for name in names:
        _check_name(frame, role, name)
    if twice := [name for place, name in enumerate(names) if name in names[:place]]:
        raise ValueError(f"{role} names {twice[0]!r} twice: name each column once")
    return names


def _check_name(frame: "pd.DataFrame", role: str, name: Hashable) -> None:
    known = {str(column).lower(): str(column) for column in frame.columns}
    count = sum(column == name for column in frame.columns)
    if count == 0:
        near = [known[match] for match in difflib.get_close_matches(str(name).lower(), known, n=3)]
        cure = f"did you mean {' or '.join(map(reprlib.repr, near))}?" if near else f"choose from {reprlib.repr(list(known.values()))}"
        raise ValueError(f"{role} names {name!r}, which is no column of the table: {cure}")
    if count > 1:
        raise ValueError(f"the table has {count} columns named {name!r}: rename them, so that each name is there once")


def encode(
    frame: "pd.DataFrame", names: Sequence[Hashable], train: np.ndarray, scale: tuple[float, float] | None
) -> tuple[tuple[Column, ...], np.ndarray]:
    """Columns of a table in the order named, and their values (n, number of columns) for the network.

    A column of numbers is min/max scaled with the range of its ``train`` rows (scale None: left as it is).
    A column of categories (text, bool, pandas category) becomes one column of 0 and 1 for each category that the table holds, sorted:
    category k of feature i goes to input node k + (i − 1)·K where every feature has K categories.
    Raises TypeError or ValueError that names the column, the value or row, and the cure.
    Source: lecture deck, "Inputs for Categorical Predictor Features".
    """
    columns: list[Column] = []
    values: list[np.ndarray] = []
    for name in names:
        feature = _feature(frame[name])
        _refuse_constant(feature, train)
        if feature.categories:
            columns += [Column(feature.name, category=category, least=0.0, most=1.0) for category in feature.categories]
            values.append((feature.values[:, np.newaxis] == np.arange(len(feature.categories))).astype(float))
        else:
            known = feature.values[train]
            column = Column(feature.name, least=float(known.min()), most=float(known.max()), scale=scale)
            columns.append(column)
            values.append(column.scaled(feature.values)[:, np.newaxis])
    return tuple(columns), np.concatenate(values, axis=1)


def _feature(series: "pd.Series[Any]") -> Feature:
    """A column of a table as numbers or categories."""
    import pandas as pd

    series = series.infer_objects()
    missing = (series.isna() | series.map(lambda cell: isinstance(cell, str) and not cell.strip())).to_numpy(dtype=bool)
    if missing.any():
        count = f"{missing.sum()} missing values, the first" if missing.sum() > 1 else "1 missing value,"
        raise ValueError(f"column {series.name!r} has {count} in {_row(series, missing)}: fill in each of them, or leave these rows out")
    if isinstance(series.dtype, pd.CategoricalDtype) or pd.api.types.is_bool_dtype(series.dtype):
        return _categorical(series)
    if pd.api.types.is_numeric_dtype(series.dtype) and not pd.api.types.is_complex_dtype(series.dtype):
        return _numeric(series, series.to_numpy(dtype=float))
    if series.dtype != object and not isinstance(series.dtype, pd.StringDtype):
        raise TypeError(f"column {series.name!r} holds {series.dtype}: give numbers or texts, e.g. the days since the first date")
    return _written(series)


def _written(series: "pd.Series[Any]") -> Feature:
    """A column of Python objects: texts that are all numbers are numbers, other texts are categories."""
    strange = np.array([not isinstance(cell, str | Number) for cell in series])
    if strange.any():
        cell = series.iloc[int(strange.argmax())]
        raise TypeError(f"column {series.name!r} holds a {type(cell).__name__} in {_row(series, strange)}: give numbers or texts")
    numbers = np.array([number_in(cell) for cell in series])
    text = np.isnan(numbers)
    if not text.any():
        return _numeric(series, numbers)
    if 2 * text.sum() <= len(series):
        cell = reprlib.repr(series.iloc[int(text.argmax())])
        cure = "write a number there or leave the row out; if these are categories, give each a text"
        raise ValueError(f"column {series.name!r} holds numbers, but {_row(series, text)} is {cell}: {cure}")
    for like, what, cure in (
        (_LIKE_A_DATE, "dates", "give numbers, e.g. the days since the first date"),
        (_LIKE_A_NUMBER, "numbers written in another way", "write a point before the decimals, nothing between thousands, and no %"),
    ):
        if all(like.fullmatch(str(cell).strip()) for cell in series[text]):
            raise ValueError(f"column {series.name!r} looks like {what} ({_row(series, text)} is {reprlib.repr(series[text].iloc[0])}): {cure}")
    return _categorical(series)


def _numeric(series: "pd.Series[Any]", numbers: np.ndarray) -> Feature:
    infinite = ~np.isfinite(numbers)
    if infinite.any():
        value = numbers[infinite][0]
        raise ValueError(f"column {series.name!r} is {value:g} in {_row(series, infinite)}: write a finite number there, or leave the row out")
    return Feature(str(series.name), numbers)


def _categorical(series: "pd.Series[Any]") -> Feature:
    found = series.unique().tolist()
    try:
        found = sorted(found)
    except TypeError:
        found = sorted(found, key=str)
    categories = tuple(dict.fromkeys(str(category) for category in found))
    if len(categories) > MOST_CATEGORIES:
        what = f"column {series.name!r} holds {len(categories)} different texts (the first: {reprlib.repr(str(series.iloc[0]))})"
        cure = "choose another column, join categories, or write numbers without a unit"
        raise ValueError(f"{what}, it looks like an identifier: {cure}; the most is {MOST_CATEGORIES} categories")
    places = {category: place for place, category in enumerate(categories)}
    return Feature(str(series.name), np.array([places[str(cell)] for cell in series], dtype=float), categories)


def _refuse_constant(feature: Feature, train: np.ndarray) -> None:
    known = feature.values[train]
    if known.min() < known.max():
        return
    value = feature.shown(known[0])
    kind = "one class only" if feature.categories else "constant"
    if feature.values.min() == feature.values.max():
        rows = f"all {len(feature.values)} rows" if len(feature.values) > 1 else "the only row"
        raise ValueError(f"column {feature.name!r} is {kind}, {value} in {rows}: there is nothing to learn from it, leave it out or give more rows")
    part = f"all {len(known)} samples" if len(known) > 1 else "the only sample"
    raise ValueError(f"column {feature.name!r} is {kind} in the training part, {value} in {part}: choose another seed or a smaller test_fraction")


def _row(series: "pd.Series[Any]", marked: np.ndarray) -> str:
    """The first marked row as the table calls it: "row 7", or "line 8" in a file."""
    return f"{series.index.name or 'row'} {series.index[int(marked.argmax())]}"
