"""Cells: the text of a file, cut into rows and columns.

The lines above the table, the names and the units are told apart from the samples.
"""

import csv
import io
import re
import reprlib
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from ann_dashboard.data import kinds
from ann_dashboard.data.numerals import readings
from ann_dashboard.words import counted

MOST_ROWS = 5000
MOST_TABLE_COLUMNS = 100
LINES_ABOVE = 20
"""Lines of titles and notes that a table may have above it."""
ROWS_JUDGED = 300
"""Rows that decide what a column holds."""

BLANKS = " "
"""The separator of columns that stand apart by runs of blanks."""
_SEPARATORS = ("\t", ";", "|", ",", BLANKS)
_TOLD_SEPARATOR = re.compile(r"\A\"?sep=(.)\"?(\r\n|\r|\n)", re.IGNORECASE)
"""First line that spreadsheet programs write for each other."""
_COMMENT = re.compile(r"\s*(#|//|%)")
_ANY_COMMENT = re.compile(r"(?:\A|[\r\n])[ \t]*(#|//|%)")
_UNIT = re.compile(r"[(\[].*[)\]]|-|–")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")

Row = tuple[int, list[str]]
"""The number of the line in which a row begins, and its cells."""


@dataclass(frozen=True)
class Doubt:
    """A guess about the lines at the top.

    ``about``: "title" or "header". ``found``: what was found there.
    """

    about: str
    found: str


@dataclass(frozen=True)
class Cells:
    """A file cut into cells: the names of its columns, its rows, and the line in which each row begins.

    ``separator``: what stands between the cells. ``header``: whether the names are those of the file.
    ``skipped``: lines left out at the top.
    ``doubts``: what was guessed and may be otherwise. ``notes``: what was left out or joined, a sentence
    each.
    """

    names: tuple[str, ...]
    rows: list[list[str]]
    lines: list[int]
    separator: str
    header: bool
    skipped: int
    doubts: tuple[Doubt, ...]
    notes: tuple[str, ...]


def cut(text: str, *, header: bool | None, skip: int | None, missing: Collection[str]) -> Cells:
    """The cells of a text.

    ``header``: whether the first line holds names, None finds it out. ``skip``: lines to leave out at the
    top, None leaves out a title.
    ``missing``: the words that stand for a missing value. Raises ValueError that names the line and the cure.
    """
    told = _TOLD_SEPARATOR.match(text)
    kept = _without_lines(_TOLD_SEPARATOR.sub("\n", text), skip or 0)
    kept, notes = _uncommented(kept, told[1] if told else None)
    separator = told[1] if told else separator_of(kept)
    rows, count, hollow = _kept_rows(kept, separator)
    if not rows:
        raise ValueError("the file has no column names: give a line of column names and one line a sample")
    doubts: list[Doubt] = []
    skipped, titles = skip or 0, 0
    if skip is None and (titles := _titles([row for _, row in rows])):
        numbers, words = [line for line, _ in rows[:titles]], [cell for cell in rows[0][1] if cell]
        doubts.append(Doubt("title", _named_lines(numbers, words, "looks like a title", "look like titles")))
        rows, skipped = rows[titles:], rows[titles][0] - 1
    if header is not False and _begin_with_names(rows):
        (line, names), *below = rows
        rows = [(line, ["", *names]), *below]
        named = f"line {line} names {counted(len(names), 'column')} and the rows have {len(names) + 1} cells"
        notes = (*notes, f"{named}: the first cell is taken for the row's name, as R writes it")
    if header is None:
        found = _like_data(rows, missing)
        doubts += [Doubt("header", found)] if found else []
        header = not found
    if hollow:
        notes = (*notes, f"{counted(hollow, 'empty row')} {'is' if hollow == 1 else 'are'} left out")
    if (samples := count - titles - header) > MOST_ROWS:
        raise ValueError(
            f"the table has {samples} rows, the most is {MOST_ROWS}: keep a part of them, e.g. every tenth"
        )
    return _table(
        rows,
        header=header,
        separator=separator,
        skipped=skipped,
        doubts=tuple(doubts),
        notes=notes,
        missing=missing,
    )


def _kept_rows(text: str, separator: str) -> tuple[list[Row], int, int]:
    """The rows that hold something, how many there are, and how many have cells but no text.

    Not many more rows are returned than a table may have.
    """
    rows: list[Row] = []
    count = hollow = 0
    for line, row in rows_of(text, separator):
        if any(row):
            count += 1
            if len(rows) < MOST_ROWS + LINES_ABOVE:
                rows.append((line, row))
        elif len(row) > 1:
            hollow += 1
    return rows, count, hollow


def _without_lines(text: str, count: int) -> str:
    """A text whose first lines are empty."""
    lines = _LINE.findall(text)
    if count and not "".join(lines[count:]).strip():
        raise ValueError(
            f"skip is {count}, and the file has {counted(len(lines) - 1, 'line')}: "
            "leave out fewer, so that names and samples remain"
        )
    return "\n" * count + "".join(lines[count:])


def _uncommented(text: str, told: str | None) -> tuple[str, tuple[str, ...]]:
    """A text whose comments are empty lines, and a sentence that names them.

    A line that begins with #, // or % is one, unless it has as many cells as the rows: then it is a sample,
    or the names.
    """
    if not _ANY_COMMENT.search(text):
        return text, ()
    lines, quotes, marked = _LINE.findall(text), 0, set()
    for place, line in enumerate(lines):
        if quotes % 2 == 0 and _COMMENT.match(line):
            marked.add(place)
        quotes += line.count('"')
    others = "".join(line for place, line in enumerate(lines) if place not in marked)
    if not marked or not others.strip():
        return text, ()
    separator = told or separator_of(others)
    rows = [row for _, row in islice(rows_of(others, separator), MOST_ROWS) if any(row)]
    width, names_below = _usual_width(rows), bool(rows) and _names_above_numbers(rows[0], rows[1:])
    first = next(place for place, line in enumerate(lines) if line.strip() and place not in marked)
    last_above = max((place for place in marked if place < first), default=-1)
    comments = set()
    for place in sorted(marked):
        above = place < first
        if above and (names_below or place != last_above):
            comments.add(place)
        elif _width(lines[place], separator) == width:
            continue
        elif above and _width(bare := _COMMENT.sub("", lines[place], count=1), separator) == width:
            lines[place] = bare
        else:
            comments.add(place)
    kept = "".join("\n" if place in comments else line for place, line in enumerate(lines))
    if not comments:
        return kept, ()
    numbers = sorted(comments)
    words = [lines[numbers[0]].strip()]
    return kept, (
        _named_lines(
            [number + 1 for number in numbers],
            words,
            "is a comment and is left out",
            "are comments and are left out",
        ),
    )


def _width(line: str, separator: str) -> int:
    return max((_trimmed(row) for _, row in rows_of(line, separator)), default=0)


def separator_of(text: str) -> str:
    """The separator with which most rows have the same number of cells and most cells are numbers.

    All rows count, not only the first.
    """
    evidence = {
        separator: _evidence(text, separator)
        for separator in _SEPARATORS
        if separator in text or (separator == BLANKS and "\t" in text)
    }
    best = max(evidence, key=lambda separator: evidence[separator], default=",")
    return best if evidence.get(best) else ","


def _evidence(text: str, separator: str) -> float:
    """How well a separator fits: two shares, 0 for a single column.

    The share of the rows with the usual number of cells, and of the cells below the first row that are
    numbers.
    """
    rows: list[list[str]] = []
    with suppress(csv.Error):
        rows += (row for _, row in islice(_rows(text, separator), 2 * MOST_ROWS) if any(row))
    width = _usual_width(rows)
    if width < 2:
        return 0.0
    fitting = sum(_trimmed(row) == width for row in rows) / len(rows)
    cells = [cell for row in rows[1 : ROWS_JUDGED + 1] for cell in row[:MOST_TABLE_COLUMNS] if cell]
    numbers = sum(bool(readings(cell)) for cell in cells) / max(1, len(cells))
    return fitting + numbers - (0.4 if separator == BLANKS else 0.0)


def rows_of(text: str, separator: str) -> Iterator[Row]:
    """The rows of a text: the line in which each begins, and its stripped cells.

    Raises ValueError for a text that cannot be cut into rows.
    """
    try:
        yield from _rows(text, separator)
    except csv.Error as error:
        what, line = error.args
        raise ValueError(
            f"line {line} of the file is not a row of cells ({what}): close its quotes, and write a quote in "
            "a text as two"
        ) from None


def _rows(text: str, separator: str) -> Iterator[Row]:
    """The rows of a text; csv.Error tells what is wrong and the line in which that row begins."""
    if separator == BLANKS:
        text = "".join(re.sub(r"[ \t]+", " ", line).lstrip(" ") for line in _LINE.findall(text))
        text = re.sub(r" +(?=[\r\n]|\Z)", "", text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for row in reader:
            yield line, [cell.strip() for cell in row]
            line = reader.line_num + 1
    except csv.Error as error:
        raise csv.Error(str(error), line) from None


def _trimmed(row: Sequence[str]) -> int:
    """The number of cells up to the last one that holds something."""
    return max((place for place, cell in enumerate(row, start=1) if cell), default=0)


def _usual_width(rows: Sequence[Sequence[str]]) -> int:
    """The number of cells that most rows have."""
    widths = Counter(map(_trimmed, rows))
    return max(widths, key=lambda width: (widths[width], width), default=0)


def _titles(rows: Sequence[Sequence[str]]) -> int:
    """How many rows at the top are titles or notes.

    Such a row has a text in the first cell alone, or too few cells above a row of names.
    """
    width = _usual_width(rows)
    if width < 2 or len(rows) < 3:
        return 0
    full = next((place for place, row in enumerate(rows[:LINES_ABOVE]) if _trimmed(row) >= width), 0)
    if not full or not all(row[0] for row in rows[:full]):
        return 0
    alone = all(_trimmed(row) == 1 and (len(row) == 1 or width > 2) for row in rows[:full])
    return full if alone or _names_above_numbers(rows[full], rows[full + 1 :]) else 0


def _begin_with_names(rows: Sequence[Row]) -> bool:
    """Whether each row begins with a name of its own that has none above it, as R writes row names.

    Numbers there may be the first half of a decimal, 1,5 in a file that is separated by commas.
    """
    first, below = rows[0][1], [row for _, row in rows[1:]]
    width = len(first) + 1
    if len(below) < 2 or not all(first) or _usual_width(below) != width:
        return False
    begins = {row[0] for row in below if len(row) == width}
    return len(begins - {""}) == len(below) and not all(map(readings, begins))


def _kind(cell: str) -> str:
    """What a cell holds: "number", "date" or "text".

    An amount of money or a percentage counts as a number.
    """
    if readings(cell) or kinds.amount(cell):
        return "number"
    return "date" if kinds.is_date(cell) else "text"


def _kind_of_column(cells: Sequence[str]) -> str:
    """What more than half of the cells hold."""
    kind, count = Counter(map(_kind, cells)).most_common(1)[0] if cells else ("", 0)
    return kind if 2 * count > len(cells) else "text"


def _columns_below(below: Sequence[Sequence[str]], width: int, missing: Collection[str]) -> list[list[str]]:
    """The cells of each column that are not missing, of the rows that are judged."""
    return [
        [
            row[place]
            for row in below[:ROWS_JUDGED]
            if place < len(row) and not _is_missing(row[place], missing)
        ]
        for place in range(width)
    ]


def _is_missing(cell: str, missing: Collection[str]) -> bool:
    return not cell or cell in missing


def _names_above_numbers(
    first: Sequence[str], below: Sequence[Sequence[str]], missing: Collection[str] = ()
) -> bool:
    """Whether a row has no number, and a text stands above numbers or dates."""
    kinds_below = [_kind_of_column(cells) for cells in _columns_below(below, len(first), missing)]
    above = [_kind(cell) if cell else "" for cell in first]
    return "number" not in above and _texts_above_numbers(first, above, kinds_below) > 0


def _texts_above_numbers(first: Sequence[str], above: Sequence[str], kinds_below: Sequence[str]) -> int:
    """How many cells with letters stand above numbers or dates."""
    letters = [
        kind == "text" and any(letter.isalpha() for letter in cell)
        for cell, kind in zip(first, above, strict=True)
    ]
    return sum(text and kind in ("number", "date") for text, kind in zip(letters, kinds_below, strict=True))


def _like_data(rows: Sequence[Row], missing: Collection[str]) -> str:
    """Why the first row looks like a sample and not like names, or "".

    Numbers stand above numbers, texts come again below, or a name stands there twice.
    """
    line, first = rows[0]
    below = [row for _, row in rows[1:]]
    where = f"line {line} ({_quoted(first)})"
    columns = _columns_below(below, len(first), missing)
    above = [_kind(cell) if cell and cell not in missing else "" for cell in first]
    kinds_below = [_kind_of_column(cells) for cells in columns]
    names = _texts_above_numbers(first, above, kinds_below)
    alike = [
        here in ("number", "date") and (here == kind or not cells)
        for here, kind, cells in zip(above, kinds_below, columns, strict=True)
    ]
    if names and names >= sum(alike):
        return ""
    if any(alike):
        what = (
            "a date stands above dates"
            if "number" not in above and below
            else "numbers stand above numbers"
            if below
            else "it holds numbers"
        )
        return f"{where} looks like a sample, not like names ({what})"
    again = [cell for cell, cells in zip(first, columns, strict=True) if cell and cell in cells]
    if 2 * len(again) >= len([cell for cell in first if cell]):
        return (
            f"{where} looks like a sample, not like names ({reprlib.repr(again[0])} stands in the same "
            "column again)"
        )
    texts = [cell for cell in first if cell]
    if len(set(texts)) < len(texts) and "number" not in kinds_below:
        return (
            f"{where} looks like a sample, not like names "
            f"({reprlib.repr(Counter(texts).most_common(1)[0][0])} is there twice)"
        )
    return ""


def _table(
    rows: Sequence[Row],
    *,
    header: bool,
    separator: str,
    skipped: int,
    doubts: tuple[Doubt, ...],
    notes: tuple[str, ...],
    missing: Collection[str],
) -> Cells:
    """The cells of the rows, with the names in the first row where ``header`` says so.

    Columns without a name and without a value are left out.
    """
    header_line, first = rows[0]
    samples = rows[1:] if header else rows
    filled = {place for _, row in samples for place, cell in enumerate(row) if cell}
    kept = [place for place in range(len(first)) if place in filled or (header and first[place])]
    if header and not kept:
        raise ValueError("the file has no column names: give a line of column names and one line a sample")
    names = _names([first[place] if header else "" for place in kept], [place + 1 for place in kept])
    cells, lines = [], []
    for line, row in samples:
        if len(row) <= kept[-1] or _trimmed(row) > len(first):
            _refuse_width(line, row, header_line, len(names), header=header, separator=separator)
        cells.append([row[place] for place in kept])
        lines.append(line)
    if header and (joined := _with_units(names, cells, missing)):
        units = _quoted([cell for cell in cells[0] if cell])
        notes = (*notes, f"line {lines[0]} ({units}) holds units: they stand behind the names now")
        names, cells, lines = joined, cells[1:], lines[1:]
    if not cells:
        raise ValueError(
            f"the file has column names ({_quoted(names)}) but no rows: give one line a sample below them"
        )
    phantom = max(len(row) for _, row in rows) - len(kept)
    if phantom:
        notes = (*notes, f"{counted(phantom, 'empty column')} {'is' if phantom == 1 else 'are'} left out")
    return Cells(names, cells, lines, separator, header, skipped, doubts, notes)


def _refuse_width(
    line: int, row: Sequence[str], header_line: int, width: int, *, header: bool, separator: str
) -> None:
    has = (
        f"line {header_line} {'names' if header else 'has'} {counted(width, 'column' if header else 'cell')}"
    )
    cure = "give each row one cell a column"
    if not all(map(readings, row)):
        cure += ", and put a text that holds the separator in quotes"
    if header and _trimmed(row) == width + 1:
        cure += f", and name the column of row names in line {header_line}, if there is one"
    if separator == "," and _trimmed(row) > width and all(map(readings, row)):
        cure += "; where a comma stands before decimals, separate the cells by semicolons"
    raise ValueError(f"line {line} has {counted(len(row), 'cell')} but {has}: {cure}")


def _names(given: Sequence[str], places: Sequence[int]) -> tuple[str, ...]:
    """The names of columns; one without is called by its place in the file.

    Raises ValueError for a single column, for too many, and for a name that is there twice.
    """
    if len(given) > MOST_TABLE_COLUMNS:
        raise ValueError(
            f"the table has {len(given)} columns, the most is {MOST_TABLE_COLUMNS}: keep the columns you need"
        )
    if len(given) == 1:
        cure = (
            "separate the columns by comma, semicolon, tab, | or blanks; predictors and responses are two "
            "at least"
        )
        raise ValueError(
            f"the table has one column only{', ' + reprlib.repr(given[0]) if given[0] else ''}: {cure}"
        )
    names = tuple(name or f"column {place}" for place, name in zip(places, given, strict=True))
    name, count = Counter(names).most_common(1)[0]
    if count > 1:
        twice = " and ".join(str(place) for place, other in zip(places, names, strict=True) if other == name)
        raise ValueError(
            f"columns {twice} have the same name {reprlib.repr(name)}: rename them, so that each name is "
            "there once"
        )
    return names


def _with_units(
    names: Sequence[str], rows: Sequence[Sequence[str]], missing: Collection[str]
) -> tuple[str, ...]:
    """The names followed by the units of the first row, or () where that row holds no units.

    Units are short texts above numbers, without a number among them.
    """
    if len(rows) < 3:
        return ()
    units, columns = rows[0], _columns_below(rows[1:], len(names), missing)
    if not any(units) or any(
        _kind(unit) != "text" or len(unit) > 16 or unit in missing for unit in units if unit
    ):
        return ()
    suited = [
        bool(_UNIT.fullmatch(unit)) or _kind_of_column(cells) == "number"
        for unit, cells in zip(units, columns, strict=True)
        if unit
    ]
    above_numbers = [
        unit
        for unit, cells in zip(units, columns, strict=True)
        if unit and _kind_of_column(cells) == "number"
    ]
    if (
        not all(suited)
        or not any(re.search(r"[^\W\d_]|[%‰°]", unit) for unit in above_numbers)
        or any(map(kinds.is_error, units))
    ):
        return ()
    joined = tuple(
        name if unit in ("", "-", "–") else f"{name} {unit if unit[0] in '([' else f'({unit})'}"
        for name, unit in zip(names, units, strict=True)
    )
    return joined if len(set(joined)) == len(joined) else ()


def _named_lines(lines: Sequence[int], first: Sequence[str], one: str, many: str) -> str:
    """Which lines look like titles: "line 1 ('Well report') looks like a title".

    Of several lines: "lines 1 and 2 (the first: 'Well report') look like titles".
    """
    if len(lines) == 1:
        return f"line {lines[0]} ({_quoted(first)}) {one}"
    some = (
        [str(line) for line in lines[:5]]
        if len(lines) <= 5
        else [*map(str, lines[:4]), f"{len(lines) - 4} more"]
    )
    return f"lines {', '.join(some[:-1])} and {some[-1]} (the first: {_quoted(first)}) {many}"


def _quoted(cells: Sequence[str]) -> str:
    return repr(_shortened(", ".join(cells)))


def _shortened(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}…"
