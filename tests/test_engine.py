"""The engine against independent computations: matrices, central differences, PyTorch, and itself compiled."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ann_dashboard import Dataset, Network, Training, engine, notation, train
from ann_dashboard.activations import ACTIVATIONS

OUT = {
    "identity": lambda total: total,
    "sigmoid": lambda total: (1.0 + np.tanh(total / 2.0)) / 2.0,
    "tanh": np.tanh,
    "relu": lambda total: np.maximum(total, 0.0),
    "leaky_relu": lambda total: np.where(total > 0.0, total, 0.01 * total),
}
SLOPE = {
    "identity": np.ones_like,
    "sigmoid": lambda total: 1.0 / (2.0 * np.cosh(total / 2.0)) ** 2,
    "tanh": lambda total: 1.0 / np.cosh(total) ** 2,
    "relu": lambda total: np.where(total > 0.0, 1.0, 0.0),
    "leaky_relu": lambda total: np.where(total > 0.0, 1.0, 0.01),
}
NETWORKS = [
    Network((3, 2, 1)),
    Network((2, 3, 2), hidden="tanh", output="sigmoid"),
    Network((1, 3, 1), hidden="relu"),
    Network((2, 2, 3, 2), hidden=("leaky_relu", "sigmoid"), output="tanh"),
    Network((4, 3, 2, 4, 1), hidden=("relu", "identity", "tanh"), output="leaky_relu"),
    Network((3, 2), output="relu"),
    Network((1, 1), output="sigmoid"),
]
NAMES = [f"{'-'.join(map(str, network.widths))} {' '.join(network.layer_activations)}" for network in NETWORKS]


def random_data(network, samples, seed):
    draw = np.random.default_rng(seed)
    return Dataset(x=draw.uniform(-1.0, 1.0, (samples, network.widths[0])), y=draw.uniform(-1.0, 1.0, (samples, network.widths[-1])))


def matrices(network, parameters):
    """Each layer's weights (targets, sources) and biases (targets,), from parameters in the network's order."""
    weights, biases = np.split(np.asarray(parameters), [network.weight_count])
    taken, layers = 0, []
    for sources, targets in zip(network.widths, network.widths[1:], strict=False):
        layers.append((weights[taken : taken + sources * targets].reshape(targets, sources), biases[:targets]))
        taken, biases = taken + sources * targets, biases[targets:]
    return layers


def signals(network, parameters, x, pushed=None):
    """Pre- and post-activations (samples, 2 × nodes) in the order of ``network.signals``; ``pushed`` (2 × nodes,) is added to them on the way."""
    pushes = np.zeros((len(network.nodes), 2)) if pushed is None else np.reshape(pushed, (-1, 2))
    totals = x + pushes[: network.widths[0], 0]
    outs = totals + pushes[: network.widths[0], 1]
    found, first = [np.stack([totals, outs], axis=2)], network.widths[0]
    for (weights, biases), name in zip(matrices(network, parameters), network.layer_activations, strict=True):
        push = pushes[first : first + len(biases)]
        totals = outs @ weights.T + biases + push[:, 0]
        outs = OUT[name](totals) + push[:, 1]
        found.append(np.stack([totals, outs], axis=2))
        first += len(biases)
    return np.concatenate(found, axis=1).reshape(len(x), -1)


def rows_by_matrices(network, parameters, data, eta):
    """All columns of one state (samples, columns): δ = (ŷ − y) ∘ α′ at the last layer, then δ ← (Wᵀδ) ∘ α′.

    Source: Higham & Higham 2019, lemma 5.1, for any activation.
    """
    forward = signals(network, parameters, data.x)
    layers = np.split(forward.reshape(len(data), -1, 2), np.cumsum(network.widths)[:-1], axis=1)
    errors = layers[-1][:, :, 1] - data.y
    back, d_signals, d_weights, d_biases = errors, [], [], []
    for (weights, _), name, sources, targets in reversed(
        list(zip(matrices(network, parameters), network.layer_activations, layers, layers[1:], strict=False))
    ):
        delta = back * SLOPE[name](targets[:, :, 0])
        d_signals.insert(0, np.stack([delta, back], axis=2))
        d_weights.insert(0, (delta[:, :, None] * sources[:, None, :, 1]).reshape(len(data), -1))
        d_biases.insert(0, delta)
        back = delta @ weights
    d_signals.insert(0, np.stack([back, back], axis=2))
    loss = 0.5 * (errors**2).sum(axis=1, keepdims=True)
    given_parameters = np.tile(parameters, (len(data), 1))
    derivatives = [np.concatenate(d_signals, axis=1).reshape(len(data), -1), *d_weights, *d_biases]
    return np.concatenate([forward, data.y, loss, given_parameters, *derivatives, np.full((len(data), 1), eta)], axis=1)


def parameters_of(history, row=0):
    at = engine.layout(history.network)
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
    """Lecture deck, "Activation Functions". Erratum: one slide prints ReLU's slope as x for x > 0; it is 1."""
    code = ACTIVATIONS[name].code
    found = engine.activate(code, total)
    assert (found, engine.slope(code, found)) == pytest.approx((out, slope), rel=1e-15, abs=1e-16)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_passes_nan_on(name):
    assert math.isnan(engine.activate(ACTIVATIONS[name].code, math.nan))


@pytest.mark.parametrize("total", [-1000.0, -745.0, -709.0, -37.0, -1e-9])
def test_the_sigmoid_keeps_its_digits_far_from_zero(total):
    assert engine.activate(ACTIVATIONS["sigmoid"].code, total) == pytest.approx(math.exp(total) / (1.0 + math.exp(total)), rel=1e-15, abs=0.0)


@pytest.mark.parametrize("network", NETWORKS, ids=NAMES)
def test_the_layout_is_that_of_the_columns(network):
    at, columns = engine.layout(network), network.columns
    where = [at.truths, at.loss, at.weights, at.biases, at.d_signals, at.d_weights, at.d_biases, at.eta]
    first_weight, first_bias = network.weights[0], network.biases[0]
    derivatives = [notation.derivative(symbol) for symbol in ("I1in", first_weight, first_bias)]
    assert [columns[offset] for offset in where] == ["y_1", "L", first_weight, first_bias, *derivatives, "eta"]
    assert (at.columns, at.nodes) == (len(columns), len(network.nodes))


@pytest.mark.parametrize("samples", [1, 3])
@pytest.mark.parametrize("network", NETWORKS, ids=NAMES)
def test_every_row_obeys_its_own_equations(network, samples):
    history = train(network, random_data(network, samples, seed=7), Training(eta=0.3, epochs=25, seed=5))
    states = [parameters_of(history, row) for row in range(0, len(history), samples)]
    expected = np.concatenate([rows_by_matrices(network, state, history.data, 0.3) for state in states])
    np.testing.assert_allclose(history.values, expected, rtol=1e-12, atol=1e-14)


STEP = 1e-3


def central_difference(value_at):
    """The derivative of a function at 0, from central differences of two steps by Richardson's extrapolation."""
    wide, narrow = ((value_at(step) - value_at(-step)) / (2.0 * step) for step in (2.0 * STEP, STEP))
    return (4.0 * narrow - wide) / 3.0


@st.composite
def random_networks(draw):
    widths = tuple(draw(st.lists(st.integers(1, 4), min_size=2, max_size=5)))
    names = st.sampled_from(list(ACTIVATIONS))
    return Network(widths, hidden=tuple(draw(names) for _ in widths[2:]), output=draw(names))


@settings(max_examples=150, deadline=None)
@given(network=random_networks(), samples=st.integers(1, 4), seed=st.integers(0, 2**32 - 1))
def test_derivatives_are_those_of_central_differences(network, samples, seed):
    """Where a step would cross a kink of ReLU there is no derivative to compare with, and another network is drawn."""
    data = random_data(network, samples, seed)
    parameters = np.random.default_rng(seed + 1).uniform(-1.5, 1.5, network.parameter_count)
    history = train(network, data, Training(epochs=1, start=dict(zip(network.parameters, parameters, strict=True))))
    kinked = np.repeat(["relu" in name for name in ("identity", *network.layer_activations)], network.widths)

    def loss(parameters, pushed=None):
        reached = signals(network, parameters, data.x, pushed)
        branches = reached[:, ::2][:, kinked] > 0.0
        return 0.5 * ((reached[:, 1::2][:, -network.widths[-1] :] - data.y) ** 2).sum(axis=1), branches

    _, branches = loss(parameters)

    def on_the_same_branch(found):
        assume((found[1] == branches).all())
        return found[0]

    pushes, moves = np.eye(2 * len(network.nodes)), np.eye(network.parameter_count)
    expected = [central_difference(lambda step, push=push: on_the_same_branch(loss(parameters, step * push))) for push in pushes]
    expected += [central_difference(lambda step, move=move: on_the_same_branch(loss(parameters + step * move))) for move in moves]
    found = history.table[[notation.derivative(symbol) for symbol in (*network.signals, *network.parameters)]].to_numpy()[:samples]
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
    layers = [[torch.tensor(part, requires_grad=True) for part in layer] for layer in matrices(network, parameters_of(history))]
    outs = torch.tensor(history.data.x, requires_grad=True)
    nodes = [outs, outs]
    for (weights, biases), name in zip(layers, network.layer_activations, strict=True):
        totals = outs @ weights.T + biases
        outs = alpha[name](totals)
        nodes += [totals, outs]
    losses = 0.5 * ((outs - torch.tensor(history.data.y)) ** 2).sum(dim=1)
    by_node = torch.autograd.grad(losses.sum(), nodes, retain_graph=True, materialize_grads=True)
    interleaved = [torch.stack(pair, dim=2).reshape(samples, -1) for pair in zip(by_node[::2], by_node[1::2], strict=True)]
    flat = [weights for weights, _ in layers] + [biases for _, biases in layers]
    by_parameter = [torch.cat([part.flatten() for part in torch.autograd.grad(loss, flat, retain_graph=True)]) for loss in losses]
    expected = torch.cat([*interleaved, torch.stack(by_parameter)], dim=1).numpy()
    at = engine.layout(network)
    np.testing.assert_allclose(history.values[:samples, at.d_signals : at.eta], expected, rtol=1e-12, atol=1e-15)


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


def test_overflow_stands_in_both_tables():
    """Without it the comparison of bits would compare finite numbers only."""
    pytest.importorskip("numba")
    network = Network((2, 2, 1))
    histories = [train(network, random_data(network, 2, seed=9), Training(eta=1e6, epochs=60), by=by) for by in ("plain", "compiled")]
    assert [(bool(np.isinf(history.values).any()), bool(np.isnan(history.values).any())) for history in histories] == [(True, True), (True, True)]
