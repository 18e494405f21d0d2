"""Work: trainings of the dashboard. A short one is carried out at once; a long one beside the page, which
stays alive.
"""

import asyncio
import time
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from ann_dashboard.dashboard.background import beside, kernels_loop
from ann_dashboard.data.dataset import Dataset
from ann_dashboard.engine import kernel
from ann_dashboard.engine.history import History
from ann_dashboard.engine.network import Network
from ann_dashboard.engine.run import WORTH_COMPILING, train
from ann_dashboard.engine.training import Training

SHORT = 0.3
"""Seconds a page may stand still."""
SECONDS_PLAIN, SECONDS_COMPILED, SECONDS_TO_LOAD, SECONDS_A_BYTE = 0.4e-6, 0.02e-6, 1.5, 1e-9
"""Measured: of one pass for each weight and node, in plain Python and compiled; of loading the compiled
engine; of the record's memory.
"""

Told = Callable[[int, int, float], None]
Done = Callable[[History], None]
Failed = Callable[[Exception], None]


class Asked(NamedTuple):
    """What is to be trained."""

    network: Network
    data: Dataset
    training: Training


def estimated_seconds(network: Network, data: Dataset, training: Training) -> float:
    """About how long a training takes."""
    work = training.epochs * training.passes_of_epoch(len(data)) * (network.weight_count + len(network.nodes))
    memory = training.record_bytes(network, len(data)) * SECONDS_A_BYTE
    if kernel.is_ready():
        return memory + work * SECONDS_COMPILED
    return memory + (
        work * SECONDS_PLAIN if work <= WORTH_COMPILING else work * SECONDS_COMPILED + SECONDS_TO_LOAD
    )


def thinned(network: Network, data: Dataset, training: Training, *, most: float) -> Training:
    """The training with the smallest ``record_every``, its own or a larger one, whose record takes at most so
    many bytes.

    Where none does, that which records its first and its last epoch alone.
    """
    rows = most // (8 * training.layout(network).columns)

    def fits(every: int) -> bool:
        return replace(training, record_every=every).record_rows(len(data)) <= rows

    every, last = training.record_every, training.epochs
    if fits(every) or every >= last:
        return training
    return replace(training, record_every=bisect_left(range(last), True, lo=every, key=fits))


class Work:
    """Carries out one training at a time; a newer request ends an older one, whose history is not used.

    ``told`` hears now and then how far a long one is: epochs done, epochs, seconds left.
    """

    def __init__(self, told: Told) -> None:
        self._told = told
        self._request = 0
        self._stopped = False
        self.task: asyncio.Task[None] | None = None

    def start(self, asked: Asked, *, done: Done, failed: Failed) -> None:
        """Train, and call ``done`` with the history: before this returns, or later from the kernel's loop; or
        ``failed``, where that is wrong.
        """
        self.supersede()
        loop = kernels_loop()
        if loop is None or estimated_seconds(*asked) < SHORT:
            _finish(lambda: train(*asked), done, failed)
        else:
            self.task = loop.create_task(self._beside(self._request, asked, done, failed))

    def supersede(self) -> None:
        """End the training that is under way, whose history is not used."""
        self._request += 1
        self._stopped = False

    def stop(self) -> None:
        """End the training that is under way and keep what it recorded."""
        self._stopped = True

    async def _beside(self, request: int, asked: Asked, done: Done, failed: Failed) -> None:
        reached, epochs = 0, asked.training.epochs
        began = time.perf_counter()

        def progress(epoch: int, _epochs: int) -> bool:
            nonlocal reached
            reached = epoch
            return self._stopped or request != self._request

        def tell() -> None:
            if request == self._request:
                seconds = time.perf_counter() - began
                self._told(
                    reached, epochs, seconds * (epochs - reached) / reached if reached else float("nan")
                )

        result = await beside(lambda: train(*asked, progress=progress), tell)
        if request == self._request:
            try:
                _finish(result, done, failed)
            except Exception as error:
                failed(error)  # nobody waits for this task: the page would say for ever that it trains
                raise


def _finish(result: Callable[[], History], done: Done, failed: Failed) -> None:
    """Hand on what a training came to."""
    try:
        history = result()
    except (ValueError, TypeError) as error:
        failed(error)
    else:
        done(history)
