"""Serves the dashboard's notebook as a web page with Voila, in this process and with this configuration only.

One kernel is kept warm: it has run the notebook before the page is asked for. A second would make nothing faster. Measured in Chromium on
two shared cores, page asked for to slider on the screen, median: with the warm kernel 1.8 s (loading Voila's own scripts is 1.5 s of it),
without 2.9 s. It is replaced after ``fill_delay`` seconds, so that this does not compete with the page that has just opened; who comes
earlier gets a kernel of his own started.
"""

import asyncio
import logging
import shutil
import signal
import socket
import threading
import webbrowser
from pathlib import Path
from typing import Any

from jupyter_core.utils import run_sync
from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop
from tornado.netutil import bind_sockets
from tornado.web import HTTPError
from traitlets.config import Config
from voila.app import Voila
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler
from voila.tornado.handler import TornadoVoilaHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

PROTOCOL = "v1.kernel.websocket.jupyter.org"
TEMPLATE = Path(__file__).with_name("template")

CONFIGURATION = {
    "Voila": {"log_level": "ERROR", "config_file_paths": []},
    "VoilaConfiguration": {
        "allow_template_override": "NO",
        "allow_theme_override": "NO",
        "show_tracebacks": False,
        "strip_sources": True,
        "file_allowlist": [],
        "extension_allowlist": ["@voila-dashboards/widgets-manager8", "@jupyter-widgets/jupyterlab-manager", "anywidget"],
        "preheat_kernel": True,
        "default_pool_size": 1,
    },
    "VoilaKernelManager": {"fill_delay": 15.0},
    "KernelManager": {"transport_encryption": "auto"},
    "VoilaExecutor": {
        "timeout": 120,
        "interrupt_on_timeout": True,
        "startup_timeout": 60,
        "cell_error_instruction": "The terminal that serves this page shows why.",
    },
    # A page that is open keeps its kernel, however long nobody touches it: scrubbing the epoch asks the kernel nothing.
    "MappingKernelManager": {"cull_idle_timeout": 600, "cull_interval": 60, "cull_connected": False},
}


def notebooks() -> Path:
    """The folder of the notebooks: inside the installed package, or beside it in a source checkout."""
    package = Path(__file__).parents[1]
    installed = package / "notebooks"
    return installed if installed.is_dir() else package.with_name("notebooks")


def listen(ip: str, port: int) -> list[socket.socket]:
    """Listening sockets on an address; port 0 takes a free one. Raises OSError if the address is taken or is none of this computer's."""
    return bind_sockets(port, ip)


def serve(sockets: list[socket.socket], *, open_browser: bool) -> None:
    """Serve the dashboard on the sockets until Ctrl+C, print its address and perhaps open it."""
    logging.getLogger("tornado.general").setLevel(logging.ERROR)  # it warns of Jupyter's ping settings, which it reads as seconds
    server = Server(sockets, open_browser=open_browser, config=Config(CONFIGURATION), notebook_path=str(notebooks() / "dashboard.ipynb"))
    server.initialize([])
    server.start()


class Page(TornadoVoilaHandler):
    """The page. It takes the warm kernel only if that is running: Voila would also wait for one whose start is still delayed."""

    def should_use_rendered_notebook(self, notebook_data: dict, pool_size: int, *asked: Any) -> bool:
        warm = pool_size > 0 and self.kernel_manager._pools[self.notebook_path][0].done()
        return warm and super().should_use_rendered_notebook(notebook_data, pool_size, *asked)


class Channels(VoilaKernelWebsocketHandler):
    """The page's connection to its kernel. The protocol before v1 is refused: a client that speaks it can make the server grow without end."""

    async def pre_get(self) -> None:
        offered = self.request.headers.get("Sec-WebSocket-Protocol", "")
        if PROTOCOL not in [name.strip() for name in offered.split(",")]:
            raise HTTPError(400, f"this server speaks {PROTOCOL} only")
        await super().pre_get()


class Farewell(VoilaShutdownKernelHandler):
    """Ends the kernel of a page that is left, which has no XSRF cookie to show (Voila's issue 1458); the kernel's random name is its proof."""

    def check_xsrf_cookie(self) -> None:
        pass


OURS = {TornadoVoilaHandler: Page, VoilaKernelWebsocketHandler: Channels, VoilaShutdownKernelHandler: Farewell}


class Server(Voila):
    """Voila on given sockets, with our page template and handlers."""

    def __init__(self, sockets: list[socket.socket], *, open_browser: bool, **settings: Any) -> None:
        ip, port = sockets[0].getsockname()[:2]
        super().__init__(ip=ip, port=port, open_browser=open_browser, **settings)
        self.sockets = sockets

    def setup_template_dirs(self) -> None:
        super().setup_template_dirs()
        self.template_paths.insert(0, str(TEMPLATE))

    def init_handlers(self) -> list:
        return [(route, OURS.get(handler, handler), *rest) for route, handler, *rest in super().init_handlers()]

    def listen(self) -> None:
        """Serve until SIGINT or SIGTERM."""
        HTTPServer(self.app).add_sockets(self.sockets)
        signal.signal(signal.SIGINT, self._handle_signal_stop)
        self.ioloop = IOLoop.current()
        self.ioloop.add_callback(self.announce)
        self.ioloop.start()
        self.stop()

    async def announce(self) -> None:
        """Print the address, and open it, as soon as a visitor finds a warm kernel or one that is being made."""
        await asyncio.wait(self.warm_kernels())
        print(f"ann_dashboard is at {self.display_url}  (Ctrl+C stops it)", flush=True)
        if self.open_browser:
            threading.Thread(target=webbrowser.open, args=[self.connection_url], daemon=True).start()

    def warm_kernels(self) -> list[asyncio.Task]:
        """The tasks that start warm kernels; some are done, some may wait for their time."""
        return [task for pool in self.kernel_manager._pools.values() for task in pool]

    def stop(self) -> None:
        """End the kernels at once: asked politely, one that is just starting would print a traceback."""
        for pool in self.kernel_manager._pools.values():
            for task in [task for task in pool if not task.done()]:
                task.cancel()
                pool.remove(task)
        run_sync(self.kernel_manager.shutdown_all)(now=True)
        shutil.rmtree(self.connection_dir, ignore_errors=True)
