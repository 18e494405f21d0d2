"""What a page may send to its kernel, and what it is sent.

A page of widgets needs little: it asks for the widgets' states, sets their values, and is told of new ones.
Everything else is dropped: code to run, new widgets, shutting the kernel down; tracebacks and prints on the
way back. Anything that is not a message, or is too large, ends the connection. A message that passes is
written again from the parts that are needed, so the kernel never reads a byte of a page's own JSON. Messages
beyond a steady pace wait: none is lost, and anyone flooding the server slows only themselves.
"""

import itertools
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NoReturn

from jupyter_server.services.kernels.connection.base import serialize_msg_to_ws_v1

from ann_dashboard.serving.terminal import COLOUR, PLACES

CONTROL = "jupyter.widget.control"
"""The one target a page opens a comm to: it asks there for the states of all widgets."""
CONTROL_PROTOCOL = "1.0.0"
"""Its version, which ipywidgets asks for."""
WIDGETS = "jupyter.widget"
"""The target of the comms that the kernel opens, one for each widget."""
ANSWERS = {"kernel_info_reply", "comm_info_reply", "status", "comm_open", "comm_msg", "comm_close"}
"""Types of messages that a page of widgets needs from its kernel."""
FRAMES = 4
"""A message is a channel, these (header, parent's header, metadata, content), and buffers."""
MOST_BUFFERS = 16
LARGEST_TEXT = 256 * 2**10
"""Bytes of a message without its buffers."""
LONGEST_STRING = 2**14
"""Letters of one string of a message: the query of the longest link has 8000."""
LONGEST_NUMBER = 21
"""Digits of a whole number: the most that JavaScript writes."""
DEEPEST = 16
"""Levels of lists and objects in a message; the rows of a table take six."""
MOST_CONTROLS = 4
"""Comms to the control target that a page may hold open at once; it opens one and closes it."""
A_SECOND, AT_ONCE = 40, 80
"""Messages a second, and how many more may come at once; each began 64 KiB count as one."""
MOST_AHEAD, LEAST_COST = 8 * 2**20, 2**14
"""Bytes that a kernel is given before it has taken those from earlier messages, and what the smallest counts:
what waits in it takes memory, on all its connections together.
"""


@dataclass(frozen=True)
class Message:
    """A message from a page. ``name`` and ``session`` are the page's names for the message and for itself."""

    channel: str
    kind: str
    name: str
    session: str
    content: dict[str, Any]
    buffers: tuple[bytes, ...]


def parts(frame: bytes) -> list[bytes]:
    """The parts of a message in Jupyter's v1 form.

    It has the number of offsets, the offsets, and what lies between them; each number has 8 bytes.
    Raises ValueError. Jupyter's own reader trusts the number: told 2^60, it fills the memory.
    """
    count = int.from_bytes(frame[:8], "little")
    if not 1 + FRAMES < count <= 2 + FRAMES + MOST_BUFFERS:
        raise ValueError(f"{count} offsets")
    offsets = [int.from_bytes(frame[8 * place : 8 * place + 8], "little") for place in range(1, count + 1)]
    if offsets != sorted(offsets) or offsets[0] != 8 * (count + 1) or offsets[-1] != len(frame):
        raise ValueError("offsets out of order")
    return [frame[begin:end] for begin, end in itertools.pairwise(offsets)]


def message(frame: bytes | str) -> Message:
    """The message that a page has sent.

    Raises ValueError if it is not a message, is too large, or contains anything that no browser writes.
    """
    if not isinstance(frame, bytes):
        raise ValueError("text")
    channel, *pieces = parts(frame)
    texts = pieces[:FRAMES]
    if sum(map(len, texts)) > LARGEST_TEXT:
        raise ValueError(f"more than {LARGEST_TEXT} bytes of text")
    try:
        header, _, _, content = map(_parsed, texts)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    match header, content:
        case {"msg_type": str(kind), "msg_id": str(name), "session": str(session)}, dict() if is_name(
            name
        ) and is_name(session):
            return Message(channel.decode(), kind, name, session, content, tuple(pieces[FRAMES:]))
    raise ValueError("no header or no content")


def _parsed(text: bytes) -> Any:
    """A part of a message. Raises ValueError for what JSON.stringify never writes, or no page needs."""
    value = json.loads(text, parse_int=_whole_number, parse_constant=_no_number, object_pairs_hook=_object)
    _check(value, 1)
    # Refuses 1e999, which is infinite, and half a letter ("\ud800").
    json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
    return value


def _check(value: Any, depth: int) -> None:
    """Raise ValueError for strings that are too long and for lists and objects nested too deeply."""
    match value:
        case str() if len(value) > LONGEST_STRING:
            raise ValueError(f"a string of more than {LONGEST_STRING} letters")
        case dict() | list() if depth > DEEPEST:
            raise ValueError("nested too deeply")
        case dict():
            for name, inside in value.items():
                _check(name, depth)
                _check(inside, depth + 1)
        case list():
            for inside in value:
                _check(inside, depth + 1)


def _whole_number(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER + 1:  # one more for the sign
        raise ValueError(f"a number of more than {LONGEST_NUMBER} digits")
    return int(digits)


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    named = dict(pairs)
    if len(named) != len(pairs):
        raise ValueError("an object names a value twice")
    return named


def kernel_frame(asked: Message, content: dict[str, Any], buffers: tuple[bytes, ...]) -> bytes:
    """The message that the kernel gets, in Jupyter's v1 form: these names and this content only."""
    date = datetime.now(UTC).isoformat()
    header = {
        "msg_id": asked.name,
        "msg_type": asked.kind,
        "session": asked.session,
        "username": "",
        "version": "5.3",
        "date": date,
    }
    texts = [json.dumps(part).encode() for part in (header, {}, {"version": CONTROL_PROTOCOL}, content)]
    return serialize_msg_to_ws_v1([*texts, *buffers], "shell")


def question(name: str) -> bytes:
    """A question of the server itself to a kernel, which is idle after it when all before it is done."""
    return kernel_frame(Message("shell", "kernel_info_request", name, name, {}, ()), {}, ())


def answer_kind(frame: bytes) -> str:
    """The type of a message from the kernel."""
    begin, end = (int.from_bytes(frame[8 * place : 8 * place + 8], "little") for place in (2, 3))
    return str(json.loads(frame[begin:end])["msg_type"])


def is_done(frame: bytes, name: str) -> bool:
    """Whether a status from the kernel says that it has done what a message of this name asked for."""
    _, _, parent, _, content, *_ = parts(frame)
    return json.loads(parent).get("msg_id") == name and json.loads(content)["execution_state"] == "idle"


def failure(frame: bytes) -> str:
    """An error that the kernel reports, and the lines of code it comes from, the innermost first."""
    error = json.loads(parts(frame)[FRAMES])
    places = re.findall(
        r"File [^\n]*?([^\s/\\]+):(\d+), in (?:[\w<>]+\.)*(\w+)",
        COLOUR.sub("", "\n".join(error["traceback"])),
    )
    innermost = " < ".join(f"{file}:{line} in {name}" for file, line, name in places[: -PLACES - 1 : -1])
    return f"{error['ename']}: {error['evalue']} ({innermost})"


def is_name(name: str) -> bool:
    """Whether a page may give this name to a connection, a message or a comm.

    Jupyter prints these names and puts them into addresses.
    """
    return re.fullmatch(r"[\w-]{1,64}", name, flags=re.ASCII) is not None


def is_new_name(comm: str) -> bool:
    """Whether a page may open a comm of this name: a UUID with dashes.

    The names of a kernel's widgets have no dashes, so none of them can be replaced.
    """
    return re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", comm) is not None


class Gate:
    """Decides whether the kernel gets a message; one gate for each connection."""

    def __init__(self) -> None:
        self._controls: set[str] = set()

    def let_through(self, asked: Message) -> bytes | None:
        """The message for the kernel, if a page of widgets needs it, else None."""
        content = self._content(asked) if asked.channel == "shell" else None
        if content is None:
            return None
        is_custom = content.get("data", {}).get("method") == "custom"
        return kernel_frame(asked, content, asked.buffers if is_custom else ())

    def _content(self, asked: Message) -> dict[str, Any] | None:
        """What the kernel needs of a message's content; None if it needs none of it."""
        match asked.kind, asked.content:
            case "kernel_info_request", _:
                return {}
            case "comm_info_request", _:
                return {"target_name": WIDGETS}
            case "comm_open", {"target_name": str(target), "comm_id": str(comm)} if (
                target == CONTROL and is_new_name(comm) and len(self._controls | {comm}) <= MOST_CONTROLS
            ):
                self._controls.add(comm)
                return {"comm_id": comm, "target_name": CONTROL, "data": {}}
            case "comm_close", {"comm_id": str(comm)} if comm in self._controls:
                self._controls.discard(comm)
                return {"comm_id": comm, "data": {}}
            case "comm_msg", {"comm_id": str(comm), "data": {"method": str(method), **told}} if is_name(comm):
                match method, told:
                    case "request_states", _ if comm in self._controls:
                        return {"comm_id": comm, "data": {"method": method}}
                    case _ if comm in self._controls:  # it understands nothing else
                        return None
                    case "request_state", _:
                        return {"comm_id": comm, "data": {"method": method}}
                    case "update", {"state": dict(state)}:  # no value that a page sets is made of bytes
                        return {
                            "comm_id": comm,
                            "data": {"method": method, "state": state, "buffer_paths": []},
                        }
                    case "custom", {"content": content}:
                        return {"comm_id": comm, "data": {"method": method, "content": content}}
        return None


class Pace:
    """How long messages have to wait to keep to a steady pace."""

    def __init__(self) -> None:
        self._free = 0.0

    def wait(self, size: int, now: float) -> float:
        """Seconds that a message of ``size`` bytes has to wait; ``now``: seconds of a monotonic clock."""
        cost = (1 + size // 2**16) / A_SECOND
        self._free = max(self._free, now - AT_ONCE / A_SECOND) + cost
        return max(0.0, self._free - now)


class Backlog:
    """How much a kernel has been given, and how much of it is known to be done."""

    def __init__(self) -> None:
        self.given = 0
        self._done = 0

    def give(self, size: int) -> None:
        """Count a message of so many bytes."""
        self.given += LEAST_COST + size

    def done(self, given: int) -> None:
        """All that the kernel had been given, when it was so much, is done."""
        self._done = max(self._done, given)

    def is_full(self) -> bool:
        """Whether the kernel is not given any more before some of it is done."""
        return self.given - self._done > MOST_AHEAD
