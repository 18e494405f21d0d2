"""One equation of a pass, and the classic mistakes that belong to it alone."""

from typing import NamedTuple

from ann_dashboard.expressions.tree import Expression


class Slip(NamedTuple):
    """A classic mistake: its name, the wrong right side, and the cure in one sentence, with {} for each of
    the expressions ``told``.
    """

    name: str
    expression: Expression
    hint: str
    told: tuple[Expression, ...] = ()


class Equation(NamedTuple):
    """The symbol that an equation gives, its right side, what it does in one sentence, and the mistakes that
    belong to it alone.
    """

    symbol: str
    expression: Expression
    sentence: str
    slips: tuple[Slip, ...] = ()
