"""Encoding: columns of a table as numbers for the network.

Numbers are scaled, categories become one column each.
"""

import difflib
import re
import reprlib
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from numbers import Number
from typing import TYPE_CHECKING, Any

import numpy as np

from ann_dashboard.data import kinds, numerals
from ann_dashboard.data.columns import Column
from ann_dashboard.data.csv_files import number_in
from ann_dashboard.words import counted

if TYPE_CHECKING:
    import pandas as pd

MOST_COLUMNS = 64
"""Input nodes that a table may be encoded to."""
MOST_CATEGORIES = 20
"""Distinct texts of one column; above, it looks like an identifier."""
ROWS_TRIED = 50
"""Rows that are looked at before all of them are."""
_LIKE_A_NUMBER = re.compile(r"[+-]?\d[\d.,' \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]*%?")


@dataclass(frozen=True, eq=False)
class Feature:
    """One column of a table as numbers.

    ``values`` (n,): its numbers, or where it has ``categories`` the place of each row's category in them.
    """

    name: str
    values: np.ndarray
    categories: tuple[str, ...] = ()

    def shown(self, value: float) -> str:
        """A value as the table has it."""
        return reprlib.repr(self.categories[int(value)]) if self.categories else f"{value:g}"


def chosen(
    frame: "pd.DataFrame",
    *,
    predictors: Iterable[Hashable],
    responses: Iterable[Hashable],
    categories: Iterable[Hashable] = (),
) -> tuple[list[int], list[int], list[int]]:
    """The places of the predictors, the responses, and those of them that hold categories.

    Places are numbers of columns of the frame; each column is used once.
    Raises TypeError or ValueError when they are not, or when the frame is no table with rows.
    """
    import pandas as pd

    if not isinstance(frame, pd.DataFrame):
        raise TypeError(
            f"frame is a {type(frame).__name__}, not a pandas DataFrame: give a DataFrame, or read a file "
            "with Dataset.from_csv"
        )
    if frame.empty:
        raise ValueError(
            f"the table has {counted(len(frame), 'row')} and {counted(len(frame.columns), 'column')}: "
            "give at least one row and two columns"
        )
    inputs, outputs = _places(frame, "predictors", predictors), _places(frame, "responses", responses)
    if not inputs or not outputs:
        raise ValueError(f"{'responses' if inputs else 'predictors'} is empty: choose at least one column")
    if both := [place for place in inputs if place in outputs]:
        raise ValueError(
            f"{frame.columns[both[0]]!r} is a predictor and a response: choose it for one of the two, else "
            "the network is told the answer"
        )
    return inputs, outputs, _places(frame, "categories", categories)


def _places(frame: "pd.DataFrame", role: str, names: Iterable[Hashable]) -> list[int]:
    if isinstance(names, str) or not isinstance(names, Iterable):
        raise TypeError(f"{role} is {names!r}, not a list of column names: give e.g. [{frame.columns[0]!r}]")
    places = [_place(frame, role, name) for name in names]
    if twice := [place for at, place in enumerate(places) if place in places[:at]]:
        raise ValueError(f"{role} names {frame.columns[twice[0]]!r} twice: name each column once")
    return places


def _place(frame: "pd.DataFrame", role: str, name: Hashable) -> int:
    found = [place for place, column in enumerate(frame.columns) if _same(column, name)]
    if not found:
        known = {label_of(column).lower(): label_of(column) for column in frame.columns}
        near = [known[match] for match in difflib.get_close_matches(label_of(name).lower(), known, n=3)]
        cure = (
            f"did you mean {' or '.join(map(reprlib.repr, near))}?"
            if near
            else f"choose from {reprlib.repr(list(known.values()))}"
        )
        raise ValueError(f"{role} names {name!r}, which is not a column of the table: {cure}")
    if len(found) > 1:
        raise ValueError(
            f"the table has {len(found)} columns named {name!r}: rename them, so that each name is there once"
        )
    return found[0]


def _same(column: Hashable, name: Hashable) -> bool:
    """Whether two names of columns are the same.

    NaN and pandas.NA are the same as themselves, though they equal nothing.
    """
    if column is name or (
        isinstance(column, float) and isinstance(name, float) and column != column and name != name
    ):
        return True
    try:
        return bool(column == name)
    except (TypeError, ValueError):
        return False


def label_of(name: Hashable) -> str:
    """What a column is called: its name as a text, "well, porosity" for a name of several levels."""
    return ", ".join(map(str, name)) if isinstance(name, tuple) else str(name)


def gaps(series: "pd.Series[Any]") -> np.ndarray:
    """Where a column (n,) has no value: missing, or an empty text."""
    missing = series.isna().to_numpy(dtype=bool)
    if isinstance(series.dtype, np.dtype) and series.dtype != object:
        return missing
    return missing | np.array([isinstance(cell, str) and not cell.strip() for cell in series])


def without_gaps(
    frame: "pd.DataFrame", *, predictors: Sequence[int], responses: Sequence[int], missing_rows: str
) -> tuple["pd.DataFrame", tuple[str, ...]]:
    """The rows to learn from, and a sentence on those that are left out.

    A row is left out where a chosen column has a gap; to "fill" predictors, only where a response has one.
    Raises ValueError where there are gaps to "refuse", and where no row remains.
    """
    gap_at = {place: gaps(frame.iloc[:, place]) for place in (*predictors, *responses)}
    if missing_rows == "refuse":
        for place, missing in gap_at.items():
            _refuse_gaps(frame, place, missing)
        return frame, ()
    out = np.any([gap_at[place] for place in (gap_at if missing_rows == "drop" else responses)], axis=0)
    if not out.any():
        return frame, ()
    if out.all():
        raise ValueError(
            f"each of the {len(frame)} rows has a missing value: choose other columns, or fill in some of "
            "them"
        )
    what = "a value" if missing_rows == "drop" else "a response"
    first = _row(frame.iloc[:, 0], out)
    return frame.loc[~out], (
        f"{out.sum()} of {counted(len(frame), 'row')} left out: {what} is missing (the first in {first})",
    )


def _refuse_gaps(frame: "pd.DataFrame", place: int, missing: np.ndarray) -> None:
    if not missing.any():
        return
    series, words = frame.iloc[:, place], frame.attrs.get("missing", {})
    spelled = words.get(series.name, ()) if isinstance(words, dict) else ()
    written = f" ({' or '.join(map(repr, spelled))} counts as one)" if spelled else ""
    count = (
        f"{missing.sum()} missing values{written}, the first"
        if missing.sum() > 1
        else f"1 missing value{written},"
    )
    cure = "fill in each of them, or leave these rows out (missing_rows='fill' or 'drop')"
    category = "; if that word is a category, read the file with missing=[]" if spelled else ""
    raise ValueError(f"column {series.name!r} has {count} in {_row(series, missing)}: {cure}{category}")


def encode(
    frame: "pd.DataFrame",
    places: Sequence[int],
    train: np.ndarray,
    scale: tuple[float, float] | None,
    categories: Sequence[int] = (),
) -> tuple[tuple[Column, ...], np.ndarray, tuple[str, ...]]:
    """Chosen columns of a table, their values for the network, and a sentence on each that was filled.

    The columns come in the order of their places; the values have the shape (n, number of columns).
    A column of numbers is min/max scaled with the range of its ``train`` rows (scale None: left as it is).
    A column of categories (text, bool, pandas category, or numbers at the places ``categories``) becomes one
    column of 0 and 1 for each category that the table holds, sorted: category k of feature i goes to input
    node k + (i − 1)·K where every feature has K categories. A gap becomes the mean of the ``train`` rows, or
    their most frequent category.
    Raises TypeError or ValueError that names the column, the value or row, and the cure.
    Source: lecture deck, "Inputs for Categorical Predictor Features".
    """
    columns: list[Column] = []
    values: list[np.ndarray] = []
    notes: list[str] = []
    for place in places:
        feature, filled = _filled(frame.iloc[:, place], train, as_categories=place in categories)
        notes += filled
        _refuse_constant(feature, train)
        if feature.categories:
            columns += [
                Column(feature.name, category=category, least=0.0, most=1.0)
                for category in feature.categories
            ]
            values.append((feature.values[:, np.newaxis] == np.arange(len(feature.categories))).astype(float))
        else:
            known = feature.values[train]
            column = Column(feature.name, least=float(known.min()), most=float(known.max()), scale=scale)
            columns.append(column)
            values.append(column.scaled(feature.values)[:, np.newaxis])
    return tuple(columns), np.concatenate(values, axis=1), tuple(notes)


def _filled(series: "pd.Series[Any]", train: np.ndarray, *, as_categories: bool) -> tuple[Feature, list[str]]:
    """A column whose gaps hold what is usual in the training part, and a sentence on that.

    Its values are numbers or categories.
    """
    missing = gaps(series)
    if not missing.any():
        return feature_of(series, as_categories=as_categories), []
    known = np.setdiff1d(train, np.flatnonzero(missing))
    if not len(known):
        raise ValueError(
            f"column {series.name!r} has no value in the training part to fill gaps with: leave the column "
            "out, or choose another seed"
        )
    feature = feature_of(series[~missing], as_categories=as_categories)
    values = np.full(len(series), np.nan)
    values[~missing] = feature.values
    if feature.categories:
        found, counts = np.unique(values[known], return_counts=True)
        usual, what = float(found[counts.argmax()]), "the most frequent category"
    else:
        usual, what = float(values[known].mean()), "the mean"
    values[missing] = usual
    feature = Feature(feature.name, values, feature.categories)
    count = f"{missing.sum()} missing value{'s' if missing.sum() > 1 else ''}"
    return feature, [
        f"column {feature.name!r}: {count} filled with {feature.shown(usual)}, {what} of the training part"
    ]


def feature_of(series: "pd.Series[Any]", *, as_categories: bool) -> Feature:
    """A column of a table without gaps, as numbers or categories."""
    import pandas as pd

    series = series.infer_objects()
    if isinstance(series.dtype, pd.CategoricalDtype) or pd.api.types.is_bool_dtype(series.dtype):
        return _categorical(series)
    if pd.api.types.is_numeric_dtype(series.dtype) and not pd.api.types.is_complex_dtype(series.dtype):
        numbers = _numeric(series, series.to_numpy(dtype=float))
        return _coded(numbers) if as_categories else numbers
    if series.dtype != object and not isinstance(series.dtype, pd.StringDtype):
        raise TypeError(
            f"column {series.name!r} holds {series.dtype}: give numbers or texts, e.g. the days since the "
            "first date"
        )
    feature = _written(series)
    return _coded(feature) if as_categories and not feature.categories else feature


def _coded(numbers: Feature) -> Feature:
    """A column of numbers as categories, in their order."""
    found, places = np.unique(numbers.values, return_inverse=True)
    if len(found) > MOST_CATEGORIES:
        what = (
            f"column {numbers.name!r} holds {len(found)} different numbers (the first: "
            f"{numbers.shown(numbers.values[0])})"
        )
        raise ValueError(
            f"{what}, the most is {MOST_CATEGORIES} categories: take it as numbers, or join some of them"
        )
    return Feature(
        numbers.name, places.astype(float), tuple(numerals.shown(value) for value in found.tolist())
    )


def _written(series: "pd.Series[Any]") -> Feature:
    """A column of Python objects: texts that are all numbers are numbers, other texts are categories."""
    strange = np.array([not isinstance(cell, str | Number) for cell in series])
    if strange.any():
        cell = series.iloc[int(strange.argmax())]
        raise TypeError(
            f"column {series.name!r} holds a {type(cell).__name__} in {_row(series, strange)}: give "
            "numbers or texts"
        )
    failed = np.array([kinds.is_error(str(cell)) for cell in series])
    if failed.any():
        cell = series.iloc[int(failed.argmax())]
        cure = "write a number there, or leave the row out"
        raise ValueError(
            f"column {series.name!r} holds the error of a spreadsheet, {cell!r} in {_row(series, failed)}: "
            f"{cure}"
        )
    numbers = np.array([number_in(cell) for cell in series])
    text = np.isnan(numbers)
    if not text.any():
        return _numeric(series, numbers)
    if 2 * text.sum() > len(series):
        _refuse_dates(series, text)
    _refuse_other_numbers(series, text)
    if 2 * text.sum() <= len(series):
        cell = reprlib.repr(series.iloc[int(text.argmax())])
        cure = "write a number there or leave the row out; if these are categories, give each a text"
        raise ValueError(f"column {series.name!r} holds numbers, but {_row(series, text)} is {cell}: {cure}")
    _refuse_units_and_names(series, text)
    return _categorical(series)


def _numeric(series: "pd.Series[Any]", numbers: np.ndarray) -> Feature:
    infinite = ~np.isfinite(numbers)
    if infinite.any():
        value = numbers[infinite][0]
        raise ValueError(
            f"column {series.name!r} is {value:g} in {_row(series, infinite)}: write a finite number "
            "there, or leave the row out"
        )
    return Feature(label_of(series.name), numbers)


def _refuse_dates(series: "pd.Series[Any]", text: np.ndarray) -> None:
    words = [str(cell) for cell in series[text]]
    if all(sum(map(kinds.is_date, some)) >= 0.9 * len(some) for some in (words[:ROWS_TRIED], words)):
        cure = "give numbers, e.g. the days since the first date, or leave the column out"
        raise ValueError(f"column {series.name!r} looks like dates ({_first(series, text)}): {cure}")


def _refuse_other_numbers(series: "pd.Series[Any]", text: np.ndarray) -> None:
    """Raise ValueError for numbers written in another way than Python does, with what they may be."""
    texts = [str(cell).strip() for cell in series]
    place = int(text.argmax())
    _, possible = kinds.possible_numbers(texts)
    if numerals.is_ambiguous(possible):
        both = " or ".join(numerals.shown(possible[sign][place]) for sign in numerals.SIGNS)
        cure = "read the file with decimal='.' or decimal=',', or write them without a sign between thousands"
        raise ValueError(
            f"column {series.name!r} holds numbers with two readings ({_first(series, text)}, which could "
            f"be {both}): {cure}"
        )
    read = next(iter(possible.values()), None)
    alike = 2 * text.sum() > len(series) and all(
        _LIKE_A_NUMBER.fullmatch(texts[at]) for at in np.flatnonzero(text)
    )
    if read is not None or alike:
        offer = (
            "" if read is None else f"; {reprlib.repr(texts[place])} would be {numerals.shown(read[place])}"
        )
        cure = (
            "write a point before the decimals, nothing between thousands, and no sign of a unit such as "
            f"%{offer}"
        )
        raise ValueError(
            f"column {series.name!r} looks like numbers written in another way ({_first(series, text)}): "
            f"{cure}"
        )


def _refuse_units_and_names(series: "pd.Series[Any]", text: np.ndarray) -> None:
    """Raise ValueError for texts that are not categories.

    They are numbers with a unit, or differ in every row.
    """
    texts = [str(cell).strip() for cell in series]
    amounts = [kinds.amount(cell) for cell in texts] if kinds.amount(texts[0]) else [None]
    if len(units := {each[0] if each else "" for each in amounts}) > 1 and "" not in units:
        cure = "write them all in one unit, and that behind the name of the column"
        raise ValueError(
            f"column {series.name!r} holds amounts in {' and '.join(sorted(units))} "
            f"({_first(series, text)}): {cure}"
        )
    if unit := kinds.number_with_unit(texts):
        cure = "write the numbers alone, and the unit behind the name of the column"
        raise ValueError(
            f"column {series.name!r} looks like numbers with the unit {unit!r} ({_first(series, text)}): "
            f"{cure}"
        )
    if len(set(texts)) <= MOST_CATEGORIES and kinds.all_differ(texts):
        what = f"holds {len(set(texts))} different texts in {len(texts)} rows ({_first(series, text)})"
        why = "it is not a category, so the network could only learn the rows by heart"
        raise ValueError(
            f"column {series.name!r} {what}: {why}; leave it out, or join the texts to a few categories"
        )


def _categorical(series: "pd.Series[Any]") -> Feature:
    found = series.unique().tolist()
    try:
        found = sorted(found)
    except TypeError:
        found = sorted(found, key=str)
    categories = tuple(dict.fromkeys(str(category) for category in found))
    if len(categories) > MOST_CATEGORIES:
        what = (
            f"column {series.name!r} holds {len(categories)} different texts (the first: "
            f"{reprlib.repr(str(series.iloc[0]))})"
        )
        cure = "choose another column, join categories, or write numbers without a unit"
        raise ValueError(
            f"{what}, it looks like an identifier: {cure}; the most is {MOST_CATEGORIES} categories"
        )
    places = {category: place for place, category in enumerate(categories)}
    return Feature(
        label_of(series.name), np.array([places[str(cell)] for cell in series], dtype=float), categories
    )


def _refuse_constant(feature: Feature, train: np.ndarray) -> None:
    known = feature.values[train]
    if known.min() < known.max():
        return
    value = feature.shown(known[0])
    kind = "one class only" if feature.categories else "constant"
    if feature.values.min() == feature.values.max():
        rows = f"all {len(feature.values)} rows" if len(feature.values) > 1 else "the only row"
        raise ValueError(
            f"column {feature.name!r} is {kind}, {value} in {rows}: there is nothing to learn from it, "
            "leave it out or give more rows"
        )
    part = f"all {len(known)} samples" if len(known) > 1 else "the only sample"
    raise ValueError(
        f"column {feature.name!r} is {kind} in the training part, {value} in {part}: choose another seed "
        "or a smaller test_fraction"
    )


def _first(series: "pd.Series[Any]", marked: np.ndarray) -> str:
    """The first marked row with what it holds: "line 2 is '1,5'"."""
    return f"{_row(series, marked)} is {reprlib.repr(str(series.iloc[int(marked.argmax())]).strip())}"


def _row(series: "pd.Series[Any]", marked: np.ndarray) -> str:
    """The first marked row as the table calls it: "row 7", or "line 8" in a file."""
    return f"{series.index.name or 'row'} {series.index[int(marked.argmax())]}"
