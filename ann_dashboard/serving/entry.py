"""Which requests get the page: those under a name of this server, from a person who opens it."""

import ipaddress
import re
import socket
from collections.abc import Collection, Mapping
from urllib.parse import urlsplit

from tornado.httputil import split_host_and_port

AHEAD = re.compile("prefetch|prerender|preview", re.IGNORECASE)
"""What a browser says when it loads a page before a person opens it."""


def own_names() -> set[str]:
    """The names of this computer, as far as it knows them."""
    name = socket.gethostname().lower().rstrip(".")
    short = name.partition(".")[0]
    return {"localhost", name, short, f"{short}.local"}


def is_served_as(host: str, names: Collection[str]) -> bool:
    """Whether the host that a request names is an address or one of the names of this server.

    Another site could point its own name at this computer and pass for this page (DNS rebinding); it cannot
    do so with an address.
    """
    name = split_host_and_port(host.lower())[0]
    try:
        ipaddress.ip_address(name.removeprefix("[").removesuffix("]"))
    except ValueError:
        return name.removesuffix(".") in names
    return True


def is_opened(headers: Mapping[str, str], embedders: Collection[str]) -> bool:
    """Whether a person opens the page with this request, in a tab or embedded in a page that may embed it.

    Another site's pictures and scripts are refused, and so is what a browser loads ahead. Browsers say what a
    request is for (Sec-Fetch-*) on this computer and over HTTPS. Elsewhere, and in old browsers, only Accept
    tells: it must name a page. A program that sends neither gets the page.
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
    """Whether the surrounding page may embed this one; one that hides its address may if any page may."""
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
