"""Predictions and losses of many states at once against the engine's, pass by pass."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_trainings import data_of, trainings

from ann_dashboard import Dataset, Network, Training, train
from ann_dashboard.engine import arrays


@settings(max_examples=100, deadline=None)
@given(case=trainings(epochs=4, batches=None), seed=st.integers(0, 99))
def test_predictions_and_mean_losses_are_the_engines(case, seed):
    """The engine answers for data that are passed once, at a state given as the start."""
    network, data, training = case
    other = data_of(network, training.loss, 3, seed)
    history = train(network, data, training, test=other, by="plain")
    for samples, losses, predictions in (
        (data, history.losses, history.predictions()),
        (other, history.test_losses, history.predictions(other.x)),
    ):
        for place, state in enumerate(history.states[(np.abs(history.states) < 1e6).all(axis=1)]):
            at_state = Training(
                epochs=1, loss=training.loss, start=dict(zip(network.parameters, state, strict=True))
            )
            table = train(network, samples, at_state, by="plain").table[: len(samples)]
            out = table[list(network.layers[-1])].to_numpy()
            np.testing.assert_allclose(
                predictions[place], out, rtol=1e-12, atol=1e-12 * max(1.0, np.abs(out).max())
            )
            np.testing.assert_allclose(losses[place], table["L"].mean(), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("most", [1, 7, 40, 10**6])
def test_predictions_in_stretches_are_those_at_once(monkeypatch, most):
    network, draw = Network((2, 3, 2), output="softmax"), np.random.default_rng(1)
    states, x = draw.normal(size=(11, network.parameter_count)), draw.normal(size=(5, 2))
    at_once = arrays.predictions(network, states, x)
    monkeypatch.setattr(arrays, "MOST_NUMBERS", most)
    np.testing.assert_array_equal(arrays.predictions(network, states, x), at_once)
    assert at_once.shape == (11, 5, 2)


def test_no_states_have_no_predictions_and_no_losses():
    network, data = Network((2, 3, 2)), Dataset(x=[[0.0, 1.0]], y=[[0.0, 1.0]])
    none = np.empty((0, network.parameter_count))
    assert arrays.predictions(network, none, data.x).shape == (0, 1, 2)
    assert arrays.mean_losses(network, "half_squared_error", none, data).shape == (0,)


@pytest.mark.parametrize(
    ("output", "loss", "totals", "truths", "expected"),
    [
        ("softmax", "cross_entropy", [1e4, -1e4], [1.0, 0.0], 0.0),
        ("softmax", "cross_entropy", [1e4, -1e4], [0.0, 1.0], 2e4),
        ("softmax", "cross_entropy", [1e308, -1e4], [1.0, 0.0], 0.0),
        ("softmax", "cross_entropy", [-1e4, -1e4], [0.5, 0.5], math.log(2.0)),
        ("sigmoid", "binary_cross_entropy", [1e4, -1e4], [1.0, 0.0], 0.0),
        ("sigmoid", "binary_cross_entropy", [1e4, -1e4], [0.0, 1.0], 2e4),
        ("sigmoid", "binary_cross_entropy", [1e308, 0.0], [0.0, 1.0], 1e308),
    ],
)
def test_an_entropy_is_finite_and_exact_at_any_input(output, loss, totals, truths, expected):
    network = Network((1, 2), output=output)
    data = Dataset(x=[[0.0]], y=[truths])
    assert arrays.mean_losses(network, loss, np.array([[0.0, 0.0, *totals]]), data)[0] == pytest.approx(
        expected, rel=1e-15, abs=0.0
    )
