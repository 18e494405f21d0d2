"""Dataset: the samples a network learns from, already scaled."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ann_dashboard.network import Network


@dataclass(frozen=True, eq=False, init=False)
class Dataset:
    """Predictors ``x`` (n, p) and responses ``y`` (n, k) of n samples: scaled, no unit; stored as read-only copies.

    Raises TypeError or ValueError for what is no table of finite numbers, and when x and y differ in their number of samples.
    """

    x: np.ndarray = field(repr=False)
    y: np.ndarray = field(repr=False)

    def __init__(self, x: ArrayLike, y: ArrayLike) -> None:
        object.__setattr__(self, "x", _table("x", x, "predictors"))
        object.__setattr__(self, "y", _table("y", y, "responses"))
        if len(self.x) != len(self.y):
            raise ValueError(f"x has {len(self.x)} samples but y has {len(self.y)}: give one row of responses for each row of predictors")

    def __len__(self) -> int:
        return len(self.x)

    def check_fits(self, network: Network) -> None:
        """Raise ValueError when the data's predictors or responses are not as many as the network's inputs or outputs."""
        for name, width, layer, end in (
            ("x", self.x.shape[1], network.layers[0], "input"),
            ("y", self.y.shape[1], network.layers[-1], "output"),
        ):
            if width != len(layer):
                widths = list(network.widths)
                widths[0 if end == "input" else -1] = width
                ends = f"{len(layer)} {end}{'s' if len(layer) > 1 else ''} ({', '.join(layer)})"
                values = f"{len(layer)} value{'s' if len(layer) > 1 else ''}"
                raise ValueError(f"{name} has {width} values a sample but the network has {ends}: give Network({tuple(widths)}) or {values} a sample")


def _table(name: str, values: Any, content: str) -> np.ndarray:
    try:
        table = np.array(values, dtype=float)
    except (TypeError, ValueError, OverflowError) as error:
        raise TypeError(f"{name} is no table of numbers ({error}): give one row a sample, e.g. [[0.5, 0.2, 0.7]]") from None
    if table.ndim != 2:
        raise ValueError(f"{name} has shape {table.shape}: give one row a sample and one column for each of the {content}, e.g. [[0.5, 0.2, 0.7]]")
    if table.size == 0:
        raise ValueError(f"{name} has shape {table.shape}, it holds no values: give at least one sample")
    bad = np.argwhere(~np.isfinite(table))
    if len(bad):
        sample, column = bad[0].tolist()
        raise ValueError(f"{name} of sample {sample}, column {column} is {table[sample, column]}: give a finite number, or leave the sample out")
    table.setflags(write=False)
    return table
