"""The sheet of a picture: path data that says what was to be drawn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from path_data import lines

from ann_dashboard.views import sheet

OFF = 1.0 + sheet.NEAR * sheet.ROUNDS
"""Half a unit in x and y by rounding, and what may be left out in each round."""


def distance(point: np.ndarray, line: np.ndarray) -> float:
    """Distance of a point from a line through points."""
    start, along = line[:-1], np.diff(line, axis=0)
    length = (along**2).sum(axis=1)
    share = np.clip(
        np.divide(((point - start) * along).sum(axis=1), length, out=np.zeros(len(length)), where=length > 0),
        0,
        1,
    )
    return np.hypot(*(point - start - share[:, np.newaxis] * along).T).min()


@given(st.lists(st.lists(st.floats(-400, 1000), min_size=2, max_size=40), min_size=1, max_size=4))
def test_the_path_data_of_any_curves_pass_all_their_points(curves: list[list[float]]) -> None:
    points = [np.column_stack([np.arange(len(curve)) * 7.3, curve]) for curve in curves]
    lengths = np.array([len(curve) for curve in curves])
    written = sheet.path_data(np.concatenate(points), lengths, np.ones(len(curves), dtype=int))
    for curve, data in zip(points, written, strict=True):
        (drawn,) = lines(data)
        assert max(distance(point, drawn) for point in curve) <= OFF


def test_a_straight_line_keeps_few_points() -> None:
    points = np.column_stack([np.linspace(0, 680, 121), np.linspace(0, 340, 121)])
    (data,) = sheet.path_data(points, np.array([121]), np.array([1]))
    assert len(lines(data)[0]) < 12


def test_a_frame_without_a_line_says_so_and_the_others_keep_theirs() -> None:
    points = np.array([[0, 0], [3, 4], [10, 10], [20, 10], [15, 20], [1, 1], [2, 5]], dtype=float)
    data = sheet.path_data(points, np.array([2, 3, 2]), np.array([0, 2, 0, 1]), ends="closed")
    assert data == [sheet.NOTHING, "M0 0l3 4zM10 10l10 0-5 10z", sheet.NOTHING, "M1 1l1 4z"]


def test_no_lines_at_all_are_written_as_nothing() -> None:
    assert (
        sheet.path_data(np.empty((0, 2)), np.empty(0, dtype=int), np.zeros(3, dtype=int))
        == [sheet.NOTHING] * 3
    )


@pytest.mark.parametrize(
    ("text", "shown"), [("porosity", "porosity"), ("sandstone number 3", "sandston…r 3")]
)
def test_a_long_name_keeps_its_beginning_and_its_end(text: str, shown: str) -> None:
    assert len(sheet.shortened(text, 12)) <= 12
    assert sheet.shortened(text, 12)[:4] == shown[:4]
    assert sheet.shortened(text, 12)[-2:] == shown[-2:]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.30000000000000004, "0.3"),
        (-5600, "−5600"),
        (120000, "1.2e5"),
        (-1e-17, "0"),
        (1e-7, "1e−7"),
        (10000, "10000"),
    ],
)
def test_a_tick_is_written_shortly(value: float, text: str) -> None:
    assert sheet._tick_text(value) == text
