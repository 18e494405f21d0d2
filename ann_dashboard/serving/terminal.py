"""What the server prints in its terminal: one clean, short line for each event, and only so many a minute.

Names, addresses and values in these lines come from visitors: escape codes in them could colour the
lecturer's terminal or forge a line of the server.
"""

import logging
import os
import re
import threading
import traceback
from typing import TextIO

LONGEST_LINE = 500
"""Characters of a line; a longer one is cut off."""
MOST_LINES = 100
"""Lines a minute; how many more there were is printed when the minute is over."""
MINUTE = 60_000
"""Milliseconds."""
PLACES = 3
"""How many lines of code are named for an error, the innermost first."""

COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def clean(text: str) -> str:
    """A text as one line of printable characters; line ends become bars.

    It has no colours, control codes or changes of direction.
    """
    kept = COLOUR.sub("", text[: 4 * LONGEST_LINE])
    line = " | ".join(part.strip() for part in kept.splitlines() if part.strip())
    line = "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in line)
    return (
        line
        if len(line) <= LONGEST_LINE and len(text) <= 4 * LONGEST_LINE
        else f"{line[:LONGEST_LINE]} … ({len(text)} letters in all)"
    )


def failure(error: BaseException) -> str:
    """An error and where it comes from, in one line."""
    frames = traceback.extract_tb(error.__traceback__)[-PLACES:]
    places = " < ".join(
        f"{os.path.basename(frame.filename)}:{frame.lineno} in {frame.name}" for frame in reversed(frames)
    )
    return f"{type(error).__name__}: {str(error)[:LONGEST_LINE]} ({places})"


class OneLine(logging.Formatter):
    """Writes a record as one line; of an error its name, its message and where it comes from."""

    def format(self, record: logging.LogRecord) -> str:
        error = record.exc_info[1] if record.exc_info else None
        return clean(
            record.getMessage()
            if error is None
            else f"{record.getMessage()[:LONGEST_LINE]}: {failure(error)}"
        )


class Terminal(logging.StreamHandler[TextIO]):
    """Prints what all loggers of the process and all kernels say."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(OneLine())
        self._printed = self._left_out = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Print a line, or only count it if there were too many in this minute."""
        if self._printed < MOST_LINES:
            self._printed += 1
            super().emit(record)
        else:
            self._left_out += 1

    def next_minute(self) -> None:
        """Start counting again, and say how many lines were left out."""
        self.acquire()
        left_out, self._printed, self._left_out = self._left_out, 0, 0
        self.release()
        if left_out:
            logging.getLogger(__name__).warning("%s more lines were left out in the last minute.", left_out)


def install() -> Terminal:
    """Send everything that is logged in this process, and all warnings, through one Terminal."""
    terminal = Terminal()
    logging.basicConfig(handlers=[terminal], level=logging.WARNING, force=True)
    logging.captureWarnings(True)
    logging.raiseExceptions = False  # a line that cannot be written gives no traceback
    return terminal


def kernels_output() -> int:
    """A file descriptor for what kernels print; each line is logged like all others."""
    read, write = os.pipe()
    threading.Thread(target=_read, args=[read], daemon=True).start()
    return write


def _read(source: int) -> None:
    kernels = logging.getLogger("kernels")
    with open(source, "rb") as printed:
        while line := printed.readline(4 * LONGEST_LINE):
            if text := line.decode(errors="backslashreplace").strip():
                kernels.warning("%s", text)
