"""What a person sees in the browser when something goes wrong: no place, a kernel or a server that is gone, a
link that is cut.
"""

import json
import random
import re
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import psutil
import pytest
from conftest import Server
from lecturer import REST, Dashboard, ready, trained
from playwright.sync_api import BrowserContext, Page, WebSocketRoute, expect
from visitor import Visitor, answer, status, until

pytestmark = pytest.mark.browser

NOTICED = 45_000
"""Milliseconds within which a page must say what has happened: some looks, 5 s apart, of a page on a busy
computer.
"""


class Wire:
    """A cable between browser and server: what comes in at its port goes to the server, until it is cut."""

    def __init__(self, server: str) -> None:
        place = urlsplit(server)
        self.far = (place.hostname, place.port)
        self.near = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.near.getsockname()[1]}/"
        self.whole = True
        self.flows = threading.Event()
        self.flows.set()
        self.ends: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                here = self.near.accept()[0]
                if not self.whole:
                    here.close()
                    continue
                there = socket.create_connection(self.far)
                self.ends += [here, there]
                for source, target in ((here, there), (there, here)):
                    threading.Thread(target=self._carry, args=(source, target), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                self.flows.wait()
                target.sendall(data)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def cut(self) -> None:
        """End all connections, and refuse new ones."""
        self.whole = False
        for end in self.ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def join(self) -> None:
        """Let connections through again."""
        self.whole = True

    def freeze(self) -> None:
        """Lose nothing and end nothing, but let nothing through."""
        self.flows.clear()

    def thaw(self) -> None:
        self.flows.set()

    def close(self) -> None:
        self.thaw()
        self.cut()
        for end in [self.near, *self.ends]:
            end.close()


@pytest.fixture
def wire(voila_url: str) -> Iterator[Wire]:
    wire = Wire(voila_url)
    yield wire
    wire.close()


def opened(page: Page, url: str) -> str:
    """Open the dashboard and give its kernel's name."""
    page.goto(url, wait_until="commit")
    ready(page)
    return page.evaluate("JSON.parse(document.getElementById('jupyter-config-data').textContent).kernelId")


KERNEL = """JSON.parse(document.getElementById("jupyter-config-data").textContent).kernelId
    ?? window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.id"""


def kernel_of(page: Page) -> psutil.Process:
    """The process of a page's kernel, a child of a server of ours."""
    name = page.evaluate(KERNEL)
    return next(
        child
        for child in psutil.Process().children(recursive=True)
        if any(name in word for word in child.cmdline())
    )


def end_kernel(server: Server, kernel: str) -> None:
    """Kill a kernel's process."""
    next(
        child
        for child in psutil.Process(server.process.pid).children()
        if any(kernel in word for word in child.cmdline())
    ).kill()


@pytest.fixture
def server(serve_dashboard: Callable[..., Any]) -> Iterator[Server]:
    with serve_dashboard() as started:
        yield started


def test_a_page_whose_kernel_is_killed_says_so_and_reloads(page: Page, server: Server) -> None:
    kernel = opened(page, f"{server.url}?room=7")
    notice = page.get_by_role("alert")
    expect(notice).to_be_hidden()
    end_kernel(server, kernel)
    expect(notice).to_contain_text("This dashboard has ended", timeout=NOTICED)
    notice.get_by_role("button", name="Reload").click()
    ready(page)
    expect(notice).to_be_hidden()
    assert page.url == f"{server.url}?room=7"


def test_a_tab_that_slept_says_what_happened_meanwhile(page: Page, server: Server) -> None:
    kernel = opened(page, server.url)
    tab = page.context.new_cdp_session(page)
    tab.send("Page.setWebLifecycleState", {"state": "frozen"})
    end_kernel(server, kernel)
    assert until(lambda: status(f"{server.url}api/kernels/{kernel}") == 404)
    tab.send("Page.setWebLifecycleState", {"state": "active"})
    expect(page.get_by_role("alert")).to_contain_text("This dashboard has ended", timeout=NOTICED)


def test_a_page_whose_server_is_stopped_says_so_and_reloads_when_it_is_back(
    page: Page, serve_dashboard: Callable[..., Any]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    notice = page.get_by_role("alert")
    with serve_dashboard("--port", port) as server:
        opened(page, server.url)
        server.process.send_signal(signal.SIGINT)
        expect(notice).to_contain_text("The server does not answer", timeout=NOTICED)
        expect(notice.get_by_role("button", name="Reload")).to_be_hidden()
        server.process.wait(30)
    with serve_dashboard("--port", port):
        expect(notice).to_contain_text("This dashboard has ended", timeout=NOTICED)
        notice.get_by_role("button", name="Reload").click()
        ready(page)
        expect(notice).to_be_hidden()


def test_a_link_that_is_cut_for_a_while_recovers_by_itself(page: Page, wire: Wire) -> None:
    """What is changed while it is cut is trained when it is back."""
    opened(page, wire.url)
    dashboard = ready(page)
    dashboard.type(dashboard.seed, 13)
    dashboard.shows(trained(seed=13), 0)
    notice = page.get_by_role("alert")
    wire.cut()
    expect(notice).to_contain_text("The server does not answer", timeout=NOTICED)
    dashboard.slider.press("ArrowRight")
    dashboard.shows(trained(seed=13), 1)
    with page.expect_websocket(timeout=90_000):
        wire.join()
    expect(notice).to_be_hidden(timeout=90_000)
    dashboard.type(dashboard.seed, 3)
    dashboard.shows(trained(), 1)


def look(page: Page, ends: str) -> None:
    """Let the page look at its kernel now, and wait until the request ends so: "requestfinished" or
    "requestfailed".
    """
    with page.expect_event(
        ends, lambda request: re.search("/api/kernels/[^/]+$", request.url), timeout=60_000
    ):
        page.evaluate("dispatchEvent(new Event('online'))")


def test_an_interruption_of_a_moment_raises_no_alarm(page: Page, wire: Wire, voila_url: str) -> None:
    """The page's clock stands while it looks: once at a cable that is cut, once at a kernel that has lost the
    page.
    """
    page.clock.install()
    kernel = opened(page, wire.url)
    page.evaluate("""() => {
        window.alarms = 0;
        new MutationObserver(() => { window.alarms += !document.getElementById("notice").hidden; })
            .observe(document.getElementById("notice"), { attributes: true });
    }""")
    page.clock.pause_at(page.evaluate("Date.now() + 1000"))
    look(page, "requestfinished")
    wire.cut()
    look(page, "requestfailed")
    assert until(lambda: json.loads(answer(f"{voila_url}api/kernels/{kernel}")[2])["connections"] == 0)
    wire.join()
    look(page, "requestfinished")
    with page.expect_websocket(timeout=60_000):
        page.clock.resume()
    look(page, "requestfinished")
    dashboard = ready(page)
    dashboard.type(dashboard.seed, 13)
    dashboard.shows(trained(seed=13), 0)
    assert page.evaluate("window.alarms") == 0


def test_the_full_page_lets_its_visitor_in_when_a_place_is_free(
    page: Page, serve_dashboard: Callable[..., Any]
) -> None:
    with serve_dashboard("--most-visitors", "1") as server:
        first = Visitor(server.url)
        page.goto(server.url)
        expect(page.get_by_role("heading")).to_have_text("The only place is taken")
        assert first.leave() == 204
        ready(page)


def test_two_tabs_are_two_dashboards(context: BrowserContext, voila_url: str) -> None:
    one, two = context.new_page(), context.new_page()
    assert opened(one, voila_url) != opened(two, voila_url)
    first, second = ready(one), ready(two)
    first.type(first.seed, 13)
    first.shows(trained(seed=13), 0)
    second.shows(trained(), 0)
    one.close()
    second.type(second.seed, 5)
    second.shows(trained(seed=5), 0)


def test_the_back_button_gives_a_dashboard_that_works(page: Page, voila_url: str) -> None:
    kernel = opened(page, voila_url)
    page.goto(f"{voila_url}nothing")
    expect(page.get_by_role("heading")).to_have_text("There is no such page here")
    page.go_back(wait_until="commit")
    dashboard = ready(page)
    assert until(lambda: status(f"{voila_url}api/kernels/{kernel}") == 404)
    dashboard.type(dashboard.seed, 13)
    dashboard.shows(trained(seed=13), 0)


@pytest.mark.usefixtures("no_errors")
def test_a_page_that_is_left_tells_its_kernel_nothing_more(page: Page, voila_url: str) -> None:
    """Voila gives the kernel up as soon as the page may be left, while the film still waits for the hand to
    rest.
    """
    opened(page, voila_url)
    dashboard = ready(page)
    dashboard.slider.press("ArrowRight")
    page.evaluate(
        """rest => {
            dispatchEvent(new Event('beforeunload'));
            return new Promise((done) => setTimeout(done, rest));
        }""",
        2 * REST,
    )


@pytest.mark.usefixtures("no_errors")
def test_a_double_click_on_everything_leaves_a_dashboard_that_works(page: Page, voila_url: str) -> None:
    opened(page, voila_url)
    dashboard = ready(page)
    for role in ("button", "checkbox", "slider", "spinbutton"):
        for control in dashboard.root.get_by_role(role).all():
            if control.is_visible() and control.is_enabled() and control.bounding_box():
                control.dblclick(force=True, timeout=5000)
    page.keyboard.press("Escape")
    dashboard.type(dashboard.seed, 13)
    dashboard.type(dashboard.eta, 0.2)
    dashboard.slider.press("Home")
    dashboard.shows(trained(seed=13, eta=0.2), 0)
    dashboard.slider.press("ArrowRight")
    dashboard.shows(trained(seed=13, eta=0.2), 1)


@pytest.mark.usefixtures("no_errors")
def test_a_hundred_changes_in_ten_seconds_end_at_the_last(page: Page, voila_url: str) -> None:
    opened(page, voila_url)
    dashboard = ready(page)
    chance = random.Random(1)
    for _ in range(100):
        match chance.randrange(4):
            case 0:
                dashboard.type(dashboard.seed, chance.randrange(1, 100))
            case 1:
                dashboard.type(dashboard.eta, chance.choice([0.01, 0.05, 0.1, 0.2]))
            case 2:
                dashboard.seed_slider.press(chance.choice(["ArrowLeft", "ArrowRight", "PageUp"]))
            case _:
                dashboard.slider.press(chance.choice(["ArrowRight", "PageUp", "Home"]))
    dashboard.slider.press("Home")
    dashboard.type(dashboard.eta, 0.15)
    dashboard.type(dashboard.seed, 21)
    dashboard.shows(trained(eta=0.15, seed=21), 0)
    expect(dashboard.eta).to_have_value("0.15")


def test_a_page_that_starts_slowly_says_why_and_offers_to_reload(page: Page, voila_url: str) -> None:
    page.clock.install()
    page.route(re.compile("voila.js"), lambda route: route.abort())
    page.goto(voila_url, wait_until="domcontentloaded")
    expect(page.get_by_text("Starting the dashboard")).to_be_visible()
    expect(page.get_by_role("button", name="Reload")).to_be_hidden()
    page.clock.fast_forward(21_000)
    expect(page.get_by_text("This takes longer than usual")).to_be_visible()
    expect(page.get_by_role("button", name="Reload")).to_be_visible()


@pytest.mark.usefixtures("no_errors")
def test_the_page_works_below_a_base_url_and_asks_no_other_host(
    page: Page, serve_dashboard: Callable[..., Any]
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    with serve_dashboard("--base-url", "/lectures/network/") as server:
        opened(page, server.url)
        dashboard = ready(page)
        dashboard.type(dashboard.seed, 13)
        dashboard.shows(trained(seed=13), 0)
        assert [
            url
            for url in asked
            if not url.startswith((server.url, f"blob:{server.url.split('/lectures')[0]}", "data:"))
        ] == []


def test_closing_the_tab_frees_the_place_at_once(
    context: BrowserContext, serve_dashboard: Callable[..., Any]
) -> None:
    """The tab beside it keeps the browser open, as a person's other tabs do."""
    context.new_page()
    with serve_dashboard("--most-visitors", "1") as server:
        for _ in range(2):
            page = context.new_page()
            kernel = opened(page, server.url)
            page.close(run_before_unload=True)
            assert until(lambda kernel=kernel: status(f"{server.url}api/kernels/{kernel}") == 404, within=20)


@contextmanager
def another_site(html: str) -> Iterator[str]:
    """A page of another site; its address."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *_about: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as site:
        thread = threading.Thread(target=site.serve_forever)
        thread.start()
        try:
            yield f"http://localhost:{site.server_port}"
        finally:
            site.shutdown()
            thread.join()


def kernels(server: Server) -> int:
    """How many kernels run."""
    return len(
        [
            child
            for child in psutil.Process(server.process.pid).children()
            if "ipykernel_launcher" in child.cmdline()
        ]
    )


def test_another_site_gets_no_place_by_loading_the_page_as_something_else(page: Page, server: Server) -> None:
    tags = """<img src="{url}?{n}"><script src="{url}?{n}s"></script>
        <link rel="prefetch" href="{url}?{n}p"><object data="{url}?{n}o"></object>"""
    frames = """<iframe src="{url}?f"></iframe>
        <script>fetch("{url}", {{ mode: "no-cors", headers: {{ Accept: "text/html" }} }})</script>"""
    with another_site(
        "".join(tags.format(url=server.url, n=n) for n in range(12)) + frames.format(url=server.url)
    ) as address:
        warm = kernels(server)
        answers: list[int] = []
        page.on(
            "response",
            lambda response: response.url.startswith(server.url) and answers.append(response.status),
        )
        page.goto(address)
        page.wait_for_load_state("networkidle")
        assert len(answers) >= 12
        assert set(answers) == {403}
        assert kernels(server) == warm
    opened(page, server.url)


def test_a_learning_platform_that_is_named_can_embed_the_page(
    page: Page, serve_dashboard: Callable[..., Any]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    html = f'<iframe width="1300" height="700" src="http://127.0.0.1:{port}/"></iframe>'
    with (
        another_site(html) as named,
        another_site(html) as other,
        serve_dashboard("--port", str(port), "--frame-ancestors", named) as server,
    ):
        page.goto(named, wait_until="commit")
        expect(page.frame_locator("iframe").get_by_role("slider").first).to_be_visible(timeout=60_000)
        running = kernels(server)
        page.goto(other)
        expect(page.frame_locator("iframe").get_by_role("slider")).to_have_count(0)
        assert kernels(server) <= running


# ---------------------------------------------------------------- no answer

SILENT = "The Python kernel does not answer: it is busy, has stopped, or the connection is cut."
LOOK = 2500
"""Milliseconds between two looks of alive.ts whether its kernel answers."""


@pytest.fixture
def stopped(page: Page, dashboard: Dashboard) -> Iterator[Dashboard]:
    """A dashboard, in Voila and in JupyterLab, whose kernel is stopped, and the page's clock goes by hand;
    then a seed is typed.
    """
    expect(dashboard.message).to_contain_text("Trained 1000 epochs")
    page.clock.install()
    kernel = kernel_of(page)
    kernel.suspend()
    try:
        dashboard.type(dashboard.seed, 13)
        yield dashboard
    finally:
        kernel.resume()


def test_a_kernel_that_does_not_answer_is_named_and_taken_back_when_it_does(
    page: Page, stopped: Dashboard
) -> None:
    place = stopped.network.bounding_box()
    page.clock.run_for(6 * LOOK)
    expect(stopped.message).to_contain_text(SILENT)
    assert stopped.network.bounding_box() == place
    stopped.shows(trained(), 0)
    kernel_of(page).resume()
    expect(stopped.message).to_contain_text("Trained 1000 epochs")
    stopped.shows(trained(seed=13), 0)


def test_a_kernel_that_is_busy_for_some_seconds_raises_no_alarm(page: Page, stopped: Dashboard) -> None:
    page.clock.run_for(3 * LOOK)
    expect(stopped.message).to_contain_text("Trained 1000 epochs")
    kernel_of(page).resume()
    stopped.shows(trained(seed=13), 0)
    page.clock.run_for(6 * LOOK)
    expect(stopped.message).to_contain_text("Trained 1000 epochs")


def test_a_page_that_is_left_alone_asks_its_kernel_nothing(page: Page, voila: Dashboard) -> None:
    """So that a server that ends idle kernels, as Binder's, may do so."""
    page.evaluate("""() => {
        const send = WebSocket.prototype.send;
        window.asked = [];
        WebSocket.prototype.send = function (data) { window.asked.push(data); return send.call(this, data); };
    }""")
    page.clock.install()
    voila.slider.press("ArrowRight")
    page.clock.run_for(2 * LOOK)
    assert page.evaluate("window.asked.splice(0).length") > 0
    quiet = 0
    for _ in range(200):
        page.clock.run_for(LOOK)
        quiet = 0 if page.evaluate("window.asked.splice(0).length") else quiet + 1
        if quiet == 10:
            break
    assert quiet == 10


def test_a_frozen_link_is_named_within_seconds_and_taken_back(page: Page, wire: Wire) -> None:
    opened(page, wire.url)
    dashboard = ready(page)
    wire.freeze()
    dashboard.type(dashboard.seed, 13)
    expect(dashboard.message).to_contain_text(SILENT, timeout=20_000)
    expect(page.get_by_role("alert")).to_contain_text("The server does not answer", timeout=20_000)
    dashboard.shows(trained(), 0)
    wire.thaw()
    dashboard.shows(trained(seed=13), 0)
    expect(dashboard.message).to_contain_text("Trained 1000 epochs")
    expect(page.get_by_role("alert")).to_be_hidden(timeout=NOTICED)


# ---------------------------------------------------------------- a download that is cut


def begun(page: Page, url: str, epochs: int) -> Dashboard:
    """A dashboard of which the page takes a long CSV: some of it has come."""
    opened(page, url)
    dashboard = ready(page)
    dashboard.type(dashboard.epochs, epochs)
    expect(dashboard.message).to_contain_text(f"Trained {epochs} epochs", timeout=60_000)
    dashboard.button("Download CSV").click()
    expect(dashboard.message).to_contain_text("MB so far", timeout=60_000)
    return dashboard


def test_a_download_that_is_cut_goes_on_when_the_link_is_back(page: Page, wire: Wire) -> None:
    with page.expect_download(timeout=180_000) as download:
        dashboard = begun(page, wire.url, 40_000)
        wire.cut()
        expect(dashboard.message).to_contain_text(SILENT, timeout=20_000)
        wire.join()
    assert download.value.path().read_text(encoding="utf-8") == trained(epochs=40_000).to_csv()
    expect(dashboard.button("Stop export")).to_be_hidden()


def test_a_download_whose_kernel_is_killed_ends_and_nothing_is_saved(page: Page, server: Server) -> None:
    saved: list[Any] = []
    page.on("download", lambda file: saved.append(file))
    page.clock.install()
    dashboard = begun(page, server.url, 40_000)
    expect(dashboard.button("Stop export")).to_be_visible()
    kernel_of(page).kill()
    page.clock.run_for(30 * LOOK)
    expect(dashboard.message).to_contain_text(
        re.compile(r"^history_\S+\.csv was cut off at \d+ MB: .* Nothing of it is saved; ask for it again")
    )
    expect(dashboard.button("Stop export")).to_be_hidden()
    assert saved == []


# ---------------------------------------------------------------- what is too large for the page


def test_a_link_to_what_no_page_would_get_is_named_and_the_picture_keeps_its_words(
    page: Page, voila_url: str
) -> None:
    sockets: list[Any] = []
    page.on("websocket", lambda socket: sockets.append(socket))
    wide = ",".join(["0.5"] * 30)
    query = f"lesson=lecture&network={'-'.join(['30'] * 6)}&x={wide}&y={wide}&eta=0.001&decimals=6&seed=4"
    page.goto(f"{voila_url}?{query}", wait_until="commit")
    dashboard = ready(page)
    expect(dashboard.message).to_contain_text(
        "Not shown: the network 30-30-30-30-30-30 with 335 recorded epochs is too large", timeout=90_000
    )
    expect(dashboard.message).to_contain_text("The pictures still show η = 0.1, S = 3, 1000 epochs.")
    dashboard.shows(trained(), 0)
    expect(dashboard.seed).to_have_value("3")
    dashboard.type(dashboard.seed, 13)
    dashboard.shows(trained(seed=13), 0)
    assert len(sockets) == 1


def test_words_about_pictures_that_never_came_are_not_said_over_others(page: Page, voila_url: str) -> None:
    """The pictures of a training get lost; what the kernel says after it is about them."""
    said: list[str] = []

    def lose_pictures(here: WebSocketRoute) -> None:
        there = here.connect_to_server()

        def carry(message: str | bytes) -> None:
            text = message if isinstance(message, str) else message.decode(errors="replace")
            if "Not trained" in text:
                said.append(text)
            if not ('"reel"' in text and '"method": "update"' in text):
                here.send(message)

        there.on_message(carry)

    page.route_web_socket(re.compile("/channels"), lose_pictures)
    opened(page, voila_url)
    dashboard = ready(page)
    dashboard.type(dashboard.seed, 13)
    dashboard.type(dashboard.eta, 99)
    assert until(lambda: page.evaluate("1") and said)
    assert '"film": 2' in said[0]
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    expect(dashboard.message).to_contain_text("Trained 1000 epochs")
    dashboard.shows(trained(), 0)


def test_a_part_of_a_long_film_that_got_lost_is_asked_for_again(page: Page, voila_url: str) -> None:
    lost: list[str] = []

    def lose_a_part(here: WebSocketRoute) -> None:
        there = here.connect_to_server()

        def carry(message: str | bytes) -> None:
            text = message if isinstance(message, str) else message.decode(errors="replace")
            if '"kind": "part"' in text and not lost:
                lost.append(text)
            else:
                here.send(message)

        there.on_message(carry)

    page.route_web_socket(re.compile("/channels"), lose_a_part)
    opened(page, voila_url)
    dashboard = ready(page)
    dashboard.type(dashboard.epochs, 3000)
    dashboard.type(dashboard.eta, 0.001)
    expect(dashboard.message).to_contain_text("Trained 3000 epochs")
    dashboard.type(dashboard.typed, 1234)
    dashboard.shows(trained(epochs=3000, eta=0.001), 1234)
    assert len(lost) == 1


def test_steps_that_got_lost_are_asked_for_again_when_the_kernel_answers(page: Page, voila_url: str) -> None:
    """Nobody moves meanwhile: the look at the kernel alone finds out that they got lost."""
    lost: list[str] = []

    def lose_a_stretch(here: WebSocketRoute) -> None:
        there = here.connect_to_server()

        def carry(message: str | bytes) -> None:
            text = message if isinstance(message, str) else message.decode(errors="replace")
            if '"kind": "stretch"' in text and not lost:
                lost.append(text)
            else:
                here.send(message)

        there.on_message(carry)

    page.route_web_socket(re.compile("/channels"), lose_a_stretch)
    opened(page, f"{voila_url}?network=3-12-12-1&epochs=1000")
    dashboard = ready(page)
    expect(dashboard.message).to_contain_text("Trained 1000 epochs")
    dashboard.button("Step inside").click()
    assert until(lambda: page.evaluate("1") and lost)
    card = dashboard.root.locator(".film-steps")
    expect(card).to_contain_text("Step 1 of")
    expect(card).not_to_contain_text("…", timeout=NOTICED)
    card.get_by_role("combobox", name="Go to a step").select_option("H4")
    expect(card).not_to_contain_text("…")
