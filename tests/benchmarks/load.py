"""Measures what the server carries.

``PYTHONPATH=tests python tests/benchmarks/load.py [--visitors 1 5 10 20] [--warm 0 1 4] [--changes 5]
[--loads 100] [--browsers 1 5]``

A visitor here is what a page asks of the server, without a browser: the page, a connection, the state of
every widget (from there on a browser can draw), then some learning rates, one a second, each waited for until
the new pictures are there. All visitors come at the same moment and work at the same time. With
``--browsers``, as many pages of Chromium beside it, until the first picture is painted; they share this
computer with the server. Everything runs on loopback and ends within minutes. Prints Markdown.
"""

import argparse
import os
import re
import shutil
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import psutil
from conftest import CHROMIUM_FLAGS, running
from conftest import Server as Process
from playwright.sync_api import sync_playwright
from visitor import Connection, Visitor, until

SERVER = """
import sys
from ann_dashboard import serving
config = serving.configuration(most_visitors=1000, warm_kernels=int(sys.argv[1]))
notebook = str(serving.notebooks() / "dashboard.ipynb")
sockets = serving.listen("127.0.0.1", 0)
server = serving.Server(sockets, open_browser=False, config=config, notebook_path=notebook)
server.initialize([])
server.start()
"""
THINKING = 1.0
"""Seconds from one change to the next."""


class Visit(NamedTuple):
    """Seconds that one visitor waited."""

    first: float
    changes: list[float]
    echoes: list[float]


@contextmanager
def serving(warm_kernels: int) -> Iterator[Process]:
    """Our server with so many warm kernels and places for everyone."""
    with running(
        [sys.executable, "-c", SERVER, str(warm_kernels)], announces=r"is at (http://\S+)"
    ) as process:
        yield process


def kernels(server: Process) -> list[int]:
    """Process numbers of all kernels."""
    return [
        child.pid
        for child in psutil.Process(server.process.pid).children()
        if child.status() != psutil.STATUS_ZOMBIE
    ]


def rest(server: Process, warm_kernels: int) -> None:
    """Wait until only the warm kernels are left, and have run the notebook."""
    calm = [time.monotonic()]

    def idle() -> bool:
        pids = kernels(server)
        busy = len(pids) != warm_kernels or any(psutil.Process(pid).cpu_percent(0.1) > 20 for pid in pids)
        calm[0] = time.monotonic() if busy else calm[0]
        return time.monotonic() - calm[0] > 1

    if not until(idle, within=90):
        raise SystemExit(
            f"the server does not come to rest: {len(kernels(server))} kernels, not {warm_kernels}"
        )


def visit(url: str, changes: int, together: threading.Barrier, leave: threading.Event) -> Visit:
    """Open the page, train so many times with the others, and stay until all have finished."""
    together.wait()
    began = time.perf_counter()
    visitor = Visitor(url, within=120)
    with visitor.connected() as page:
        states = page.states()
        first = time.perf_counter() - began
        together.wait()
        eta = next(
            comm
            for comm, state in states.items()
            if str(state.get("tooltip")).startswith("Learning rate η, typed")
        )
        film = next(comm for comm, state in states.items() if "reel" in state)
        trained, echoed = [], []
        for number in range(changes):
            time.sleep(THINKING)
            echoed.append(seconds(lambda: page.until_idle(page.send("kernel_info_request", {}))))
            trained.append(seconds(lambda value=0.1 + 0.01 * (number + 1): train(page, eta, film, value)))
        together.wait()
        leave.wait()
    visitor.leave()
    return Visit(first, trained, echoed)


def train(page: Connection, eta: str, film: str, value: float) -> None:
    """Set the learning rate and wait for the new pictures."""
    page.set(eta, text=str(value))
    while True:
        kind, _, content = page.receive()
        if kind == "comm_msg" and content["comm_id"] == film and "reel" in content["data"].get("state", {}):
            return


def seconds(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def proportional(pid: int) -> float:
    """Memory of a process in MiB, what it shares with others divided among them."""
    return (
        int(re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), flags=re.MULTILINE)[1])
        / 1024
    )


def crowd(server: Process, visitors: int, warm_kernels: int, changes: int) -> str:
    """A line of the table."""
    rest(server, warm_kernels)
    together, leave = threading.Barrier(visitors + 1), threading.Event()
    with ThreadPoolExecutor(visitors) as pool:
        visits = [pool.submit(visit, server.url, changes, together, leave) for _ in range(visitors)]
        try:
            for _ in range(3):  # they come, they train, they have trained
                together.wait(180)
        except threading.BrokenBarrierError:
            leave.set()
            failed = next(visit.exception() for visit in visits if visit.done() and visit.exception())
            return f"| {visitors} | {warm_kernels} | failed: {failed} |"
        memory = statistics.mean(proportional(pid) for pid in kernels(server))
        own = proportional(server.process.pid)
        leave.set()
        done = [visit.result() for visit in visits]
    firsts = [visit.first for visit in done]
    columns = [
        f"{statistics.median(firsts):.2f}",
        f"{max(firsts):.2f}",
        *(f"{1000 * value:.0f}" for value in spread([time_ for visit in done for time_ in visit.changes])),
        *(f"{1000 * value:.0f}" for value in spread([time_ for visit in done for time_ in visit.echoes])),
        f"{memory:.0f}",
        f"{own:.0f}",
    ]
    return f"| {visitors} | {warm_kernels} | {' | '.join(columns)} | 0 |"


def spread(times: list[float]) -> tuple[float, float]:
    """Median and 95th percentile."""
    return statistics.median(times), sorted(times)[int(0.95 * (len(times) - 1) + 0.5)]


def in_a_row(loads: int) -> None:
    """Pages opened and left, one after the other."""
    with serving(warm_kernels=1) as server:
        process, times, failed = psutil.Process(server.process.pid), [], 0
        files = process.num_fds()
        for _ in range(loads):
            began = time.perf_counter()
            visitor = Visitor(server.url)
            with visitor.connected() as page:
                failed += not any("reel" in state for state in page.states().values())
            times.append(time.perf_counter() - began)
            visitor.leave()
        rest(server, 1)
        print(
            f"{loads} pages in a row: {failed} without the widgets' states, "
            f"median {statistics.median(times):.2f} s, slowest {max(times):.2f} s; "
            f"open files of the server {files} before, {process.num_fds()} after; "
            f"memory after {proportional(process.pid):.0f} MiB.",
            flush=True,
        )


def in_chromium(counts: list[int], warm_kernels: int) -> None:
    """Pages of Chromium opened at the same moment."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with serving(warm_kernels) as server, sync_playwright() as playwright:
        for count in counts:
            rest(server, warm_kernels)
            browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
            pages = [browser.new_context().new_page() for _ in range(count)]
            began = time.perf_counter()
            for page in pages:
                page.goto(server.url, wait_until="commit")
            times = []
            for page in pages:
                page.locator("[id='network/O6'] text").wait_for(timeout=120_000)
                times.append(time.perf_counter() - began)
            print(
                f"{count} in Chromium, {warm_kernels} warm: "
                f"first picture after {times[0]:.1f} s, the last after {max(times):.1f} s.",
                flush=True,
            )
            for page in pages:
                page.goto("about:blank")
            browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--visitors", type=int, nargs="*", default=[1, 5, 10, 20])
    parser.add_argument("--warm", type=int, nargs="*", default=[0, 1, 4], help="numbers of warm kernels")
    parser.add_argument("--changes", type=int, default=5, help="learning rates each visitor tries")
    parser.add_argument("--loads", type=int, default=100, help="pages in a row")
    parser.add_argument("--browsers", type=int, nargs="*", default=[1, 5], help="pages of Chromium at once")
    options = parser.parse_args()
    print(
        f"{os.cpu_count()} cores, {psutil.virtual_memory().total / 2**30:.0f} GiB, "
        f"load average {os.getloadavg()[0]:.1f} at the start.\n"
    )
    print(
        "| visitors | warm | first, median s | last s | training, median ms | p95 "
        "| echo, median ms | p95 | kernel MiB | server MiB | errors |"
    )
    print("| ---: " * 11 + "|", flush=True)
    for warm_kernels in options.warm:
        with serving(warm_kernels) as server:
            for visitors in options.visitors:
                print(crowd(server, visitors, warm_kernels, options.changes), flush=True)
    print()
    if options.loads:
        in_a_row(options.loads)
    if options.browsers:
        in_chromium(options.browsers, warm_kernels=1)


if __name__ == "__main__":
    main()
