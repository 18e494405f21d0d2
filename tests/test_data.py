"""Dataset: what it keeps of the arrays it is given, and what it refuses."""

import numpy as np
import pandas as pd
import pytest

from ann_dashboard import Dataset, Network, Training, train


@pytest.mark.parametrize(
    "x",
    [[[0.5, 0.2], [1, 2]], ((0.5, 0.2), (1, 2)), np.array([[0.5, 0.2], [1, 2]], order="F"), pd.DataFrame({"porosity": [0.5, 1], "depth": [0.2, 2]})],
    ids=["lists", "tuples", "array", "frame"],
)
def test_samples_may_come_in_any_table_of_numbers(x):
    data = Dataset(x, y=[[0], [1]])
    assert data.x.tolist() == [[0.5, 0.2], [1.0, 2.0]]
    assert (data.x.dtype, data.y.dtype, len(data)) == (float, float, 2)


def test_data_are_a_copy_of_what_was_given():
    x = np.array([[0.5, 0.2, 0.7]])
    data = Dataset(x, y=[[0.3]])
    x[0, 0] = 99.0
    assert data.x[0, 0] == 0.5


@pytest.mark.parametrize("name", ["x", "y"])
def test_data_cannot_be_changed(name):
    data = Dataset(x=[[0.5, 0.2, 0.7]], y=[[0.3]])
    with pytest.raises(ValueError, match="read-only"):
        getattr(data, name)[0, 0] = 1.0


def test_what_was_given_stays_writable():
    x = np.array([[0.5, 0.2, 0.7]])
    Dataset(x, y=[[0.3]])
    x[0, 0] = 1.0
    assert x[0, 0] == 1.0


@pytest.mark.parametrize(
    ("x", "y", "error", "parts"),
    [
        ([0.5, 0.2, 0.7], [[0.3]], ValueError, ["x has shape (3,)", "one column for each of the predictors", "[[0.5, 0.2, 0.7]]"]),
        ([[0.5]], [0.3], ValueError, ["y has shape (1,)", "one column for each of the responses", "one row a sample"]),
        (0.5, [[0.3]], ValueError, ["x has shape ()", "one row a sample"]),
        ([[[0.5]]], [[0.3]], ValueError, ["x has shape (1, 1, 1)", "one row a sample"]),
        ([], [[0.3]], ValueError, ["x has shape (0,)", "one row a sample"]),
        ([[]], [[]], ValueError, ["x has shape (1, 0)", "holds no values", "at least one sample"]),
        (np.empty((0, 3)), np.empty((0, 1)), ValueError, ["x has shape (0, 3)", "at least one sample"]),
        ([[0.5], [0.2]], [[0.3]], ValueError, ["x has 2 samples but y has 1", "one row of responses for each row of predictors"]),
        ([[0.5, 0.2], [0.1, float("nan")]], [[0], [1]], ValueError, ["x of sample 1, column 1 is nan", "finite number", "leave the sample out"]),
        ([[0.5]], [[float("-inf")]], ValueError, ["y of sample 0, column 0 is -inf", "finite number"]),
        ([[None]], [[0.3]], ValueError, ["x of sample 0, column 0 is nan", "finite number"]),
        ([["sand"]], [[0.3]], TypeError, ["x is no table of numbers", "sand", "one row a sample"]),
        ([[0.5, 0.2], [0.1]], [[0], [1]], TypeError, ["x is no table of numbers", "one row a sample"]),
        ([[0.5]], [[1j]], TypeError, ["y is no table of numbers", "complex", "one row a sample"]),
        ([[10**400]], [[0.3]], TypeError, ["x is no table of numbers", "too large", "one row a sample"]),
        ({"porosity": [0.5]}, [[0.3]], TypeError, ["x is no table of numbers", "dict", "one row a sample"]),
    ],
)
def test_what_is_no_data_is_refused_with_the_thing_the_value_and_the_cure(x, y, error, parts):
    with pytest.raises(error) as refusal:
        Dataset(x, y)
    assert [part for part in parts if part not in str(refusal.value)] == []


@pytest.mark.parametrize(
    ("widths", "message"),
    [
        ((2, 2, 1), "x has 3 values a sample but the network has 2 inputs (I1, I2): give Network((3, 2, 1)) or 2 values a sample"),
        ((1, 2, 1), "x has 3 values a sample but the network has 1 input (I1): give Network((3, 2, 1)) or 1 value a sample"),
        ((3, 2, 2), "y has 1 values a sample but the network has 2 outputs (O6, O7): give Network((3, 2, 1)) or 2 values a sample"),
    ],
)
def test_data_that_do_not_fit_the_network_are_refused_with_both_cures(widths, message):
    data = Dataset(x=[[0.5, 0.2, 0.7]], y=[[0.3]])
    with pytest.raises(ValueError) as refusal:  # noqa: PT011  the whole message is asserted
        train(Network(widths), data, Training(epochs=1))
    assert str(refusal.value) == message
