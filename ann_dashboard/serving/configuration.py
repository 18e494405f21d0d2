"""Voila's settings: every one in which the served page differs from Voila's defaults."""

import os
from collections.abc import Collection
from pathlib import Path
from typing import Any

import psutil
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from traitlets import default
from traitlets.config import Config

from ann_dashboard.serving.kernels import Kernels

VISITOR = 352 * 2**20
"""Bytes of memory counted for one visitor.

Measured: 90 MiB when the page opens, 245 with all exports of a lesson, 318 with those of 100 000 epochs.
"""
SERVER = 170 * 2**20
"""Bytes of memory that the server itself needs.

Measured: 110 MiB when it has started, 118 with six visitors; more for pages that read slowly.
"""
SYSTEM = 8
"""One part in this many of the memory is left to the operating system and to other programs."""
WARM_KERNELS = 1
"""Kernels that run the notebook before anyone asks for the page; each counts as a visitor, the next one."""
FILES = 16
"""Files and sockets that the server holds open for one visitor: 13 counted."""
LARGEST_MESSAGE = 8 * 2**20
"""Bytes of one message from a page: a file of 5 MB, and what surrounds it."""

# 'unsafe-inline': Voila's page sets itself up in inline scripts. blob: anywidget loads the film's script from
# one.
CONTENT_SECURITY_POLICY = [
    "default-src 'self'",
    "script-src 'self' 'unsafe-inline' blob:",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
]


def headers(frame_ancestors: Collection[str] = ()) -> dict[str, str]:
    """The headers of every answer.

    ``frame_ancestors``: origins whose pages may embed the page, besides the page's own.
    """
    answers = {
        "Content-Security-Policy": "; ".join(
            [*CONTENT_SECURITY_POLICY, " ".join(["frame-ancestors 'self'", *frame_ancestors])]
        ),
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "SAMEORIGIN",
    }
    if frame_ancestors:
        # It cannot name origins: old browsers that know nothing else would refuse them all.
        del answers["X-Frame-Options"]
    return answers


class ThisPython(KernelSpecManager):
    """The one kernel that is sure to have this package, with its widgets guarded against the page.

    A ``python3`` that another environment has registered for the user may not have it.
    """

    @default("kernel_dirs")
    def _none(self) -> list[str]:
        return []

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """How a kernel is started. Raises NoSuchKernel."""
        kernel = super().get_kernel_spec(kernel_name)
        kernel.argv.append("--IPKernelApp.extra_extensions=ann_dashboard.dashboard.settable")
        return kernel


def places() -> int:
    """How many visitors this computer can serve.

    They fit into its memory, or its container's, and this process may open as many files as they need.
    """
    limit = Path("/sys/fs/cgroup/memory.max")
    limited = limit.read_text().strip() if limit.is_file() else "max"
    memory = min(psutil.virtual_memory().total, int(limited) if limited.isdecimal() else 2**62)
    return max(1, min(visitors_in(memory), (_open_files() - 100) // FILES))


def visitors_in(memory: int) -> int:
    """How many visitors fit into so many bytes, beside the system, the server and its warm kernels."""
    return (memory - memory // SYSTEM - SERVER) // VISITOR - WARM_KERNELS


def _open_files() -> int:
    """How many files this process may hold open; Windows sets no limit that matters."""
    try:
        import resource
    except ImportError:
        return 2**16
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def configuration(
    *, most_visitors: int, base_url: str = "/", warm_kernels: int = WARM_KERNELS, fill_delay: float = 15.0
) -> Config:
    """Settings for Voila.

    ``warm_kernels``: how many run the notebook before anyone asks for the page. ``fill_delay``: seconds
    until one that was taken is replaced, so that this does not compete with the page that has just opened.
    """
    settings: dict[str, dict[str, Any]] = {
        "Voila": {
            "log_level": "ERROR",
            "config_file_paths": [],
            "base_url": base_url,
            "tornado_settings": {"websocket_max_message_size": LARGEST_MESSAGE},
        },
        "VoilaConfiguration": {
            "allow_template_override": "NO",
            "allow_theme_override": "NO",
            "show_tracebacks": False,
            "strip_sources": True,
            "file_allowlist": [],
            "extension_allowlist": [
                "@voila-dashboards/widgets-manager8",
                "@jupyter-widgets/jupyterlab-manager",
                "anywidget",
            ],
            "preheat_kernel": warm_kernels > 0,
            "default_pool_size": warm_kernels,
            "multi_kernel_manager_class": Kernels,
            "kernel_spec_manager_class": ThisPython,
        },
        "Kernels": {"most_visitors": most_visitors},
        "VoilaKernelManager": {"fill_delay": fill_delay},
        # Files in a folder of this user's, where there are such sockets: a kernel could find its port taken
        # by another program, and would stay dead.
        "KernelManager": {"transport": "ipc"} if os.name == "posix" else {"transport_encryption": "auto"},
        # Started anew, a kernel that died would know nothing of the widgets on its page: it stays dead, and
        # the page says so.
        "KernelRestarter": {"restart_limit": 0},
        "VoilaExecutor": {
            "timeout": 120,
            "interrupt_on_timeout": True,
            "startup_timeout": 60,
            "cell_error_instruction": "The terminal that serves this page shows why.",
        },
        "MappingKernelManager": {"cull_idle_timeout": 120, "cull_interval": 5},
    }
    return Config(settings)
