"""How Jupyter's server writes a message, as far as the served page uses it."""

from collections.abc import Sequence

def serialize_msg_to_ws_v1(msg_or_list: Sequence[bytes], channel: str) -> bytes: ...
