"""The record of a training as the engine sees it: one row of numbers for each pass.

And where in a row every number stands.
"""

from collections.abc import MutableSequence, Sequence
from typing import NamedTuple, TypeAlias

Row: TypeAlias = MutableSequence[float]
Record: TypeAlias = Sequence[Row]


class Layout(NamedTuple):
    """Where everything in a row of the record stands: offsets from the row's first number.

    Signals begin at 0: node n (from 0) has its pre-activation at 2n and its output at 2n + 1. ``masks``: -1
    for a training without dropout.
    ``means``: the optimiser's running means, all parameters' first ones, then all second ones; the end of the
    row where it has none.
    """

    columns: int
    nodes: int
    truths: int
    loss: int
    weights: int
    biases: int
    d_signals: int
    d_weights: int
    d_biases: int
    eta: int
    masks: int
    means: int
