"""JupyterHub with the configuration of the package, on loopback: several people at once, each on a server of
his own.

The shipped configuration leaves open who may log in and under whose account a server runs. Here one password
lets everybody in, and all servers run under the account of the tests, so what is tested is the hub's own
guard: whose page, whose kernel, whose numbers.
"""

import importlib.util
import os
import secrets
import shutil
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from conftest import Server, running
from lecturer import Dashboard, ready, trained
from playwright.sync_api import BrowserContext, expect

import ann_dashboard

pytestmark = pytest.mark.browser

CONFIGURATION = Path(ann_dashboard.__file__).parent / "serving" / "jupyter" / "jupyterhub_config.py"
SCRIPTS = Path(sys.executable).parent
PATH = f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}"
PASSWORD = secrets.token_hex()
STARTS_WITHIN = 120_000
"""Milliseconds from the log-in to the first picture: a server and a kernel start, on a busy computer."""


def free_ports(count: int) -> list[int]:
    """Ports that nothing listens on; JupyterHub cannot take just any itself."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [taken.getsockname()[1] for taken in sockets]
    for taken in sockets:
        taken.close()
    return ports


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A hub that everybody may log in to who knows the password."""
    missing = [] if importlib.util.find_spec("jupyterhub") else ["jupyterhub"]
    missing += [] if shutil.which("configurable-http-proxy", path=PATH) else ["configurable-http-proxy"]
    if missing:
        pytest.skip(
            f"no {' and no '.join(missing)}: pip install 'jupyterhub>=5.3' "
            "and npm install -g configurable-http-proxy to run this test"
        )
    home = tmp_path_factory.mktemp("hub")
    public, inner, proxy = free_ports(3)
    settings = home / "jupyterhub_config.py"
    settings.write_text(f"""
load_subconfig({str(CONFIGURATION)!r})
c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = {PASSWORD!r}
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = {str(home / "{username}")!r}
c.Spawner.args += ["--allow-root"]
c.Spawner.start_timeout = c.Spawner.http_timeout = 120
c.JupyterHub.bind_url = "http://127.0.0.1:{public}"
c.JupyterHub.hub_port = {inner}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{proxy}"
""")
    command = [sys.executable, "-m", "jupyterhub", "--config", str(settings)]
    with running(
        command, announces=r"is now running at (http://[^\s/]+)", cwd=home, env=os.environ | {"PATH": PATH}
    ) as server:
        yield replace(server, url=f"{server.url}/")


@dataclass(frozen=True)
class Person:
    """Someone at a browser of his own, logged in to the hub."""

    context: BrowserContext
    dashboard: Dashboard

    @property
    def page_address(self) -> str:
        """Where the hub has brought him."""
        return self.dashboard.page.url

    def status(self, url: str) -> int:
        """HTTP status of what his browser gets, all redirections followed."""
        return self.context.request.get(url).status

    def kernels(self, server: str) -> list[str]:
        """The names of the kernels of his own server."""
        return [kernel["id"] for kernel in self.context.request.get(f"{server}api/kernels").json()]


@pytest.fixture(scope="module")
def people(browser, browser_context_args, hub: Server) -> Iterator[dict[str, Person]]:
    """Ada and Ben, both logged in; the hub starts their servers at the same time."""
    contexts = {name: browser.new_context(**browser_context_args) for name in ("ada", "ben")}
    pages = {name: context.new_page() for name, context in contexts.items()}
    for name, page in pages.items():
        contexts[name].route(lambda url: urlsplit(url).hostname != "127.0.0.1", lambda route: route.abort())
        page.set_default_timeout(STARTS_WITHIN)
        page.goto(hub.url)
        page.get_by_label("Username").fill(name)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click(no_wait_after=True)
    yield {name: Person(contexts[name], first_picture(page)) for name, page in pages.items()}
    for context in contexts.values():
        context.close()


def first_picture(page) -> Dashboard:
    expect(page.locator(".ann-dashboard")).to_be_visible(timeout=STARTS_WITHIN)
    return ready(page)


def test_a_persons_page_is_the_dashboard_on_his_own_server(hub: Server, people):
    for name, person in people.items():
        assert person.page_address == f"{hub.url}user/{name}/voila/render/dashboard.ipynb"


def test_two_people_train_at_once_and_each_sees_his_own_numbers(people):
    ada, ben = people["ada"].dashboard, people["ben"].dashboard
    ada.type(ada.eta, 0.2)
    ben.type(ben.eta, 0.3)
    ada.button("Next epoch").click()
    ben.button("Next epoch").click()
    ada.shows(trained(eta=0.2), 1)
    ben.shows(trained(eta=0.3), 1)


@pytest.mark.parametrize(
    "path", ["voila/render/dashboard.ipynb", "lab", "api/kernels", "api/contents", "files/dashboard.ipynb"]
)
def test_nobody_reaches_anothers_server(hub: Server, people, path):
    assert people["ada"].status(f"{hub.url}user/ada/{path}") == 200
    assert people["ada"].status(f"{hub.url}user/ben/{path}") == 403


def test_nobody_connects_to_anothers_kernel(hub: Server, people):
    ada, ben = people["ada"], people["ben"]
    connect = """url => new Promise(done => {
        const socket = new WebSocket(url);
        socket.onopen = () => { socket.close(); done("open"); };
        socket.onerror = () => done("refused");
    })"""
    for person, name, outcome in ((ada, "ada", "open"), (ben, "ben", "open"), (ada, "ben", "refused")):
        owner = people[name]
        server = f"{hub.url}user/{name}/"
        channels = f"{server}api/kernels/{owner.kernels(server)[0]}/channels?session_id=a"
        assert person.dashboard.page.evaluate(connect, channels.replace("http", "ws", 1)) == outcome, name


def test_who_has_not_logged_in_reaches_nothing(hub: Server, people):
    with urlopen(f"{hub.url}user/ben/voila/render/dashboard.ipynb", timeout=60) as answer:
        assert "/hub/login" in answer.url
    with pytest.raises(HTTPError) as refused, urlopen(f"{hub.url}user/ben/api/kernels", timeout=60):
        pass
    assert refused.value.code == 403
    refused.value.close()


def test_one_person_cannot_ask_the_hub_about_another(hub: Server, people):
    assert people["ada"].status(f"{hub.url}hub/api/users/ben") in (403, 404)
    assert people["ada"].status(f"{hub.url}hub/api/users") == 403


def test_a_dashboard_needs_no_other_host_and_shows_no_source(hub: Server, people):
    page = people["ada"].context.request.get(f"{hub.url}user/ada/voila/render/dashboard.ipynb").text()
    assert "Starting the dashboard" in page
    assert "import Dashboard" not in page
