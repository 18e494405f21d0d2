"""The by-hand program: a training as straight-line Python, one scalar equation a quantity, as the e-book's
chapter has it.

Python's arithmetic stops where numbers leave the floats, the engine's goes on with inf and NaN. So the
equations whose printed form would stop stand here in the form that the engine has: exp of what is 0 at most,
logarithms of what is 1 at least, products for squares.
"""

import re
from types import MappingProxyType

from ann_dashboard import checks, notation
from ann_dashboard.data.dataset import Dataset
from ann_dashboard.engine.network import Network
from ann_dashboard.engine.optimisers import descent
from ann_dashboard.engine.training import Training
from ann_dashboard.equations.rules import Rule, rules
from ann_dashboard.equations.variant import Manner, manner
from ann_dashboard.expressions.tree import (
    LOOSE,
    Call,
    Constant,
    IfAtLeastZero,
    Negative,
    Power,
    Product,
    Quotient,
    Share,
    Sum,
    Value,
    symbols,
    written,
)
from ann_dashboard.expressions.writers import BY_HAND
from ann_dashboard.words import counted

FUNCTIONS = MappingProxyType(
    {
        "sign": "def sign(x):\n    return (x > 0) - (x < 0)\n",
        "sigmoid": "def sigmoid(x):\n    return 1 / (1 + exp(-x)) if x >= 0 else exp(x) / (1 + exp(x))\n",
        "quotient": 'def quotient(above, below):\n    return 0.0 if above == 0 else above / below if below != 0 else float("inf")\n',
    }
)
"""What a program defines where it uses it; `quotient` is the engine's, with which a probability that rounds
to 0 is no error.
"""
LARGEST, LOG_OF_SUM = "largest", "ln_of_sum"
"""What is taken off before the exps of a softmax, and the logarithm of their sum: quantities of a program
that are no symbols of the lecture.
"""


def by_hand_code(network: Network, data: Dataset, training: Training) -> str:
    """The lecture's kind of program for this very training: straight-line Python, one scalar equation a
    quantity.

    It needs nothing but Python, carries out the updates, and leaves every quantity of the last pass under its
    symbol; it runs all epochs, whatever rule may stop the training.
    Raises ValueError for what straight lines cannot tell: several samples, several updates an epoch, dropout.
    """
    checks.instance("network", network, Network)
    network.check_fits(data)
    checks.instance("training", training, Training)
    if len(data) > 1 or training.dropout or any(updates != ((0,),) for updates in training.batches or ()):
        problem = f"the training has {counted(len(data), 'sample')}, dropout {training.dropout:g}" + (
            " and batches" if training.batches else ""
        )
        raise ValueError(
            f"{problem}: a by-hand program follows one sample with one update an epoch and no dropout; give such a training"
        )
    how = manner(training, data)
    given = _given(network, data, training)
    computed: list[str] = []
    moves: list[str] = []
    for rule in rules(network, how):
        lines = moves if rule.block == "update" and rule.symbol != notation.ETA else computed
        if network.output == "softmax" and rule.symbol == network.layers[-1][0]:
            lines.append(f"{LARGEST} = max({', '.join(map(notation.pre_activation, network.layers[-1]))})")
        if rule.symbol == notation.LOSS and how.loss == "cross_entropy":
            lines.append(f"{LOG_OF_SUM} = ln({' + '.join(map(_power, network.layers[-1]))})")
        lines.append(f"{rule.symbol.removesuffix('_next')} = {_right_side(rule, network, how)}")
    lines = [f"{symbol} = {number!r}" for symbol, number in given.items()]
    lines += ["", f"for epoch in range({training.epochs + 1}):", *(f"    {line}" for line in computed)]
    lines += [f"    if epoch < {training.epochs}:"]
    if any(notation.UPDATE_NUMBER in symbols(rule.expression) for rule in rules(network, how)):
        lines += [f"        {notation.UPDATE_NUMBER} = epoch + 1"]
    lines += [f"        {line}" for line in moves]
    code = "\n".join(lines) + "\n"
    if defined := [text for name, text in FUNCTIONS.items() if re.search(rf"\b{name}\(", code)]:
        code = "".join(f"\n{text}\n" for text in defined) + f"\n{code}"
    imported = [
        name
        for name in ("exp", "expm1", "log as ln", "log1p", "sqrt", "tanh")
        if f"{name.split()[-1]}(" in code
    ]
    return f"from math import {', '.join(imported)}\n\n{code}" if imported else code.lstrip()


def _right_side(rule: Rule, network: Network, how: Manner) -> str:
    """The equation of one step, in the form that stops at no number."""
    outputs = network.layers[-1]
    if rule.symbol == notation.LOSS and how.loss in ("cross_entropy", "binary_cross_entropy"):
        terms = _CROSS_ENTROPY if how.loss == "cross_entropy" else _BINARY_CROSS_ENTROPY
        return " + ".join(
            terms.format(z=notation.pre_activation(node), y=truth)
            for node, truth in zip(outputs, network.truths, strict=True)
        )
    if rule.block == "loss" and how.loss == "binary_cross_entropy":
        node, truth = next(
            pair
            for pair in zip(outputs, network.truths, strict=True)
            if notation.derivative(pair[0]) == rule.symbol
        )
        return f"quotient(1 - {truth}, sigmoid(-{notation.pre_activation(node)})) - quotient({truth}, {node})"
    hand = BY_HAND
    if rule.block == "loss" and how.loss == "cross_entropy":
        hand = BY_HAND._replace(quotient="quotient({0}, {1})", in_quotient=(LOOSE, LOOSE))
    match rule.expression:
        case Quotient(Constant("1"), Sum((Constant("1"), Call("exp", (Negative(Value(z)),))))):
            return f"1 / (1 + exp(-{z})) if {z} >= 0 else exp({z}) / (1 + exp({z}))"
        case Share():
            return f"{_power(rule.symbol)} / ({' + '.join(map(_power, outputs))})"
        case Call("max", (Constant(least), Value(z))):
            return f"max({z}, {least})"  # in this order NaN stays NaN
        case IfAtLeastZero(Value(z), Constant(then), Constant(otherwise)):
            return f"{then} if {z} >= 0 else {otherwise} if {z} < 0 else {z}"
        case Product((Constant(), Power())):
            hand = BY_HAND._replace(power="({0} * {0})")
    return written(rule.expression, hand)


def _power(node: str) -> str:
    """exp of an output's pre-activation less the largest."""
    return f"exp({notation.pre_activation(node)} - {LARGEST})"


_CROSS_ENTROPY = f"({{y}} * ({LOG_OF_SUM} - ({{z}} - {LARGEST})) if {{y}} != 0 else 0)"
_BINARY_CROSS_ENTROPY = "max({z}, 0) - {z} * {y} + log1p(exp(-abs({z})))"


def _given(network: Network, data: Dataset, training: Training) -> dict[str, float]:
    """What a by-hand program begins with: the sample, the start, and the settings that its equations use."""
    given = {
        notation.pre_activation(node): value
        for node, value in zip(network.layers[0], data.x[0].tolist(), strict=True)
    }
    given |= dict(zip(network.truths, data.y[0].tolist(), strict=True)) | training.start_of(network)
    given |= (
        {notation.FIRST_ETA: training.eta, "decay": training.decay}
        if training.decay
        else {notation.ETA: training.eta}
    )
    given |= {name: getattr(training, name) for name in ("l1", "l2") if getattr(training, name)}
    optimiser = descent(training.optimiser)
    given |= optimiser.settings
    return given | {mean(parameter): 0.0 for mean in optimiser.keeps for parameter in network.parameters}
