"""The classic mistakes: what each gives on the lecture's worked example.

And that each is told from the right answer.
"""

import math

import pytest

from ann_dashboard import AdaGrad, Dataset, History, Network, RMSProp, Training, lessons, notation, train
from ann_dashboard.engine.activations import ACTIVATIONS
from ann_dashboard.engine.losses import LOSSES
from ann_dashboard.engine.optimisers import OPTIMISERS, Adam, Momentum, checked_optimiser
from ann_dashboard.equations.mistakes import mistakes
from ann_dashboard.equations.rules import path_product, paths, rules
from ann_dashboard.equations.steps import steps
from ann_dashboard.equations.variant import Manner
from ann_dashboard.expressions.tree import evaluated

LECTURE = lessons.LECTURE
EVERY = Network((2, 1, 2, 2, 3), hidden=("sigmoid", "relu", "leaky_relu"), output="tanh")
PASSES = [(rule, mistake) for rule in rules(LECTURE.network) for mistake in mistakes(rule)]


def by_name(network: Network, symbol: str, **how: object) -> dict:
    rule = next(rule for rule in rules(network, Manner(**how)) if rule.symbol == symbol)
    return {mistake.name: mistake for mistake in mistakes(rule)}


@pytest.fixture(scope="module")
def numbers() -> dict[str, float]:
    """Everything known at epoch 0 of the lecture's example, the moved parameters among it."""
    return dict(steps(LECTURE.train(), 0)[0].numbers)


@pytest.mark.parametrize(
    ("rule", "mistake"), PASSES, ids=[f"{rule.symbol} {mistake.name}" for rule, mistake in PASSES]
)
def test_a_mistake_gives_another_number_than_the_right_equation(numbers, rule, mistake):
    """lecture.md, W1, epoch 0: told apart with four decimals already."""
    assert abs(float(evaluated(mistake.expression, numbers)) - numbers[rule.symbol]) > 1e-4


@pytest.mark.parametrize(
    ("symbol", "name", "value"),
    [
        ("H4in", "bias forgotten", -0.091611824),
        ("O6in", "bias forgotten", -0.469927509),
        ("H4", "activation forgotten", -0.315878222),
        ("L", "half forgotten", 1.010003702),
        ("dL_dO6", "sign", 1.004989404),
        ("lambda_4_6_dL_dO6in", "updated weight used", 0.489554338),
        ("dL_dH4in", "slope forgotten", 0.532144233),
        ("dL_dH4in", "sign", -0.129771922),
        ("dL_dH5in", "slope forgotten", 0.416086811),
        ("dL_dI1", "path λ1,4·∂L/∂H4in forgotten", 0.001252868),
        ("dL_dI1", "path λ1,5·∂L/∂H5in forgotten", 0.007611949),
        ("dL_dlambda_4_6", "sign", 0.423784519),
        ("lambda_4_6_next", "sign", -0.571880784),
        ("lambda_4_6_next", "η forgotten", -0.105717813),
        ("b_4_next", "η forgotten", -0.354038321),
    ],
)
def test_a_mistake_gives_what_a_student_would_write(numbers, symbol, name, value):
    """lecture.md, W1.

    Erratum: the deck's −.47 for O6 is the forgotten bias b6; its derivatives have the other sign.
    """
    assert evaluated(by_name(LECTURE.network, symbol)[name].expression, numbers) == pytest.approx(
        value, abs=5.1e-10
    )


def test_the_updated_weights_of_highams_pseudocode_give_the_wrong_w1_of_mazurs_example():
    """lecture.md, erratum 14: λ of w1 would become .149817639 instead of .149780716."""
    network = Network((2, 2, 2), output="sigmoid")
    values = (0.15, 0.20, 0.25, 0.30, 0.40, 0.45, 0.50, 0.55, 0.35, 0.35, 0.60, 0.60)
    start = dict(zip(network.parameters, values, strict=True))
    history = train(
        network,
        Dataset(x=[[0.05, 0.10]], y=[[0.01, 0.99]]),
        Training(eta=0.5, epochs=1, start=start, train_biases=False),
    )
    found = dict(steps(history, 0)[0].numbers)
    assert found["lambda_1_3_next"] == pytest.approx(0.149780716, abs=5.1e-10)
    back = sum(
        evaluated(by_name(network, notation.returned(3, target))["updated weight used"].expression, found)
        for target in network.layers[-1]
    )
    slope = (1 - found["H3"]) * found["H3"]
    assert 0.15 - 0.5 * 0.05 * slope * back == pytest.approx(0.149817639, abs=5.1e-10)


@pytest.mark.parametrize(
    ("symbol", "names"),
    [
        ("I1", ["sign"]),
        ("H3in", ["sign", "bias forgotten"]),
        ("H3", ["sign", "activation forgotten"]),
        ("L", ["sign", "half forgotten"]),
        ("dL_dO8", ["sign"]),
        ("dL_dO8in", ["sign", "slope forgotten"]),
        ("dL_dI1in", ["sign"]),
        ("lambda_3_4_dL_dH4in", ["sign", "updated weight used"]),
        ("dL_dI1", ["sign"]),
        ("dL_dH6", ["sign", *(f"path λ6,{target}·∂L/∂O{target}in forgotten" for target in (8, 9, 10))]),
        ("dL_dlambda_3_4", ["sign"]),
        ("dL_db_4", ["sign"]),
        ("lambda_3_4_next", ["sign", "η forgotten"]),
    ],
)
def test_a_step_has_the_mistakes_of_its_kind(symbol, names):
    assert list(by_name(EVERY, symbol)) == names


def test_the_identity_has_no_activation_and_no_slope_to_forget():
    assert [list(by_name(LECTURE.network, symbol)) for symbol in ("O6", "dL_dO6in")] == [["sign"], ["sign"]]


def test_a_bias_that_is_held_has_no_learning_rate_to_forget():
    assert list(by_name(LECTURE.network, "b_4_next", biases_move=False)) == ["sign"]


def test_an_update_over_several_samples_may_forget_the_mean():
    found = by_name(LECTURE.network, "b_4_next", mean="all")
    assert list(found) == ["sign", "mean forgotten", "η forgotten"]
    assert found["η forgotten"].hint.startswith("You left out the learning rate: multiply mean ∂L/∂b4 by η")
    assert (
        found["mean forgotten"].hint
        == "You used ∂L/∂b4 of this sample alone: take the mean over the samples."
    )


SOFTMAX = Network((2, 2, 2), output="softmax")


@pytest.mark.parametrize(
    ("settings", "symbol", "name", "value"),
    [
        ({}, "O5", "activation forgotten", 0.4),
        ({}, "O5", "sum forgotten", math.exp(0.4)),
        ({}, "dL_dO6in", "other outputs forgotten", 0.425557483 * 0.574442517 * -0.574442517),
        ({"loss": "cross_entropy"}, "dL_dO6in", "slope twice", 0.425557483 * 0.574442517 * -0.574442517),
        ({"loss": "cross_entropy"}, "dL_dO6in", "sign", 0.574442517),
        ({"loss": "mean_squared_error"}, "L", "mean forgotten", 2 * 0.574442517**2),
        ({"loss": "mean_squared_error"}, "dL_dO5", "factor forgotten", 0.574442517),
        (
            {"loss": "cross_entropy", "l2": 0.1, "l1": 0.02},
            "gradient_lambda_3_5",
            "penalty forgotten",
            0.5 * 0.574442517,
        ),
        ({"loss": "cross_entropy", "decay": 1.0}, "eta", "decay forgotten", 0.1),
        (
            {"loss": "cross_entropy", "optimiser": Momentum()},
            "velocity_b_5_next",
            "1 − a forgotten",
            0.574442517,
        ),
        ({"loss": "cross_entropy", "optimiser": Momentum()}, "b_5_next", "old running mean used", 0.25),
        ({"loss": "cross_entropy", "optimiser": Momentum()}, "b_5_next", "η forgotten", 0.25 - 0.0574442517),
        ({"loss": "cross_entropy", "optimiser": Adam()}, "m_b_5_next", "1 − β1 forgotten", 0.574442517),
        ({"loss": "cross_entropy", "optimiser": Adam()}, "v_b_5_next", "1 − β2 forgotten", 0.574442517**2),
        (
            {"loss": "cross_entropy", "optimiser": Adam()},
            "v_b_5_next",
            "square forgotten",
            0.001 * 0.574442517,
        ),
        (
            {"loss": "cross_entropy", "optimiser": Adam()},
            "b_5_next",
            "bias correction forgotten",
            0.25 - 0.1 * 0.0574442517 / (0.001**0.5 * 0.574442517 + 1e-8),
        ),
        ({"loss": "cross_entropy", "optimiser": Adam()}, "b_5_next", "η forgotten", 0.25 - 1.0),
        ({"loss": "cross_entropy", "optimiser": RMSProp()}, "s_b_5_next", "1 − ρ forgotten", 0.574442517**2),
        (
            {"loss": "cross_entropy", "optimiser": RMSProp()},
            "s_b_5_next",
            "square forgotten",
            0.1 * 0.574442517,
        ),
        (
            {"loss": "cross_entropy", "optimiser": RMSProp()},
            "b_5_next",
            "root forgotten",
            0.25 - 0.1 / (0.1 * 0.574442517),
        ),
        (
            {"loss": "cross_entropy", "optimiser": RMSProp(0.9, 0.5)},
            "b_5_next",
            "ε under the root",
            0.25 - 0.0574442517 / (0.1 * 0.574442517**2 + 0.5) ** 0.5,
        ),
        (
            {"loss": "cross_entropy", "optimiser": RMSProp(0.9, 0.5)},
            "b_5_next",
            "old squares used",
            0.25 - 0.0574442517 / 0.5,
        ),
        ({"loss": "cross_entropy", "optimiser": AdaGrad()}, "s_b_5_next", "square forgotten", 0.574442517),
        (
            {"loss": "cross_entropy", "optimiser": AdaGrad()},
            "s_b_5_next",
            "old squares forgotten",
            0.574442517**2,
        ),
        (
            {"loss": "cross_entropy", "optimiser": AdaGrad()},
            "b_5_next",
            "root forgotten",
            0.25 - 0.1 / 0.574442517,
        ),
        ({"loss": "cross_entropy", "optimiser": AdaGrad()}, "b_5_next", "η forgotten", 0.25 - 1.0),
    ],
)
def test_a_mistake_in_another_training_gives_what_a_student_would_write(settings, symbol, name, value):
    """O5in = .4, O6in = .1: O5 = .574442517, O6 = .425557483; y = (0, 1)."""
    start = {
        "lambda_3_5": 0.3,
        "lambda_4_5": 0.0,
        "b_5": 0.25,
        "lambda_3_6": 0.0,
        "lambda_4_6": 0.0,
        "b_6": 0.1,
        "b_3": 0.0,
    }
    start |= {"lambda_1_3": 0.2, "lambda_2_3": 0.0}
    data = Dataset(x=[[0.0, 1.0]], y=[[0.0, 1.0]])
    step = next(
        step
        for step in steps(train(SOFTMAX, data, Training(epochs=1, start=start, **settings)), 0)
        if step.symbol == symbol
    )
    found = {mistake.name: mistake for mistake in mistakes(step.rule)}[name]
    assert float(evaluated(found.expression, step.numbers)) == pytest.approx(value, rel=1e-6)
    assert found.hint.endswith(".")


def test_a_mask_can_be_forgotten_on_both_ways():
    history = train(Network((2, 4, 1)), Dataset(x=[[1.0, 0.5]], y=[[0.0]]), Training(epochs=1, dropout=0.5))
    found = {step.symbol: step for step in steps(history, 0)}
    node = next(node for node in history.network.layers[1] if history.at(0)[notation.mask(node)] == 0)
    for symbol, names in (
        (node, ["sign", "mask forgotten"]),
        (f"dL_d{node}in", ["sign", "mask forgotten", "slope forgotten"]),
    ):
        wrong = {mistake.name: mistake for mistake in mistakes(found[symbol].rule)}
        assert list(wrong) == names
        assert (
            found[symbol].value,
            float(evaluated(wrong["mask forgotten"].expression, found[symbol].numbers)) != 0,
        ) == (0, True)


MANNERS = [
    Manner(),
    Manner(mean="all"),
    Manner(mean="some", l1=0.1, l2=0.2, decay=0.1),
    Manner(optimiser=Momentum(), mean="some", dropout=True),
    Manner(optimiser=Adam(), l2=0.1),
    *(Manner(optimiser=checked_optimiser(entry())) for entry in OPTIMISERS.values()),
]


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("of", ["L", "P"])
@pytest.mark.parametrize("manner", MANNERS)
def test_no_two_mistakes_of_a_step_share_a_name_or_an_equation_and_none_is_right(name, loss, of, manner):
    network = Network(
        (2, 3, 1, 2), hidden="tanh" if name == "softmax" else name, output=LOSSES[loss].output or name
    )
    for rule in rules(network, manner._replace(loss=loss), of=of):
        found = mistakes(rule, of=of)
        assert len({mistake.name for mistake in found}) == len(found)
        assert len({rule.expression, *(mistake.expression for mistake in found)}) == len(found) + 1
        assert not any(set(mistake.hint) & set("\\_{}$*") or mistake.hint.count(". ") for mistake in found)


@pytest.mark.parametrize(
    ("network", "symbol", "name", "hint"),
    [
        (
            LECTURE.network,
            "dL_dH4in",
            "slope forgotten",
            "You left out the slope (1 − H4)·H4 of the node H4: multiply by it.",
        ),
        (
            EVERY,
            "dL_dH4in",
            "slope forgotten",
            "You left out the slope (1 if H4 > 0 else 0) of the node H4: multiply by it.",
        ),
        (
            EVERY,
            "dL_dO8in",
            "slope forgotten",
            "You left out the slope (1 − O8²) of the node O8: multiply by it.",
        ),
        (LECTURE.network, "H4in", "bias forgotten", "You left out the bias b4: add it."),
        (
            LECTURE.network,
            "H4",
            "activation forgotten",
            "You stopped at H4in, before the activation: H4 = 1 / (1 + exp(−H4in)).",
        ),
        (
            LECTURE.network,
            "dL_dO6",
            "sign",
            "You took truth less prediction: take prediction less truth, O6 − y1.",
        ),
        (
            LECTURE.network,
            "b_4_next",
            "sign",
            "You went the wrong way: take η·∂L/∂b4 away from b4 instead of adding it.",
        ),
        (
            LECTURE.network,
            "dL_dH4",
            "sign",
            "Your size is right but the sign is that of ∂P/∂H4 = −∂L/∂H4: turn it.",
        ),
    ],
)
def test_a_hint_names_the_cure(network, symbol, name, hint):
    assert by_name(network, symbol)[name].hint == hint


@pytest.mark.parametrize(
    ("rule", "mistake"), PASSES, ids=[f"{rule.symbol} {mistake.name}" for rule, mistake in PASSES]
)
def test_a_hint_is_one_plain_sentence(rule, mistake):
    assert mistake.hint.endswith(".")
    assert mistake.hint.count(". ") == 0
    assert not set(mistake.hint) & set("\\_{}$*")


def test_leaving_out_a_path_of_the_lectures_example_gives_the_share_of_the_other(numbers):
    """lecture.md, T7: the share of the path over H5 is what a student has who forgets H4."""
    history: History = LECTURE.train()
    over_h4, over_h5 = (
        evaluated(path_product(LECTURE.network, path), history.at(0)) for path in paths(LECTURE.network, "I1")
    )
    forgotten = by_name(LECTURE.network, "dL_dI1")
    assert evaluated(forgotten["path λ1,4·∂L/∂H4in forgotten"].expression, numbers) == pytest.approx(
        over_h5, rel=1e-12
    )
    assert evaluated(forgotten["path λ1,5·∂L/∂H5in forgotten"].expression, numbers) == pytest.approx(
        over_h4, rel=1e-12
    )


def as_printed(numbers: dict[str, float]) -> dict[str, float]:
    """The numbers with the derivatives of P = −L in the place of those of L."""
    return {symbol: -value if "dL_d" in symbol else value for symbol, value in numbers.items()}


@pytest.mark.parametrize("place", range(len(rules(LECTURE.network))))
def test_the_mistakes_with_the_performances_derivatives_are_those_with_the_losss(numbers, place):
    """Lecture deck: the figures print ∂P/∂·, P = −L.

    The sign alone is turned, of the mistakes as of the right values.
    """
    rule, printed = (rules(LECTURE.network, of=of)[place] for of in ("L", "P"))
    turned = -1 if "dL_d" in rule.symbol else 1
    with_loss = {mistake.name: evaluated(mistake.expression, numbers) for mistake in mistakes(rule)}
    found = {
        mistake.name: turned * evaluated(mistake.expression, as_printed(numbers))
        for mistake in mistakes(printed, of="P")
    }
    assert {name.replace("∂P", "∂L"): value for name, value in found.items()} == pytest.approx(
        with_loss, rel=1e-12
    )
    assert not any("∂L" in mistake.hint and "∂P" not in mistake.hint for mistake in mistakes(printed, of="P"))


@pytest.mark.parametrize(
    ("symbol", "name", "hint"),
    [
        ("dL_dO6", "sign", "You took prediction less truth: take truth less prediction, y1 − O6."),
        ("dL_dH4", "sign", "Your size is right but the sign is that of ∂L/∂H4 = −∂P/∂H4: turn it."),
        ("b_4_next", "sign", "You went the wrong way: add η·∂P/∂b4 to b4 instead of taking it away."),
        (
            "b_4_next",
            "η forgotten",
            "You left out the learning rate: multiply ∂P/∂b4 by η before you add it.",
        ),
    ],
)
def test_a_hint_speaks_of_the_performance_where_the_step_does(symbol, name, hint):
    rule = next(rule for rule in rules(LECTURE.network, of="P") if rule.symbol == symbol)
    assert {mistake.name: mistake.hint for mistake in mistakes(rule, of="P")}[name] == hint
