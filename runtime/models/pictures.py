"""Pictures for models: whose server wants their bytes is not sent an address, and litellm fetches nothing.

What a person sends is an address of the platform's. litellm would fetch it from inside our network, wherever
it leads; and some servers (Ollama, Moonshot) take no address at all.
"""

import base64
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol

from runtime.errors import HongyanError
from runtime.network.reach import Reach
from runtime.newest import Newest

MAX_PICTURE = 8_000_000
"""Bytes of one."""
SECONDS = 10.0
KEPT = 8
"""Pictures that are not fetched again for the next round, and for the next turn…"""
KEPT_CHARACTERS = 24_000_000
"""…and characters of all of them: two of the largest."""
LOST = "[图片打不开 / a picture that could not be opened]"

KINDS = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"GIF8": "image/gif",
    b"BM": "image/bmp",
}

Json = Mapping[str, Any]


class Fetches(Protocol):
    """runtime.network.egress.Egress, which reaches public addresses only."""

    async def fetch(self, method: str, url: str, *, seconds: float, max_bytes: int, reach: Reach) -> Any: ...


Kept = Callable[[str], Awaitable[bytes | None]]
"""A kept file by its hash; None when it is not here."""
KEPT_HERE = "kept:"
"""Before the hash, see runtime.media.kept."""


async def nothing_kept(hash: str) -> bytes | None:
    return None


class Pictures:
    def __init__(self, http: Fetches | None, kept: Kept = nothing_kept) -> None:
        self._http = http
        self._here = kept
        self._kept = Newest[str, str](KEPT)

    async def inlined(self, messages: Sequence[Json], *, all: bool = True) -> list[Json]:
        """The messages with each picture in them; one that cannot be opened is told to the model in words.

        Not `all`: only those that are kept here, whose addresses mean nothing to a server.
        """
        return [await self._message(message, all) for message in messages]

    async def _message(self, message: Json, all: bool) -> Json:
        content = message.get("content")
        if not isinstance(content, list) or not any(_address(part) for part in content):
            return message
        return {**message, "content": [await self._part(part, all) for part in content]}

    async def _part(self, part: Any, all: bool) -> Any:
        url = _address(part)
        if not url or not (all or url.startswith(KEPT_HERE)):
            return part
        data = self._kept.get(url) or await self._fetched(url)
        if not data:
            return {"type": "text", "text": LOST}
        self._kept[url] = data
        while sum(map(len, self._kept.values())) > KEPT_CHARACTERS:
            self._kept.popitem(last=False)
        return {**part, "image_url": {**part["image_url"], "url": data}}

    async def _fetched(self, url: str) -> str:
        """A data: address; "" when there is no picture."""
        if url.startswith(KEPT_HERE):
            body = await self._here(url.removeprefix(KEPT_HERE)) or b""
            return _inline(body) if len(body) <= MAX_PICTURE else ""
        if self._http is None:
            return ""
        reach = Reach(chosen="person", tool="picture")
        try:
            page = await self._http.fetch("GET", url, seconds=SECONDS, max_bytes=MAX_PICTURE, reach=reach)
        except HongyanError:
            return ""
        return _inline(page.body) if page.status == 200 and not page.cut else ""


def _inline(body: bytes) -> str:
    kind = _kind(body)
    return f"data:{kind};base64,{base64.b64encode(body).decode()}" if kind else ""


def _address(part: Any) -> str:
    """Of a picture that is not in the message itself."""
    held = part.get("image_url") if isinstance(part, Mapping) and part.get("type") == "image_url" else None
    url = held.get("url") if isinstance(held, Mapping) else None
    return url if isinstance(url, str) and not url.startswith("data:") else ""


def _kind(body: bytes) -> str:
    """By its first bytes: what a server says it is does not matter."""
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for start, kind in KINDS.items() if body.startswith(start)), "")
