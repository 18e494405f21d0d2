import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ann_dashboard.views import numbers

FLOATS = st.floats() | st.floats(-2000, 2000) | st.floats(-0.1, 0.1)


def number(text):
    return float(text.replace(numbers.MINUS, "-"))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0.00"),
        (-0.0, "0.00"),
        (0.058656365, "0.06"),
        (-0.546690371, "−0.55"),
        (0.005, "0.01"),
        (-0.0049, "−5e−3"),
        (999.994, "999.99"),
        (999.996, "1e3"),
        (-1000, "−1e3"),
        (3e-5, "3e−5"),
        (1e45, "1e45"),
        (-2.2e-308, "−2e−308"),
        (math.inf, "inf"),
        (-math.inf, "−inf"),
        (math.nan, "NaN"),
    ],
)
def test_a_number_is_written_with_two_decimals_or_in_short_scientific_form(value, text):
    assert numbers.text(value, 2) == text


def test_more_decimals_give_a_longer_mantissa():
    assert numbers.texts(np.array([0.123456, 1234.5, 1e-7]), 5) == ["0.12346", "1.23e3", "1.00e−7"]


def test_no_values_have_no_texts():
    assert numbers.texts(np.array([]), 2) == []


@given(st.lists(FLOATS, min_size=1, max_size=9), st.integers(2, 6))
def test_a_column_is_written_like_its_single_numbers(values, decimals):
    assert numbers.texts(np.array(values), decimals) == [numbers.text(value, decimals) for value in values]


@given(FLOATS, st.integers(2, 6))
@example(0.005, 2)
@example(999.995, 2)
@example(5e-324, 2)
def test_no_text_is_wider_than_the_widest(value, decimals):
    text = numbers.text(value, decimals)
    assert len(text) <= len(numbers.width(decimals)) == decimals + 5
    assert "-" not in text


@given(st.floats(-999.99, 999.99), st.integers(2, 6))
@example(0.125, 2)
@example(-0.005, 2)
def test_fixed_decimals_are_rounded_as_python_rounds_them(value, decimals):
    fixed = f"{value + 0.0:.{decimals}f}"
    if value == 0 or (float(fixed) != 0 and abs(float(fixed)) < 1000):
        assert numbers.text(value, decimals) == fixed.replace("-", numbers.MINUS)


@given(st.floats(allow_nan=False, allow_infinity=False, max_value=1e300, min_value=-1e300), st.integers(2, 6))
def test_a_text_is_within_half_a_unit_of_its_last_digit(value, decimals):
    text = numbers.text(value, decimals)
    mantissa, _, exponent = text.replace(numbers.MINUS, "-").partition("e")
    digits = len(mantissa.partition(".")[2])
    unit = 10.0 ** (int(exponent or 0) - digits) or 5e-324
    assert abs(number(text) - value) <= unit / 2 * (1 + 1e-9)
    assert not exponent.startswith(("+", "0", "-0"))
