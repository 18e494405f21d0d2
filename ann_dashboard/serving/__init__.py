"""Serves the dashboard's notebook as a web page with Voila, in this process and with this configuration only.

``configuration``: Voila's settings. ``entry``: which requests get the page. ``gate``: what a page may send.
``kernels``: a limited number of visitors. ``files``: the page's scripts. ``server``: routes and addresses.
``terminal``: what is printed.
"""

import logging
import socket
from collections.abc import Collection

from tornado.netutil import bind_sockets

from ann_dashboard.cli import notebooks
from ann_dashboard.serving.configuration import configuration, places
from ann_dashboard.serving.server import Server

__all__ = ["Server", "configuration", "listen", "notebooks", "places", "serve"]


def listen(ip: str, port: int) -> list[socket.socket]:
    """Listening sockets on an address; port 0 takes a free one.

    Raises OSError if the address is taken or does not belong to this computer.
    """
    try:
        return bind_sockets(port, ip)
    except UnicodeError as error:  # two dots, or more than 63 letters between them: not a name
        raise socket.gaierror(socket.EAI_NONAME, "no computer has this name") from error


def serve(
    sockets: list[socket.socket],
    *,
    most_visitors: int,
    base_url: str,
    open_browser: bool,
    allowed_hosts: Collection[str] = (),
    frame_ancestors: Collection[str] = (),
) -> None:
    """Serve the dashboard on the sockets until Ctrl+C: print its address and perhaps open it in a browser.

    ``allowed_hosts``: names of this server besides this computer's own. ``frame_ancestors``: origins whose
    pages may embed the page.
    """
    # It warns about Jupyter's ping settings, which it takes for seconds.
    logging.getLogger("tornado.general").setLevel(logging.ERROR)
    config = configuration(most_visitors=most_visitors, base_url=base_url)
    server = Server(
        sockets,
        open_browser=open_browser,
        allowed_hosts=allowed_hosts,
        frame_ancestors=frame_ancestors,
        config=config,
        notebook_path=str(notebooks() / "dashboard.ipynb"),
    )
    server.initialize([])
    server.start()
