"""The engine against independent computations.

Matrices, central differences, PyTorch, and itself compiled.
"""

import math
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from matrices import matrices, rows_by_matrices, signals
from random_trainings import networks, trainings

from ann_dashboard import Dataset, Network, Training, checks, notation, train
from ann_dashboard.engine import kernel
from ann_dashboard.engine.activations import ACTIVATIONS
from ann_dashboard.engine.losses import LOSSES
from ann_dashboard.engine.optimisers import OPTIMISERS, checked_optimiser

NETWORKS = [
    Network((3, 2, 1)),
    Network((2, 3, 2), hidden="tanh", output="sigmoid"),
    Network((1, 3, 1), hidden="relu"),
    Network((2, 2, 3, 2), hidden=("leaky_relu", "sigmoid"), output="tanh"),
    Network((4, 3, 2, 4, 1), hidden=("relu", "identity", "tanh"), output="leaky_relu"),
    Network((3, 2), output="relu"),
    Network((1, 1), output="sigmoid"),
]
NAMES = [
    f"{'-'.join(map(str, network.widths))} {' '.join(network.layer_activations)}" for network in NETWORKS
]


def random_data(network, samples, seed):
    draw = np.random.default_rng(seed)
    return Dataset(
        x=draw.uniform(-1.0, 1.0, (samples, network.widths[0])),
        y=draw.uniform(-1.0, 1.0, (samples, network.widths[-1])),
    )


def parameters_of(history, row=0):
    at = kernel.layout(history.network)
    return history.values[row, at.weights : at.d_signals]


@pytest.mark.parametrize(
    ("name", "total", "out", "slope"),
    [
        ("identity", -1.5, -1.5, 1.0),
        ("sigmoid", 0.0, 0.5, 0.25),
        ("sigmoid", math.log(3.0), 0.75, 0.1875),
        ("sigmoid", -math.log(3.0), 0.25, 0.1875),
        ("sigmoid", 1000.0, 1.0, 0.0),
        ("sigmoid", -1000.0, 0.0, 0.0),
        ("sigmoid", math.inf, 1.0, 0.0),
        ("sigmoid", -math.inf, 0.0, 0.0),
        ("tanh", 0.0, 0.0, 1.0),
        ("tanh", math.atanh(0.5), 0.5, 0.75),
        ("tanh", -1000.0, -1.0, 0.0),
        ("tanh", math.inf, 1.0, 0.0),
        ("softplus", 0.0, math.log(2.0), 0.5),
        ("softplus", math.log(3.0), math.log(4.0), 0.75),
        ("softplus", -math.log(3.0), math.log(4.0 / 3.0), 0.25),
        ("softplus", 1000.0, 1000.0, 1.0),
        ("softplus", -1000.0, 0.0, 0.0),
        ("softplus", -40.0, math.exp(-40.0), math.exp(-40.0)),
        ("softplus", math.inf, math.inf, 1.0),
        ("softplus", -math.inf, 0.0, 0.0),
        ("relu", 2.5, 2.5, 1.0),
        ("relu", -2.5, 0.0, 0.0),
        ("relu", 0.0, 0.0, 0.0),
        ("relu", math.inf, math.inf, 1.0),
        ("leaky_relu", 2.5, 2.5, 1.0),
        ("leaky_relu", -2.5, -0.025, 0.01),
        ("leaky_relu", 0.0, 0.0, 0.01),
    ],
)
def test_an_activation_gives_its_value_and_slope(name, total, out, slope):
    """Lecture deck, "Activation Functions".

    Erratum: one slide prints ReLU's slope as x for x > 0; it is 1.
    """
    activation = ACTIVATIONS[name]
    found = activation.out(total)
    assert (found, activation.slope(found)) == pytest.approx((out, slope), rel=1e-15, abs=1e-16)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_passes_nan_on(name):
    assert math.isnan(ACTIVATIONS[name].out(math.nan))


@pytest.mark.parametrize("total", [-1000.0, -745.0, -709.0, -37.0, -1e-9])
def test_the_sigmoid_keeps_its_digits_far_from_zero(total):
    assert ACTIVATIONS["sigmoid"].out(total) == pytest.approx(
        math.exp(total) / (1.0 + math.exp(total)), rel=1e-15, abs=0.0
    )


@pytest.mark.parametrize("network", NETWORKS, ids=NAMES)
def test_the_layout_is_that_of_the_columns(network):
    at, columns = kernel.layout(network), network.columns
    where = [at.truths, at.loss, at.weights, at.biases, at.d_signals, at.d_weights, at.d_biases, at.eta]
    first_weight, first_bias = network.weights[0], network.biases[0]
    derivatives = [notation.derivative(symbol) for symbol in ("I1in", first_weight, first_bias)]
    assert [columns[offset] for offset in where] == [
        "y_1",
        "L",
        first_weight,
        first_bias,
        *derivatives,
        "eta",
    ]
    assert (at.columns, at.nodes) == (len(columns), len(network.nodes))


@pytest.mark.parametrize("samples", [1, 3])
@pytest.mark.parametrize("network", NETWORKS, ids=NAMES)
def test_every_row_obeys_its_own_equations(network, samples):
    history = train(network, random_data(network, samples, seed=7), Training(eta=0.3, epochs=25, seed=5))
    states = [parameters_of(history, row) for row in range(0, len(history), samples)]
    expected = np.concatenate([rows_by_matrices(network, state, history.data, 0.3) for state in states])
    np.testing.assert_allclose(history.values, expected, rtol=1e-12, atol=1e-14)


@settings(max_examples=200, deadline=None)
@given(case=trainings())
def test_every_row_of_any_training_obeys_its_own_equations(case):
    """The signals, L and every derivative of a row follow from its own numbers.

    From its inputs, truths, parameters and masks, until it diverges.
    """
    network, data, training = case
    history = train(network, data, training, by="plain")
    at = training.layout(network)
    hidden = sum(network.widths[1:-1])
    tame = (np.abs(history.values) < 1e6).all(axis=1)
    for row, epoch, sample in zip(
        history.values[tame], history.epochs[tame], history.samples[tame], strict=True
    ):
        masks = row[None, at.masks : at.masks + hidden] if training.dropout else None
        own = Dataset(x=data.x[[sample]], y=data.y[[sample]])
        eta = training.eta / (1.0 + training.decay * epoch)
        expected = rows_by_matrices(
            network, row[at.weights : at.d_signals], own, eta, loss=training.loss, masks=masks
        )[0]
        np.testing.assert_allclose(
            row[: len(network.columns)], expected, rtol=1e-11, atol=1e-12 * max(1.0, np.abs(expected).max())
        )


STEP = 1e-3


def central_difference(value_at):
    """The derivative of a function at 0.

    From central differences of two steps by Richardson's extrapolation.
    """
    wide, narrow = ((value_at(step) - value_at(-step)) / (2.0 * step) for step in (2.0 * STEP, STEP))
    return (4.0 * narrow - wide) / 3.0


SMOOTH_BUT_FOR_KINKS = networks().filter(lambda network: "step" not in network.layer_activations)


@settings(max_examples=150, deadline=None)
@given(network=SMOOTH_BUT_FOR_KINKS, samples=st.integers(1, 4), seed=st.integers(0, 2**32 - 1))
def test_derivatives_are_those_of_central_differences(network, samples, seed):
    """Another network is drawn where a step would cross a kink of ReLU.

    There is no derivative to compare with.
    """
    data = random_data(network, samples, seed)
    parameters = np.random.default_rng(seed + 1).uniform(-1.5, 1.5, network.parameter_count)
    history = train(
        network, data, Training(epochs=1, start=dict(zip(network.parameters, parameters, strict=True)))
    )
    kinked = np.repeat(["relu" in name for name in ("identity", *network.layer_activations)], network.widths)

    def loss(parameters, pushed=None):
        reached = signals(network, parameters, data.x, pushed=pushed)
        branches = reached[:, ::2][:, kinked] > 0.0
        return 0.5 * ((reached[:, 1::2][:, -network.widths[-1] :] - data.y) ** 2).sum(axis=1), branches

    _, branches = loss(parameters)

    def on_the_same_branch(found):
        assume((found[1] == branches).all())
        return found[0]

    pushes, moves = np.eye(2 * len(network.nodes)), np.eye(network.parameter_count)
    expected = [
        central_difference(lambda step, push=push: on_the_same_branch(loss(parameters, step * push)))
        for push in pushes
    ]
    expected += [
        central_difference(lambda step, move=move: on_the_same_branch(loss(parameters + step * move)))
        for move in moves
    ]
    found = history.table[
        [notation.derivative(symbol) for symbol in (*network.signals, *network.parameters)]
    ].to_numpy()[:samples]
    errors = np.abs(found - np.transpose(expected)) / np.maximum(1.0, np.abs(found))
    assert errors.max() < 1e-7


@pytest.mark.parametrize("samples", [1, 3])
@pytest.mark.parametrize("network", NETWORKS, ids=NAMES)
def test_derivatives_are_those_of_pytorch(network, samples):
    torch = pytest.importorskip("torch")
    alpha = {
        "identity": lambda total: total,
        "sigmoid": torch.sigmoid,
        "tanh": torch.tanh,
        "relu": torch.relu,
        "leaky_relu": lambda total: torch.nn.functional.leaky_relu(total, 0.01),
    }
    history = train(network, random_data(network, samples, seed=11), Training(epochs=1, seed=2))
    layers = [
        [torch.tensor(part, requires_grad=True) for part in layer]
        for layer in matrices(network, parameters_of(history))
    ]
    outs = torch.tensor(history.data.x, requires_grad=True)
    nodes = [outs, outs]
    for (weights, biases), name in zip(layers, network.layer_activations, strict=True):
        totals = outs @ weights.T + biases
        outs = alpha[name](totals)
        nodes += [totals, outs]
    losses = 0.5 * ((outs - torch.tensor(history.data.y)) ** 2).sum(dim=1)
    by_node = torch.autograd.grad(losses.sum(), nodes, retain_graph=True, materialize_grads=True)
    interleaved = [
        torch.stack(pair, dim=2).reshape(samples, -1)
        for pair in zip(by_node[::2], by_node[1::2], strict=True)
    ]
    flat = [weights for weights, _ in layers] + [biases for _, biases in layers]
    by_parameter = [
        torch.cat([part.flatten() for part in torch.autograd.grad(loss, flat, retain_graph=True)])
        for loss in losses
    ]
    expected = torch.cat([*interleaved, torch.stack(by_parameter)], dim=1).numpy()
    at = kernel.layout(network)
    np.testing.assert_allclose(
        history.values[:samples, at.d_signals : at.eta], expected, rtol=1e-12, atol=1e-15
    )


def bits(values):
    """The bit patterns, with one pattern for every NaN."""
    return np.where(np.isnan(values), np.nan, values).view(np.uint64)


@pytest.mark.parametrize(
    ("samples", "training"),
    [
        (1, Training(eta=0.3, epochs=200)),
        (5, Training(eta=0.3, epochs=60, seed=8)),
        (3, Training(eta=0.3, epochs=60, train_biases=False)),
        (2, Training(eta=1e6, epochs=60)),
        (4, Training(eta=10.0, epochs=80, record_every=7)),
        (1, Training(eta=1e300, epochs=20)),
    ],
    ids=["one sample", "five samples", "biases held", "diverging", "thinned", "overflowing"],
)
@pytest.mark.parametrize("network", NETWORKS, ids=NAMES)
def test_plain_and_compiled_engine_give_the_same_bits(network, samples, training):
    pytest.importorskip("numba")
    data = random_data(network, samples, seed=9)
    plain, compiled = (train(network, data, training, by=by) for by in ("plain", "compiled"))
    np.testing.assert_array_equal(bits(compiled.values), bits(plain.values))
    np.testing.assert_array_equal(compiled.epochs, plain.epochs)


@settings(max_examples=200, deadline=None)
@given(case=trainings())
def test_plain_and_compiled_engine_give_the_same_bits_of_any_training(case):
    pytest.importorskip("numba")
    plain, compiled = (train(*case, by=by) for by in ("plain", "compiled"))
    np.testing.assert_array_equal(bits(compiled.values), bits(plain.values))
    assert [compiled.table.index.tolist(), compiled.stopped] == [plain.table.index.tolist(), plain.stopped]


EXTREME = st.sampled_from(
    [0.0, 1.0, -1.0, 1e-308, 5e-324, 1e4, -1e4, 1e155, 1e200, -1e200, 1e308, -1e308, 1.7e308, -1.7e308]
)
NEARLY_ONE = 1.0 - 2.0**-53
EXTREME_OPTIMISERS = [
    checked_optimiser(
        entry(
            **{
                one.name: fraction if one.metadata["check"] is checks.fraction else 5e-324
                for one in fields(entry)
            }
        )
    )
    for entry in OPTIMISERS.values()
    for fraction in (0.0, NEARLY_ONE)
]


@st.composite
def extreme_trainings(draw):
    """A training whose inputs, truths, start, rates and penalties are as large or small as numbers get."""
    network, data, training = draw(trainings())
    x = np.array(draw(st.lists(EXTREME, min_size=data.x.size, max_size=data.x.size))).reshape(data.x.shape)
    y = np.array(draw(st.lists(EXTREME, min_size=data.y.size, max_size=data.y.size))).reshape(data.y.shape)
    start = draw(st.lists(EXTREME, min_size=network.parameter_count, max_size=network.parameter_count))
    settings = {
        "start": dict(zip(network.parameters, start, strict=True)) if draw(st.booleans()) else None,
        "eta": draw(st.sampled_from([5e-324, 1e-300, 0.1, 1e3, 1e300, 1.7e308])),
        "decay": draw(st.sampled_from([0.0, 1e-300, 1e300, 1.7e308])),
        "l1": draw(st.sampled_from([0.0, 1e300])),
        "l2": draw(st.sampled_from([0.0, 1e300])),
        "dropout": draw(st.sampled_from([0.0, 0.5, NEARLY_ONE])),
        "optimiser": draw(st.sampled_from(EXTREME_OPTIMISERS)),
        "stop_below": draw(st.sampled_from([None, 1e-300])),
        "patience": draw(st.sampled_from([None, 2])),
    }
    y = np.clip(y, 0.0, 1.0) if LOSSES[training.loss].output else y
    return network, Dataset(x=x, y=y), replace(training, **settings)


@settings(max_examples=300, deadline=None)
@given(case=extreme_trainings())
def test_no_training_is_so_extreme_that_it_raises_or_warns(case):
    """In plain Python and compiled, and in all that is asked of the history; warnings are errors here."""
    pytest.importorskip("numba")
    data = case[1]
    plain, compiled = (train(*case, test=data, by=by) for by in ("plain", "compiled"))
    np.testing.assert_array_equal(bits(compiled.values), bits(plain.values))
    assert plain.stopped == compiled.stopped
    answers = [
        plain.losses,
        plain.test_losses,
        plain.predictions(),
        plain.of_sample(),
        plain.of_sample_at_updates(),
        plain.updates,
        plain.table,
    ]
    assert [len(answer) > 0 for answer in answers[:5]] == [True] * 5
    assert plain.converged_at() is None or plain.converged_at() in plain.recorded_epochs
    assert plain.diverged_at is None or plain.diverged_at in plain.recorded_epochs


def test_overflow_stands_in_both_tables():
    """Without it the comparison of bits would compare finite numbers only."""
    pytest.importorskip("numba")
    network = Network((2, 2, 1))
    histories = [
        train(network, random_data(network, 2, seed=9), Training(eta=1e6, epochs=60), by=by)
        for by in ("plain", "compiled")
    ]
    assert [
        (bool(np.isinf(history.values).any()), bool(np.isnan(history.values).any())) for history in histories
    ] == [(True, True), (True, True)]
