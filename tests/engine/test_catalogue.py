"""Every entry of every catalogue in all its forms.

A new activation, loss or optimiser is tried by these tests as soon as it is there.
"""

import ast
import math
from dataclasses import fields, replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from matplotlib.mathtext import MathTextParser

import ann_dashboard
from ann_dashboard import Dataset, History, Network, Training, notation, state, train
from ann_dashboard.analysis.gradient_check import central_difference
from ann_dashboard.dashboard import Dashboard
from ann_dashboard.dashboard.training_editor import TrainingEditor
from ann_dashboard.engine import arrays, optimisers
from ann_dashboard.engine.activations import ACTIVATIONS
from ann_dashboard.engine.losses import LOSSES
from ann_dashboard.engine.optimisers import OPTIMISERS, checked_optimiser, descent
from ann_dashboard.equations.by_hand import by_hand_code
from ann_dashboard.equations.mistakes import mistakes
from ann_dashboard.equations.steps import steps
from ann_dashboard.expressions.tree import FUNCTIONS, Value, evaluated
from ann_dashboard.state import State

ROOT = Path(ann_dashboard.__file__).parent

BY = pytest.mark.parametrize("by", ["plain", "compiled"])
EVERY_ACTIVATION = pytest.mark.parametrize("name", ACTIVATIONS)
EVERY_LOSS = pytest.mark.parametrize("name", LOSSES)
EVERY_OPTIMISER = pytest.mark.parametrize("name", OPTIMISERS)
HIDDEN = [name for name, activation in ACTIVATIONS.items() if not activation.couples]
FITTING = [
    (loss, output) for loss, output in product(LOSSES, ACTIVATIONS) if LOSSES[loss].output in (None, output)
]
"""Every loss with every activation of the output layer that it fits."""
TOTALS = [
    0.0,
    -0.0,
    5e-324,
    -5e-324,
    1e-300,
    1e-9,
    -1e-9,
    0.3,
    -0.3,
    1.0,
    -1.0,
    2.7,
    -2.7,
    20.0,
    -20.0,
    40.0,
    -40.0,
    750.0,
    -750.0,
    1e308,
    -1e308,
]
LIMITS = [math.inf, -math.inf, math.nan]
ERRORS = [0.0, 0.25, -0.5, 1.75, -2.5]


def fitted(loss: str, output: str, **settings: object) -> History:
    """Two samples of 2-3-3 with one activation in its hidden layer.

    Their errors are small and large.
    """
    truths = (
        [[0.0, 1.0, 0.0], [0.25, 0.5, 0.25]] if LOSSES[loss].output else [[0.2, -2.5, 0.4], [3.0, 0.5, -0.3]]
    )
    network = Network((2, 3, 3), hidden="tanh", output=output)
    return train(
        network,
        Dataset(x=[[0.5, -1.0], [0.25, 0.75]], y=truths),
        Training(**({"epochs": 3, "loss": loss, "eta": 0.05} | settings)),
    )


@pytest.mark.parametrize(
    "catalogue", [ACTIVATIONS, LOSSES, OPTIMISERS], ids=["activations", "losses", "optimisers"]
)
def test_every_entry_stands_under_its_name_and_describes_itself_in_words_of_its_own(catalogue):
    assert [entry.name for entry in catalogue.values()] == list(catalogue)
    assert len({entry.description for entry in catalogue.values()}) == len(catalogue)
    assert [name for name in catalogue if not name.isidentifier()] == []


ELSEWHERE = [
    path
    for room in ("analysis", "equations", "dashboard", "state.py", "expressions")
    for path in ((ROOT / room).rglob("*.py") if (ROOT / room).is_dir() else [ROOT / room])
]
WORDS_OF_OTHER_THINGS = {"step", "Step"}
"""A step of a pass is not a step function."""


@pytest.mark.parametrize("path", ELSEWHERE, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_an_entry_is_stands_nowhere_else(path):
    """Nothing outside the catalogues asks for an entry by its name or its class.

    A function may have the same name.
    """
    names = {*ACTIVATIONS, *LOSSES, *OPTIMISERS}
    names |= {type(entry).__name__ for entry in (*ACTIVATIONS.values(), *LOSSES.values())}
    names |= {entry.__name__ for entry in OPTIMISERS.values()}
    names -= WORDS_OF_OTHER_THINGS
    tree = ast.parse(path.read_text())
    used = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    used |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert {name for name in names if name in used} <= set(FUNCTIONS if path.name == "tree.py" else ())


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_whose_nodes_can_die_says_what_to_choose_instead(name):
    activation = ACTIVATIONS[name]
    dies = all(activation.out(total) == 0.0 for total in (-5.0, -0.1)) and activation.slope(0.0) == 0.0
    assert bool(activation.instead) == dies


@pytest.mark.parametrize("name", OPTIMISERS)
def test_an_optimiser_that_is_plain_moves_by_its_gradient_alone(name):
    """Two updates, of which the second would feel what the first one left behind."""
    network, data = Network((1, 1)), Dataset(x=[[0.5]], y=[[1.0]])
    training = Training(epochs=2, eta=0.1, optimiser=checked_optimiser(OPTIMISERS[name]()))
    history = train(network, data, training)
    row, after = history.at(1), history.at(2)
    plainly = row["b_2"] - 0.1 * row["dL_db_2"]
    assert OPTIMISERS[name].plain == (after["b_2"] == plainly)


@pytest.mark.parametrize("entry", [*ACTIVATIONS.values(), *LOSSES.values()], ids=[*ACTIVATIONS, *LOSSES])
def test_every_equation_can_be_drawn(entry):
    equations = [entry.equation, *([entry.slope_equation] if hasattr(entry, "slope_equation") else [])]
    assert min(MathTextParser("path").parse(f"${equation}$").width for equation in equations) > 0


@pytest.mark.parametrize("name", [name for name in HIDDEN if not ACTIVATIONS[name].two_valued])
@pytest.mark.parametrize("total", [-3.0, -0.7, 0.4, 2.5])
def test_a_slope_is_that_of_a_central_difference(name, total):
    """Away from the kinks, which lie at 0."""
    activation, step = ACTIVATIONS[name], 1e-6
    found = (activation.out(total + step) - activation.out(total - step)) / (2 * step)
    assert activation.slope(activation.out(total)) == pytest.approx(found, rel=1e-8, abs=1e-9)


@pytest.mark.parametrize("name", HIDDEN)
def test_the_outputs_of_a_layer_are_those_of_its_nodes(name):
    """To the last bit but one: NumPy's exp and C's may differ there."""
    with np.errstate(all="ignore"):
        outs = ACTIVATIONS[name].outs(np.array([TOTALS + LIMITS]))[0]
    expected = np.array([ACTIVATIONS[name].out(total) for total in TOTALS + LIMITS])
    np.testing.assert_array_equal(np.isnan(outs), np.isnan(expected))
    np.testing.assert_array_max_ulp(outs[~np.isnan(outs)], expected[~np.isnan(expected)], maxulp=2)


@pytest.mark.parametrize("name", HIDDEN)
@pytest.mark.parametrize("total", TOTALS)
def test_an_activation_and_its_slope_in_equations_give_the_engines_numbers(name, total):
    activation, symbol = ACTIVATIONS[name], Value("H4")
    out = activation.out(total)
    assert float(evaluated(activation.tree(symbol), {"H4": total})) == pytest.approx(
        out, rel=1e-15, abs=1e-300
    )
    assert float(evaluated(activation.slope_tree(symbol), {"H4": out})) == pytest.approx(
        activation.slope(out), rel=1e-15, abs=1e-300
    )


@pytest.mark.parametrize("name", HIDDEN)
def test_outputs_lie_within_their_limits_and_rise_where_they_are_said_to(name):
    activation = ACTIVATIONS[name]
    outs = [activation.out(total) for total in np.linspace(-3.0, 3.0, 61)]
    assert activation.reaches(np.array(outs))
    assert min(activation.out(total) for total in TOTALS) >= activation.least
    assert max(activation.out(total) for total in TOTALS) <= activation.most
    assert activation.rises == (bool((np.diff(outs) > 0).all()))
    assert activation.two_valued == (len(set(outs)) == 2)


@EVERY_ACTIVATION
def test_every_activation_trains_the_same_by_both_engines_and_predicts_the_same_by_arrays(name):
    pytest.importorskip("numba")
    network = Network((2, 3, 2), hidden="sigmoid" if ACTIVATIONS[name].couples else name, output=name)
    data = Dataset(x=[[0.5, -1.0], [300.0, -800.0]], y=[[0.0, 1.0], [1.0, 0.0]])
    plain, compiled = (
        train(network, data, Training(epochs=5, eta=1e-4, dropout=0.3), by=by) for by in ("plain", "compiled")
    )
    np.testing.assert_array_equal(compiled.values.view(np.uint64), plain.values.view(np.uint64))
    settled = train(network, data, Training(epochs=5, eta=1e-4))
    outputs = [
        [[settled.at(epoch, sample)[node] for node in network.layers[-1]] for sample in (0, 1)]
        for epoch in range(6)
    ]
    np.testing.assert_allclose(settled.predictions(), outputs, rtol=1e-13, atol=1e-15)


@BY
@pytest.mark.parametrize(("loss", "output"), FITTING)
def test_every_derivative_of_every_loss_and_output_is_found_by_nudging(loss, output, by):
    """But for the step's, whose slope is a surrogate."""
    if by == "compiled":
        pytest.importorskip("numba")
    history = fitted(loss, output)
    parameters = history.network.parameters if not ACTIVATIONS[output].two_valued else ()
    for parameter in parameters:
        recorded = history.at(0, 1)[notation.derivative(parameter)]
        assert central_difference(history, 0, parameter, 1) == pytest.approx(recorded, rel=1e-6, abs=1e-9), (
            parameter
        )


@pytest.mark.parametrize(("loss", "output"), FITTING)
def test_a_loss_of_arrays_is_the_engines(loss, output):
    history = fitted(loss, output)
    expected = [np.mean([history.at(epoch, sample)["L"] for sample in (0, 1)]) for epoch in range(4)]
    np.testing.assert_allclose(history.losses, expected, rtol=1e-13)
    totals, outs = (
        np.array([[history.at(0, 0)[symbol] for symbol in group]]) for group in _outputs(history.network)
    )
    assert arrays.losses(loss, totals, outs, history.data.y[:1])[0] == pytest.approx(
        history.at(0, 0)["L"], rel=1e-14
    )


def _outputs(network: Network) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(map(notation.pre_activation, network.layers[-1])), network.layers[-1]


@pytest.mark.parametrize("of", ["L", "P"])
@pytest.mark.parametrize(("loss", "output"), FITTING)
def test_every_step_of_every_loss_and_output_gives_the_recorded_number(loss, output, of):
    history = fitted(loss, output)
    for step in steps(history, 1, 1, of=of):
        assert float(evaluated(step.rule.expression, step.numbers)) == pytest.approx(
            step.value, rel=1e-11, abs=1e-14
        ), step.symbol
        assert step.sentence.endswith(".")
        assert MathTextParser("path").parse(f"${step.equation}$").width > 0


@pytest.mark.parametrize("of", ["L", "P"])
@EVERY_OPTIMISER
def test_every_step_of_every_optimiser_gives_the_recorded_number(name, of):
    history = fitted(
        "half_squared_error", "identity", optimiser=checked_optimiser(OPTIMISERS[name]()), l2=0.1
    )
    for epoch in (0, 2):
        recorded = history.state_at(epoch + 1)
        for step in steps(history, epoch, of=of):
            sign = -1 if of == "P" and notation.turns_with_the_sign(step.symbol) else 1
            expected = (
                sign * recorded.get(step.symbol.removesuffix("_next"), sign * step.value)
                if step.symbol.endswith("_next")
                else step.value
            )
            assert float(evaluated(step.rule.expression, step.numbers)) == pytest.approx(
                expected, rel=1e-11, abs=1e-14
            ), step.symbol


@EVERY_OPTIMISER
def test_every_optimiser_moves_the_same_by_both_engines_and_begins_from_rest(name):
    pytest.importorskip("numba")
    network, data = Network((2, 3, 2)), Dataset(x=[[0.5, -1.0], [0.25, 0.75]], y=[[0.0, 1.0], [1.0, 0.0]])
    training = Training(epochs=30, optimiser=checked_optimiser(OPTIMISERS[name]()), batch_size=1, l1=0.01)
    plain, compiled = (train(network, data, training, by=by) for by in ("plain", "compiled"))
    np.testing.assert_array_equal(compiled.values.view(np.uint64), plain.values.view(np.uint64))
    means = [keeps(parameter) for keeps in OPTIMISERS[name].keeps for parameter in network.parameters]
    assert plain.columns == (*network.columns, *means)
    assert {plain.at(0)[mean] for mean in means} <= {0.0}
    assert [mean for mean in means if plain.at(30)[mean] == 0.0] == []


TRAININGS = [
    *((hidden, "half_squared_error", "identity", "gradient_descent") for hidden in HIDDEN),
    *(("tanh", loss, output, "gradient_descent") for loss, output in FITTING),
    *(("tanh", "half_squared_error", "identity", optimiser) for optimiser in OPTIMISERS),
]


@pytest.mark.parametrize(("hidden", "loss", "output", "optimiser"), TRAININGS)
def test_the_program_by_hand_leaves_what_the_history_has(hidden, loss, output, optimiser):
    network = Network((2, 3, 2), hidden=hidden, output=output)
    data = Dataset(x=[[0.5, -1.0]], y=[[0.25, 0.75]])
    history = train(
        network,
        data,
        Training(
            epochs=6, loss=loss, optimiser=checked_optimiser(OPTIMISERS[optimiser]()), l1=0.01, decay=0.1
        ),
    )
    left: dict[str, float] = {}
    exec(by_hand_code(network, data, history.training), left)
    last = history.at(6)
    assert {symbol: left[symbol] for symbol in last} == pytest.approx(last, rel=1e-10, abs=1e-13)


@pytest.mark.parametrize("total", [-800.0, 800.0])
@pytest.mark.parametrize("hidden", HIDDEN)
def test_the_program_by_hand_does_not_stop_at_large_sums(hidden, total):
    network, data = Network((1, 1, 1), hidden=hidden), Dataset(x=[[total]], y=[[0.25]])
    history = train(network, data, Training(epochs=1, eta=1e-9, start={"lambda_1_2": 1.0, "b_2": 0.0}))
    left: dict[str, float] = {}
    exec(by_hand_code(network, data, history.training), left)
    assert left["H2"] == pytest.approx(history.at(1)["H2"], rel=1e-12)


@pytest.mark.parametrize(("hidden", "loss", "output", "optimiser"), TRAININGS)
def test_a_link_brings_every_entry_back(hidden, loss, output, optimiser):
    """Of a loss that needs probabilities with truths that are some."""
    lesson = State.of_lesson("lecture")
    network = Network((3, 2, 2), hidden=hidden, output=output)
    data = Dataset(x=[[0.5, 0.25, 0.125]], y=[[0.25, 0.75]])
    shown = replace(
        lesson,
        network=network,
        data=data,
        training=replace(lesson.training, loss=loss, optimiser=checked_optimiser(OPTIMISERS[optimiser]())),
    )
    found, ignored = state.read(shown.query)
    assert (found.network, found.training, ignored) == (network, shown.training, ())


@EVERY_OPTIMISER
def test_the_text_of_an_optimiser_is_its_name_and_its_settings(name):
    entry = OPTIMISERS[name]()
    assert entry.text.split(":") == [name, *map(repr, entry.settings.values())]
    assert optimisers.named(name, list(entry.settings.values())) == checked_optimiser(entry)
    assert descent(checked_optimiser(entry)) == entry


@EVERY_OPTIMISER
def test_an_optimiser_with_settings_can_be_imported_from_the_package_and_names_a_setting_that_cannot_be(name):
    entry = OPTIMISERS[name]
    assert (getattr(ann_dashboard, entry.__name__, None) is entry) == bool(fields(entry))
    for one in fields(entry):
        with pytest.raises(ValueError, match=f"{one.name} of {entry.label} is -1.0: give a"):
            entry(**{one.name: -1.0})


def own_slips(history: History) -> list[tuple[str, float, float]]:
    """Of every step: the name of each mistake of its own, its value, and the right one."""
    found = []
    for step in steps(history, 1):
        slips = {slip.name for slip in step.rule.slips}
        for mistake in mistakes(step.rule):
            if mistake.name in slips:
                found.append((mistake.name, float(evaluated(mistake.expression, step.numbers)), step.value))
    return found


@pytest.mark.parametrize(("hidden", "loss", "output", "optimiser"), TRAININGS)
def test_a_mistake_of_an_entrys_own_has_a_number_and_somewhere_another_than_the_right_one(
    hidden, loss, output, optimiser
):
    settings = {"optimiser": checked_optimiser(OPTIMISERS[optimiser]()), "eta": 0.1}
    history = fitted(loss, output, **settings)
    found = own_slips(history)
    for name in {name for name, _, _ in found}:
        assert [
            wrong
            for other, wrong, right in found
            if other == name and not math.isclose(wrong, right, rel_tol=1e-12)
        ], name


@pytest.fixture(scope="module")
def dashboard() -> Dashboard:
    return Dashboard()


@EVERY_ACTIVATION
def test_every_activation_can_be_chosen_and_is_described(dashboard, name):
    hidden = dashboard.network.activations[0]
    assert (name in hidden.options) == (name in HIDDEN)
    dashboard.network.output.value = "identity"
    hidden.value = name if name in HIDDEN else "tanh"
    assert dashboard.history.network.layer_activations == (hidden.value, "identity")
    assert ACTIVATIONS[hidden.value].description in hidden.tooltip
    assert name in dashboard.network.output.options


@EVERY_LOSS
def test_every_loss_can_be_chosen_and_is_described(name):
    editor = TrainingEditor()
    editor.loss.value = name
    assert LOSSES[name].description in editor.loss.tooltip
    assert editor.training().loss == name


@EVERY_OPTIMISER
def test_every_optimiser_can_be_chosen_with_its_settings_and_only_they_are_shown(dashboard, name):
    entry, settings = OPTIMISERS[name], dashboard.settings
    settings.optimiser.value = entry.label
    assert descent(dashboard.history.training.optimiser) == entry()
    shown = {
        (label, setting)
        for label, boxes in settings.settings_of.items()
        for setting, box in boxes.items()
        if box.layout.display != "none"
    }
    assert shown == {(entry.label, one.name) for one in fields(entry)}
    for one in fields(entry):
        assert one.metadata["description"] in settings.settings_of[entry.label][one.name].tooltip
        settings.settings_of[entry.label][one.name].value = 0.25
        assert getattr(dashboard.history.training.optimiser, one.name) == 0.25
        settings.settings_of[entry.label][one.name].value = -3.0
        assert (
            f"{notation.form(one.name).plain} (Settings, Training) is -3.0: give a" in dashboard.film.message
        )
        settings.settings_of[entry.label][one.name].value = one.default
