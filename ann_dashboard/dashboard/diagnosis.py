"""What a wrong prediction of a step's value tells: which of the classic mistakes leads to it."""

import numpy as np

from ann_dashboard import notation
from ann_dashboard.derivation import Step, evaluated
from ann_dashboard.expressions import symbols
from ann_dashboard.mistakes import mistakes

NEAR, ROUNDED = 0.02, 0.005
"""Relative and absolute distance within which an answer counts as that of a mistake: answers are worked out with two digits or so."""


def diagnosis(step: Step, answer: float, *, derivative_of: str = notation.LOSS) -> str:
    """One sentence that helps on: the nearest classic mistake's hint, or to check the numbers in the equation."""
    distances = {}
    for mistake in mistakes(step.rule, of=derivative_of):
        if set(symbols(mistake.expression)) <= set(step.numbers):
            with np.errstate(all="ignore"):
                distances[mistake.hint] = abs(float(evaluated(mistake.expression, step.numbers)) - answer)
    hint, distance = min(distances.items(), key=lambda item: item[1], default=("", np.inf))
    return hint if distance <= NEAR * max(abs(answer), 0.05) + ROUNDED else "Not yet. Put the numbers into the equation once more, factor by factor."
