"""Field: a map of one property on which a trained network predicts.

Such as the acoustic impedance between the wells.
"""

from dataclasses import dataclass, field

import numpy as np

from ann_dashboard import checks


@dataclass(frozen=True, eq=False)
class Field:
    """One property on a regular grid of cells.

    ``values`` (ny, nx): in original units, stored as a read-only copy; row 0 is the southern edge, column 0
    the western.
    ``width``, ``height``: extent of the map in m, west to east and south to north. ``name``, ``unit``: of the
    property.
    Raises TypeError or ValueError for what is no map of finite numbers, or no extent.
    """

    values: np.ndarray = field(repr=False)
    width: float
    height: float
    name: str
    unit: str

    def __post_init__(self) -> None:
        values = np.array(self.values, dtype=float)
        if values.ndim != 2 or min(values.shape) < 2:
            raise ValueError(
                f"values of {self.name} has shape {values.shape}: give one row for each line of cells, at "
                "least 2 of 2, as (ny, nx)"
            )
        if not np.isfinite(values).all():
            row, column = np.argwhere(~np.isfinite(values))[0].tolist()
            raise ValueError(
                f"values of {self.name} in row {row}, column {column} is {values[row, column]}: give a "
                "finite number in every cell"
            )
        values.setflags(write=False)
        object.__setattr__(self, "values", values)
        for extent in ("width", "height"):
            object.__setattr__(
                self, extent, checks.number(f"{extent} of {self.name}", getattr(self, extent), above=0.0)
            )
