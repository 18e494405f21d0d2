"""The optimisers: how the gradient g of an update moves a parameter θ.

Everything that an optimiser is stands in its entry here, and nowhere else.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cache, partial
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple, TypeAlias

from ann_dashboard import checks, notation
from ann_dashboard.engine.record import Row
from ann_dashboard.expressions.equation import Equation, Slip
from ann_dashboard.expressions.tree import (
    ONE,
    Difference,
    Expression,
    Power,
    Product,
    Quotient,
    Raised,
    Root,
    Setting,
    Sum,
    Value,
)

__all__ = ["AdaGrad", "Adam", "Momentum", "RMSProp"]

Settings: TypeAlias = tuple[float, ...]
POSITIVE = partial(checks.number, above=0.0)


def setting(
    default: float, check: Callable[[str, Any], float], description: str, *, step: str = "0.01"
) -> Any:
    """A setting of an optimiser, as a field of its dataclass.

    ``default``: its usual value. ``check``: what checks the value given. ``description``: what it does.
    ``step``: how finely a control sets it.
    """
    return field(default=default, metadata={"check": check, "description": description, "step": step})


class Update(NamedTuple):
    """How an optimiser moves one parameter, in equations.

    ``means``: the new running means and what is made of them. ``step``: θ moves by η times this; ``words``:
    against what it moves.
    ``slips``: what is taken for the step by mistake.
    """

    means: tuple[Equation, ...]
    step: Expression
    words: str
    slips: tuple[Slip, ...] = ()


@dataclass(frozen=True)
class Descent(ABC):
    """One optimiser with its settings, in every form that it has.

    Its dataclass fields are the settings, made by `setting`.
    ``name``: in links. ``label``: for a person who chooses one. ``description``: what it does.
    ``plain``: whether θ moves by η times its gradient, and by nothing else.
    ``swings_with``: the settings that make a training swing where they are large.
    ``keeps``: the symbols of the running means of a parameter, all 0 at the start: columns of the history.
    Raises TypeError or ValueError for a setting that cannot be.
    """

    name: ClassVar[str]
    label: ClassVar[str]
    description: ClassVar[str]
    keeps: ClassVar[tuple[notation.Kept, ...]] = ()
    plain: ClassVar[bool] = False
    swings_with: ClassVar[tuple[str, ...]] = ()

    def __post_init__(self) -> None:
        for one in fields(self):
            object.__setattr__(
                self, one.name, one.metadata["check"](f"{one.name} of {self.label}", getattr(self, one.name))
            )

    @staticmethod
    @abstractmethod
    def move(
        old: Row,
        new: Row,
        parameter: int,
        mean: int,
        count: int,
        eta: float,
        gradient: float,
        settings: Settings,
        number: int,
    ) -> None:
        """Write the moved parameter and its new running means into the next row.

        It is the engine's, plain and compiled by numba.
        ``parameter``, ``mean``: where θ and its first running mean stand; a second one stands ``count``
        further on. ``settings``: the fields, in their order, and zeros up to as many as any optimiser has.
        ``number``: counts the updates of the training, from 1.
        """

    @abstractmethod
    def update(self, parameter: str, gradient: Value, averaged: str) -> Update:
        """The update of one parameter in equations.

        ``averaged``: over what its gradient is averaged, as the end of a sentence.
        """

    @property
    def settings(self) -> dict[str, float]:
        """The settings by their names."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    @property
    def code(self) -> int:
        """The engine's number for it: its place in the catalogue."""
        return _PLACES[self.name]

    @property
    def text(self) -> str:
        """Its name and its settings, as a link has them: "momentum:0.9"."""
        return ":".join([self.name, *(repr(value) for value in self.settings.values())])

    def _in_equations(self) -> tuple[Setting, ...]:
        return tuple(Setting(symbol, number) for symbol, number in self.settings.items())


def _running(share: Setting, mean: Value, new: Expression) -> Sum:
    """A running mean that keeps a share of itself: a·v + (1 − a)·g."""
    return Sum((Product((share, mean)), Product((Difference(ONE, share), new))))


def _square_forgotten(expression: Expression, gradient: Value) -> Slip:
    return Slip(
        "square forgotten", expression, "You left out the square: take the square of {}.", (gradient,)
    )


@dataclass(frozen=True)
class GradientDescent(Descent):
    """θ ← θ − η·g. A training names it "gradient_descent"."""

    name = "gradient_descent"
    label = "gradient descent"
    description = "θ ← θ − η·gradient"
    plain = True

    @staticmethod
    def move(
        old: Row,
        new: Row,
        parameter: int,
        mean: int,
        count: int,
        eta: float,
        gradient: float,
        settings: Settings,
        number: int,
    ) -> None:
        new[parameter] = old[parameter] - eta * gradient

    def update(self, parameter: str, gradient: Value, averaged: str) -> Update:
        return Update((), gradient, f"its derivative{averaged}")


@dataclass(frozen=True)
class Momentum(Descent):
    """v ← a·v + (1 − a)·g, then θ ← θ − η·v, with v = 0 at the start.

    Raises TypeError or ValueError for an ``a`` outside [0, 1).
    Source: lecture deck, "Momentum". Erratum: the slide has no previous λ, no minus, and calls the previous
    gradient the update vector.
    """

    name = "momentum"
    label = "Momentum"
    description = "v ← a·v + (1 − a)·gradient, then θ ← θ − η·v"
    keeps = (notation.velocity,)
    swings_with = ("a",)

    a: float = setting(0.9, checks.fraction, "v ← a·v + (1 − a)·gradient, 0 to below 1")

    @staticmethod
    def move(
        old: Row,
        new: Row,
        parameter: int,
        mean: int,
        count: int,
        eta: float,
        gradient: float,
        settings: Settings,
        number: int,
    ) -> None:
        a = settings[0]
        velocity = a * old[mean] + (1.0 - a) * gradient
        new[mean] = velocity
        new[parameter] = old[parameter] - eta * velocity

    def update(self, parameter: str, gradient: Value, averaged: str) -> Update:
        (a,) = self._in_equations()
        velocity = Value(notation.velocity(parameter))
        moved = Value(notation.moved(velocity.symbol))
        said = (
            f"{notation.form(velocity.symbol).plain} is a running mean of the gradients{averaged}: it "
            "keeps the share a of what it was."
        )
        old = Slip(
            "old running mean used",
            velocity,
            "You used the old {}: the gradient of this update goes into it first.",
            (velocity,),
        )
        return Update(
            (Equation(moved.symbol, _running(a, velocity, gradient), said),),
            moved,
            "the running mean of its gradients",
            (old,),
        )


@dataclass(frozen=True)
class Adam(Descent):
    """θ ← θ − η·m̂/(√v̂ + ε), with running means of the gradients and their squares.

    m ← β1·m + (1 − β1)·g and v ← β2·v + (1 − β2)·g²; at update t, m̂ = m/(1 − β1^t) and v̂ = v/(1 − β2^t).
    Raises TypeError or ValueError for a β outside [0, 1) or an ε that is not above 0.
    Source: Kingma & Ba 2015, Algorithm 1. Erratum: the lecture deck has ε inside the root.
    """

    name = "adam"
    label = "Adam"
    description = "divides a running mean of the gradients by the root of one of their squares"
    keeps = (notation.first_moment, notation.second_moment)

    beta1: float = setting(0.9, checks.fraction, "share of the old mean gradient, 0 to below 1")
    beta2: float = setting(
        0.999, checks.fraction, "share of the old mean squared gradient, 0 to below 1", step="0.001"
    )
    epsilon: float = setting(1e-8, POSITIVE, "added to the root, above 0", step="1e-8")

    @staticmethod
    def move(
        old: Row,
        new: Row,
        parameter: int,
        mean: int,
        count: int,
        eta: float,
        gradient: float,
        settings: Settings,
        number: int,
    ) -> None:
        beta1, beta2, epsilon = settings[0], settings[1], settings[2]
        m = beta1 * old[mean] + (1.0 - beta1) * gradient
        v = beta2 * old[mean + count] + (1.0 - beta2) * gradient * gradient
        new[mean] = m
        new[mean + count] = v
        m /= 1.0 - math.pow(beta1, float(number))
        v /= 1.0 - math.pow(beta2, float(number))
        new[parameter] = old[parameter] - eta * m / (math.sqrt(v) + epsilon)

    def update(self, parameter: str, gradient: Value, averaged: str) -> Update:
        beta1, beta2, epsilon = self._in_equations()
        first, second = Value(notation.first_moment(parameter)), Value(notation.second_moment(parameter))
        m, v = (notation.form(moment.symbol).plain for moment in (first, second))
        said = (
            f"{m} is a running mean of the gradients{averaged}.",
            f"{v} is a running mean of their squares, which tells their usual size.",
        )
        without_square = _square_forgotten(_running(beta2, second, gradient), gradient)
        means = [
            Equation(notation.moved(first.symbol), _running(beta1, first, gradient), said[0]),
            Equation(
                notation.moved(second.symbol),
                _running(beta2, second, Power(gradient)),
                said[1],
                (without_square,),
            ),
        ]
        for moment, beta, name in ((first, beta1, m), (second, beta2, v)):
            without_bias = Quotient(
                Value(notation.moved(moment.symbol)),
                Difference(ONE, Raised(beta, Value(notation.UPDATE_NUMBER))),
            )
            corrected = (
                f"{name} began at 0 and is too small at first: this makes up for it at update number t."
            )
            means.append(Equation(notation.corrected(moment.symbol), without_bias, corrected))

        def step(form: Callable[[str], str]) -> Quotient:
            return Quotient(Value(form(first.symbol)), Sum((Root(Value(form(second.symbol))), epsilon)))

        told = tuple(Value(notation.corrected(moment.symbol)) for moment in (first, second))
        slip = Slip(
            "bias correction forgotten",
            step(notation.moved),
            "You left out the correction of what began at 0: take {} and {}.",
            told,
        )
        return Update(
            tuple(means),
            step(notation.corrected),
            "the mean of its gradients divided by their usual size",
            (slip,),
        )


squares = notation.kept("s", "s", "squares of the gradients", turns=False)
"""The running mean or sum s of a parameter's squared gradients, RMSProp's and AdaGrad's: "b_4" -> "s_b_4"."""


def _over_its_size(
    parameter: str, gradient: Value, averaged: str, kept: Equation, epsilon: Setting
) -> Update:
    """g/(√s + ε) with the new s, and what is taken for it by mistake."""
    s, moved = Value(squares(parameter)), Value(kept.symbol)
    slips = (
        Slip(
            "root forgotten",
            Quotient(gradient, Sum((moved, epsilon))),
            "You left out the root: take the root of {}, then add ε.",
            (moved,),
        ),
        Slip(
            "ε under the root",
            Quotient(gradient, Root(Sum((moved, epsilon)))),
            "You put ε under the root: add it to the root of {}.",
            (moved,),
        ),
        Slip(
            "old squares used",
            Quotient(gradient, Sum((Root(s), epsilon))),
            "You used the old {}: the square of this update's gradient goes into it first.",
            (s,),
        ),
    )
    step = Quotient(gradient, Sum((Root(moved), epsilon)))
    return Update((kept,), step, f"its derivative{averaged}, divided by its usual size", slips)


@dataclass(frozen=True)
class RMSProp(Descent):
    """s ← ρ·s + (1 − ρ)·g², then θ ← θ − η·g/(√s + ε), with s = 0 at the start.

    Raises TypeError or ValueError for a ρ outside [0, 1) or an ε that is not above 0.
    Source: Tieleman & Hinton 2012, lecture 6.5; ε outside the root, as PyTorch has it.
    """

    name = "rmsprop"
    label = "RMSProp"
    description = "s ← ρ·s + (1 − ρ)·gradient², then θ ← θ − η·gradient/(√s + ε)"
    keeps = (squares,)

    rho: float = setting(0.9, checks.fraction, "share of the old mean squared gradient, 0 to below 1")
    epsilon: float = setting(1e-8, POSITIVE, "added to the root, above 0", step="1e-8")

    @staticmethod
    def move(
        old: Row,
        new: Row,
        parameter: int,
        mean: int,
        count: int,
        eta: float,
        gradient: float,
        settings: Settings,
        number: int,
    ) -> None:
        rho, epsilon = settings[0], settings[1]
        s = rho * old[mean] + (1.0 - rho) * gradient * gradient
        new[mean] = s
        new[parameter] = old[parameter] - eta * gradient / (math.sqrt(s) + epsilon)

    def update(self, parameter: str, gradient: Value, averaged: str) -> Update:
        rho, epsilon = self._in_equations()
        s = Value(squares(parameter))
        plain = notation.form(s.symbol).plain
        said = (
            f"{plain} is a running mean of the squares of the gradients{averaged}: its root tells their "
            "usual size."
        )
        slip = _square_forgotten(_running(rho, s, gradient), gradient)
        kept = Equation(notation.moved(s.symbol), _running(rho, s, Power(gradient)), said, (slip,))
        return _over_its_size(parameter, gradient, averaged, kept, epsilon)


@dataclass(frozen=True)
class AdaGrad(Descent):
    """s ← s + g², then θ ← θ − η·g/(√s + ε), with s = 0 at the start.

    Every step is smaller than it would have been before.
    Raises TypeError or ValueError for an ε that is not above 0.
    Source: Duchi, Hazan & Singer 2011; ε outside the root, as PyTorch has it.
    """

    name = "adagrad"
    label = "AdaGrad"
    description = "s ← s + gradient², then θ ← θ − η·gradient/(√s + ε)"
    keeps = (squares,)

    epsilon: float = setting(1e-8, POSITIVE, "added to the root, above 0", step="1e-8")

    @staticmethod
    def move(
        old: Row,
        new: Row,
        parameter: int,
        mean: int,
        count: int,
        eta: float,
        gradient: float,
        settings: Settings,
        number: int,
    ) -> None:
        epsilon = settings[0]
        s = old[mean] + gradient * gradient
        new[mean] = s
        new[parameter] = old[parameter] - eta * gradient / (math.sqrt(s) + epsilon)

    def update(self, parameter: str, gradient: Value, averaged: str) -> Update:
        (epsilon,) = self._in_equations()
        s = Value(squares(parameter))
        said = (
            f"{notation.form(s.symbol).plain} is the sum of the squares of all gradients so far{averaged}: "
            "it only grows."
        )
        slips = (
            _square_forgotten(Sum((s, gradient)), gradient),
            Slip(
                "old squares forgotten",
                Power(gradient),
                "You left out the squares of the updates before: add them, {}.",
                (s,),
            ),
        )
        kept = Equation(notation.moved(s.symbol), Sum((s, Power(gradient))), said, slips)
        return _over_its_size(parameter, gradient, averaged, kept, epsilon)


OPTIMISERS: Mapping[str, type[Descent]] = MappingProxyType(
    {entry.name: entry for entry in (GradientDescent, Momentum, Adam, RMSProp, AdaGrad)}
)
"""Every optimiser by its name.

Trainings, the engine, the equations, links and the controls know no other.
"""
RUNNING_MEANS = tuple(dict.fromkeys(keeps for entry in OPTIMISERS.values() for keeps in entry.keeps))
"""The symbols of all running means that any optimiser keeps of a parameter."""
_PLACES = {name: place for place, name in enumerate(OPTIMISERS)}
MOST_SETTINGS = max(len(fields(entry)) for entry in OPTIMISERS.values())
Optimiser: TypeAlias = str | Descent
"""An optimiser as `Training` takes it: "gradient_descent", or one with settings, such as Momentum(0.9)."""


@cache
def descent(optimiser: Optimiser) -> Descent:
    """The entry of an optimiser as `Training` has it."""
    return OPTIMISERS[optimiser]() if isinstance(optimiser, str) else optimiser


def checked_optimiser(optimiser: object) -> Optimiser:
    """The optimiser, if it is one, as a training keeps it.

    Gradient descent is the name "gradient_descent". Raises TypeError or ValueError that lists the optimisers.
    """
    if isinstance(optimiser, Descent):
        return optimiser if fields(optimiser) else optimiser.name
    if isinstance(optimiser, str) and optimiser == GradientDescent.name:
        return optimiser
    if isinstance(optimiser, type) and issubclass(optimiser, Descent):
        raise TypeError(f"optimiser is the class {optimiser.__name__}: call it, {optimiser.__name__}()")
    *others, last = (
        f"{entry.__name__}()" if fields(entry) else f'"{entry.name}"' for entry in OPTIMISERS.values()
    )
    raise ValueError(f"optimiser is {optimiser!r}: give {', '.join(others)} or {last}")


def named(name: str, settings: Sequence[float]) -> Optimiser:
    """The optimiser of a name with its settings, as a link has them.

    Raises ValueError that says how each is written, or which setting is wrong.
    """
    if name not in OPTIMISERS or len(settings) != len(fields(OPTIMISERS[name])):
        *others, last = (entry().text for entry in OPTIMISERS.values())
        raise ValueError(f"write {', '.join(others)} or {last}")
    return checked_optimiser(OPTIMISERS[name](*settings))
