"""Column: scaling and its back-transform, the label, and what is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ann_dashboard.data.columns import Column


@pytest.mark.parametrize(
    ("scale", "scaled"),
    [
        ((-1, 1), [-1, -0.5, 0, 1, 2]),
        ((0, 1), [0, 0.25, 0.5, 1, 1.5]),
        ((1, 3), [1, 1.5, 2, 3, 4]),
        (None, [5, 6, 7, 9, 11]),
    ],
)
def test_values_are_moved_as_least_and_most_move_to_the_scale(scale, scaled):
    """Source: lecture deck, Min / max normalization to a range [-1, 1] or [0, 1]."""
    column = Column("impedance", least=5, most=9, scale=scale)
    assert column.scaled([5, 6, 7, 9, 11]).tolist() == scaled
    assert column.original([scaled]).tolist() == [[5, 6, 7, 9, 11]]


def test_a_column_is_called_by_its_name_and_a_one_hot_column_by_its_category_too():
    assert Column("impedance", least=5, most=9).label == "impedance"
    assert Column("colour", category="red", least=0, most=1).label == "colour = red"


@given(
    least=st.floats(-1e9, 1e9),
    width=st.floats(1e-3, 1e9),
    low=st.floats(-10, 10),
    span=st.floats(0.1, 10),
    shares=st.lists(st.floats(-1, 2), min_size=1, max_size=5),
)
def test_scaled_values_go_back_to_the_original(least, width, low, span, shares):
    column = Column("a", least=least, most=least + width, scale=(low, low + span))
    values = least + np.array([shares, shares]) * width
    largest = abs(least) + 2 * width
    assert column.original(column.scaled(values)) == pytest.approx(
        values, rel=1e-12, abs=1e-12 * largest * (1 + abs(low) / span)
    )
    assert column.scaled([column.least, column.most]) == pytest.approx([low, low + span], abs=1e-12)


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        ({"name": ""}, TypeError, "the name of a column is '': give a text, e.g. 'porosity'"),
        ({"least": 2, "most": 1}, ValueError, "a goes from 2 to 1: give the smaller value as least"),
        (
            {"least": 1, "most": 1, "scale": (0, 1)},
            ValueError,
            "a is 1 everywhere, so there is no range to scale: leave it out, or give scale=None",
        ),
        ({"least": float("nan")}, ValueError, "least of a is nan: give a finite number"),
        ({"scale": (1, 0)}, ValueError, "scale of a is (1, 0): give the lower number first, e.g. (-1, 1)"),
        ({"scale": 1}, TypeError, "scale of a is 1, not two numbers: give (low, high), e.g. (-1, 1)"),
        (
            {"least": -1.7e308, "most": 1.7e308, "scale": (0, 1)},
            ValueError,
            "a goes from -1.7e+308 to 1.7e+308, too wide a range to scale: give it in larger units",
        ),
    ],
)
def test_what_is_no_column_is_refused(settings, error, message):
    with pytest.raises(error) as refusal:
        Column(**({"name": "a", "least": 0, "most": 1} | settings))
    assert str(refusal.value) == message
