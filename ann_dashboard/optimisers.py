"""The optimisers: how the gradient g of an update moves a parameter θ. Their arithmetic stands in `engine.move`."""

from dataclasses import dataclass

from ann_dashboard import checks

GRADIENT_DESCENT, MOMENTUM, ADAM = range(3)


@dataclass(frozen=True)
class Momentum:
    """v ← a·v + (1 − a)·g, then θ ← θ − η·v, with v = 0 at the start.

    Raises TypeError or ValueError for an ``a`` outside [0, 1).
    Source: lecture deck, "Momentum". Erratum: the slide has no previous λ, no minus, and calls the previous gradient the update vector.
    """

    a: float = 0.9

    def __post_init__(self) -> None:
        object.__setattr__(self, "a", checks.fraction("a of Momentum", self.a))


@dataclass(frozen=True)
class Adam:
    """m ← β1·m + (1 − β1)·g and v ← β2·v + (1 − β2)·g²; with m̂ = m/(1 − β1^t), v̂ = v/(1 − β2^t) at update t: θ ← θ − η·m̂/(√v̂ + ε).

    Raises TypeError or ValueError for a β outside [0, 1) or an ε that is not above 0.
    Source: Kingma & Ba 2015, Algorithm 1. Erratum: the lecture deck has ε inside the root.
    """

    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8

    def __post_init__(self) -> None:
        object.__setattr__(self, "beta1", checks.fraction("beta1 of Adam", self.beta1))
        object.__setattr__(self, "beta2", checks.fraction("beta2 of Adam", self.beta2))
        object.__setattr__(self, "epsilon", checks.number("epsilon of Adam", self.epsilon, above=0.0))


Optimiser = str | Momentum | Adam
"""An optimiser as `Training` takes it: "gradient_descent", or a Momentum or an Adam with its settings."""


def checked_optimiser(optimiser: object) -> Optimiser:
    """The optimiser, if it is one. Raises TypeError or ValueError that lists them."""
    if isinstance(optimiser, Momentum | Adam) or (isinstance(optimiser, str) and optimiser == "gradient_descent"):
        return optimiser
    if optimiser is Momentum or optimiser is Adam:
        raise TypeError(f"optimiser is the class {optimiser.__name__}: call it, {optimiser.__name__}()")
    raise ValueError(f'optimiser is {optimiser!r}: give "gradient_descent", Momentum(0.9) or Adam()')
