"""A field is a map of finite numbers with an extent."""

import numpy as np
import pytest

from ann_dashboard.data.property_map import Field


def test_a_field_keeps_a_copy_that_nobody_can_change():
    values = np.ones((2, 3))
    field = Field(values, 300, 200, "acoustic impedance", "10⁶ kg/m²s")
    values[0, 0] = 9.0
    assert field.values.tolist() == [[1.0] * 3] * 2
    assert (field.width, field.height) == (300.0, 200.0)
    with pytest.raises(ValueError, match="read-only"):
        field.values[0, 0] = 9.0


@pytest.mark.parametrize(
    ("values", "width", "message"),
    [
        ([1.0, 2.0], 100, r"values of porosity has shape \(2,\): give one row for each line of cells"),
        (
            [[1.0, np.nan], [2.0, 3.0]],
            100,
            "values of porosity in row 0, column 1 is nan: give a finite number in every cell",
        ),
        ([[1.0, 2.0], [3.0, 4.0]], 0, "width of porosity is 0"),
    ],
)
def test_what_is_no_map_is_refused_with_the_cure(values, width, message):
    with pytest.raises(ValueError, match=message):
        Field(values, width, 100, "porosity", "%")
