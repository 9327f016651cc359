"""The web application: own routes, with a place behind them for the builder."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.types import ASGIApp

from runtime.errors import BadSettings
from runtime.server import callbacks
from runtime.server.answer_page import AnswerPage
from runtime.server.chat_api import ChatApi
from runtime.server.cross_origin import Browsers
from runtime.server.front import Front
from runtime.server.guard import Guard
from runtime.server.health import Health
from runtime.server.key_check import KeyCheck
from runtime.server.limiter import Limiter
from runtime.server.login import Login
from runtime.server.openai_api import OpenAiApi
from runtime.server.origins import Origins
from runtime.server.outermost import Outermost, answer_fault
from runtime.server.parts import Parts
from runtime.server.sessions import Sessions
from runtime.server.slowdown import Slowdown
from runtime.server.while_live import Stop

MAX_BODY = 25 * 1024 * 1024
"""Bytes of any request; callbacks and the API have smaller bounds of their own."""

log = logging.getLogger(__name__)


def make_app(parts: Parts, *, with_gateway: bool = True) -> Starlette:
    """Callbacks, API, login and health. What is mounted later, the builder, comes after them."""
    keys = KeyCheck(parts.control, Limiter())
    login = Login(parts.control.owner, Sessions(parts.control.owner), Slowdown())
    browsers = Browsers(parts.settings.api_origins)
    messages = [
        *callbacks.routes(parts.gateway),
        *AnswerPage(parts.gateway).routes(),
        *ChatApi(parts.gateway, keys, parts.control, browsers).routes(),
        *OpenAiApi(parts.gateway, keys, parts.control, browsers).routes(),
    ]
    routes = [
        *(messages if with_gateway else ()),
        *Health(
            parts.settings.data, parts.gateway, parts.gateway.metrics.render, parts.settings.metrics_key
        ).routes(),
        *login.routes(),
    ]

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with running(parts, with_gateway):
            yield

    return Starlette(
        routes=routes,
        lifespan=lifespan,
        exception_handlers={Exception: answer_fault},
        max_body_size=MAX_BODY,
    )


def guarded(app: ASGIApp, parts: Parts, stop: Stop) -> ASGIApp:
    """The application as it is served: nothing reaches it but through the guard."""
    control, url = parts.control, parts.public_url
    guard = Guard(
        app, Sessions(control.owner), Origins(url), lambda key: control.find_key(key) is not None, stop
    )
    return Outermost(Front(guard, url, parts.settings.proxies))


@contextlib.asynccontextmanager
async def running(parts: Parts, with_gateway: bool) -> AsyncIterator[None]:
    """Start what works in the background, and stop it in the opposite order."""
    if with_gateway:
        await parts.gateway.start()
    warming = asyncio.create_task(_warm(parts), name="warm models")
    try:
        yield
    finally:
        warming.cancel()
        await parts.gateway.stop()
        await parts.models.close()
        await parts.egress.close()


async def _warm(parts: Parts) -> None:
    try:
        await parts.models.warm()
    except ImportError:
        log.exception("litellm cannot be imported: models that need it will not answer")
    except BadSettings as e:
        log.error("models are not warmed: %s", e.text.en)
