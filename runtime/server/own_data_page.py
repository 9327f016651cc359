"""/my-data/{secret}: a person fetches what is kept of them, by an address that is good once and soon.

It is opened by a button: a preview that a robot makes of the address uses nothing up.
"""

import asyncio
import html
import secrets
import time

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from runtime.gateway.gateway import Gateway
from runtime.gateway.own_data import TITLE, page
from runtime.lang import Text
from runtime.server.door.small_page import small_page, trouble
from runtime.server.door.visit import Visit
from runtime.server.door.ways import Entry, Way

GONE = Text(
    "这个地址打开过了，或者已经过期。请再发一次「导出我的数据」。",
    "This address was opened already, or is too old. Send “export my data” once more.",
)
HINT = Text(
    "里面是您发过的内容和为您记住的事。这个页面只能打开一次，请先确认旁边没有别人。",
    "It holds what you sent and what is remembered of you. It opens once, so make sure that nobody looks on.",
)
OPEN = Text("打开我的数据", "Open my data")
PRIVATE = {"cache-control": "no-store", "referrer-policy": "no-referrer", "x-robots-tag": "noindex"}
POLICY = (
    "default-src 'none'; style-src 'nonce-{nonce}'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
LONGEST = 64
"""Characters of a secret."""


class OwnData:
    """The secret in the address is the only key: 192 random bits, kept as a hash."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def routes(self) -> list[Way]:
        place = "/my-data/{secret}"
        return [
            Way(place, self.ask, methods=["GET"], needs=Entry.MACHINE),
            Way(place, self.show, methods=["POST"], needs=Entry.MACHINE),
        ]

    async def ask(self, request: Request) -> Response:
        visit, secret = Visit(request.scope), _secret(request)
        if not secret or not await self._gateway.messages.consents.is_good(secret, time.time()):
            return _gone(visit)
        inner = (
            f"<p>{html.escape(HINT.to(visit.lang))}</p>"
            f'<form method="post"><button type="submit">{html.escape(OPEN.to(visit.lang))}</button></form>'
        )
        return _private(small_page(visit, TITLE, inner))

    async def show(self, request: Request) -> Response:
        visit, secret = Visit(request.scope), _secret(request)
        messages = self._gateway.messages
        face = await messages.consents.take(secret, time.time()) if secret else None
        if face is None:
            return _gone(visit)
        whole = await messages.remembered.export(face)
        shown = await asyncio.to_thread(page, whole, visit.lang)
        nonce = secrets.token_urlsafe(16)
        shown = shown.replace(b"<style>", f'<style nonce="{nonce}">'.encode(), 1)
        policy = {"content-security-policy": POLICY.format(nonce=nonce)}
        return HTMLResponse(shown, headers={**PRIVATE, **policy})


def _secret(request: Request) -> str:
    given: str = request.path_params["secret"]
    return given if len(given) <= LONGEST and given.isascii() else ""


def _gone(visit: Visit) -> Response:
    return _private(trouble(visit, GONE, 410, ways=False))


def _private(response: Response) -> Response:
    response.headers.update(PRIVATE)
    return response
