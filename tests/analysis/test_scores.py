"""Scores: counted by hand, with the conventions for what is undefined."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ann_dashboard import Dataset, Network
from ann_dashboard.analysis import scores
from ann_dashboard.data.columns import Column

TRUTH = np.array([0, 0, 0, 1, 1, 1, 1, 1])
PREDICTED = np.array([[0, 0, 1, 1, 1, 1, 0, 0]])
"""2 of 3 of class 0 right; 3 of 5 of class 1 right; one false alarm."""


def test_the_counts_are_those_of_a_hand() -> None:
    np.testing.assert_array_equal(scores.confusion(TRUTH, PREDICTED, 2), [[[2, 1], [2, 3]]])


@pytest.mark.parametrize(
    ("score", "of", "value"),
    [
        (scores.precision, 1, 3 / 4),
        (scores.recall, 1, 3 / 5),
        (scores.precision, 0, 2 / 4),
        (scores.recall, 0, 2 / 3),
    ],
)
def test_precision_and_recall_are_those_of_a_hand(score, of: int, value: float) -> None:
    assert score(TRUTH, PREDICTED, of) == pytest.approx([value])


def test_accuracy_is_the_share_of_right_ones_at_each_state() -> None:
    np.testing.assert_array_equal(
        scores.accuracy(TRUTH, np.vstack([PREDICTED, TRUTH, 1 - TRUTH])), [5 / 8, 1, 0]
    )


def test_precision_of_what_is_never_predicted_and_recall_of_what_is_never_true_are_undefined() -> None:
    zeros = np.zeros((1, 4), dtype=int)
    assert np.isnan(scores.precision(np.array([0, 1, 1, 0]), zeros, 1)).all()
    assert np.isnan(scores.recall(np.zeros(4, dtype=int), zeros, 1)).all()
    assert scores.recall(np.array([0, 1, 1, 0]), zeros, 1) == 0


def test_a_prediction_that_is_no_number_is_wrong_and_in_no_column() -> None:
    predicted = scores.decided(np.array([[[np.nan], [0.7]]]))
    assert predicted.tolist() == [[scores.NO_CLASS, 1]]
    assert scores.accuracy(np.array([0, 1]), predicted) == 0.5
    assert scores.confusion(np.array([0, 1]), predicted, 2).tolist() == [[[0, 0], [0, 1]]]


@pytest.mark.parametrize(
    ("values", "threshold", "found"),
    [
        ([0.5], 0.5, 1),
        ([0.49], 0.5, 0),
        ([0.49], 0.3, 1),
        ([0.2, 0.7, 0.1], 0.5, 1),
        ([0.4, 0.4], 0.5, 0),
        ([np.inf, 1.0], 0.5, 0),
    ],
)
def test_the_class_is_decided_by_the_threshold_or_by_the_largest_output(
    values: list[float], threshold: float, found: int
) -> None:
    assert scores.decided(np.array(values), threshold) == found


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=30))
def test_every_sample_is_counted_once_and_accuracy_is_the_share_on_the_diagonal(
    pairs: list[tuple[int, int]],
) -> None:
    truth, predicted = np.array(pairs).T
    counts = scores.confusion(truth, predicted[np.newaxis], 3)[0]
    assert counts.sum() == len(pairs)
    assert scores.accuracy(truth, predicted[np.newaxis])[0] == pytest.approx(np.trace(counts) / len(pairs))


@given(st.lists(st.floats(0, 1), min_size=2, max_size=20), st.floats(0.05, 0.5), st.floats(0.5, 0.95))
def test_a_higher_threshold_never_has_more_recall(values: list[float], low: float, high: float) -> None:
    """Data science notes: a higher threshold has less recall."""
    truth, probabilities = np.arange(len(values)) % 2, np.array(values)[np.newaxis, :, np.newaxis]
    least, most = (
        scores.recall(truth, scores.decided(probabilities, threshold), 1)[0] for threshold in (high, low)
    )
    assert least <= most


def test_r_squared_and_rmse_are_those_of_a_hand() -> None:
    """Errors 1, 0, −1, 2 around truths whose squared distances from their mean 4 are 9, 1, 1, 9."""
    y = np.array([[1.0], [3.0], [5.0], [7.0]])
    predictions = y[np.newaxis] + np.array([1, 0, -1, 2])[:, np.newaxis]
    assert scores.rmse(y, predictions) == pytest.approx(np.array([[np.sqrt(6 / 4)]]))
    assert scores.r_squared(y, predictions) == pytest.approx(np.array([[1 - 6 / 20]]))


@pytest.mark.parametrize(("predicted", "value"), [([1, 2, 3], 1.0), ([2, 2, 2], 0.0), ([3, 2, 1], -3.0)])
def test_r_squared_is_1_for_the_truth_0_for_its_mean_and_below_for_worse(
    predicted: list[float], value: float
) -> None:
    y = np.array([[1.0], [2.0], [3.0]])
    assert scores.r_squared(y, np.array(predicted, dtype=float)[np.newaxis, :, np.newaxis]) == pytest.approx(
        np.array([[value]])
    )


def test_r_squared_of_equal_truths_is_undefined() -> None:
    assert np.isnan(scores.r_squared(np.ones((3, 1)), np.ones((2, 3, 1)))).all()


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(1, 40), st.floats(-1e3, 1e3))
def test_r_squared_of_equal_truths_is_undefined_whatever_they_are(
    truth: float, samples: int, miss: float
) -> None:
    y = np.full((samples, 1), truth)
    assert np.isnan(scores.r_squared(y, y[np.newaxis] + miss)).all()


@given(
    st.lists(st.integers(-50, 50), min_size=2, max_size=9).filter(lambda truths: len(set(truths)) > 1),
    st.integers(-1000, 1000),
    st.data(),
)
def test_r_squared_does_not_depend_on_the_size_of_its_numbers(
    truths: list[int], power: int, data: st.DataObject
) -> None:
    y = np.array(truths, dtype=float)[:, np.newaxis]
    predictions = np.array(
        data.draw(st.lists(st.integers(-50, 50), min_size=len(truths), max_size=len(truths))), dtype=float
    )[np.newaxis, :, np.newaxis]
    expected = 1 - ((predictions - y) ** 2).sum() / ((y - y.mean()) ** 2).sum()
    assert scores.r_squared(np.ldexp(y, power), np.ldexp(predictions, power)) == pytest.approx(
        np.array([[expected]]), rel=1e-9
    )


def test_each_response_has_its_own_r_squared_and_equal_truths_of_one_leave_the_other() -> None:
    y = np.array([[0.1, 1.0], [0.1, 2.0], [0.1, 3.0]])
    found = scores.r_squared(y, y[np.newaxis])
    assert np.isnan(found[0, 0])
    assert found[0, 1] == 1.0


X = [[0.0], [1.0], [2.0]]
SCALED = [Column(name, least=3.0, most=7.0, scale=(0.0, 1.0)) for name in ("a", "b")]
ONE_HOT = [[1, 0], [0, 1], [1, 0]]
HELD_OUT = Dataset([[5.0]], [[0.5, 0.5]])


@pytest.mark.parametrize(
    ("network", "data", "loss", "classes"),
    [
        (
            Network((1, 1), (), "sigmoid"),
            Dataset(X, [[0], [1], [1]], responses=["ill"]),
            "half_squared_error",
            ("ill = 0", "ill = 1"),
        ),
        (
            Network((1, 1), (), "step"),
            Dataset(X, [[0], [1], [1]]),
            "half_squared_error",
            ("y1 = 0", "y1 = 1"),
        ),
        (Network((1, 1), (), "identity"), Dataset(X, [[0], [1], [1]]), "half_squared_error", None),
        (Network((1, 1), (), "sigmoid"), Dataset(X, [[0], [0.3], [1]]), "binary_cross_entropy", None),
        (
            Network((1, 2), (), "sigmoid"),
            Dataset(X, [[1, 0], [0, 1], [1, 0]], classes=("A", "B")),
            "half_squared_error",
            ("A", "B"),
        ),
        (
            Network((1, 2), (), "sigmoid"),
            Dataset(X, [[1, 0], [0, 1], [1, 0]]),
            "binary_cross_entropy",
            ("y1", "y2"),
        ),
        (Network((1, 2), (), "sigmoid"), Dataset(X, [[1, 1], [0, 1], [1, 0]]), "binary_cross_entropy", None),
        (Network((1, 2), (), "softmax"), Dataset(X, ONE_HOT), "cross_entropy", ("y1", "y2")),
        (
            Network((1, 2), (), "softmax"),
            Dataset(X, ONE_HOT, responses=["no", "yes"]),
            "half_squared_error",
            ("no", "yes"),
        ),
        (Network((1, 2), (), "softmax"), Dataset(X, [[1, 0]] * 3), "cross_entropy", ("y1", "y2")),
        (
            Network((1, 3), (), "softmax"),
            Dataset(X, [[1, 0, 0], [0, 1, 0], [0, 0, 1]]),
            "cross_entropy",
            ("y1", "y2", "y3"),
        ),
        (Network((1, 2), (), "softmax"), Dataset(X, [[0.5, 0.5], [0, 1], [1, 0]]), "cross_entropy", None),
        (Network((1, 2), (), "softmax"), Dataset(X, ONE_HOT, test=HELD_OUT), "cross_entropy", None),
        (Network((1, 2), (), "sigmoid"), Dataset(X, ONE_HOT), "half_squared_error", ("y1", "y2")),
        (Network((1, 2), (), "sigmoid"), Dataset(X, ONE_HOT, responses=SCALED), "half_squared_error", None),
        (Network((1, 2), (), "sigmoid"), Dataset([[0.0]], [[0, 1]]), "half_squared_error", None),
        (Network((1, 2), (), "step"), Dataset(X, ONE_HOT), "half_squared_error", ("y1", "y2")),
        (Network((1, 2), (), "identity"), Dataset(X, ONE_HOT), "half_squared_error", None),
        (Network((1, 2), (), "tanh"), Dataset(X, ONE_HOT), "mean_squared_error", None),
        (
            Network((1, 1), (), "sigmoid"),
            Dataset(X, [[0], [1], [1]], test=Dataset([[5.0]], [[0.5]])),
            "half_squared_error",
            None,
        ),
        (
            Network((1, 2), (), "sigmoid"),
            Dataset(X, [[0.01, 0.99], [0, 1], [1, 0]]),
            "half_squared_error",
            None,
        ),
    ],
)
def test_a_classification_is_known_by_its_network_data_and_loss(
    network: Network, data: Dataset, loss: str, classes: tuple[str, ...] | None
) -> None:
    assert scores.classes(network, data, loss) == classes


@pytest.mark.parametrize("threshold", [0, 1, -0.5, 1.5, float("nan"), True, "0.5"])
def test_a_threshold_that_is_no_probability_is_refused(threshold: object) -> None:
    with pytest.raises((TypeError, ValueError), match="threshold is"):
        scores.check_threshold(threshold)
