"""Checks of input: each returns the value or raises.

An `InputError` has the thing, the value and the cure.
"""

import math
from collections.abc import Iterable
from numbers import Integral, Real
from typing import Any, TypeVar

LARGEST_WHOLE = 2**53
"""The largest whole number that is taken anywhere.

As a float it still has all its digits, and no sum of it overflows in NumPy.
"""
LONGEST = 120
"""How many characters of a value a message repeats."""
T = TypeVar("T")


class InputError(ValueError):
    """Wrong input: what is wrong, the value that was given, and the cure.

    ``thing``: its name in Python, such as "batch_size". ``value``: what was given. ``cure``: what to give
    instead, such as "give a whole number of 1 or more".
    ``found``: what the sentence says of the thing, such as "is 1.5, not a whole number"; left out, "is" and
    the value.
    """

    def __init__(self, thing: str, value: object, cure: str, found: str = "") -> None:
        super().__init__(thing, value, cure, found)
        self.thing, self.value, self.cure = thing, value, cure
        self.found = found or f"is {told(value)}"

    def __str__(self) -> str:
        return self.named(self.thing)

    def named(self, label: str) -> str:
        """The sentence with a name for the thing that its reader knows, such as the label of a control."""
        return f"{label} {self.found}: {self.cure}"


class InputTypeError(InputError, TypeError):
    """Wrong input of a wrong type; it is a TypeError too."""


def told(value: Any) -> str:
    """A value as a message repeats it: at most `LONGEST` characters, whatever it is.

    Of a large whole number it gives the first digits and their count: Python refuses to write more than 4300.
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
    """An object of a class. Raises InputTypeError."""
    if isinstance(value, kind):
        return value
    name = kind.__name__
    if value is kind:
        raise InputTypeError(thing, value, cure or f"give one, {name}(...)", f"is the class {name} itself")
    raise InputTypeError(thing, value, cure or f"give a {name}", f"is {told(value)}, not a {name}")


def whole(thing: str, value: Any, *, least: int, most: float = LARGEST_WHOLE) -> int:
    """A whole number from ``least`` to ``most``; ``most`` is infinite for a number that is looked up.

    Raises InputError, or InputTypeError where the value is not a whole number.
    """
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise InputTypeError(thing, value, f"give {least} or more", f"is {told(value)}, not a whole number")
    if value < least:
        raise InputError(thing, value, f"give a whole number of {least} or more")
    found = int(value)
    if found > most:
        raise InputError(thing, value, f"give a whole number from {least} to {most}")
    return found


def number(thing: str, value: Any, *, above: float = -math.inf, least: float = -math.inf) -> float:
    """A finite number, greater than ``above`` and at least ``least`` where these are given.

    Raises InputError, or InputTypeError where the value is not a number.
    """
    bounds = (
        f" above {above:g}" if above > -math.inf else f" of at least {least:g}" if least > -math.inf else ""
    )
    wanted = f"a finite number{bounds}"
    if isinstance(value, bool) or not isinstance(value, Real):
        raise InputTypeError(thing, value, f"give {wanted}", f"is {told(value)}, not a number")
    try:
        found = float(value)
    except OverflowError:
        found = math.inf
    if not (above < found < math.inf and found >= least):
        raise InputError(thing, value, f"give {wanted}")
    return found


def fraction(thing: str, value: Any) -> float:
    """A number from 0 to below 1. Raises InputError or InputTypeError."""
    found = number(thing, value)
    if not 0.0 <= found < 1.0:
        raise InputError(thing, value, "give a number from 0 to below 1")
    return found


def choice(thing: str, value: Any, names: Iterable[str]) -> str:
    """One of the given names. Raises InputError, whose cure lists them."""
    names = tuple(names)
    if not isinstance(value, str) or value not in names:
        raise InputError(thing, value, f"choose one of {', '.join(names)}")
    return str(value)


def span(thing: str, value: Any) -> tuple[float, float]:
    """Two finite numbers, the lower one first. Raises InputError or InputTypeError."""
    try:
        low, high = value
    except (TypeError, ValueError):
        raise InputTypeError(
            thing, value, "give (low, high), e.g. (-1, 1)", f"is {told(value)}, not two numbers"
        ) from None
    low, high = number(f"{thing}'s low end", low), number(f"{thing}'s high end", high)
    if not low < high:
        found = f"is ({low:g}, {high:g})"
        raise InputError(thing, value, "give the lower number first, e.g. (-1, 1)", found)
    return low, high
