"""Downloads: files on their way to the page, piece by piece, each when the page asks for it.

A server cuts off a page that does not read what it has asked for (serving/server.py); so no more of a file is under way than one piece.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

PIECE = 2**20
"""Bytes of a piece, about."""
MOST = 4
"""Files under way at once; the oldest is left for one more."""


class Download(NamedTuple):
    """A file, and how much of it has been sent."""

    name: str
    media_type: str
    pieces: Iterator[bytes]
    sent: int = 0


class Downloads:
    """Sends files. ``send`` takes a message and its buffers; ``told`` hears how far a long file is, and when one has been sent whole.

    The page names each of its requests, asks for more of it after every piece, and has the whole when a message says that there is no more.
    """

    def __init__(self, send: Callable[[dict[str, Any], list[bytes]], None], told: Callable[[str], None]) -> None:
        self._send = send
        self._told = told
        self._under_way: dict[str, Download] = {}

    def start(self, request: str, name: str, media_type: str, pieces: Iterator[bytes]) -> None:
        """Send the first piece of a file, which is what a request asked for."""
        if len(self._under_way) >= MOST:
            oldest = next(iter(self._under_way))
            self._told(f"{self._under_way[oldest].name} was left for other files: ask again for it.")
            self.refuse(oldest)
        self._under_way[request] = Download(name, media_type, pieces)
        self.more(request)

    def more(self, request: str) -> None:
        """Send the next piece, or the word that there is none; also for a request that is not known any more."""
        file = self._under_way.get(request)
        piece = next(file.pieces, None) if file is not None else None
        if file is None or piece is None:
            if file is not None:
                self._told(f"Exported {file.name}, {file.sent / 1000:,.0f} kB.")
            self.refuse(request)
            return
        if file.sent:
            self._told(f"Sending {file.name}, {file.sent / 1e6:.0f} MB so far.")
        self._under_way[request] = file._replace(sent=file.sent + len(piece))
        self._send({"kind": "file", "request": request, "name": file.name, "type": file.media_type, "more": True}, [piece])

    def refuse(self, request: str) -> None:
        """Say that there is no more of a file."""
        self._under_way.pop(request, None)
        self._send({"kind": "file", "request": request, "more": False}, [])


def pieces_of(content: bytes) -> Iterator[bytes]:
    """A content that is there, in pieces."""
    return (content[first : first + PIECE] for first in range(0, len(content), PIECE))
