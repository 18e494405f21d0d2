"""The page's scripts and style sheets: compressed once for all visitors, and cached by their browsers."""

import gzip
import re
from collections.abc import Generator
from functools import lru_cache
from pathlib import Path

from tornado.web import StaticFileHandler

PACKED = {".css", ".html", ".js", ".json", ".map", ".mjs", ".svg", ".txt"}
FOREVER = "public, max-age=31536000, immutable"
SHORTLY = "public, max-age=600"
"""For a file whose address stays when its content changes; after this time a browser asks whether it has."""


def packed(path: str) -> bytes:
    """A file's content, compressed once for each time that it changes."""
    return _compressed(path, Path(path).stat().st_mtime)


@lru_cache(maxsize=1000)
def _compressed(path: str, _changed: float) -> bytes:
    return gzip.compress(Path(path).read_bytes(), 6, mtime=0)


class PackedPath(str):
    """The path of a file that is sent compressed."""


class Kept(StaticFileHandler):
    """A file that browsers cache, for ever if its address names its version; compressed if they accept it."""

    def validate_absolute_path(self, root: str, absolute_path: str) -> str | None:
        path = super().validate_absolute_path(root, absolute_path)
        return PackedPath(path) if path and self._takes_packed(path) else path

    def _takes_packed(self, path: str) -> bool:
        accepted = self.request.headers.get("Accept-Encoding", "")
        takes = re.search(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))", accepted)
        return takes is not None and Path(path).suffix in PACKED

    @property
    def is_packed(self) -> bool:
        """Whether the file is sent compressed."""
        return isinstance(self.absolute_path, PackedPath)

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
        return len(packed(self.absolute_path or "")) if self.is_packed else super().get_content_size()

    @classmethod
    def get_content(
        cls, abspath: str, start: int | None = None, end: int | None = None
    ) -> Generator[bytes, None, None]:
        if isinstance(abspath, PackedPath):
            yield packed(abspath)
        else:
            yield from super().get_content(abspath, start, end)
