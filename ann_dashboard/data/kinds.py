"""Kinds: what the texts of a column are if not categories.

Dates, amounts, errors of a spreadsheet, or identifiers.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from ann_dashboard.data.numerals import COMMA, POINT, SIGNS, columns, is_ambiguous, readings

FEWEST_ROWS = 3
"""Rows from which on texts that all differ are no categories, and numbers that count are no measurements."""
MOST_LETTERS = 60
"""Of a date, an amount or an error; a longer text is none."""
MOST_CODES = 10
"""Different whole numbers of a column up to which they may be classes."""

_MONTHS = """
    jan feb mar apr may jun jul aug sep sept oct nov dec jän feber mär mrz mai okt dez janv févr fév mars
    avr juin juil août aoû déc ene abr ago dic mag giu lug ott fev out maj mrt january february march april
    june july august september october november december januar jänner februar märz juni juli oktober
    dezember janvier février avril juillet septembre octobre novembre décembre enero febrero marzo abril
    mayo junio julio agosto septiembre setiembre octubre noviembre diciembre janeiro fevereiro março maio
    junho julho setembro outubro novembro dezembro gennaio febbraio aprile maggio giugno luglio settembre
    ottobre dicembre januari februari maart mei augustus augusti marts januaris desember stycznia lutego
    marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia января февраля марта
    апреля мая июня июля августа сентября октября ноября декабря ledna února března dubna května června
    července srpna září října listopadu prosince ocak şubat mart nisan mayıs haziran temmuz ağustos eylül
    ekim kasım aralık tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta
    syyskuuta lokakuuta marraskuuta joulukuuta január február március április május június július augusztus
    szeptember október
"""
"""Names of months, whole and shortened, in the languages that are written with them between the numbers."""
_MONTH = rf"(?:{'|'.join(sorted(_MONTHS.split(), key=len, reverse=True))})(?![^\W\d_])\.?"
_DAY_NAME = (
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|lun|mar|mer|jeu|ven|sam|dim|mié|jue|vie|sáb|seg|ter|qua|qui|sex|gio|dom)"
    r"[^\W\d_]*[.,]?\s+)?"
)
_ZONE = r"z|utc|gmt|[A-Z]{2,4}T|[+-]\d{2}:?\d{2}"
_TIME = rf"\d{{1,2}}:\d{{2}}(?::\d{{2}}(?:[.,]\d+)?)?(?:\s*[ap]\.?m\.?)?(?:\s*(?:{_ZONE}))?"
_YEAR, _GAP = r"(?:1[5-9]|20|21)\d\d", r"[-\s/.,']*"
_DATES = (
    r"\d{1,4}([-/.])\s?\d{1,2}\1\s?\d{1,4}\.?",
    rf"{_YEAR}\s?[年년]\s?\d{{1,2}}\s?[月월](?:\s?\d{{1,2}}\s?[日일])?",
    rf"{_YEAR}[-/.](?:0?[1-9]|1[0-2])",
    rf"(?:0?[1-9]|1[0-2])[-/.]{_YEAR}",
    rf"\d{{1,2}}(?:st|nd|rd|th|\.)?{_GAP}(?:of\s|de\s)?{_MONTH}(?:{_GAP}(?:de\s|del\s)?\d{{2,4}})?",
    rf"\d{{1,2}}\.?{_GAP}(?:set|gen)\.?{_GAP}\d{{4}}",
    rf"{_MONTH}{_GAP}\d{{1,2}}(?:st|nd|rd|th)?(?:[-\s/,]+\d{{2,4}})?",
    rf"{_MONTH}{_GAP}\d{{2,4}}",
    rf"\d{{4}}{_GAP}{_MONTH}(?:{_GAP}\d{{1,2}}\.?)?",
    rf"{_YEAR}[-\s/]?(?:q[1-4]|w\d{{1,2}}(?:-?\d)?)",
    rf"q[1-4][-\s/]?{_YEAR}",
    r"\d{8}t\d{4,6}z?",
)
_DATE = [re.compile(rf"{_DAY_NAME}{date}(?:[t\s,]+{_TIME})?", re.IGNORECASE) for date in _DATES]
_TIME_OF_DAY = re.compile(_TIME, re.IGNORECASE)
_ERROR = re.compile(r"#[^\W_]+(?:/[^\W_]+)?[!?]|#N/A|Err:\d+", re.IGNORECASE)
_CODE = (
    r"(?:US|CA|A|AU|NZ|HK|S|R)?\$|USD|EUR|GBP|CHF|JPY|CNY|RMB|INR|RUB|AUD|CAD|SEK|NOK|DKK|PLN|CZK|HUF|BRL|MXN"
    r"|ZAR|TRY|KRW|kr\.?|zł|Kč|Ft|Rs\.?"
)
_AMOUNT = re.compile(
    rf"(?P<minus>[-−]?)\s*(?P<before>{_CODE}|[^\w\s.,'+−-])?\s*(?P<numeral>[+−-]?[\d.,][^%‰$]*?)\s*(?P<after>{_CODE}|[^\w\s.,'])?"
)


def is_date(text: str) -> bool:
    """Whether a text is a date, a month, a quarter, a week or a time.

    2011-01-31, 31.1.2011, 01-Mar-2004 00:00, 1949-01, 10:30.
    """
    text = text.strip()
    if len(text) > MOST_LETTERS or not any(map(str.isdecimal, text)):
        return False
    return any(date.fullmatch(text) for date in _DATE) or bool(_TIME_OF_DAY.fullmatch(text))


def is_error(text: str) -> bool:
    """Whether a cell holds what a spreadsheet writes where a formula fails: #DIV/0!, #VALUE!, #WERT!."""
    return len(text) <= MOST_LETTERS and bool(_ERROR.fullmatch(text.strip()))


def amount(text: str) -> tuple[str, str] | None:
    """The unit and the numeral of an amount of money or a percentage, or None.

    ("$", "1,200") for "$1,200", ("%", "10") for "10 %".
    """
    text = text.strip()
    if len(text) > MOST_LETTERS or not any(map(str.isdecimal, text)):
        return None
    if negative := text.startswith("(") and text.endswith(")"):
        text = text[1:-1].strip()
    match = _AMOUNT.fullmatch(text)
    if match is None or bool(match["before"]) == bool(match["after"]):
        return None
    unit, numeral = (
        match["before"] or match["after"],
        f"{'-' if match['minus'] or negative else ''}{match['numeral'].strip()}",
    )
    known = len(unit) > 1 or unicodedata.category(unit) == "Sc" or unit in "%‰"
    return (unit, numeral) if known and readings(numeral) else None


def amounts(texts: Sequence[str]) -> tuple[str, list[str]] | None:
    """The one unit of a column of amounts and its numerals, or None.

    None where a text is not an amount or has another unit; a bare 0 has any unit.
    """
    found = []
    for text in texts:
        each = ("", text) if text.strip() == "0" else amount(text)
        if each is None:
            return None
        found.append(each)
    units = {unit for unit, _ in found} - {""}
    return (units.pop(), [numeral for _, numeral in found]) if len(units) == 1 else None


def number_with_unit(texts: Sequence[str]) -> str | None:
    """The unit that stands behind a blank after each number of a column, as in "12 m", or None."""
    units = set()
    for text in texts:
        numeral, _, unit = text.strip().partition(" ")
        if len(text) > MOST_LETTERS or not unit or unit[0].isdecimal() or not readings(numeral):
            return None
        units.add(unit.strip())
    return units.pop() if len(units) == 1 else None


def possible_numbers(texts: Sequence[str]) -> tuple[str, dict[str, list[float]]]:
    """The unit of a column, "" for none, and its numbers for each possible decimal sign.

    Money never has three decimals: $1,200 is 1200.
    """
    if possible := columns(texts):
        return "", possible
    if (found := amounts(texts)) is None:
        return "", {}
    unit, numerals = found
    possible = columns(numerals)
    between = [sign for sign in SIGNS if any(sign in numeral for numeral in numerals)]
    if is_ambiguous(possible) and unit not in "%‰" and len(between) == 1:
        sign = POINT if between == [COMMA] else COMMA
        return unit, {sign: possible[sign]}
    return unit, possible


def all_differ(texts: Sequence[str]) -> bool:
    """Whether all texts of a column differ, or nearly all: nine of ten are there once."""
    counts = Counter(texts)
    once = sum(count == 1 for count in counts.values())
    return len(texts) >= FEWEST_ROWS and (
        once == len(texts) or (len(texts) >= 10 and once >= 0.9 * len(texts))
    )


def counts_rows(values: np.ndarray) -> bool:
    """Whether numbers are 0, 1, 2, ... or 1, 2, 3, ... in the order of the rows."""
    return (
        len(values) >= FEWEST_ROWS
        and values[0] in (0, 1)
        and all(after - before == 1 for before, after in pairwise(values.tolist()))
    )


_NAMES = {
    "id",
    "ids",
    "idx",
    "index",
    "nr",
    "uid",
    "uuid",
    "guid",
    "rowid",
    "rownames",
    "rownum",
    "rownumber",
}
_WHOLE_NAMES = {
    "#",
    "no",
    "no.",
    "nr",
    "nr.",
    "row",
    "obs",
    "key",
    "row number",
    "row no",
    "s.no",
    "sl no",
    "serial number",
    "record",
    "unnamed",
}


def named_identifier(name: str) -> bool:
    """Whether a column is called like an identifier: Id, customer_id, Kundennummer, Unnamed: 0, #."""
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name)
    low = [word.lower() for word in words]
    if name.strip().lower() in _WHOLE_NAMES or low[:1] == ["unnamed"]:
        return True
    return bool(low) and (low[-1] in _NAMES or low[-1].endswith("nummer"))


def is_identifier(name: str, values: np.ndarray) -> bool:
    """Whether a column of numbers names its rows.

    It counts them, or its name says so and it holds whole numbers that all differ.
    """
    whole = bool(np.isfinite(values).all() and (values == np.floor(values)).all())
    return whole and (
        counts_rows(values) or (named_identifier(name) and len(np.unique(values)) == len(values))
    )


def are_codes(values: np.ndarray) -> bool:
    """Whether numbers may be classes.

    They are few different whole numbers, each there about twice at least, and not just 0 and 1.
    """
    found = np.unique(values)
    whole = bool(np.isfinite(found).all() and (found == np.floor(found)).all())
    return (
        whole
        and 2 <= len(found) <= MOST_CODES
        and 2 * len(found) <= len(values)
        and not np.isin(found, (0, 1)).all()
    )
