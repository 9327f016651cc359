"""What a platform's API answered: read within bounds, and what it says where it cannot be read."""

import contextlib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

from runtime import wellformed
from runtime.errors import SendFailed
from runtime.lang import Text
from runtime.network.retry_after import asked_wait

MOST_BYTES = 64 * 1024
"""Of an answer: a platform's are a few hundred."""
DEEPEST = 20
BUSY = (429, 502, 503)
"""HTTP statuses of a server, or a proxy in front of it, that did not take the request."""
JSON_TYPES = ("application/json", "text/")
LONGEST_WAIT = 3600.0


@dataclass(frozen=True)
class Transferred:
    """What came: a file's `content`, or the `data` that came instead."""

    status: int
    data: dict[str, Any]
    content: bytes
    headers: Mapping[str, str]

    @property
    def wait(self) -> float:
        return wait_of(self.headers)


@dataclass(frozen=True)
class Came:
    """`content` is None when it was too long, or packed in no way that is known."""

    status: int
    content: bytes | None
    headers: Mapping[str, str]

    @property
    def is_json(self) -> bool:
        """It says so, and is offered as no file."""
        kind = self.headers.get("content-type", "").lower()
        return kind.startswith(JSON_TYPES) and "content-disposition" not in self.headers


async def object_of(host: str, came: Came, most: int, *, must: bool = True) -> Any:
    """The JSON object that it is; without `must` None where it is none. Raises SendFailed."""
    found: Any = None
    with contextlib.suppress(ValueError):
        found = await wellformed.read(came.content or b"", largest=most, deepest=DEEPEST)
    if isinstance(found, dict):
        return found
    if must:
        raise unreadable(host, came)
    return None


async def body_of(response: aiohttp.ClientResponse, most: int) -> bytes | None:
    """The body in the clear; None when it is too long or no such compression."""
    if (response.content_length or 0) > most:
        return None
    body = bytearray()
    async for chunk in response.content.iter_chunked(MOST_BYTES):
        body += chunk
        if len(body) > most:
            return None
    if response.headers.get("Content-Encoding", "identity").lower() == "identity":
        return bytes(body)
    opener = zlib.decompressobj(wbits=47)  # gzip or zlib, whichever it is
    try:
        opened = opener.decompress(bytes(body), most)
    except zlib.error:
        return None
    return None if opener.unconsumed_tail else opened


def unreadable(host: str, came: Came) -> SendFailed:
    status = came.status
    text = Text(
        "{host} 的回应不是 JSON（HTTP {status}）。", "{host} did not answer JSON (HTTP {status})."
    ).fill(host=host, status=status)
    if status in BUSY or 300 <= status < 500:
        return SendFailed(text, code=f"http_{status}", retryable=status in BUSY, wait=wait_of(came.headers))
    # said yes, or broke down, in a way that cannot be read: the person may have it
    return uncertain(text)


TOO_LARGE = Text("{host} 给的文件太大，没有下载。", "The file from {host} is too large and was not taken.")


def uncertain(text: Text) -> SendFailed:
    return SendFailed(text, code="uncertain")


def wait_of(headers: Mapping[str, str]) -> float:
    """Seconds that it asks us to wait, at most an hour; 0 where it asks for none. Names in lower case."""
    return min(asked_wait(headers) or 0.0, LONGEST_WAIT)
