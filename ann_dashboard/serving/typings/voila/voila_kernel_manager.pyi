"""What Voila makes of our class of kernels: it adds the pools of warm ones."""

from asyncio import Task
from typing import Any

from ann_dashboard.serving.kernels import Kernels

class VoilaKernelManager(Kernels):
    _pools: dict[str, list[Task[dict[str, Any]]]]

    def fill_if_needed(self, *, notebook_name: str) -> None: ...
