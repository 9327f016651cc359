"""What every response says to browsers, and how one that has begun is ended."""

from starlette.responses import Response
from starlette.types import Message, Receive, Send

from runtime.server.door.visit import Visit

Headers = list[tuple[bytes, bytes]]

LOGGED_OUT = 4401
"""Closes a WebSocket."""
CLOSED = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
NOTHING_POLICY = f"default-src 'none'; {CLOSED}"
"""For all that says nothing of it itself: data, which no browser is to make anything of. Pages say more."""
SCRIPT_POLICY = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""For script: run by a worker, it may do what its own answer allows."""
ALWAYS = {
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"same-origin",
    b"x-frame-options": b"DENY",
    # pages record what is said and take pictures; nothing of a browser's other powers is asked for
    b"permissions-policy": b"camera=(self), microphone=(self), geolocation=(), payment=(), usb=(), serial=()",
    b"content-security-policy": NOTHING_POLICY.encode(),
}
PAGES = {b"cross-origin-opener-policy": b"same-origin", b"cross-origin-resource-policy": b"same-origin"}
"""For what is behind the login: no other site holds a window of it, or embeds a piece of it."""
HTTPS = {b"strict-transport-security": b"max-age=31536000"}
"""For a year, this name only by HTTPS (RFC 6797)."""
CORS = b"access-control-"
SCRIPT_TYPES = (b"text/javascript", b"application/javascript")
ENDS = ("http.response.body", "websocket.close")
"""What may be the last that is said."""


def with_these(headers: Headers, wanted: dict[bytes, bytes]) -> Headers:
    """With what is not said yet; what has no version and does not say for how long is not kept."""
    there = {name.lower() for name, _ in headers}
    if any(name.lower() == b"content-type" and value.startswith(SCRIPT_TYPES) for name, value in headers):
        wanted = wanted | {b"content-security-policy": SCRIPT_POLICY.encode()}
    kept = {} if {b"cache-control", b"etag"} & there else {b"cache-control": b"no-store"}
    return [*headers, *(one for one in (wanted | kept).items() if one[0] not in there)]


class Secured:
    """Adds the headers that keep browsers from framing, sniffing and leaking."""

    def __init__(self, send: Send, visit: Visit, *, is_machine: bool) -> None:
        self._send = send
        self._visit = visit
        self._is_machine = is_machine
        self._has_started = False
        self._has_ended = False
        self._wanted = ALWAYS | ({} if is_machine else PAGES) | (HTTPS if visit.is_secure else {})

    async def send(self, message: Message) -> None:
        self._has_started = True
        if message["type"] == "http.response.start":
            headers = [h for h in message["headers"] if self._is_machine or not h[0].startswith(CORS)]
            message["headers"] = with_these(headers, self._wanted)
        self._has_ended = message["type"] in ENDS and not message.get("more_body", False)
        await self._send(message)

    async def refuse(self, response: Response, receive: Receive) -> None:
        if self._visit.is_websocket:
            await self._send({"type": "websocket.close", "code": LOGGED_OUT})
        else:
            await response(self._visit.scope, receive, self.send)

    async def end(self, response: Response, receive: Receive) -> None:
        """End what is still open; what has not begun gets `response`."""
        if self._has_ended:
            return  # whoever was stopped said its last word itself
        if self._visit.is_websocket or not self._has_started:
            await self.refuse(response, receive)
        else:
            await self._send({"type": "http.response.body", "body": b""})
