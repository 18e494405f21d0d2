"""Exports: files to take away from the dashboard, one at a time.

A long one is made beside the page, which stays alive.
"""

import asyncio
import math
from collections.abc import Callable, Sequence
from functools import partial

from ann_dashboard.analysis.prediction_table import csv_text
from ann_dashboard.dashboard.background import beside, kernels_loop
from ann_dashboard.dashboard.downloads import PIECE, Downloads, pieces_of
from ann_dashboard.engine.history import History
from ann_dashboard.film import figures, page
from ann_dashboard.film.film import Film

TYPES = {
    "png": "image/png",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
    "gif": "image/gif",
    "mp4": "video/mp4",
    "html": "text/html",
    "parquet": "application/vnd.apache.parquet",
    "csv": "text/csv",
    "predictions": "text/csv",
}
"""What a page can ask for, and the type of its file."""
MOST_BYTES = 60e6
"""Largest size of a page.

One of 55 MB, of 100 000 epochs of the lecture's network, opens in Chromium in 1 s, and takes 170 MB of memory
while it is made.
"""
SPARE = 0.9
"""Part of it that a page judged by another one may fill."""
EXPECTED = (ValueError, TypeError, OSError, RuntimeError, ImportError)
"""What an export may raise, with the cure."""
ONE_AT_A_TIME = "An export is under way: ask again when it is done."

Made = Callable[[figures.Progress], bytes]


class Exports:
    """Makes one file at a time and hands it to the downloads.

    ``told`` hears how far it is, or what is missing.
    """

    def __init__(self, downloads: Downloads, told: Callable[[str], None]) -> None:
        self._downloads, self._told = downloads, told
        self._refused = False
        self._under_way = ""
        self.task: asyncio.Task[None] | None = None

    def start(
        self,
        request: str,
        kind: str,
        film: Film,
        whole: History,
        frame: int,
        layers: Sequence[str],
        *,
        steps: bool,
    ) -> None:
        """Make a file of one kind of ``TYPES``, of a film, its frame or the whole history.

        It is made before this returns, or later from the kernel's loop.
        Tables are made while they are sent. Pictures are made at once, for they set matplotlib's settings,
        which a thread must not; the rest takes long, and there is one at a time. Another kind is
        refused.
        """
        epoch = int(film.epochs[frame])
        match kind:
            case "csv":
                self._downloads.start(
                    request,
                    page.file_name(whole, kind),
                    TYPES[kind],
                    map(str.encode, whole.csv_pieces(PIECE)),
                )
                return
            case "predictions":
                content = csv_text(film.history, epoch).encode()
                self._downloads.start(
                    request, f"predictions_{film.counts}{epoch}.csv", TYPES[kind], pieces_of(content)
                )
                return
        if kind not in TYPES or self._is_busy():
            self._downloads.refuse(request)
            return
        name = (
            f"network_{film.counts}{epoch}.{kind}" if kind in figures.STILLS else page.file_name(whole, kind)
        )
        make = partial(_made, kind, film, whole, frame, page.Opening(epoch, tuple(layers), steps))
        finish = partial(self._finish, request, name, TYPES[kind])
        loop = kernels_loop()
        if loop is None or kind in figures.STILLS:
            finish(partial(make, lambda _done, _count: False))
        else:
            self._under_way = request
            self.task = loop.create_task(self._beside(request, name, make, finish))

    def again(self, request: str) -> bool:
        """Whether a page has asked for this file before, and nothing has come of it.

        Then its first piece is sent again, or the word that it is being made.
        """
        if request in self._downloads:
            self._downloads.more(request, 0)
        elif request == self._under_way:
            self._downloads.wait(request)
        else:
            return False
        return True

    def stop(self, request: str) -> None:
        """Cancel a file that was asked for, whether it is being made or on its way."""
        if self._under_way == request:
            self._under_way = ""
        else:
            self._downloads.stop(request)

    def _is_busy(self) -> bool:
        """Whether a file is being made; then the person is told."""
        self._refused = self.task is not None and not self.task.done()
        if self._refused:
            self._told(ONE_AT_A_TIME)
        return self._refused

    async def _beside(
        self, request: str, name: str, make: Made, finish: Callable[[Callable[[], bytes]], None]
    ) -> None:
        reached = said = ""

        def progress(done: int, count: int) -> bool:
            nonlocal reached
            reached = f", {done} of {count} frames"
            return self._under_way != request

        def tell() -> None:
            nonlocal said
            text = f"Exporting {name}{reached}.{f' {ONE_AT_A_TIME}' if self._refused else ''}"
            if said != text:
                self._told(text)
            said = text

        result = await beside(lambda: make(progress), tell)
        if self._under_way == request:
            self._under_way = ""
            finish(result)
        else:
            self._told(f"The export of {name} was stopped.")
            self._downloads.refuse(request)

    def _finish(self, request: str, name: str, media_type: str, result: Callable[[], bytes]) -> None:
        """Send what was made, or say why there is nothing; an unexpected error is raised after that."""
        try:
            content = result()
        except Exception as error:
            self._told(f"Not exported: {error or type(error).__name__}.")
            self._downloads.refuse(request)
            if not isinstance(error, EXPECTED):
                raise
        else:
            self._downloads.start(request, name, media_type, pieces_of(content))


def _made(
    kind: str, film: Film, whole: History, frame: int, shown: page.Opening, progress: figures.Progress
) -> bytes:
    """The bytes of a file.

    Raises ImportError and OSError with the cure where something is not installed, ValueError for a page that
    would be too large.
    """
    match kind:
        case "parquet":
            return whole.to_parquet() or b""
        case "html":
            _check_size(film)
            return page.encoded({"": film}, opening=shown)
        case "gif" | "mp4":
            return figures.movie(film, kind, layers=shown.layers, progress=progress)
    return figures.still(film, frame, kind, layers=shown.layers)


def _check_size(film: Film) -> None:
    """Raise ValueError with the cure for a film of which a page would be too large."""
    size, every = page.size(film), film.history.training.record_every
    if size <= MOST_BYTES:
        return
    thinner = math.ceil(size / (SPARE * MOST_BYTES))
    fits = f"it fits, with about {size / thinner / 1e6:.0f} MB"
    cure = f"with Record every {thinner * every} (Settings, Training) {fits}"
    if film.counts == "update":
        cure = "step by epoch, or train fewer epochs"
    what = f"a page of {len(film.epochs)} recorded {film.counts}s would have about {size / 1e6:.0f} MB"
    raise ValueError(f"{what}, more than {MOST_BYTES / 1e6:.0f}: {cure}")
