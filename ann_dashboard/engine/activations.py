"""The activations: what a node does with its weighted sum.

Everything that an activation is stands in its entry here, and nowhere else.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

import numpy as np

from ann_dashboard import notation
from ann_dashboard.engine.record import Layout, Row
from ann_dashboard.expressions.equation import Equation, Slip, Worked
from ann_dashboard.expressions.tree import (
    ONE,
    ZERO,
    Call,
    Constant,
    Difference,
    Expression,
    IfAtLeastZero,
    IfPositive,
    Negative,
    Power,
    Product,
    Quotient,
    Share,
    Stable,
    Sum,
    Value,
)


class Activation(ABC):
    """One activation, in every form that it has.

    ``name``: in networks and links. ``label``: in a sentence. ``description``: what it does, for a person
    who chooses one.
    ``equation``, ``slope_equation``: out = α(in) and ∂out/∂in in TeX. ``words``: "H4 is the ... of H4in".
    ``remark``: what a step back through such a node adds.
    ``instead``: what to choose where its nodes have died, which then give 0 with slope 0; "" if they cannot.
    ``least``, ``most``: what its outputs lie between. ``two_valued``: they are one or the other. ``rises``:
    keeps the order of different sums.
    ``out`` and ``slope`` are the engine's, plain and compiled by numba: bare numbers, `math`, and functions
    of their own module.
    Source: lecture deck, "Activation Functions".
    """

    name: ClassVar[str]
    label: ClassVar[str]
    description: ClassVar[str]
    equation: ClassVar[str]
    slope_equation: ClassVar[str]
    words: ClassVar[str]
    remark: ClassVar[str] = ""
    instead: ClassVar[str] = ""
    least: ClassVar[float] = -math.inf
    most: ClassVar[float] = math.inf
    two_valued: ClassVar[bool] = False
    rises: ClassVar[bool] = True

    @staticmethod
    @abstractmethod
    def out(total: float) -> float:
        """The node's output for its weighted sum, α(in)."""

    @staticmethod
    @abstractmethod
    def slope(out: float) -> float:
        """∂out/∂in as a function of the node's OUTPUT, as the lecture has it."""

    @staticmethod
    @abstractmethod
    def outs(totals: np.ndarray) -> np.ndarray:
        """The outputs of a layer for its weighted sums (..., nodes); what is not a number stays none."""

    @staticmethod
    @abstractmethod
    def tree(total: Value) -> Expression:
        """α(in) as it stands in an equation."""

    @staticmethod
    @abstractmethod
    def slope_tree(out: Value) -> Expression:
        """∂out/∂in as it stands in an equation."""

    @staticmethod
    def reached_at(threshold: float) -> float:
        """The weighted sum from which on the output reaches a threshold.

        0 for an output that is not a graded probability.
        """
        return 0.0

    @property
    def code(self) -> int:
        """The engine's number for it: its place in the catalogue."""
        return _PLACES[self.name]

    @property
    def couples(self) -> bool:
        """Whether it couples the nodes of its layer."""
        return isinstance(self, Coupling)

    @property
    def is_probability(self) -> bool:
        """Whether the output of one such node can be taken for a probability."""
        return (self.least, self.most) == (0.0, 1.0) and not self.couples

    def reaches(self, values: np.ndarray) -> bool:
        """Whether the outputs can take all of some values."""
        if self.two_valued:
            return bool(np.isin(values, (self.least, self.most)).all())
        return bool(((values >= self.least) & (values <= self.most)).all())


class Coupling(Activation):
    """An activation that couples the nodes of its layer: the output layer only.

    The output of each node depends on all weighted sums of the layer.
    ``out`` and ``slope`` are those before the coupling. ``couple`` and ``back`` are the engine's, as ``out``
    and ``slope`` are.
    """

    @staticmethod
    @abstractmethod
    def couple(row: Row, first: int, end: int) -> None:
        """Write the outputs of the nodes from ``first`` to before ``end`` into the row."""

    @staticmethod
    @abstractmethod
    def back(row: Row, at: Layout, outputs: int) -> None:
        """Write ∂L/∂O_in of the output nodes into the row, from ∂L/∂O."""

    @staticmethod
    @abstractmethod
    def layer_tree(node: str, total: Value, totals: tuple[Value, ...]) -> Equation:
        """The equation of the output of one node of the layer."""

    @staticmethod
    @abstractmethod
    def back_tree(node: str, nodes: tuple[str, ...]) -> Equation:
        """The equation of ∂L/∂O_in of one node of the layer."""


class Identity(Activation):
    """Errata: the e-book uses (1 − O6) O6 at O6 although O6 is the identity."""

    name = "identity"
    label = "identity"
    description = "out = in: any number; what a network that predicts numbers ends with"
    equation, slope_equation = r"in", r"1"
    words = "unchanged value"

    @staticmethod
    def out(total: float) -> float:
        return total

    @staticmethod
    def slope(out: float) -> float:
        return 1.0

    @staticmethod
    def outs(totals: np.ndarray) -> np.ndarray:
        return totals

    @staticmethod
    def tree(total: Value) -> Expression:
        return total

    @staticmethod
    def slope_tree(out: Value) -> Expression:
        return ONE


def sigmoid(total: float) -> float:
    """1 / (1 + e^(−in)), without overflow for any input."""
    if total >= 0.0:
        return 1.0 / (1.0 + math.exp(-total))
    power = math.exp(total)
    return power / (1.0 + power)


class Sigmoid(Activation):
    """The lecture's activation; its slope (1 − H4)·H4 is never above 0.25."""

    name = "sigmoid"
    label = "sigmoid"
    description = "out = 1 / (1 + e^(−in)): between 0 and 1, a probability"
    equation, slope_equation = r"\frac{1}{1 + e^{-in}}", r"(1 - out) \cdot out"
    words = "sigmoid"
    least, most = 0.0, 1.0

    out = staticmethod(sigmoid)

    @staticmethod
    def slope(out: float) -> float:
        return (1.0 - out) * out

    @staticmethod
    def outs(totals: np.ndarray) -> np.ndarray:
        power = np.exp(-np.abs(totals))
        return np.where(totals >= 0, 1.0, power) / (1.0 + power)

    @staticmethod
    def tree(total: Value) -> Expression:
        falling, rising = Call("exp", (Negative(total),)), Call("exp", (total,))
        spelled = Quotient(ONE, Sum((ONE, falling)))
        return Stable(spelled, IfAtLeastZero(total, spelled, Quotient(rising, Sum((ONE, rising)))))

    @staticmethod
    def slope_tree(out: Value) -> Expression:
        return Product((Difference(ONE, out), out))

    @staticmethod
    def reached_at(threshold: float) -> float:
        return float(np.log(threshold / (1 - threshold)))


class Tanh(Activation):
    """The sigmoid stretched to lie between −1 and 1."""

    name = "tanh"
    label = "tanh"
    description = "out = tanh(in): between −1 and 1"
    equation, slope_equation = r"\tanh(in)", r"1 - out^2"
    words = "hyperbolic tangent"
    least, most = -1.0, 1.0

    @staticmethod
    def out(total: float) -> float:
        return math.tanh(total)

    @staticmethod
    def slope(out: float) -> float:
        return 1.0 - out * out

    @staticmethod
    def outs(totals: np.ndarray) -> np.ndarray:
        return np.tanh(totals)

    @staticmethod
    def tree(total: Value) -> Expression:
        return Call("tanh", (total,))

    @staticmethod
    def slope_tree(out: Value) -> Expression:
        return Difference(ONE, Power(out))


class Relu(Activation):
    """Errata: one slide prints ReLU's slope as x for x > 0; it is 1."""

    name = "relu"
    label = "ReLU"
    description = "out = in above 0, else 0"
    equation, slope_equation = r"\max(0, in)", r"1\ \mathrm{if}\ in > 0,\ \mathrm{else}\ 0"
    words = "larger of 0 and the value"
    instead = "a leaky ReLU"
    least = 0.0
    rises = False

    @staticmethod
    def out(total: float) -> float:
        return 0.0 if total < 0.0 else total

    @staticmethod
    def slope(out: float) -> float:
        return 0.0 if out <= 0.0 else 1.0

    @staticmethod
    def outs(totals: np.ndarray) -> np.ndarray:
        return np.where(totals < 0, 0.0, totals)

    @staticmethod
    def tree(total: Value) -> Expression:
        return Stable(Call("max", (ZERO, total)), Call("max", (total, ZERO)))  # so Python's max keeps NaN

    @staticmethod
    def slope_tree(out: Value) -> Expression:
        return IfPositive(out, ONE, ZERO)


class LeakyRelu(Activation):
    """A ReLU that still learns a little where its weighted sum is below 0."""

    name = "leaky_relu"
    label = "leaky ReLU"
    description = "out = in above 0, else 0.01 in"
    equation, slope_equation = r"\max(0.01\,in, in)", r"1\ \mathrm{if}\ in > 0,\ \mathrm{else}\ 0.01"
    words = "leaky ReLU"

    @staticmethod
    def out(total: float) -> float:
        return 0.01 * total if total < 0.0 else total

    @staticmethod
    def slope(out: float) -> float:
        return 0.01 if out <= 0.0 else 1.0

    @staticmethod
    def outs(totals: np.ndarray) -> np.ndarray:
        return np.where(totals < 0, 0.01 * totals, totals)

    @staticmethod
    def tree(total: Value) -> Expression:
        return Call("max", (Product((Constant("0.01"), total)), total))

    @staticmethod
    def slope_tree(out: Value) -> Expression:
        return IfPositive(out, ONE, Constant("0.01"))


class Softplus(Activation):
    """A ReLU without its kink.

    Its slope is the sigmoid of in, written with the output. Source: Dugas et al. 2001.
    """

    name = "softplus"
    label = "softplus"
    description = "out = ln(1 + e^in): above 0, a ReLU without its kink"
    equation, slope_equation = r"\ln(1 + e^{in})", r"1 - e^{-out}"
    words = "softplus"
    least = 0.0

    @staticmethod
    def out(total: float) -> float:
        if total > 0.0:
            return total + math.log1p(math.exp(-total))
        return math.log1p(math.exp(total))

    @staticmethod
    def slope(out: float) -> float:
        return -math.expm1(-out)

    @staticmethod
    def outs(totals: np.ndarray) -> np.ndarray:
        return np.maximum(totals, 0.0) + np.log1p(np.exp(-np.abs(totals)))

    @staticmethod
    def tree(total: Value) -> Expression:
        small = Call("log1p", (Call("exp", (Negative(Call("abs", (total,))),)),))
        return Stable(
            Call("ln", (Sum((ONE, Call("exp", (total,)))),)), Sum((Call("max", (ZERO, total)), small))
        )

    @staticmethod
    def slope_tree(out: Value) -> Expression:
        return Stable(
            Difference(ONE, Call("exp", (Negative(out),))), Negative(Call("expm1", (Negative(out),)))
        )


class Step(Activation):
    """The perceptron's activation, trained with the surrogate slope 1.

    Its own slope is 0 almost everywhere, which teaches nothing.
    With truths 0 and 1 and the half squared error this IS the perceptron rule, w ← w − η(ŷ − y)x.
    Errata: the data science notes print the step as 1 at 0 in one formula and as 0 in another; here it is 1.
    """

    name = "step"
    label = "step"
    description = "out = 1 from in = 0 on, else 0: the perceptron's; trained as if its slope were 1"
    equation, slope_equation = r"1\ \mathrm{if}\ in \geq 0,\ \mathrm{else}\ 0", r"1\ (\mathrm{surrogate})"
    words = "step"
    remark = "; the step's slope is 0, which teaches nothing, so 1 takes its place"
    least, most = 0.0, 1.0
    two_valued = True
    rises = False

    @staticmethod
    def out(total: float) -> float:
        return 1.0 if total >= 0.0 else 0.0 if total < 0.0 else total  # NaN stays NaN

    @staticmethod
    def slope(out: float) -> float:
        return 1.0

    @staticmethod
    def outs(totals: np.ndarray) -> np.ndarray:
        return np.where(totals >= 0, 1.0, np.where(totals < 0, 0.0, totals))

    @staticmethod
    def tree(total: Value) -> Expression:
        return IfAtLeastZero(total, ONE, ZERO)

    @staticmethod
    def slope_tree(out: Value) -> Expression:
        return ONE


LARGEST = Value("largest")
"""The largest pre-activation of a layer, where a program computes it before the exps of a softmax."""


def shifted_powers(totals: tuple[Value, ...]) -> tuple[Expression, ...]:
    """exp(in − largest) of each pre-activation of a layer, in equations: none overflows."""
    return tuple(Call("exp", (Difference(total, LARGEST),)) for total in totals)


def largest_of(totals: tuple[Value, ...]) -> tuple[Value, Expression]:
    """The equation of the largest pre-activation of a layer, as a program computes it."""
    return LARGEST, Call("max", totals)


def largest_total(row: Row, first: int, end: int) -> float:
    """The largest pre-activation of the nodes from ``first`` to before ``end``."""
    largest = row[first]
    for node in range(first + 2, end, 2):
        if row[node] > largest:
            largest = row[node]
    return largest


class Softmax(Coupling):
    """The probabilities of classes of which one is true.

    The outputs add up to 1, so there is no slope of one node alone.
    """

    name = "softmax"
    label = "softmax"
    description = (
        "out = e^in / Σ e^in of all outputs: between 0 and 1, adding up to 1, the probabilities of classes"
    )
    equation, slope_equation = r"e^{in} / \sum_l e^{in_l}", r"out_j (\delta_{jl} - out_l)"
    words = "softmax"
    least, most = 0.0, 1.0

    @staticmethod
    def out(total: float) -> float:
        return total

    @staticmethod
    def slope(out: float) -> float:
        return 1.0

    @staticmethod
    def couple(row: Row, first: int, end: int) -> None:
        """O_j = exp(O_jin) / Σ_l exp(O_lin); the largest is taken off before, so nothing overflows."""
        largest = largest_total(row, first, end)
        total = 0.0
        for node in range(first, end, 2):
            row[node + 1] = math.exp(row[node] - largest)
            total += row[node + 1]
        for node in range(first, end, 2):
            row[node + 1] /= total

    @staticmethod
    def back(row: Row, at: Layout, outputs: int) -> None:
        """∂L/∂O_jin = O_j · (∂L/∂O_j − Σ_l O_l ∂L/∂O_l): each node depends on every pre-activation."""
        d = at.d_signals
        first = at.truths - 2 * outputs
        mean = 0.0
        for node in range(first, at.truths, 2):
            mean += row[node + 1] * row[node + 1 + d]
        for node in range(first, at.truths, 2):
            row[node + d] = row[node + 1] * (row[node + 1 + d] - mean)

    @staticmethod
    def outs(totals: np.ndarray) -> np.ndarray:
        power = np.exp(totals - totals.max(axis=-1, keepdims=True))
        return power / power.sum(axis=-1, keepdims=True)

    @staticmethod
    def tree(total: Value) -> Expression:
        return total

    @staticmethod
    def slope_tree(out: Value) -> Expression:
        return ONE

    @staticmethod
    def layer_tree(node: str, total: Value, totals: tuple[Value, ...]) -> Equation:
        said = (
            f"{node} is the share of exp({total.symbol}) in the exps of all outputs, so that the outputs "
            "add up to 1."
        )
        hint = "You left out the other outputs: divide by the sum of the exps of all of them."
        slip = Slip("sum forgotten", Call("exp", (total,)), hint)
        (power,), powers = shifted_powers((total,)), shifted_powers(totals)
        worked = Worked(Quotient(power, Sum(powers)), given=(largest_of(totals),))
        return Equation(node, Share(total, totals), said, (slip,), worked)

    @staticmethod
    def back_tree(node: str, nodes: tuple[str, ...]) -> Equation:
        own, before = Value(notation.derivative(node)), notation.pre_activation(node)
        everywhere = Sum(tuple(Product((Value(one), Value(notation.derivative(one)))) for one in nodes))
        said = (
            f"The softmax couples the outputs: {before} raises {node} and lowers the others, so the mean "
            "of their derivatives is taken off."
        )
        alone = (Difference(ONE, Value(node)), Value(node))
        hint = (
            f"You took {node} for a node alone, with the slope {{}}: the softmax couples it to the other "
            "outputs."
        )
        slip = Slip("other outputs forgotten", Product((*alone, own)), hint, (Product(alone),))
        return Equation(
            notation.derivative(before), Product((Value(node), Difference(own, everywhere))), said, (slip,)
        )


ACTIVATIONS: Mapping[str, Activation] = MappingProxyType(
    {
        entry.name: entry
        for entry in (Identity(), Sigmoid(), Tanh(), Relu(), LeakyRelu(), Softplus(), Step(), Softmax())
    }
)
"""Every activation by its name: what networks, the engine, the equations and the controls know of them."""
INPUT = ACTIVATIONS["identity"]
"""What an input node does: it passes its value on unchanged."""
_PLACES = {name: place for place, name in enumerate(ACTIVATIONS)}
