"""The classic mistakes of the hand calculation: for each step the wrong equations that students write, and what to do instead."""

from collections.abc import Iterator
from typing import NamedTuple

from ann_dashboard import notation
from ann_dashboard.derivation import ONE, PYTHON, Rule
from ann_dashboard.expressions import FACTOR, Call, Difference, Expression, Named, Negative, Product, Quotient, Sum, Value, symbols, written


class Mistake(NamedTuple):
    """A wrong right side of a step, what is wrong with it in a few words, and the cure in one sentence."""

    name: str
    expression: Expression
    hint: str


def mistakes(rule: Rule, *, of: str = notation.LOSS) -> tuple[Mistake, ...]:
    """The classic mistakes of a step; each has a name and an equation of its own, and none is the right equation.

    ``of``: the letter the hints name derivatives by, as in `rules`. Two equations may still give one number, the slope 1 of a ReLU being left
    out: judge an answer by the right value first. The updated weight has no value where no update follows.
    Source: e-book chapter, "Neural Networks Backpropagation Building Blocks". Erratum: Higham & Higham's pseudocode as printed uses updated weights.
    """
    return (_sign(rule, of), *_left_out(rule, of))


def _sign(rule: Rule, of: str) -> Mistake:
    """The right size with the other sign: of an update the other way, of the derivative at an output the difference turned round."""
    name = "sign"
    match rule.block, rule.expression:
        case "update", Difference(parameter, step):
            hint = f"You went the wrong way: take {_plain(step, of)} away from {_plain(parameter, of)} instead of adding it."
            return Mistake(name, Sum((parameter, step)), hint)
        case "update", Sum((parameter, step)):
            hint = f"You went the wrong way: add {_plain(step, of)} to {_plain(parameter, of)} instead of taking it away."
            return Mistake(name, Difference(parameter, step), hint)
        case "loss", Difference(left, right):
            words = ("prediction", "truth") if rule.symbol == notation.derivative(next(symbols(left))) else ("truth", "prediction")
            hint = f"You took {words[1]} less {words[0]}: take {words[0]} less {words[1]}, {_plain(left, of)} {notation.MINUS} {_plain(right, of)}."
            return Mistake(name, Difference(right, left), hint)
        case "loss", _:
            hint = "A square is never negative, so the loss is not: leave out the minus."
        case _ if notation.is_derivative(rule.symbol):
            other = notation.PERFORMANCE if of == notation.LOSS else notation.LOSS
            asked, answered = (notation.form(rule.symbol, of=letter).plain for letter in (of, other))
            hint = f"Your size is right but the sign is that of {answered} = {notation.MINUS}{asked}: turn it."
        case _:
            hint = "Your size is right but the sign is not: turn it."
    return Mistake(name, Negative(rule.expression), hint)


def _left_out(rule: Rule, of: str) -> Iterator[Mistake]:
    """What is forgotten in a step of its block."""
    match rule.block, rule.expression:
        case "forward", Sum((*terms, Value(bias))):
            hint = f"You left out the bias {notation.form(bias).plain}: add it."
            yield Mistake("bias forgotten", _added(tuple(terms)), hint)
        case "forward", Quotient() | Call():
            total = next(symbols(rule.expression))
            plain, right = notation.form(rule.symbol).plain, _plain(rule.expression, of)
            hint = f"You stopped at {notation.form(total).plain}, before the activation: {plain} = {right}."
            yield Mistake("activation forgotten", Value(total), hint)
        case "loss", Product((half, squares)):
            yield Mistake("half forgotten", squares, f"You left out the half: multiply by {_plain(half, of)}.")
        case "through a node", Product((Named(slope, node, _), Named(arriving))) if slope != ONE:
            hint = f"You left out the slope {_plain(slope, of)} of the node {node}: multiply by it."
            yield Mistake("slope forgotten", arriving, hint)
        case "along a connection", Product((Named(Value(weight), top, bottom), arriving)):
            used = Product((Named(Value(notation.moved(weight)), top, bottom), arriving))
            plain = notation.form(weight).plain
            hint = f"You used {plain} after its update: take the old {plain}, for all derivatives come before the first update."
            yield Mistake("updated weight used", used, hint)
        case "sum of paths", Sum(shares):
            for place, share in enumerate(shares):
                hint = f"You left out the path that brings {_plain(share, of)}: add it, for every path counts."
                yield Mistake(f"path {_plain(share, of)} forgotten", _added(shares[:place] + shares[place + 1 :]), hint)
        case "update", Difference(parameter, Product((_, derivative))):
            yield Mistake("η forgotten", Difference(parameter, derivative), _LEARNING_RATE.format(_plain(derivative, of), "take it away"))
        case "update", Sum((parameter, Product((_, derivative)))):
            yield Mistake("η forgotten", Sum((parameter, derivative)), _LEARNING_RATE.format(_plain(derivative, of), "add it"))


def _added(terms: tuple[Expression, ...]) -> Expression:
    return terms[0] if len(terms) == 1 else Sum(terms)


def _plain(expression: Expression, of: str) -> str:
    """An expression with symbols as plain text, ready to stand in a product."""
    hand = PYTHON._replace(value=lambda symbol: notation.form(symbol, of=of).plain, minus=notation.MINUS, times="·", power="{0}²")
    return written(expression, hand, FACTOR)


_LEARNING_RATE = "You left out the learning rate: multiply {} by η before you {}."
