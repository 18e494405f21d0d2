"""The server under attack, and what a visitor is told when it cannot serve him. SECURITY.md names these tests
beside what they prove.
"""

import asyncio
import errno
import gzip
import json
import os
import re
import signal
import socket
import string
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit
from urllib.request import Request, urlopen

import ipywidgets as widgets
import psutil
import pytest
import websocket
from anywidget import AnyWidget
from conftest import Server, running
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from IPython.core.ultratb import AutoFormattedTB
from jupyter_server.services.kernels.connection.base import serialize_msg_to_ws_v1
from visitor import CONTROL, PROTOCOL, Connection, Visitor, answer, frame, status, until
from voila.request_info_handler import RequestInfoSocketHandler

from ann_dashboard.__main__ import origin
from ann_dashboard.dashboard import Dashboard
from ann_dashboard.dashboard.settable import SETTABLE
from ann_dashboard.serving import entry, gate, places, terminal
from ann_dashboard.serving.configuration import (
    LARGEST_MESSAGE,
    SERVER,
    SYSTEM,
    VISITOR,
    WARM_KERNELS,
    visitors_in,
)
from ann_dashboard.serving.kernels import Kernels
from ann_dashboard.serving.server import LONGEST_LINK, MOST_CONNECTIONS

SCRIPT = """
from ann_dashboard import serving
from ann_dashboard.serving import server
config = serving.configuration(most_visitors=2, warm_kernels={warm_kernels})
{changes}
notebook = str(serving.notebooks() / "dashboard.ipynb")
sockets = serving.listen("127.0.0.1", 0)
page = server.Server(sockets, open_browser=False, config=config, notebook_path=notebook)
page.initialize([])
page.start()
"""


def scripted(changes: str = "", warm_kernels: int = 0) -> Any:
    """Our server with other settings, as a context."""
    command = [sys.executable, "-c", SCRIPT.format(changes=changes, warm_kernels=warm_kernels)]
    return running(command, announces=r"is at (http://\S+)")


@pytest.fixture(scope="module")
def server(serve_dashboard: Callable[..., Any]) -> Iterator[Server]:
    """A server with places for all of this module's visitors."""
    with serve_dashboard("--most-visitors", "30") as started:
        yield started


@pytest.fixture(scope="module")
def visitor(server: Server) -> Iterator[Visitor]:
    visitor = Visitor(server.url)
    with visitor.connected():
        yield visitor


@pytest.fixture
def page(visitor: Visitor) -> Iterator[Connection]:
    """A page's connection, on which all is quiet."""
    with visitor.connected() as connection:
        connection.states()
        yield connection


def quick(connection: Connection) -> float:
    """Seconds until the kernel has told who it is: what comes before has been done, or dropped."""
    began = time.perf_counter()
    connection.until_idle(connection.send("kernel_info_request", {}))
    return time.perf_counter() - began


def ask_for_all_states(page: Connection, times: int) -> None:
    """Ask for half a megabyte, so many times, and read none of it."""
    comm = str(uuid.uuid4())
    page.send("comm_open", {"comm_id": comm, "target_name": CONTROL, "data": {}})
    for _ in range(times):
        page.send("comm_msg", {"comm_id": comm, "data": {"method": "request_states"}})


def memory(server: Server) -> float:
    """Resident memory of the server's own process in MiB."""
    return psutil.Process(server.process.pid).memory_info().rss / 2**20


def kernel_process(server: Server, kernel: str) -> psutil.Process:
    """The process of a kernel."""
    return next(
        child
        for child in psutil.Process(server.process.pid).children()
        if any(kernel in word for word in child.cmdline())
    )


def begin_of_answer(server: Server, line: str, *headers: str) -> bytes:
    """How the server's answer to a request begins."""
    place = urlsplit(server.url)
    with socket.create_connection((place.hostname, place.port), timeout=20) as connection:
        connection.sendall(
            "\r\n".join([f"{line} HTTP/1.1", f"Host: {place.netloc}", *headers, "", ""]).encode()
        )
        return connection.recv(4096)


# ---------------------------------------------------------------- as many visitors as there are places


FOLDERS = [
    "",
    "voila/",
    "voila/static/",
    "voila/templates/",
    "voila/templates/lab/static/",
    "voila/labextensions/",
    "api/",
    "api/kernels/",
]
PIECES = [
    "..",
    "%2e%2e",
    "%2f",
    "%00",
    "etc",
    "passwd",
    "lab",
    "static",
    "\\",
    "~",
    "dashboard.ipynb",
    ".git",
]


@pytest.fixture(scope="module")
def two_places(serve_dashboard: Callable[..., Any]) -> Iterator[Server]:
    with serve_dashboard("--most-visitors", "2") as started:
        yield started


def test_a_visitor_too_many_is_told_and_nobody_is_sent_away(two_places: Server) -> None:
    first, second = Visitor(two_places.url), Visitor(two_places.url)
    with first.connected() as page:
        states = page.states()
        code, headers, text = answer(two_places.url)
        assert code == 503
        assert 15 <= int(headers["Retry-After"]) <= 30
        assert f'http-equiv="refresh" content="{headers["Retry-After"]}"' in text
        assert "All 2 places are taken" in text
        assert "http:" not in text
        assert "https:" not in text
        assert second.lives()
        assert page.states() == states
    assert second.leave() == 204
    third = Visitor(two_places.url)
    assert (third.leave(), first.leave()) == (204, 204)


def test_visitors_who_come_at_once_get_no_more_places_than_there_are(two_places: Server) -> None:
    with ThreadPoolExecutor(8) as crowd:
        codes = list(crowd.map(status, [two_places.url] * 8))
    assert sorted(codes) == [200] * 2 + [503] * 6


@pytest.fixture(scope="module")
def full(serve_dashboard: Callable[..., Any]) -> Iterator[Server]:
    """A server whose only place is taken."""
    with serve_dashboard("--most-visitors", "1") as started, Visitor(started.url).connected():
        yield started


def test_whether_the_page_is_there_can_be_asked_without_taking_a_place(
    full: Server, serve_dashboard: Callable[..., Any]
) -> None:
    assert status(Request(full.url, method="HEAD")) == 503
    with serve_dashboard("--most-visitors", "1") as server:
        assert {status(Request(server.url, method="HEAD")) for _ in range(3)} == {200}
        assert status(Request(f"{server.url}nothing", method="HEAD")) == 404
        assert Visitor(server.url).lives()


def test_the_full_page_is_cheap(full: Server) -> None:
    began = time.perf_counter()
    assert {status(full.url) for _ in range(50)} == {503}
    assert time.perf_counter() - began < 10


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.text(max_size=200).map(lambda text: quote(text, safe="&=")),
        st.text(string.printable[:94], max_size=200),
    )
)
def test_no_query_makes_an_error(full: Server, query: str) -> None:
    """All places are taken: no query starts a kernel."""
    code, _, text = answer(f"{full.url}?{query.replace('#', '').replace(' ', '+')}", within=10)
    assert code in (503, 400)
    assert "Traceback" not in text


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(FOLDERS),
    st.one_of(
        st.text(min_size=1, max_size=60).map(lambda text: quote(text, safe="/")),
        st.lists(st.sampled_from(PIECES), min_size=1).map("/".join),
    ),
)
def test_no_path_gives_anything_or_makes_an_error(full: Server, folder: str, path: str) -> None:
    if not (folder + path).strip("/"):
        return
    code, _, text = answer(f"{full.url}{folder}{path}", within=10)
    assert code in (400, 403, 404, 503)
    assert "Traceback" not in text


@pytest.mark.parametrize(
    "query",
    [
        "template=nope&theme=nope",
        "%00=%ff",
        "a=" + "1" * 7998,
        "epoch=1&epoch=2&&=&;",
        "lesson=%3Cscript%3Ealert(1)%3C/script%3E",
        "%3Cscript%3Ealert(1)",
    ],
)
def test_a_strange_query_still_gets_the_page(server: Server, query: str) -> None:
    code, _, text = answer(f"{server.url}?{query}")
    assert code in (200, 400)
    assert "<script>alert" not in text
    assert "Traceback" not in text


@pytest.mark.parametrize("memory", [2**30, 4 * 2**30, 64 * 2**30])
def test_the_visitors_fit_into_the_memory(memory: int) -> None:
    """Beside the operating system, the server, and the kernels that wait for the next visitor."""
    assert 0 < (visitors_in(memory) + WARM_KERNELS) * VISITOR + SERVER <= memory * (1 - 1 / SYSTEM)
    assert 1 <= places() <= max(1, visitors_in(psutil.virtual_memory().total))


def test_readme_says_how_many_visitors_fit() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    gib, visitors = re.search(r"a server of (\d+) GiB lets (\d+) in", readme).groups()
    assert visitors_in(int(gib) * 2**30) == int(visitors)


def test_the_server_itself_needs_no_more_memory_than_is_counted_for_it(
    server: Server, page: Connection
) -> None:
    assert page.states()
    assert memory(server) < SERVER / 2**20


def test_a_visitor_needs_no_more_memory_than_is_counted_for_him(server: Server) -> None:
    """The longest trainings run beside the page, and so does the export of a film; the last training
    diverges.
    """
    visitor = Visitor(server.url)
    process, used = kernel_process(server, visitor.kernel), []
    with visitor.connected() as page:
        states = page.states()
        epochs = next(comm for comm, state in states.items() if state.get("description") == "Train epochs")
        eta = next(
            comm
            for comm, state in states.items()
            if str(state.get("tooltip")).startswith("Learning rate η, typed")
        )
        for comm, number, outcome in (
            (epochs, 100_000, "Trained 100000 epochs"),
            (epochs, 99_999, "Trained 99999 epochs"),
            (epochs, 99_998, "Trained 99998 epochs"),
            (epochs, 1000, "Trained 1000 epochs"),
            (eta, 3, "diverged at epoch 512"),
        ):
            page.set(comm, text=str(number))
            page.until_told(outcome)
            used.append(process.memory_full_info().uss)
            if number == 100_000:
                film = next(comm for comm, state in page.states().items() if "reel" in state)
                asked = {
                    "want": "file",
                    "film": page.states()[film]["reel"]["number"],
                    "frame": 1,
                    "request": "r",
                    "format": "gif",
                }
                page.send("comm_msg", {"comm_id": film, "data": {"method": "custom", "content": asked}})
                page.until_told("Exporting")
                while page.receive()[2].get("data", {}).get("content", {}).get("kind") != "file":
                    used.append(process.memory_full_info().uss)
    assert max(used) < VISITOR
    visitor.leave()


# ---------------------------------------------------------------- kernels come and go


SOON_ENDED = (
    "config.MappingKernelManager.cull_idle_timeout, config.MappingKernelManager.cull_interval = 12, 1"
)


def test_a_kernel_that_no_page_is_connected_to_is_ended_and_an_open_page_keeps_its_own() -> None:
    with scripted(SOON_ENDED) as server:
        there = Visitor(server.url)
        with there.connected() as page:
            page.states()
            never = Visitor(server.url)
            assert until(lambda: not never.lives())
            assert there.lives()
        with there.connected() as again:
            assert again.states()
        assert until(lambda: not there.lives())


def test_a_kernel_that_was_left_with_much_to_do_is_ended_too() -> None:
    with scripted(SOON_ENDED) as server:
        visitor = Visitor(server.url)
        with visitor.connected() as page:
            epochs = next(
                comm for comm, state in page.states().items() if state.get("description") == "Train epochs"
            )
            for number in range(60):
                page.set(epochs, text=str(90_000 + number))
        assert until(lambda: not visitor.lives())


def test_a_killed_kernel_stays_dead_and_gives_its_place_back() -> None:
    """Started anew it would know nothing of the page's widgets, and the page would not notice."""
    with scripted() as server:
        victim, other = Visitor(server.url), Visitor(server.url)
        kernel_process(server, victim.kernel).kill()
        assert until(lambda: not victim.lives(), within=20)
        assert other.lives()
        assert Visitor(server.url).lives()


def test_a_warm_kernel_that_has_died_is_given_to_nobody() -> None:
    with scripted(warm_kernels=1) as server:
        warm = next(iter(psutil.Process(server.process.pid).children()))
        warm.kill()
        assert until(
            lambda: warm.pid not in [child.pid for child in psutil.Process(server.process.pid).children()],
            within=20,
        )
        with Visitor(server.url).connected() as page:
            assert page.states()


def test_what_voila_keeps_of_a_request_is_forgotten_with_its_kernel() -> None:
    kernels = Kernels(most_visitors=1)
    kernels._kernels["k"] = object()
    RequestInfoSocketHandler.send_updates({"kernel_id": "k", "payload": {"QUERY_STRING": "x"}})
    assert "k" in RequestInfoSocketHandler._cache
    kernels.remove_kernel("k")
    assert "k" not in RequestInfoSocketHandler._cache


def test_a_kernel_that_ended_by_itself_is_not_ended_again() -> None:
    kernels = Kernels(most_visitors=1)
    kernels.notify_disconnect("k")
    asyncio.run(kernels.cull_kernel_if_idle("k"))
    assert kernels._met == {}


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such sockets")
def test_a_kernels_channels_are_on_no_port(server: Server, visitor: Visitor) -> None:
    """So nobody else reaches them, and no other program takes one while the kernel starts. What listens is
    ipykernel's ear for child processes.
    """
    listening = [
        one
        for one in kernel_process(server, visitor.kernel).net_connections("inet")
        if one.status == psutil.CONN_LISTEN
    ]
    assert [one.laddr.ip for one in listening] in ([], ["127.0.0.1"])


def test_without_warm_kernels_the_address_is_printed_and_a_visitor_is_served() -> None:
    with scripted(warm_kernels=0) as server:
        assert Visitor(server.url).lives()
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(30) == 0


# ---------------------------------------------------------------- what a page may send


@pytest.mark.parametrize(
    ("kind", "content", "channel"),
    [
        ("execute_request", {"code": "import os; os._exit(1)", "silent": False}, "shell"),
        ("execute_request", {"code": "import os; os._exit(1)", "silent": False}, "control"),
        ("complete_request", {"code": "im", "cursor_pos": 2}, "shell"),
        ("inspect_request", {"code": "print", "cursor_pos": 2, "detail_level": 1}, "shell"),
        ("history_request", {"hist_access_type": "tail", "n": 10}, "shell"),
        ("debug_request", {"type": "request", "command": "debugInfo"}, "control"),
        ("shutdown_request", {"restart": False}, "control"),
        ("shutdown_request", {"restart": False}, "shell"),
        ("interrupt_request", {}, "control"),
        ("input_reply", {"value": "x"}, "stdin"),
        (
            "comm_open",
            {
                "comm_id": "a",
                "target_name": "jupyter.widget",
                "data": {"state": {"_model_name": "TextModel"}},
            },
            "shell",
        ),
        ("comm_open", {"comm_id": "b", "target_name": "nonsense", "data": {}}, "shell"),
        ("comm_close", {"comm_id": "c", "data": {}}, "shell"),
        ("comm_msg", {"comm_id": "c", "data": {"method": "display"}}, "shell"),
        ("comm_msg", {"comm_id": "c", "data": []}, "shell"),
        ("kernel_info_request", {}, "control"),
    ],
)
def test_the_kernel_never_hears_what_a_page_of_widgets_does_not_need(
    page: Connection, kind: str, content: Any, channel: str
) -> None:
    refused = page.send(kind, content, channel=channel)
    asked = page.send("kernel_info_request", {})
    while True:
        answered, parent, told = page.receive()
        assert parent != refused
        if answered == "status" and parent == asked and told["execution_state"] == "idle":
            return


def test_a_page_cannot_close_the_dashboards_widgets(page: Connection) -> None:
    states = page.states()
    for comm in states:
        page.send("comm_close", {"comm_id": comm, "data": {}})
    assert page.states().keys() == states.keys()


def test_thousands_of_widgets_cannot_be_made(page: Connection) -> None:
    before = page.states().keys()
    controls = [str(uuid.uuid4()) for _ in range(60)]
    for comm in controls:
        page.send(
            "comm_open",
            {
                "comm_id": comm[::-1],
                "target_name": "jupyter.widget",
                "data": {"state": {"_model_name": "TextModel"}},
            },
        )
        page.send("comm_open", {"comm_id": comm, "target_name": CONTROL, "data": {}})
    for comm in controls:
        page.send("comm_close", {"comm_id": comm, "data": {}})
    assert page.states().keys() == before


def offsets(*numbers: int) -> bytes:
    return b"".join(number.to_bytes(8, "little") for number in numbers)


GOOD = frame("kernel_info_request", {})


def custom(content: Any) -> bytes:
    """A message for a widget that holds this."""
    return frame("comm_msg", {"comm_id": "c", "data": {"method": "custom", "content": content}})


def written(json_text: bytes) -> bytes:
    """The same with any text in the place of the content's JSON."""
    channel, header, parent, metadata, content, *_ = gate.parts(custom("here"))
    return serialize_msg_to_ws_v1(
        [header, parent, metadata, content.replace(b'"here"', json_text)], channel.decode()
    )


BAD = {
    "nothing": b"",
    "2^60 offsets": offsets(2**60) + GOOD[8:],
    "offsets beyond the end": offsets(6, 56, 2**40, 2**41, 2**42, 2**43, 2**44) + GOOD[56:],
    "offsets backwards": offsets(6, 56, 40, 30, 20, 10, 0) + GOOD[56:],
    "no JSON": offsets(6, 56, 61, 62, 63, 64, 65) + b"shell{{{{",
    "no header": frame("comm_msg", {}).replace(b"msg_type", b"msg_tipe"),
    "large text": frame("comm_msg", {"data": "x" * (gate.LARGEST_TEXT + 1)}),
    "more than the largest message": frame(
        "comm_msg", {"comm_id": "c", "data": {"method": "custom"}}, buffers=(bytes(LARGEST_MESSAGE + 1),)
    ),
    "many buffers": frame(
        "comm_msg", {"comm_id": "c", "data": {"method": "custom"}}, buffers=(b"x",) * (gate.MOST_BUFFERS + 1)
    ),
    "half a letter": custom("\ud800"),
    "half a letter as a name": custom({"\udfff": 1}),
    "half a letter as a comm": frame("comm_msg", {"comm_id": "\ud800", "data": {"method": "request_state"}}),
    "half a letter as a message's name": frame("kernel_info_request", {}, name="\ud800"),
    "escape codes in a message's name": frame(
        "kernel_info_request", {}, name="\x1b[2J\nann_dashboard is at http://elsewhere.example/"
    ),
    "an endless name of a message": frame("kernel_info_request", {}, name="m" * 65),
    "NaN": custom(float("nan")),
    "Infinity": custom(float("inf")),
    "1e999": written(b"1e999"),
    "many digits": custom(10**30),
    "too many digits for Python": written(b"9" * 5000),
    "a value named twice": written(b'{"a": 1, "a": 2}'),
    "a long string": custom("x" * (gate.LONGEST_STRING + 1)),
    "nested": custom(json.loads("[" * 20 + "]" * 20)),
}


@pytest.mark.parametrize(
    "content",
    ["x" * gate.LONGEST_STRING, -(10**20), 1.7e308, "e\u0301 \U0001f600 \x1b", [[[["1"]]]], {"": None}],
    ids=lambda content: ascii(content)[:20],
)
def test_what_a_browser_writes_is_a_message(content: Any) -> None:
    asked = gate.message(custom(content))
    passed = gate.Gate().let_through(asked)
    assert gate.message(passed).content == {"comm_id": "c", "data": {"method": "custom", "content": content}}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_message_ends_the_connection_and_nothing_else(
    server: Server, visitor: Visitor, name: str
) -> None:
    with visitor.connected() as page:
        with suppress(ConnectionError):  # already ended
            page.socket.send_binary(BAD[name])
        assert page.is_closed()
    with visitor.connected() as page:
        assert page.states()
    assert memory(server) < 400


def test_text_instead_of_bytes_ends_the_connection(visitor: Visitor) -> None:
    with visitor.connected() as page:
        page.socket.send("{}")
        assert page.is_closed()


@pytest.mark.parametrize("name", ["{widget}", "c", "", "0" * 32, "00000000-0000-0000-0000-00000000000G"])
def test_a_comm_that_a_page_opens_takes_no_widgets_name(page: Connection, name: str) -> None:
    states = page.states()
    film = next(comm for comm, state in states.items() if "reel" in state)
    page.send("comm_open", {"comm_id": name.format(widget=film), "target_name": CONTROL, "data": {}})
    page.until_idle(page.set(film, frame=2))
    assert page.states()[film]["frame"] == 2
    assert all(re.fullmatch("[0-9a-f]{32}", comm) for comm in states), (
        "a page may open comms whose names have dashes"
    )


RICH = {
    "comm_id": "c",
    "data": {"method": "update", "state": {"value": 1}, "buffer_paths": [["__class__", 0], [], ["a"] * 50]},
    "target_module": "os",
}


def test_the_kernel_gets_nothing_of_a_message_but_what_a_page_needs() -> None:
    """Metadata, a parent, buffers and their paths among them; what is between the lines is written anew."""
    sent = frame("comm_msg", RICH, name="m", buffers=(b"x", b"y"))
    passed = gate.Gate().let_through(gate.message(sent))
    _, header, parent, metadata, content, *buffers = gate.parts(passed)
    assert json.loads(content) == {
        "comm_id": "c",
        "data": {"method": "update", "state": {"value": 1}, "buffer_paths": []},
    }
    assert json.loads(header).keys() == {"msg_id", "msg_type", "session", "username", "version", "date"}
    assert (json.loads(parent), json.loads(metadata), buffers) == ({}, {"version": "1.0.0"}, [])


@given(
    st.one_of(
        st.binary(max_size=300),
        st.binary(max_size=200).map(lambda tail: GOOD[:56] + tail),
        st.text(max_size=50),
    )
)
def test_reading_a_message_gives_a_message_or_a_value_error(sent: bytes | str) -> None:
    with suppress(ValueError):
        assert isinstance(gate.message(sent), gate.Message)


def test_deeply_nested_json_is_a_value_error() -> None:
    pieces = [b"shell", *gate.parts(GOOD)[1:4], b"[" * 200_000]
    places_ = [8 * 7 + sum(map(len, pieces[:count])) for count in range(6)]
    with pytest.raises(ValueError, match="nested"):
        gate.message(offsets(6, *places_) + b"".join(pieces))


def test_a_file_of_5_mb_gets_through(page: Connection) -> None:
    film = next(comm for comm, state in page.states().items() if "reel" in state)
    page.until_idle(
        page.send(
            "comm_msg",
            {"comm_id": film, "data": {"method": "custom", "content": {}}},
            buffers=(bytes(5 * 2**20),),
        )
    )


def test_a_flood_slows_only_the_one_who_sends_it(server: Server, page: Connection) -> None:
    other = Visitor(server.url)
    with other.connected() as beside:
        beside.states()
        began = time.perf_counter()
        for _ in range(200):
            page.send("execute_request", {"code": "1"})
        slowest = max(quick(beside) for _ in range(5))
        quick(page)
        assert time.perf_counter() - began > (200 - gate.AT_ONCE) / gate.A_SECOND - 0.5
        assert slowest < 5
    other.leave()


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 2**20)), min_size=1, max_size=300))
def test_what_passes_keeps_to_the_pace(sent: list[tuple[float, int]]) -> None:
    pace, now, arrivals = gate.Pace(), 0.0, []
    for pause, size in sent:
        now += pause
        now += pace.wait(size, now)
        arrivals.append((now, 1 + size // 2**16))
    for first, (began, _) in enumerate(arrivals):
        passed = [cost for _, cost in arrivals[first + 1 :]]
        assert sum(passed) <= gate.AT_ONCE + gate.A_SECOND * (arrivals[-1][0] - began) + 1e-6


@pytest.mark.parametrize("connections", [1, MOST_CONNECTIONS])
def test_a_page_that_does_not_read_is_cut_off_before_the_server_grows(
    server: Server, connections: int
) -> None:
    deaf = Visitor(server.url)
    before, said, used = memory(server), len(server.printed), []

    def is_cut_off() -> bool:
        used.append(memory(server))
        return json.loads(answer(f"{server.url}api/kernels/{deaf.kernel}")[2])["connections"] == 0

    with ExitStack() as wires:
        small = [(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)]
        first, *_ = [wires.enter_context(closing(deaf.connection(sockopt=small))) for _ in range(connections)]
        with suppress(ConnectionError, websocket.WebSocketException):
            ask_for_all_states(Connection(first), 1000)
        assert until(is_cut_off)
    assert max(used) - before < 100
    deaf.leave()
    assert len(server.printed) - said < 10


def test_a_kernel_that_says_too_much_while_its_page_is_away_is_ended() -> None:
    with scripted("from ann_dashboard.serving import kernels\nkernels.MOST_UNREAD = 2 * 2**20") as server:
        away, quiet = Visitor(server.url), Visitor(server.url)
        for visitor, asked in ((quiet, 2), (away, 40)):
            with visitor.connected() as page:
                ask_for_all_states(page, asked)
                while page.receive()[0] != "comm_msg":
                    pass
        assert until(lambda: not away.lives(), within=30)
        assert quiet.lives()


def test_a_page_cannot_fill_the_memory_with_what_waits_for_its_kernel() -> None:
    """Uploads on several connections, as fast as the server reads, to a kernel that is stopped; then it goes
    on, and takes them all.
    """
    unpaced = "from ann_dashboard.serving import gate\ngate.A_SECOND = gate.AT_ONCE = 10**6"
    upload = {"comm_id": "nobody", "data": {"method": "custom", "content": {}}}
    with scripted(unpaced) as server, ExitStack() as wires:
        visitor = Visitor(server.url)
        kernel = kernel_process(server, visitor.kernel)
        pages = [wires.enter_context(visitor.connected()) for _ in range(3)]
        pages[0].states()
        used, served = kernel.memory_info().rss / 2**20, memory(server)
        kernel.suspend()
        with ThreadPoolExecutor(len(pages)) as senders:
            sent = [
                senders.submit(page.send, "comm_msg", upload, buffers=(bytes(7 * 2**20),))
                for page in pages
                for _ in range(10)
            ]
            wait(sent, timeout=10)
            grown = memory(server) - served
            kernel.resume()
        most = 0.0
        for page in pages:
            page.until_idle(page.send("kernel_info_request", {}))
            most = max(most, kernel.memory_info().rss / 2**20 - used)
        assert all(message.exception() is None for message in sent)
    assert grown < 100
    assert most < 100


def test_what_waits_for_a_page_that_left_holds_up_nobody() -> None:
    """A connection that closes while it waits for the kernel is never told that it is done."""
    upload = {"comm_id": "nobody", "data": {"method": "custom", "content": {}}}
    with scripted() as server:
        visitor = Visitor(server.url)
        kernel = kernel_process(server, visitor.kernel)
        with visitor.connected() as page:
            page.states()
            kernel.suspend()
            for _ in range(2):
                page.send("comm_msg", upload, buffers=(bytes(6 * 2**20),))
            page.send("comm_msg", upload)
        kernel.resume()
        with visitor.connected() as page:
            assert page.states()


@given(st.lists(st.integers(0, 2**23)))
def test_a_kernel_is_given_no_more_before_some_of_it_is_done(sizes: list[int]) -> None:
    backlog, asked = gate.Backlog(), 0
    for size in sizes:
        if backlog.is_full():
            backlog.done(asked)
            backlog.done(backlog.given)
            assert not backlog.is_full()
        asked = backlog.given
        backlog.give(size)
        assert backlog.is_full() == (backlog.given - backlog._done > gate.MOST_AHEAD)


def test_a_page_cannot_fill_the_memory_with_values(server: Server) -> None:
    """Every text of every widget, as long as the gate lets through; then all states are asked for, on three
    connections that read nothing.
    """
    visitor = Visitor(server.url)
    kernel = kernel_process(server, visitor.kernel)
    with visitor.connected() as page, visitor.connected() as second, visitor.connected() as third:
        before = page.states()
        used, served = kernel.memory_info().rss, memory(server)
        texts = {
            comm: [name for name, value in state.items() if isinstance(value, str | None)]
            for comm, state in before.items()
        }
        for comm, names in list(texts.items())[::4]:
            page.until_idle(page.set(comm, **dict.fromkeys(names[:12], "x" * gate.LONGEST_STRING)))
        assert page.states() == before
        for wire in (second, third):
            ask_for_all_states(wire, 20)
        assert page.states() == before
        assert quick(page) < 5
    assert kernel.memory_info().rss - used < 60 * 2**20
    assert memory(server) - served < 100
    visitor.leave()


def test_what_a_page_may_not_set_stays_and_is_told(page: Connection) -> None:
    """The layouts, the styles, the words and the limits of every widget; and values of other kinds."""
    states = page.states()
    slider = next(comm for comm, state in states.items() if state["_model_name"] == "FloatLogSliderModel")
    layout = states[slider]["layout"].removeprefix("IPY_MODEL_")
    film = next(comm for comm, state in states.items() if "reel" in state)
    html = next(comm for comm, state in states.items() if state["_model_name"] == "HTMLModel")
    several = next(comm for comm, state in states.items() if state["_model_name"] == "SelectMultipleModel")
    for comm, values in (
        (layout, {"width": "1px"}),
        (slider, {"min": -300, "tooltip": "x", "layout": "x", "_view_name": "x", "_dom_classes": ["x"]}),
        (slider, {"value": "x" * 5000}),
        (film, {"reel": {}, "message": "x", "_esm": "alert(1)", "pictures": []}),
        (html, {"value": "<b>x</b>"}),
        (several, {"index": [0] * 40_000, "_options_labels": ["x"]}),
    ):
        answers = page.until_idle(page.set(comm, **values))
        told = [
            content["data"]["state"]
            for kind, content in answers
            if kind == "comm_msg" and content["data"]["method"] == "update"
        ]
        for name in values:
            assert [state[name] for state in told if name in state] == [states[comm][name]]
    assert page.states() == states


def test_a_list_of_options_keeps_a_chosen_one(server: Server, page: Connection) -> None:
    """Without one its value is None, with which nothing can be trained or drawn."""
    said, states = len(server.printed), page.states()
    lists = {comm: state for comm, state in states.items() if state["_model_name"] == "DropdownModel"}
    assert len(lists) > 10
    for comm in lists:
        page.until_idle(page.set(comm, index=None))
    assert page.states() == states
    assert not [line for line in server.printed[said:] if "failed" in line]


def test_what_a_control_sets_is_taken(page: Connection) -> None:
    states = page.states()
    film = next(comm for comm, state in states.items() if "reel" in state)
    sign = next(comm for comm, state in states.items() if state.get("description") == "Derivatives")
    page.until_idle(page.set(film, frame=3, stepping=True, layers=["weights"]))
    page.until_idle(page.set(sign, index=1))
    now = page.states()
    assert (now[film]["frame"], now[film]["stepping"], now[film]["layers"], now[sign]["index"]) == (
        3,
        True,
        ["weights"],
        1,
    )
    for comm in (film, sign):
        page.until_idle(
            page.set(
                comm,
                **{
                    name: states[comm][name]
                    for name in ("frame", "stepping", "layers", "index")
                    if name in states[comm]
                },
            )
        )


def test_every_value_that_a_page_sets_may_be_set() -> None:
    """What our scripts set is in the table, and so is every kind of control that the dashboard has."""
    modules = (Path(__file__).parents[2] / "ann_dashboard/frontend/src").glob("*.ts")
    scripts = "".join(path.read_text(encoding="utf-8") for path in modules)
    ours = set(re.findall(r"model\.set\(\"(\w+)\"", scripts))
    assert ours == {name for kind, names in SETTABLE.items() if issubclass(kind, AnyWidget) for name in names}
    shown = {widgets.HTML, widgets.Label, widgets.FloatProgress, widgets.Button, widgets.Box}
    kinds = {type(widget) for widget in all_inside(Dashboard())}
    assert [kind for kind in kinds if not {*kind.__mro__} & (shown | SETTABLE.keys())] == []


def all_inside(widget: widgets.Widget) -> Iterator[widgets.Widget]:
    """A widget and all that lie in it."""
    yield widget
    for child in getattr(widget, "children", ()):
        yield from all_inside(child)


def test_a_message_too_large_for_the_server_is_not_read() -> None:
    """All states are larger than what the server is told to take here."""
    with scripted("from ann_dashboard.serving import kernels\nkernels.MOST_UNREAD = 100 * 2**10") as server:
        visitor = Visitor(server.url)
        with visitor.connected() as page:
            quick(page)
            ask_for_all_states(page, 5)
            assert until(lambda: answers(visitor))
            page.socket.settimeout(2)
            with pytest.raises(websocket.WebSocketTimeoutException):
                await_states(page)


def await_states(page: Connection) -> None:
    """Read until the states of all widgets come."""
    while "states" not in page.receive()[2].get("data", {}):
        pass


def answers(visitor: Visitor) -> bool:
    """Whether a new connection to a kernel gets its answer within some seconds."""
    with suppress(websocket.WebSocketTimeoutException), visitor.connected() as page:
        page.socket.settimeout(5)
        return quick(page) < 5
    return False


def eta_box(states: dict[str, dict[str, Any]]) -> str:
    """The name of the box in which the learning rate is typed, of all widgets' states."""
    tooltips = {comm: str(state.get("tooltip")) for comm, state in states.items()}
    return next(comm for comm, tooltip in tooltips.items() if tooltip.startswith("Learning rate η, typed"))


def test_no_traceback_reaches_a_page(page: Connection) -> None:
    states = page.states()
    number = eta_box(states)
    film = next(comm for comm, state in states.items() if "reel" in state)
    for comm, values in (
        (number, {"text": "x"}),
        (number, {"text": 3}),
        (number, {"text": "9" * 10_000}),
        (number, {"steps": 10**20}),  # more digits do not pass the gate
        (film, {"frame": "x"}),
        (film, {"layers": 3}),
        ("nobody", {"value": 1}),
    ):
        for kind, content in page.until_idle(page.set(comm, **values)):
            assert kind in gate.ANSWERS
            assert "Traceback" not in str(content)
    assert page.states().keys() == states.keys()


# ---------------------------------------------------------------- the lecturer's terminal

FORGED = "\x1b[2J\x1b]0;title\x07\r\nann_dashboard is at http://elsewhere.example/\u202e\x9b31m"


@given(st.one_of(st.text(), st.text(alphabet="\x1b[31m\n\r\x00\u202e\u2028a")))
def test_a_line_of_the_terminal_is_one_line_of_printable_letters(text: str) -> None:
    assert terminal.clean(text).isprintable()
    assert len(terminal.clean(text * 1000)) < terminal.LONGEST_LINE + 60
    assert terminal.clean(terminal.clean(text)) == terminal.clean(text)


def test_what_a_client_says_reaches_the_terminal_as_one_clean_line() -> None:
    with scripted() as server:
        said = len(server.printed)
        place = urlsplit(server.url)
        for head in (
            f"GET /%1b[31m{FORGED} HTTP/1.1\r\nHost: {place.netloc}\r\n\r\n",
            f"GET /\x1b[31mred\x07 HTTP/1.1\r\nHost: {place.netloc}\r\n\r\n",
            f"FOO\x1b[31m /x?\x1b[31mred HTTP/1.1\r\nHost: {place.netloc}\r\n"
            f"User-Agent: \x1b[31m{'u' * 2000}\r\n\r\n",
            f"GET /{'long' * 2000} HTTP/1.1\r\nHost: {place.netloc}\r\n\r\n",
            f"GET /api/kernels/x/channels?session_id=\x1b[31mred HTTP/1.1\r\nHost: {place.netloc}\r\n\r\n",
        ):
            with socket.create_connection((place.hostname, place.port), timeout=20) as wire:
                wire.sendall(head.encode())
                wire.shutdown(socket.SHUT_WR)
                while wire.recv(4096):
                    pass
        with Visitor(server.url).connected() as page:
            number = eta_box(page.states())
            page.until_idle(page.set(number, steps=FORGED))
            page.until_idle(page.set("nobody", value=1))
        assert until(lambda: "A page may not set steps" in "".join(server.printed[said:]))
        for line in server.printed[said:]:
            assert line.removesuffix("\n").isprintable()
            assert len(line) < terminal.LONGEST_LINE + 60
            assert not line.startswith("ann_dashboard is at")


def test_the_terminal_gets_so_many_lines_a_minute_and_the_number_of_the_others() -> None:
    """Strange addresses, and values that are refused; a minute has five seconds here."""
    changes = "from ann_dashboard.serving import terminal\nterminal.MOST_LINES, terminal.MINUTE = 20, 5000"
    with scripted(changes) as server:
        said = len(server.printed)
        visitor = Visitor(server.url)
        for _ in range(40):
            status(f"{server.url}nothing")
        with visitor.connected() as page:
            number = eta_box(page.states())
            for _ in range(40):
                page.until_idle(page.set(number, steps="x" * 900))
        assert until(
            lambda: (
                sum(map(int, re.findall(r"(\d+) more lines were left out", "".join(server.printed)))) >= 20
            )
        )
        lines = "".join(server.printed[said:])
        minutes = re.split(r"(\d+) more lines were left out.*\n", lines)
        assert max(minute.count("\n") for minute in minutes[::2]) <= 20
        assert lines.count("\n") + sum(map(int, minutes[1::2])) >= 80
        assert "x" * 100 not in lines


def test_a_dashboard_that_fails_is_one_line_that_says_where() -> None:
    def fails() -> None:
        raise ValueError(f"η{FORGED}")

    try:
        fails()
    except ValueError as error:
        told = AutoFormattedTB(mode="Context").structured_traceback(type(error), error, error.__traceback__)
    line = gate.failure(frame("error", {"ename": "ValueError", "evalue": f"η{FORGED}", "traceback": told}))
    assert re.fullmatch(
        r"ValueError: η.* \(test_serving.py:\d+ in fails < "
        r"test_serving.py:\d+ in test_a_dashboard_that_fails\w+\)",
        terminal.clean(line),
    )


# ---------------------------------------------------------------- other visitors, other sites, strange
# requests


@pytest.mark.parametrize(
    "path",
    [
        "api/kernels",
        "api/sessions",
        "api/contents",
        "api/status",
        "api/me",
        "login",
        "voila/query/0-0-0-0-0",
        "metrics",
    ],
)
def test_nothing_lists_the_other_visitors(server: Server, path: str) -> None:
    assert status(server.url + path) == 404


def test_a_kernel_that_is_guessed_is_not_there(visitor: Visitor) -> None:
    url, guess = visitor.url, uuid.uuid4()
    assert status(f"{url}api/kernels/{guess}") == 404
    assert status(Request(f"{url}voila/api/shutdown/{guess}", method="POST")) == 404
    with pytest.raises(websocket.WebSocketBadStatusException, match="404"):
        websocket.create_connection(
            f"{url.replace('http', 'ws', 1)}api/kernels/{guess}/channels?session_id=s",
            subprotocols=[PROTOCOL],
        )
    assert len(visitor.kernel) == 36
    assert uuid.UUID(visitor.kernel).version == 4


@pytest.mark.parametrize("method", ["DELETE", "POST", "PUT", "PATCH", "OPTIONS"])
def test_the_address_of_a_kernel_only_tells_whether_it_lives(visitor: Visitor, method: str) -> None:
    assert status(
        Request(
            f"{visitor.url}api/kernels/{visitor.kernel}",
            method=method,
            data=b"{}" if method != "OPTIONS" else None,
        )
    ) in (403, 405)
    assert visitor.lives()


def test_another_site_reaches_nothing(visitor: Visitor) -> None:
    foreign = {"Origin": "http://elsewhere.example", "Referer": "http://elsewhere.example/"}
    with pytest.raises(websocket.WebSocketBadStatusException, match="403"):
        visitor.connection(origin="http://elsewhere.example")
    assert (
        status(Request(f"{visitor.url}voila/api/shutdown/{visitor.kernel}", headers=foreign, method="POST"))
        == 404
    )
    code, headers, _ = answer(Request(f"{visitor.url}api/kernels/{visitor.kernel}", headers=foreign))
    assert code == 404
    assert not [name for name in headers if name.startswith("Access-Control")]
    assert visitor.lives()


PATHS = [
    "",
    "voila/static/voila.js",
    "voila/templates/lab/static/index.css",
    "nothing",
    "api/kernels/{kernel}",
]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_headers(visitor: Visitor, path: str) -> None:
    _, headers, _ = answer(visitor.url + path.format(kernel=visitor.kernel))
    policy = headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy
    assert "connect-src 'self'" in policy
    assert "unsafe-eval" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert not [name for name in headers if name.startswith("Access-Control")]


@pytest.mark.parametrize(
    "path", [*PATHS, "api/kernels/{kernel}/channels?session_id=s", "voila/api/shutdown/{kernel}"]
)
@pytest.mark.parametrize(
    "host",
    [
        "elsewhere.example",
        "elsewhere.example:80",
        "127.0.0.1.elsewhere.example",
        "localhost.example",
        "[::1",
        "1",
    ],
)
def test_a_name_that_is_not_the_servers_gets_nothing(visitor: Visitor, host: str, path: str) -> None:
    """A site that points its own name at this computer could pass for the page in its visitors' browsers (DNS
    rebinding).
    """
    code, headers, text = answer(
        Request(visitor.url + path.format(kernel=visitor.kernel), headers={"Host": host})
    )
    assert code == 403
    assert "--allowed-host" in text
    assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]
    assert visitor.lives()


def test_a_websocket_under_a_name_that_is_not_the_servers_is_refused(visitor: Visitor) -> None:
    with pytest.raises(websocket.WebSocketBadStatusException, match="403"):
        visitor.connection(host="elsewhere.example", origin="http://elsewhere.example")


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "[::1]:80", "192.168.1.7:8000", "localhost", "LOCALHOST.", "{name}", "{name}.local:8866"],
)
def test_the_servers_own_names_and_addresses_get_the_page(server: Server, host: str) -> None:
    assert (
        status(Request(server.url, headers={"Host": host.format(name=socket.gethostname())}, method="HEAD"))
        == 200
    )


def test_more_names_and_sites_that_embed_the_page_can_be_allowed(serve_dashboard: Callable[..., Any]) -> None:
    options = (
        "--allowed-host",
        "Dash.example.edu",
        "--frame-ancestors",
        "https://moodle.example.edu/",
        "--frame-ancestors",
        "http://*.lan:8080",
    )
    with serve_dashboard(*options, "--allowed-host", "other") as server:
        for host, code in (("dash.example.edu", 200), ("other:443", 200), ("example.edu", 403)):
            assert status(Request(server.url, headers={"Host": host}, method="HEAD")) == code
        _, headers, _ = answer(Request(server.url, method="HEAD"))
        assert headers["Content-Security-Policy"].endswith(
            "frame-ancestors 'self' https://moodle.example.edu http://*.lan:8080"
        )
        assert "X-Frame-Options" not in headers
        embedded = NAVIGATION | {"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": "cross-site"}
        assert (
            status(Request(server.url, headers=embedded | {"Referer": "https://elsewhere.example/"})) == 403
        )
        assert (
            status(Request(server.url, headers=embedded | {"Referer": "https://moodle.example.edu/"})) == 200
        )


NAVIGATION = {
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Dest": "document",
    "Sec-Fetch-Site": "cross-site",
    "Accept": "text/html,*/*;q=0.8",
}
NOT_OPENED = {
    "picture": {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image", "Accept": "image/*,*/*;q=0.8"},
    "script": {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "script", "Accept": "*/*"},
    "fetch that says it wants a page": {
        "Sec-Fetch-Mode": "no-cors",
        "Sec-Fetch-Dest": "empty",
        "Accept": "text/html",
    },
    "prefetch": NAVIGATION | {"Sec-Purpose": "prefetch"},
    "prerender": NAVIGATION | {"Sec-Purpose": "prefetch;prerender"},
    "preview": NAVIGATION | {"Purpose": "preview"},
    "old prefetch": NAVIGATION | {"X-Moz": "prefetch"},
    "frame": NAVIGATION | {"Sec-Fetch-Dest": "iframe"},
    "frame of a site beside it": NAVIGATION
    | {"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": "same-site", "Referer": "http://localhost:1/"},
    "object": NAVIGATION | {"Sec-Fetch-Dest": "object"},
    "picture over plain http": {"Accept": "image/avif,image/webp,image/*,*/*;q=0.8"},
    "script over plain http": {"Accept": "*/*"},
}


@pytest.mark.parametrize("name", NOT_OPENED)
def test_what_is_not_a_person_opening_the_page_starts_no_kernel(server: Server, name: str) -> None:
    code, headers, text = answer(Request(server.url, headers=NOT_OPENED[name]))
    assert (code, headers["Cache-Control"]) == (403, "no-store")
    assert "Open its address in a browser" in text
    assert "kernelId" not in text


@pytest.mark.parametrize(
    ("said", "embedders"),
    [
        (NAVIGATION, ()),
        ({}, ()),
        ({"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}, ()),
        (NAVIGATION | {"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": "same-origin"}, ()),
        (
            NAVIGATION | {"Sec-Fetch-Dest": "iframe", "Referer": "https://moodle.example.edu/"},
            ["https://moodle.example.edu"],
        ),
        (
            NAVIGATION | {"Sec-Fetch-Dest": "iframe", "Referer": "https://a.b.example.edu/"},
            ["https://*.example.edu"],
        ),
        (NAVIGATION | {"Sec-Fetch-Dest": "iframe"}, ["https://moodle.example.edu"]),
    ],
)
def test_a_person_who_opens_the_page_gets_it(said: dict[str, str], embedders: list[str]) -> None:
    assert entry.is_opened(said, embedders)


@pytest.mark.parametrize(
    "around",
    ["https://moodle.example.edu.elsewhere.example/", "http://moodle.example.edu/", "https://example.edu/"],
)
def test_a_site_that_may_not_embed_the_page_gets_none(around: str) -> None:
    said = NAVIGATION | {"Sec-Fetch-Dest": "iframe", "Referer": around}
    assert not entry.is_opened(said, ["https://moodle.example.edu", "https://*.example.edu"])


def test_a_place_that_nobody_connects_to_is_soon_free_and_a_slow_page_keeps_its_own() -> None:
    """The slow page asks for its kernel while its scripts load, as watch.js does."""
    with scripted(
        "config.Kernels.first_timeout, config.MappingKernelManager.cull_interval = 10, 1"
    ) as server:
        never, slow = Visitor(server.url), Visitor(server.url)
        came = time.monotonic()
        assert until(lambda: slow.lives() and time.monotonic() - came > 20)
        assert not never.lives()
        with slow.connected() as page:
            assert page.states()


def test_a_link_that_is_too_long_is_told_so(server: Server) -> None:
    for letters in (8001, 40_000):
        code, _, text = answer(f"{server.url}?lesson=xor&x={'1' * (letters - 13)}")
        assert code == 414
        assert "This link is too long" in text
        assert f"It has {letters} characters" in text
        assert f"at most {LONGEST_LINK}" in text
        assert 'href="/"' in text


def test_a_link_that_is_too_long_for_a_dashboard_elsewhere_is_told_so() -> None:
    """On Binder and JupyterHub another server brings the link."""
    dashboard = Dashboard()
    dashboard.open_link(f"?lesson=xor&x={'1' * LONGEST_LINK}")
    assert dashboard.film.message.startswith(
        f"The link was not opened: it has {LONGEST_LINK + 14} letters, more than {LONGEST_LINK}."
    )
    assert dashboard.state.lesson == "lecture"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux sets the limits of another process")
def test_a_server_without_room_for_a_kernel_says_why() -> None:
    """No file may be written any more, as on a full disk."""
    with scripted() as server:
        psutil.Process(server.process.pid).rlimit(psutil.RLIMIT_FSIZE, (0, 0))
        said = len(server.printed)
        for _ in range(3):
            code, _, text = answer(server.url)
            assert code == 503
            assert "The dashboard cannot be started" in text
            assert os.strerror(errno.EFBIG) in text
            assert "refresh" not in text
        assert until(lambda: "".join(server.printed[said:]).count(os.strerror(errno.EFBIG)) == 3)
        assert len(server.printed) - said <= 6


@pytest.mark.skipif(os.name != "posix", reason="the limit is set by a shell of Unix")
def test_a_server_that_can_write_no_file_at_all_does_not_start_and_says_why() -> None:
    command = [
        "sh",
        "-c",
        'ulimit -f 0; exec "$@"',
        "sh",
        sys.executable,
        "-m",
        "ann_dashboard",
        "--no-browser",
    ]
    told = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert told.returncode == 2
    assert told.stderr.startswith("ann-dashboard cannot start: ")
    assert "Traceback" not in told.stderr


SCRIPTS = [
    "voila/static/voila.js",
    "voila/templates/lab/static/index.css",
    "voila/labextensions/anywidget/{script}",
]


@pytest.mark.parametrize("path", SCRIPTS)
def test_a_script_is_sent_compressed_once(server: Server, path: str) -> None:
    folder = Path(sys.prefix) / "share" / "jupyter" / "labextensions" / "anywidget"
    url = server.url + path.format(
        script=next(folder.rglob("remoteEntry*.js")).relative_to(folder).as_posix()
    )
    with urlopen(url) as plain, urlopen(Request(url, headers={"Accept-Encoding": "br, gzip"})) as packed:
        whole, small = plain.read(), packed.read()
        assert gzip.decompress(small) == whole
        assert packed.headers["Content-Encoding"] == "gzip"
        assert plain.headers["Content-Encoding"] is None
        assert {packed.headers["Vary"], plain.headers["Vary"]} == {"Accept-Encoding"}
        assert packed.headers["ETag"] != plain.headers["ETag"]
        kept = packed.headers["Cache-Control"]
        assert kept == (
            "public, max-age=31536000, immutable" if "remoteEntry" in url else "public, max-age=600"
        )
    assert (
        status(Request(url, headers={"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]}))
        == 304
    )
    with urlopen(
        Request(url, headers={"Accept-Encoding": "gzip", "If-None-Match": '"other"', "Range": "bytes=0-9"})
    ) as changed:
        assert gzip.decompress(changed.read()) == whole
    with urlopen(Request(url, headers={"Accept-Encoding": "gzip;q=0"})) as refused:
        assert refused.read() == whole
    with urlopen(Request(f"{url}?v=1", headers={"Range": "bytes=0-9"})) as piece:
        assert piece.read() == whole[:10]
        assert "immutable" in piece.headers["Cache-Control"]


@pytest.mark.parametrize("session", ["", "%00", "a" * 256, "a/b", "%F0%9F%98%80"])
def test_a_connections_name_is_a_name(visitor: Visitor, session: str) -> None:
    address = (
        f"{visitor.url.replace('http', 'ws', 1)}api/kernels/{visitor.kernel}/channels?session_id={session}"
    )
    with pytest.raises(websocket.WebSocketBadStatusException, match="400"):
        websocket.create_connection(address, subprotocols=[PROTOCOL])


def test_a_kernel_takes_few_connections(server: Server) -> None:
    crowded = Visitor(server.url)
    connections = [crowded.connection() for _ in range(MOST_CONNECTIONS)]
    with pytest.raises(websocket.WebSocketBadStatusException, match="429"):
        crowded.connection()
    for connection in connections:
        connection.close()
    crowded.leave()


@pytest.mark.parametrize(
    "request_",
    [
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 70_000 + b"\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000000\r\n\r\n",
        b"nonsense\r\n\r\n",
    ],
    ids=["long head", "long body", "nonsense"],
)
def test_a_request_too_large_or_no_request_is_refused(server: Server, request_: bytes) -> None:
    place = urlsplit(server.url)
    with socket.create_connection((place.hostname, place.port), timeout=10) as connection:
        connection.sendall(request_)
        told = b"".join(iter(lambda: connection.recv(4096), b""))
    assert told == b"" or told.split()[1] in (b"400", b"413", b"431")
    assert status(f"{server.url}nothing") == 404


@pytest.fixture(scope="module")
def unused(serve_dashboard: Callable[..., Any]) -> Iterator[Server]:
    """A server that has printed few lines in the last minute."""
    with serve_dashboard("--most-visitors", "1") as started:
        yield started


HANDSHAKE = (
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: eHh4eHh4eHh4eHh4eHh4eA==",
)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "nothing",
        "api/kernels/0-0-0-0-0",
        "api/kernels/0-0-0-0-0/channels",
        "voila/static/x",
        "voila/labextensions/x",
    ],
)
@pytest.mark.parametrize("method", ["TRACE", "FOO", "POST"])
def test_a_method_that_is_not_answered_is_one_line_in_the_terminal(
    unused: Server, method: str, path: str
) -> None:
    said = len(unused.printed)
    assert begin_of_answer(unused, f"{method} /{path}").split()[1] in (b"403", b"405")
    assert until(lambda: f"{method} /{path}" in "".join(unused.printed[said:]))
    assert len(unused.printed) - said <= 2


@pytest.mark.parametrize(
    ("line", "headers", "code"),
    [
        (
            "GET /api/kernels/0-0-0-0-0/channels?session_id=s",
            (*HANDSHAKE, f"Sec-WebSocket-Protocol: {PROTOCOL}"),
            b"404",
        ),
        ("GET /api/kernels/0-0-0-0-0/channels?session_id=s", HANDSHAKE, b"400"),
        ("GET /api/kernels/0-0-0-0-0/channels", (), b"400"),
        ("GET /voila/labextensions/nothing.js", (), b"404"),
        ("GET /voila/labextensions/%ff", (), b"400"),
        ("GET /%ff", (), b"400"),
    ],
    ids=[
        "a kernel that has ended",
        "another protocol",
        "no handshake",
        "no such script",
        "no such letter",
        "no such letter of the page",
    ],
)
def test_what_is_not_there_is_one_line_in_the_terminal(
    unused: Server, line: str, headers: tuple[str, ...], code: bytes
) -> None:
    """A page whose unused was started anew asks for its kernel again and again."""
    said = len(unused.printed)
    assert begin_of_answer(unused, line, *headers).split()[1] == code
    assert until(lambda: line in "".join(unused.printed[said:]))
    assert len(unused.printed) - said <= 2


def test_who_sends_a_request_bit_by_bit_is_cut_off() -> None:
    with scripted("server.SLOWEST = 1") as started:
        place = urlsplit(started.url)
        with socket.create_connection((place.hostname, place.port), timeout=10) as slow:
            slow.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
            assert slow.recv(1) == b""


# ---------------------------------------------------------------- where it is started, and where it lies


def test_what_lies_about_is_ignored(serve_dashboard: Callable[..., Any], tmp_path: Path) -> None:
    for name in ("voila.py", "voila_config.py", "traitlets.py"):
        (tmp_path / name).write_text("raise SystemExit('stray')")
    stray = {
        "Voila": {"base_url": "/stray/"},
        "VoilaConfiguration": {"template": "nope", "strip_sources": False},
        "Kernels": {"most_visitors": 0},
    }
    for name in ("voila.json", "jupyter_config.json", "jupyter_server_config.json"):
        (tmp_path / name).write_text(json.dumps(stray))
    for folder in ("templates/lab", "voila/templates/lab", "nbconvert/templates/lab"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "index.html.j2").write_text("stray")
    kernel = tmp_path / "data" / "kernels" / "python3"
    kernel.mkdir(parents=True)
    (kernel / "kernel.json").write_text(
        json.dumps(
            {"argv": ["/bin/false", "{connection_file}"], "display_name": "stray", "language": "python"}
        )
    )
    strays = os.environ | {"JUPYTER_PATH": str(tmp_path / "data"), "JUPYTER_CONFIG_DIR": str(tmp_path)}
    with serve_dashboard(cwd=tmp_path, env=strays) as server, Visitor(server.url).connected() as page:
        assert page.states()


@pytest.mark.parametrize("given", ["/lectures/network/", "lectures/network"])
def test_the_page_lies_below_the_base_url_and_nothing_beside_it(
    serve_dashboard: Callable[..., Any], given: str
) -> None:
    with serve_dashboard("--base-url", given) as server:
        assert urlsplit(server.url).path == "/lectures/network/"
        visitor = Visitor(server.url)
        with visitor.connected() as page:
            assert page.states()
        assert status(server.url.replace("lectures/network/", "")) == 404
        assert visitor.leave() == 204
        for method, query in (("GET", "?lesson=xor&lock=eta"), ("HEAD", ""), ("GET", "?a=%FF%0D%0A")):
            begin = begin_of_answer(server, f"{method} /lectures/network{query}").decode()
            assert begin.split()[1] == "302"
            assert f"\r\nLocation: /lectures/network/{query}\r\n" in begin


def test_an_address_of_ip_version_6_is_printed_as_a_browser_takes_it(
    serve_dashboard: Callable[..., Any],
) -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this computer has no IPv6")
    with serve_dashboard("--ip", "::1") as server:
        assert server.url.startswith("http://[::1]:")
        assert Visitor(server.url).lives()


@pytest.mark.parametrize(
    "options",
    [
        ("--most-visitors", "0"),
        ("--most-visitors", "many"),
        ("--base-url", "a b"),
        ("--base-url", "../x"),
        ("--allowed-host", "http://x"),
        ("--allowed-host", "x:80"),
        ("--allowed-host", ""),
        ("--allowed-host", "*"),
        ("--frame-ancestors", "moodle.example.edu"),
        ("--frame-ancestors", "https://x; script-src *"),
        ("--frame-ancestors", "https://x, https://y"),
        ("--frame-ancestors", "*"),
        ("--frame-ancestors", "https://x/path"),
        ("--frame-ancestors", "https://x:99999"),
        ("--frame-ancestors", "https://x:0"),
        ("--frame-ancestors", "https://x\r\nSet-Cookie: a=b"),
        ("--frame-ancestors", "https://x\n"),
    ],
)
def test_a_wrong_option_of_serving_is_refused_with_the_cure(options: tuple[str, ...]) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "ann_dashboard", *options],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert told.returncode == 2
    assert "give" in told.stderr
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("https://Moodle.example.edu:443/", "https://moodle.example.edu"),
        ("http://moodle.example.edu:80", "http://moodle.example.edu"),
        ("https://*.example.edu:8443", "https://*.example.edu:8443"),
        ("http://moodle.example.edu:443", "http://moodle.example.edu:443"),
    ],
)
def test_a_site_that_may_embed_the_page_is_named_as_browsers_name_it(written: str, told: str) -> None:
    assert origin(written) == told


def test_security_md_names_tests_that_are_there() -> None:
    tests = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parents[1].rglob("test_*.py"))
    named = set(
        re.findall(r"`(test_\w+)`", (Path(__file__).parents[2] / "SECURITY.md").read_text(encoding="utf-8"))
    )
    assert len(named) > 40
    assert [name for name in named if f"def {name}(" not in tests] == []
