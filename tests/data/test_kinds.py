"""Kinds: dates, amounts, errors and identifiers are told from categories and measurements."""

import numpy as np
import pytest

from ann_dashboard.data import kinds


@pytest.mark.parametrize(
    "text",
    [
        *("2011-01-31", "2011/1/31", "31.1.2011", "1/31/11", "31-01-2011", "31. 1. 2011"),
        *(
            "2011-01-31T10:00",
            "2011-01-31 10:00:00",
            "2011-01-31T10:00:00.5Z",
            "2011-01-31 10:00:00+01:00",
            "1/31/11 10:30 PM",
        ),
        *(
            "01-Mar-2004 00:00:00",
            "1 March 2004",
            "March 1, 2004",
            "1st of March 2004",
            "Mon, 1 Mar 2004",
            "Mar 1",
            "1-Mar",
            "Mar-04",
            "Mar 2004",
        ),
        *(
            "1 de enero de 2020",
            "1 de janeiro de 2020",
            "3 maart 2020",
            "1 stycznia 2020",
            "1 января 2020",
            "1. ledna 2020",
            "2 Şubat 2020",
            "1. tammikuuta 2020",
            "2020. március 3.",
            "2 września 2021",
            "3 set 2020",
            "2020年1月31日",
            "2020. 1. 31.",
            "2020-01-31 00:00 CET",
            "Montag, 1. März 2020",
            "domingo, 1 de marzo de 2020",
        ),
        *("1. März 2004", "3. Dez. 2004", "1 août 2004", "14 febbraio 2004", "2004 Mar 1", "2004-Mar-01"),
        *(
            "1949-01",
            "1949/1",
            "03/2004",
            "2004Q1",
            "2004-Q1",
            "Q1 2004",
            "2004-W05",
            "20040301T1000Z",
            "10:30",
            "10:30:15",
        ),
    ],
)
def test_a_date_is_a_date_however_it_is_written(text: str) -> None:
    assert kinds.is_date(text)


@pytest.mark.parametrize(
    "text",
    [
        "sand",
        "Mon",
        "March",
        "May",
        "a1",
        "1949",
        "12.5",
        "1-2",
        "1949-13",
        "marble 2004 b",
        "10:3",
        "Q5 2004",
        "B-12",
        "gene1",
        "marker 2",
        "Mark 3",
        "set 1",
        "Gen 2",
        "section 3",
        "decile 4",
        "agent 7",
        "junction 12",
        "type 3",
        "Model 2020",
        "1a",
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert not kinds.is_date(text)


@pytest.mark.parametrize(
    ("texts", "unit", "numerals"),
    [
        (["$1200", "-$5", "($3)", "$1,200.50"], "$", ["1200", "-5", "-3", "1,200.50"]),
        (["12,50 €", "€ 3", "0"], "€", ["12,50", "3", "0"]),
        (["10%", "2.5 %", "−3%"], "%", ["10", "2.5", "-3"]),
        (["USD 5", "7 USD"], "USD", ["5", "7"]),
        (["1'200 kr", "3 kr"], "kr", ["1'200", "3"]),
    ],
)
def test_a_column_of_amounts_has_one_unit_and_its_numerals(
    texts: list[str], unit: str, numerals: list[str]
) -> None:
    assert kinds.amounts(texts) == (unit, numerals)


@pytest.mark.parametrize(
    "texts",
    [["$1", "€1"], ["$1", "sand"], ["1", "2"], ["10m", "20m"], ["$"], ["$a"], ["0", "0"], ["#1", "#2"], []],
)
def test_what_is_no_column_of_amounts_is_none(texts: list[str]) -> None:
    assert kinds.amounts(texts) is None


@pytest.mark.parametrize(
    "text",
    [
        "#DIV/0!",
        "#VALUE!",
        "#REF!",
        "#NAME?",
        "#NUM!",
        "#N/A",
        "#WERT!",
        "#BEZUG!",
        "#ZAHL!",
        "#SPILL!",
        "Err:502",
    ],
)
def test_the_error_of_a_spreadsheet_is_known(text: str) -> None:
    assert kinds.is_error(text)


@pytest.mark.parametrize("text", ["#1", "# of rooms", "sand!", "a?", "#", ""])
def test_another_text_is_no_error(text: str) -> None:
    assert not kinds.is_error(text)


@pytest.mark.parametrize(
    "name",
    [
        "Id",
        "ID",
        "id",
        "PassengerId",
        "customer_id",
        "Kundennummer",
        "Proben-Nr",
        "CustomerID",
        "index",
        "Unnamed: 0",
        "#",
        "No.",
        "row",
        "patient id",
    ],
)
def test_a_column_may_be_called_like_an_identifier(name: str) -> None:
    assert kinds.named_identifier(name)


@pytest.mark.parametrize(
    "name", ["acid", "fluid", "width", "x", "porosity", "Idaho", "solid", "node", "nodes", "notes"]
)
def test_a_word_that_ends_like_one_is_no_identifier(name: str) -> None:
    assert not kinds.named_identifier(name)


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("x", [1, 2, 3], True),
        ("x", [0, 1, 2, 3], True),
        ("x", [1, 2], False),
        ("x", [1, 3, 2], False),
        ("x", [2, 3, 4], False),
        ("PassengerId", [892, 893, 900], True),
        ("refractive index", [1.5, 1.6, 1.4], False),
        ("id", [1, 1, 2], False),
    ],
)
def test_numbers_that_count_or_are_called_so_name_the_rows(
    name: str, values: list[float], expected: bool
) -> None:
    assert kinds.is_identifier(name, np.array(values, dtype=float)) is expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 2, 1, 2], True),
        ([-1, 1, -1, 1], True),
        ([3, 1, 2, 3, 1, 2], True),
        ([0, 1, 0, 1], False),
        ([1, 2, 3, 4], False),
        ([1.5, 2, 1.5, 2], False),
    ],
)
def test_few_whole_numbers_may_be_classes(values: list[float], expected: bool) -> None:
    assert kinds.are_codes(np.array(values, dtype=float)) is expected


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (list("abc"), True),
        (list("ab"), False),
        (list("aab"), False),
        ([*map(str, range(18)), "0", "1"], False),
        ([*map(str, range(19)), "0"], True),
    ],
)
def test_texts_that_all_differ_or_nearly_all_are_told(texts: list[str], expected: bool) -> None:
    assert kinds.all_differ(texts) is expected


@pytest.mark.parametrize(
    "text",
    ["1" + " " * 200_000 + "x", "$" + "1" * 200_000 + "x", "jan" + "a" * 200_000 + "1", "(" * 200_000 + "1"],
)
def test_a_cell_of_any_length_is_judged_at_once(text: str) -> None:
    """Each took minutes: the patterns try every length."""
    assert (
        kinds.amounts([text]),
        kinds.is_date(text),
        kinds.is_error(text),
        kinds.number_with_unit([text]),
    ) == (None, False, False, None)
