"""Pages that a mounted app writes, changed before they are sent."""

from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from runtime.server.door.page_policy import GRADIO, guarded
from runtime.server.door.visit import Visit


class Early:
    """Changes each page of Gradio's that `app` sends uncompressed by `rewrite`, and says what it may run; the
    rest passes unchanged."""

    def __init__(self, app: ASGIApp, rewrite: Callable[[Visit, bytes], bytes]) -> None:
        self._app = app
        self._rewrite = rewrite

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start: Message | None = None
        page = bytearray()

        async def rewritten(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and _is_page(message):
                start = message
            elif start is None or message["type"] != "http.response.body":
                await send(message)
            else:
                page.extend(message.get("body", b""))
                if not message.get("more_body"):
                    shown, policy = guarded(self._rewrite(Visit(scope), bytes(page)).decode(), GRADIO)
                    body = shown.encode()
                    MutableHeaders(scope=start).update({**policy, "content-length": str(len(body))})
                    await send(start)
                    await send({"type": "http.response.body", "body": body})

        await self._app(scope, receive, rewritten)


def _is_page(start: Message) -> bool:
    headers = Headers(raw=start["headers"])
    return headers.get("content-type", "").startswith("text/html") and "content-encoding" not in headers
