"""Who comes in: the names under which the page is served, and the requests of a person who opens it."""

import ipaddress
import re
import socket
from collections.abc import Collection, Mapping
from urllib.parse import urlsplit

from tornado.httputil import split_host_and_port

AHEAD = re.compile("prefetch|prerender|preview", re.IGNORECASE)
"""What a browser says when it loads a page before a person opens it."""


def own_names() -> set[str]:
    """The names that this computer knows of itself."""
    name = socket.gethostname().lower().rstrip(".")
    short = name.partition(".")[0]
    return {"localhost", name, short, f"{short}.local"}


def is_served_as(host: str, names: Collection[str]) -> bool:
    """Whether the page is served under what a request calls its host: an address, or one of the names.

    Another site cannot have an address as its name; with a name that it points at this computer it could pass
    for this page (DNS rebinding).
    """
    name = split_host_and_port(host.lower())[0]
    try:
        ipaddress.ip_address(name.removeprefix("[").removesuffix("]"))
    except ValueError:
        return name.removesuffix(".") in names
    return True


def is_opened(headers: Mapping[str, str], embedders: Collection[str]) -> bool:
    """Whether a request is that of a person who opens the page, in a tab or embedded in a page that may do
    so.

    Pictures and scripts of another site are not, nor is what a browser loads ahead. Browsers say so
    (Sec-Fetch-*) on this computer and where the page is encrypted. Elsewhere, and in old ones, only what they
    take tells: a page, and not anything. A program that says nothing gets the page.
    """
    if any(AHEAD.search(headers.get(name, "")) for name in ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")):
        return False
    mode, place = headers.get("Sec-Fetch-Mode"), headers.get("Sec-Fetch-Dest")
    if mode is None and place is None:
        return "text/html" in headers.get("Accept", "text/html").lower()
    if mode not in (None, "navigate"):
        return False
    return place == "document" or (place in ("iframe", "frame") and _is_embedded(headers, embedders))


def _is_embedded(headers: Mapping[str, str], embedders: Collection[str]) -> bool:
    """Whether the page around may embed this one; a page that hides its address is let in if there is any
    that may.
    """
    if headers.get("Sec-Fetch-Site") == "same-origin":
        return True
    around = urlsplit(headers.get("Referer", ""))
    if not around.netloc:
        return bool(embedders)
    return any(
        re.fullmatch(
            re.escape(one).replace(r"\*\.", r"([\w-]+\.)+"), f"{around.scheme}://{around.netloc}".lower()
        )
        for one in embedders
    )
