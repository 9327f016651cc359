"""Put Streamlit at /insights, into the program that answers messages."""

import asyncio
import concurrent.futures
import logging
import re
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from builder.insights._words import lang
from builder.insights.desk import Desk, place
from runtime.errors import HongyanError
from runtime.gateway.gateway import Gateway
from runtime.lang import Text
from runtime.store.control import Control
from runtime.store.insights import Insights, finish

log = logging.getLogger(__name__)

SCRIPT = Path(__file__).with_name("script.py")
"""Beside no folder `pages`: Streamlit would take it for pages of its own."""
PATIENCE = 20.0
"""Seconds that a click waits for the gateway."""
STILL = Text("还在进行，请稍后刷新看结果。", "It is still at it. Refresh in a moment to see the result.")
HEAD = (
    # the builder's choice of light or dark (builder/static/nav.js), in the words of Streamlit's own menu
    b"<head><script>(function(){var t=localStorage.getItem('hy-theme'),p=location.pathname;"
    b"if(t)localStorage.setItem('stActiveTheme-'+p+'-v2',JSON.stringify(t==='dark'?'Dark':'Light'));"
    # where the server is; else every deep link first tries a folder that is not there
    b"window.__streamlit={BACKEND_BASE_URL:location.origin+p.replace(/(.*\\/insights)(\\/.*)?$/,'$1')}})()</script>"
)
TITLE = "<title>鸿雁<".encode()
BUG = Text("程序出错了，详情在日志里。", "A bug in Hongyan; the log has the details.")
FONT = re.compile(rb'<link[^>]*rel="preload"[^>]*>')


def mount(app: Starlette, control: Control, gateway: Gateway, data: Path) -> None:
    """Call it before the builder is mounted at "/", which swallows every other path."""
    insights = st.App(SCRIPT, middleware=[Middleware(_Page)], on_script_error=_tell)
    before = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[Any]:
        loop = asyncio.get_running_loop()
        place(
            Desk(
                Insights(data / "messages.db"),
                control,
                again=lambda seq: _wait(gateway.again(seq), loop),
                done=lambda seq: _wait(finish(gateway.messages.database, seq, time.time()), loop),
            )
        )
        async with insights.lifespan()(app), before(app) as state:
            yield state

    app.router.lifespan_context = lifespan
    app.router.routes.append(Route("/insights", _with_slash))
    app.mount("/insights", insights)


async def _with_slash(request: Request) -> Response:
    """Streamlit's pages ask for what lies beside them."""
    url = request.url
    return RedirectResponse(f"{url.path}/" + (f"?{url.query}" if url.query else ""), 308)


def _wait(work: Coroutine[Any, Any, None], loop: asyncio.AbstractEventLoop) -> None:
    """Let the server's loop do it, from a thread of Streamlit's. Raises HongyanError when it takes long."""
    try:
        asyncio.run_coroutine_threadsafe(work, loop).result(PATIENCE)
    except concurrent.futures.TimeoutError:
        raise HongyanError(STILL) from None


def _tell(error: Exception) -> bool:
    """A bug: whole in the log, one sentence on the page."""
    log.error("a page of the insights failed", exc_info=error)
    st.error(BUG.to(lang()))
    return True


class _Page:
    """Streamlit's page follows the builder's look, and asks for no font that it does not use."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_page = False

        async def rewritten(message: Message) -> None:
            nonlocal is_page
            if message["type"] == "http.response.start" and _is_page(message):
                is_page = True
                del MutableHeaders(scope=message)["content-length"]
            elif message["type"] == "http.response.body" and is_page:
                message = {**message, "body": _rewrite(message.get("body", b""))}
            await send(message)

        await self._app(scope, receive, rewritten)


def _rewrite(body: bytes) -> bytes:
    """The page comes in one piece: it has 8 kB."""
    return FONT.sub(b"", body.replace(b"<head>", HEAD, 1).replace(b"<title>Streamlit<", TITLE, 1))


def _is_page(start: Message) -> bool:
    headers = Headers(raw=start["headers"])
    return headers.get("content-type", "").startswith("text/html") and "content-encoding" not in headers
