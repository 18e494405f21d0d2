"""What a wrong prediction of a step's value tells: which of the classic mistakes leads to it."""

import numpy as np

from ann_dashboard import notation
from ann_dashboard.equations.mistakes import mistakes
from ann_dashboard.equations.steps import Step
from ann_dashboard.expressions.tree import evaluated, symbols

NEAR = 0.03
"""Relative distance within which an answer counts as that of a mistake.

Half a unit of its last digit is allowed besides.
"""


def diagnosis(step: Step, answer: float, *, unit: float, derivative_of: str = notation.LOSS) -> str:
    """One sentence that helps: the hint of the classic mistake that leads to the answer.

    Where no mistake does, it says to check the numbers in the equation.
    ``unit``: one unit of the last digit of the answer, 0.01 for 0.53. A mistake counts only if the answer is
    nearer to it than to the right value.
    """
    distances = {}
    for mistake in mistakes(step.rule, of=derivative_of):
        if set(symbols(mistake.expression)) <= set(step.numbers):
            with np.errstate(all="ignore"):
                wrong = float(evaluated(mistake.expression, step.numbers))
            if abs(wrong - answer) <= NEAR * abs(wrong) + unit / 2 and abs(wrong - answer) < abs(
                step.value - answer
            ):
                distances[mistake.hint] = abs(wrong - answer)
    return min(
        distances,
        key=lambda hint: distances[hint],
        default="Not yet. Put the numbers into the equation once more, factor by factor.",
    )
