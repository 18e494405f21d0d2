"""The handler of a page's connection to its kernel, as far as the served page uses it."""

from asyncio import Future
from collections.abc import Awaitable
from logging import Logger
from typing import Any

from tornado.websocket import WebSocketHandler
from voila.voila_kernel_manager import VoilaKernelManager

class VoilaKernelWebsocketHandler(WebSocketHandler):
    connection: object | None
    kernel_id: str

    @property
    def kernel_manager(self) -> VoilaKernelManager: ...
    @property
    def log(self) -> Logger: ...
    async def pre_get(self) -> None: ...
    async def open(self, *arguments: Any, **settings: Any) -> None: ...
    def on_message(self, message: str | bytes) -> Awaitable[None] | None: ...
    def write_message(self, message: bytes | str | dict[str, Any], binary: bool = False) -> Future[None]: ...
