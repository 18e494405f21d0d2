"""Checks of what people type in: each returns the value or raises with the thing, the value and the cure."""

import math
from collections.abc import Iterable
from numbers import Integral, Real
from typing import Any, TypeVar

LARGEST_WHOLE = 2**53
"""The largest whole number that is taken anywhere: as a float it still has all its digits, and no sum of it
overflows in NumPy.
"""
LONGEST = 120
"""Letters of a value that a message repeats."""
T = TypeVar("T")


def told(value: Any) -> str:
    """A value as a message repeats it: short, whatever it is; Python refuses to write a whole number of more
    than 4300 digits.
    """
    if isinstance(value, Integral) and not isinstance(value, bool) and (size := abs(int(value))) > 10**30:
        digits = math.floor(math.log10(size)) + 1
        digits -= 10 ** (digits - 1) > size
        return f"{'-' if int(value) < 0 else ''}{size // 10 ** (digits - 10)}… ({digits} digits)"
    try:
        text = str(value) if isinstance(value, Real) else repr(value)
    except Exception:  # whatever an object of somebody else raises when it is written
        return f"an object of the class {type(value).__name__}"
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def instance(thing: str, value: Any, kind: type[T], cure: str = "") -> T:
    """An object of a class. Raises TypeError that names the thing, what it is, and what to give."""
    if isinstance(value, kind):
        return value
    if value is kind:
        raise TypeError(
            f"{thing} is the class {kind.__name__} itself: {cure or f'give one, {kind.__name__}(...)'}"
        )
    raise TypeError(f"{thing} is {told(value)}, not a {kind.__name__}: {cure or f'give a {kind.__name__}'}")


def whole(thing: str, value: Any, *, least: int, most: float = LARGEST_WHOLE) -> int:
    """A whole number of at least ``least``, and of at most ``most``, infinite for one that is looked up.
    Raises TypeError or ValueError.
    """
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise TypeError(f"{thing} is {told(value)}, not a whole number: give {least} or more")
    if value < least:
        raise ValueError(f"{thing} is {told(value)}: give a whole number of {least} or more")
    found = int(value)
    if found > most:
        raise ValueError(f"{thing} is {told(value)}: give a whole number from {least} to {most}")
    return found


def number(thing: str, value: Any, *, above: float = -math.inf, least: float = -math.inf) -> float:
    """A finite number, greater than ``above`` and at least ``least`` where these are given. Raises TypeError
    or ValueError.
    """
    bounds = (
        f" above {above:g}" if above > -math.inf else f" of at least {least:g}" if least > -math.inf else ""
    )
    wanted = f"a finite number{bounds}"
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{thing} is {told(value)}, not a number: give {wanted}")
    try:
        found = float(value)
    except OverflowError:
        found = math.inf
    if not (above < found < math.inf and found >= least):
        raise ValueError(f"{thing} is {told(value)}: give {wanted}")
    return found


def fraction(thing: str, value: Any) -> float:
    """A number from 0 to below 1. Raises TypeError or ValueError."""
    found = number(thing, value)
    if not 0.0 <= found < 1.0:
        raise ValueError(f"{thing} is {told(value)}: give a number from 0 to below 1")
    return found


def choice(thing: str, value: Any, names: Iterable[str]) -> str:
    """One of the given names. Raises ValueError that lists them."""
    names = tuple(names)
    if not isinstance(value, str) or value not in names:
        raise ValueError(f"{thing} is {told(value)}: choose one of {', '.join(names)}")
    return str(value)


def span(thing: str, value: Any) -> tuple[float, float]:
    """Two finite numbers, the lower one first. Raises TypeError or ValueError."""
    try:
        low, high = value
    except (TypeError, ValueError):
        raise TypeError(
            f"{thing} is {told(value)}, not two numbers: give (low, high), e.g. (-1, 1)"
        ) from None
    low, high = number(f"{thing}'s low end", low), number(f"{thing}'s high end", high)
    if not low < high:
        raise ValueError(f"{thing} is ({low:g}, {high:g}): give the lower number first, e.g. (-1, 1)")
    return low, high
