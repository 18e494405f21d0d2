"""Words that depend on a number: 2nd epoch, 1 sample, 3 samples."""


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th, 12th, 13th, 21st, ... of a whole number from 0."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def counted(number: int, thing: str) -> str:
    """A number of things: "1 epoch", "2 epochs", "0 epochs"."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
