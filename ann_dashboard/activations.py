"""The activations: what a node does with its weighted sum. Their arithmetic stands in `engine.activate` and `engine.slope`."""

from dataclasses import dataclass
from types import MappingProxyType

IDENTITY, SIGMOID, TANH, RELU, LEAKY_RELU = range(5)


@dataclass(frozen=True)
class Activation:
    """One activation: the engine's number for it, its equation out = α(in) and its slope ∂out/∂in, both in TeX.

    The slope is written as a function of the node's OUTPUT wherever that is possible, as the lecture does.
    Source: lecture deck, "Activation Functions". Erratum: one slide prints ReLU's slope as x for x > 0; it is 1.
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
    }
)
