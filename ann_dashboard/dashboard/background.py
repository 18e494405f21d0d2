"""Beside the page: long work is done in a thread, which touches no widget; the page stays alive and hears of
it from the kernel's loop.
"""

import asyncio
from collections.abc import Callable
from typing import TypeVar

TICK = 0.1
"""Seconds from one word about a long work to the next."""

Result = TypeVar("Result")


def kernels_loop() -> asyncio.AbstractEventLoop | None:
    """The loop of the kernel, or None in a script or a test, where nothing could stay alive."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


async def beside(work: Callable[[], Result], meanwhile: Callable[[], None]) -> Callable[[], Result]:
    """Do a work in a thread, and ``meanwhile`` every tick in the loop. Returns what gives the work's result,
    or raises what it raised.
    """
    task = asyncio.ensure_future(asyncio.to_thread(work))
    while not (await asyncio.wait({task}, timeout=TICK))[0]:
        meanwhile()
    return task.result
