"""What nobody caught: answered with a reference number, logged once with its traceback."""

import itertools
import logging
import secrets

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect

from runtime.errors import NotSaved, StoreFailed, Unreadable
from runtime.lang import Text
from runtime.server.door.secured import ALWAYS, with_these
from runtime.server.door.small_page import trouble
from runtime.server.door.visit import Visit

REFERENCE = "hongyan.reference"
REFERENCES = itertools.count(secrets.randbits(31))
FAULT = Text(
    "程序出错了，编号 {reference}，日志里有详情。", "Something went wrong; the log has it under {reference}."
)
DAMAGED = Text(
    "这里有文件坏了或写不了，这件事现在做不了。管理这套安装的人：运行 python app.py doctor 就知道是哪个"
    "（日志里的编号 {reference}）。",
    "A file here is damaged, or cannot be written, so this cannot be done just now. Whoever looks after the "
    "installation: python app.py doctor says which ({reference} in the log).",
)
ILL = (Unreadable, NotSaved, StoreFailed)

log = logging.getLogger(__name__)


class Outermost:
    """Gives every request a reference and lets no exception out. `except Exception` is here on purpose."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            return await self._app(scope, receive, send)
        reference = f"{next(REFERENCES):08x}"
        started = gone = False

        async def watched(message: Message) -> None:
            nonlocal started, gone
            started = True
            if message["type"] == "http.response.start":  # also what the guard never saw
                message = {**message, "headers": with_these(list(message.get("headers", ())), ALWAYS)}
            try:
                await send(message)
            except OSError:  # so the server says that nobody is there any more
                gone = True
                raise

        try:
            await self._app({**scope, REFERENCE: reference}, receive, watched)
        except Exception as e:  # a bug of ours: it is logged, and the caller gets a reference to it
            if gone and isinstance(e, OSError | WebSocketDisconnect):
                return
            log.exception(
                "%s %s failed, reference %s", scope.get("method", "WebSocket"), scope["path"], reference
            )
            if scope["type"] == "http" and not started:
                await _response(scope, reference, e)(scope, receive, watched)


async def answer_fault(request: Request, error: Exception) -> Response:
    """Starlette asks for this response and then raises the error on, to the outermost."""
    return _response(request.scope, request.scope.get(REFERENCE, ""), error)


def _response(scope: Scope, reference: str, error: Exception) -> Response:
    """Which file it is, is nothing for strangers."""
    said, status = (DAMAGED, 503) if isinstance(error, ILL) else (FAULT, 500)
    text, visit = said.fill(reference=reference), Visit(scope)
    if visit.is_safe and visit.wants_html:
        return trouble(visit, text, status)
    return JSONResponse({"error": str(text)}, status)
