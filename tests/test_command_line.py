"""The command ``ann-dashboard``: what it understands, serves and refuses."""

import json
import signal
import socket
import subprocess
import sys
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Page, expect
from visitor import Visitor
from websocket import WebSocketBadStatusException

from ann_dashboard import __version__


def command(*options: str) -> subprocess.CompletedProcess[str]:
    """Our command, run to its end."""
    return subprocess.run(
        [sys.executable, "-m", "ann_dashboard", *options],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def status(request: str | Request) -> int:
    """HTTP status of a request."""
    try:
        with urlopen(request, timeout=60) as answer:
            return answer.status
    except HTTPError as error:
        with error:
            return error.code


def source(url: str) -> str:
    """The page's HTML, once the notebook has run."""
    with urlopen(url, timeout=60) as answer:
        return answer.read().decode()


@pytest.fixture(scope="module")
def page_source(voila_url: str) -> str:
    return source(voila_url)


def test_help_names_every_option():
    told = command("--help")
    assert told.returncode == 0
    assert all(option in told.stdout for option in ("--port", "--ip", "--no-browser", "Ctrl+C"))


def test_version_is_the_packages():
    told = command("--version")
    assert (told.returncode, told.stdout) == (0, f"ann-dashboard {__version__}\n")


@pytest.mark.parametrize(
    "options", [["--port", "many"], ["--port", "65536"], ["--port", "-1"], ["--nonsense"]]
)
def test_a_wrong_option_is_refused_with_one_line(options):
    told = command(*options)
    assert told.returncode == 2
    assert "error:" in told.stderr
    assert "Traceback" not in told.stderr


def test_a_busy_port_is_refused_with_the_cure():
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        told = command("--no-browser", "--port", str(port))
    assert told.returncode == 2
    assert told.stderr.count("\n") == 1
    assert f"port {port}" in told.stderr
    assert "Leave out --port" in told.stderr


@pytest.mark.parametrize("name", ["a..b", "a" * 64])
def test_what_can_be_no_computers_name_is_refused_with_the_cure(name):
    told = command("--no-browser", "--ip", name)
    assert told.returncode == 2
    assert told.stderr.startswith(
        f"ann-dashboard cannot serve on {name} port 0: no computer has this name. Leave out "
    )


def test_the_page_answers_without_its_source(page_source):
    assert "Starting the dashboard" in page_source
    assert "import Dashboard" not in page_source


def test_the_page_needs_no_other_host(page_source):
    assert "//cdn" not in page_source


@pytest.mark.parametrize(
    "path", ["dashboard.ipynb", "voila/files/dashboard.ipynb", "voila/files/picture.png", "voila/tree"]
)
def test_nothing_but_the_page_is_served(voila_url, path):
    assert status(voila_url + path) in (403, 404)


def test_another_template_cannot_be_asked_for(voila_url):
    assert status(f"{voila_url}?template=nope&theme=nope") == 200


@pytest.mark.parametrize("offered", [[], ["v2.kernel.websocket.jupyter.org"]])
def test_a_connection_without_the_v1_protocol_is_refused(voila_url, offered):
    """All else about it is right: with the protocol it is taken."""
    visitor = Visitor(voila_url)
    with pytest.raises(WebSocketBadStatusException, match="400"):
        visitor.connection(subprotocols=offered)
    visitor.connection().close()
    assert visitor.leave() == 204


def test_ctrl_c_stops_it_cleanly(serve_dashboard):
    with serve_dashboard() as server:
        assert status(server.url) == 200
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(30) == 0


def test_stray_configurations_are_ignored(serve_dashboard, tmp_path):
    stray = {
        "Voila": {"base_url": "/stray/"},
        "VoilaConfiguration": {"template": "nope", "strip_sources": False, "show_tracebacks": True},
    }
    (tmp_path / "voila.json").write_text(json.dumps(stray))
    (tmp_path / "jupyter_config.json").write_text(json.dumps(stray))
    with serve_dashboard(cwd=tmp_path) as server:
        assert "import Dashboard" not in source(server.url)


@pytest.mark.browser
def test_the_dashboard_has_the_whole_window(page: Page, voila_url):
    page.goto(voila_url, wait_until="commit")
    expect(page.get_by_role("slider").first).to_be_visible(timeout=60_000)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    box = page.locator(".jupyter-widgets").first.bounding_box()
    assert box["x"] <= 8
    assert page.evaluate("document.documentElement.clientWidth") - box["x"] - box["width"] <= 8


@pytest.mark.browser
def test_leaving_the_page_ends_its_kernel(page: Page, voila_url):
    """Voila's issue 1458."""
    with page.expect_websocket(timeout=60_000) as channels:
        page.goto(voila_url, wait_until="commit")
    expect(page.get_by_role("slider").first).to_be_visible(timeout=60_000)
    kernel = channels.value.url.partition("/api/")[2].partition("/channels")[0]
    assert status(f"{voila_url}api/{kernel}") == 200
    page.goto(f"{voila_url}nothing")
    page.wait_for_function("async kernel => (await fetch(`/api/${kernel}`)).status === 404", arg=kernel)
