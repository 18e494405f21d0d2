"""What the dashboard says of a training is true of it.

A table of trainings, what is said of each, and what is not.
"""

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ann_dashboard import Adam, Dataset, History, Momentum, Network, Training, lessons, train
from ann_dashboard.analysis.outcome import outcome
from ann_dashboard.engine.activations import ACTIVATIONS

X = [[0, 0], [0, 1], [1, 0], [1, 1]]
XOR, AND = Dataset(X, [[0], [1], [1], [0]]), Dataset(X, [[0], [0], [0], [1]])
TWO_CLASSES = Dataset(X, [[0, 1], [1, 0], [1, 0], [0, 1]])
NUMBERS = Dataset(X, [[0.1], [0.9], [0.8], [0.2]])
FAR = Dataset(X, [[5.0], [-7.0], [3.0], [4.0]])
ONE = lessons.LECTURE.data
LECTURE, SMALL, RELU = lessons.LECTURE.network, Network((2, 3, 1)), Network((2, 3, 1), hidden="relu")
DEAD = {"b_3": -9.0, "b_4": -9.0, "b_5": -9.0}
SINGLE = {"lambda_1_3": 0.0, "lambda_2_3": 0.0}

TRAININGS: list[tuple[Network, Dataset, dict[str, Any], list[str], list[str]]] = [
    # penalties
    (
        SMALL,
        NUMBERS,
        {"l2": 10.0, "eta": 0.001, "seed": 2, "start": {"lambda_3_6": 1.0, "lambda_4_6": -0.9}},
        ["loss and penalty together from"],
        ["too large"],
    ),
    (
        Network((1, 1)),
        Dataset([[1.0]], [[1.0]]),
        {"l2": 10.0, "eta": 0.001, "start": {"lambda_1_2": 0.9, "b_2": 0.0}},
        ["it grew, because the penalty with L2 = 10 outweighs it: try a smaller penalty."],
        ["too large", "swings"],
    ),
    (
        Network((1, 1)),
        Dataset([[1.0]], [[1.0]]),
        {"l1": 1.0, "l2": 2.0, "eta": 0.001, "train_biases": False, "start": {"lambda_1_2": 0.9, "b_2": 0.0}},
        ["the penalty with L1 = 1 and L2 = 2 outweighs it"],
        ["too large", "swings"],
    ),
    (
        LECTURE,
        ONE,
        {"l2": 10.0, "eta": 0.3},
        [
            "diverged at epoch 463",
            "because η·L2 = 3 is above 2, so that the penalty alone makes each weight grow: try a smaller "
            "η or L2.",
        ],
        [],
    ),
    (
        LECTURE,
        ONE,
        {"l2": 0.01, "eta": 2.5},
        ["because η = 2.5 is too large: with η = 1.9 the loss and the penalty together fall."],
        [],
    ),
    (
        LECTURE,
        ONE,
        {"l1": 1.0, "eta": 0.1},
        ["swings up and down: the penalty L1 pushes weights across 0 and back again"],
        ["η = 0.1 is large"],
    ),
    (
        Network((2, 1), output="sigmoid"),
        NUMBERS,
        {"l2": 30.0, "eta": 0.1, "epochs": 9},
        ["grew, because η·L2 = 3 is above 2"],
        ["too large"],
    ),
    (
        Network((2, 2, 1), hidden="step"),
        NUMBERS,
        {"eta": 3.0, "batch_size": 1, "epochs": 5},
        ["grew, because η = 3 is too large"],
        [],
    ),
    (LECTURE, ONE, {"l2": 0.001}, ["converged at epoch"], []),
    (
        Network((2, 1)),
        NUMBERS,
        {"l2": 0.1, "epochs": 2000, "eta": 0.1},
        ["hardly changes any more"],
        ["swings"],
    ),
    # learning rates, optimisers, decay
    (
        LECTURE,
        ONE,
        {"eta": 3.0},
        ["diverged at epoch 512", "because η = 3 is too large: with η = 1.9 the loss falls."],
        [],
    ),
    (LECTURE, ONE, {"eta": 2.1}, ["it grew, because η = 2.1 is too large: with η = 1.9 the loss falls."], []),
    (LECTURE, ONE, {"epochs": 1}, ["Trained 1 epoch in", "still learning"], []),
    (
        LECTURE,
        ONE,
        {"optimiser": Momentum(0.99), "eta": 1.0, "epochs": 60},
        ["swings up and down: η = 1 is large with a = 0.99; try a smaller η or a."],
        [],
    ),
    (
        LECTURE,
        ONE,
        {"optimiser": Adam(), "eta": 0.5, "epochs": 30},
        ["swings up and down: η = 0.5 is large; try a smaller η."],
        [],
    ),
    (LECTURE, ONE, {"decay": 0.1, "epochs": 20}, ["still learning"], ["swings"]),
    # parts of the data, nodes left out
    (
        SMALL,
        NUMBERS,
        {"batch_size": 1, "eta": 0.1, "epochs": 50},
        ["each update follows a part of the data, so it may waver."],
        ["grew"],
    ),
    (
        SMALL,
        NUMBERS,
        {"batch_size": 1, "eta": 3.0, "epochs": 50},
        ["it grew, because η = 3 is too large"],
        [],
    ),
    (
        SMALL,
        NUMBERS,
        {"dropout": 0.5, "epochs": 50},
        ["each pass leaves out other nodes, so it may waver."],
        [],
    ),
    # what is stuck
    (
        RELU,
        NUMBERS,
        {"start": DEAD, "epochs": 500},
        [
            "it predicts 0.5 for every sample: all ReLU nodes of hidden layer 1 give 0 and have no slope "
            "there; try a leaky ReLU or another start."
        ],
        ["smaller η"],
    ),
    (
        RELU,
        FAR,
        {"eta": 1.0, "epochs": 100, "seed": 1},
        [
            "it predicts 1.25 for every sample: all ReLU nodes of hidden layer 1",
            "try a leaky ReLU, another seed or a smaller η.",
        ],
        [],
    ),
    (
        RELU,
        NUMBERS,
        {"initialiser": "zeros", "epochs": 300},
        ["it predicts 0.5 for every sample", "try another start."],
        ["leaky"],
    ),
    (
        Network((2, 3, 1), hidden="relu", output="sigmoid"),
        XOR,
        {"start": DEAD, "loss": "binary_cross_entropy"},
        ["2 of 4 samples have the right class at the threshold 0.5; it predicts 0.5 for every sample"],
        [],
    ),
    (
        Network((2, 3, 2), hidden="relu", output="softmax"),
        TWO_CLASSES,
        {"start": DEAD, "loss": "cross_entropy"},
        ["2 of 4 samples have the right class; it predicts 0.5 and 0.5 for every sample"],
        [],
    ),
    (
        Network((2, 2, 1), output="relu"),
        NUMBERS,
        {"start": {"b_5": -9.0}},
        [
            "no weight and no bias has moved: their derivatives are all 0",
            "it predicts 0 for every sample: the one ReLU node of the output layer gives 0 and has no "
            "slope there",
        ],
        [],
    ),
    (
        Network((2, 3, 1), hidden="leaky_relu"),
        NUMBERS,
        {"start": DEAD, "epochs": 500},
        ["hardly changes any more"],
        ["ReLU"],
    ),
    (
        Network((3, 2, 1), hidden="relu"),
        ONE,
        {"start": {"b_4": -9.0, "b_5": -9.0}, "epochs": 10},
        ["still learning"],
        ["ReLU"],
    ),
    (SMALL, NUMBERS, {"initialiser": "zeros", "epochs": 300}, [], ["no weight"]),
    (
        Network((2, 1), output="sigmoid"),
        XOR,
        {"start": SINGLE | {"b_3": -800.0}},
        [
            "2 of 4 samples have the right class at the threshold 0.5; no weight and no bias has moved: "
            "their derivatives are all 0"
        ],
        [],
    ),
    (
        Network((2, 1)),
        XOR,
        {"start": SINGLE | {"b_3": 0.5}},
        [
            "no weight and no bias has moved: their derivatives are 0 in the mean over the samples, and "
            "more epochs change nothing."
        ],
        [],
    ),
    (
        Network((2, 1)),
        XOR,
        {"start": SINGLE | {"b_3": 0.5}, "train_biases": False},
        ["no weight has moved"],
        ["no bias"],
    ),
    (
        Network((2, 1), output="sigmoid"),
        XOR,
        {"start": SINGLE | {"b_3": -800.0}, "patience": 5},
        [
            "stopped at epoch 5: the loss has not been below",
            "for 5 epochs; the loss went from 0.25 to 0.25",
            "no weight and no bias has moved",
        ],
        [],
    ),
    (LECTURE, ONE, {"stop_below": 1.0}, ["Trained 0 epochs", "stopped at epoch 0"], ["moved"]),
    # classes
    (
        Network((2, 1), output="step"),
        AND,
        {"eta": 1.0, "batch_size": 1, "epochs": 50},
        ["converged at epoch"],
        [],
    ),
    (
        Network((2, 1), output="step"),
        XOR,
        {"eta": 1.0, "batch_size": 1, "epochs": 50},
        ["2 of 4 samples have the right class"],
        ["too large", "swings", "grew"],
    ),
    (
        Network((2, 1), output="sigmoid"),
        XOR,
        {"loss": "binary_cross_entropy", "epochs": 2000},
        [
            "of 4 samples have the right class at the threshold 0.5; the loss hardly changes any more: "
            "a few more epochs bring little."
        ],
        ["still learning"],
    ),
    (
        Network((2, 3, 2), hidden="tanh", output="softmax"),
        Dataset(X, [[1, 0], [0, 1], [0, 1], [1, 0]]),
        {"loss": "cross_entropy", "eta": 0.001, "epochs": 300},
        [
            "3 of 4 samples have the right class; the loss falls slowly: "
            "train many more epochs or try a larger η."
        ],
        ["hardly changes"],
    ),
    (
        SMALL,
        NUMBERS,
        {"eta": 1e-7},
        ["and falls slowly: train many more epochs or try a larger η."],
        ["hardly changes"],
    ),
    (
        Network((2, 4, 2), hidden="tanh", output="softmax"),
        TWO_CLASSES,
        {"loss": "cross_entropy", "eta": 0.5, "epochs": 2000},
        ["4 of 4 samples have the right class."],
        ["threshold"],
    ),
    (
        Network((2, 1), output="sigmoid"),
        Dataset([[0, 1]], [[1]]),
        {"epochs": 5},
        ["1 of 1 sample has the right class"],
        [],
    ),
    (
        Network((2, 2, 1), hidden="step"),
        Dataset(X, [[0.3], [0.1], [0.9], [0.5]]),
        {"eta": 1.0, "epochs": 50},
        ["the slope of a step is 0 and 1 takes its place, so an update need not lower the loss."],
        ["too large", "is large"],
    ),
]


@pytest.mark.parametrize(("network", "data", "changes", "said", "unsaid"), TRAININGS)
def test_what_is_said_is_true_of_the_training(
    network: Network, data: Dataset, changes: dict[str, Any], said: list[str], unsaid: list[str]
) -> None:
    message = outcome(train(network, data, Training(**changes)))
    assert [words for words in said if words not in message] == [], message
    assert [words for words in unsaid if words in message] == [], message


def with_losses(losses: list[float], tested: list[float] | None = None) -> History:
    """The history of a training whose losses are these."""
    test = Dataset([[0.5, 0.2, 0.7]], [[0.3]])
    history = train(
        LECTURE, replace_test(ONE, test if tested else None), Training(epochs=len(losses) - 1, eta=1e-9)
    )
    history.__dict__["losses"] = np.array(losses)
    if tested is not None:
        history.__dict__["test_losses"] = np.array(tested)
    return history


def replace_test(data: Dataset, test: Dataset | None) -> Dataset:
    return Dataset(data.x, data.y, test=test)


FALLING = np.linspace(0.5, 0.1, 61).tolist()


@pytest.mark.parametrize(
    ("tested", "by_heart"),
    [
        ([*np.linspace(0.6, 0.2, 21), *np.linspace(0.2, 0.4, 40)], True),
        ([*np.linspace(0.06, 0.02, 21), *np.linspace(0.02, 0.04, 40)], False),  # below the training loss
        (
            [*np.linspace(0.6, 0.2, 21), *[0.2 + 0.05 * (place % 2) for place in range(40)]],
            False,
        ),  # it wavers, and comes back
        (np.linspace(0.6, 0.2, 61).tolist(), False),
        ([*np.linspace(0.6, 0.2, 60), 0.5], False),
        (np.linspace(0.2, 0.6, 61).tolist(), False),
    ],
)
def test_learning_by_heart_is_a_test_loss_that_stays_above_its_smallest_and_above_the_training_loss(
    tested: list[float], by_heart: bool
) -> None:
    assert ("learns the training samples by heart" in outcome(with_losses(FALLING, tested))) == by_heart


def test_a_training_loss_that_rises_too_is_not_learning_by_heart() -> None:
    rising = [*np.linspace(0.5, 0.1, 21).tolist(), *np.linspace(0.1, 0.3, 40).tolist()]
    tested = [*np.linspace(0.6, 0.2, 21).tolist(), *np.linspace(0.2, 0.4, 40).tolist()]
    message = outcome(with_losses(rising, tested))
    assert "by heart" not in message
    assert ", but is larger than at epoch 20 (0.1): try a smaller η." in message


@pytest.mark.parametrize(
    ("losses", "said"),
    [
        ([0.5 - 0.001 * place + 1e-17 * (place % 2) for place in range(100)], "still learning"),
        ([0.5 + 1e-17 * (place % 2) for place in range(100)], "hardly changes any more"),
        ([0.5 - 0.004 * place + 1e-9 * (place % 2) for place in range(100)], "still learning"),
        ([0.5, *[1e-17 * (1 + place % 2) for place in range(100)]], "still learning"),
        ([0.5 - 0.001 * place + 0.05 * (place % 2) for place in range(100)], "swings up and down"),
        ([0.5 - 0.001 * place for place in range(100)], "still learning"),
        ([0.5, 0.5 + 1e-16], "still learning"),
        ([0.5 - 1e-7 * place for place in range(100)], "falls slowly"),
        (
            [0.5 + 0.3**place for place in range(18)],
            "hardly changes any more: a few more epochs bring little",
        ),
    ],
)
def test_what_moves_by_rounding_alone_neither_swings_nor_grows(losses: list[float], said: str) -> None:
    message = outcome(with_losses(losses))
    assert said in message
    assert "grew" not in message


@pytest.mark.parametrize("eta", [0.5, 2.05, 2.5])
@pytest.mark.parametrize("l2", [0.0, 0.01, 0.1])
def test_a_smaller_learning_rate_that_is_named_is_one_with_which_what_is_minimised_falls(
    eta: float, l2: float
) -> None:
    training = Training(eta=eta, l2=l2, epochs=300)
    message = outcome(train(LECTURE, ONE, training))
    if (cure := re.search(r"with η = ([\d.]+) the loss", message)) is None:
        assert "too large" not in message
        return
    history = train(LECTURE, ONE, replace(training, eta=float(cure[1])))
    minimised = history.losses + 0.5 * l2 * (history.states[:, :8] ** 2).sum(axis=1)
    assert minimised[-1] < minimised[0]


def test_a_training_that_was_stopped_by_hand_is_judged_by_what_it_did_alone() -> None:
    history = train(LECTURE, ONE, Training(eta=1e-5, epochs=100_000), progress=lambda _epoch, _epochs: True)
    assert re.search(
        r"stopped by hand at epoch \d+; the loss went from 0.505 to [\d.e-]+\.$", outcome(history)
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from([name for name in ACTIVATIONS if name != "softmax"]),
    st.sampled_from(["identity", "sigmoid", "relu", "step"]),
    st.sampled_from([0.001, 0.1, 1.0, 3.0]),
    st.sampled_from([0.0, 0.1, 10.0]),
    st.sampled_from([0.0, 0.1]),
    st.sampled_from([None, 1, 2]),
    st.sampled_from(["gradient_descent", Momentum(0.9), Adam()]),
    st.integers(1, 60),
)
def test_every_training_gets_one_line_whose_claims_hold(
    hidden: str, output: str, eta: float, l2: float, l1: float, batch: int | None, optimiser: Any, epochs: int
) -> None:
    training = Training(
        eta=eta, l2=l2, l1=l1, batch_size=batch, optimiser=optimiser, epochs=epochs, seed=epochs
    )
    history = train(Network((2, 2, 1), hidden=hidden, output=output), NUMBERS, training)
    message = outcome(history)
    assert message.endswith(".")
    assert message.count("\n") == 0
    loss, weights = history.losses, history.states[:, :6]
    with np.errstate(over="ignore"):
        minimised = loss + l1 * np.abs(weights).sum(axis=1) + 0.5 * l2 * (weights**2).sum(axis=1)
    if "it grew" in message:
        assert loss[-1] > loss[0]
    if "together grew" in message:
        assert minimised[-1] > minimised[0]
    if "still learning" in message:
        assert minimised[-1] <= 1.001 * minimised.min() + 1e-9
        assert history.diverged_at is None
    if "ReLU" in message:
        assert len(np.unique(history.predictions()[-1])) == 1
    if "no weight" in message:
        assert (history.states == history.states[0]).all()
