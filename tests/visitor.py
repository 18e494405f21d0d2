"""A page of the dashboard without a browser, for tests and measurements.

It asks the server what Voila's front end asks, and what an attacker asks.
"""

import contextlib
import json
import re
import time
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import websocket
from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1, serialize_msg_to_ws_v1

PROTOCOL = "v1.kernel.websocket.jupyter.org"
CONTROL = "jupyter.widget.control"


def answer(request: str | Request, within: float = 60) -> tuple[int, dict[str, str], str]:
    """Status, headers and text of an answer, whether it is an error or not."""
    try:
        with urlopen(request, timeout=within) as told:
            return told.status, dict(told.headers), told.read().decode()
    except HTTPError as error:
        with error:
            return error.code, dict(error.headers), error.read().decode()


def status(request: str | Request) -> int:
    """HTTP status of a request."""
    return answer(request)[0]


class Visitor:
    """A page that has been loaded and has a kernel. Raises PermissionError if it gets none."""

    def __init__(self, url: str, within: float = 60) -> None:
        self.url = url
        code, _, source = answer(url, within)
        match = re.search(r'"kernelId": "([^"]+)"', source)
        if not match:
            raise PermissionError(f"{url} answers {code} and no kernel")
        self.kernel = match[1]

    def connection(self, *, session: str | None = None, **settings: Any) -> websocket.WebSocket:
        """A websocket to the kernel."""
        server = self.url.replace("http", "ws", 1)
        address = f"{server}api/kernels/{self.kernel}/channels?session_id={session or uuid.uuid4()}"
        return websocket.create_connection(address, **{"subprotocols": [PROTOCOL], "timeout": 60} | settings)

    @contextlib.contextmanager
    def connected(self) -> Iterator["Connection"]:
        """The page's connection."""
        socket = self.connection()
        try:
            yield Connection(socket)
        finally:
            socket.shutdown()

    def leave(self) -> int:
        """Close the page as a browser does. Gives the HTTP status."""
        return status(Request(f"{self.url}voila/api/shutdown/{self.kernel}", method="POST"))

    def lives(self) -> bool:
        """Whether the kernel is there."""
        return status(f"{self.url}api/kernels/{self.kernel}") == 200


class Connection:
    """Messages from and to a kernel."""

    def __init__(self, socket: websocket.WebSocket) -> None:
        self.socket = socket

    def send(
        self, kind: str, content: Any, *, channel: str = "shell", buffers: tuple[bytes, ...] = ()
    ) -> str:
        """Send a message and give its name."""
        name = str(uuid.uuid4())
        self.socket.send_binary(frame(kind, content, name=name, channel=channel, buffers=buffers))
        return name

    def receive(self) -> tuple[str, str, Any]:
        """The next message: its type, the name of the one it answers, and its content."""
        _, (header, parent, _, content, *_) = deserialize_msg_from_ws_v1(self.socket.recv())
        return json.loads(header)["msg_type"], json.loads(parent).get("msg_id", ""), json.loads(content)

    def until_idle(self, name: str) -> list[tuple[str, Any]]:
        """All messages until the kernel has done what was asked; type and content."""
        seen = []
        while True:
            kind, parent, content = self.receive()
            seen.append((kind, content))
            if kind == "status" and parent == name and content["execution_state"] == "idle":
                return seen

    def until_told(self, outcome: str) -> None:
        """Wait until the line above the pictures says this."""
        while True:
            kind, _, content = self.receive()
            if kind == "comm_msg" and outcome in content["data"].get("state", {}).get("message", {}).get(
                "text", ""
            ):
                return

    def states(self) -> dict[str, dict[str, Any]]:
        """The state of every widget, by the name of its comm: what a page asks for first."""
        comm = str(uuid.uuid4())
        self.send("comm_open", {"comm_id": comm, "target_name": CONTROL, "data": {}})
        self.send("comm_msg", {"comm_id": comm, "data": {"method": "request_states"}})
        while True:
            kind, _, content = self.receive()
            if kind == "comm_msg" and content["comm_id"] == comm:
                self.send("comm_close", {"comm_id": comm, "data": {}})
                return {name: widget["state"] for name, widget in content["data"]["states"].items()}

    def set(self, comm: str, **state: Any) -> str:
        """Set values of a widget and give the message's name."""
        return self.send(
            "comm_msg", {"comm_id": comm, "data": {"method": "update", "state": state, "buffer_paths": []}}
        )

    def is_closed(self) -> bool:
        """Whether the server ends the connection; it reads what is still sent."""
        try:
            while True:
                if self.socket.recv_data()[0] == websocket.ABNF.OPCODE_CLOSE:
                    return True
        except (websocket.WebSocketConnectionClosedException, ConnectionError):
            return True
        except websocket.WebSocketTimeoutException:
            return False


def frame(
    kind: str, content: Any, *, name: str = "m", channel: str = "shell", buffers: tuple[bytes, ...] = ()
) -> bytes:
    """A message as Voila's front end sends it."""
    header = {
        "date": "2026-11-20T10:00:00.000Z",
        "msg_id": name,
        "msg_type": kind,
        "session": "s",
        "username": "",
        "version": "5.2",
    }
    texts = [json.dumps(part).encode() for part in (header, {}, {"version": "1.0.0"}, content)]
    return serialize_msg_to_ws_v1([*texts, *buffers], channel)


def until(true: Any, within: float = 60) -> bool:
    """Whether something becomes true; it is asked again and again."""
    ends = time.monotonic() + within
    while not true():
        if time.monotonic() > ends:
            return False
        time.sleep(0.05)
    return True
