"""What the browser tests share: Chromium, and our servers to point it at.

``page`` (from pytest-playwright) with ``voila_url`` opens the dashboard as ``ann-dashboard`` serves it;
with ``lab`` it opens the notebooks in JupyterLab: ``lab.open(page, "dashboard.ipynb")``, then
``lab.run_all(page)``.
"""

import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import hypothesis
import pytest
from lecturer import Dashboard, ready
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, expect

from ann_dashboard import lessons
from ann_dashboard.film.camera import Camera

PATIENCE = 10_000
"""Milliseconds that a page has for each answer."""
expect.set_options(timeout=PATIENCE)
hypothesis.settings.register_profile("shared", deadline=None)  # how long one example takes says nothing here
hypothesis.settings.load_profile("shared")
ROOT = Path(__file__).parents[1]
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last.

    Playwright keeps an event loop running in our thread until pytest ends, and ``asyncio.run`` refuses a
    second one.
    """
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@dataclass(frozen=True)
class Server:
    """A server in a process of its own."""

    url: str
    process: subprocess.Popen[str]
    printed: list[str]


@contextmanager
def running(command: list[str], *, announces: str, within: float = 60, **settings: Any) -> Iterator[Server]:
    """A server, from the line with its address until it is interrupted.

    The first group of the pattern is the address.
    """
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    process = subprocess.Popen(command, text=True, start_new_session=True, **streams, **settings)
    printed: list[str] = []
    url: list[str] = []
    announced = threading.Event()

    def read() -> None:
        for line in process.stdout:
            printed.append(line)
            if not url and (match := re.search(announces, line)):
                url.append(match[1])
                announced.set()
        announced.set()

    reader = threading.Thread(target=read)
    reader.start()
    try:
        announced.wait(within)
        if not url:
            pytest.fail(f"{' '.join(command)} did not start:\n{''.join(printed)}")
        yield Server(url[0], process, printed)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        with suppress(ProcessLookupError):
            # A child that it has left would keep our pipe open, and the reader waiting.
            os.killpg(process.pid, signal.SIGKILL)
        reader.join()
        process.stdout.close()


@pytest.fixture(scope="session")
def serve_dashboard() -> Callable[..., Any]:
    """Our command as a context: ``with serve_dashboard(cwd=...) as server: server.url``."""

    def serve(*options: str, **settings: Any) -> Any:
        command = [sys.executable, "-m", "ann_dashboard", "--no-browser", *(options or ("--port", "0"))]
        return running(command, announces=r"is at (http://\S+)", **settings)

    return serve


@pytest.fixture(scope="session")
def voila_url(serve_dashboard: Callable[..., Any]) -> Iterator[str]:
    """Address of the dashboard as our command serves it."""
    with serve_dashboard() as server:
        yield server.url


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab with a copy of our notebooks."""

    url: str
    token: str
    folder: Path

    def open(self, page: Page, notebook: str) -> None:
        """Open a notebook and wait until its kernel is idle.

        Run earlier, JupyterLab asks which kernel to take.
        """
        page.goto(f"{self.url}lab/tree/{notebook}?token={self.token}&reset", wait_until="commit")
        page.wait_for_function(
            """name => {
                const panel = window.jupyterapp?.shell.currentWidget;
                const kernel = panel?.sessionContext?.session?.kernel;
                return panel?.context?.path === name && kernel?.status === "idle";
            }""",
            arg=notebook,
            timeout=60_000,
        )

    def run_all(self, page: Page) -> None:
        """Run all cells of the open notebook and wait until they have run."""
        page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """JupyterLab on a copy of our notebooks, with no one's settings."""
    home = tmp_path_factory.mktemp("lab")
    folder = Path(shutil.copytree(ROOT / "notebooks", home / "notebooks"))
    token = secrets.token_hex()
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        "--no-browser",
        "--allow-root",
        "--ip=127.0.0.1",
        "--port=0",
        f"--IdentityProvider.token={token}",
    ]
    news = home / "settings" / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
    news.parent.mkdir(parents=True)
    news.write_text('{"fetchNews": "false", "checkForUpdates": false}')
    command += [
        f"--ServerApp.root_dir={folder}",
        "--LabApp.expose_app_in_browser=True",
        "--ServerApp.terminals_enabled=False",
    ]
    places = {f"JUPYTER_{kind}_DIR": str(home / kind.lower()) for kind in ("CONFIG", "DATA", "RUNTIME")}
    places |= {f"JUPYTERLAB_{kind}_DIR": str(home / kind.lower()) for kind in ("SETTINGS", "WORKSPACES")}
    with running(
        command, announces=r"(http://127\.0\.0\.1:\d+/)lab", cwd=home, env=os.environ | places
    ) as server:
        wait_for_connections(server.url)
        yield Lab(server.url, token, folder)


def wait_for_connections(url: str) -> None:
    """Return when a server takes connections: JupyterLab prints its address a moment before it does."""
    place = urlsplit(url)
    for _ in range(200):
        with suppress(ConnectionRefusedError), socket.create_connection((place.hostname, place.port)):
            return
        threading.Event().wait(0.05)
    pytest.fail(f"{url} takes no connections")


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the system's Chromium. Without one the browser tests skip, and in CI they fail."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    message = (
        "no Chromium on PATH: install it to run the browser tests (Debian, Ubuntu: apt install chromium)"
    )
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any], chromium: str) -> dict[str, Any]:
    """The system's Chromium, quiet."""
    return browser_type_launch_args | {"executable_path": chromium, "args": CHROMIUM_FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """The window of a lecture room's projector."""
    return browser_context_args | {"viewport": {"width": 1366, "height": 768}}


@pytest.fixture
def context(context: BrowserContext) -> BrowserContext:
    """A browser without the internet."""
    return alone(context)


def alone(context: BrowserContext) -> BrowserContext:
    """The same, but whatever asks another host gets nothing."""
    context.route(
        lambda url: urlsplit(url).hostname not in {None, "", "127.0.0.1", "localhost"},
        lambda route: route.abort(),
    )
    return context


@pytest.fixture
def no_errors(page: Page) -> Iterator[None]:
    """The page throws nothing and logs no error, and answers in time."""
    errors = errors_of(page)
    yield
    assert errors == []


def errors_of(page: Page) -> list[str]:
    """What a page throws and logs as an error from now on; it answers in time."""
    errors: list[str] = []
    page.set_default_timeout(PATIENCE)

    def log(message: ConsoleMessage) -> None:
        if message.type == "error":
            errors.append(message.text)

    page.on("console", log)
    page.on("pageerror", lambda error: errors.append(str(error)))
    return errors


@pytest.fixture
def voila(page: Page, voila_url: str) -> Dashboard:
    """The dashboard as our command serves it."""
    page.goto(voila_url, wait_until="commit")
    return ready(page)


@pytest.fixture
def jupyterlab(page: Page, lab: Any) -> Dashboard:
    """The dashboard's notebook in JupyterLab, all cells run."""
    lab.open(page, "dashboard.ipynb")
    lab.run_all(page)
    return ready(page)


@pytest.fixture(params=["voila", "jupyterlab"])
def dashboard(request: pytest.FixtureRequest) -> Dashboard:
    """The dashboard in the one and in the other."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def film_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The lecture's film as a page of its own."""
    path = tmp_path_factory.mktemp("film") / "film.html"
    history = lessons.LECTURE.train()
    Camera(history.network).film(history, printed=lessons.LECTURE.printed).to_html(path)
    return path
