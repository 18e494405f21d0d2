"""Arithmetic as a tree: it can be written, as TeX, plain text, HTML or Python, and evaluated."""

import functools
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias

import numpy as np


@dataclass(frozen=True)
class Value:
    """The value of a symbol."""

    symbol: str


@dataclass(frozen=True)
class Constant:
    """A number that stands in the equation itself: 1, 0.5."""

    text: str


@dataclass(frozen=True)
class Setting:
    """A number that a training sets, such as a of Momentum.

    An equation with symbols has its symbol, one with numbers all its digits.
    """

    symbol: str
    number: float


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
class Raised:
    """One expression to the power of another: β1^t."""

    base: "Expression"
    exponent: "Expression"


@dataclass(frozen=True)
class Root:
    """The square root of an expression."""

    of: "Expression"


@dataclass(frozen=True)
class Call:
    """A function of its arguments, one of those named in `FUNCTIONS`."""

    function: str
    arguments: "tuple[Expression, ...]"


@dataclass(frozen=True)
class Negative:
    """Minus an expression."""

    of: "Expression"


@dataclass(frozen=True)
class IfPositive:
    """One expression where another is above 0, a third elsewhere."""

    tested: "Expression"
    then: "Expression"
    otherwise: "Expression"


@dataclass(frozen=True)
class IfAtLeastZero:
    """One expression where another is 0 or above, a third below."""

    tested: "Expression"
    then: "Expression"
    otherwise: "Expression"


@dataclass(frozen=True)
class Share:
    """The softmax: exp of one expression divided by the sum of the exps of all of them."""

    part: "Expression"
    parts: "tuple[Expression, ...]"

    @property
    def spelled(self) -> "Expression":
        """What stands in the equation."""
        return Quotient(Call("exp", (self.part,)), Sum(tuple(Call("exp", (part,)) for part in self.parts)))


@dataclass(frozen=True)
class TimesLog:
    """A truth times the logarithm of a probability, y ln ŷ, where 0 · ln 0 is 0.

    What did not happen may well have the probability 0.
    """

    truth: "Expression"
    probability: "Expression"

    @property
    def spelled(self) -> "Expression":
        """What stands in the equation."""
        return Product((self.truth, Call("ln", (self.probability,))))


@dataclass(frozen=True)
class Stable:
    """An expression as an equation spells it, and the form in which it is computed.

    No large number overflows in the ``worked`` form.
    """

    spelled: "Expression"
    worked: "Expression"


@dataclass(frozen=True)
class Named:
    """An expression that is a derivative: (1 − H4) H4 is ∂H4/∂H4in.

    The e-book writes the derivative as an overbrace.
    """

    of: "Expression"
    top: str
    bottom: str


Arithmetic: TypeAlias = (
    Value | Constant | Setting | Sum | Difference | Product | Quotient | Power | Raised | Root | Negative
)
Expression: TypeAlias = Arithmetic | Call | IfPositive | IfAtLeastZero | Share | TimesLog | Stable | Named


ONE, ZERO = Constant("1"), Constant("0")


def _sigmoid(total: Any) -> Any:
    """1 / (1 + e^(−total)), without overflow for any number."""
    power = np.exp(-np.abs(total))
    return np.where(total >= 0, 1.0, power) / (1.0 + power)


def _quotient(above: Any, below: Any) -> Any:
    """above / below, where 0 / 0 is 0 and anything else divided by 0 is inf."""
    return np.divide(above, np.where((above == 0) & (below == 0), 1.0, below))


class Function(NamedTuple):
    """A function of the equations: how NumPy computes it, and what a Python program needs to call it.

    ``imported``: what the program imports from `math`. ``defined``: the definition it begins with. Both are
    empty for a function that is built into Python.
    """

    computed: Callable[..., Any]
    imported: str = ""
    defined: str = ""


FUNCTIONS = MappingProxyType(
    {
        "exp": Function(np.exp, imported="exp"),
        "expm1": Function(np.expm1, imported="expm1"),
        "ln": Function(np.log, imported="log as ln"),
        "log1p": Function(np.log1p, imported="log1p"),
        "sqrt": Function(np.sqrt, imported="sqrt"),
        "tanh": Function(np.tanh, imported="tanh"),
        "max": Function(np.maximum),
        "min": Function(np.minimum),
        "abs": Function(np.abs),
        "sign": Function(np.sign, defined="def sign(x):\n    return (x > 0) - (x < 0)\n"),
        "sigmoid": Function(
            _sigmoid,
            defined="def sigmoid(x):\n    return 1 / (1 + exp(-x)) if x >= 0 else exp(x) / (1 + exp(x))\n",
        ),
        "quotient": Function(
            _quotient,
            defined="def quotient(above, below):\n"
            '    return 0.0 if above == 0 else above / below if below != 0 else float("inf")\n',
        ),
    }
)
"""Every function that a `Call` may name; the definitions are the engine's own forms."""
LOOSE, SUMMAND, FACTOR, TIGHT, ENCLOSED = range(5)
"""What an expression stands in, from the loosest to the tightest.

LOOSE: nothing that binds. SUMMAND: a sum or difference. FACTOR: a product, or behind a minus. TIGHT: a
divisor, or under a square. ENCLOSED is no such place: what binds so never needs brackets.
"""


class Hand(NamedTuple):
    """A way of writing expressions: as TeX, as text, as a program.

    It holds how a symbol's value and a setting are written, the signs, and the patterns of everything else.
    ``in_quotient``: what the two parts of a quotient stand in; a fraction line needs no brackets, a slash
    does.
    ``alone``: how a value is written that is all a function's brackets hold; left out, as any value.
    ``constant_below_zero``: how an IfAtLeastZero writes a constant that holds below 0; a program tests once
    more, for a constant would hide that the tested number is NaN.
    ``computes``: whether a program is written, which has to work for any numbers, or a text to be read. A
    program takes the worked form of a `Stable`, and brackets a condition only inside something else.
    """

    value: Callable[[str], str]
    setting: Callable[[Setting], str]
    minus: str
    times: str
    bracketed: str
    quotient: str
    in_quotient: tuple[int, int]
    power: str
    raised: str
    root: str
    call: str
    if_positive: str
    if_at_least_zero: str
    named: Callable[[str, str, str], str]
    alone: Callable[[str], str] | None = None
    constant_below_zero: str = "{0}"
    computes: bool = False

    @property
    def condition_binds(self) -> int:
        """How strongly a condition binds: that of a text has brackets of its own."""
        return SUMMAND if self.computes else ENCLOSED


def written(expression: Expression, hand: Hand, inside: int = LOOSE) -> str:
    """The expression in a hand, with the brackets it needs where it stands."""
    match expression:
        case Value(symbol):
            return hand.value(symbol)
        case Constant(text):
            return text
        case Setting():
            return hand.setting(expression)
        case Share() | TimesLog():
            return written(expression.spelled, hand, inside)
        case Stable(spelled, worked):
            return written(worked if hand.computes else spelled, hand, inside)
        case Named(of, top, bottom):
            return hand.named(written(of, hand, inside), top, bottom)
        case Product(factors):
            text, binds = hand.times.join(written(factor, hand, FACTOR) for factor in factors), TIGHT
        case Quotient(above, below):
            text, binds = (
                hand.quotient.format(
                    *(
                        written(part, hand, binding)
                        for part, binding in zip((above, below), hand.in_quotient, strict=True)
                    )
                ),
                TIGHT,
            )
        case Power(base):
            text, binds = hand.power.format(written(base, hand, TIGHT)), TIGHT
        case Raised(base, exponent):
            text, binds = (
                hand.raised.format(written(base, hand, TIGHT), written(exponent, hand, TIGHT)),
                TIGHT,
            )
        case Root(of):
            return hand.root.format(written(of, hand))
        case Call(function, arguments):
            return hand.call.format(function, ", ".join(_argument(argument, hand) for argument in arguments))
        case IfPositive(tested, then, otherwise):
            parts = (written(part, hand) for part in (then, tested, otherwise))
            text, binds = hand.if_positive.format(*parts), hand.condition_binds
        case IfAtLeastZero(tested, then, otherwise):
            condition, below_zero = written(tested, hand), written(otherwise, hand)
            if isinstance(otherwise, Constant):
                below_zero = hand.constant_below_zero.format(below_zero, condition)
            text = hand.if_at_least_zero.format(written(then, hand), condition, below_zero)
            binds = hand.condition_binds
        case Sum(terms):
            text, binds = " + ".join(written(term, hand, SUMMAND) for term in terms), FACTOR
        case Difference(left, right):
            less = written(right, hand, SUMMAND if isinstance(right, Product) else FACTOR)
            text, binds = f"{written(left, hand, SUMMAND)} {hand.minus} {less}", FACTOR
        case Negative(of):
            text, binds = f"{hand.minus}{written(of, hand, FACTOR)}", FACTOR
    return hand.bracketed.format(text) if inside >= binds else text


def _argument(expression: Expression, hand: Hand) -> str:
    return (
        hand.alone(expression.symbol)
        if hand.alone and isinstance(expression, Value)
        else written(expression, hand)
    )


def symbols(expression: Expression) -> Iterator[str]:
    """The symbols an expression uses, from left to right, each as often as it stands there."""
    match expression:
        case Value(symbol):
            yield symbol
        case Constant() | Setting():
            return
        case Share() | TimesLog() | Stable():
            yield from symbols(expression.spelled)
        case Sum(parts) | Product(parts) | Call(_, parts):
            for part in parts:
                yield from symbols(part)
        case Difference(left, right) | Quotient(left, right) | Raised(left, right):
            yield from symbols(left)
            yield from symbols(right)
        case IfPositive(tested, then, otherwise) | IfAtLeastZero(tested, then, otherwise):
            for part in (then, tested, otherwise):
                yield from symbols(part)
        case Power(part) | Root(part) | Negative(part) | Named(part, _, _):
            yield from symbols(part)


def replaced(expression: Expression, symbol: str, by: Expression) -> Expression:
    """Arithmetic with another expression in the place of every value of a symbol.

    The arguments of a function stay as they are.
    """
    match expression:
        case Value(found):
            return by if found == symbol else expression
        case Sum(parts):
            return Sum(tuple(replaced(part, symbol, by) for part in parts))
        case Product(parts):
            return Product(tuple(replaced(part, symbol, by) for part in parts))
        case Difference(left, right):
            return Difference(replaced(left, symbol, by), replaced(right, symbol, by))
        case Quotient(above, below):
            return Quotient(replaced(above, symbol, by), replaced(below, symbol, by))
        case Negative(of):
            return Negative(replaced(of, symbol, by))
        case Root(of):
            return Root(replaced(of, symbol, by))
        case Power(base):
            return Power(replaced(base, symbol, by))
    return expression


def added(terms: tuple[Expression, ...]) -> Expression:
    """The sum of terms; of one the term itself."""
    return terms[0] if len(terms) == 1 else Sum(terms)


@np.errstate(over="ignore", invalid="ignore", divide="ignore")
def evaluated(expression: Expression, numbers: Mapping[str, Any]) -> Any:
    """The value of an expression for numbers, or for columns of numbers, given by symbol.

    What is too large becomes inf or NaN.
    As in the engine 0 / 0 is 0, what else is divided by 0 is inf, and the largest is taken off before the
    exps of a softmax.
    """
    return _evaluated(expression, numbers)


def _evaluated(expression: Expression, numbers: Mapping[str, Any]) -> Any:
    match expression:
        case Value(symbol):
            return numbers[symbol]
        case Constant(text):
            return float(text)
        case Setting(_, number):
            return number
        case Named(of, _, _):
            return _evaluated(of, numbers)
        case Negative(of):
            return -_evaluated(of, numbers)
        case Sum(terms):
            return sum(_evaluated(term, numbers) for term in terms)
        case Difference(left, right):
            return _evaluated(left, numbers) - _evaluated(right, numbers)
        case Product(factors):
            return math.prod(_evaluated(factor, numbers) for factor in factors)
        case Quotient(above, below):
            return _quotient(_evaluated(above, numbers), _evaluated(below, numbers))
        case Power(base):
            root = _evaluated(base, numbers)
            return root * root
        case Raised(base, exponent):
            return _evaluated(base, numbers) ** _evaluated(exponent, numbers)
        case Root(of):
            return np.sqrt(_evaluated(of, numbers))
        case Share(part, parts):
            totals = [_evaluated(one, numbers) for one in parts]
            largest = functools.reduce(np.maximum, totals)
            return np.exp(_evaluated(part, numbers) - largest) / sum(
                np.exp(total - largest) for total in totals
            )
        case TimesLog(truth, probability):
            factor = _evaluated(truth, numbers)
            return np.where(factor == 0, 0.0, factor * np.log(_evaluated(probability, numbers)))
        case Stable(_, worked):
            return _evaluated(worked, numbers)
        case IfAtLeastZero(tested, then, otherwise):
            total = _evaluated(tested, numbers)
            return np.where(
                np.isnan(total),
                total,
                np.where(total >= 0, _evaluated(then, numbers), _evaluated(otherwise, numbers)),
            )
        case IfPositive(tested, then, otherwise):
            return np.where(
                _evaluated(tested, numbers) > 0, _evaluated(then, numbers), _evaluated(otherwise, numbers)
            )
        case Call(function, arguments):
            return FUNCTIONS[function].computed(*(_evaluated(argument, numbers) for argument in arguments))
