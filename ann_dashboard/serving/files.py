"""The page's scripts and style sheets: compressed once for all visitors, and kept by their browsers."""

import gzip
import re
from functools import lru_cache
from pathlib import Path

from tornado.web import StaticFileHandler

PACKED = {".css", ".html", ".js", ".json", ".map", ".mjs", ".svg", ".txt"}
FOREVER = "public, max-age=31536000, immutable"
SHORTLY = "public, max-age=600"
"""For a file whose address stays when its content changes; after that time a browser asks whether it has."""


@lru_cache(maxsize=1000)
def packed(path: str, _changed: float) -> bytes:
    """A file's content, compressed."""
    return gzip.compress(Path(path).read_bytes(), 6, mtime=0)


class Kept(StaticFileHandler):
    """A file, compressed for those who take it so, which a browser keeps: for ever, if its address says which
    version it is.
    """

    @property
    def is_packed(self) -> bool:
        """Whether the file is sent compressed."""
        takes = re.search(
            r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))", self.request.headers.get("Accept-Encoding", "")
        )
        return takes is not None and Path(self.absolute_path or "").suffix in PACKED

    def set_headers(self) -> None:
        super().set_headers()
        versioned = "v" in self.request.arguments or re.search(r"\.[0-9a-f]{8,}\.\w+$", self.request.path)
        self.set_header("Cache-Control", FOREVER if versioned else SHORTLY)
        self.set_header("Vary", "Accept-Encoding")
        if self.is_packed:
            self.set_header("Content-Encoding", "gzip")
            self.request.headers.pop("Range", None)  # a piece of a compressed file is of no use

    def compute_etag(self) -> str:
        about = Path(self.absolute_path or "").stat()
        return f'"{about.st_mtime_ns:x}-{about.st_size:x}{"-gzip" if self.is_packed else ""}"'

    def get_content_size(self) -> int:
        return len(self._packed()) if self.is_packed else super().get_content_size()

    def get_content(self, abspath, start=None, end=None):  # type: ignore[no-untyped-def, override]
        return self._packed() if self.is_packed else super().get_content(abspath, start, end)

    def _packed(self) -> bytes:
        path = self.absolute_path or ""
        return packed(path, Path(path).stat().st_mtime)
