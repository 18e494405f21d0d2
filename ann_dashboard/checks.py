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


def number(thing: str, value: Any, *, above: float = -math.inf) -> float:
    """A finite number, greater than ``above`` where that is given. Raises TypeError or ValueError."""
    wanted = "a finite number" if above == -math.inf else f"a finite number above {above:g}"
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{thing} is {value!r}, not a number: give {wanted}")
    try:
        found = float(value)
    except OverflowError:
        found = math.inf
    if not above < found < math.inf:
        raise ValueError(f"{thing} is {value}: give {wanted}")
    return found


def choice(thing: str, value: Any, names: Iterable[str]) -> str:
    """One of the given names. Raises ValueError that lists them."""
    names = tuple(names)
    if value not in names:
        raise ValueError(f"{thing} is {value!r}: choose one of {', '.join(names)}")
    return str(value)
