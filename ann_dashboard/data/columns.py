"""Column: one predictor or response of the data, with its name, its range and how it was scaled."""

import math
from collections.abc import Callable, Sequence
from dataclasses import KW_ONLY, dataclass
from itertools import groupby

import numpy as np
from numpy.typing import ArrayLike

from ann_dashboard import checks


@dataclass(frozen=True)
class Column:
    """One column of x or y: what stands at one input or output node.

    ``name``: of the predictor or response. ``category``: None, or the category a one-hot column stands for.
    ``least``, ``most``: smallest and largest value of the training samples, in original units.
    ``scale``: the (low, high) that least and most became, or None when the values are used as they are.
    Raises TypeError or ValueError for a range that cannot be scaled.
    """

    name: str
    _: KW_ONLY
    category: str | None = None
    least: float
    most: float
    scale: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not self.name:
            raise TypeError(f"the name of a column is {self.name!r}: give a text, e.g. 'porosity'")
        least, most = (
            checks.number(f"least of {self.name}", self.least),
            checks.number(f"most of {self.name}", self.most),
        )
        if least > most:
            raise ValueError(f"{self.name} goes from {least:g} to {most:g}: give the smaller value as least")
        object.__setattr__(self, "least", least)
        object.__setattr__(self, "most", most)
        if self.scale is None:
            return
        object.__setattr__(self, "scale", checks.span(f"scale of {self.name}", self.scale))
        if least == most:
            raise ValueError(
                f"{self.name} is {least:g} everywhere, so there is no range to scale: leave it out, or give "
                "scale=None"
            )
        if math.isinf(most - least):
            raise ValueError(
                f"{self.name} goes from {least:g} to {most:g}, too wide a range to scale: give it in "
                "larger units"
            )

    @property
    def label(self) -> str:
        """How the column is called: its name, or "colour = red" for a one-hot column."""
        return self.name if self.category is None else f"{self.name} = {self.category}"

    def scaled(self, values: ArrayLike) -> np.ndarray:
        """Values in original units, of any shape, as the network takes them.

        low + (v − least) / (most − least) · (high − low).
        Values outside least to most come to lie outside low to high.
        Source: lecture deck, "Min / max normalization to a range [-1, 1] or [0, 1]".
        """
        values = np.asarray(values, dtype=float)
        return values if self.scale is None else _moved(values, (self.least, self.most), self.scale)

    def original(self, values: ArrayLike) -> np.ndarray:
        """Scaled values, of any shape, back in original units.

        least + (v − low) / (high − low) · (most − least).
        Source: lecture deck, "back transformation from normalized to original response feature(s)".
        """
        values = np.asarray(values, dtype=float)
        return values if self.scale is None else _moved(values, self.scale, (self.least, self.most))


def _moved(values: np.ndarray, source: tuple[float, float], target: tuple[float, float]) -> np.ndarray:
    """Values moved as the source range moves to the target range.

    The inf and NaN of a diverged network stay inf and NaN.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        return np.asarray(
            target[0] + (values - source[0]) / (source[1] - source[0]) * (target[1] - target[0])
        )


def same_units(columns: Sequence[Column], others: Sequence[Column]) -> bool:
    """Whether two rows of columns have the same labels and the same scaling.

    Then a number means the same in both.
    """

    def meaning(column: Column) -> tuple[object, ...]:
        return column.label, column.scale, column.scale and (column.least, column.most)

    return [meaning(column) for column in columns] == [meaning(column) for column in others]


def described(columns: Sequence[Column], node: Callable[[int], str]) -> tuple[str, ...]:
    """What was done with each predictor or response, one line each.

    ``node`` names what takes the n-th column, counted from 1.
    "impedance: 5.1 to 8.9 scaled to [-1, 1] -> I1", "rock: sand -> I2, shale -> I3 (one-hot)", "depth -> I4,
    as given".
    """
    lines = []
    for (name, encoded), group in groupby(
        enumerate(columns, start=1), key=lambda item: (item[1].name, item[1].category is not None)
    ):
        members = list(group)
        if encoded:
            lines.append(
                f"{name}: {', '.join(f'{column.category} -> {node(n)}' for n, column in members)} (one-hot)"
            )
        else:
            lines += [_described_number(column, node(n)) for n, column in members]
    return tuple(lines)


def _described_number(column: Column, node: str) -> str:
    if column.scale is None:
        return f"{column.name} -> {node}, as given"
    low, high = column.scale
    return f"{column.name}: {column.least:g} to {column.most:g} scaled to [{low:g}, {high:g}] -> {node}"
