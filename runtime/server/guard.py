"""The door in front of everything: who may pass, from where, in which language.

Pure ASGI, because Starlette's BaseHTTPMiddleware would buffer streams and ignore WebSockets.
"""

import asyncio
import time
from collections.abc import Awaitable
from urllib.parse import quote

from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from runtime.lang import Text
from runtime.server.origins import Origins
from runtime.server.page import localized
from runtime.server.sessions import Session, Sessions
from runtime.server.visit import Visit

USER_HEADER = "x-hongyan-user"
"""Tells the mounted apps who is logged in. What a client sends under this name is dropped."""
OWNER = "owner"
MACHINE_PATHS = ("/agent/chat", "/health", "/ready", "/metrics")
MACHINE_FOLDERS = ("/c/", "/v1/", "/r/")
"""Whoever comes shows a signature, a key or a secret address: no cookie, so no Origin or Host to check."""
OPEN_PATHS = ("/login", "/logout", "/favicon.ico", "/lang/zh", "/lang/en")
MAX_HEADER_BYTES = 32 * 1024
ENDED_CHECK = 2.0
"""Seconds within which an open stream or WebSocket ends after logout."""
LOGGED_OUT = 4401
PAGE_POLICY = (
    # Gradio's and Streamlit's pages need inline and evaluated script; nothing comes from elsewhere
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'none'"
)
SECURE = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"content-security-policy", PAGE_POLICY.encode()),
]
LOGIN_FIRST = Text("登录已失效，请重新登录后再试。", "You are logged out. Log in and try again.")
ELSEWHERE = Text("请求来自别的网站，已拒绝。", "This came from another website and was refused.")
UNKNOWN_HOST = Text(
    "不认识这个域名。请把 HONGYAN_PUBLIC_URL 设为您使用的网址，或用 IP 地址访问。",
    "This host name is not known. Set HONGYAN_PUBLIC_URL to the address you use, or come by IP address.",
)
TOO_LARGE = Text("请求头太大。", "The request's headers are too large.")


class Guard:
    """Lets machines through to routes that check them, and people who are logged in to everything else."""

    def __init__(self, app: ASGIApp, sessions: Sessions, origins: Origins) -> None:
        self._app = app
        self._sessions = sessions
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            return await self._app(scope, receive, send)
        visit = Visit(scope)
        secured = _Secured(send)
        session = self._sessions.find(visit.cookies, secure=visit.is_secure, now=time.time())
        refusal = self._refusal(visit, session)
        if refusal is not None:
            return await _refuse(refusal, visit, receive, secured.send)
        inner = {**scope, "headers": _headers(scope, session)}
        work = self._run(visit, inner, receive, secured.send)
        if session is None or _is_machine(visit):
            return await work
        return await self._while_live(session, work, visit, secured)

    def _refusal(self, visit: Visit, session: Session | None) -> Response | None:
        """The response for who may not pass."""
        if sum(len(name) + len(value) + 4 for name, value in visit.scope["headers"]) > MAX_HEADER_BYTES:
            return _problem(TOO_LARGE, 431, visit)
        if _is_machine(visit):
            return None
        if not self._origins.knows_host(visit.host):
            return _problem(UNKNOWN_HOST, 400, visit)
        if not visit.is_safe and not self._origins.is_ours(visit):
            return _problem(ELSEWHERE, 403, visit)
        if session is None and visit.path not in OPEN_PATHS:
            if visit.wants_html and visit.is_safe:
                there = quote(visit.target, safe="")
                return RedirectResponse(f"{visit.root}/login?next={there}", 303)
            return _problem(LOGIN_FIRST, 401, visit)
        return None

    async def _run(self, visit: Visit, scope: Scope, receive: Receive, send: Send) -> None:
        is_page = not visit.is_websocket and scope["method"] == "GET" and visit.wants_html
        if is_page and not _is_machine(visit) and visit.path not in OPEN_PATHS:
            await localized(self._app, scope, receive, send, visit.lang)
        else:
            await self._app(scope, receive, send)

    async def _while_live(
        self, session: Session, work: Awaitable[None], visit: Visit, secured: "_Secured"
    ) -> None:
        """Serve until it is done or the session ends: streams and WebSockets may stay open for hours."""
        task = asyncio.ensure_future(work)
        try:
            while not (await asyncio.wait({task}, timeout=ENDED_CHECK))[0]:
                if not self._sessions.is_live(session, time.time()):
                    task.cancel()
                    await asyncio.wait({task})
                    return await secured.finish(visit)
            task.result()
        finally:
            task.cancel()


class _Secured:
    """Adds the headers that keep browsers from framing, sniffing and leaking."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._started = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._started = True
            there = {name for name, _ in message["headers"]}
            message["headers"] = [*message["headers"], *(h for h in SECURE if h[0] not in there)]
        await self._send(message)

    async def finish(self, visit: Visit) -> None:
        """End what is still open."""
        if visit.is_websocket:
            await self._send({"type": "websocket.close", "code": LOGGED_OUT})
        elif self._started:
            await self._send({"type": "http.response.body", "body": b""})


def _is_machine(visit: Visit) -> bool:
    return visit.path in MACHINE_PATHS or visit.path.startswith(MACHINE_FOLDERS)


def _headers(scope: Scope, session: Session | None) -> list[tuple[bytes, bytes]]:
    name = USER_HEADER.encode()
    headers = [header for header in scope["headers"] if header[0] != name]
    return [*headers, (name, OWNER.encode())] if session else headers


def _problem(text: Text, status: int, visit: Visit) -> Response:
    sentence = text.to(visit.lang)
    if visit.wants_html:
        return PlainTextResponse(sentence, status)
    return JSONResponse({"error": sentence}, status)


async def _refuse(response: Response, visit: Visit, receive: Receive, send: Send) -> None:
    if visit.is_websocket:
        await send({"type": "websocket.close", "code": LOGGED_OUT})
    else:
        await response(visit.scope, receive, send)
