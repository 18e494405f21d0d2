"""One pass and its update as ordered steps: what is computed, from what, with which equation, symbols first and then numbers.

`rules` are the same for every epoch of a network; `steps` puts the numbers of one pass into them. The order is the lecture's: forward,
loss, and back through nodes and along connections, where the paths add up, to the parameters and their update.
Source: e-book chapter, "Neural Networks Backpropagation Building Blocks".
"""

import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from ann_dashboard import notation
from ann_dashboard.checks import choice
from ann_dashboard.expressions import (
    FACTOR,
    LOOSE,
    TIGHT,
    Call,
    Constant,
    Difference,
    Expression,
    Hand,
    IfPositive,
    Named,
    Negative,
    Power,
    Product,
    Quotient,
    Sum,
    Value,
    symbols,
    written,
)
from ann_dashboard.history import History
from ann_dashboard.network import Network

BLOCKS = ("input", "forward", "loss", "through a node", "along a connection", "sum of paths", "parameter", "update")
"""The kinds of steps, in the order in which they first occur."""
ONE = Constant("1")


class Rule(NamedTuple):
    """One step of every pass of a network: the symbol it gives, its block, its equation's right side, and what it does in one sentence."""

    symbol: str
    block: str
    expression: Expression
    sentence: str


@dataclass(frozen=True)
class Step:
    """A rule with the numbers of one pass."""

    rule: Rule
    value: float
    numbers: Mapping[str, float] = field(repr=False)

    @property
    def symbol(self) -> str:
        """The symbol this step gives."""
        return self.rule.symbol

    @property
    def block(self) -> str:
        """One of ``BLOCKS``."""
        return self.rule.block

    @property
    def sentence(self) -> str:
        """What the step does, in one plain sentence."""
        return self.rule.sentence

    @property
    def used(self) -> tuple[str, ...]:
        """The symbols on the right side, each once."""
        return tuple(dict.fromkeys(symbols(self.rule.expression)))

    @property
    def equation(self) -> str:
        """The equation in TeX with symbols, without dollar signs."""
        return f"{notation.form(self.symbol).tex} = {written(self.rule.expression, TEX)}"

    @property
    def labelled(self) -> str:
        """The equation in TeX, each factor that is a derivative under an overbrace that names it, as the e-book writes it (not for mathtext)."""
        return f"{notation.form(self.symbol).tex} = {written(self.rule.expression, OVERBRACE)}"

    def substituted(self, decimals: int | None = None) -> str:
        """The right side with numbers, as plain text: with so many decimals, or so that every digit counts."""
        return written(self.rule.expression, _numbers_hand(self.numbers, decimals))


def steps(history: History, epoch: int, sample: int = 0, *, of: str = notation.LOSS) -> tuple[Step, ...]:
    """The pass of one sample at one epoch, and the update that follows it, as ordered steps; ``of="P"`` with derivatives as the lecture prints them.

    The last recorded epoch is followed by no update, and its steps end with the derivatives of the parameters; so do those of an epoch whose
    next epoch is not recorded. Raises LookupError for an epoch that is not recorded or a sample that does not exist.
    """
    numbers = history.at(epoch, sample)
    network = history.network
    for i, j in network.connections:
        source, target = network.nodes[i - 1], network.nodes[j - 1]
        back = notation.derivative(notation.pre_activation(target))
        numbers[notation.returned(i, target)] = numbers[notation.weight(i, j)] * numbers[back]
        numbers[notation.term(source, j)] = numbers[notation.weight(i, j)] * numbers[source]
    if epoch + 1 in history.recorded_epochs:
        after = history.at(epoch + 1, sample)
        means = {} if len(history.data) == 1 else _means(history, epoch)
        numbers |= means | {notation.moved(parameter): after[parameter] for parameter in network.parameters}
    if of != notation.LOSS:
        numbers = {symbol: -value if notation.turns_with_the_sign(symbol) else value for symbol, value in numbers.items()}
    shown = rules(network, of=of, batch=len(history.data) > 1, biases_move=history.training.train_biases)
    return tuple(Step(rule, numbers[rule.symbol], numbers) for rule in shown if rule.symbol in numbers)


@cache
def rules(network: Network, *, of: str = notation.LOSS, batch: bool = False, biases_move: bool = True) -> tuple[Rule, ...]:
    """The steps of every pass of a network.

    ``of="P"``: derivatives of the performance P = −L, which the lecture prints: ŷ and y change places, and the update adds.
    ``batch``: the update takes means over several samples.
    """
    backward = (*_backward(network, of), *_parameters(network, of), *_updates(network, of, batch, biases_move))
    return (*_forward(network), _loss(network), *backward)


def paths(network: Network, node: str) -> tuple[tuple[str, ...], ...]:
    """Every way from a node to the outputs, as the nodes it passes: I1 H4 O6 and I1 H5 O6 from I1. Raises ValueError for what is no node."""
    choice("node", node, network.nodes)
    layer = next(place for place, nodes in enumerate(network.layers) if node in nodes)
    if layer == len(network.layers) - 1:
        return ((node,),)
    return tuple((node, *rest) for following in network.layers[layer + 1] for rest in paths(network, following))


def path_product(network: Network, path: tuple[str, ...], *, of: str = notation.LOSS) -> Product:
    """The share of one path in ∂L/∂ of its first node: λ14 · (1 − H4) H4 · λ46 · 1 · ∂L/∂O6, every factor named as the derivative that it is.

    Source: e-book chapter, "Accounting for Multiple Paths". Erratum: the e-book once prints λ46 for ∂H4in/∂I1.
    """
    factors: list[Expression] = []
    for node, following in itertools.pairwise(path):
        before = notation.pre_activation(following)
        factors.append(Named(Value(notation.weight(int(node[1:]), int(following[1:]))), before, node))
        factors.append(Named(_slope(network, following), following, before))
    last = path[-1]
    return Product((*factors, Named(Value(notation.derivative(last)), of, last)))


@np.errstate(over="ignore", invalid="ignore")
def evaluated(expression: Expression, numbers: Mapping[str, Any]) -> Any:
    """The value of an expression for numbers, or for columns of numbers, given by symbol; what is too large becomes inf or NaN."""
    match expression:
        case Value(symbol):
            return numbers[symbol]
        case Constant(text):
            return float(text)
        case Named(of, _, _):
            return evaluated(of, numbers)
        case Negative(of):
            return -evaluated(of, numbers)
        case Sum(terms):
            return sum(evaluated(term, numbers) for term in terms)
        case Difference(left, right):
            return evaluated(left, numbers) - evaluated(right, numbers)
        case Product(factors):
            return math.prod(evaluated(factor, numbers) for factor in factors)
        case Quotient(above, below):
            return evaluated(above, numbers) / evaluated(below, numbers)
        case Power(base):
            root = evaluated(base, numbers)
            return root * root
        case IfPositive(tested, then, otherwise):
            return np.where(evaluated(tested, numbers) > 0, float(then.text), float(otherwise.text))
        case Call(function, arguments):
            return FUNCTIONS[function](*(evaluated(argument, numbers) for argument in arguments))


def by_hand_code(network: Network) -> str:
    """The lecture's kind of program for this very network: straight-line Python, one scalar equation a quantity.

    It expects the inputs I1 ..., truths y_1 ..., all weights and biases, ``eta`` and ``epochs`` as variables, carries out the updates,
    and leaves every quantity of the last pass.
    """
    computed = [rule for rule in rules(network) if rule.block not in ("input", "update")]
    moves = [rule for rule in rules(network) if rule.block == "update"]
    lines = ["for epoch in range(epochs + 1):"]
    lines += [f"    {rule.symbol} = {written(rule.expression, PYTHON)}" for rule in computed]
    lines += ["    if epoch < epochs:"]
    lines += [f"        {rule.symbol.removesuffix('_next')} = {written(rule.expression, PYTHON)}" for rule in moves]
    code = "\n".join(lines) + "\n"
    imported = ", ".join(name for name in ("exp", "tanh") if f"{name}(" in code)
    return f"from math import {imported}\n\n{code}" if imported else code


def _forward(network: Network) -> Iterator[Rule]:
    for number, node in enumerate(network.layers[0], start=1):
        before = notation.pre_activation(node)
        yield Rule(node, "input", Value(before), f"The input node {node} passes predictor {number} on unchanged.")
    for sources, targets, activation in _layers(network):
        for target in targets:
            terms = tuple(Product((Value(notation.weight(int(source[1:]), int(target[1:]))), Value(source))) for source in sources)
            total, bias = notation.pre_activation(target), notation.bias(int(target[1:]))
            name = f"{target}in"
            yield Rule(
                total, "forward", Sum((*terms, Value(bias))), f"{name} is the sum of every signal times its weight, plus the bias b{target[1:]}."
            )
            yield Rule(target, "forward", _activated(activation, Value(total)), f"{target} is the {_WORDS[activation]} of {name}.")


def _loss(network: Network) -> Rule:
    squares = tuple(Power(error) for error in _errors(network))
    total = squares[0] if len(squares) == 1 else Sum(squares)
    return Rule(notation.LOSS, "loss", Product((Constant("0.5"), total)), "The loss is half the squared difference of prediction and truth.")


def _backward(network: Network, of: str) -> Iterator[Rule]:
    for node, error in zip(network.layers[-1], _errors(network), strict=True):
        truth_first = of != notation.LOSS
        sentence = f"The derivative at the output {node} is {'truth less prediction' if truth_first else 'prediction less truth'}."
        yield Rule(notation.derivative(node), "loss", Difference(error.right, error.left) if truth_first else error, sentence)
    following: tuple[str, ...] = ()
    for nodes in reversed(network.layers):
        for node in nodes:
            if following:
                yield from _paths_back(node, following, of)
            yield _through(network, node, of)
        following = nodes


def _paths_back(node: str, following: tuple[str, ...], of: str) -> Iterator[Rule]:
    """What comes back to a node along each of its connections, and their sum."""
    for target in following:
        factors = Value(notation.weight(int(node[1:]), int(target[1:]))), Value(notation.derivative(notation.pre_activation(target)))
        named = Named(factors[0], notation.pre_activation(target), node), Named(factors[1], of, notation.pre_activation(target))
        sentence = f"Along the connection from {node} to {target} the derivative goes back times the weight."
        yield Rule(notation.returned(int(node[1:]), target), "along a connection", Product(named), sentence)
    shares = tuple(Value(notation.returned(int(node[1:]), target)) for target in following)
    sentence = (
        f"∂{of}/∂{node} is the sum over its {len(shares)} paths."
        if len(shares) > 1
        else f"One path leads back to {node}, so ∂{of}/∂{node} is what it brings."
    )
    yield Rule(notation.derivative(node), "sum of paths", Sum(shares) if len(shares) > 1 else shares[0], sentence)


def _through(network: Network, node: str, of: str) -> Rule:
    before = notation.pre_activation(node)
    arriving = Named(Value(notation.derivative(node)), of, node)
    sentence = f"Through the node {node} the derivative goes back times the slope of its activation."
    return Rule(notation.derivative(before), "through a node", Product((Named(_slope(network, node), node, before), arriving)), sentence)


def _parameters(network: Network, of: str) -> Iterator[Rule]:
    for i, j in network.connections:
        source, before = network.nodes[i - 1], notation.pre_activation(network.nodes[j - 1])
        factors = Named(Value(source), before, notation.weight(i, j)), Named(Value(notation.derivative(before)), of, before)
        sentence = f"The weight λ{i},{j} matters by the signal {source} on its connection times the derivative where it arrives."
        yield Rule(notation.derivative(notation.weight(i, j)), "parameter", Product(factors), sentence)
    for bias in network.biases:
        before = notation.pre_activation(network.nodes[int(bias[2:]) - 1])
        sentence = f"The bias b{bias[2:]} is added to {before}, so its derivative is that of {before}."
        yield Rule(notation.derivative(bias), "parameter", Value(notation.derivative(before)), sentence)


def _updates(network: Network, of: str, batch: bool, biases_move: bool) -> Iterator[Rule]:
    for parameter in network.parameters:
        plain = notation.form(parameter).plain
        if parameter in network.biases and not biases_move:
            yield Rule(notation.moved(parameter), "update", Value(parameter), f"{plain} is held: the biases are not trained.")
            continue
        derivative = notation.derivative(parameter)
        step = Product((Value(notation.ETA), Value(notation.mean(derivative) if batch else derivative)))
        mean = ", averaged over the samples" if batch else ""
        if of == notation.LOSS:
            yield Rule(notation.moved(parameter), "update", Difference(Value(parameter), step), f"{plain} moves against its derivative{mean}.")
        else:
            yield Rule(notation.moved(parameter), "update", Sum((Value(parameter), step)), f"{plain} moves along its derivative of {of}{mean}.")


def _layers(network: Network) -> Iterator[tuple[tuple[str, ...], tuple[str, ...], str]]:
    return zip(network.layers, network.layers[1:], network.layer_activations, strict=False)


def _errors(network: Network) -> tuple[Difference, ...]:
    return tuple(Difference(Value(node), Value(truth)) for node, truth in zip(network.layers[-1], network.truths, strict=True))


def _activated(activation: str, total: Value) -> Expression:
    match activation:
        case "sigmoid":
            return Quotient(ONE, Sum((ONE, Call("exp", (Negative(total),)))))
        case "tanh":
            return Call("tanh", (total,))
        case "relu":
            return Call("max", (Constant("0"), total))
        case "leaky_relu":
            return Call("max", (Product((Constant("0.01"), total)), total))
    return total


def _slope(network: Network, node: str) -> Expression:
    """∂out/∂in of a node as a function of its output. Erratum: the e-book uses (1 − O6) O6 at O6 although O6 is the identity."""
    layer = next(place for place, nodes in enumerate(network.layers) if node in nodes)
    out = Value(node)
    match network.layer_activations[layer - 1] if layer else "identity":
        case "sigmoid":
            return Product((Difference(ONE, out), out))
        case "tanh":
            return Difference(ONE, Power(out))
        case "relu":
            return IfPositive(out, ONE, Constant("0"))
        case "leaky_relu":
            return IfPositive(out, ONE, Constant("0.01"))
    return ONE


def _means(history: History, epoch: int) -> dict[str, float]:
    """Symbol of each mean derivative -> its value over the samples of the epoch's batch."""
    row = history.updates.loc[(epoch, 0)]
    derivatives = map(notation.derivative, history.network.parameters)
    return {notation.mean(derivative): float(row[derivative]) for derivative in derivatives}


FUNCTIONS = {"exp": np.exp, "tanh": np.tanh, "max": np.maximum}
_WORDS = {
    "identity": "unchanged value",
    "sigmoid": "sigmoid",
    "tanh": "hyperbolic tangent",
    "relu": "larger of 0 and the value",
    "leaky_relu": "leaky ReLU",
}

TEX = Hand(
    value=lambda symbol: notation.form(symbol).tex,
    minus="-",
    times=r" \cdot ",
    bracketed=r"\left( {0} \right)",
    quotient=r"\frac{{{0}}}{{{1}}}",
    in_quotient=(LOOSE, LOOSE),
    power="{0}^2",
    call=r"\mathrm{{{0}}}\left( {1} \right)",
    if_positive=r"\left( {0}\ \mathrm{{if}}\ {1} > 0\ \mathrm{{else}}\ {2} \right)",
    named=lambda text, _top, _bottom: text,
)
OVERBRACE = TEX._replace(
    named=lambda text, top, bottom: rf"\overbrace{{{text}}}^{{\partial {notation.form(top).tex}/\partial {notation.form(bottom).tex}}}"
)
PYTHON = Hand(
    value=lambda symbol: symbol,
    minus="-",
    times=" * ",
    bracketed="({0})",
    quotient="{0} / {1}",
    in_quotient=(FACTOR, TIGHT),
    power="{0} ** 2",
    call="{0}({1})",
    if_positive="({0} if {1} > 0 else {2})",
    named=lambda text, _top, _bottom: text,
)


def _numbers_hand(numbers: Mapping[str, float], decimals: int | None) -> Hand:
    """Numbers in the place of symbols: repr when every digit counts; a negative number stands in brackets."""

    def value(symbol: str) -> str:
        text = (repr(numbers[symbol]) if decimals is None else f"{numbers[symbol]:.{decimals}f}").replace("-", notation.MINUS)
        return f"({text})" if text.startswith(notation.MINUS) else text

    return PYTHON._replace(value=value, minus=notation.MINUS, times=" · ", power="{0}²")
