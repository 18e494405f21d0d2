"""Path data passes the points of the lines that it stands for."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from path_data import lines

from ann_dashboard.views import svg_paths

OFF = 1.0 + svg_paths.NEAR * svg_paths.ROUNDS
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
    written = svg_paths.path_data(np.concatenate(points), lengths, np.ones(len(curves), dtype=int))
    for curve, data in zip(points, written, strict=True):
        (drawn,) = lines(data)
        assert max(distance(point, drawn) for point in curve) <= OFF


def test_a_straight_line_keeps_few_points() -> None:
    points = np.column_stack([np.linspace(0, 680, 121), np.linspace(0, 340, 121)])
    (data,) = svg_paths.path_data(points, np.array([121]), np.array([1]))
    assert len(lines(data)[0]) < 12


def test_a_frame_without_a_line_says_so_and_the_others_keep_theirs() -> None:
    points = np.array([[0, 0], [3, 4], [10, 10], [20, 10], [15, 20], [1, 1], [2, 5]], dtype=float)
    data = svg_paths.path_data(points, np.array([2, 3, 2]), np.array([0, 2, 0, 1]), ends="closed")
    assert data == [svg_paths.NOTHING, "M0 0l3 4zM10 10l10 0-5 10z", svg_paths.NOTHING, "M1 1l1 4z"]


def test_no_lines_at_all_are_written_as_nothing() -> None:
    assert (
        svg_paths.path_data(np.empty((0, 2)), np.empty(0, dtype=int), np.zeros(3, dtype=int))
        == [svg_paths.NOTHING] * 3
    )
