"""The by-hand program: a training as straight-line Python, one scalar equation a quantity, as the e-book's chapter has it."""

from ann_dashboard import notation
from ann_dashboard.data import Dataset
from ann_dashboard.expressions import symbols, written
from ann_dashboard.hands import BY_HAND
from ann_dashboard.manner import manner
from ann_dashboard.network import Network
from ann_dashboard.optimisers import descent
from ann_dashboard.rules import rules
from ann_dashboard.training import Training

SIGN = "def sign(x):\n    return (x > 0) - (x < 0)\n\n\n"


def by_hand_code(network: Network, data: Dataset, training: Training) -> str:
    """The lecture's kind of program for this very training: straight-line Python, one scalar equation a quantity.

    It needs nothing but Python, carries out the updates, and leaves every quantity of the last pass under its symbol; it runs all
    epochs, whatever rule may stop the training.
    Raises ValueError for what straight lines cannot tell: several samples, several updates an epoch, dropout.
    """
    if len(data) > 1 or training.dropout or any(updates != ((0,),) for updates in training.batches or ()):
        problem = f"the training has {len(data)} samples, dropout {training.dropout:g}" + (" and batches" if training.batches else "")
        raise ValueError(f"{problem}: a by-hand program follows one sample with one update an epoch and no dropout; give such a training")
    how = manner(training, data)
    given = _given(network, data, training)
    computed: list[str] = []
    moves: list[str] = []
    for rule in rules(network, how):
        line = f"{rule.symbol.removesuffix('_next')} = {written(rule.expression, BY_HAND)}"
        (moves if rule.block == "update" and rule.symbol != notation.ETA else computed).append(line)
    lines = [f"{symbol} = {number!r}" for symbol, number in given.items()]
    lines += ["", f"for epoch in range({training.epochs + 1}):", *(f"    {line}" for line in computed)]
    lines += [f"    if epoch < {training.epochs}:"]
    if any(notation.UPDATE_NUMBER in symbols(rule.expression) for rule in rules(network, how)):
        lines += [f"        {notation.UPDATE_NUMBER} = epoch + 1"]
    lines += [f"        {line}" for line in moves]
    code = "\n".join(lines) + "\n"
    imported = [name for name in ("exp", "expm1", "log as ln", "log1p", "sqrt", "tanh") if f"{name.split()[-1]}(" in code]
    if "sign(" in code:
        code = f"\n{SIGN}{code}"
    return f"from math import {', '.join(imported)}\n\n{code}" if imported else code.lstrip()


def _given(network: Network, data: Dataset, training: Training) -> dict[str, float]:
    """What a by-hand program begins with: the sample, the start, and the settings that its equations use."""
    given = {notation.pre_activation(node): value for node, value in zip(network.layers[0], data.x[0].tolist(), strict=True)}
    given |= dict(zip(network.truths, data.y[0].tolist(), strict=True)) | training.start_of(network)
    given |= {notation.FIRST_ETA: training.eta, "decay": training.decay} if training.decay else {notation.ETA: training.eta}
    given |= {name: getattr(training, name) for name in ("l1", "l2") if getattr(training, name)}
    optimiser = descent(training.optimiser)
    given |= optimiser.settings
    return given | {mean(parameter): 0.0 for mean in optimiser.keeps for parameter in network.parameters}
