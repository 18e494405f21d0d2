"""The pass as ordered steps: every equation against the record, the sources' hand calculations, the paths, and the by-hand program."""

import ast
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.mathtext import MathTextParser

from ann_dashboard import Dataset, History, Network, Training, lessons, notation, train
from ann_dashboard.activations import ACTIVATIONS
from ann_dashboard.derivation import BLOCKS, by_hand_code, evaluated, path_product, paths, rules, steps
from ann_dashboard.expressions import Named

LECTURE = lessons.LECTURE
MAZUR = Network((2, 2, 2), hidden="sigmoid", output="sigmoid")
MAZUR_START = dict(zip(MAZUR.parameters, (0.15, 0.20, 0.25, 0.30, 0.40, 0.45, 0.50, 0.55, 0.35, 0.35, 0.60, 0.60), strict=True))


def computed(equation):
    """What a substituted equation gives when Python reads it."""
    text = equation.replace("·", "*").replace("−", "-").replace("²", "**2")
    return eval(text, {"__builtins__": {}}, {"exp": math.exp, "tanh": math.tanh, "max": max})


def by_symbol(history, epoch, sample=0):
    return {step.symbol: step for step in steps(history, epoch, sample)}


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


@st.composite
def random_networks(draw):
    widths = tuple(draw(st.lists(st.integers(1, 4), min_size=2, max_size=4)))
    names = st.sampled_from(list(ACTIVATIONS))
    return Network(widths, hidden=tuple(draw(names) for _ in widths[2:]), output=draw(names))


@st.composite
def random_passes(draw):
    """A short training, and one epoch and one sample of it."""
    network, samples, epochs = draw(random_networks()), draw(st.integers(1, 3)), draw(st.integers(1, 4))
    numbers = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    data = Dataset(x=numbers.uniform(-1, 1, (samples, network.widths[0])), y=numbers.uniform(-1, 1, (samples, network.widths[-1])))
    start = dict(zip(network.parameters, numbers.uniform(-1.5, 1.5, network.parameter_count), strict=True))
    training = Training(eta=draw(st.sampled_from([0.01, 0.1])), epochs=epochs, start=start, train_biases=draw(st.booleans()))
    return train(network, data, training), draw(st.integers(0, epochs)), draw(st.integers(0, samples - 1))


@settings(max_examples=150, deadline=None)
@given(drawn=random_passes())
def test_every_substituted_equation_gives_the_recorded_value(drawn):
    history, epoch, sample = drawn
    recorded = history.at(epoch, sample)
    if epoch < history.training.epochs:
        after = history.at(epoch + 1, sample)
        recorded |= {notation.moved(parameter): after[parameter] for parameter in history.network.parameters}
    for step in steps(history, epoch, sample):
        expected = recorded.get(step.symbol, step.value)
        assert (computed(step.substituted()), step.value) == (close(expected), expected), step.symbol
        assert float(evaluated(step.rule.expression, step.numbers)) == close(expected), step.symbol


@settings(max_examples=100, deadline=None)
@given(drawn=random_passes())
def test_a_step_uses_only_what_is_given_or_came_before(drawn):
    """The means over a batch are given too: they need the passes of the other samples."""
    history, epoch, sample = drawn
    network = history.network
    known = {notation.pre_activation(node) for node in network.layers[0]} | {*network.truths, *network.parameters, notation.ETA}
    if len(history.data) > 1:
        known |= {notation.mean(notation.derivative(parameter)) for parameter in network.parameters}
    for step in steps(history, epoch, sample):
        assert set(step.used) <= known, step.symbol
        assert step.symbol not in known
        known.add(step.symbol)


@settings(max_examples=100, deadline=None)
@given(drawn=random_passes())
def test_every_column_that_is_not_given_has_one_step_and_the_last_epoch_no_update(drawn):
    history, epoch, sample = drawn
    network = history.network
    given_columns = {notation.pre_activation(node) for node in network.layers[0]} | {*network.truths, *network.parameters, notation.ETA}
    found = [step.symbol for step in steps(history, epoch, sample)]
    returned = [notation.returned(i, network.nodes[j - 1]) for i, j in network.connections]
    moved = [] if epoch == history.training.epochs else [notation.moved(parameter) for parameter in network.parameters]
    assert sorted(found) == sorted([*(set(network.columns) - given_columns), *returned, *moved])


def test_the_steps_come_in_the_lectures_order(lecture):
    """E-book chapter, "Neural Networks Backpropagation Building Blocks": forward, loss, back node by node, parameters, update."""
    found = [step.symbol for step in steps(lecture, 0)]
    assert found[:11] == ["I1", "I2", "I3", "H4in", "H4", "H5in", "H5", "O6in", "O6", "L", "dL_dO6"]
    assert found[11:18] == ["dL_dO6in", "lambda_4_6_dL_dO6in", "dL_dH4", "dL_dH4in", "lambda_5_6_dL_dO6in", "dL_dH5", "dL_dH5in"]
    assert found[18:22] == ["lambda_1_4_dL_dH4in", "lambda_1_5_dL_dH5in", "dL_dI1", "dL_dI1in"]
    assert found[30:] == [*map(notation.derivative, LECTURE.network.parameters), *map(notation.moved, LECTURE.network.parameters)]
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
        (0, "H4in", -0.315878222, "0.058656365 · 0.500000000 + 0.240348403 · 0.200000000 + (−0.241442411) · 0.700000000 + (−0.224266398)"),
        (0, "H5in", 0.387723345, "0.012502642 · 0.500000000 + 0.453736060 · 0.200000000 + 0.457599843 · 0.700000000 + (−0.029595078)"),
        (0, "H4", 0.421680584, "1 / (1 + exp(−(−0.315878222)))"),
        (0, "H5", 0.595734521, "1 / (1 + exp(−0.387723345))"),
        (0, "O6in", -0.704989404, "(−0.529502332) · 0.421680584 + (−0.414021092) · 0.595734521 + (−0.235061895)"),
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
    """lecture.md, W1; D and B print the same figures with two decimals, the derivatives with the other sign."""
    step = by_symbol(lecture, epoch)[symbol]
    assert (step.value, step.substituted(9)) == (pytest.approx(value, abs=5.1e-10), hand)


def test_the_lectures_product_of_signal_and_derivative_reads_as_on_the_board(lecture):
    assert by_symbol(lecture, 0)["dL_dlambda_4_6"].substituted(4) == "0.4217 · (−1.0050)"


def test_mazurs_product_stands_in_the_chain_of_steps(mazur):
    """DATA/MSML 602: ∂E/∂w5 = .741365070 · .186815602 · .593269992 = .082167041."""
    found = by_symbol(mazur, 0)
    through, weight = found["dL_dO5in"], found["dL_dlambda_3_5"]
    (slope, arriving), (signal, _) = through.rule.expression.factors, weight.rule.expression.factors
    assert [(factor.top, factor.bottom) for factor in (arriving, slope, signal)] == [("L", "O5"), ("O5", "O5in"), ("O5in", "lambda_3_5")]
    factors = [evaluated(factor, weight.numbers) for factor in (arriving, slope, signal)]
    assert (factors, weight.value) == (pytest.approx([0.741365070, 0.186815602, 0.593269992], abs=5.1e-10), pytest.approx(0.082167041, abs=5.1e-10))
    assert weight.substituted(9) == "0.593269992 · 0.138498562"


def test_mazurs_weights_after_one_update_stand_in_the_steps_and_his_biases_are_held(mazur):
    """DATA/MSML 602, η = .5."""
    moved = [step for step in steps(mazur, 0) if step.block == "update"]
    weights = [0.14978072, 0.19956143, 0.24975114, 0.29950229, 0.35891648, 0.40866619, 0.51130127, 0.56137012]
    assert [step.value for step in moved] == pytest.approx([*weights, 0.35, 0.35, 0.60, 0.60], abs=5.1e-9)
    assert [step.substituted(2) for step in moved[8:]] == ["0.35", "0.35", "0.60", "0.60"]


def test_an_update_over_several_samples_takes_their_mean():
    history = train(Network((1, 1)), Dataset(x=[[1.0], [0.5]], y=[[0.0], [1.0]]), Training(epochs=1, start={"lambda_1_2": 0.5, "b_2": 0.0}))
    step = by_symbol(history, 0, sample=1)["lambda_1_2_next"]
    assert (step.used, step.substituted(4)) == (("lambda_1_2", "eta", "mean_dL_dlambda_1_2"), "0.5000 − 0.1000 · 0.0625")
    assert step.value == pytest.approx(0.5 - 0.1 * (0.5 * 1.0 + (0.25 - 1.0) * 0.5) / 2)


@pytest.mark.parametrize(("every", "epoch", "updates"), [(1, 9, 3), (1, 10, 0), (4, 0, 0), (4, 8, 0), (3, 9, 3)])
def test_the_update_is_shown_where_the_next_epoch_is_recorded(every, epoch, updates):
    history = train(Network((2, 1)), Dataset(x=[[0.1, 0.2]], y=[[0.3]]), Training(epochs=10, record_every=every))
    assert len([step for step in steps(history, epoch) if step.block == "update"]) == updates


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
        assert float(evaluated(step.rule.expression, step.numbers)) == pytest.approx(step.value, rel=1e-9, nan_ok=True), step.symbol


@pytest.mark.parametrize(
    ("symbol", "labelled"),
    [
        (
            "dL_dH4in",
            r"\partial L/\partial H_{4in} = \overbrace{\left( 1 - H_{4} \right) \cdot H_{4}}^{\partial H_{4}/\partial H_{4in}}"
            r" \cdot \overbrace{\partial L/\partial H_{4}}^{\partial L/\partial H_{4}}",
        ),
        (
            "dL_dlambda_1_4",
            r"\partial L/\partial \lambda_{1,4} = \overbrace{I_{1}}^{\partial H_{4in}/\partial \lambda_{1,4}}"
            r" \cdot \overbrace{\partial L/\partial H_{4in}}^{\partial L/\partial H_{4in}}",
        ),
        (
            "lambda_1_4_dL_dH4in",
            r"\lambda_{1,4} \partial L/\partial H_{4in} = \overbrace{\lambda_{1,4}}^{\partial H_{4in}/\partial I_{1}}"
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
    """∂L/∂H4 · ∂H4/∂H4in: what one factor differentiates by, the next differentiates, from L to the step's own symbol."""
    for rule in rules(network):
        if rule.block in ("through a node", "along a connection", "parameter") and not rule.symbol.startswith("dL_db"):
            near, far = rule.expression.factors
            assert (far.top, far.bottom) == ("L", near.top)
            assert near.bottom == rule.symbol.removeprefix("dL_d") or rule.block == "along a connection"


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_mathtext_can_set_every_equation(name):
    history = train(Network((3, 2, 1), hidden=name, output=name), LECTURE.data, Training(epochs=1))
    parser = MathTextParser("path")
    found = [parser.parse(f"${step.equation}$") for step in steps(history, 0)]
    assert min(box.width for box in found) > 0


@settings(max_examples=100, deadline=None)
@given(drawn=random_passes())
def test_the_derivative_at_a_node_is_the_sum_over_its_paths_and_wrong_without_any_of_them(drawn):
    """E-book chapter, "Accounting for Multiple Paths"; lecture.md, T7."""
    history, epoch, sample = drawn
    numbers, network = history.at(epoch, sample), history.network
    for node in network.nodes:
        products = [float(evaluated(path_product(network, path), numbers)) for path in paths(network, node)]
        expected = numbers[notation.derivative(node)]
        assert math.fsum(products) == close(expected)
        for place, product in enumerate(products):
            without = math.fsum(products[:place] + products[place + 1 :])
            assert without != close(expected) or abs(product) < 1e-11 * max(1.0, abs(expected))


@settings(max_examples=50, deadline=None)
@given(drawn=random_passes())
def test_the_equations_of_the_performance_give_the_negative_derivatives_and_the_same_updates(drawn):
    """Lecture deck: the figures print ∂P/∂·, P = −L, and add η ∂P/∂λ."""
    history, epoch, sample = drawn
    how = {"batch": len(history.data) > 1, "biases_move": history.training.train_biases}
    printed = {rule.symbol: rule.expression for rule in rules(history.network, of="P", **how)}
    for step in steps(history, epoch, sample):
        numbers = {symbol: -value if "dL_d" in symbol else value for symbol, value in step.numbers.items()}
        assert float(evaluated(printed[step.symbol], numbers)) == close(numbers[step.symbol]), step.symbol


def test_the_paths_of_an_input_lead_over_every_hidden_node(lecture):
    """E-book chapter: ∂L/∂I1 = [λ14 (1 − H4) H4 λ46 + λ15 (1 − H5) H5 λ56] (O6 − y)."""
    network, numbers = LECTURE.network, lecture.at(0)
    assert paths(network, "I1") == (("I1", "H4", "O6"), ("I1", "H5", "O6"))
    assert paths(network, "O6") == (("O6",),)
    assert len(paths(Network((2, 3, 4, 2)), "I1")) == 3 * 4 * 2
    product = path_product(network, ("I1", "H4", "O6"))
    names = [(factor.top, factor.bottom) for factor in product.factors if isinstance(factor, Named)]
    assert names == [("H4in", "I1"), ("H4", "H4in"), ("O6in", "H4"), ("O6", "O6in"), ("L", "O6")]
    assert evaluated(product, numbers) == pytest.approx(0.058656365 * (1 - 0.421680584) * 0.421680584 * -0.529502332 * -1.004989404, rel=1e-7)


@pytest.mark.parametrize("node", ["H9", "I1in", ""])
def test_paths_from_what_is_no_node_are_refused(node):
    with pytest.raises(ValueError, match="choose one of I1, I2, I3, H4, H5, O6"):
        paths(LECTURE.network, node)


BY_HAND = [
    Network((3, 2, 1)),
    Network((2, 2, 2), output="sigmoid"),
    Network((1, 3, 1), hidden="relu"),
    Network((2, 2, 3, 2), hidden=("leaky_relu", "tanh"), output="tanh"),
    Network((2, 3, 2), hidden="identity", output="leaky_relu"),
    Network((3, 2), output="relu"),
]


@pytest.mark.parametrize("network", BY_HAND, ids=str)
def test_the_by_hand_program_computes_what_training_records(network):
    numbers = np.random.default_rng(2)
    data = Dataset(x=numbers.uniform(-1, 1, (1, network.widths[0])), y=numbers.uniform(-1, 1, (1, network.widths[-1])))
    history = train(network, data, Training(epochs=50, eta=0.2))
    first = history.at(0)
    variables = {symbol: first[symbol] for symbol in (*network.layers[0], *network.truths, *network.parameters, "eta")} | {"epochs": 50}
    exec(by_hand_code(network), variables)
    last = {symbol: value for symbol, value in history.at(50).items() if symbol not in {f"{node}in" for node in network.layers[0]}}
    assert {symbol: variables[symbol] for symbol in last} == close(last)


def test_the_by_hand_program_is_straight_lines_in_one_loop():
    """E-book chapter, "The Simple ANN": no matrices, no loops over nodes."""
    (imported, loop) = ast.parse(by_hand_code(LECTURE.network)).body
    assert (type(imported), type(loop)) == (ast.ImportFrom, ast.For)
    inside = {type(node) for statement in loop.body for node in ast.walk(statement)}
    assert not inside & {ast.For, ast.While, ast.ListComp, ast.GeneratorExp, ast.DictComp, ast.FunctionDef, ast.Subscript}
    assert "    H4in = lambda_1_4 * I1 + lambda_2_4 * I2 + lambda_3_4 * I3 + b_4\n" in by_hand_code(LECTURE.network)
    assert "        lambda_1_4 = lambda_1_4 - eta * dL_dlambda_1_4\n" in by_hand_code(LECTURE.network)


@pytest.mark.parametrize(
    ("hidden", "output", "names"), [("sigmoid", "identity", ["exp"]), ("sigmoid", "tanh", ["exp", "tanh"]), ("relu", "identity", [])]
)
def test_the_by_hand_program_imports_what_it_uses(hidden, output, names):
    tree = ast.parse(by_hand_code(Network((2, 2, 1), hidden=hidden, output=output)))
    assert [alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names] == names
