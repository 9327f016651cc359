"""What of Gradio the browser may reach: the routes that our pages use, and data without files.

Gradio brings some eighty routes: uploads, file downloads, a proxy, an editor of the program itself. A page
of ours needs a dozen. Gradio also takes a file of the server for an uploaded one when data says so
(`gradio.FileData`), and makes any component that data names; our pages send plain values only.
"""

import asyncio
import re
from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from runtime import wellformed
from runtime.errors import Refused
from runtime.lang import Text
from runtime.server.body import again, read_body
from runtime.server.door.visit import Visit
from runtime.server.statuses import status_of

READS = (
    r"/theme\.css",
    r"/favicon\.ico",
    r"/(assets|static)(/[\w.-]+)+",
    r"/gradio_api/(queue/data|app_id|app_id/)",
    r"/gradio_api/heartbeat/[a-z0-9]{1,64}",
)
JOIN = "/gradio_api/queue/join"
EVENTS = (JOIN, "/gradio_api/cancel", "/gradio_api/reset")
"""An event and its stop, which Gradio's page asks for twice: the second, reset, does nothing.

Each takes JSON; what a click does is asked elsewhere (builder/serving/clicks.py).
"""
LARGEST = 20 * 1024 * 1024
"""Bytes; a long chat comes with each of its events."""
SMALL = 64 * 1024
"""Bytes that are parsed at once; more is parsed in a thread."""
SECONDS = 60
TEXT = {"type", "text"}
"""What a piece of a chat message may have."""
NO_FILES = Text("这里不接受文件。", "Files are not taken here.")
NOT_JSON = Text("请求不是正确的 JSON。", "The request is not valid JSON.")


class Gate:
    """In front of Gradio. `pages`: the names of our pages besides the first; `events`: how many values each
    takes, by its number."""

    def __init__(self, app: ASGIApp, pages: Iterable[str], events: Mapping[int, int]) -> None:
        self._app, self._events = app, events
        self._pages = frozenset(pages)
        self._reads = re.compile("|".join(READS))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return  # Gradio's pages open no WebSocket
        visit = Visit(scope)
        if scope["method"] in ("GET", "HEAD"):
            response = self._read(visit)
            if response is not None:
                return await response(scope, receive, send)
            return await self._app(scope, receive, send)
        if scope["method"] != "POST" or visit.path not in EVENTS:
            return await _nothing()(scope, receive, send)
        try:
            body = await _checked(Request(scope, receive), self._events if visit.path == JOIN else None)
        except Refused as e:
            return await JSONResponse({"error": e.text.to(visit.lang)}, status_of(e))(scope, receive, send)
        await self._app(*_replayed(scope, body, receive), send)

    def _read(self, visit: Visit) -> Response | None:
        """What to say instead of Gradio."""
        path = visit.path
        if path == "/" or path[1:] in self._pages:
            return None
        if path.endswith("/") and path[1:-1] in self._pages:
            return RedirectResponse(f"{visit.root}{path[:-1]}", 308)
        if ".." not in path.split("/") and self._reads.fullmatch(path):
            return None
        return _nothing()


def _nothing() -> Response:
    return JSONResponse({"error": "Not Found"}, 404)


async def _checked(request: Request, events: Mapping[int, int] | None) -> bytes:
    """The body as it was understood here, so that Gradio understands no other. Raises Refused."""
    body = await read_body(request, LARGEST, SECONDS)
    try:
        if len(body) > SMALL:
            return await asyncio.to_thread(_plain, body, events)
        return _plain(body, events)
    except (ValueError, TypeError):
        raise Refused(NOT_JSON, code="malformed") from None


def _plain(body: bytes, events: Mapping[int, int] | None) -> bytes:
    """Raises ValueError and TypeError for what is no JSON, or no event that there is; Refused for a file,
    wherever it is."""
    data = wellformed.load(body)
    if not isinstance(data, dict):
        raise ValueError("no object")
    if _holds_file(data):
        raise Refused(NO_FILES, code="file")
    if events is not None and events.get(data.get("fn_index", -1), -1) != len(data.get("data", "")):
        raise ValueError("no event")
    return orjson.dumps(data)


def _holds_file(data: Any) -> bool:
    """Whether Gradio could take something in it for a file or a component of its own."""
    left = [data]
    while left:
        value = left.pop()
        if isinstance(value, dict):
            if _names_gradio(value) or _is_no_text(value):
                return True
            left.extend(value.values())
        elif isinstance(value, list):
            left.extend(value)
    return False


def _names_gradio(value: dict[str, Any]) -> bool:
    meta = value.get("meta")
    return isinstance(meta, dict) and "gradio" in str(meta.get("_type", "")).lower()


def _is_no_text(value: dict[str, Any]) -> bool:
    """Whether it is a chat message with pieces that are no text."""
    if "role" not in value or "content" not in value:
        return False
    content = value["content"]
    return not all(_is_text(piece) for piece in (content if isinstance(content, list) else [content]))


def _is_text(piece: Any) -> bool:
    if isinstance(piece, dict):
        return piece.keys() <= TEXT and piece.get("type", "text") == "text"
    return piece is None or isinstance(piece, str)


def _replayed(scope: Scope, body: bytes, receive: Receive) -> tuple[Scope, Receive]:
    """The request with that body, which was already read."""
    other = (b"content-length", b"transfer-encoding", b"content-type")
    headers = [header for header in scope["headers"] if header[0] not in other]
    headers += [(b"content-length", str(len(body)).encode()), (b"content-type", b"application/json")]
    return {**scope, "headers": headers}, again(body, receive)
