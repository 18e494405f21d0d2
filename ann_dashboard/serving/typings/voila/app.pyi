"""What the served page uses of Voila's application."""

from types import FrameType
from typing import Any

from tornado.ioloop import IOLoop
from tornado.web import Application as Routes
from traitlets.config import Application
from voila.voila_kernel_manager import VoilaKernelManager

class Voila(Application):
    app: Routes
    base_url: str
    connection_dir: str
    ioloop: IOLoop
    ip: str
    kernel_manager: VoilaKernelManager
    open_browser: bool
    port: int
    template_paths: list[str]
    voila_configuration: object

    def __init__(self, **settings: Any) -> None: ...
    def init_settings(self) -> dict[str, Any]: ...
    def setup_template_dirs(self) -> None: ...
    def init_handlers(self) -> list[tuple[Any, ...]]: ...
    def start(self) -> None: ...
    def _handle_signal_stop(self, sig: int, frame: FrameType | None) -> None: ...
    def stop(self) -> None: ...
    def listen(self) -> None: ...
