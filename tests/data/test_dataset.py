"""Dataset: what it keeps, scales, encodes and refuses.

Of arrays and of tables.
"""

import re
from contextlib import suppress

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ann_dashboard import Dataset, Network, Training, train
from ann_dashboard.data.columns import Column

WELLS = pd.DataFrame(
    {
        "impedance": [5.0, 6.0, 7.0, 9.0, 8.0],
        "rock": ["shale", "sand", "shale", "silt", "sand"],
        "fault": [True, False, True, True, False],
        "porosity": [0.25, 0.2, 0.15, 0.05, 0.1],
    },
    index=[11, 12, 13, 14, 15],
)


def wells(predictors=("impedance",), responses=("porosity",), *, frame=WELLS, test_fraction=0, **settings):
    return Dataset.from_frame(
        frame, predictors=predictors, responses=responses, test_fraction=test_fraction, **settings
    )


def labels(columns):
    return [column.label for column in columns]


@pytest.mark.parametrize(
    "x",
    [
        [[0.5, 0.2], [1, 2]],
        ((0.5, 0.2), (1, 2)),
        np.array([[0.5, 0.2], [1, 2]], order="F"),
        pd.DataFrame({"porosity": [0.5, 1], "depth": [0.2, 2]}),
    ],
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
        (
            [0.5, 0.2, 0.7],
            [[0.3]],
            ValueError,
            ["x has shape (3,)", "one column for each of the predictors", "[[0.5, 0.2, 0.7]]"],
        ),
        (
            [[0.5]],
            [0.3],
            ValueError,
            ["y has shape (1,)", "one column for each of the responses", "one row a sample"],
        ),
        (0.5, [[0.3]], ValueError, ["x has shape ()", "one row a sample"]),
        ([[[0.5]]], [[0.3]], ValueError, ["x has shape (1, 1, 1)", "one row a sample"]),
        ([], [[0.3]], ValueError, ["x has shape (0,)", "one row a sample"]),
        ([[]], [[]], ValueError, ["x has shape (1, 0)", "holds no values", "at least one sample"]),
        (np.empty((0, 3)), np.empty((0, 1)), ValueError, ["x has shape (0, 3)", "at least one sample"]),
        (
            [[0.5], [0.2]],
            [[0.3]],
            ValueError,
            ["x has 2 samples but y has 1", "one row of responses for each row of predictors"],
        ),
        (
            [[0.5, 0.2], [0.1, float("nan")]],
            [[0], [1]],
            ValueError,
            ["x of sample 1, column 1 is nan", "finite number", "leave the sample out"],
        ),
        ([[0.5]], [[float("-inf")]], ValueError, ["y of sample 0, column 0 is -inf", "finite number"]),
        ([[None]], [[0.3]], ValueError, ["x of sample 0, column 0 is nan", "finite number"]),
        ([["sand"]], [[0.3]], TypeError, ["x is not a table of numbers", "sand", "one row a sample"]),
        ([[0.5, 0.2], [0.1]], [[0], [1]], TypeError, ["x is not a table of numbers", "one row a sample"]),
        ([[0.5]], [[1j]], TypeError, ["y is not a table of numbers", "complex", "one row a sample"]),
        ([[10**400]], [[0.3]], TypeError, ["x is not a table of numbers", "too large", "one row a sample"]),
        (
            {"porosity": [0.5]},
            [[0.3]],
            TypeError,
            ["x is not a table of numbers", "dict", "one row a sample"],
        ),
    ],
)
def test_what_is_no_data_is_refused_with_the_thing_the_value_and_the_cure(x, y, error, parts):
    with pytest.raises(error) as refusal:
        Dataset(x, y)
    assert [part for part in parts if part not in str(refusal.value)] == []


@pytest.mark.parametrize(
    ("widths", "message"),
    [
        (
            (2, 2, 1),
            "x has 3 values a sample but the network has 2 inputs (I1, I2): give the network 3-2-1, or 2 "
            "values a sample",
        ),
        (
            (1, 2, 1),
            "x has 3 values a sample but the network has 1 input (I1): give the network 3-2-1, or 1 value "
            "a sample",
        ),
        (
            (3, 2, 2),
            "y has 1 value a sample but the network has 2 outputs (O6, O7): give the network 3-2-1, or 2 "
            "values a sample",
        ),
    ],
)
def test_data_that_do_not_fit_the_network_are_refused_with_both_cures(widths, message):
    data = Dataset(x=[[0.5, 0.2, 0.7]], y=[[0.3]])
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        train(Network(widths), data, Training(epochs=1))


def test_arrays_get_the_names_x1_x2_and_y1_unscaled():
    data = Dataset(x=[[0.5, 2.0], [1.5, 4.0]], y=[[0.3], [0.1]])
    assert data.predictors == (Column("x1", least=0.5, most=1.5), Column("x2", least=2.0, most=4.0))
    assert data.responses == (Column("y1", least=0.1, most=0.3),)
    assert (data.classes, data.test) == (None, None)
    assert data.x_original().tolist() == data.x.tolist()
    assert data.description == (
        "x1 -> I1, as given",
        "x2 -> I2, as given",
        "y1 -> output 1, as given",
        "2 samples to train, none to test",
    )


def test_columns_may_be_named_by_text_or_by_a_column():
    depth = Column("depth", least=100.0, most=300.0, scale=(0, 1))
    data = Dataset(
        x=[[0.5, 0.2], [0.1, 0.4]], y=[[0.3], [0.2]], predictors=["porosity", depth], responses=["rate"]
    )
    assert (labels(data.predictors), labels(data.responses)) == (["porosity", "depth"], ["rate"])
    assert data.x_original().tolist() == [[0.5, 140.0], [0.1, 180.0]]


def test_a_test_part_may_be_given_with_its_own_arrays():
    test = Dataset(x=[[9.0]], y=[[9.0]])
    assert Dataset(x=[[0.5], [0.1]], y=[[0.3], [0.2]], test=test).test is test


ONE = {"x": [[0.5]], "y": [[1.0, 0.0]]}
SCALED = Column("x1", least=0.0, most=10.0, scale=(-1, 1))


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        (
            {"predictors": ["a", "b"]},
            ValueError,
            "predictors has 2 names but x has 1 column: give one name for each column",
        ),
        (
            {"responses": ["a", "a"]},
            ValueError,
            "responses names 'a' twice: give each column of y a name of its own",
        ),
        (
            {"predictors": "a"},
            TypeError,
            "predictors is 'a', not a list of names: give one for each column of x",
        ),
        ({"predictors": [3]}, TypeError, "the name of a column is 3: give a text, e.g. 'porosity'"),
        (
            {"classes": ["sand"]},
            ValueError,
            "classes has 1 names but y has 2 columns: give one name for each column",
        ),
        (
            {"classes": ["sand", "sand"]},
            ValueError,
            "classes names 'sand' twice: give each class a name of its own",
        ),
        ({"classes": "ab"}, TypeError, "classes is 'ab', not a list of names: give one for each column of y"),
        (
            {"y": [[0.5, 0.5]], "classes": ["sand", "shale"]},
            ValueError,
            "y of sample 0 is [0.5, 0.5]: with classes, each row holds one 1 and otherwise 0",
        ),
        ({"test": 3}, TypeError, "test is a int: give a Dataset with the same columns, or None"),
        (
            {"test": Dataset(x=[[1, 2]], y=[[1, 0]])},
            ValueError,
            "test has the predictors x1, x2, the training part x1: give both the same columns, scaled the "
            "same way",
        ),
        (
            {"test": Dataset(**ONE, predictors=[SCALED])},
            ValueError,
            "test has the predictors x1, the training part x1: give both the same columns, scaled the same "
            "way",
        ),
        (
            {"test": Dataset(**ONE, test=Dataset(**ONE))},
            ValueError,
            "test has a test part of its own: give the held-out samples without one",
        ),
        (
            {"test": Dataset(**ONE), "classes": ["a", "b"]},
            ValueError,
            "test has the classes None, the training part ('a', 'b'): give both the same",
        ),
    ],
)
def test_names_classes_and_test_parts_that_do_not_fit_are_refused(settings, error, message):
    with pytest.raises(error) as refusal:
        Dataset(**(ONE | settings))
    assert str(refusal.value) == message


@pytest.mark.parametrize(
    ("scale", "scaled"),
    [((-1, 1), [-1.0, -0.5, 0.0, 1.0, 0.5]), ((0, 1), [0.0, 0.25, 0.5, 1.0, 0.75]), (None, [5, 6, 7, 9, 8])],
)
def test_predictors_are_min_max_scaled_to_the_range_asked_for(scale, scaled):
    """Source: lecture deck, Min / max normalization to a range [-1, 1] or [0, 1]."""
    data = wells(scale=scale)
    assert data.x[:, 0].tolist() == scaled
    assert data.x_original()[:, 0] == pytest.approx(WELLS["impedance"].to_numpy(), rel=1e-15)
    assert data.predictors == (Column("impedance", least=5.0, most=9.0, scale=scale),)


def test_responses_are_scaled_as_the_predictors_unless_another_range_is_asked_for():
    assert wells().y[:, 0] == pytest.approx([1.0, 0.5, 0.0, -1.0, -0.5], abs=1e-15)
    assert wells(response_scale=(0, 1)).y[:, 0] == pytest.approx([1.0, 0.75, 0.5, 0.0, 0.25], abs=1e-15)


def test_predictions_go_back_to_the_responses_units():
    data = wells()
    assert data.original([[1.0], [0.0], [-1.0], [2.0]])[:, 0] == pytest.approx([0.25, 0.15, 0.05, 0.35])
    assert data.original(np.zeros((4, 3, 1))).shape == (4, 3, 1)
    assert data.y_original()[:, 0] == pytest.approx(WELLS["porosity"].to_numpy())


@pytest.mark.parametrize("value", [np.inf, -np.inf, np.nan])
def test_the_prediction_of_a_diverged_network_goes_back_as_it_is(value):
    assert str(wells().original([value])[0]) == str(value)


@pytest.mark.parametrize("predictions", [0.5, [0.5, 0.2], [[0.5, 0.2]]])
def test_predictions_for_another_number_of_responses_are_refused(predictions):
    with pytest.raises(
        ValueError, match=r"predictions have shape .*: give 1 a sample \(porosity\), as \(..., 1\)"
    ):
        wells().original(predictions)


def test_categories_become_one_input_node_each_in_the_order_of_the_columns():
    data = wells(["rock", "impedance", "fault"])
    assert labels(data.predictors) == [
        "rock = sand",
        "rock = shale",
        "rock = silt",
        "impedance",
        "fault = False",
        "fault = True",
    ]
    assert data.x.tolist() == [
        [0, 1, 0, -1, 0, 1],
        [1, 0, 0, -0.5, 1, 0],
        [0, 1, 0, 0, 0, 1],
        [0, 0, 1, 1, 0, 1],
        [1, 0, 0, 0.5, 1, 0],
    ]
    assert data.classes is None
    assert data.description == (
        "rock: sand -> I1, shale -> I2, silt -> I3 (one-hot)",
        "impedance: 5 to 9 scaled to [-1, 1] -> I4",
        "fault: False -> I5, True -> I6 (one-hot)",
        "porosity: 0.05 to 0.25 scaled to [-1, 1] -> output 1",
        "5 samples to train, none to test",
    )


@pytest.mark.parametrize(("feature", "category"), [(i, k) for i in (1, 2, 3) for k in (1, 2)])
def test_category_k_of_feature_i_goes_to_input_node_k_plus_i_minus_1_times_the_categories(feature, category):
    """Source: lecture deck, Inputs for Categorical Predictor Features, I_{k + (i − 1)·K}."""
    frame = pd.DataFrame({"X1": list("abab"), "X2": list("aabb"), "X3": list("abba"), "y": [1, 2, 3, 4]})
    data = Dataset.from_frame(frame, predictors=["X1", "X2", "X3"], responses=["y"], test_fraction=0)
    node = category + (feature - 1) * 2
    assert labels(data.predictors)[node - 1] == f"X{feature} = {'ab'[category - 1]}"
    assert data.x[:, node - 1].tolist() == [
        float(text == "ab"[category - 1]) for text in frame[f"X{feature}"]
    ]


def test_one_categorical_response_gives_classes():
    data = wells(["impedance"], ["rock"])
    assert data.classes == ("sand", "shale", "silt")
    assert data.y.tolist() == [[0, 1, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0]]
    assert data.y_original().tolist() == data.y.tolist()
    assert wells(["impedance"], ["rock", "fault"]).classes is None


@pytest.mark.parametrize(
    ("values", "categories"),
    [
        (pd.Categorical([10, 2, 1, 2, 1]), ["1", "2", "10"]),
        (
            pd.Categorical(["low", "high", "low", "high", "low"], categories=["low", "high", "unused"]),
            ["high", "low"],
        ),
        (pd.array([True, False, True, True, False], dtype="boolean"), ["False", "True"]),
        (np.array([True, False, True, True, False], dtype=object), ["False", "True"]),
    ],
    ids=["numbers", "declared", "nullable bool", "bool objects"],
)
def test_pandas_categories_and_truth_values_are_categories(values, categories):
    assert [column.category for column in wells(["a"], frame=WELLS.assign(a=values)).predictors] == categories


@pytest.mark.parametrize(
    "values",
    [
        ["1", "2.5", " 3", "4e0", "-5"],
        pd.array([1, 2, 3, 4, 5], dtype="Int64"),
        np.array([1, 2, 3, 4, 5], dtype=object),
    ],
)
def test_numbers_may_be_written_as_text_or_in_any_numeric_type(values):
    data = wells(["a"], frame=WELLS.assign(a=values), scale=None)
    assert data.x[:, 0].tolist() == [float(value) for value in values]


def test_the_lectures_wells_are_split_into_144_and_36():
    """Source: lecture deck, Train with 80% of well data (144 wells)."""
    frame = pd.DataFrame({"impedance": np.linspace(5.1, 8.9, 180), "porosity": np.linspace(0.3, 0.05, 180)})
    data = Dataset.from_frame(frame, predictors=["impedance"], responses=["porosity"])
    assert (len(data), len(data.test)) == (144, 36)
    assert data.description[-1] == "144 samples to train, 36 to test"
    assert data.test.predictors == data.predictors


def test_a_class_may_occur_in_the_test_part_only():
    order = np.random.default_rng(3).permutation(10)
    classes = np.array(["sand", "shale"] * 5)
    classes[order[:2]] = "silt"
    frame = pd.DataFrame({"a": range(10), "rock": classes})
    data = Dataset.from_frame(frame, predictors=["a"], responses=["rock"], seed=3)
    assert data.classes == data.test.classes == ("sand", "shale", "silt")
    assert (data.y[:, 2].tolist(), data.test.y.tolist()) == ([0.0] * 8, [[0, 0, 1]] * 2)
    assert data.description[-1] == "8 samples to train (none is silt: only the test part has it), 2 to test"


@given(samples=st.integers(5, 40), fraction=st.floats(0.01, 0.6), seed=st.integers(0, 2**32))
def test_a_split_gives_every_row_to_one_part_in_the_order_of_the_table(samples, fraction, seed):
    rows = np.arange(float(samples))
    frame = pd.DataFrame({"row": rows, "twice": 2 * rows})
    data, again = (
        Dataset.from_frame(
            frame, predictors=["row"], responses=["twice"], scale=None, test_fraction=fraction, seed=seed
        )
        for _ in range(2)
    )
    train_rows, test_rows = data.x[:, 0].tolist(), data.test.x[:, 0].tolist()
    assert sorted(train_rows + test_rows) == rows.tolist()
    assert (train_rows, test_rows) == (sorted(train_rows), sorted(test_rows))
    assert len(test_rows) == max(1, round(samples * fraction))
    assert (data.y == 2 * data.x).all()
    assert (again.x.tolist(), again.test.x.tolist()) == (data.x.tolist(), data.test.x.tolist())


def test_another_seed_gives_another_split():
    frame = pd.DataFrame({"a": range(100), "b": range(100)})
    one, other = (
        Dataset.from_frame(frame, predictors=["a"], responses=["b"], scale=None, seed=seed) for seed in (1, 2)
    )
    assert one.test.x.tolist() != other.test.x.tolist()


@given(st.lists(st.floats(-1e6, 1e6), min_size=5, max_size=20, unique=True), st.floats(-1e6, 1e6))
def test_the_test_part_never_influences_the_scaling(values, other):
    frame = pd.DataFrame({"a": values, "b": range(len(values))})
    held_out = np.random.default_rng(3).permutation(len(values))[0]
    changed = frame.copy()
    changed.loc[held_out, "a"] = other
    one, two = (
        Dataset.from_frame(table, predictors=["a"], responses=["b"], test_fraction=1 / len(values))
        for table in (frame, changed)
    )
    assert one.predictors == two.predictors
    assert one.x.tolist() == two.x.tolist()
    assert (one.x.min(), one.x.max()) == (-1.0, 1.0)
    assert two.test.x[0, 0] == two.predictors[0].scaled(other)


def with_a(*values):
    return {"frame": WELLS.assign(a=list(values)), "predictors": ["a"]}


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        (
            {"frame": [[1, 2]]},
            TypeError,
            "frame is a list, not a pandas DataFrame: give a DataFrame, or read a file with Dataset.from_csv",
        ),
        (
            {"frame": WELLS.iloc[:0]},
            ValueError,
            "the table has 0 rows and 4 columns: give at least one row and two columns",
        ),
        (
            {"predictors": "impedance"},
            TypeError,
            "predictors is 'impedance', not a list of column names: give e.g. ['impedance']",
        ),
        ({"responses": []}, ValueError, "responses is empty: choose at least one column"),
        (
            {"predictors": ["Impedanse"]},
            ValueError,
            "predictors names 'Impedanse', which is not a column of the table: did you mean 'impedance'?",
        ),
        (
            {"responses": ["xyz"]},
            ValueError,
            "responses names 'xyz', which is not a column of the table: choose from ['impedance', 'rock', "
            "'fault', 'porosity']",
        ),
        (
            {"predictors": ["rock", "rock"]},
            ValueError,
            "predictors names 'rock' twice: name each column once",
        ),
        (
            {"predictors": ["rock", "porosity"]},
            ValueError,
            "'porosity' is a predictor and a response: choose it for one of the two, else the network is "
            "told the answer",
        ),
        (
            {"frame": pd.concat([WELLS, WELLS[["rock"]]], axis=1), "predictors": ["rock"]},
            ValueError,
            "the table has 2 columns named 'rock': rename them, so that each name is there once",
        ),
        (
            with_a(1, None, 3, None, 5),
            ValueError,
            "column 'a' has 2 missing values, the first in row 12: fill in each of them, or leave these "
            "rows out (missing_rows='fill' or 'drop')",
        ),
        (
            with_a("x", "y", None, "x", "y"),
            ValueError,
            "column 'a' has 1 missing value, in row 13: fill in each of them, or leave these rows out "
            "(missing_rows='fill' or 'drop')",
        ),
        (
            with_a(3, 3, 3, 3, 3),
            ValueError,
            "column 'a' is constant, 3 in all 5 rows: there is nothing to learn from it, leave it out or "
            "give more rows",
        ),
        (
            with_a("s", "s", "s", "s", "s") | {"predictors": ["impedance"], "responses": ["a"]},
            ValueError,
            "column 'a' is one class only, 's' in all 5 rows: there is nothing to learn from it, leave it "
            "out or give more rows",
        ),
        (
            with_a(1, 2, "12 m", 4, "x"),
            ValueError,
            "column 'a' holds numbers, but row 13 is '12 m': write a number there or leave the row out; if "
            "these are categories, give each a text",
        ),
        (
            with_a("1", "2_1", "3", "4", "5"),
            ValueError,
            "column 'a' holds numbers, but row 12 is '2_1': write a number there or leave the row out; if "
            "these are categories, give each a text",
        ),
        (
            with_a(1, 2, -np.inf, 4, 5),
            ValueError,
            "column 'a' is -inf in row 13: write a finite number there, or leave the row out",
        ),
        (
            with_a("1", "1e999", "3", "4", "5"),
            ValueError,
            "column 'a' is inf in row 12: write a finite number there, or leave the row out",
        ),
        (
            with_a([1], [2], [3], [4], [5]),
            TypeError,
            "column 'a' holds a list in row 11: give numbers or texts",
        ),
        (
            with_a(1j, 2, 3, 4, 5),
            TypeError,
            "column 'a' holds complex128: give numbers or texts, e.g. the days since the first date",
        ),
        ({"scale": (1, -1)}, ValueError, "scale is (1, -1): give the lower number first, e.g. (-1, 1)"),
        (
            {"response_scale": 3},
            TypeError,
            "response_scale is 3, not two numbers: give (low, high), e.g. (-1, 1)",
        ),
        (
            {"test_fraction": 1},
            ValueError,
            "test_fraction is 1: give a part of the samples, from 0 (all to train) to less than 1, e.g. 0.2",
        ),
        ({"test_fraction": "a"}, TypeError, "test_fraction is 'a', not a number: give a finite number"),
        (
            {"test_fraction": 0.95},
            ValueError,
            "test_fraction 0.95 of 5 samples leaves none to train: give more samples, a smaller fraction, "
            "or 0",
        ),
        ({"seed": -1}, ValueError, "seed is -1: give a whole number of 0 or more"),
    ],
)
def test_a_table_that_cannot_be_learned_from_is_refused_with_the_column_the_value_and_the_cure(
    settings, error, message
):
    with pytest.raises(error) as refusal:
        wells(**settings)
    assert str(refusal.value) == message


def test_dates_are_refused():
    with pytest.raises(
        TypeError,
        match=r"column 'a' holds datetime64.*: give numbers or texts, e.g. the days since the first date",
    ):
        wells(["a"], frame=WELLS.assign(a=pd.date_range("2024-01-01", periods=5)))


@pytest.mark.parametrize(
    ("values", "what"),
    [
        ([1.0, 2.0, 2.0, 2.0], "constant in the training part, 2"),
        (["s", "t", "t", "t"], "one class only in the training part, 't'"),
    ],
)
def test_a_column_that_is_constant_in_the_training_part_only_says_so(values, what):
    order = np.random.default_rng(3).permutation(4)
    frame = pd.DataFrame({"b": range(4)}).assign(a=pd.Series(values, index=order))
    with pytest.raises(
        ValueError,
        match=f"column 'a' is {what} in all 3 samples: choose another seed or a smaller test_fraction",
    ):
        Dataset.from_frame(frame, predictors=["a"], responses=["b"], test_fraction=0.25, seed=3)


@pytest.mark.parametrize("texts", [["1,5", "2,5"], ["1.000,25", "2.000,5"], ["1%", "2%"], ["1 000", "2 500"]])
def test_numbers_written_in_another_way_are_no_categories(texts):
    frame = pd.DataFrame({"a": texts, "b": [1, 2]})
    with pytest.raises(
        ValueError,
        match=(
            rf"column 'a' looks like numbers written in another way \(row 0 is '{texts[0]}'\): write a "
            r"point before"
        ),
    ):
        Dataset.from_frame(frame, predictors=["a"], responses=["b"], test_fraction=0)


@pytest.mark.parametrize(
    "texts",
    [["2020-01-01", "2020-01-02"], ["1.2.2020", "3.4.2020"], ["2020-01-01T10:00", "2020-01-02 11:00"]],
)
def test_dates_in_a_file_are_no_categories(texts):
    with pytest.raises(
        ValueError,
        match=r"column 'a' looks like dates \(.* is '.*'\): give numbers, e.g. the days since the first date",
    ):
        Dataset.from_frame(
            pd.DataFrame({"a": texts, "b": [1, 2]}), predictors=["a"], responses=["b"], test_fraction=0
        )


def test_texts_that_only_begin_with_a_digit_are_categories():
    data = Dataset.from_frame(
        pd.DataFrame({"a": ["1a", "2b"], "b": [1, 2]}), predictors=["a"], responses=["b"], test_fraction=0
    )
    assert [column.category for column in data.predictors] == ["1a", "2b"]


def test_an_empty_text_is_a_missing_value():
    with pytest.raises(ValueError, match="column 'a' has 1 missing value, in row 1"):
        Dataset.from_frame(
            pd.DataFrame({"a": ["x", " ", "y"], "b": [1, 2, 4]}), predictors=["a"], responses=["b"]
        )


def test_an_identifier_is_no_category():
    frame = pd.DataFrame({"well": [f"W{number}" for number in range(21)], "porosity": range(21)})
    with pytest.raises(
        ValueError,
        match=(
            r"column 'well' holds 21 different texts \(the first: 'W0'\), it looks like an identifier: "
            r"choose another"
        ),
    ):
        Dataset.from_frame(frame, predictors=["well"], responses=["porosity"])


def test_more_input_nodes_than_anyone_can_see_are_refused():
    names = [f"a{number}" for number in range(13)]
    frame = pd.DataFrame({name: list("abcdeabcde") for name in names} | {"b": range(10)})
    with pytest.raises(
        ValueError, match=r"the predictors take 65 input nodes, .*, the most is 64: choose fewer predictors"
    ):
        Dataset.from_frame(frame, predictors=names, responses=["b"], test_fraction=0)


def test_a_table_is_not_changed_by_reading_it():
    before = WELLS.copy(deep=True)
    wells(["rock", "impedance"])
    pd.testing.assert_frame_equal(WELLS, before)


def test_a_csv_file_gives_the_data_of_its_table(tmp_path):
    WELLS.to_csv(tmp_path / "wells.csv")
    data = Dataset.from_csv(
        tmp_path / "wells.csv",
        predictors=["impedance", "rock"],
        responses=["porosity"],
        test_fraction=0.4,
        seed=5,
    )
    expected = wells(["impedance", "rock"], test_fraction=0.4, seed=5)
    assert data.predictors == expected.predictors
    assert (data.x.tolist(), data.y.tolist()) == (expected.x.tolist(), expected.y.tolist())
    assert (data.test.x.tolist(), data.test.y.tolist()) == (
        expected.test.x.tolist(),
        expected.test.y.tolist(),
    )


def test_data_of_a_table_train_a_network():
    data = wells(["impedance", "rock"], ["porosity"])
    history = train(Network((4, 2, 1)), data, Training(epochs=2))
    assert history.data is data


def test_decimal_commas_beside_a_bad_value_are_still_numbers():
    with pytest.raises(ValueError, match="column 'a' holds numbers, but line 4 is 'x'"):
        Dataset.from_csv(b"a;b\n1,5;1\n2,5;2\nx;3\n", predictors=["a"], responses=["b"], test_fraction=0)


BAD_TABLES = [
    (b"a,b\n1,2\n2,\n", "column 'b' has 1 missing value, in line 3"),
    (b"a,b\n1,2\n2,x\n3,4\n", "column 'b' holds numbers, but line 3 is 'x'"),
    (b"a,b\n1,2\n2,inf\n3,4\n", "column 'b' is inf in line 3"),
    (b"a,b\n1,2\n2,2\n", "column 'b' is constant, 2 in all 2 rows"),
    (b"a,b\n1,sand\n2,sand\n", "column 'b' is one class only, 'sand' in all 2 rows"),
    (b"a,c\n1,2\n2,3\n", "responses names 'b', which is not a column of the table"),
]


@pytest.mark.parametrize(("content", "message"), BAD_TABLES)
def test_a_table_that_cannot_be_learned_from_is_refused_with_the_line(content, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        Dataset.from_csv(content, predictors=["a"], responses=["b"], test_fraction=0)


CELLS = st.sampled_from(
    [
        "",
        "1",
        "2.5",
        "1,5",
        "-3e2",
        "inf",
        "nan",
        "NA",
        "1e999",
        "x",
        "True",
        '"',
        '"a""b"',
        "0x1F",
        "1_0",
        "é",
        "\r",
        " ",
        "9" * 30,
    ]
)
FILES = st.builds(
    lambda separator, rows: (
        "a" + separator + "b\n" + "\n".join(separator.join(row) for row in rows)
    ).encode(),
    st.sampled_from([",", ";", "\t"]),
    st.lists(st.lists(CELLS | st.text(max_size=4), min_size=2, max_size=2), max_size=8),
)


@given(st.binary(max_size=60) | st.binary(max_size=40).map(b"a,b\n".__add__) | FILES)
@example(b"a,b\n1,2\n3,4\n")
@example(b"a,b\n1e308,2\n-1e308,4\n")
def test_any_bytes_give_a_dataset_or_a_refusal(content):
    with suppress(ValueError, TypeError):
        data = Dataset.from_csv(content, predictors=["a"], responses=["b"])
        assert np.isfinite(data.x).all()
        assert len(data.test) >= 1


def test_a_web_address_is_no_csv_file():
    with pytest.raises(
        ValueError,
        match=(
            r"source is the web address 'https://x.org/a.csv': "
            r".*Dataset.from_frame\(pandas.read_csv\('https://x.org/a.csv'\)"
        ),
    ):
        Dataset.from_csv("https://x.org/a.csv", predictors=["a"], responses=["b"])


def test_a_headerless_file_is_taken_as_samples_when_asked():
    content = b"5.1,3.5,setosa\n4.9,3.0,setosa\n7.0,3.2,virginica\n6.4,3.1,virginica\n"
    data = Dataset.from_csv(
        content, header=False, predictors=["column 1", "column 2"], responses=["column 3"], test_fraction=0
    )
    assert data.x_original()[0] == pytest.approx([5.1, 3.5])
    assert (len(data), data.classes) == (4, ("setosa", "virginica"))


GAPPY = pd.DataFrame({"a": [1.0, None, 3.0, 4.0], "k": ["x", "x", None, "y"], "b": [1.0, 2.0, 3.0, None]})


@pytest.mark.parametrize(
    ("predictors", "missing_rows", "x", "y", "notes"),
    [
        (
            ["a"],
            "drop",
            [[1], [3]],
            [[1], [3]],
            ("2 of 4 rows left out: a value is missing (the first in row 1)",),
        ),
        (
            ["a"],
            "fill",
            [[1], [2], [3]],
            [[1], [2], [3]],
            (
                "1 of 4 rows left out: a response is missing (the first in row 3)",
                "column 'a': 1 missing value filled with 2, the mean of the training part",
            ),
        ),
    ],
)
def test_rows_with_gaps_are_dropped_or_filled_counted_and_said(predictors, missing_rows, x, y, notes):
    data = Dataset.from_frame(
        GAPPY, predictors=predictors, responses=["b"], missing_rows=missing_rows, scale=None, test_fraction=0
    )
    assert (data.x.tolist(), data.y.tolist()) == (x, y)
    assert data.notes[: len(notes)] == notes


def test_a_missing_category_is_filled_with_the_most_frequent():
    data = Dataset.from_frame(
        GAPPY.iloc[:3].assign(k=["x", "y", None]),
        predictors=["k"],
        responses=["b"],
        missing_rows="fill",
        test_fraction=0,
    )
    assert data.x.tolist() == [[1, 0], [0, 1], [1, 0]]
    assert (
        "column 'k': 1 missing value filled with 'x', the most frequent category of the training part"
        in data.notes
    )


@given(st.floats(-1e6, 1e6))
def test_the_test_part_never_influences_what_a_gap_is_filled_with(other):
    frame = pd.DataFrame({"a": [1.0, None, 3.0, 4.0, 7.0], "b": range(5)})
    held_out = np.random.default_rng(3).permutation(5)[0]
    assert held_out != 1
    changed = frame.copy()
    changed.loc[held_out, "a"] = other
    one, two = (
        Dataset.from_frame(
            table, predictors=["a"], responses=["b"], missing_rows="fill", test_fraction=0.2, scale=None
        )
        for table in (frame, changed)
    )
    assert one.x.tolist() == two.x.tolist()


@pytest.mark.parametrize(
    ("frame", "missing_rows", "message"),
    [
        (GAPPY, "mean", "missing_rows is 'mean': choose one of refuse, drop, fill"),
        (
            GAPPY.assign(a=None),
            "drop",
            "each of the 4 rows has a missing value: choose other columns, or fill in some of them",
        ),
        (
            GAPPY.assign(a=None),
            "fill",
            "column 'a' has no value in the training part to fill gaps with: leave the column out, or "
            "choose another seed",
        ),
        (
            GAPPY,
            "refuse",
            "column 'a' has 1 missing value, in row 1: fill in each of them, or leave these rows out "
            "(missing_rows='fill' or 'drop')",
        ),
    ],
)
def test_gaps_that_cannot_be_mended_are_named(frame, missing_rows, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        Dataset.from_frame(
            frame, predictors=["a"], responses=["b"], missing_rows=missing_rows, test_fraction=0
        )


def test_a_word_that_was_read_as_missing_is_named_with_the_way_to_keep_it():
    content = b"alcohol,score\nNone,3\nlow,4\nhigh,6\nNone,2\nlow,5\nhigh,7\n"
    settings = {"predictors": ["alcohol"], "responses": ["score"], "test_fraction": 0}
    with pytest.raises(
        ValueError,
        match=(
            r"has 2 missing values \('None' counts as one\), .*; if that word is a category, read the file "
            r"with missing=\[\]$"
        ),
    ):
        Dataset.from_csv(content, **settings)
    data = Dataset.from_csv(content, missing=[], **settings)
    assert labels(data.predictors) == ["alcohol = None", "alcohol = high", "alcohol = low"]


@pytest.mark.parametrize(
    ("codes", "classes"),
    [
        ([1, 2, 10, 1, 2, 10], ("1", "2", "10")),
        ([-1, 1.0, -1, 1, 1, -1], ("-1", "1")),
        ([0.5, 1, 1, 1, 1, 1], ("0.5", "1")),
    ],
)
def test_numbers_are_classes_when_they_are_said_to_be(codes, classes):
    frame = pd.DataFrame({"a": [1.0, 5.0, 2.0, 7.0, 3.0, 9.0], "code": codes})
    data = Dataset.from_frame(
        frame, predictors=["a"], responses=["code"], categories=["code"], test_fraction=0
    )
    assert data.classes == classes
    assert [classes[place] for place in data.y.argmax(axis=1)] == [f"{code:g}" for code in codes]
    assert data.notes == ()


def test_a_predictor_of_codes_may_be_categories_too():
    frame = pd.DataFrame({"rock": [3, 1, 3, 1], "b": [1.0, 2.0, 3.0, 5.0]})
    data = Dataset.from_frame(
        frame, predictors=["rock"], responses=["b"], categories=["rock"], test_fraction=0
    )
    assert labels(data.predictors) == ["rock = 1", "rock = 3"]


@pytest.mark.parametrize(
    ("columns", "note"),
    [
        (
            {"Id": [1, 2, 3, 4], "b": [5.0, 1.0, 2.0, 4.0]},
            "column 'Id' counts the rows (1, 2, 3, …): a row's number says nothing about a new sample, and ",
        ),
        (
            {"user_id": [7, 9, 4, 1], "b": [5.0, 1.0, 2.0, 4.0]},
            "column 'user_id' looks like an identifier (7, 9, 4, …, all different): ",
        ),
        (
            {"a": [5.0, 1.0, 2.0, 4.0], "b": [1, 2, 1, 2]},
            "response 'b' holds whole numbers only (1, 2): if they are classes, say categories=['b']",
        ),
    ],
)
def test_what_may_be_meant_otherwise_is_noted(columns, note):
    frame = pd.DataFrame(columns)
    (told,) = Dataset.from_frame(frame, predictors=[frame.columns[0]], responses=["b"], test_fraction=0).notes
    assert told.startswith(note)


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        (
            ["Austin", "Dallas", "Waco", "Houston"],
            "column 'a' holds 4 different texts in 4 rows (row 0 is 'Austin'): it is not a category, so the "
            "network could",
        ),
        (
            ["12 m", "13 m", "12 m", "15 m"],
            "column 'a' looks like numbers with the unit 'm' (row 0 is '12 m'): write the numbers alone",
        ),
        (
            ["$5", "€6", "$7", "€6"],
            "column 'a' holds amounts in $ and € (row 0 is '$5'): write them all in one unit",
        ),
        (
            ["$1,200", "$5", "$7", "$6"],
            "column 'a' looks like numbers written in another way (row 0 is '$1,200'): write a point "
            "before the decimals",
        ),
        (
            ["1949-01", "1949-02", "1949-03", "1949-04"],
            "column 'a' looks like dates (row 0 is '1949-01'): give numbers, e.g. the days since the first",
        ),
        (
            ["01-Mar-2004", "x", "#DIV/0!", "y"],
            "column 'a' holds the error of a spreadsheet, '#DIV/0!' in row 2: write a number there",
        ),
        (
            ["1,234", "2,345", "3,456", "4,567"],
            "column 'a' holds numbers with two readings (row 0 is '1,234', which could be 1234 or 1.234): "
            "read the file",
        ),
    ],
)
def test_texts_that_are_no_categories_are_named_for_what_they_are(texts, message):
    frame = pd.DataFrame({"a": texts, "b": [1.0, 2.0, 4.0, 3.0]})
    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        Dataset.from_frame(frame, predictors=["a"], responses=["b"], test_fraction=0)


def test_the_reading_of_numbers_written_in_another_way_is_offered():
    frame = pd.DataFrame({"a": ["$1,200", "$5"], "b": [1.0, 2.0]})
    with pytest.raises(ValueError, match=r"; '\$1,200' would be 1200$"):
        Dataset.from_frame(frame, predictors=["a"], responses=["b"], test_fraction=0)


@pytest.mark.parametrize(
    ("name", "label"),
    [
        (pd.NA, "<NA>"),
        (None, "None"),
        (float("nan"), "nan"),
        (np.nan, "nan"),
        (pd.NaT, "NaT"),
        (("well", "depth"), "well, depth"),
        (pd.Timestamp("2024-01-02"), "2024-01-02 00:00:00"),
        (7, "7"),
        (True, "True"),
        ("$x$", "$x$"),
    ],
)
def test_a_column_may_have_any_name(name, label):
    frame = pd.DataFrame([[1.0, 5.0], [2.0, 7.0], [4.0, 6.0]])
    frame.columns = pd.Index([name, "b"], dtype=object, tupleize_cols=False)
    data = Dataset.from_frame(frame, predictors=[name], responses=["b"], test_fraction=0)
    assert (labels(data.predictors), data.x_original().ravel().tolist()) == ([label], [1.0, 2.0, 4.0])


def test_names_of_several_levels_are_names():
    frame = pd.DataFrame({("well", "depth"): [1.0, 5.0, 2.0], ("well", "por"): [2.0, 3.0, 9.0]})
    data = Dataset.from_frame(
        frame, predictors=[("well", "depth")], responses=[("well", "por")], test_fraction=0
    )
    assert labels((*data.predictors, *data.responses)) == ["well, depth", "well, por"]


@pytest.mark.parametrize(
    "wrong", [pd.NA, None, float("nan"), ("a", "b"), pd.Timestamp("2024-01-02"), [1], np.array([1, 2])]
)
def test_a_name_that_is_none_is_refused_whatever_it_is(wrong):
    frame = pd.DataFrame({"a": [1.0, 5.0, 2.0], "b": [2.0, 3.0, 9.0]})
    with pytest.raises(ValueError, match=r"predictors names .*, which is not a column of the table"):
        Dataset.from_frame(frame, predictors=[wrong], responses=["b"], test_fraction=0)


def test_pandas_own_missing_names_beside_each_other_are_told_apart():
    frame = pd.DataFrame([[1.0, 5.0, 2.0], [2.0, 7.0, 4.0], [4.0, 6.0, 9.0]])
    frame.columns = pd.Index([pd.NA, None, "b"], dtype=object)
    data = Dataset.from_frame(frame, predictors=[None, pd.NA], responses=["b"], test_fraction=0)
    assert data.x_original()[0].tolist() == [5.0, 1.0]
