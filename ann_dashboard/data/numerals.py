"""Numerals: numbers as people write them, typed or in a column of a file.

1234.5, 1,234.5, 1.234,5 or 1 234,5.
"""

import math
import re
import reprlib
from collections.abc import Iterable

from ann_dashboard.notation import MINUS

POINT, COMMA = ".", ","
SIGNS = (POINT, COMMA)
"""What stands before the decimals."""

MOST_LETTERS = 400
"""Of a number: the largest float has 309 digits."""

_MINUSES = str.maketrans(
    dict.fromkeys((MINUS, "\N{EN DASH}", "\N{SMALL HYPHEN-MINUS}", "\N{FULLWIDTH HYPHEN-MINUS}"), "-")
)
_NEUTRAL = (
    "  \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"
    "\N{THIN SPACE}\N{FIGURE SPACE}'\N{RIGHT SINGLE QUOTATION MARK}"
)
"""What may stand between thousands whatever the decimal sign is: blanks and apostrophes."""


def _number(point: str, comma: str) -> re.Pattern[str]:
    """The pattern of a number with ``point`` before its decimals.

    Between its thousands stands nothing, ``comma``, a blank or an apostrophe.
    """
    point, comma = re.escape(point), re.escape(comma)
    grouped = "|".join(
        rf"[1-9]\d{{0,2}}(?:{between}\d{{3}})+"
        for between in (comma, *map(re.escape, dict.fromkeys(_NEUTRAL)))
    )
    in_lakhs = rf"[1-9]\d?(?:{comma}\d\d)+{comma}\d{{3}}"
    plain = rf"(?P<plain>\d+)?(?:{point}(?P<decimals>\d*))?(?P<power>[eE][+-]?\d+)?"
    return re.compile(
        rf"(?P<sign>[+-]?)(?:(?P<grouped>{grouped}|{in_lakhs})(?:{point}(?P<rest>\d+))?|{plain})"
    )


_NUMBERS = {POINT: _number(POINT, COMMA), COMMA: _number(COMMA, POINT)}


def readings(text: str) -> dict[str, float]:
    """The number that a text writes, for each decimal sign with which it is one.

    {".": 1234.0, ",": 1.234} for "1,234", {} for "sand".
    A number that overflows is inf; the words inf and nan, 1_000 and 0x10 are no numbers.
    """
    if len(text) > MOST_LETTERS or not any(map(str.isdecimal, text)):
        return {}
    clean = text.strip().translate(_MINUSES)
    return {sign: value for sign in SIGNS if (value := _value(_NUMBERS[sign].fullmatch(clean))) is not None}


def _value(match: "re.Match[str] | None") -> float | None:
    if match is None or not (match["grouped"] or match["plain"] or match["decimals"]):
        return None
    whole = re.sub(r"\D", "", match["grouped"] or match["plain"] or "0")
    decimals = match["rest"] or match["decimals"] or "0"
    return float(f"{match['sign']}{whole}.{decimals}{match['power'] or ''}")


def typed(text: str, thing: str) -> float:
    """The finite number that a person typed.

    A point always stands before decimals, a comma where it can stand for nothing else.
    0.2, 0,2, 1e-3, −0.5, 1,234.5, 1.234,5 and 1 234,5 are read. Raises ValueError that names the thing, the
    text and the cure; "1,234" is refused with both its readings.
    """
    found = readings(text)
    if len(set(found.values())) == 2 and COMMA in text:
        grouped, decimal = (shown(found[sign]) for sign in SIGNS)
        raise ValueError(
            f"{thing} is {text.strip()!r}, which could be {grouped} or {decimal}: write {grouped} or "
            f"{decimal}"
        )
    value = found.get(POINT, found.get(COMMA))
    if value is None or value in (float("inf"), float("-inf")):
        raise ValueError(f"{thing} is {reprlib.repr(text.strip())}: give a number such as 0.15")
    return value


def shown(value: float) -> str:
    """A number as it can be typed again: every digit, whole numbers without a point."""
    return str(int(value)) if abs(value) < 1e15 and value == int(value) else repr(value)


def columns(texts: Iterable[str]) -> dict[str, list[float]]:
    """A column of texts as numbers, for each decimal sign with which all of them are numbers.

    {} where there is no such sign.
    Whole numbers from 100 to 999 beside numbers from "1,000" on settle what the comma is: it stands between
    thousands.
    """
    texts = list(texts)
    if all(text.isdecimal() for text in texts):
        whole = [float(text) for text in texts]
        return dict.fromkeys(SIGNS, whole)
    if (points := _written_as_python_does(texts)) is not None:
        return {POINT: points}
    known = {text: readings(text) for text in set(texts)}
    found = [known[text] for text in texts]
    possible = {sign: [each[sign] for each in found] for sign in SIGNS if all(sign in each for each in found)}
    if is_ambiguous(possible) and (settled := _settled(texts, found)):
        return {settled: possible[settled]}
    return possible


def is_grouped(text: str, value: float) -> bool:
    """Whether a text that writes a value has its thousands apart."""
    try:
        return float(text.strip().translate(_MINUSES).replace(COMMA, POINT)) != value
    except ValueError:
        return True


def is_ambiguous(possible: dict[str, list[float]]) -> bool:
    """Whether a column is one of numbers with either decimal sign, but not of the same numbers."""
    return len(possible) == 2 and possible[POINT] != possible[COMMA]


def _written_as_python_does(texts: list[str]) -> list[float] | None:
    """The numbers of a column that Python reads, else None.

    A point must stand before decimals for sure. Most columns are so, and long.
    """
    if any(COMMA in text or "_" in text for text in texts) or not any(
        POINT in text and COMMA not in readings(text) for text in texts[:20]
    ):
        return None
    try:
        values = [float(text) for text in texts]
    except ValueError:
        return None
    return values if all(map(math.isfinite, values)) else None


def _settled(texts: list[str], found: list[dict[str, float]]) -> str | None:
    """The decimal sign that a column itself shows, else None.

    Its numbers below 1000 have no separator, those above have one.
    """
    whole = [
        text.strip().lstrip("+-" + MINUS)
        for text, each in zip(texts, found, strict=True)
        if each[POINT] == each[COMMA]
    ]
    between = {sign for text in texts for sign in SIGNS if sign in text}
    if (
        len(between) == 1
        and any(len(text) == 3 for text in whole)
        and all(text.isdecimal() and len(text) <= 3 for text in whole)
    ):
        return COMMA if between == {POINT} else POINT
    return None
