"""Ranges: what an axis goes from and to, so that it can be drawn whatever the numbers are.

All equal, nearly equal, next to the largest float or below the smallest normal one: an axis has a width above
0 that floats can divide, and ends that are finite with room for the ticks beyond them. What lies beyond these
ends is outside the picture, and the axis says so.
"""

from collections.abc import Iterable

import numpy as np

from ann_dashboard.notation import MINUS

FARTHEST = 1e300
"""The end of every axis. Where floats end, at 1.8e308, there is no room for the next tick, and the width of
−1.7e308 to 1.7e308 is infinite.
"""
NARROWEST, FINEST = 1e-290, 1e-12
"""Width of an axis at least: a point of the screen is a thousandth of it; and as a share of its numbers,
which have 16 digits.
"""


def around(values: Iterable[np.ndarray], room: float) -> tuple[float, float]:
    """From the smallest to the largest of finite values, with room on both sides.

    ``room``: a share of their span, or of their size where all are equal.
    """
    flat = np.clip(np.concatenate([np.ravel(value) for value in values]), -FARTHEST, FARTHEST)
    low, high = float(flat.min()), float(flat.max())
    span = (high - low) or max(abs(high), 1.0)
    return drawable(low - room * span, high + room * span)


def drawable(low: float, high: float) -> tuple[float, float]:
    """The range itself where it can be drawn, else the nearest one that can.

    Cut at the farthest ends, and wider where it has next to no width.
    """
    low, high = (min(max(end, -FARTHEST), FARTHEST) for end in (low, high))
    size = max(abs(low), abs(high))
    if high - low >= max(NARROWEST, FINEST * size):
        return low, high
    half = size / 2 if size >= NARROWEST else 0.5
    middle = min(max(low + (high - low) / 2, half - FARTHEST), FARTHEST - half)
    return middle - half, middle + half


def logarithmic(low: float, high: float) -> tuple[float, float]:
    """A logarithmic range of positive numbers, over a power of ten at least.

    From half the smallest to twice the largest, as far as floats go.
    """
    least, most = float(np.finfo(float).tiny), float(np.finfo(float).max)
    low = min(max(low / 2, least), most / 100)
    return low, min(max(high, low * 20), most / 2) * 2


def near(values: np.ndarray, ends: tuple[float, float], widths: float) -> np.ndarray:
    """The values, those that are farther than so many widths outside a range moved to there; NaN stays."""
    low, high = ends
    return np.clip(values, low - widths * (high - low), high + widths * (high - low))


def named(name: str, ends: tuple[float, float]) -> str:
    """What stands at an axis: its name, and which of its ends is none of the numbers'."""
    beyond = [
        text for end, text in zip(ends, (f"{MINUS}1e300", "1e300"), strict=True) if abs(end) == FARTHEST
    ]
    return f"{name}, ends at {' and '.join(beyond)}" if beyond else name
