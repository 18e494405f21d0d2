"""One equation of a pass, and the classic mistakes that belong to it alone."""

from typing import NamedTuple

from ann_dashboard.expressions.tree import Expression, Value


class Slip(NamedTuple):
    """A classic mistake: its name, the wrong right side, and the cure in one sentence.

    ``told``: expressions that take the place of each {} in the hint.
    """

    name: str
    expression: Expression
    hint: str
    told: tuple[Expression, ...] = ()


class Worked(NamedTuple):
    """The right side of an equation as a program computes it, in a form that fails at no number.

    ``given``: quantities that the form uses and that are not symbols of the lecture, each with its equation,
    in the order in which they are computed.
    """

    expression: Expression
    given: tuple[tuple[Value, Expression], ...] = ()


class Equation(NamedTuple):
    """An equation: the symbol it gives, its right side, and one sentence that says what it does.

    ``slips``: the classic mistakes that belong to this equation alone.
    ``worked``: how a program computes the right side, where the printed form could fail.
    """

    symbol: str
    expression: Expression
    sentence: str
    slips: tuple[Slip, ...] = ()
    worked: Worked | None = None
