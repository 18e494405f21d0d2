"""What a page may send to its kernel, and what it is sent.

A page of widgets needs little: to ask for the widgets' states, to set their values, and to be told of new ones. Everything else is dropped:
code to run, new widgets, shutting the kernel down; tracebacks and prints on the way back. A message that is no message, or too large, ends the
connection. Messages beyond a steady pace wait, so that nothing gets lost and who floods the server only slows himself down.
"""

import itertools
import json
import re
from dataclasses import dataclass
from typing import Any

CONTROL = "jupyter.widget.control"
"""The one target a page opens a comm to: it asks there for the states of all widgets."""
METHODS = {"update", "custom", "request_state", "request_states"}
ANSWERS = {"kernel_info_reply", "comm_info_reply", "status", "comm_open", "comm_msg", "comm_close"}
"""Types of messages that a page of widgets needs from its kernel."""
FRAMES = 4
"""A message is a channel, these (header, parent's header, metadata, content), and buffers."""
MOST_BUFFERS = 16
LARGEST_TEXT = 256 * 2**10
"""Bytes of a message without its buffers."""
MOST_CONTROLS = 4
"""Comms to the control target that a page may hold open at once; it opens one and closes it."""
A_SECOND, AT_ONCE = 40, 80
"""Messages a second, and how many more may come at once; each began 64 KiB count as one."""


@dataclass(frozen=True)
class Message:
    """A message from a page."""

    channel: str
    kind: str
    content: dict[str, Any]


def parts(frame: bytes) -> list[bytes]:
    """The parts of a message in Jupyter's v1 form: the number of offsets, the offsets, and what lies between them; each number has 8 bytes.

    Raises ValueError. Jupyter's own reader believes the number: told 2^60, it fills the memory.
    """
    count = int.from_bytes(frame[:8], "little")
    if not 1 + FRAMES < count <= 2 + FRAMES + MOST_BUFFERS:
        raise ValueError(f"{count} offsets")
    offsets = [int.from_bytes(frame[8 * place : 8 * place + 8], "little") for place in range(1, count + 1)]
    if offsets != sorted(offsets) or offsets[0] != 8 * (count + 1) or offsets[-1] != len(frame):
        raise ValueError("offsets out of order")
    return [frame[begin:end] for begin, end in itertools.pairwise(offsets)]


def message(frame: bytes | str) -> Message:
    """What a page has sent. Raises ValueError if it is no message, or is too large."""
    if not isinstance(frame, bytes):
        raise ValueError("text")
    channel, *texts = parts(frame)[: 1 + FRAMES]
    if sum(map(len, texts)) > LARGEST_TEXT:
        raise ValueError(f"more than {LARGEST_TEXT} bytes of text")
    try:
        header, _, _, content = (json.loads(text) for text in texts)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    match header, content:
        case {"msg_type": str(kind), "msg_id": str(), "session": str()}, dict():
            return Message(channel.decode(), kind, content)
    raise ValueError("no header or no content")


def answer_kind(frame: bytes) -> str:
    """Type of a message from the kernel."""
    begin, end = (int.from_bytes(frame[8 * place : 8 * place + 8], "little") for place in (2, 3))
    return str(json.loads(frame[begin:end])["msg_type"])


def traceback(frame: bytes) -> list[str]:
    """Lines of an error that the kernel reports."""
    return list(json.loads(parts(frame)[FRAMES])["traceback"])


def is_name(session: str) -> bool:
    """Whether a page may call its connection so: Jupyter makes it part of an address inside the server."""
    return re.fullmatch(r"[\w-]{1,64}", session, flags=re.ASCII) is not None


class Gate:
    """Decides of each message of one connection whether the kernel gets it."""

    def __init__(self) -> None:
        self._controls: set[str] = set()

    def lets_through(self, asked: Message) -> bool:
        """Whether a page of widgets needs this."""
        if asked.channel != "shell":
            return False
        match asked.kind, asked.content:
            case "kernel_info_request" | "comm_info_request", _:
                return True
            case "comm_open", {"target_name": str(target), "comm_id": str(comm)} if target == CONTROL and len(self._controls) < MOST_CONTROLS:
                self._controls.add(comm)
                return True
            case "comm_close", {"comm_id": str(comm)} if comm in self._controls:
                self._controls.discard(comm)
                return True
            case "comm_msg", {"data": {"method": str(method)}}:
                return method in METHODS
        return False


class Pace:
    """How long messages have to wait so that they keep to a pace."""

    def __init__(self) -> None:
        self._free = 0.0

    def wait(self, size: int, now: float) -> float:
        """Seconds that a message of so many bytes has to wait, ``now`` in seconds of any clock that never goes back."""
        cost = (1 + size // 2**16) / A_SECOND
        self._free = max(self._free, now - AT_ONCE / A_SECOND) + cost
        return max(0.0, self._free - now)
