"""Serve Gradio's and Streamlit's pages in the visitor's language, compressed.

Gradio writes `lang="en"` and follows `navigator.language` only; the cookie has to override both.
"""

import gzip
import re
from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from runtime.languages import language

SCRIPT = (
    "<script{nonce}>(function(l){{var n=Object.getPrototypeOf(navigator);try{{"
    "Object.defineProperty(n,'language',{{get:function(){{return l}}}});"
    "Object.defineProperty(n,'languages',{{get:function(){{return [l]}}}})"
    "}}catch(e){{}}}})('{locale}')</script>"
)

NONCE = re.compile(r"'nonce-([\w-]+)'")
"""By which the page knows its scripts."""


async def localized(
    app: ASGIApp, scope: Scope, receive: Receive, send: Send, lang: str, nothing: Callable[[], Response]
) -> None:
    """Run the app; if it answers with a page, rewrite it. Anything else passes unchanged and unbuffered.

    Where it finds nothing, a person is shown `nothing` instead of what programs are told.
    """
    page = _Page(send, lang, "gzip" in Headers(scope=scope).get("accept-encoding", ""))
    uncompressed = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
    await app({**scope, "headers": uncompressed}, receive, page.send)
    if page.found_nothing:
        await nothing()(scope, receive, send)


class _Page:
    def __init__(self, send: Send, lang: str, may_gzip: bool) -> None:
        self._send = send
        self._locale = language(lang).locale
        self._may_gzip = may_gzip
        self._start: Message | None = None
        self._body = bytearray()
        self.found_nothing = False

    async def send(self, message: Message) -> None:
        if self.found_nothing:
            return
        if message["type"] == "http.response.start" and _is_nothing(message):
            self.found_nothing = True
        elif message["type"] == "http.response.start" and _is_page(message):
            self._start = message
        elif message["type"] != "http.response.body" or self._start is None:
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body"):
                await self._send_rewritten(self._start)

    async def _send_rewritten(self, start: Message) -> None:
        locale = self._locale.encode()
        headers = MutableHeaders(raw=list(start["headers"]))
        nonce = NONCE.search(headers.get("content-security-policy", ""))
        marked = f" nonce={nonce[1]}" if nonce else ""
        script = SCRIPT.format(locale=self._locale, nonce=marked).encode()
        body = bytes(self._body).replace(b'lang="en"', b'lang="' + locale + b'"', 1)
        body = body.replace(b"<head>", b"<head>" + script, 1)
        headers["vary"] = "cookie, accept-language, accept-encoding"
        headers["cache-control"] = "no-store"
        if self._may_gzip:
            body = gzip.compress(body, 5)
            headers["content-encoding"] = "gzip"
        headers["content-length"] = str(len(body))
        await self._send({**start, "headers": headers.raw})
        await self._send({"type": "http.response.body", "body": body})


def _is_nothing(start: Message) -> bool:
    """404 for programs: the mounted apps write JSON or a bare sentence."""
    kind = Headers(raw=start["headers"]).get("content-type", "")
    return bool(start["status"] == 404) and not kind.startswith("text/html")


def _is_page(start: Message) -> bool:
    headers = Headers(raw=start["headers"])
    is_html = headers.get("content-type", "").startswith("text/html")
    return bool(start["status"] == 200) and is_html and "content-encoding" not in headers
