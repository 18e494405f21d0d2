"""Arithmetic as a tree that can be written: as TeX, as plain text with symbols or with numbers, as HTML, and as Python."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias


@dataclass(frozen=True)
class Value:
    """The value of a symbol."""

    symbol: str


@dataclass(frozen=True)
class Constant:
    """A number that stands in the equation itself: 1, 0.5."""

    text: str


@dataclass(frozen=True)
class Sum:
    """Terms that are added."""

    terms: "tuple[Expression, ...]"


@dataclass(frozen=True)
class Difference:
    """One expression less another."""

    left: "Expression"
    right: "Expression"


@dataclass(frozen=True)
class Product:
    """Factors that are multiplied."""

    factors: "tuple[Expression, ...]"


@dataclass(frozen=True)
class Quotient:
    """One expression divided by another."""

    above: "Expression"
    below: "Expression"


@dataclass(frozen=True)
class Power:
    """An expression squared."""

    base: "Expression"


@dataclass(frozen=True)
class Call:
    """A named function, exp or tanh or max, of its arguments."""

    function: str
    arguments: "tuple[Expression, ...]"


@dataclass(frozen=True)
class Negative:
    """Minus an expression."""

    of: "Expression"


@dataclass(frozen=True)
class IfPositive:
    """One number where an expression is above 0, another elsewhere."""

    tested: "Expression"
    then: Constant
    otherwise: Constant


@dataclass(frozen=True)
class Named:
    """An expression with the derivative that it is, (1 − H4) H4 being ∂H4/∂H4in: the e-book writes it as an overbrace."""

    of: "Expression"
    top: str
    bottom: str


Expression: TypeAlias = Value | Constant | Sum | Difference | Product | Quotient | Power | Call | Negative | IfPositive | Named


LOOSE, SUMMAND, FACTOR, TIGHT = range(4)
"""What an expression stands in: nothing that binds, a sum or difference, a product or behind a minus, a divisor or under a square."""


class Hand(NamedTuple):
    """A way of writing: how a symbol's value is written, the signs, and the patterns of what is more than a sign.

    ``in_quotient``: what the two parts of a quotient stand in; a fraction line needs no brackets, a slash does.
    """

    value: Callable[[str], str]
    minus: str
    times: str
    bracketed: str
    quotient: str
    in_quotient: tuple[int, int]
    power: str
    call: str
    if_positive: str
    named: Callable[[str, str, str], str]


def written(expression: Expression, hand: Hand, inside: int = LOOSE) -> str:
    """The expression in a hand, with the brackets it needs where it stands."""
    match expression:
        case Value(symbol):
            return hand.value(symbol)
        case Constant(text):
            return text
        case Named(of, top, bottom):
            return hand.named(written(of, hand, inside), top, bottom)
        case Product(factors):
            text, binds = hand.times.join(written(factor, hand, FACTOR) for factor in factors), TIGHT
        case Quotient(above, below):
            text, binds = (
                hand.quotient.format(*(written(part, hand, binding) for part, binding in zip((above, below), hand.in_quotient, strict=True))),
                TIGHT,
            )
        case Power(base):
            text, binds = hand.power.format(written(base, hand, TIGHT)), TIGHT
        case Call(function, arguments):
            return hand.call.format(function, ", ".join(written(argument, hand) for argument in arguments))
        case IfPositive(tested, then, otherwise):
            return hand.if_positive.format(then.text, written(tested, hand), otherwise.text)
        case Sum(terms):
            text, binds = " + ".join(written(term, hand, SUMMAND) for term in terms), FACTOR
        case Difference(left, right):
            less = written(right, hand, SUMMAND if isinstance(right, Product) else FACTOR)
            text, binds = f"{written(left, hand, SUMMAND)} {hand.minus} {less}", FACTOR
        case Negative(of):
            text, binds = f"{hand.minus}{written(of, hand, FACTOR)}", FACTOR
    return hand.bracketed.format(text) if inside >= binds else text


def symbols(expression: Expression) -> Iterator[str]:
    """The symbols an expression uses, from left to right, each as often as it stands there."""
    match expression:
        case Value(symbol):
            yield symbol
        case Constant():
            return
        case Sum(parts) | Product(parts) | Call(_, parts):
            for part in parts:
                yield from symbols(part)
        case Difference(left, right) | Quotient(left, right):
            yield from symbols(left)
            yield from symbols(right)
        case Power(part) | Negative(part) | IfPositive(part, _, _) | Named(part, _, _):
            yield from symbols(part)
