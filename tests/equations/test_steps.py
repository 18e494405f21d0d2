"""The pass as ordered steps: every equation against the record.

And the sources' hand calculations, the paths, and the by-hand program.
"""

import ast
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.mathtext import MathTextParser
from random_trainings import trainings

from ann_dashboard import Dataset, History, Network, Training, lessons, notation, train
from ann_dashboard.engine.activations import ACTIVATIONS
from ann_dashboard.engine.losses import LOSSES
from ann_dashboard.engine.optimisers import OPTIMISERS, RUNNING_MEANS, Adam, Momentum, checked_optimiser
from ann_dashboard.equations.by_hand import by_hand_code
from ann_dashboard.equations.rules import BLOCKS, path_count, path_product, paths, rules
from ann_dashboard.equations.steps import steps
from ann_dashboard.equations.variant import Manner, manner
from ann_dashboard.expressions.tree import Named, evaluated, written
from ann_dashboard.expressions.writers import TEX

LECTURE = lessons.LECTURE
MAZUR = Network((2, 2, 2), hidden="sigmoid", output="sigmoid")
MAZUR_START = dict(
    zip(
        MAZUR.parameters,
        (0.15, 0.20, 0.25, 0.30, 0.40, 0.45, 0.50, 0.55, 0.35, 0.35, 0.60, 0.60),
        strict=True,
    )
)


def computed(equation):
    """What a substituted equation gives when Python reads it."""
    text = (
        equation.replace("·", "*").replace("−", "-").replace("²", "**2").replace("^", "**").replace("≥", ">=")
    )
    known = {
        "exp": math.exp,
        "tanh": math.tanh,
        "max": max,
        "min": min,
        "abs": abs,
        "ln": math.log,
        "log1p": math.log1p,
        "sqrt": math.sqrt,
    }
    known["sign"] = lambda x: (x > 0) - (x < 0)
    return eval(text, {"__builtins__": {}}, known)


def by_symbol(history, epoch, sample=0, **where):
    return {step.symbol: step for step in steps(history, epoch, sample, **where)}


def close(expected):
    """Equal to 12 digits, or to the last digit of numbers of size 1 that cancel."""
    return pytest.approx(expected, rel=1e-12, abs=1e-14)


@pytest.fixture(scope="module")
def lecture() -> History:
    return LECTURE.train()


@pytest.fixture(scope="module")
def mazur() -> History:
    """DATA/MSML 602, Mazur's example: the biases are never trained."""
    data = Dataset(x=[[0.05, 0.10]], y=[[0.01, 0.99]])
    return train(MAZUR, data, Training(eta=0.5, epochs=1, start=MAZUR_START, train_biases=False))


KEPT = tuple(keeps("") for keeps in RUNNING_MEANS)
HIDDEN = [name for name in ACTIVATIONS if name != "softmax"]


@st.composite
def random_networks(draw, output=None):
    widths = tuple(draw(st.lists(st.integers(1, 4), min_size=2, max_size=4)))
    names = st.sampled_from(HIDDEN)
    output = output or draw(st.sampled_from([*ACTIVATIONS]))
    if output == "softmax" and widths[-1] == 1:
        widths = (*widths[:-1], 2)
    return Network(widths, hidden=tuple(draw(names) for _ in widths[2:]), output=output)


@st.composite
def random_trainings(draw):
    """A short training of any loss, optimiser, penalty, dropout and batching.

    With truths that suit the loss.
    """
    loss = draw(st.sampled_from([*LOSSES]))
    network, samples, epochs = (
        draw(random_networks(LOSSES[loss].output)),
        draw(st.integers(1, 4)),
        draw(st.integers(1, 4)),
    )
    numbers = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    least = 0.0 if LOSSES[loss].output else -1.0
    y = numbers.uniform(least, 1, (samples, network.widths[-1]))
    if loss == "cross_entropy" and draw(st.booleans()):
        y = np.eye(network.widths[-1])[numbers.integers(0, network.widths[-1], samples)]
    data = Dataset(x=numbers.uniform(-1, 1, (samples, network.widths[0])), y=y)
    start = dict(zip(network.parameters, numbers.uniform(-1.5, 1.5, network.parameter_count), strict=True))
    training = Training(
        eta=draw(st.sampled_from([0.01, 0.1])),
        epochs=epochs,
        start=start,
        loss=loss,
        optimiser=draw(
            st.sampled_from(
                [Adam(0.5, 0.9, 1e-6), *(checked_optimiser(entry()) for entry in OPTIMISERS.values())]
            )
        ),
        batch_size=draw(st.sampled_from([None, 1, 2])),
        sampling=draw(st.sampled_from(["ordered", "shuffled", "with_replacement"])),
        decay=draw(st.sampled_from([0.0, 0.1])),
        l1=draw(st.sampled_from([0.0, 0.01])),
        l2=draw(st.sampled_from([0.0, 0.1])),
        dropout=draw(st.sampled_from([0.0, 0.3])),
        train_biases=draw(st.booleans()),
        record_every=draw(st.sampled_from([1, 2])),
    )
    return train(network, data, training)


@st.composite
def random_passes(draw):
    """A random training, and an epoch, a sample and an update of it."""
    history = draw(random_trainings())
    epoch = int(draw(st.sampled_from(history.recorded_epochs.tolist())))
    return (
        history,
        epoch,
        draw(st.integers(0, len(history.data) - 1)),
        draw(st.integers(0, max(0, history.update_count(epoch) - 1))),
    )


def state_after(history, epoch, update):
    """The recorded parameters and running means after an update, by the symbols of what has moved."""
    following = (epoch, update + 1) if update + 1 < history.update_count(epoch) else (epoch + 1, 0)
    if following[0] not in history.recorded_epochs:
        return {}
    row = history.at(following[0], update=following[1])
    moving = [*history.network.parameters, *(symbol for symbol in row if symbol.startswith(KEPT))]
    return {notation.moved(symbol): row[symbol] for symbol in moving}


@settings(max_examples=150, deadline=None)
@given(drawn=random_passes())
def test_every_substituted_equation_gives_the_recorded_value(drawn):
    """Without the logarithm of what has all but become 0 the hand calculation has all digits."""
    history, epoch, sample, update = drawn
    recorded = history.at(epoch, sample, update=update)
    if history.update_count(epoch):
        recorded |= state_after(history, epoch, update)
    for step in steps(history, epoch, sample, update=update):
        expected = recorded.get(step.symbol, step.value)
        assert (computed(step.substituted()), step.value) == (close(expected), expected), step.symbol
        assert float(evaluated(step.rule.expression, step.numbers)) == close(expected), step.symbol


@settings(max_examples=80, deadline=None)
@given(drawn=random_passes())
def test_a_step_uses_only_what_is_given_or_came_before(drawn):
    """The means over a batch are given too: they need the passes of the other samples."""
    history, epoch, sample, update = drawn
    network = history.network
    known = {notation.pre_activation(node) for node in network.layers[0]} | {
        *network.truths,
        *network.parameters,
        "eta_0",
        "epoch",
        "t",
    }
    if not history.training.decay:
        known.add("eta")
    known |= {symbol for symbol in history.columns if symbol.startswith(("mask_", *KEPT))}
    known |= {notation.mean(notation.derivative(parameter)) for parameter in network.parameters}
    for step in steps(history, epoch, sample, update=update):
        assert set(step.used) <= known, step.symbol
        assert step.symbol not in known
        known.add(step.symbol)


@settings(max_examples=80, deadline=None)
@given(drawn=random_passes())
def test_every_column_that_is_not_given_has_one_step_and_the_last_state_no_update(drawn):
    history, epoch, sample, update = drawn
    network = history.network
    given_columns = {notation.pre_activation(node) for node in network.layers[0]} | {
        *network.truths,
        *network.parameters,
        notation.ETA,
    }
    found = [step.symbol for step in steps(history, epoch, sample, update=update) if step.block != "update"]
    returned = [notation.returned(i, network.nodes[j - 1]) for i, j in network.connections]
    before_masks = [
        notation.unmasked(node)
        for layer in network.layers[1:-1]
        for node in layer
        if history.training.dropout
    ]
    assert sorted(found) == sorted([*(set(network.columns) - given_columns), *returned, *before_masks])
    moved = {step.symbol for step in steps(history, epoch, sample, update=update) if step.block == "update"}
    if history.update_count(epoch):
        assert {notation.moved(parameter) for parameter in network.parameters} <= moved
    else:
        assert moved == set()


def test_the_steps_come_in_the_lectures_order(lecture):
    """E-book chapter, "Neural Networks Backpropagation Building Blocks".

    Forward, loss, back node by node, parameters, update.
    """
    found = [step.symbol for step in steps(lecture, 0)]
    assert found[:11] == ["I1", "I2", "I3", "H4in", "H4", "H5in", "H5", "O6in", "O6", "L", "dL_dO6"]
    assert found[11:18] == [
        "dL_dO6in",
        "lambda_4_6_dL_dO6in",
        "dL_dH4",
        "dL_dH4in",
        "lambda_5_6_dL_dO6in",
        "dL_dH5",
        "dL_dH5in",
    ]
    assert found[18:22] == ["lambda_1_4_dL_dH4in", "lambda_1_5_dL_dH5in", "dL_dI1", "dL_dI1in"]
    assert found[30:] == [
        *map(notation.derivative, LECTURE.network.parameters),
        *map(notation.moved, LECTURE.network.parameters),
    ]
    assert list(dict.fromkeys(step.block for step in steps(lecture, 0))) == [
        *BLOCKS[:3],
        "through a node",
        "along a connection",
        "sum of paths",
        *BLOCKS[6:],
    ]


@pytest.mark.parametrize(
    ("epoch", "symbol", "value", "hand"),
    [
        (
            0,
            "H4in",
            -0.315878222,
            "0.058656365 · 0.500000000 + 0.240348403 · 0.200000000 + (−0.241442411) · 0.700000000 + "
            "(−0.224266398)",
        ),
        (
            0,
            "H5in",
            0.387723345,
            "0.012502642 · 0.500000000 + 0.453736060 · 0.200000000 + 0.457599843 · 0.700000000 + "
            "(−0.029595078)",
        ),
        (0, "H4", 0.421680584, "1 / (1 + exp(−(−0.315878222)))"),
        (0, "H5", 0.595734521, "1 / (1 + exp(−0.387723345))"),
        (
            0,
            "O6in",
            -0.704989404,
            "(−0.529502332) · 0.421680584 + (−0.414021092) · 0.595734521 + (−0.235061895)",
        ),
        (0, "O6", -0.704989404, "(−0.704989404)"),
        (0, "L", 0.505001851, "0.5 · ((−0.704989404) − 0.300000000)²"),
        (0, "dL_dO6", -1.004989404, "(−0.704989404) − 0.300000000"),
        (0, "dL_dO6in", -1.004989404, "1 · (−1.004989404)"),
        (0, "lambda_4_6_dL_dO6in", 0.532144233, "(−0.529502332) · (−1.004989404)"),
        (0, "dL_dH4", 0.532144233, "0.532144233"),
        (0, "dL_dH5", 0.416086811, "0.416086811"),
        (0, "dL_dH4in", 0.129771922, "(1 − 0.421680584) · 0.421680584 · 0.532144233"),
        (0, "dL_dH5in", 0.100208226, "(1 − 0.595734521) · 0.595734521 · 0.416086811"),
        (0, "lambda_1_4_dL_dH4in", 0.007611949, "0.058656365 · 0.129771922"),
        (0, "dL_dI1", 0.008864817, "0.007611949 + 0.001252868"),
        (0, "dL_dI2", 0.076658560, "0.031190474 + 0.045468086"),
        (0, "dL_dI3", 0.014522823, "(−0.031332446) + 0.045855269"),
        (0, "dL_dlambda_4_6", -0.423784519, "0.421680584 · (−1.004989404)"),
        (0, "dL_dlambda_5_6", -0.598706881, "0.595734521 · (−1.004989404)"),
        (0, "dL_dlambda_1_4", 0.064885961, "0.500000000 · 0.129771922"),
        (0, "dL_dlambda_2_4", 0.025954384, "0.200000000 · 0.129771922"),
        (0, "dL_dlambda_3_4", 0.090840346, "0.700000000 · 0.129771922"),
        (0, "dL_dlambda_1_5", 0.050104113, "0.500000000 · 0.100208226"),
        (0, "dL_dlambda_2_5", 0.020041645, "0.200000000 · 0.100208226"),
        (0, "dL_dlambda_3_5", 0.070145758, "0.700000000 · 0.100208226"),
        (0, "dL_db_4", 0.129771922, "0.129771922"),
        (0, "dL_db_6", -1.004989404, "(−1.004989404)"),
        (0, "lambda_4_6_next", -0.487123880, "(−0.529502332) − 0.100000000 · (−0.423784519)"),
        (0, "lambda_1_4_next", 0.052167769, "0.058656365 − 0.100000000 · 0.064885961"),
        (0, "b_4_next", -0.237243591, "(−0.224266398) − 0.100000000 · 0.129771922"),
        (1, "O6", -0.546690371, "(−0.546690371)"),
        (1, "L", 0.358442292, "0.5 · ((−0.546690371) − 0.300000000)²"),
    ],
)
def test_the_lectures_hand_calculation_stands_in_the_steps(lecture, epoch, symbol, value, hand):
    """lecture.md, W1; D and B print the same figures.

    With two decimals, the derivatives with the other sign.
    """
    step = by_symbol(lecture, epoch)[symbol]
    assert (step.value, step.substituted(9)) == (pytest.approx(value, abs=5.1e-10), hand)


def test_the_lectures_product_of_signal_and_derivative_reads_as_on_the_board(lecture):
    assert by_symbol(lecture, 0)["dL_dlambda_4_6"].substituted(4) == "0.4217 · (−1.0050)"


def test_mazurs_product_stands_in_the_chain_of_steps(mazur):
    """DATA/MSML 602: ∂E/∂w5 = .741365070 · .186815602 · .593269992 = .082167041."""
    found = by_symbol(mazur, 0)
    through, weight = found["dL_dO5in"], found["dL_dlambda_3_5"]
    (slope, arriving), (signal, _) = through.rule.expression.factors, weight.rule.expression.factors
    assert [(factor.top, factor.bottom) for factor in (arriving, slope, signal)] == [
        ("L", "O5"),
        ("O5", "O5in"),
        ("O5in", "lambda_3_5"),
    ]
    factors = [evaluated(factor, weight.numbers) for factor in (arriving, slope, signal)]
    assert (factors, weight.value) == (
        pytest.approx([0.741365070, 0.186815602, 0.593269992], abs=5.1e-10),
        pytest.approx(0.082167041, abs=5.1e-10),
    )
    assert weight.substituted(9) == "0.593269992 · 0.138498562"


def test_mazurs_weights_after_one_update_stand_in_the_steps_and_his_biases_are_held(mazur):
    """DATA/MSML 602, η = .5."""
    moved = [step for step in steps(mazur, 0) if step.block == "update"]
    weights = [0.14978072, 0.19956143, 0.24975114, 0.29950229, 0.35891648, 0.40866619, 0.51130127, 0.56137012]
    assert [step.value for step in moved] == pytest.approx([*weights, 0.35, 0.35, 0.60, 0.60], abs=5.1e-9)
    assert [step.substituted(2) for step in moved[8:]] == ["0.35", "0.35", "0.60", "0.60"]


def test_an_update_over_several_samples_takes_their_mean():
    history = train(
        Network((1, 1)),
        Dataset(x=[[1.0], [0.5]], y=[[0.0], [1.0]]),
        Training(epochs=1, start={"lambda_1_2": 0.5, "b_2": 0.0}),
    )
    step = by_symbol(history, 0, sample=1)["lambda_1_2_next"]
    assert (step.used, step.substituted(4)) == (
        ("lambda_1_2", "eta", "mean_dL_dlambda_1_2"),
        "0.5000 − 0.1000 · 0.0625",
    )
    assert step.value == pytest.approx(0.5 - 0.1 * (0.5 * 1.0 + (0.25 - 1.0) * 0.5) / 2)


@pytest.mark.parametrize(
    ("every", "epoch", "noted"), [(1, 9, False), (4, 0, True), (4, 8, True), (3, 9, False)]
)
def test_an_update_whose_next_state_is_not_recorded_is_worked_out_and_says_so(every, epoch, noted):
    problem = Network((2, 1)), Dataset(x=[[0.1, 0.2]], y=[[0.3]])
    thinned, full = (train(*problem, Training(epochs=10, record_every=k)) for k in (every, 1))
    updates = [step for step in steps(thinned, epoch) if step.block == "update"]
    after = full.at(epoch + 1)
    assert [step.value for step in updates] == [after[parameter] for parameter in thinned.network.parameters]
    assert {"is not recorded" in step.sentence for step in updates} == {noted}


def test_no_update_follows_the_last_state(lecture):
    assert "update" not in {step.block for step in steps(lecture, 1000)}


XOR = Dataset(
    x=[[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], y=[[1.0, 0.0], [0.0, 1.0], [0.0, 1.0], [1.0, 0.0]]
)


@pytest.mark.parametrize(
    ("training", "symbol", "equation", "numbers"),
    [
        (
            {"loss": "cross_entropy"},
            "O5",
            r"O_{5} = \frac{\mathrm{exp}\left( O_{5in} \right)}",
            "exp(0.40) / (exp(0.40) + exp(0.10))",
        ),
        ({"loss": "cross_entropy"}, "L", r"L = -\left( y_{1} \cdot", "−(0.00 · ln(0.57) + 1.00 · ln(0.43))"),
        (
            {"loss": "cross_entropy"},
            "dL_dO6",
            r"\partial L/\partial O_{6} = -\frac{y_{2}}{O_{6}}",
            "−1.00 / 0.43",
        ),
        (
            {"loss": "cross_entropy"},
            "dL_dO6in",
            r"\partial L/\partial O_{6in} = O_{6} - y_{2}",
            "0.43 − 1.00",
        ),
        (
            {},
            "dL_dO6in",
            r"\partial L/\partial O_{6in} = O_{6} \cdot",
            "0.43 · ((−0.57) − (0.57 · 0.57 + 0.43 · (−0.57)))",
        ),
        ({"loss": "mean_squared_error"}, "L", r"L = \frac{", "((0.57 − 0.00)² + (0.43 − 1.00)²) / 2"),
        (
            {"l2": 0.01, "l1": 0.002},
            "gradient_lambda_3_5",
            r"g_{\lambda_{3,5}} =",
            "0.14 + 0.01 · 0.30 + 0.002 · sign(0.30)",
        ),
        (
            {
                "loss": "cross_entropy",
                "start": dict.fromkeys(("lambda_3_5", "lambda_4_5", "lambda_3_6", "lambda_4_6", "b_6"), 0.0)
                | {"b_5": -0.5},
            },
            "O5",
            "O_{5} =",
            "exp(−0.50) / (exp(−0.50) + exp(0.00))",
        ),
        (
            {"decay": 0.5},
            "eta",
            r"\eta = \frac{\eta_{0}}{1 + \mathrm{decay} \cdot \ell}",
            "0.10 / (1 + 0.5 · 0)",
        ),
        (
            {"optimiser": Momentum()},
            "velocity_b_5_next",
            r"v_{b_{5}}^{new} = a \cdot",
            "0.9 · 0.00 + (1 − 0.9) · 0.28",
        ),
        (
            {"optimiser": Momentum()},
            "b_5_next",
            r"b_{5}^{new} = b_{5} - \eta \cdot v_{b_{5}}^{new}",
            "0.25 − 0.10 · 0.03",
        ),
        (
            {"optimiser": Adam()},
            "v_b_5_next",
            r"v_{b_{5}}^{new} = \beta_{2} \cdot",
            "0.999 · 0.00 + (1 − 0.999) · 0.28²",
        ),
        (
            {"optimiser": Adam()},
            "m_b_5_corrected",
            r"\hat{m}_{b_{5}} = \frac{m_{b_{5}}^{new}}{1 - \beta_{1}^{t}}",
            "0.03 / (1 − 0.9^1)",
        ),
        (
            {"optimiser": Adam()},
            "b_5_next",
            r"b_{5}^{new} = b_{5} - \eta \cdot \frac{",
            "0.25 − 0.10 · 0.28 / (sqrt(0.08) + 1e−8)",
        ),
        ({"dropout": 0.5, "seed": 1}, "H3", r"H_{3} = m_{H3} \cdot \alpha(H_{3in})", None),
    ],
)
def test_the_equations_of_other_trainings_read_as_in_the_sources(training, symbol, equation, numbers):
    """Kingma & Ba 2015, Algorithm 1; lecture deck, "Momentum"; Neural Networks II.

    Penalties, dropout, softmax and cross-entropy.
    """
    start = {
        "lambda_3_5": 0.3,
        "lambda_4_5": 0.0,
        "b_5": 0.25,
        "lambda_3_6": 0.0,
        "lambda_4_6": 0.0,
        "b_6": 0.1,
        "b_3": 0.0,
    }
    start |= {"lambda_1_3": 0.2, "lambda_2_3": 0.0, "lambda_1_4": 0.5, "lambda_2_4": 0.5, "b_4": 0.0}
    data = Dataset(x=[[0.0, 1.0]], y=[[0.0, 1.0]])
    history = train(
        Network((2, 2, 2), output="softmax"), data, Training(**{"epochs": 1, "start": start} | training)
    )
    step = by_symbol(history, 0)[symbol]
    assert step.equation.startswith(equation)
    assert numbers is None or step.substituted(2) == numbers


def test_a_step_is_trained_with_the_surrogate_slope_and_says_so():
    """lecture.md, perceptron rule: w ← w − η (ŷ − y) x."""
    history = train(
        Network((2, 1), output="step"),
        Dataset(x=[[1.0, 0.5]], y=[[0.0]]),
        Training(epochs=1, start={"b_3": 2.0}),
    )
    found = by_symbol(history, 0)
    assert found["O3"].substituted(2).startswith("(1 if ")
    assert (found["dL_dO3in"].value, found["dL_dlambda_2_3"].value) == (1.0, 0.5)
    assert "the step's slope is 0, which teaches nothing, so 1 takes its place" in found["dL_dO3in"].sentence


def test_a_node_that_is_left_out_says_so():
    history = train(Network((2, 4, 1)), Dataset(x=[[1.0, 0.5]], y=[[0.0]]), Training(epochs=5, dropout=0.5))
    found = by_symbol(history, 0)
    for node in history.network.layers[1]:
        out = history.at(0)[notation.mask(node)] == 0
        said = [
            f"In this pass {node} is left out." in found[symbol].sentence
            for symbol in (node, f"dL_d{node}in", f"dL_d{node}")
        ]
        assert (said, found[node].value == 0) == ([out, out, False], out)


@pytest.mark.parametrize(
    ("settings", "sample", "update", "said"),
    [
        ({}, 0, 0, ", averaged over the samples. The batch: samples 0, 1, 2, 3."),
        (
            {"batch_size": 2},
            1,
            0,
            ", averaged over the batch of the update (the sample shown need not be in it). The batch: "
            "samples 0, 1.",
        ),
        (
            {"batch_size": 2},
            1,
            1,
            ", averaged over the batch of the update (the sample shown need not be in it). The batch: "
            "samples 2, 3.",
        ),
        (
            {"batch_size": 1},
            0,
            2,
            ", averaged over the batch of the update (the sample shown need not be in it). The batch: "
            "sample 2.",
        ),
        ({"batch_size": 1}, 2, 2, "its derivative."),
        (
            {"batches": [[[3, 1], [0]]]},
            0,
            0,
            ", averaged over the batch of the update (the sample shown need not be in it). The batch: "
            "samples 3, 1.",
        ),
    ],
)
def test_an_update_says_over_which_samples_it_takes_the_mean(settings, sample, update, said):
    history = train(Network((2, 2)), XOR, Training(**{"epochs": 2} | settings))
    assert by_symbol(history, 0, sample, update=update)["b_3_next"].sentence.endswith(said)


def test_adam_counts_the_updates_of_all_epochs():
    history = train(Network((2, 2)), XOR, Training(epochs=3, batch_size=3, optimiser=Adam()))
    assert [
        by_symbol(history, epoch, update=update)["b_3_next"].numbers["t"]
        for epoch in (0, 2)
        for update in (0, 1)
    ] == [1, 2, 5, 6]


def test_extreme_outputs_keep_the_recorded_loss_where_the_hand_calculation_has_no_digits_left():
    start = {"lambda_1_2": 0.0, "lambda_1_3": 0.0, "b_2": 800.0, "b_3": 0.0}
    history = train(
        Network((1, 2), output="softmax"),
        Dataset(x=[[0.0]], y=[[0.0, 1.0]]),
        Training(epochs=1, start=start, loss="cross_entropy"),
    )
    found = by_symbol(history, 0)
    assert [found[symbol].value for symbol in ("O2", "O3", "L", "dL_dO3in")] == [1.0, 0.0, 800.0, -1.0]
    assert [
        float(evaluated(found[symbol].rule.expression, found[symbol].numbers))
        for symbol in ("O2", "O3", "L", "dL_dO2")
    ] == [
        1.0,
        0.0,
        math.inf,
        0.0,
    ]


@pytest.mark.parametrize(("epoch", "sample"), [(1001, 0), (0, 1)])
def test_a_pass_that_is_not_recorded_is_refused(lecture, epoch, sample):
    with pytest.raises(LookupError, match="choose 0 to"):
        steps(lecture, epoch, sample)


def test_a_training_that_explodes_has_steps_with_inf_and_nan():
    history = train(LECTURE.network, LECTURE.data, Training(eta=5.0, epochs=1000))
    found = by_symbol(history, 1000)
    assert math.isnan(found["L"].value)
    assert found["L"].substituted(2) == "0.5 · (nan − 0.30)²"


@pytest.mark.parametrize("epoch", [0, 256, 1000])
def test_the_equations_of_a_training_that_explodes_give_the_record(epoch):
    history = train(LECTURE.network, LECTURE.data, Training(eta=5.0, epochs=1000))
    for step in steps(history, epoch):
        assert float(evaluated(step.rule.expression, step.numbers)) == pytest.approx(
            step.value, rel=1e-9, nan_ok=True
        ), step.symbol


@pytest.mark.parametrize(
    ("symbol", "labelled"),
    [
        (
            "dL_dH4in",
            r"\partial L/\partial H_{4in} = \overbrace{\left( 1 - H_{4} \right) \cdot H_{4}}^{\partial "
            r"H_{4}/\partial H_{4in}}"
            r" \cdot \overbrace{\partial L/\partial H_{4}}^{\partial L/\partial H_{4}}",
        ),
        (
            "dL_dlambda_1_4",
            r"\partial L/\partial \lambda_{1,4} = \overbrace{I_{1}}^{\partial H_{4in}/\partial \lambda_{1,4}}"
            r" \cdot \overbrace{\partial L/\partial H_{4in}}^{\partial L/\partial H_{4in}}",
        ),
        (
            "lambda_1_4_dL_dH4in",
            r"\lambda_{1,4} \partial L/\partial H_{4in} = \overbrace{\lambda_{1,4}}^{\partial "
            r"H_{4in}/\partial I_{1}}"
            r" \cdot \overbrace{\partial L/\partial H_{4in}}^{\partial L/\partial H_{4in}}",
        ),
    ],
)
def test_a_product_names_each_factor_by_the_derivative_that_it_is(lecture, symbol, labelled):
    """E-book chapter, overbraces. Erratum: it prints λ46 for ∂H4in/∂I1."""
    assert by_symbol(lecture, 0)[symbol].labelled == labelled


@settings(max_examples=50, deadline=None)
@given(network=random_networks())
def test_the_names_of_the_factors_of_every_product_of_derivatives_make_a_chain(network):
    """∂L/∂H4 · ∂H4/∂H4in: what one factor differentiates by, the next differentiates.

    From L to the step's own symbol.
    """
    coupled = [
        notation.derivative(notation.pre_activation(node))
        for node in network.layers[-1]
        if network.output == "softmax"
    ]
    for rule in rules(network):
        if (
            rule.block in ("through a node", "along a connection", "parameter")
            and not rule.symbol.startswith("dL_db")
            and rule.symbol not in coupled
        ):
            near, far = rule.expression.factors
            assert (far.top, far.bottom) == ("L", near.top)
            assert near.bottom == rule.symbol.removeprefix("dL_d") or rule.block == "along a connection"


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("optimiser", ["gradient_descent", Momentum(), Adam()], ids=str)
def test_mathtext_can_set_every_equation(loss, optimiser):
    network = Network((1, 1, 1, 2), hidden=("leaky_relu", "tanh"), output=LOSSES[loss].output or "softmax")
    how = Manner(
        loss=loss, optimiser=optimiser, mean="all", l1=0.1, l2=0.1, dropout=True, decay=0.1, one_hot=False
    )
    parser = MathTextParser("path")
    found = [
        parser.parse(f"${notation.form(rule.symbol).tex} = {written(rule.expression, TEX)}$")
        for rule in rules(network, how)
    ]
    assert min(box.width for box in found) > 0


@pytest.mark.parametrize("name", HIDDEN)
def test_mathtext_can_set_every_activation(name):
    history = train(
        Network((2, 1, 1), hidden=name, output=name), Dataset(x=[[0.1, 0.2]], y=[[0.3]]), Training(epochs=1)
    )
    parser = MathTextParser("path")
    assert min(parser.parse(f"${step.equation}$").width for step in steps(history, 0)) > 0


@settings(max_examples=100, deadline=None)
@given(drawn=random_passes())
def test_the_derivative_at_a_node_is_the_sum_over_its_paths_and_wrong_without_any_of_them(drawn):
    """E-book chapter, "Accounting for Multiple Paths"; lecture.md, T7."""
    history, epoch, sample, update = drawn
    network, how = history.network, manner(history.training, history.data)
    numbers = dict(steps(history, epoch, sample, update=update)[0].numbers)
    for node in network.nodes:
        assert len(paths(network, node)) == path_count(network, node)
        products = [
            float(evaluated(path_product(network, path, how), numbers)) for path in paths(network, node)
        ]
        expected = numbers[notation.derivative(node)]
        assert math.fsum(products) == close(expected)
        for place, product in enumerate(products):
            without = math.fsum(products[:place] + products[place + 1 :])
            assert without != close(expected) or abs(product) < 1e-11 * max(1.0, abs(expected))


@settings(max_examples=50, deadline=None)
@given(drawn=random_passes())
def test_the_equations_of_the_performance_give_the_negative_derivatives_and_the_same_updates(drawn):
    """Lecture deck: the figures print ∂P/∂·, P = −L, and add η ∂P/∂λ."""
    history, epoch, sample, update = drawn
    true, printed = (steps(history, epoch, sample, update=update, of=of) for of in "LP")
    for one, other in zip(true, printed, strict=True):
        turned = -1 if notation.turns_with_the_sign(one.symbol) else 1
        assert (other.symbol, other.value) == (one.symbol, close(turned * one.value))
        assert float(evaluated(other.rule.expression, other.numbers)) == close(other.value), other.symbol


def test_the_paths_of_an_input_lead_over_every_hidden_node(lecture):
    """E-book chapter: ∂L/∂I1 = [λ14 (1 − H4) H4 λ46 + λ15 (1 − H5) H5 λ56] (O6 − y)."""
    network, numbers = LECTURE.network, lecture.at(0)
    assert paths(network, "I1") == (("I1", "H4", "O6"), ("I1", "H5", "O6"))
    assert paths(network, "O6") == (("O6",),)
    assert len(paths(Network((2, 3, 4, 2)), "I1")) == 3 * 4 * 2
    product = path_product(network, ("I1", "H4", "O6"))
    names = [(factor.top, factor.bottom) for factor in product.factors if isinstance(factor, Named)]
    assert names == [("H4in", "I1"), ("H4", "H4in"), ("O6in", "H4"), ("O6", "O6in"), ("L", "O6")]
    assert evaluated(product, numbers) == pytest.approx(
        0.058656365 * (1 - 0.421680584) * 0.421680584 * -0.529502332 * -1.004989404, rel=1e-7
    )


@pytest.mark.parametrize("node", ["H9", "I1in", ""])
def test_paths_from_what_is_no_node_are_refused(node):
    with pytest.raises(ValueError, match="choose one of I1, I2, I3, H4, H5, O6"):
        paths(LECTURE.network, node)


BY_HAND = [
    (Network((3, 2, 1)), {}),
    (Network((2, 2, 2), output="sigmoid"), {"decay": 0.01}),
    (Network((1, 3, 1), hidden="relu"), {"train_biases": False}),
    (
        Network((2, 2, 3, 2), hidden=("leaky_relu", "tanh"), output="tanh"),
        {"loss": "mean_squared_error", "optimiser": Momentum(0.7)},
    ),
    (Network((2, 3, 2), hidden="identity", output="leaky_relu"), {"l1": 0.001, "l2": 0.01}),
    (Network((3, 2), output="relu"), {"batches": [[[0]]] * 50}),
    (Network((2, 3, 3), output="softmax"), {"loss": "cross_entropy", "optimiser": Adam()}),
    (Network((2, 2, 2), output="softmax"), {"l2": 0.1, "optimiser": Momentum()}),
    (
        Network((2, 2, 2), output="sigmoid"),
        {"loss": "binary_cross_entropy", "optimiser": Adam(0.8, 0.9), "decay": 0.1, "l1": 0.01},
    ),
    (Network((2, 2, 1), hidden="step", output="step"), {"loss": "mean_squared_error"}),
]


@pytest.mark.parametrize(("network", "manner"), BY_HAND, ids=str)
def test_the_by_hand_program_computes_what_training_records(network, manner):
    numbers = np.random.default_rng(2)
    data = Dataset(
        x=numbers.uniform(-1, 1, (1, network.widths[0])), y=numbers.uniform(0, 1, (1, network.widths[-1]))
    )
    training = Training(**{"epochs": 50, "eta": 0.2} | manner)
    variables = {}
    exec(by_hand_code(network, data, training), variables)
    last = train(network, data, training).at(50)
    assert {symbol: variables[symbol] for symbol in last} == pytest.approx(last, rel=1e-12, abs=1e-13)


def carried_out(network, data, training):
    """What a by-hand program leaves under each symbol of the history."""
    variables = {}
    exec(by_hand_code(network, data, training), variables)
    return variables


@pytest.mark.parametrize("x", [-800.0, 800.0, -40.0, 40.0, 0.0])
@pytest.mark.parametrize("y", [0.0, 1.0, 0.5])
@pytest.mark.parametrize(
    ("network", "loss"),
    [
        (Network((1, 1), output="sigmoid"), "binary_cross_entropy"),
        (Network((1, 2), output="sigmoid"), "binary_cross_entropy"),
        (Network((1, 2), output="softmax"), "cross_entropy"),
        (Network((1, 2), output="softmax"), "half_squared_error"),
        (Network((1, 1), output="sigmoid"), "mean_squared_error"),
        (Network((1, 2, 1), hidden="sigmoid"), "half_squared_error"),
    ],
    ids=str,
)
def test_the_by_hand_program_goes_on_where_a_probability_rounds_to_0_or_1(network, loss, x, y):
    data = Dataset(x=[[x]], y=[[y] if network.widths[-1] == 1 else [y, 1 - y]])
    training = Training(loss=loss, epochs=3)
    last = train(network, data, training).at(3)
    variables = carried_out(network, data, training)
    assert {symbol: variables[symbol] for symbol in last} == pytest.approx(
        last, rel=1e-9, abs=1e-13, nan_ok=True
    )


EXTREME = st.sampled_from(
    [0.0, 1.0, -1.0, 30.0, -800.0, 800.0, 1e154, -1e155, 1e200, 1e308, -1.7e308, 5e-324, 1e-200]
)


@settings(max_examples=100, deadline=None)
@given(trainings(dropout=0.0, batches=None, epochs=2, eta=0.1, record_every=1), st.data())
def test_the_by_hand_program_is_the_history_for_any_numbers(case, choose):
    """Also beyond the largest float: inf and NaN where the history has them.

    But for a last digit that decides between the two.
    """
    network, data, training = case
    x = [choose.draw(EXTREME) for _ in range(network.widths[0])]
    data = Dataset(x=[x], y=data.y[:1])
    history = train(network, data, training)
    last, variables = history.at(2), carried_out(network, data, training)
    shown = (*network.signals, *network.parameters, notation.LOSS)
    assert all(math.isfinite(variables[symbol]) for symbol in shown) == all(
        math.isfinite(last[symbol]) for symbol in shown
    )
    if history.diverged_at is None:
        assert {symbol: variables[symbol] for symbol in last} == pytest.approx(last, rel=1e-6, abs=1e-9)


def test_the_by_hand_program_is_straight_lines_in_one_loop():
    """E-book chapter, "The Simple ANN": no matrices, no loops over nodes."""
    code = by_hand_code(LECTURE.network, LECTURE.data, LECTURE.training)
    (imported, *settings, loop) = ast.parse(code).body
    assert ({type(imported), *map(type, settings)}, type(loop)) == ({ast.ImportFrom, ast.Assign}, ast.For)
    inside = {type(node) for statement in loop.body for node in ast.walk(statement)}
    assert not inside & {
        ast.For,
        ast.While,
        ast.ListComp,
        ast.GeneratorExp,
        ast.DictComp,
        ast.FunctionDef,
        ast.Subscript,
    }
    assert "    H4in = lambda_1_4 * I1 + lambda_2_4 * I2 + lambda_3_4 * I3 + b_4\n" in code
    assert "        lambda_1_4 = lambda_1_4 - eta * dL_dlambda_1_4\n" in code


@pytest.mark.parametrize(
    ("hidden", "output", "names"),
    [("sigmoid", "identity", ["exp"]), ("sigmoid", "tanh", ["exp", "tanh"]), ("relu", "identity", [])],
)
def test_the_by_hand_program_imports_what_it_uses(hidden, output, names):
    tree = ast.parse(
        by_hand_code(Network((3, 2, 1), hidden=hidden, output=output), LECTURE.data, LECTURE.training)
    )
    assert [
        alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names
    ] == names


@pytest.mark.parametrize(
    ("samples", "settings"), [(2, {}), (1, {"dropout": 0.5}), (1, {"batches": [[[0], [0]]]})]
)
def test_a_by_hand_program_is_of_one_sample_one_update_an_epoch_and_no_dropout(samples, settings):
    data = Dataset(x=[[0.1, 0.2]] * samples, y=[[0.3]] * samples)
    with pytest.raises(
        ValueError, match="follows one sample with one update an epoch and no dropout; give such a training"
    ):
        by_hand_code(Network((2, 2, 1)), data, Training(**settings))
