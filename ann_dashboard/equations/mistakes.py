"""The classic mistakes of the hand calculation.

For each step the wrong equations that students write, and what to do instead.
"""

from collections.abc import Iterator
from typing import NamedTuple

from ann_dashboard import notation
from ann_dashboard.equations.rules import Rule
from ann_dashboard.expressions.tree import (
    FACTOR,
    ONE,
    Difference,
    Expression,
    Named,
    Negative,
    Product,
    Quotient,
    Sum,
    Value,
    added,
    replaced,
    symbols,
    written,
)
from ann_dashboard.expressions.writers import plain_hand


class Mistake(NamedTuple):
    """A wrong right side of a step, what is wrong with it in a few words, and the cure in one sentence."""

    name: str
    expression: Expression
    hint: str


def mistakes(rule: Rule, *, of: str = notation.LOSS) -> tuple[Mistake, ...]:
    """The classic mistakes of a step.

    Each has a name and an equation of its own, and none is the right equation.
    ``of``: the letter the hints name derivatives by, as in `rules`. Two equations may still give one number,
    the slope 1 of a ReLU being left out: judge an answer by the right value first. The updated weight has no
    value where no update follows.
    Source: e-book chapter, "Neural Networks Backpropagation Building Blocks". Erratum: Higham & Higham's
    pseudocode as printed uses updated weights.
    """
    own = (
        Mistake(slip.name, slip.expression, slip.hint.format(*(_plain(told, of) for told in slip.told)))
        for slip in rule.slips
    )
    return (_sign(rule, of), *_left_out(rule, of), *own)


def _sign(rule: Rule, of: str) -> Mistake:
    """The right size with the other sign.

    An update goes the other way; a derivative at an output has the difference turned round.
    """
    name = "sign"
    match rule.block, rule.expression:
        case "update", Difference(Value(moving) as parameter, step) if rule.symbol == notation.moved(moving):
            hint = (
                f"You went the wrong way: take {_plain(step, of)} away from {_plain(parameter, of)} "
                "instead of adding it."
            )
            return Mistake(name, Sum((parameter, step)), hint)
        case "update", Sum((Value(moving) as parameter, step)) if rule.symbol == notation.moved(moving):
            hint = (
                f"You went the wrong way: add {_plain(step, of)} to {_plain(parameter, of)} instead of "
                "taking it away."
            )
            return Mistake(name, Difference(parameter, step), hint)
        case (("loss" | "through a node"), Difference(Value(_) as left, Value(_) as right)):
            words = ("prediction", "truth") if left.symbol.startswith("O") else ("truth", "prediction")
            hint = (
                f"You took {words[1]} less {words[0]}: take {words[0]} less {words[1]}, {_plain(left, of)} "
                f"{notation.MINUS} {_plain(right, of)}."
            )
            return Mistake(name, Difference(right, left), hint)
        case "loss", _ if rule.symbol == notation.LOSS:
            hint = "The loss is never negative: leave out the minus."
            if isinstance(rule.expression, Negative):
                hint = (
                    "The logarithm of a probability is never above 0: the minus before the sum makes the "
                    "loss positive."
                )
        case _ if notation.is_derivative(rule.symbol):
            other = notation.PERFORMANCE if of == notation.LOSS else notation.LOSS
            asked, answered = (notation.form(rule.symbol, of=letter).plain for letter in (of, other))
            hint = (
                f"Your size is right but the sign is that of {answered} = {notation.MINUS}{asked}: turn it."
            )
        case _:
            hint = "Your size is right but the sign is not: turn it."
    return Mistake(name, Negative(rule.expression), hint)


def _left_out(rule: Rule, of: str) -> Iterator[Mistake]:
    """What is forgotten in a step of its block."""
    match rule.block, rule.expression:
        case "forward", Sum((*terms, Value(bias))):
            hint = f"You left out the bias {notation.form(bias).plain}: add it."
            yield Mistake("bias forgotten", added(tuple(terms)), hint)
        case "forward", Product((Value(mask), Value() as unmasked)):
            hint = f"You left out the mask: multiply {_plain(unmasked, of)} by {notation.form(mask).plain}."
            yield Mistake("mask forgotten", unmasked, hint)
        case "forward", expression if not isinstance(expression, Value):
            total = next(symbols(rule.expression))
            plain, right = notation.form(rule.symbol).plain, _plain(rule.expression, of)
            hint = f"You stopped at {notation.form(total).plain}, before the activation: {plain} = {right}."
            yield Mistake("activation forgotten", Value(total), hint)
        case "loss", Product((factor, rest)) if rule.symbol == notation.LOSS:
            yield Mistake("half forgotten", rest, f"You left out the half: multiply by {_plain(factor, of)}.")
        case "loss", Product((factor, rest)):
            yield Mistake(
                "factor forgotten",
                rest,
                f"You left out the factor {_plain(factor, of)} of the squares: multiply by it.",
            )
        case "loss", Quotient(squares, count) if rule.symbol == notation.LOSS:
            yield Mistake(
                "mean forgotten",
                squares,
                f"You left out the number of outputs: divide by {_plain(count, of)}.",
            )
        case "through a node", _:
            yield from _through(rule, of)
        case "along a connection", Product((Named(Value(weight), top, bottom), arriving)):
            used = Product((Named(Value(notation.moved(weight)), top, bottom), arriving))
            plain = notation.form(weight).plain
            hint = (
                f"You used {plain} after its update: take the old {plain}, for all derivatives come before "
                "the first update."
            )
            yield Mistake("updated weight used", used, hint)
        case "sum of paths", Sum(shares):
            for place, share in enumerate(shares):
                hint = (
                    f"You left out the path that brings {_plain(share, of)}: add it, for every path counts."
                )
                yield Mistake(
                    f"path {_plain(share, of)} forgotten", added(shares[:place] + shares[place + 1 :]), hint
                )
        case "update", _:
            yield from _update(rule, of)


def _through(rule: Rule, of: str) -> Iterator[Mistake]:
    """What goes wrong where a derivative goes back through a node."""
    node = rule.symbol.removeprefix(notation.derivative("")).removesuffix("in")
    match rule.expression:
        case Product((Named(Product((Value(mask) as masks, slope)), top, bottom), Named() as arriving)) if (
            mask == notation.mask(node)
        ):
            hint = f"You left out the mask of {node}: a node that is left out passes nothing back."
            yield Mistake("mask forgotten", Product((Named(slope, top, bottom), arriving)), hint)
            if slope != ONE:
                hint = f"You left out the slope {_plain(slope, of)} of the node {node}: multiply by it."
                yield Mistake("slope forgotten", Product((masks, arriving)), hint)
        case Product((Named(slope), Named(arriving))) if slope != ONE:
            hint = f"You left out the slope {_plain(slope, of)} of the node {node}: multiply by it."
            yield Mistake("slope forgotten", arriving, hint)


def _update(rule: Rule, of: str) -> Iterator[Mistake]:
    """What is forgotten in a step of an update."""
    used = set(symbols(rule.expression))
    for mean in sorted(symbol for symbol in used if symbol.startswith(notation.mean(""))):
        own = mean.removeprefix(notation.mean(""))
        hint = f"You used {_plain(Value(own), of)} of this sample alone: take the mean over the samples."
        yield Mistake("mean forgotten", replaced(rule.expression, mean, Value(own)), hint)
    match rule.expression:
        case Quotient(Value(notation.FIRST_ETA) as first, below):
            yield Mistake(
                "decay forgotten",
                first,
                f"You left out the decay: divide {_plain(first, of)} by {_plain(below, of)}.",
            )
        case Sum((Product((share, _)) as kept, Product((Difference(_, other), new)))) if share == other:
            left_out = f"1 {notation.MINUS} {_plain(share, of)}"
            yield Mistake(
                f"{left_out} forgotten",
                Sum((kept, new)),
                f"You left out {left_out}: multiply {_plain(new, of)} by it.",
            )
        case (
            Sum((Value() as derivative, *_))
            | Difference(Value() as derivative, _)
            | Difference(Difference(Value() as derivative, _), _)
        ) if rule.symbol.startswith(notation.gradient("")):
            yield Mistake(
                "penalty forgotten",
                derivative,
                f"You stopped at {_plain(derivative, of)}: the penalty moves the weight too.",
            )
        case Difference(Value() as parameter, Product((_, step))):
            yield Mistake(
                "η forgotten",
                Difference(parameter, step),
                _LEARNING_RATE.format(_plain(step, of), "take it away"),
            )
        case Sum((Value() as parameter, Product((_, step)))):
            yield Mistake(
                "η forgotten", Sum((parameter, step)), _LEARNING_RATE.format(_plain(step, of), "add it")
            )


def _plain(expression: Expression, of: str) -> str:
    """An expression with symbols as plain text, ready to stand in a product."""
    hand = plain_hand(lambda symbol: notation.form(symbol, of=of).plain, times="·")
    return written(expression, hand, FACTOR)


_LEARNING_RATE = "You left out the learning rate: multiply {} by η before you {}."
