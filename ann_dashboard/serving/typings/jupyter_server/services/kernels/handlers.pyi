"""The handler that tells about a kernel, as far as the served page uses it."""

from tornado.web import RequestHandler
from voila.voila_kernel_manager import VoilaKernelManager

class KernelHandler(RequestHandler):
    @property
    def kernel_manager(self) -> VoilaKernelManager: ...
    async def get(self, kernel_id: str) -> None: ...
