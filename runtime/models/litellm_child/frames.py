"""What goes over the socket, both ways: a length in four bytes, then JSON.

To the child, one object a frame:

    {"ask": id, "model": …, "messages": …, "seconds": …, …}    a question, see asking.Question
    {"cancel": id}                                                          nobody waits for it any longer
    {"ping": 1}                                                             say that you live

From the child, a list of [id, kind, value] a frame, so that pieces of a few milliseconds travel together:

    [0, "ready", null]     litellm is loaded            [0, "pong", null]      it lives
    [id, "said", {…}]      a completion or a chunk of one, in OpenAI's form, as litellm gave it
    [id, "end", {"cost": US dollars or null}]           [id, "failed", {…}]    see failures.py
"""

import asyncio
import json
from typing import Any

MARK = "\x1f"
"""Around a question's id before each line that its child logs about it, so that lines are told apart."""
MAX_QUESTION = 64_000_000
"""Bytes of a frame to the child: a question with its pictures."""
MAX_ANSWER = 8_000_000
"""Bytes of all that one question may bring, and so of a frame from the child."""


class BadFrame(Exception):
    """The other side does not keep to the form."""


def pack(value: Any) -> bytes:
    """A frame. Half an emoji passes as it is: its other half may be in the next one."""
    return framed(text(value).encode("utf-8", "surrogatepass"))


def framed(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data


def text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def unpack(data: bytes) -> Any:
    """Raises BadFrame."""
    try:
        return json.loads(data.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError):
        raise BadFrame("not JSON") from None


async def read(reader: asyncio.StreamReader, most: int) -> bytes | None:
    """The next frame's JSON; None when the other side is gone. Raises BadFrame when it is too long."""
    try:
        size = int.from_bytes(await reader.readexactly(4), "big")
        if size > most:
            raise BadFrame(f"{size} bytes")
        return await reader.readexactly(size)
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
