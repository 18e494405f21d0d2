"""What the served page uses of the handlers of Voila's requests."""

from typing import Any

from tornado.web import RequestHandler
from voila.voila_kernel_manager import VoilaKernelManager

class BaseVoilaHandler(RequestHandler):
    @property
    def kernel_manager(self) -> VoilaKernelManager: ...
    def initialize(self, *arguments: Any, **settings: Any) -> None: ...

class VoilaHandler(BaseVoilaHandler):
    notebook_path: str

    def should_use_rendered_notebook(
        self, notebook_data: dict[str, Any], pool_size: int, *asked: Any
    ) -> bool: ...
