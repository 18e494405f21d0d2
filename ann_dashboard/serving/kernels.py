"""The visitors' kernels, a limited number of them.

Visitors who come when all places are taken are told so; nobody is sent away to make room.
"""

import math
import random
import tempfile
import time
from collections import defaultdict
from contextvars import ContextVar
from functools import partial
from typing import Any
from uuid import uuid4

import zmq
from jupyter_core.utils import ensure_async
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado.ioloop import IOLoop
from tornado.web import HTTPError
from traitlets import Int, default
from voila.request_info_handler import RequestInfoSocketHandler
from voila.utils import ENV_VARIABLE
from zmq.eventloop.zmqstream import ZMQStream

from ann_dashboard.serving.gate import Backlog

MOST_UNREAD = 32 * 2**20
"""The most bytes that may wait for a page, on all its connections together or while it is away.

It is also the largest message of a kernel that is read.
"""
THRIFTY = {"MALLOC_ARENA_MAX": "1", "MALLOC_TRIM_THRESHOLD_": str(2**17)}
"""Makes a kernel's C library return freed memory: it keeps 200 MiB after exporting a film, instead of 370."""
ASKING: ContextVar[Any] = ContextVar("asking")
"""The request for which a kernel is started; it is told the kernel's name, which Voila keeps to itself."""


class Refusal(HTTPError):
    """A request that is refused with a page that says why: ``title`` and ``text``."""

    def __init__(self, status: int, title: str, text: str) -> None:
        super().__init__(status)
        self.title, self.text = title, text


class Full(HTTPError):
    """All places are taken."""

    def __init__(self, places: int) -> None:
        super().__init__(503, f"all {places} places are taken")
        self.places = places
        self.wait = random.randint(15, 30)  # seconds: those refused together do not come back together


class Kernels(AsyncMappingKernelManager):
    """Starts and ends the kernels; Voila builds its pool of warm ones on top of it.

    A warm kernel takes no place until a visitor gets it. A kernel is ended ``cull_idle_timeout`` seconds
    after a page was last connected to it, whatever it is doing. If none ever was, it is ended
    ``first_timeout`` seconds after its page was sent or last asked for it. Jupyter's own rule counts from the
    kernel's last message. That may be hours ago when a visitor who only moved through the epochs is cut off;
    and a kernel that was left with a long list of trainings would never end.

    ``wires``: the connections that pages have to each kernel; ``backlogs``: what waits in it. ``output``: a
    file descriptor for what kernels print; None for this process's own.
    """

    most_visitors = Int(help="Number of places").tag(config=True)
    first_timeout = Int(
        20, help="Seconds within which a page that was sent has to connect, or to ask for its kernel"
    ).tag(config=True)

    @default("most_visitors")
    def _one(self) -> int:
        return 1

    def __init__(self, **settings: Any) -> None:
        self._starting: set[str] = set()
        self._warm: set[str] = set()
        self._met: dict[str, float] = {}
        self._awaited: dict[str, float] = {}
        self.wires: defaultdict[str, set[Any]] = defaultdict(set)
        self.backlogs: defaultdict[str, Backlog] = defaultdict(Backlog)
        self.output: int | None = None
        super().__init__(**settings)
        # A larger message is not read, and ends the server's connection to the kernel.
        self.context.setsockopt(zmq.MAXMSGSIZE, MOST_UNREAD)

    @property
    def visitors(self) -> int:
        """The number of places taken."""
        return len((self._starting | set(self.list_kernel_ids())) - self._warm)

    def refuse_if_full(self) -> None:
        """Raises Full if all places are taken."""
        if self.visitors >= self.most_visitors:
            raise Full(self.most_visitors)

    async def start_kernel(self, *, env: dict[str, str], **settings: Any) -> str:
        """Start a kernel for a visitor, or a warm one, and give its name. Raises Full."""
        kernel_id = str(uuid4())
        if env[ENV_VARIABLE.VOILA_PREHEAT] == "True":
            self._warm.add(kernel_id)
        else:
            self.refuse_if_full()
            if (asking := ASKING.get(None)) is not None:
                asking.kernel = kernel_id
        self._starting.add(kernel_id)
        self._met[kernel_id] = time.monotonic()
        try:
            self._try_to_write()
            printed = {"stdout": self.output, "stderr": self.output}
            return await super().start_kernel(kernel_id=kernel_id, env=env | THRIFTY, **printed, **settings)
        except OSError as error:
            self._forget(kernel_id)
            reason = error.strerror or str(error)
            self.log.error("No kernel can be started: %s (%s)", reason, error.filename or self.connection_dir)
            raise Refusal(
                503,
                "The dashboard cannot be started",
                f"The computer that serves it says: {reason}. "
                "Please tell the person who runs it, and try again later.",
            ) from error
        finally:
            self._starting.discard(kernel_id)

    def _try_to_write(self) -> None:
        """Raise OSError if a kernel's files cannot be written; Jupyter would print two tracebacks first."""
        with tempfile.TemporaryFile(dir=self.connection_dir, buffering=0) as tried:
            tried.write(bytes(4096))

    def answered(self, kernel_id: str) -> None:
        """Note that the page of a kernel was sent; it is expected to connect, unless it already has."""
        if kernel_id in self and not self.kernel_model(kernel_id)["connections"]:
            self._awaited[kernel_id] = self._met[kernel_id] = time.monotonic()

    def asked_for(self, kernel_id: str) -> None:
        """Note that a page has asked for its kernel: it is still loading.

        That counts for ``cull_idle_timeout`` seconds at most.
        """
        now = time.monotonic()
        if now - self._awaited.get(kernel_id, -math.inf) < self.cull_idle_timeout:
            self._met[kernel_id] = now

    def notify_connect(self, kernel_id: str) -> None:
        """Note that a page's connection is open."""
        super().notify_connect(kernel_id)
        self._awaited.pop(kernel_id, None)

    def hand_over(self, kernel_id: str) -> None:
        """Give this warm kernel to a visitor. Raises Full."""
        self.refuse_if_full()
        self._warm.discard(kernel_id)
        self._met[kernel_id] = time.monotonic()

    async def lives(self, kernel_id: str) -> bool:
        """Whether a kernel's process runs; the watch that removes dead ones looks only every few seconds."""
        return kernel_id in self and bool(await ensure_async(self.is_alive(kernel_id)))

    def remove_kernel(self, kernel_id: str) -> Any:
        """Forget a kernel that has ended, and its visitor's request, which Voila keeps."""
        RequestInfoSocketHandler._cache.pop(kernel_id, None)
        self._forget(kernel_id)
        return super().remove_kernel(kernel_id)

    def _forget(self, kernel_id: str) -> None:
        self._warm.discard(kernel_id)
        for kept in (self._met, self._awaited, self.wires, self.backlogs):
            kept.pop(kernel_id, None)

    def notify_disconnect(self, kernel_id: str) -> None:
        """Note that a page's connection is closed."""
        super().notify_disconnect(kernel_id)
        if kernel_id in self:
            self._met[kernel_id] = time.monotonic()

    def start_buffering(self, kernel_id: str, session_key: str, channels: dict[str, ZMQStream]) -> None:
        """Keep what a kernel sends while its page is away; Jupyter would keep it without limit.

        A kernel that has sent more than MOST_UNREAD bytes is ended, and its page is told so when it is back.
        """
        super().start_buffering(kernel_id, session_key, channels)
        kept, unread = self._kernel_buffers[kernel_id]["buffer"], 0

        def keep(channel: str, parts: list[bytes]) -> None:
            nonlocal unread
            unread += sum(map(len, parts))
            kept.append((channel, parts))
            if unread > MOST_UNREAD and kernel_id in self._kernel_buffers:
                self.log.warning(
                    "A kernel is ended: more than %s bytes wait for its page, which is away.", MOST_UNREAD
                )
                self.stop_buffering(kernel_id)
                IOLoop.current().spawn_callback(self.shutdown_kernel, kernel_id, now=True)

        for channel, stream in channels.items():
            stream.on_recv(partial(keep, channel))

    async def cull_kernel_if_idle(self, kernel_id: str) -> None:
        """End a kernel that no page has been connected to for too long, if it has not ended already."""
        if kernel_id not in self:
            return
        absent = time.monotonic() - self._met[kernel_id]
        patience = self.first_timeout if kernel_id in self._awaited else self.cull_idle_timeout
        if (
            kernel_id not in self._warm
            and not self.kernel_model(kernel_id)["connections"]
            and absent > patience
        ):
            await self.shutdown_kernel(kernel_id)
