"""Where platforms call us: GET and POST /c/{publication}, and /c/{application}/{account}.

Whoever is not authentic learns nothing: unknown publication and bad signature get the same empty 403.
"""

import logging
import time
from collections.abc import Awaitable, Callable
from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response

from runtime.channels import WebRequest, WebResponse
from runtime.errors import HongyanError, NotFound, Refused
from runtime.lang import Text
from runtime.publish.reached import NAME, Arrived, Reach
from runtime.server.body import read_body
from runtime.server.door.ways import Entry, Way

MAX_BODY = 1024 * 1024
REPEATED = Text("同一个参数出现了两次。", "A parameter is there twice.")

log = logging.getLogger(__name__)


class Callbacks(Protocol):
    """What we need of the gateway."""

    async def callback(
        self,
        publication: str,
        request: WebRequest,
        listens: Callable[[], Awaitable[bool]],
        account: str = "",
    ) -> WebResponse: ...


def routes(gateway: Callbacks, reach: Reach, clock: Callable[[], float] = time.time) -> list[Way]:
    """`reach`: knows our own question whether this address leads here, which no channel is told of."""

    async def endpoint(request: Request) -> Response:
        if NAME in request.query_params:
            return await _reached(reach, request, clock())
        return await answer(gateway, request)

    methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
    places = ("/c/{publication}", "/c/{publication}/{account}")
    return [Way(place, endpoint, methods=methods, needs=Entry.MACHINE) for place in places]


async def answer(gateway: Callbacks, request: Request) -> Response:
    if request.method not in ("GET", "POST"):
        return Response(status_code=405, headers={"allow": "GET, POST"})
    publication = request.path_params["publication"]
    try:

        async def listens() -> bool:
            return not await request.is_disconnected()

        account = request.path_params.get("account", "")
        response = await gateway.callback(publication, await _read(request), listens, account)
    except NotFound:
        return Response(status_code=403)
    except Refused as e:
        log.info("callback of %s refused: %s", publication, e.code)
        return Response(status_code=413 if e.code == "too_large" else 403)
    except HongyanError as e:
        log.error("callback of %s failed: %s", publication, e)  # the sentence says it all
        return Response(status_code=503)
    return Response(response.body, response.status, media_type=response.content_type)


async def _reached(reach: Reach, request: Request, now: float) -> Response:
    """Whoever is not ours gets what a stranger gets."""
    publication, query = request.path_params["publication"], request.query_params.multi_items()
    try:
        body = await read_body(request, MAX_BODY) if request.method == "POST" else b""
    except Refused:
        return Response(status_code=413)
    said = reach.answer(Arrived.of(publication, request.method, query, body), now)
    return Response(said, media_type="text/plain") if said else Response(status_code=403)


async def _read(request: Request) -> WebRequest:
    """Raises Refused."""
    query = request.query_params.multi_items()
    fields = dict(query)
    if len(fields) < len(query):
        # Which of two signatures was meant is not ours to choose.
        raise Refused(REPEATED, code="malformed")
    body = await read_body(request, MAX_BODY) if request.method == "POST" else b""
    return WebRequest(request.method, fields, body, dict(request.headers))
