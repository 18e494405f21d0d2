"""Tables: a CSV file, an upload or a path, read as a pandas DataFrame.

A bad file is refused with the line and the cure.
"""

import math
import os
import re
import reprlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeAlias

from ann_dashboard import checks
from ann_dashboard.data import kinds, numerals
from ann_dashboard.data.cells import MOST_ROWS as MOST_ROWS
from ann_dashboard.data.cells import MOST_TABLE_COLUMNS as MOST_TABLE_COLUMNS
from ann_dashboard.data.cells import Cells, Doubt, cut

if TYPE_CHECKING:
    import pandas as pd

MOST_BYTES = 5_000_000
MISSING = (
    *("NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "<NA>", "#N/A", "#NA", "#N/A N/A"),
    *("-NaN", "-nan", "1.#IND", "-1.#IND", "1.#QNAN", "-1.#QNAN"),
)
"""Words that stand for a missing value, as pandas reads them; an empty cell always is one."""

Source: TypeAlias = str | os.PathLike[str] | bytes | bytearray | memoryview | IO[str] | IO[bytes]

_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):/{1,2}")
_WORDS_OF_NUMBERS = re.compile(r"([+-]?)inf(?:inity)?", re.IGNORECASE)


@dataclass(frozen=True)
class Table:
    """A file as it was read.

    ``frame``: one column a name, one row a sample; the index counts the lines of the file. ``header``:
    whether its first line holds names;
    ``skipped``: lines left out above it; ``doubts``: what of both was guessed; ``notes``: what else was done,
    a sentence each.
    """

    frame: "pd.DataFrame"
    header: bool
    skipped: int
    doubts: tuple[Doubt, ...]
    notes: tuple[str, ...]


def read_table(
    source: Source,
    *,
    header: bool | None = None,
    skip: int | None = None,
    decimal: str | None = None,
    missing: Iterable[str] = MISSING,
) -> "pd.DataFrame":
    """The table of a CSV file: one column for each name in its first line, one row for each sample.

    The index of the table is the number of the line in the file.
    ``source``: a path, an open file, or the bytes of an upload. UTF-8; separated by comma, semicolon, tab, |
    or blanks, which is found out.
    ``header``: True takes the first line as names, whatever it holds, False as a sample; None as names unless
    it looks like a sample.
    ``skip``: lines to leave out at the top; None refuses a title there. ``decimal``: "." or ",", None finds
    it out for each column.
    ``missing``: words that stand for a missing value. Empty rows, empty columns without a name and comments
    (#, //, %) are left out, a row of units joins the names; ``frame.attrs["notes"]`` tells what was done, a
    sentence each.
    Raises TypeError or ValueError that names the line or byte, what is there, and the cure; OSError for a
    path that cannot be read.
    """
    table = read(source, header=header, skip=skip, decimal=decimal, missing=missing)
    if table.doubts:
        cures = {
            "title": f"give skip={table.skipped} to leave it out, or skip=0 to take it as names",
            "header": "give header=False to take it as a sample, or header=True to take it as names",
        }
        raise ValueError("; ".join(f"{doubt.found}: {cures[doubt.about]}" for doubt in table.doubts))
    return table.frame


def read(
    source: Source,
    *,
    header: bool | None = None,
    skip: int | None = None,
    decimal: str | None = None,
    missing: Iterable[str] = MISSING,
) -> Table:
    """A file as `read_table` reads it, with guesses instead of refusals.

    The guesses are about the lines at the top of the file.
    """
    import pandas as pd

    words = _missing_words(missing)
    if header is not None and not isinstance(header, bool):
        raise TypeError(f"header is {header!r}: give True, False, or None to find it out")
    if skip is not None:
        skip = checks.whole("skip", skip, least=0)
    if decimal is not None:
        checks.choice("decimal", decimal, numerals.SIGNS)
    cells = cut(_text(_content(source)), header=header, skip=skip, missing=words)
    columns = {name: [row[place] for row in cells.rows] for place, name in enumerate(cells.names)}
    gaps = {name: [not text or text in words for text in texts] for name, texts in columns.items()}
    read_columns, told = _columns(columns, gaps, decimal, cells)
    frame = pd.DataFrame(read_columns, index=pd.Index(cells.lines, name="line"))
    spelled = {name: tuple(sorted({text for text in columns[name] if text in words})) for name in columns}
    notes = (*cells.notes, *told, *_told_missing(columns, words))
    frame.attrs = {"notes": notes, "missing": {name: found for name, found in spelled.items() if found}}
    return Table(frame, cells.header, cells.skipped, cells.doubts, notes)


def notes_of(frame: "pd.DataFrame") -> tuple[str, ...]:
    """What was done to the file that a table was read from, a sentence each; nothing for another table."""
    notes = frame.attrs.get("notes")
    return notes if isinstance(notes, tuple) else ()


def _missing_words(missing: Iterable[str]) -> frozenset[str]:
    words = list(missing) if isinstance(missing, Iterable) and not isinstance(missing, str) else [None]
    if not all(isinstance(word, str) for word in words):
        raise TypeError(
            f"missing is {missing!r}, not a list of words: give e.g. ['NA', '?'], or [] where every word "
            "is a category"
        )
    return frozenset(str(word).strip() for word in words)


def _told_missing(columns: Mapping[str, Sequence[str]], words: frozenset[str]) -> tuple[str, ...]:
    """A sentence on the words of the file that were read as missing values."""
    found = {name: [text for text in texts if text and text in words] for name, texts in columns.items()}
    return tuple(
        f"{' and '.join(map(repr, dict.fromkeys(texts)))} in column {name!r} "
        f"{'counts' if len(set(texts)) == 1 else 'count'} as missing ({len(texts)} "
        f"cell{'s' if len(texts) > 1 else ''})"
        for name, texts in found.items()
        if texts
    )


def _columns(
    columns: Mapping[str, list[str]], gaps: Mapping[str, list[bool]], decimal: str | None, cells: Cells
) -> tuple[dict[str, "pd.Series[Any]"], tuple[str, ...]]:
    """The columns as numbers where each of their texts is one, else as texts.

    With a sentence on each number that Python alone would read otherwise.
    """
    import pandas as pd

    present = {
        name: [text for text, gap in zip(columns[name], gaps[name], strict=True) if not gap]
        for name in columns
    }
    written = {name: _possible(texts) for name, texts in present.items()}
    signs = {next(iter(possible)) for _, possible in written.values() if len(possible) == 1}
    result, notes = {}, []
    for name, (unit, possible) in written.items():
        values = _decided(possible, present[name], decimal, signs, cells.separator)
        read: list[Any]
        if values is None:
            read = _partly_read(present[name], decimal, signs)
        else:
            read = list(values)
            notes += _told_reading(name, present[name], unit, values)
            guessed = len(signs) == 2 or (not signs and cells.separator != numerals.COMMA)
            if decimal is None and guessed and numerals.is_ambiguous(possible):
                notes.append(
                    f"column {name!r} has numbers with two readings: {present[name][0]!r} is read as "
                    f"{numerals.shown(values[0])}"
                )
        filled = iter(read)
        whole = [(math.nan if values is not None else None) if gap else next(filled) for gap in gaps[name]]
        result[name] = pd.Series(
            whole, index=cells.lines, dtype=float if values is not None or not read else "str"
        )
    return result, tuple(notes)


def _possible(texts: list[str]) -> tuple[str, dict[str, list[float]]]:
    """The unit and the numbers of a column.

    Words that Python reads as infinite are numbers too, so that they are refused as such.
    """
    unit, possible = kinds.possible_numbers(texts)
    return (
        (unit, possible)
        if possible
        else ("", numerals.columns([_WORDS_OF_NUMBERS.sub(r"\g<1>1e999", text) for text in texts]))
    )


def _decided(
    possible: Mapping[str, list[float]],
    texts: Sequence[str],
    decimal: str | None,
    signs: set[str],
    separator: str,
) -> list[float] | None:
    """The numbers of a column, or None if there are none.

    The decimal sign is the one that is given, else the only possible one, else that of the other columns,
    else a point.
    """
    if decimal is not None:
        return possible.get(decimal)
    if not numerals.is_ambiguous(dict(possible)):
        return next(iter(possible.values()), None)
    if len(signs) == 1:
        return possible[next(iter(signs))]
    points_alone = not any(numerals.COMMA in text for text in texts)
    return possible[numerals.POINT] if points_alone or (not signs and separator == ",") else None


def _partly_read(texts: list[str], decimal: str | None, signs: set[str]) -> list[str]:
    """The texts of a column that are mostly numbers, with a decimal comma as a point.

    Any other column stays as it is.
    """
    numbers = [text for text in texts if numerals.readings(text)]
    possible = numerals.columns(numbers) if 2 * len(numbers) > len(texts) > len(numbers) else {}
    values = _decided(possible, numbers, decimal, signs, "") if possible else None
    if values is None:
        return texts
    found = dict(zip(numbers, values, strict=True))
    return [numerals.shown(found[text]) if text in found else text for text in texts]


def _told_reading(name: str, texts: Sequence[str], unit: str, values: Sequence[float]) -> list[str]:
    """What was read out of a column that is written with a unit or with a sign between thousands."""
    what = f"is written with the unit {unit}" if unit else "has a sign between thousands"
    for text, value in zip(texts, values, strict=True):
        if unit or (abs(value) >= 1000 and numerals.is_grouped(text, value)):
            return [f"column {name!r} {what}: '{' '.join(text.split())}' is read as {numerals.shown(value)}"]
    return []


def number_in(cell: Any) -> float:
    """The number that a cell holds, NaN where it holds none. Python would read the well name 1_2 as 12."""
    try:
        return math.nan if "_" in str(cell) else float(str(cell))
    except ValueError:
        return math.nan


def _content(source: Source) -> bytes:
    if isinstance(source, str | os.PathLike):
        _refuse_address(os.fspath(source))
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


def _refuse_address(path: str) -> None:
    """Raise ValueError for the address of a web page and for the text of a table, which are no paths."""
    if address := _ADDRESS.match(path):
        rest = path[address.end() :].lstrip("/")
        if address[1].lower() == "file":
            raise ValueError(
                f"source is the address 'file:///{rest}': give the path alone, e.g. {'/' + rest!r}"
            )
        whole = f"{address[1]}://{rest}"
        cure = (
            f"with pandas: Dataset.from_frame(pandas.read_csv({whole!r}), predictors=[...], responses=[...])"
        )
        raise ValueError(
            f"source is the web address {whole!r}: give the path of a file, an open file or bytes; {cure}"
        )
    if "\n" in path or "\r" in path:
        raise ValueError(
            f"source is a text ({reprlib.repr(path)}), not a path: give io.StringIO(text), or the path of "
            "a file"
        )


def _check_size(size: int) -> None:
    if size > MOST_BYTES:
        raise ValueError(
            f"the file has {size / 1e6:.1f} MB, the most is {MOST_BYTES / 1e6:g} MB: keep the rows and "
            "columns you need"
        )


def _text(content: bytes) -> str:
    if not content.strip():
        raise ValueError("the file is empty: give a line of column names and one line a sample")
    zero = content.find(0)
    if zero >= 0:
        raise ValueError(
            f"byte {zero} of the file is zero, as in a workbook, a picture or UTF-16 text: save the table "
            "as CSV UTF-8"
        )
    try:
        return content.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        what = (
            f"byte {error.start} of the file (0x{content[error.start]:02x}, in line {line}) is not UTF-8 text"
        )
        raise ValueError(f"{what}: save it as CSV UTF-8 in your spreadsheet program") from None
