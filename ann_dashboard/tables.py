"""Tables: a CSV file, an upload or a path, read as a pandas DataFrame; bad files are refused with the line and the cure."""

import csv
import io
import math
import os
import re
import reprlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import pandas as pd

MOST_BYTES = 5_000_000
MOST_ROWS = 5000
MOST_TABLE_COLUMNS = 100

Source: TypeAlias = str | os.PathLike[str] | bytes | bytearray | memoryview | IO[str] | IO[bytes]

_TOLD_SEPARATOR = re.compile(r"\A\"?sep=.\"?\r?\n", re.IGNORECASE)
"""First line that spreadsheet programs write for each other; what separates the cells is found out without it."""
_SEPARATORS = ("\t", ";", ",")
_DECIMAL_COMMA = re.compile(r"^([+-]?\d*),(\d+(?:[eE][+-]?\d+)?)$")
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?")


def read_table(source: Source) -> "pd.DataFrame":
    """The table of a CSV file: one column a name in its first line, one row a sample; the index counts the lines of the file.

    ``source``: a path, an open file, or the bytes of an upload. UTF-8; separated by comma, semicolon or tab, which is found out;
    with semicolon or tab numbers may have a decimal comma. Empty rows are left out, a column without name is called "column 3".
    Empty cells, NA, NaN and what else pandas reads so are missing values.
    Raises TypeError or ValueError that names the line or byte, what is there, and the cure; OSError for a path that cannot be read.
    """
    import pandas as pd

    text = _text(_content(source))
    separator = _separator(text)
    cells = _cells(text, separator)
    clean = io.StringIO(newline="")
    csv.writer(clean, delimiter="\t", lineterminator="\r\n").writerows(cells.rows)
    clean.seek(0)
    texts = pd.read_csv(clean, sep="\t", header=None, names=list(cells.names), index_col=False, dtype=str, skip_blank_lines=False)
    table = pd.DataFrame({name: _numbers_if_all(texts[name], decimal_comma=separator != ",") for name in cells.names})
    table.index = pd.Index(cells.lines, name="line")
    return table


def number_in(cell: Any) -> float:
    """The number that a cell holds, NaN where it holds none. Python would read the well name 1_2 as 12."""
    try:
        return math.nan if "_" in str(cell) else float(str(cell))
    except ValueError:
        return math.nan


def _numbers_if_all(texts: "pd.Series[Any]", *, decimal_comma: bool) -> "pd.Series[Any]":
    """A column of texts as numbers where each text is one; else as texts, with their decimal commas as points."""
    points = texts.map(lambda text: _DECIMAL_COMMA.sub(r"\1.\2", text), na_action="ignore") if decimal_comma else texts
    numbers = points.map(number_in).astype(float)
    return numbers if (numbers.notna() | texts.isna()).all() else points


def _content(source: Source) -> bytes:
    if isinstance(source, str | os.PathLike):
        _check_size(Path(source).stat().st_size)
        return Path(source).read_bytes()
    if isinstance(source, bytes | bytearray | memoryview):
        content: str | bytes = bytes(source)
    elif hasattr(source, "read"):
        content = source.read()
    else:
        raise TypeError(f"source is a {type(source).__name__}: give a path, an open file, or bytes")
    if isinstance(content, str):
        content = content.encode("utf-8", "surrogatepass")
    _check_size(len(content))
    return content


def _check_size(size: int) -> None:
    if size > MOST_BYTES:
        raise ValueError(f"the file has {size / 1e6:.1f} MB, the most is {MOST_BYTES / 1e6:g} MB: keep the rows and columns you need")


def _text(content: bytes) -> str:
    if not content.strip():
        raise ValueError("the file is empty: give a line of column names and one line a sample")
    zero = content.find(0)
    if zero >= 0:
        raise ValueError(f"byte {zero} of the file is zero, as in a workbook, a picture or UTF-16 text: save the table as CSV UTF-8")
    try:
        return _TOLD_SEPARATOR.sub("\n", content.decode("utf-8").removeprefix("\ufeff"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        what = f"byte {error.start} of the file (0x{content[error.start]:02x}, in line {line}) is no UTF-8 text"
        raise ValueError(f"{what}: save it as CSV UTF-8 in your spreadsheet program") from None


def _separator(text: str) -> str:
    """The separator that cuts the first lines into the same number of cells, or failing that the first line into the most."""

    def fit(separator: str) -> tuple[bool, int]:
        widths: list[int] = []
        try:
            for row in islice(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), 50):
                if row:
                    widths.append(len(row))
        except csv.Error:
            return False, widths[0] if widths else 0
        return len(set(widths)) == 1 and widths[0] > 1, widths[0] if widths else 0

    return max(_SEPARATORS, key=fit)


@dataclass(frozen=True)
class _Cells:
    """A file cut into cells: the names of its columns, its rows, and the line in which each row begins."""

    names: tuple[str, ...]
    rows: list[list[str]]
    lines: list[int]


def _cells(text: str, separator: str) -> _Cells:
    beginnings = _rows(text, separator)
    header_line, header = next(beginnings, (0, []))
    names = _names(header)
    rows, lines, count = [], [], 0
    for line, row in beginnings:
        if len(row) != len(names):
            cure = "give each row one cell a column, and put a text that holds the separator in quotes"
            raise ValueError(f"line {line} has {_count(len(row), 'cell')} but line {header_line} names {_count(len(names), 'column')}: {cure}")
        count += 1
        if count <= MOST_ROWS:
            rows.append(row)
            lines.append(line)
    if not rows:
        raise ValueError(f"the file has column names ({reprlib.repr(', '.join(names))}) but no rows: give one line a sample below them")
    if count > MOST_ROWS:
        raise ValueError(f"the table has {count} rows, the most is {MOST_ROWS}: keep a part of them, e.g. every tenth")
    return _Cells(names, rows, lines)


def _rows(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold something, each behind the number of the line in which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if any(cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise ValueError(f"line {line} of the file is no row of cells ({error}): close its quotes, and write a quote in a text as two") from None


def _names(header: Sequence[str]) -> tuple[str, ...]:
    if not header:
        raise ValueError("the file has no column names: give a line of column names and one line a sample")
    if len(header) > MOST_TABLE_COLUMNS:
        raise ValueError(f"the table has {len(header)} columns, the most is {MOST_TABLE_COLUMNS}: keep the columns you need")
    if len(header) == 1:
        cure = "separate the columns by comma, semicolon or tab; predictors and responses are two at least"
        raise ValueError(f"the table has one column only, {reprlib.repr(header[0])}: {cure}")
    if all(_NUMBER.fullmatch(name) for name in header):
        raise ValueError(f"the first line holds numbers ({reprlib.repr(', '.join(header))}), no names: write a line of column names above it")
    names = tuple(name or f"column {number}" for number, name in enumerate(header, start=1))
    name, count = Counter(names).most_common(1)[0]
    if count > 1:
        places = " and ".join(str(number) for number, other in enumerate(names, start=1) if other == name)
        raise ValueError(f"columns {places} have the same name {reprlib.repr(name)}: rename them, so that each name is there once")
    return names


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'s' if number != 1 else ''}"
