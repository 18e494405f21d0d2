"""The rules of a pass: what is computed, from what, and with which equation.

They come in the lecture's order and are the same at every epoch of a training.
Forward, loss, and back through nodes and along connections, where the paths add up, to the parameters and
their update.
Source: e-book chapter, "Neural Networks Backpropagation Building Blocks"; of the other losses, optimisers and
penalties those of `losses`,
`optimisers` and `training`.
"""

import functools
import itertools
import math
from collections.abc import Iterator
from typing import NamedTuple

from ann_dashboard import notation
from ann_dashboard.checks import choice
from ann_dashboard.engine.activations import ACTIVATIONS, INPUT, Activation, Coupling
from ann_dashboard.engine.losses import LOSSES, Entropy
from ann_dashboard.engine.network import Network
from ann_dashboard.engine.optimisers import Optimiser, descent
from ann_dashboard.equations.variant import LECTURES, Manner
from ann_dashboard.expressions.equation import Equation, Slip, Worked
from ann_dashboard.expressions.tree import (
    ONE,
    Call,
    Difference,
    Expression,
    Named,
    Product,
    Quotient,
    Setting,
    Sum,
    Value,
    added,
)

BLOCKS = (
    "input",
    "forward",
    "loss",
    "through a node",
    "along a connection",
    "sum of paths",
    "parameter",
    "update",
)
"""The kinds of steps, in the order in which they first occur."""


class Rule(NamedTuple):
    """One step of every pass of a network: an equation, and the block it belongs to.

    ``symbol``, ``expression``, ``sentence``, ``slips``, ``worked``: as an `Equation` has them.
    ``block``: one of `BLOCKS`.
    """

    symbol: str
    block: str
    expression: Expression
    sentence: str
    slips: tuple[Slip, ...] = ()
    worked: Worked | None = None


@functools.lru_cache(maxsize=3)
def rules(network: Network, manner: Manner = LECTURES, *, of: str = notation.LOSS) -> tuple[Rule, ...]:
    """The steps of every pass of a network that is trained in a manner; the default is the lecture's.

    ``of="P"``: derivatives of the performance P = −L, which the lecture prints: ŷ and y change places, and
    the update adds.
    """
    backward = (*_backward(network, manner, of), *_parameters(network, of), *_updates(network, manner, of))
    return (*_forward(network, manner), _loss(network, manner), *backward)


def paths(network: Network, node: str) -> tuple[tuple[str, ...], ...]:
    """Every way from a node to the outputs: I1 H4 O6 and I1 H5 O6 from I1.

    Raises ValueError for what is not a node.
    """
    choice("node", node, network.nodes)
    layer = next(place for place, nodes in enumerate(network.layers) if node in nodes)
    if layer == len(network.layers) - 1:
        return ((node,),)
    return tuple(
        (node, *rest) for following in network.layers[layer + 1] for rest in paths(network, following)
    )


def path_count(network: Network, node: str) -> int:
    """How many paths lead from a node to the outputs: the product of the widths of the layers behind it."""
    layer = next(place for place, nodes in enumerate(network.layers) if node in nodes)
    return math.prod(network.widths[layer + 1 :])


def path_product(
    network: Network, path: tuple[str, ...], manner: Manner = LECTURES, *, of: str = notation.LOSS
) -> Product:
    """The share of one path in ∂L/∂ of its first node.

    λ14 · (1 − H4) H4 · λ46 · 1 · ∂L/∂O6, every factor named as the derivative that it is.
    Where ∂L/∂O6in is not slope times ∂L/∂O6, of a softmax or with an entropy, the path ends with ∂L/∂O6in.
    Source: e-book chapter, "Accounting for Multiple Paths". Erratum: the e-book once prints λ46 for
    ∂H4in/∂I1.
    """
    last, whole = path[-1], len(path) > 1 and _settled(network, manner)
    end = notation.pre_activation(last) if whole else last
    factors: list[Expression] = []
    for node, following in itertools.pairwise(path):
        before = notation.pre_activation(following)
        factors.append(Named(Value(notation.weight(int(node[1:]), int(following[1:]))), before, node))
        if not (whole and following == last):
            factors.append(Named(_slope(network, manner, following), following, before))
    return Product((*factors, Named(Value(notation.derivative(end)), of, end)))


def _forward(network: Network, manner: Manner) -> Iterator[Rule]:
    for number, node in enumerate(network.layers[0], start=1):
        before = notation.pre_activation(node)
        yield Rule(
            node, "input", Value(before), f"The input node {node} passes predictor {number} on unchanged."
        )
    for sources, targets, activation in _layers(network):
        masked = manner.dropout and targets != network.layers[-1]
        totals = tuple(Value(notation.pre_activation(target)) for target in targets)
        for target, total in zip(targets, totals, strict=True):
            terms = tuple(
                Product((Value(notation.weight(int(source[1:]), int(target[1:]))), Value(source)))
                for source in sources
            )
            bias, name = notation.bias(int(target[1:])), total.symbol
            yield Rule(
                name,
                "forward",
                Sum((*terms, Value(bias))),
                f"{name} is the sum of every signal times its weight, plus the bias b{target[1:]}.",
            )
            if isinstance(activation, Coupling):
                continue
            out = notation.unmasked(target) if masked else target
            said = f"{notation.form(out).plain} is the {activation.words} of {name}."
            yield Rule(out, "forward", activation.tree(total), said)
            if masked:
                said = (
                    f"{target} is {notation.form(out).plain} times its mask: 0 where {target} is left out, "
                    "so that no other node can rely on it."
                )
                yield Rule(target, "forward", Product((Value(notation.mask(target)), Value(out))), said)
        if isinstance(activation, Coupling):
            for target, total in zip(targets, totals, strict=True):
                yield _rule("forward", activation.layer_tree(target, total, totals))


def _loss(network: Network, manner: Manner) -> Rule:
    return _rule("loss", LOSSES[manner.loss].tree(*_outputs(network)))


def _backward(network: Network, manner: Manner, of: str) -> Iterator[Rule]:
    for out, truth in zip(*_outputs(network), strict=True):
        yield _rule(
            "loss", LOSSES[manner.loss].slope_tree(out, truth, network.widths[-1], turned=of != notation.LOSS)
        )
    following: tuple[str, ...] = ()
    for nodes in reversed(network.layers):
        for node in nodes:
            if following:
                yield from _paths_back(node, following, of)
            yield (
                _through_output(network, manner, node, of)
                if not following and _settled(network, manner)
                else _through(network, manner, node, of)
            )
        following = nodes


def _settled(network: Network, manner: Manner) -> bool:
    """Whether ∂L/∂O_in of the outputs comes all at once, not as slope times ∂L/∂O.

    A softmax couples the outputs; with an entropy much cancels.
    """
    return ACTIVATIONS[network.output].couples or LOSSES[manner.loss].settles


def _through_output(network: Network, manner: Manner, node: str, of: str) -> Rule:
    """∂L/∂O_in of an output where it comes all at once.

    ŷ − y with the entropies, else O_j (∂L/∂O_j − Σ_l O_l ∂L/∂O_l) of a softmax.
    """
    loss, activation = LOSSES[manner.loss], ACTIVATIONS[network.output]
    outputs = network.layers[-1]
    if isinstance(loss, Entropy):
        _, truths = _outputs(network)
        truth, turned = truths[outputs.index(node)], of != notation.LOSS
        return _rule(
            "through a node",
            loss.cancelled(Value(node), truth, truths, one_hot=manner.one_hot, turned=turned),
        )
    assert isinstance(activation, Coupling)
    return _rule("through a node", activation.back_tree(node, outputs))


def _paths_back(node: str, following: tuple[str, ...], of: str) -> Iterator[Rule]:
    """What comes back to a node along each of its connections, and their sum."""
    for target in following:
        factors = (
            Value(notation.weight(int(node[1:]), int(target[1:]))),
            Value(notation.derivative(notation.pre_activation(target))),
        )
        named = (
            Named(factors[0], notation.pre_activation(target), node),
            Named(factors[1], of, notation.pre_activation(target)),
        )
        sentence = f"Along the connection from {node} to {target} the derivative goes back times the weight."
        yield Rule(notation.returned(int(node[1:]), target), "along a connection", Product(named), sentence)
    shares = tuple(Value(notation.returned(int(node[1:]), target)) for target in following)
    sentence = (
        f"∂{of}/∂{node} is the sum over its {len(shares)} paths."
        if len(shares) > 1
        else f"One path leads back to {node}, so ∂{of}/∂{node} is what it brings."
    )
    yield Rule(notation.derivative(node), "sum of paths", added(shares), sentence)


def _through(network: Network, manner: Manner, node: str, of: str) -> Rule:
    before = notation.pre_activation(node)
    arriving = Named(Value(notation.derivative(node)), of, node)
    sentence = f"Through the node {node} the derivative goes back times the slope of its activation"
    sentence += _activation(network, node).remark
    if _masked(network, manner, node):
        sentence += f" and its mask, 0 where {node} is left out"
    slope = Named(_slope(network, manner, node), node, before)
    return Rule(notation.derivative(before), "through a node", Product((slope, arriving)), f"{sentence}.")


def _parameters(network: Network, of: str) -> Iterator[Rule]:
    for i, j in network.connections:
        source, before = network.nodes[i - 1], notation.pre_activation(network.nodes[j - 1])
        factors = (
            Named(Value(source), before, notation.weight(i, j)),
            Named(Value(notation.derivative(before)), of, before),
        )
        sentence = (
            f"The weight λ{i},{j} matters by the signal {source} on its connection times the derivative "
            "where it arrives."
        )
        yield Rule(notation.derivative(notation.weight(i, j)), "parameter", Product(factors), sentence)
    for bias in network.biases:
        before = notation.pre_activation(network.nodes[int(bias[2:]) - 1])
        sentence = f"The bias b{bias[2:]} is added to {before}, so its derivative is that of {before}."
        yield Rule(notation.derivative(bias), "parameter", Value(notation.derivative(before)), sentence)


def _updates(network: Network, manner: Manner, of: str) -> Iterator[Rule]:
    if manner.decay:
        later = Sum((ONE, Product((Setting("decay", manner.decay), Value(notation.EPOCH)))))
        yield Rule(
            notation.ETA,
            "update",
            Quotient(Value(notation.FIRST_ETA), later),
            "The learning rate η decays: it becomes smaller every epoch.",
        )
    for parameter in network.parameters:
        plain = notation.form(parameter).plain
        if parameter in network.biases and not manner.biases_move:
            yield Rule(
                notation.moved(parameter),
                "update",
                Value(parameter),
                f"{plain} is held: the biases are not trained.",
            )
            continue
        derivative = notation.derivative(parameter)
        moves_by = Value(derivative if manner.mean == "own" else notation.mean(derivative))
        averaged = _AVERAGED[manner.mean]
        if (manner.l1 or manner.l2) and parameter in network.weights:
            said = (
                f"The gradient of {plain} is its derivative{averaged}, and that of the penalty, which "
                "draws it to 0."
            )
            moves_by, averaged = Value(notation.gradient(parameter)), ""
            yield Rule(moves_by.symbol, "update", _penalised(manner, parameter, of), said)
        yield from _moves(manner.optimiser, parameter, moves_by, averaged, of)


def _penalised(manner: Manner, weight: str, of: str) -> Expression:
    """∂L/∂λ + l2·λ + l1·sign(λ); of P = −L with minus signs.

    Its penalty ½·l2·λ² + l1·|λ| is not part of L.
    """
    derivative, value = notation.derivative(weight), Value(weight)
    found: Expression = Value(derivative if manner.mean == "own" else notation.mean(derivative))
    penalties: list[Expression] = []
    if manner.l2:
        penalties.append(Product((Setting("l2", manner.l2), value)))
    if manner.l1:
        penalties.append(Product((Setting("l1", manner.l1), Call("sign", (value,)))))
    if of == notation.LOSS:
        return Sum((found, *penalties))
    return functools.reduce(Difference, penalties, found)


def _moves(optimiser: Optimiser, parameter: str, gradient: Value, averaged: str, of: str) -> Iterator[Rule]:
    """How the optimiser moves one parameter by its gradient.

    ``averaged``: over what, as the end of a sentence.
    """
    update = descent(optimiser).update(parameter, gradient, averaged)
    yield from (_rule("update", equation) for equation in update.means)
    plain, old, turned = notation.form(parameter).plain, Value(parameter), of != notation.LOSS

    def moved_by(step: Expression) -> Expression:
        way = Product((Value(notation.ETA), step))
        return Sum((old, way)) if turned else Difference(old, way)

    words = update.words.replace("its derivative", f"its derivative of {of}") if turned else update.words
    said = f"{plain} moves {'along' if turned else 'against'} {words}."
    slips = tuple(slip._replace(expression=moved_by(slip.expression)) for slip in update.slips)
    yield Rule(notation.moved(parameter), "update", moved_by(update.step), said, slips)


def _rule(block: str, equation: Equation) -> Rule:
    return Rule(equation.symbol, block, *equation[1:])


def _layer(network: Network, node: str) -> int:
    return next(place for place, nodes in enumerate(network.layers) if node in nodes)


def _masked(network: Network, manner: Manner, node: str) -> bool:
    return manner.dropout and 0 < _layer(network, node) < len(network.layers) - 1


def _layers(network: Network) -> Iterator[tuple[tuple[str, ...], tuple[str, ...], Activation]]:
    return zip(
        network.layers,
        network.layers[1:],
        map(ACTIVATIONS.__getitem__, network.layer_activations),
        strict=False,
    )


def _activation(network: Network, node: str) -> Activation:
    """The activation of a node; an input node passes its value on unchanged."""
    layer = _layer(network, node)
    return ACTIVATIONS[network.layer_activations[layer - 1]] if layer else INPUT


def _outputs(network: Network) -> tuple[tuple[Value, ...], tuple[Value, ...]]:
    """The predictions and their truths."""
    return tuple(map(Value, network.layers[-1])), tuple(map(Value, network.truths))


def _slope(network: Network, manner: Manner, node: str) -> Expression:
    """∂out/∂in of a node as a function of its output.

    With dropout, its mask times the slope of its activation.
    Of the step it is the surrogate 1. Erratum: the e-book uses (1 − O6) O6 at O6 although O6 is the identity.
    """
    masked = _masked(network, manner, node)
    slope = _activation(network, node).slope_tree(Value(notation.unmasked(node) if masked else node))
    return Product((Value(notation.mask(node)), slope)) if masked else slope


_AVERAGED = {
    "own": "",
    "all": ", averaged over the samples",
    "some": ", averaged over the batch of the update (the sample shown need not be in it)",
}
