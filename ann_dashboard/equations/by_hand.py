"""The by-hand program: a training as straight-line Python, one scalar equation for each quantity.

Source: e-book chapter, "The Simple ANN". Python's arithmetic fails where a number leaves the range of floats;
the engine's goes on with inf and NaN. So each equation is written in its worked form, which fails at no
number and stands in the entry of its activation or loss.
"""

import re
from collections.abc import Mapping

from ann_dashboard import checks, notation
from ann_dashboard.data.dataset import Dataset
from ann_dashboard.engine.network import Network
from ann_dashboard.engine.optimisers import descent
from ann_dashboard.engine.training import Training
from ann_dashboard.equations.rules import rules
from ann_dashboard.equations.variant import manner
from ann_dashboard.expressions.equation import Worked
from ann_dashboard.expressions.tree import FUNCTIONS, Value, symbols, written
from ann_dashboard.expressions.writers import BY_HAND
from ann_dashboard.words import counted


def by_hand_code(network: Network, data: Dataset, training: Training) -> str:
    """The lecture's kind of program for this very training, as Python source.

    Straight lines: one scalar equation for each quantity.
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
            f"{problem}: a by-hand program follows one sample with one update an epoch and no dropout; "
            "give such a training"
        )
    how = manner(training, data)
    given = _given(network, data, training)
    computed: dict[str, str] = {}
    moves: dict[str, str] = {}
    for rule in rules(network, how):
        lines_of = moves if rule.block == "update" and rule.symbol != notation.ETA else computed
        worked = rule.worked or Worked(rule.expression)
        for left, right in (*worked.given, (Value(rule.symbol), worked.expression)):
            lines_of[written(left, BY_HAND)] = written(right, BY_HAND)
    lines = [f"{symbol} = {number!r}" for symbol, number in given.items()]
    lines += ["", f"for epoch in range({training.epochs + 1}):", *_assignments(computed, 4)]
    lines += [f"    if epoch < {training.epochs}:"]
    if any(notation.UPDATE_NUMBER in symbols(rule.expression) for rule in rules(network, how)):
        lines += [f"        {notation.UPDATE_NUMBER} = epoch + 1"]
    lines += _assignments(moves, 8)
    return _with_functions("\n".join(lines) + "\n")


def _assignments(right_sides: Mapping[str, str], indent: int) -> list[str]:
    """A line of code for each quantity and its right side."""
    return [f"{' ' * indent}{symbol} = {text}" for symbol, text in right_sides.items()]


def _with_functions(code: str) -> str:
    """The code behind the definitions and imports of the functions that it calls."""

    def called(name: str) -> bool:
        return re.search(rf"\b{name}\(", code) is not None

    if defined := [
        function.defined for name, function in FUNCTIONS.items() if called(name) and function.defined
    ]:
        code = "".join(f"\n{text}\n" for text in defined) + f"\n{code}"
    imported = [
        function.imported for name, function in FUNCTIONS.items() if called(name) and function.imported
    ]
    return f"from math import {', '.join(imported)}\n\n{code}" if imported else code.lstrip()


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
