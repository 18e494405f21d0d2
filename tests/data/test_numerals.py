"""Numerals: a number is read as it was meant, in each style that people write.

A numeral with two readings is refused with both.
"""

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ann_dashboard.data.numerals import columns, is_ambiguous, readings, shown, typed


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0.2", 0.2),
        ("0,2", 0.2),
        (" ,5 ", 0.5),
        ("1.", 1.0),
        ("+3", 3.0),
        ("1e-3", 0.001),
        ("1,5E3", 1500.0),
        ("−0.5", -0.5),
        ("–2", -2.0),
        ("1.000", 1.0),
        ("0,125", 0.125),
        ("1,2345", 1.2345),
        ("1234,567", 1234.567),
        ("1,234.5", 1234.5),
        ("1.234,5", 1234.5),
        ("1 234,5", 1234.5),
        ("1\N{NARROW NO-BREAK SPACE}234\N{NARROW NO-BREAK SPACE}567", 1234567.0),
        ("1\N{NO-BREAK SPACE}234.5", 1234.5),
        ("1'234.5", 1234.5),
        ("1’234", 1234.0),
        ("1,234,567", 1234567.0),
        ("1.234.567", 1234567.0),
        ("12,34,567", 1234567.0),
    ],
)
def test_a_typed_number_is_read_as_it_was_meant(text: str, number: float) -> None:
    assert typed(text, "Learning rate") == number


@pytest.mark.parametrize(
    ("text", "grouped", "decimal"),
    [("1,000", "1000", "1"), (" -12,345", "-12345", "-12.345"), ("999,001", "999001", "999.001")],
)
def test_a_typed_number_with_two_readings_is_refused_with_both(text: str, grouped: str, decimal: str) -> None:
    message = (
        f"Learning rate is {text.strip()!r}, which could be {grouped} or {decimal}: write {grouped} or "
        f"{decimal}"
    )
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        typed(text, "Learning rate")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "x",
        "1_000",
        "inf",
        "-inf",
        "nan",
        "0x10",
        "1e999",
        "1,2,3",
        "1.2.3",
        "1,23.4",
        "1 2",
        "--1",
        "1-",
        ".",
        ",",
        "-",
        "e5",
        "1,234,5",
    ],
)
def test_what_is_no_number_is_refused_with_the_thing_the_text_and_the_cure(text: str) -> None:
    with pytest.raises(
        ValueError, match=f"^Learning rate is {re.escape(repr(text.strip()))}: give a number such as 0.15$"
    ):
        typed(text, "Learning rate")


STYLES = {
    "plain": ("", "."),
    "decimal comma": ("", ","),
    "United States": (",", "."),
    "Germany": (".", ","),
    "France": ("\N{NARROW NO-BREAK SPACE}", ","),
    "SI": (" ", "."),
    "Switzerland": ("’", "."),
}


def written(value: float, between: str, point: str) -> str:
    """A number with two decimals in a style."""
    return f"{value:,.2f}".translate(str.maketrans({",": between, ".": point}))


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
@given(st.integers(-(10**11), 10**11))
def test_a_number_is_read_back_in_each_style(style: tuple[str, str], hundredths: int) -> None:
    assert typed(written(hundredths / 100, *style), "η") == hundredths / 100


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
@given(st.lists(st.integers(-(10**11), 10**11), min_size=1, max_size=6))
def test_a_column_is_read_back_in_each_style(style: tuple[str, str], hundredths: list[int]) -> None:
    values = [number / 100 for number in hundredths]
    assert columns([written(value, *style) for value in values]) == {style[1]: values}


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_as_python_writes_it_and_as_it_is_shown_is_read_back_to_the_same_float(value: float) -> None:
    assert readings(repr(value))["."] == value
    assert readings(shown(value))["."] == value


@given(st.text(max_size=12))
def test_any_text_is_a_finite_number_or_refused(text: str) -> None:
    with suppress(ValueError):
        assert abs(typed(text, "η")) < float("inf")


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["1,234", "999", "2,500", "870"], {".": [1234.0, 999.0, 2500.0, 870.0]}),
        (["1.234", "999"], {",": [1234.0, 999.0]}),
        (["1.234,56", "12,5", "999,9"], {",": [1234.56, 12.5, 999.9]}),
        (["1,234", "0,5"], {",": [1.234, 0.5]}),
        (["1,234", "52.5"], {".": [1234.0, 52.5]}),
        (["1,5", "2.5"], {}),
        (["1", "20"], {".": [1.0, 20.0], ",": [1.0, 20.0]}),
        (["1,234", "sand"], {}),
    ],
)
def test_a_column_decides_what_its_signs_mean(texts: list[str], expected: dict[str, list[float]]) -> None:
    assert columns(texts) == expected
    assert not is_ambiguous(expected)


@pytest.mark.parametrize(
    "texts", [["1,234", "2,345"], ["1,125", "2", "3,375"], ["1,234", "2500"], ["1.234", "2.345"]]
)
def test_a_column_that_can_be_read_in_two_ways_has_both_readings(texts: list[str]) -> None:
    assert is_ambiguous(columns(texts))
