"""The losses: their values and limits pass by pass, and which networks and truths they fit."""

import math

import numpy as np
import pytest

from ann_dashboard import Dataset, Network, Training, train
from ann_dashboard.engine.losses import LOSSES

BY = pytest.mark.parametrize("by", ["plain", "compiled"])


def first_pass(loss, output, totals, truths, by="plain"):
    """The first row of a network whose outputs have given pre-activations."""
    if by == "compiled":
        pytest.importorskip("numba")
    network = Network((1, len(totals)), output=output)
    start = dict.fromkeys(network.weights, 0.0) | dict(zip(network.biases, totals, strict=True))
    return train(
        network, Dataset(x=[[0.0]], y=[truths]), Training(epochs=1, loss=loss, start=start), by=by
    ).at(0)


@pytest.mark.parametrize(
    ("loss", "output", "totals", "truths", "expected"),
    [
        ("half_squared_error", "identity", [3.0], [1.0], 2.0),
        ("half_squared_error", "identity", [3.0, -1.0], [1.0, 1.0], 4.0),
        ("mean_squared_error", "identity", [3.0, -1.0], [1.0, 1.0], 4.0),
        ("mean_squared_error", "identity", [3.0, -1.0, 0.0, 1.0], [1.0, 1.0, 0.0, 1.0], 2.0),
        ("huber", "identity", [1.5], [1.0], 0.125),
        ("huber", "identity", [2.0, -1.0], [1.0, 1.0], 0.5 + 1.5),
        ("huber", "identity", [3.0, 0.0, 0.5], [0.0, 0.25, 0.5], 2.5 + 0.03125),
        ("cross_entropy", "softmax", [0.0, 0.0], [1.0, 0.0], math.log(2.0)),
        ("cross_entropy", "softmax", [math.log(3.0), 0.0], [0.0, 1.0], math.log(4.0)),
        (
            "cross_entropy",
            "softmax",
            [math.log(3.0), 0.0],
            [0.5, 0.5],
            0.5 * math.log(4.0 / 3.0) + 0.5 * math.log(4.0),
        ),
        ("cross_entropy", "softmax", [0.0, 0.0, 0.0], [0.0, 0.0, 0.0], 0.0),
        ("binary_cross_entropy", "sigmoid", [0.0], [1.0], math.log(2.0)),
        ("binary_cross_entropy", "sigmoid", [math.log(3.0)], [0.0], math.log(4.0)),
        (
            "binary_cross_entropy",
            "sigmoid",
            [math.log(3.0), -math.log(3.0)],
            [0.0, 0.0],
            math.log(4.0) + math.log(4.0 / 3.0),
        ),
    ],
)
@BY
def test_a_loss_of_numbers_one_can_compute_by_hand(loss, output, totals, truths, expected, by):
    assert first_pass(loss, output, totals, truths, by)["L"] == pytest.approx(expected, rel=1e-15, abs=0.0)


@pytest.mark.parametrize(
    ("loss", "output", "totals", "truths", "expected"),
    [
        (
            "cross_entropy",
            "softmax",
            [1e4, -1e4],
            [1.0, 0.0],
            {"L": 0.0, "O2": 1.0, "O3": 0.0, "dL_dO2in": 0.0, "dL_dO3in": 0.0, "dL_dO2": -1.0},
        ),
        (
            "cross_entropy",
            "softmax",
            [1e4, -1e4],
            [0.0, 1.0],
            {"L": 2e4, "dL_dO2in": 1.0, "dL_dO3in": -1.0, "dL_dO3": -math.inf},
        ),
        (
            "cross_entropy",
            "softmax",
            [1e16, 1e16],
            [1.0, 0.0],
            {"L": math.log(2.0), "O2": 0.5, "dL_dO2in": -0.5, "dL_dO3in": 0.5},
        ),
        ("cross_entropy", "softmax", [-1e300, -1e300], [0.0, 1.0], {"L": math.log(2.0), "O3": 0.5}),
        (
            "cross_entropy",
            "softmax",
            [1.7e308, 0.0],
            [0.0, 1.0],
            {"L": 1.7e308, "dL_dO2in": 1.0, "dL_dO3in": -1.0},
        ),
        (
            "binary_cross_entropy",
            "sigmoid",
            [1e4, -1e4],
            [1.0, 0.0],
            {"L": 0.0, "dL_dO2in": 0.0, "dL_dO3in": 0.0, "dL_dO2": -1.0, "dL_dO3": 1.0},
        ),
        (
            "binary_cross_entropy",
            "sigmoid",
            [1e4, -1e4],
            [0.0, 1.0],
            {"L": 2e4, "dL_dO2in": 1.0, "dL_dO3in": -1.0, "dL_dO2": math.inf},
        ),
        (
            "binary_cross_entropy",
            "sigmoid",
            [-1.7e308],
            [1.0],
            {"L": 1.7e308, "dL_dO2in": -1.0, "dL_dO2": -math.inf},
        ),
        ("binary_cross_entropy", "sigmoid", [40.0], [1.0], {"L": math.exp(-40.0)}),
        ("huber", "identity", [1e308, -1e308], [0.0, 0.25], {"L": math.inf, "dL_dO2": 1.0, "dL_dO3": -1.0}),
        ("huber", "identity", [1e307, 0.0], [0.0, 0.5], {"L": 1e307, "dL_dO2": 1.0, "dL_dO3": -0.5}),
        ("huber", "identity", [1.0, -1.0], [0.0, 0.0], {"L": 1.0, "dL_dO2": 1.0, "dL_dO3": -1.0}),
        (
            "half_squared_error",
            "softmax",
            [1e308, -1e308],
            [1.0, 0.0],
            {"L": 0.0, "dL_dO2in": 0.0, "dL_dO3in": 0.0},
        ),
        (
            "half_squared_error",
            "softmax",
            [1e308, -1e308],
            [0.0, 1.0],
            {"L": 1.0, "dL_dO2": 1.0, "dL_dO2in": 0.0},
        ),
    ],
)
@BY
def test_a_loss_has_its_limit_at_the_largest_inputs(loss, output, totals, truths, expected, by):
    row = first_pass(loss, output, totals, truths, by)
    assert {symbol: row[symbol] for symbol in expected} == pytest.approx(expected, rel=1e-15, abs=0.0)


@pytest.mark.parametrize(
    ("loss", "output"), [("cross_entropy", "softmax"), ("binary_cross_entropy", "sigmoid")]
)
@pytest.mark.parametrize("total", [0.0, 1e-300, 700.0, 750.0, 1e4, 1e155, 1e308])
def test_an_entropy_is_finite_at_any_input_and_its_slope_at_most_one(loss, output, total):
    for totals in ([total, -total / 2], [-total, total / 2]):
        row = first_pass(loss, output, totals, [1.0, 0.0])
        assert math.isfinite(row["L"])
        assert max(abs(row["dL_dO2in"]), abs(row["dL_dO3in"])) <= 1.0


@pytest.mark.parametrize(
    ("loss", "output"), [("cross_entropy", "softmax"), ("binary_cross_entropy", "sigmoid")]
)
def test_softmax_outputs_and_entropies_of_growing_inputs_stay_monotone(loss, output):
    losses = [
        first_pass(loss, output, [-total, total], [1.0, 0.0])["L"] for total in np.linspace(-800.0, 800.0, 81)
    ]
    assert losses == sorted(losses)


@pytest.mark.parametrize(
    ("loss", "needs", "output"),
    [
        ("cross_entropy", "softmax", "identity"),
        ("cross_entropy", "softmax", "sigmoid"),
        ("binary_cross_entropy", "sigmoid", "softmax"),
    ],
)
def test_a_loss_that_does_not_fit_the_output_is_refused_with_the_one_that_does(loss, needs, output):
    data = Dataset(x=[[0.0]], y=[[0.0, 1.0]])
    with pytest.raises(
        ValueError, match=f"the loss {loss} needs the output activation {needs}, but the network has {output}"
    ) as refusal:
        train(Network((1, 2), output=output), data, Training(loss=loss))
    assert f"give the output layer {needs}, or choose another loss" in str(refusal.value)


@pytest.mark.parametrize(
    ("loss", "output"), [("cross_entropy", "softmax"), ("binary_cross_entropy", "sigmoid")]
)
@pytest.mark.parametrize(
    ("y", "sample", "value"), [([[0.0, 1.0], [-1.0, 1.0]], 1, "-1"), ([[0.0, 1.5], [0.0, 1.0]], 0, "1.5")]
)
@pytest.mark.parametrize("part", ["data", "test"])
def test_truths_that_are_no_probabilities_are_refused_with_the_sample(loss, output, y, sample, value, part):
    good, bad = Dataset(x=[[0.0], [1.0]], y=[[0.0, 1.0], [1.0, 0.0]]), Dataset(x=[[0.0], [1.0]], y=y)
    data, test = (bad, None) if part == "data" else (good, bad)
    with pytest.raises(
        ValueError,
        match=f"y of sample {sample} is {value}, but the loss {loss} needs truths from 0 to 1: encode",
    ):
        train(Network((1, 2), output=output), data, Training(loss=loss), test=test)


@pytest.mark.parametrize("loss", ["half_squared_error", "mean_squared_error", "huber"])
@pytest.mark.parametrize("output", ["identity", "sigmoid", "softmax", "step"])
def test_a_squared_error_fits_any_output_and_any_truth(loss, output):
    train(Network((1, 2), output=output), Dataset(x=[[0.0]], y=[[-3.0, 7.0]]), Training(loss=loss, epochs=1))


def test_an_unknown_loss_is_refused_with_the_known_ones():
    with pytest.raises(
        ValueError,
        match=(
            "loss is 'mse': choose one of half_squared_error, mean_squared_error, cross_entropy, "
            "binary_cross_entropy"
        ),
    ):
        Training(loss="mse")


@pytest.mark.parametrize("loss", LOSSES)
def test_a_loss_is_written_in_tex(loss):
    from matplotlib.mathtext import MathTextParser

    MathTextParser("path").parse(f"${LOSSES[loss].equation}$")
