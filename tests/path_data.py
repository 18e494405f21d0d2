"""Reads the path data that the pictures' films hold."""

import re

import numpy as np


def lines(data: str) -> list[np.ndarray]:
    """The points (points, 2) of each line of path data.

    As `views.svg_paths.path_data` writes it: M x y, then l with offsets.
    """
    found = []
    for line in re.findall(r"M[^M]*", data):
        numbers = np.array([float(number) for number in re.findall(r"-?\d+", line)]).reshape(-1, 2)
        found.append(np.cumsum(numbers, axis=0))
    return found


def inside(rings: list[np.ndarray], point: tuple[float, float]) -> bool:
    """Whether a point lies in closed rings, by the winding number."""
    x, y = point
    winding = 0
    for ring in rings:
        for (x0, y0), (x1, y1) in zip(ring, np.roll(ring, -1, axis=0), strict=True):
            if (y0 <= y) != (y1 <= y) and x < x0 + (y - y0) / (y1 - y0) * (x1 - x0):
                winding += 1 if y1 > y0 else -1
    return winding != 0
