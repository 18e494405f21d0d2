"""What a wrong prediction of a step's value tells: which of the classic mistakes leads to it."""

import numpy as np

from ann_dashboard import notation
from ann_dashboard.derivation import evaluated, rules, steps
from ann_dashboard.expressions import symbols
from ann_dashboard.history import History
from ann_dashboard.mistakes import mistakes

NEAR = 0.02
"""Relative distance within which an answer counts as that of a mistake: answers are worked out with two digits or so."""


def diagnosis(history: History, epoch: int, symbol: str, answer: float, *, derivative_of: str = notation.LOSS) -> str:
    """One sentence that helps on: the nearest classic mistake's hint, or to check the numbers in the equation."""
    found = [step for step in steps(history, epoch) if step.symbol == symbol]
    if not found:
        return f"{symbol} is no step of epoch {epoch}."
    numbers = dict(found[0].numbers)
    if derivative_of != notation.LOSS:
        numbers = {name: -value if notation.derivative("") in name else value for name, value in numbers.items()}
    plan = rules(history.network, of=derivative_of, batch=len(history.data) > 1, biases_move=history.training.train_biases)
    (rule,) = [rule for rule in plan if rule.symbol == symbol]
    hints = {}
    for mistake in mistakes(rule, of=derivative_of):
        if set(symbols(mistake.expression)) <= set(numbers):
            with np.errstate(all="ignore"):
                hints[mistake.hint] = abs(float(evaluated(mistake.expression, numbers)) - answer)
    scale = max(abs(answer), 0.05)
    hint, distance = min(hints.items(), key=lambda item: item[1], default=("", np.inf))
    return hint if distance <= NEAR * scale + 0.005 else "Not yet. Put the numbers into the equation once more, factor by factor."
