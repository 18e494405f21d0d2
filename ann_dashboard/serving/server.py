"""The web server: Voila with our page, only the routes that the page needs, and a gate before each kernel."""

import asyncio
import contextlib
import re
import shutil
import signal
import socket
import threading
import webbrowser
from collections.abc import Collection, Mapping
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any
from uuid import uuid4

from jupyter_core.utils import run_sync
from jupyter_server.base.handlers import FileFindHandler
from jupyter_server.services.kernels.handlers import KernelHandler
from tornado.httpserver import HTTPServer
from tornado.httputil import HTTPHeaders, HTTPMessageDelegate, HTTPServerRequest
from tornado.ioloop import IOLoop, PeriodicCallback
from tornado.iostream import IOStream, StreamBufferFullError, StreamClosedError
from tornado.routing import Router
from tornado.web import Application, HTTPError, OutputTransform, RedirectHandler, RequestHandler
from tornado.websocket import WebSocketClosedError
from voila.app import Voila
from voila.handler import BaseVoilaHandler
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler
from voila.static_file_handler import MultiStaticFileHandler, TemplateStaticFileHandler
from voila.tornado.handler import TornadoVoilaHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from ann_dashboard.serving import entry, gate, terminal
from ann_dashboard.serving.configuration import headers
from ann_dashboard.serving.files import Kept
from ann_dashboard.serving.kernels import ASKING, MOST_UNREAD, Full, Refusal

PROTOCOL = "v1.kernel.websocket.jupyter.org"
TEMPLATE = Path(__file__).with_name("template")
MOST_CONNECTIONS = 4
"""Connections to one kernel at once: the page's own, and those that were cut and not yet given up."""
EVERYWHERE = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}
SLOWEST, LONGEST_HEAD, LARGEST_BODY = 60, 2**16, 2**16
"""Seconds for a request's head and body, and the most bytes of each.

The longest head has the query of a link; for one that is too long there is a page that says so.
"""
LONGEST_LINK = 8000
"""Letters of a link's query."""


class ErrorPages(RequestHandler):
    """Shows errors as pages, from the template's folder."""

    def write_error(self, status_code: int, **about: Any) -> None:
        # Jupyter's template asks for a user, which a request refused at its first line does not have.
        self.current_user = None
        self.set_header("Cache-Control", "no-store")
        match about.get("exc_info"):
            case _, Full() as full, _:
                self.set_header("Retry-After", str(full.wait))
        super().write_error(status_code, **about)


class Page(ErrorPages, TornadoVoilaHandler):
    """The page; there is nothing below its address."""

    kernel: str | None = None

    async def get(self, path: str | None = None) -> None:
        self._refuse(path)
        if not entry.is_opened(self.request.headers, self.settings["embedders"]):
            raise Refusal(
                403,
                "This page opens only for a person",
                "Open its address in a browser. Pictures, scripts and previews get no dashboard.",
            )
        await self._drop_the_dead()
        ASKING.set(self)
        try:
            await super().get()
            with contextlib.suppress(TimeoutError, StreamClosedError):
                await asyncio.wait_for(self.finish(), SLOWEST)
        finally:
            self._await_the_page()

    def on_connection_close(self) -> None:
        super().on_connection_close()
        self._await_the_page()

    def _await_the_page(self) -> None:
        """Note that the page was sent, or given up: it connects to its kernel soon, or never."""
        if self.kernel is not None:
            self.kernel_manager.answered(self.kernel)

    async def head(self, path: str | None = None) -> None:
        """Tell whether a visitor would get the page, without starting a kernel."""
        self._refuse(path)

    def _refuse(self, path: str | None) -> None:
        """Raise HTTPError for an address below the page, and Full."""
        if path:
            raise HTTPError(404)
        self.kernel_manager.refuse_if_full()

    async def _drop_the_dead(self) -> None:
        """Forget warm kernels that have died; Voila would give their pages to visitors."""
        kernels = self.kernel_manager
        for warm in [warm for warm in self._pool() if warm.done()]:
            if warm.exception() or not await kernels.lives(warm.result()["kernel_id"]):
                with contextlib.suppress(ValueError):  # another visitor's request has dropped it meanwhile
                    self._pool().remove(warm)
                kernels.fill_if_needed(notebook_name=self.notebook_path)

    def _pool(self) -> list[asyncio.Task[dict[str, Any]]]:
        """The tasks that start the warm kernels, which Voila offers no way to see."""
        return getattr(self.kernel_manager, "_pools", {}).get(self.notebook_path, [])

    def should_use_rendered_notebook(
        self, notebook_data: dict[str, Any], pool_size: int, *asked: Any
    ) -> bool:
        """Whether the visitor gets a warm kernel: only one that runs.

        Voila would also wait for one whose start is still delayed.
        """
        if not pool_size or not self._pool()[0].done():
            return False
        self.kernel = self._pool()[0].result()["kernel_id"]
        self.kernel_manager.hand_over(self.kernel)
        return True


class Turned(ErrorPages, BaseVoilaHandler):
    """A request that is refused before anything looks at what it asks for."""

    def initialize(self, refusal: Refusal, **settings: Any) -> None:
        super().initialize(**settings)
        self.refusal = refusal

    async def prepare(self) -> None:
        raise self.refusal


class Door(Router):
    """Lets requests in that name this server as their host and are not too long."""

    def __init__(self, app: Application, names: set[str], settings: dict[str, Any]) -> None:
        self._app, self._names, self._settings = app, names, settings

    def find_handler(self, request: HTTPServerRequest, **about: Any) -> HTTPMessageDelegate:
        refusal = self._refusal(request)
        if refusal is None:
            return self._app.find_handler(request, **about)
        return self._app.get_handler_delegate(request, Turned, {"refusal": refusal, **self._settings})

    def _refusal(self, request: HTTPServerRequest) -> Refusal | None:
        if not entry.is_served_as(request.host, self._names):
            name = request.host_name[:100]
            return Refusal(
                403,
                "This server does not know that name",
                f"It was asked for as “{name}”. If that is its name, "
                "start it with the option --allowed-host and this name.",
            )
        if len(request.query) > LONGEST_LINK:
            return Refusal(
                414,
                "This link is too long",
                f"It has {len(request.query)} characters after the question mark; "
                f"at most {LONGEST_LINK} can be read. "
                "Open the dashboard without it, set it up again and copy a new link. "
                "Send your own data as a file instead.",
            )
        return None


class ToThePage(RedirectHandler):
    """Redirects from the page's address without its last slash; the page's files are below the slash."""

    head = RedirectHandler.get


class Brief(RequestHandler):
    """Answers an error with one line of text, where no person reads it.

    Jupyter's error pages need settings that Voila does not have, and end in a traceback.
    """

    def write_error(self, status_code: int, **about: Any) -> None:
        self.set_header("Content-Type", "text/plain")
        self.write(f"{status_code} {HTTPStatus(status_code).phrase}")


class Channels(Brief, VoilaKernelWebsocketHandler):
    """The page's connection to its kernel.

    The protocol before v1 is refused: a client that uses it can make the server grow without limit.
    """

    async def pre_get(self) -> None:
        offered = self.request.headers.get("Sec-WebSocket-Protocol", "")
        if PROTOCOL not in [name.strip() for name in offered.split(",")]:
            raise HTTPError(400, f"this server speaks {PROTOCOL} only")
        if not gate.is_name(self.get_argument("session_id", "")):
            raise HTTPError(400, "session_id is missing or is not a name")
        if self.kernel_manager.kernel_model(self.kernel_id)["connections"] >= MOST_CONNECTIONS:
            raise HTTPError(429, f"this kernel has {MOST_CONNECTIONS} connections")
        await super().pre_get()

    async def open(self, kernel_id: str) -> None:
        self._gate, self._pace, self._unread = gate.Gate(), gate.Pace(), 0
        self._backlog = self.kernel_manager.backlogs[kernel_id]
        self._asked, self._caught_up = "", asyncio.Event()
        if stream := self._stream():
            stream.max_write_buffer_size = MOST_UNREAD
        self.kernel_manager.wires[kernel_id].add(self)
        await super().open(kernel_id)

    def on_close(self) -> None:
        self._caught_up.set()
        self._siblings().discard(self)
        super().on_close()

    async def on_message(self, frame: bytes | str) -> None:
        """Pass a message on if the gate lets it through; Tornado reads the next when this one is done."""
        try:
            asked = gate.message(frame)
        except ValueError as error:
            self.close(1008, f"not a message for this server: {error}"[:100])
            return
        await asyncio.sleep(self._pace.wait(len(frame), IOLoop.current().time()))
        passed = self._gate.let_through(asked)
        if passed:
            await self._give(passed)

    async def _give(self, passed: bytes) -> None:
        """Give the kernel a message, as soon as little enough waits in it.

        Whether earlier ones are done is asked when too much may wait: a page that has left is told nothing.
        """
        while self.connection and self._backlog.is_full():
            self._asked, given = str(uuid4()), self._backlog.given
            self._caught_up.clear()
            super().on_message(gate.question(self._asked))
            await self._caught_up.wait()
            if self.connection:
                self._backlog.done(given)
        if self.connection:
            self._backlog.give(len(passed))
            super().on_message(passed)

    def write_message(self, message: bytes | str | dict[str, Any], binary: bool = False) -> Any:
        if not isinstance(message, bytes):  # not a message in the one protocol that is spoken here
            return None
        kind = gate.answer_kind(message)
        if kind == "error":
            self.log.error("The dashboard of a visitor failed: %s", gate.failure(message))
        if kind == "status" and self._asked and gate.is_done(message, self._asked):
            self._asked = ""
            self._caught_up.set()
        if kind not in gate.ANSWERS:
            return None
        try:
            sent = super().write_message(message, binary)
        except StreamBufferFullError:
            self._cut_off()
            return None
        except WebSocketClosedError:  # the page has left, and the kernel is not yet told
            return None
        self._unread += len(message)
        sent.add_done_callback(partial(self._taken, len(message)))
        self._cut_off_the_deaf()
        return sent

    def _taken(self, size: int, sent: asyncio.Task[None]) -> None:
        """Note that a message has left the server, or that its page has gone before.

        The latter is not an error here; asyncio would log a traceback for each.
        """
        self._unread -= size
        if not sent.cancelled():
            sent.exception()

    def _cut_off_the_deaf(self) -> None:
        """End the connection with the most unread bytes if all of this kernel have too many together."""
        wires = self._siblings()
        if sum(wire._unread for wire in wires) > MOST_UNREAD:
            max(wires, key=lambda wire: wire._unread)._cut_off()

    def _cut_off(self) -> None:
        """End the connection without waiting for its page, if it has not ended yet."""
        if stream := self._stream():
            stream.close()

    def _stream(self) -> IOStream | None:
        """What the connection is written to; None when it has ended."""
        return self.ws_connection.stream if self.ws_connection else None

    def _siblings(self) -> set["Channels"]:
        """The connections to this kernel; none if it has ended."""
        return self.kernel_manager.wires.get(self.kernel_id, set())


class Alive(KernelHandler):
    """Tells whether a kernel, whose random name only its page knows, is there and connected.

    Nothing can be done to the kernel here. A page that asks is still loading, however slowly.
    """

    SUPPORTED_METHODS = ("GET",)

    async def get(self, kernel_id: str) -> None:
        self.kernel_manager.asked_for(kernel_id)
        await super().get(kernel_id)


class Farewell(VoilaShutdownKernelHandler):
    """Ends the kernel of a page that is closed.

    The page has no XSRF cookie to show (Voila's issue 1458); the kernel's random name is its proof.
    """

    SUPPORTED_METHODS = ("POST",)

    def check_xsrf_cookie(self) -> None:
        pass


class Script(Kept, MultiStaticFileHandler):
    """The scripts of Voila's page."""


class Style(Kept, TemplateStaticFileHandler):
    """The scripts and style sheets of Voila's template ``lab``, on which ours is built."""

    async def get(self, path: str, include_body: bool = True) -> None:
        if not re.fullmatch(r"lab/static(/\w[\w.-]*)+", path):
            raise HTTPError(404)
        await super().get(path, include_body)


class Extensions(Brief, Kept, FileFindHandler):
    """The scripts of the page's widgets."""


def always_sending(ours: Mapping[str, str]) -> type[OutputTransform]:
    """What adds these headers to every answer."""

    class Headers(OutputTransform):
        def transform_first_chunk(
            self, status_code: int, headers: HTTPHeaders, chunk: bytes, finishing: bool
        ) -> tuple[int, HTTPHeaders, bytes]:
            headers.update(ours)
            return status_code, headers, chunk

    return Headers


ROUTES = {
    TornadoVoilaHandler: Page,
    VoilaKernelWebsocketHandler: Channels,
    KernelHandler: Alive,
    VoilaShutdownKernelHandler: Farewell,
    TemplateStaticFileHandler: Style,
    MultiStaticFileHandler: Script,
    FileFindHandler: Extensions,
}
"""The routes that are served, of all that Voila has, and their handlers.

Not served: the folder's files, other themes, a login, and other visitors' requests.
"""


class Server(Voila):
    """Voila on given sockets, with our page template and handlers.

    ``allowed_hosts``: names of this server besides this computer's own. ``frame_ancestors``: origins whose
    pages may embed the page.
    """

    def __init__(
        self,
        sockets: list[socket.socket],
        *,
        open_browser: bool,
        allowed_hosts: Collection[str] = (),
        frame_ancestors: Collection[str] = (),
        **settings: Any,
    ) -> None:
        ip, port = sockets[0].getsockname()[:2]
        super().__init__(ip=ip, port=port, open_browser=open_browser, **settings)
        self.sockets = sockets
        self.names = entry.own_names() | set(allowed_hosts)
        self.embedders = frame_ancestors

    def initialize(self, argv: list[str] | None = None) -> None:
        super().initialize(argv)
        self.terminal = terminal.install()
        self.log.handlers.clear()  # Voila's own, which prints tracebacks in colour
        self.log.propagate = True
        self.log.setLevel(self.log_level)

    def init_settings(self) -> dict[str, Any]:
        settings = super().init_settings()
        self.kernel_manager.output = terminal.kernels_output()
        return settings

    def setup_template_dirs(self) -> None:
        super().setup_template_dirs()
        self.template_paths.insert(0, str(TEMPLATE))

    def init_handlers(self) -> list[tuple[Any, ...]]:
        routes = [
            (route, ROUTES[handler], *rest)
            for route, handler, *rest in super().init_handlers()
            if handler in ROUTES
        ]
        slashless = self.base_url.rstrip("/")
        return (
            [(re.escape(slashless), ToThePage, {"url": self.base_url, "permanent": False}), *routes]
            if slashless
            else routes
        )

    def listen(self) -> None:
        """Serve until SIGINT or SIGTERM."""
        self.app.transforms.append(always_sending(headers(self.embedders)))
        self.app.settings["embedders"] = self.embedders
        door = Door(self.app, self.names, {"voila_configuration": self.voila_configuration})
        limits = {
            "max_header_size": LONGEST_HEAD,
            "max_body_size": LARGEST_BODY,
            "idle_connection_timeout": SLOWEST,
            "body_timeout": SLOWEST,
        }
        HTTPServer(door, **limits).add_sockets(self.sockets)
        signal.signal(signal.SIGINT, self._handle_signal_stop)
        self.ioloop = IOLoop.current()
        self.ioloop.add_callback(self.announce)
        PeriodicCallback(self.terminal.next_minute, terminal.MINUTE).start()
        self.ioloop.start()
        self.stop()

    @property
    def display_url(self) -> str:
        """The address of the page, with this computer's name if it is served on all its addresses."""
        return self._address(socket.gethostname() if self.ip in EVERYWHERE else self.ip)

    @property
    def connection_url(self) -> str:
        """The address of the page on this computer."""
        return self._address(EVERYWHERE.get(self.ip, self.ip))

    def _address(self, ip: str) -> str:
        return f"http://{f'[{ip}]' if ':' in ip else ip}:{self.port}{self.base_url}"

    async def announce(self) -> None:
        """Print the address, and open it, as soon as there is a warm kernel."""
        if self.warm_kernels():
            await asyncio.wait(self.warm_kernels())
        print(f"ann_dashboard is at {self.display_url}  (Ctrl+C stops it)", flush=True)
        if self.open_browser:
            threading.Thread(target=webbrowser.open, args=[self.connection_url], daemon=True).start()

    def warm_kernels(self) -> list[asyncio.Task[dict[str, Any]]]:
        """The tasks that start warm kernels; some are done, some may wait for their time."""
        return [task for pool in self._pools() for task in pool]

    def _pools(self) -> list[list[asyncio.Task[dict[str, Any]]]]:
        # Voila has no public way to see into the pools, and has none of them without warm kernels.
        return list(getattr(self.kernel_manager, "_pools", {}).values())

    def stop(self) -> None:
        """End the kernels at once; one that is just starting would print a traceback if it were asked to."""
        for pool in self._pools():
            for task in [task for task in pool if not task.done()]:
                task.cancel()
                pool.remove(task)
        run_sync(self.kernel_manager.shutdown_all)(now=True)
        shutil.rmtree(self.connection_dir, ignore_errors=True)
