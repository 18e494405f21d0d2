"""The activations: what a node does with its weighted sum. Their arithmetic stands in `engine.activate` and `engine.slope`."""

from dataclasses import dataclass
from types import MappingProxyType

IDENTITY, SIGMOID, TANH, RELU, LEAKY_RELU, STEP, SOFTMAX = range(7)


@dataclass(frozen=True)
class Activation:
    """One activation: the engine's number for it, its equation out = α(in) and its slope ∂out/∂in, both in TeX.

    The slope is written as a function of the node's OUTPUT wherever that is possible, as the lecture does.
    The step's slope is 0 almost everywhere, which teaches nothing: it is trained with the surrogate slope 1 in its place. With truths 0 and 1
    and the half squared error this IS the perceptron rule, w ← w − η(ŷ − y)x.
    The softmax couples the nodes of the output layer, so it has no slope of one node alone.
    Source: lecture deck, "Activation Functions". Errata: one slide prints ReLU's slope as x for x > 0; it is 1. The data science notes print
    the step as 1 at 0 in one formula and as 0 in another; here it is 1.
    """

    code: int
    equation: str
    slope: str


ACTIVATIONS = MappingProxyType(
    {
        "identity": Activation(IDENTITY, r"in", r"1"),
        "sigmoid": Activation(SIGMOID, r"\frac{1}{1 + e^{-in}}", r"(1 - out) \cdot out"),
        "tanh": Activation(TANH, r"\tanh(in)", r"1 - out^2"),
        "relu": Activation(RELU, r"\max(0, in)", r"1\ \mathrm{if}\ in > 0,\ \mathrm{else}\ 0"),
        "leaky_relu": Activation(LEAKY_RELU, r"\max(0.01\,in, in)", r"1\ \mathrm{if}\ in > 0,\ \mathrm{else}\ 0.01"),
        "step": Activation(STEP, r"1\ \mathrm{if}\ in \geq 0,\ \mathrm{else}\ 0", r"1\ (\mathrm{surrogate})"),
        "softmax": Activation(SOFTMAX, r"e^{in} / \sum_l e^{in_l}", r"out_j (\delta_{jl} - out_l)"),
    }
)
