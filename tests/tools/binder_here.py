"""What Binder does with this repository, without a container.

A visitor's server, and both links opened in Chromium.
    python tests/tools/binder_here.py /usr/bin/python3.12

makes a fresh environment from that Python (this one's, if none is named), with the packages of repo2docker's
base and then exactly those of
`binder/requirements.txt`, in a fresh home; runs `postBuild`; and opens both links behind a base URL such as
Binder's proxy makes.
"""

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

from conftest import CHROMIUM_FLAGS, ROOT, Lab, running, wait_for_connections
from lecturer import ready
from playwright.sync_api import Page, sync_playwright

BASE = [
    "ipykernel==7.0.1",
    "ipywidgets==8.1.7",
    "jupyter-offlinenotebook==0.3.2",
    "jupyter-resource-usage==1.2.0",
    "jupyter-server==2.17.0",
    "jupyterhub==5.4.0",
    "jupyterlab==4.4.9",
    "notebook==7.4.7",
]
"""What repo2docker 2026.4.0 installs for Python 3.12 before it reads a repository.

Its environment.py-3.12-linux-64.lock.
"""
PREFIX = "/user/someone-abc123/"
DASHBOARD, FIRST_NOTEBOOK = (
    "voila/render/notebooks/dashboard.ipynb",
    "notebooks/01_step_through_training.ipynb",
)


def copy_repository(home: Path) -> None:
    """The repository in a visitor's home, where Binder puts it."""
    for folder in ("ann_dashboard", "binder", "notebooks"):
        shutil.copytree(
            ROOT / folder, home / folder, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
        )
    for file in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / file, home)


def container(home: Path, python: Path) -> dict[str, str]:
    """The environment variables of a visitor's container.

    His home, this Python's programs first, nobody's settings.
    """
    settings = ("JUPYTER", "MPLCONFIGDIR", "XDG_", "NUMBA_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(settings)}
    return kept | {"HOME": str(home), "PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}"}


def post_build(home: Path, python: Path) -> None:
    """Run postBuild as repo2docker does. Raises RuntimeError with what it said."""
    told = subprocess.run(
        ["binder/postBuild"],
        cwd=home,
        env=container(home, python),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if told.returncode:
        raise RuntimeError(f"binder/postBuild failed:\n{told.stdout}{told.stderr}")


@contextmanager
def visitors_server(home: Path, python: Path) -> Iterator[Lab]:
    """The Jupyter server of one visitor, behind a base URL."""
    token = secrets.token_hex()
    command = [
        str(python),
        "-m",
        "jupyter_server",
        "--no-browser",
        "--allow-root",
        "--ip=127.0.0.1",
        "--port=0",
    ]
    command += [
        f"--ServerApp.base_url={PREFIX}",
        f"--IdentityProvider.token={token}",
        "--LabApp.expose_app_in_browser=True",
    ]
    with running(
        command, announces=rf"(http://127\.0\.0\.1:\d+{PREFIX})", cwd=home, env=container(home, python)
    ) as server:
        wait_for_connections(server.url)
        yield Lab(server.url, token, home)
        # Interrupted, Jupyter Server sometimes waits for a thread of its own for ever; asked, it ends.
        with urlopen(Request(f"{server.url}api/shutdown?token={token}", method="POST"), timeout=60):
            server.process.wait(60)


def open_dashboard(page: Page, server: Lab) -> None:
    """Follow the link to the dashboard, up to its first picture."""
    page.goto(f"{server.url}{DASHBOARD}?token={server.token}", wait_until="commit")
    ready(page)


def open_first_notebook(page: Page, server: Lab) -> None:
    """Follow the link to the first notebook and run it, up to its first picture."""
    server.open(page, FIRST_NOTEBOOK)
    server.run_all(page)
    ready(page)


def main(given: list[str]) -> None:
    """Do all of it, and say how long each part took."""
    start = time.perf_counter()
    os.environ.pop("PYTHONPATH", None)  # would put this folder's package before the installed one

    def say(what: str) -> None:
        print(f"{time.perf_counter() - start:6.1f} s  {what}", flush=True)

    with tempfile.TemporaryDirectory() as folder:
        home, python = Path(folder, "home"), Path(folder, "environment", "bin", "python")
        home.mkdir()
        copy_repository(home)
        subprocess.run([*(given or [sys.executable]), "-m", "venv", python.parents[1]], check=True)
        pip = [python, "-m", "pip", "install", "--quiet", "--no-cache-dir"]
        subprocess.run([*pip, *BASE], check=True)
        say("the base is installed")
        subprocess.run([*pip, "-r", "binder/requirements.txt"], check=True, cwd=home)
        subprocess.run([python, "-m", "pip", "check"], check=True)
        say("binder/requirements.txt is installed")
        post_build(home, python)
        say("postBuild has run")
        with visitors_server(home, python) as server, sync_playwright() as playwright:
            say("the server is up")
            chromium = next(
                filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
            )
            browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
            for follow in (open_dashboard, open_dashboard, open_first_notebook):
                page = browser.new_page(viewport={"width": 1366, "height": 768})
                follow(page, server)
                say(f"{follow.__name__}: O6 = −0.70 is on the page")
            browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
