"""The one way from a page's script to the server: `POST click/{page}` with {"action", "args"} as JSON.

Not Gradio's own: that one tells a script nothing of what went wrong, and takes JSON that a form can send.
"""

import asyncio
import gzip
from collections.abc import Mapping
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from builder.actions import Action, Notice, click, lacking
from builder.serving.lasting import answered
from runtime import wellformed
from runtime.access.audit.log import Audit
from runtime.access.audit.trail import Trail
from runtime.errors import Refused
from runtime.lang import Text
from runtime.server.body import read_body
from runtime.server.door.ways import Entry, Way, origin_of, who_of
from runtime.server.statuses import status_of

MOST = 20 * 1024 * 1024
"""Bytes of a request: a whole agent with its texts, and what of it may be under way already."""
SECONDS = 60
"""For a request to arrive: a large agent over a slow line."""
LONG = 1024
"""Bytes from which an answer is compressed."""
SMALL = 64 * 1024
"""Bytes that are parsed at once; more are parsed where nobody waits."""

MALFORMED = Text(
    "页面发来的请求不完整，请再试一次。", "The page sent an incomplete request. Please try again."
)


def routes(tables: Mapping[str, Mapping[str, Action]], audit: Audit) -> list[Way]:
    """`tables`: what each page may do, by its name."""

    async def answer(request: Request) -> Response:
        if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return _refusal(MALFORMED, 415)
        try:
            body = await read_body(request, MOST, SECONDS)
            asked = await _parsed(body)
        except Refused as e:
            return _refusal(e.text, status_of(e))
        except ValueError:
            return _refusal(MALFORMED, 400)
        actions = tables.get(request.path_params["page"], {})
        action = actions.get(str(asked.get("action"))) if isinstance(asked, dict) else None
        who = who_of(request)
        work = partial(click, actions, asked, who, trail=trail_of(request, audit))
        lacks = lacking(actions, who)
        return await answered(action, work, lambda said: _compressed(_Answer({**said, **lacks}), request))

    return [Way("/click/{page:str}", answer, methods=["POST"], needs=Entry.SIGNED_IN)]


def trail_of(request: Request, audit: Audit) -> Trail:
    return Trail(audit, origin_of(request))


async def _parsed(body: bytes) -> Any:
    """Raises ValueError for what is no JSON."""
    return wellformed.load(body) if len(body) <= SMALL else await asyncio.to_thread(wellformed.load, body)


def _refusal(text: Text, status: int) -> Response:
    return JSONResponse(Notice(text, ok=False, code="refused").to_json(), status)


def _compressed(answer: Response, request: Request) -> Response:
    """A long answer is sent short to whoever understands that."""
    body = bytes(answer.body)
    if len(body) >= LONG and "gzip" in request.headers.get("accept-encoding", ""):
        answer.body = gzip.compress(body, 5, mtime=0)
        answer.headers["content-length"] = str(len(answer.body))
        answer.headers["content-encoding"] = "gzip"
    answer.headers["vary"] = "accept-encoding"
    return answer


class _Answer(JSONResponse):
    def render(self, content: Any) -> bytes:
        try:
            return super().render(content)
        except UnicodeEncodeError:  # half a character in a file that was made elsewhere
            return super().render(wellformed.data(content))
