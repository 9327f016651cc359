"""The door in front of everything: who may pass, from where, in which language.

Pure ASGI, because Starlette's BaseHTTPMiddleware would buffer streams and ignore WebSockets.
"""

import time
from collections.abc import Callable
from urllib.parse import quote

from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from runtime.access.actor import NOBODY, Actor, missing
from runtime.access.permissions import Permission
from runtime.lang import Text
from runtime.server.door.localized import localized
from runtime.server.door.origins import Origins
from runtime.server.door.secured import Secured
from runtime.server.door.sessions import Session, Sessions
from runtime.server.door.small_page import not_yours, nothing_here, trouble
from runtime.server.door.visit import Visit
from runtime.server.door.ways import ORIGIN, WHO, Entry, Needs, Ways, address_of_scope
from runtime.server.door.while_live import EVERY, Stop, while_live

USER_HEADER = "x-hongyan-user"
"""Tells the mounted apps who is logged in…"""
ORIGIN_HEADER = "x-hongyan-origin"
"""…and from where. What a client sends under these names is dropped."""
MAX_HEADER_BYTES = 32 * 1024
LOGIN_FIRST = Text("登录已失效，请重新登录后再试。", "You are logged out. Log in and try again.")
ELSEWHERE = Text("请求来自别的网站，已拒绝。", "This came from another website and was refused.")
NOT_JSON = Text("请求要用 JSON（application/json）。", "Send JSON (application/json).")
UNKNOWN_HOST = Text(
    "不认识这个域名。请把 HONGYAN_PUBLIC_URL 设为您使用的网址，或用 IP 地址访问。",
    "This host name is not known. Set HONGYAN_PUBLIC_URL to the address you use, or come by IP address.",
)
STOPPING = Text("正在重启，请过几秒再试。", "Restarting; try again in a few seconds.")
TOO_LARGE = Text(
    "请求头太大。请清除浏览器里这个网站的 Cookie 再试。",
    "The request's headers are too large. Clear this site's cookies and try again.",
)


class Guard:
    """Lets machines through to routes that check them, and people who are logged in to what they may do.

    `of_key`: who comes with an API key by now, None for one that opens nothing; what it opened ends soon
    after it may less.
    `every`: seconds between two looks whether a right still lasts.
    """

    def __init__(
        self,
        app: ASGIApp,
        sessions: Sessions,
        origins: Origins,
        ways: Ways,
        of_key: Callable[[str], Actor | None],
        stop: Stop | None = None,
        *,
        every: float = EVERY,
    ) -> None:
        self._app = app
        self._sessions = sessions
        self._origins = origins
        self._ways = ways
        self._of_key = of_key
        self._stop = stop or Stop()
        self._every = every

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            return await self._app(scope, receive, send)
        visit = Visit(scope)
        needs = self._ways.needs(scope)
        is_machine = needs is Entry.MACHINE
        secured = Secured(send, visit, is_machine=is_machine)
        session = self._sessions.find(visit.cookies, secure=visit.is_secure, now=time.time())
        refusal = self._refusal(visit, session, needs)
        if refusal is not None:
            return await secured.refuse(refusal, receive)
        who = session.who if session else NOBODY
        origin = _origin(scope, session)
        told = {**scope, "headers": _headers(scope, who, origin), WHO: who, ORIGIN: origin}
        work = self._run(visit, needs, told, receive, secured.send)
        lasts = self._lasts(visit, session, needs)
        if lasts is None:
            return await work
        # a click or a message is finished before a stop; who only reads asks again after it
        only_listens = not is_machine and (visit.is_safe or visit.is_websocket)
        if not await while_live(work, lasts, self._stop if only_listens else None, every=self._every):
            ended = (
                _problem(STOPPING, 503, visit) if self._stop.is_near else _problem(LOGIN_FIRST, 401, visit)
            )
            await secured.end(ended, receive)

    def _refusal(self, visit: Visit, session: Session | None, needs: Needs) -> Response | None:
        """The response for who may not pass."""
        if sum(len(name) + len(value) + 4 for name, value in visit.scope["headers"]) > MAX_HEADER_BYTES:
            return _problem(TOO_LARGE, 431, visit)
        if needs is Entry.MACHINE:
            return None
        if not self._origins.knows(visit):
            return _problem(UNKNOWN_HOST, 400, visit)
        if (not visit.is_safe or visit.is_preflight) and not self._origins.is_ours(visit):
            return _problem(ELSEWHERE, 403, visit)
        if session is None and needs is not Entry.ANYBODY:
            if visit.wants_html and visit.is_safe:
                there = quote(visit.target, safe="")
                return RedirectResponse(f"{visit.root}/login?next={there}", 303)
            return _problem(LOGIN_FIRST, 401, visit)
        # A form can send neither JSON nor a file alone, nor what passes for them (text/plain). Before the
        # login there are forms: those of our own small pages, which show nothing from outside.
        if not (visit.is_safe or visit.is_websocket or visit.is_no_form or needs is Entry.ANYBODY):
            return _problem(NOT_JSON, 415, visit)
        if session and isinstance(needs, Permission) and not session.who.may_somewhere(needs):
            lacking = missing(needs)
            return not_yours(visit, lacking) if visit.wants_html else _problem(lacking, 403, visit)
        return None

    async def _run(self, visit: Visit, needs: Needs, scope: Scope, receive: Receive, send: Send) -> None:
        is_page = not visit.is_websocket and scope["method"] == "GET" and visit.wants_html
        if is_page and needs not in (Entry.MACHINE, Entry.ANYBODY):
            await localized(self._app, scope, receive, send, visit.lang, lambda: nothing_here(visit))
        else:
            await self._app(scope, receive, send)

    def _lasts(self, visit: Visit, session: Session | None, needs: Needs) -> Callable[[], bool] | None:
        """Whether what this request opened may stay open; None when nobody can end it."""
        key = visit.bearer
        if needs is Entry.MACHINE and key and (began := self._of_key(key)):
            return lambda: (now := self._of_key(key)) is not None and now.has_all_of(began)
        if session is not None and needs is not Entry.ANYBODY:  # what a stranger may finish, they may, too
            return lambda: self._still_may(session, needs)
        return None

    def _still_may(self, session: Session, needs: Needs) -> bool:
        """Whoever lost any right meanwhile asks anew: a stream does not say what it shows."""
        who = self._sessions.who(session, time.time())
        if who is None or (isinstance(needs, Permission) and not who.may_somewhere(needs)):
            return False
        return who.has_all_of(session.who)


def _headers(scope: Scope, who: Actor, origin: str) -> list[tuple[bytes, bytes]]:
    names = (USER_HEADER.encode(), ORIGIN_HEADER.encode())
    headers = [header for header in scope["headers"] if header[0] not in names]
    if who is NOBODY:
        return headers
    values = (who.id.encode(), origin.encode())
    return [*headers, *zip(names, values, strict=True)]


def _origin(scope: Scope, session: Session | None) -> str:
    address = address_of_scope(scope)
    return f"{address} {session.mark}".strip() if session else address


def _problem(text: Text, status: int, visit: Visit) -> Response:
    if visit.wants_html:
        return trouble(visit, text, status)
    return JSONResponse({"error": text.to(visit.lang)}, status)
