"""Downloads: files on their way to the page, piece by piece, each when the page asks for it.

A server cuts off a page that does not read what it has asked for (serving/server.py); so no more of a file is
under way than one piece. A piece that gets lost on a link that is cut is sent again: the page asks by how
many bytes it has, and keeps only what goes on where it is.
"""

from asyncio import TimerHandle
from collections.abc import Callable, Iterator
from typing import NamedTuple

from ann_dashboard.dashboard.background import kernels_loop
from ann_dashboard.film.wire import FileAnswer

PIECE = 2**20
"""Bytes of a piece, about."""
MOST = 4
"""Files under way at once; the oldest is cancelled for one more."""
LEFT = 90.0
"""Seconds after which a file that no page asks for is cancelled; a page that waits asks every 10 s."""


class Download(NamedTuple):
    """A file, how much of it has been sent, its last piece, and whether it is known to have no more."""

    name: str
    media_type: str
    pieces: Iterator[bytes]
    sent: int = 0
    last: bytes = b""
    whole: bool = False


class Downloads:
    """Sends files, piece by piece.

    ``send`` takes a message and its buffers; ``told`` hears how far a long file is, and when one has been
    sent whole.

    The page names each of its requests, and asks for more of it after every piece. It has the whole file when
    a message gives its size; a message without more and without a size ends a file that is not whole.
    """

    def __init__(self, send: Callable[[FileAnswer, list[bytes]], None], told: Callable[[str], None]) -> None:
        self._send = send
        self._told = told
        self._under_way: dict[str, Download] = {}
        self._timers: dict[str, TimerHandle] = {}

    def __contains__(self, request: str) -> bool:
        """Whether a file that was asked for so has been begun."""
        return request in self._under_way

    def start(self, request: str, name: str, media_type: str, pieces: Iterator[bytes]) -> None:
        """Send the first piece of a file, which is what a request asked for."""
        self._under_way = {other: file for other, file in self._under_way.items() if not file.whole}
        if len(self._under_way) >= MOST:
            oldest = next(iter(self._under_way))
            self._told(f"{self._under_way[oldest].name} was left for other files: ask again for it.")
            self.refuse(oldest)
        self._under_way[request] = Download(name, media_type, pieces)
        self.more(request, 0)

    def more(self, request: str, have: int) -> None:
        """Send what comes behind the bytes that the page has, or the word that there is no more.

        Of a request that is not known any more there is nothing; where the page has other than the file up to
        its last piece, neither.
        """
        file = self._under_way.get(request)
        self._forget_timer(request)
        if file is None or have not in (file.sent, file.sent - len(file.last)):
            self.refuse(request)
        elif have < file.sent:
            self._send_piece(request, file)
        elif (piece := self._next_of(request, file)) is not None:
            if file.sent:
                self._told(f"Sending {file.name}, {file.sent / 1e6:.0f} MB so far.")
            self._send_piece(request, file._replace(sent=file.sent + len(piece), last=piece))
        else:
            if not file.whole:
                self._told(f"Exported {file.name}, {file.sent / 1000:,.0f} kB.")
            self._under_way[request] = file._replace(last=b"", whole=True)
            self._send({"kind": "file", "request": request, "more": False, "size": file.sent}, [])

    def _next_of(self, request: str, file: Download) -> bytes | None:
        """The next piece of a file, None behind the last; an error ends the file, and is raised."""
        try:
            return next(file.pieces, None)
        except Exception as error:
            self._told(f"{file.name} could not be written to its end: {error}.")
            self.refuse(request)
            raise

    def _send_piece(self, request: str, file: Download) -> None:
        self._under_way[request] = file
        if (loop := kernels_loop()) is not None:
            self._timers[request] = loop.call_later(LEFT, self._leave, request)
        at = file.sent - len(file.last)
        self._send(
            {
                "kind": "file",
                "request": request,
                "name": file.name,
                "type": file.media_type,
                "more": True,
                "at": at,
            },
            [file.last],
        )

    def _leave(self, request: str) -> None:
        """Forget a file whose page is gone, as when it was loaded anew, and say so."""
        file = self._under_way[request]
        far = f"The download of {file.name} was left at {file.sent / 1e6:.0f} MB"
        self._told(f"{far}: its page asked for no more. Ask for it again.")
        self.refuse(request)

    def _forget_timer(self, request: str) -> None:
        if (timer := self._timers.pop(request, None)) is not None:
            timer.cancel()

    def wait(self, request: str) -> None:
        """Say that a file is still being made."""
        self._send({"kind": "file", "request": request, "making": True}, [])

    def stop(self, request: str) -> None:
        """Leave a file that is on its way."""
        file = self._under_way.get(request)
        if file is not None and not file.whole:
            self._told(f"The download of {file.name} was stopped.")
        self.refuse(request)

    def refuse(self, request: str) -> None:
        """Say that a file ends before it is whole."""
        self._under_way.pop(request, None)
        self._forget_timer(request)
        self._send({"kind": "file", "request": request, "more": False}, [])


def pieces_of(content: bytes) -> Iterator[bytes]:
    """A content that is there, in pieces."""
    return (content[first : first + PIECE] for first in range(0, len(content), PIECE))
