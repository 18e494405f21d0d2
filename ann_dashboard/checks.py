"""Checks of what people type in: each returns the value or raises with the thing, the value and the cure."""

import math
from collections.abc import Iterable
from numbers import Integral, Real
from typing import Any


def whole(thing: str, value: Any, *, least: int) -> int:
    """A whole number of at least ``least``. Raises TypeError or ValueError."""
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise TypeError(f"{thing} is {value!r}, not a whole number: give {least} or more")
    if value < least:
        raise ValueError(f"{thing} is {value}: give a whole number of {least} or more")
    return int(value)


def number(thing: str, value: Any, *, above: float = -math.inf, least: float = -math.inf) -> float:
    """A finite number, greater than ``above`` and at least ``least`` where these are given. Raises TypeError or ValueError."""
    bounds = f" above {above:g}" if above > -math.inf else f" of at least {least:g}" if least > -math.inf else ""
    wanted = f"a finite number{bounds}"
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{thing} is {value!r}, not a number: give {wanted}")
    try:
        found = float(value)
    except OverflowError:
        found = math.inf
    if not (above < found < math.inf and found >= least):
        raise ValueError(f"{thing} is {value}: give {wanted}")
    return found


def fraction(thing: str, value: Any) -> float:
    """A number from 0 to below 1. Raises TypeError or ValueError."""
    found = number(thing, value)
    if not 0.0 <= found < 1.0:
        raise ValueError(f"{thing} is {value}: give a number from 0 to below 1")
    return found


def choice(thing: str, value: Any, names: Iterable[str]) -> str:
    """One of the given names. Raises ValueError that lists them."""
    names = tuple(names)
    if not isinstance(value, str) or value not in names:
        raise ValueError(f"{thing} is {value!r}: choose one of {', '.join(names)}")
    return str(value)


def span(thing: str, value: Any) -> tuple[float, float]:
    """Two finite numbers, the lower one first. Raises TypeError or ValueError."""
    try:
        low, high = value
    except (TypeError, ValueError):
        raise TypeError(f"{thing} is {value!r}, not two numbers: give (low, high), e.g. (-1, 1)") from None
    low, high = number(f"{thing}'s low end", low), number(f"{thing}'s high end", high)
    if not low < high:
        raise ValueError(f"{thing} is ({low:g}, {high:g}): give the lower number first, e.g. (-1, 1)")
    return low, high
